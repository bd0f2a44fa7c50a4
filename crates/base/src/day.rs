//! A calendar day of the city, and how a day is read from what people write (`reading`).

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

use crate::Moment;

mod reading;

pub use reading::{DayReading, read_day};

/// A day of the Gregorian calendar, without time. Serialized and shown as `2013-03-06`; stored as [`Day::number`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub Date);

/// The day that is number 0.
const EPOCH: Date = Date::constant(1970, 1, 1);

impl Day {
    /// The day `year`-`month`-`day`, or `None` when the calendar has no such day (30 February).
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self)
    }

    /// Days since 1970-01-01: how a database stores it.
    pub fn number(self) -> i32 {
        EPOCH.until(self.0).map_or(0, |span| span.get_days())
    }

    /// The day with this [`Day::number`], or `None` outside the years −9999 to 9999.
    pub fn from_number(number: i32) -> Option<Self> {
        EPOCH.checked_add(Span::new().try_days(number).ok()?).ok().map(Self)
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// The day `days` later (earlier, when negative); saturates at the ends of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(Span::new().try_days(days).map_or(self.0, |span| self.0.saturating_add(span)))
    }

    /// The day `months` later (earlier, when negative), cut to the end of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(Span::new().try_months(months).map_or(self.0, |span| self.0.saturating_add(span)))
    }

    /// Days from `earlier` to `self`; negative when `earlier` is later.
    pub fn days_since(self, earlier: Self) -> i32 {
        self.number() - earlier.number()
    }

    /// Age in full years on the day `today` of somebody born on `self`. A person ages on the day of birth; one born
    /// on 29 February ages on 1 March of a common year (民法典 art. 17 with art. 201: a year is full at the end of
    /// the day before its anniversary). Negative when `today` lies before birth.
    pub fn age_on(self, today: Self) -> i32 {
        let years = i32::from(today.year()) - i32::from(self.year());
        let before_birthday = (today.month(), today.day_of_month()) < (self.month(), self.day_of_month());
        years - i32::from(before_birthday)
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        use jiff::civil::Weekday::{Saturday, Sunday};
        matches!(self.0.weekday(), Saturday | Sunday)
    }

    /// The day before.
    #[must_use]
    pub fn yesterday(self) -> Self {
        Self(self.0.saturating_sub(1.day()))
    }

    /// The day after.
    #[must_use]
    pub fn tomorrow(self) -> Self {
        Self(self.0.saturating_add(1.day()))
    }

    /// The moment at which the day begins in the city.
    pub fn start(self) -> Moment {
        Moment::start_of_city_day(self.0).unwrap_or(Moment(i64::MAX))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day_of_month())
    }
}

impl std::str::FromStr for Day {
    type Err = NotADay;

    /// Reads `2013-03-06` only; what people write is read by [`read_day`].
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<i16>().ok());
        let (Some(Some(year)), Some(Some(month)), Some(Some(day))) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(NotADay);
        };
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Err(NotADay) };
        Self::new(year, month, day).ok_or(NotADay)
    }
}

/// The text is no day of the calendar in the form `2013-03-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the form 2013-03-06")]
pub struct NotADay;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_text_go_back_and_forth() {
        for text in ["1970-01-01", "2013-03-06", "2024-02-29", "1899-12-31"] {
            let day: Day = text.parse().unwrap();
            assert_eq!(day.to_string(), text);
            assert_eq!(Day::from_number(day.number()), Some(day));
        }
        assert_eq!("2013-02-30".parse::<Day>(), Err(NotADay));
        assert_eq!(Day::new(1970, 1, 2).unwrap().number(), 1);
    }

    #[test]
    fn age_changes_on_the_birthday() {
        let birth = Day::new(2008, 2, 29).unwrap();
        assert_eq!(birth.age_on(Day::new(2026, 2, 28).unwrap()), 17);
        assert_eq!(birth.age_on(Day::new(2026, 3, 1).unwrap()), 18);
        assert_eq!(birth.age_on(Day::new(2008, 2, 28).unwrap()), -1);
    }
}
