//! A point in time: milliseconds since 1970 in UTC, and how the city reads it.
//!
//! The city's civil time is UTC+8 without summer time (China Standard Time since 1991), so it is a fixed offset and
//! needs no time-zone data.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Offset of the city's civil time from UTC, in hours.
const CITY_OFFSET_HOURS: i8 = 8;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z. Stored as a 64-bit integer in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// The moment that is `milliseconds` later (or earlier, when negative); saturates at the ends of the range.
    #[must_use]
    pub fn plus_milliseconds(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// The moment that is `minutes` later (or earlier, when negative).
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_milliseconds(minutes.saturating_mul(60_000))
    }

    /// The moment that is `hours` later (or earlier, when negative).
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_minutes(hours.saturating_mul(60))
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    pub fn milliseconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The wall clock of the city at this moment. A moment outside jiff's range reads as the epoch.
    pub fn city_time(self) -> DateTime {
        jiff::Timestamp::from_millisecond(self.0).map_or(DateTime::constant(1970, 1, 1, 8, 0, 0, 0), |at| {
            Offset::constant(CITY_OFFSET_HOURS).to_datetime(at)
        })
    }

    /// The calendar day of the city at this moment.
    pub fn city_day(self) -> Date {
        self.city_time().date()
    }

    /// The same as [`Moment::city_day`], as the house's own type.
    pub fn day(self) -> crate::Day {
        crate::Day(self.city_day())
    }

    /// The moment at which the city's wall clock shows `time`. `None` outside jiff's range.
    pub fn from_city_time(time: DateTime) -> Option<Self> {
        let at = Offset::constant(CITY_OFFSET_HOURS).to_timestamp(time).ok()?;
        Some(Self(at.as_millisecond()))
    }

    /// The moment at which the day `day` begins in the city. `None` outside jiff's range.
    pub fn start_of_city_day(day: Date) -> Option<Self> {
        Self::from_city_time(day.at(0, 0, 0, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn city_day_changes_at_midnight_in_china_not_in_utc() {
        let last_minute = Moment::from_city_time(jiff::civil::date(2026, 11, 24).at(23, 59, 0, 0)).unwrap();
        assert_eq!(last_minute.city_day(), jiff::civil::date(2026, 11, 24));
        assert_eq!(last_minute.plus_minutes(1).city_day(), jiff::civil::date(2026, 11, 25));
        assert_eq!(last_minute.0 % 86_400_000, 15 * 3_600_000 + 59 * 60_000);
    }
}
