//! The working calendar: which days count when a deadline is given in working days.
//!
//! Holidays and make-up working days are data (`data/calendars/`), as the State Council announces them each year.
//! A weekend that is not listed is free, a weekday that is not listed is work.

use std::collections::BTreeMap;

use crate::{Day, Moment};

/// Days that differ from the plain week.
#[derive(Debug, Clone, Default)]
pub struct WorkCalendar {
    /// Day to whether it is worked.
    exceptions: BTreeMap<Day, bool>,
}

/// How far a calendar reaches from a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Far enough.
    Enough,
    /// To this day, which is near: somebody should see to the next year's.
    EndsOn(Day),
    /// It has ended: only weekends are free now.
    Ended,
}

/// Days before its end from which on a calendar is said to end. The State Council announces a year's holidays in the
/// November before it, as a rule.
pub const WARNED_BEFORE_DAYS: i32 = 100;

/// Why a calendar cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct CalendarFault {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong, and what should stand there.
    pub message: String,
}

/// Most working days that are counted: longer than any deadline, so that a wrong figure cannot hold the machine.
const MOST_DAYS: u32 = 10_000;

impl WorkCalendar {
    /// The calendar that ships with the product: China, 2024 to 2026.
    pub fn shipped() -> Self {
        Self::parse(include_str!("../../../data/calendars/china-working-days.csv")).unwrap_or_default()
    }

    /// Reads `date,kind,name` with a header; `kind` is `holiday` or `workday`.
    pub fn parse(text: &str) -> Result<Self, CalendarFault> {
        let mut exceptions = BTreeMap::new();
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        for record in reader.records() {
            let record = record.map_err(|error| CalendarFault {
                line: error.position().map_or(0, csv::Position::line),
                message: "not a line of comma-separated values".into(),
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let fault = |message: &str| CalendarFault { line, message: message.into() };
            let day: Day = match record.get(0).map(str::parse) {
                Some(Ok(day)) => day,
                _ => return Err(fault("the first column must be a day such as 2026-10-01")),
            };
            let worked = match record.get(1) {
                Some("holiday") => false,
                Some("workday") => true,
                _ => return Err(fault("the second column must be holiday or workday")),
            };
            if exceptions.insert(day, worked).is_some() {
                return Err(fault("the day is listed twice; delete one of the lines"));
            }
        }
        Ok(Self { exceptions })
    }

    /// Whether people work on `day`.
    pub fn is_working_day(&self, day: Day) -> bool {
        self.exceptions.get(&day).copied().unwrap_or(!day.is_weekend())
    }

    /// Whether the calendar's announcements reach `day`'s year; beyond them only weekends are free.
    pub fn covers(&self, day: Day) -> bool {
        let years = |end: Option<(&Day, &bool)>| end.map(|(day, _)| day.year());
        match (years(self.exceptions.first_key_value()), years(self.exceptions.last_key_value())) {
            (Some(first), Some(last)) => (first..=last).contains(&day.year()),
            _ => false,
        }
    }

    /// The last day that the announcements reach: the end of their last year. From the next on every weekday counts as
    /// work, and deadlines over a holiday come too early.
    pub fn covered_until(&self) -> Option<Day> {
        let (last, _) = self.exceptions.last_key_value()?;
        Day::new(last.year(), 12, 31)
    }

    /// How far it reaches from `today`.
    pub fn reach(&self, today: Day) -> Reach {
        match self.covered_until() {
            Some(until) if until.days_since(today) > WARNED_BEFORE_DAYS => Reach::Enough,
            Some(until) if until >= today => Reach::EndsOn(until),
            _ => Reach::Ended,
        }
    }

    /// The same time of day on the `days`-th working day after the day of `from` (at most 10,000). The day itself
    /// does not count (民法典 art. 201). With 0 days it is `from`.
    pub fn add_working_days(&self, from: Moment, days: u32) -> Moment {
        let start = from.day();
        let end = self.working_day_after(start, days);
        from.plus_milliseconds(i64::from(end.days_since(start)) * 86_400_000)
    }

    /// The `days`-th working day after `day`.
    pub fn working_day_after(&self, day: Day, days: u32) -> Day {
        let mut day = day;
        let mut left = days.min(MOST_DAYS);
        while left > 0 {
            let next = day.tomorrow();
            if next == day {
                break;
            }
            day = next;
            left -= u32::from(self.is_working_day(day));
        }
        day
    }

    /// Working days after `from`, up to and with `to`; 0 when `to` is not later.
    pub fn working_days_between(&self, from: Day, to: Day) -> u32 {
        let mut count = 0;
        let mut day = from;
        while day < to && count < MOST_DAYS {
            day = day.tomorrow();
            count += u32::from(self.is_working_day(day));
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn holidays_make_up_days_and_weekends() {
        let calendar = WorkCalendar::shipped();
        assert!(!calendar.is_working_day(day("2026-10-01")));
        assert!(calendar.is_working_day(day("2026-10-10")), "a Saturday that is worked");
        assert!(!calendar.is_working_day(day("2026-11-21")));
        assert!(calendar.is_working_day(day("2026-11-24")));
        assert!(calendar.covers(day("2026-01-01")) && !calendar.covers(day("2027-01-01")));
        assert_eq!(calendar.covered_until(), Some(day("2026-12-31")));
        assert_eq!(calendar.reach(day("2026-09-21")), Reach::Enough);
        assert_eq!(calendar.reach(day("2026-09-22")), Reach::EndsOn(day("2026-12-31")));
        assert_eq!(calendar.reach(day("2026-12-31")), Reach::EndsOn(day("2026-12-31")));
        assert_eq!(calendar.reach(day("2027-01-01")), Reach::Ended);
        assert_eq!(WorkCalendar::default().reach(day("2026-01-01")), Reach::Ended);
    }

    #[test]
    fn a_deadline_over_the_national_day_keeps_its_time_of_day() {
        let calendar = WorkCalendar::shipped();
        let from = Moment::from_city_time(jiff::civil::date(2026, 9, 30).at(16, 30, 0, 0)).unwrap();
        let due = calendar.add_working_days(from, 2);
        assert_eq!(due.city_time(), jiff::civil::date(2026, 10, 9).at(16, 30, 0, 0));
        assert_eq!(calendar.working_days_between(day("2026-09-30"), day("2026-10-09")), 2);
        assert_eq!(calendar.add_working_days(from, 0), from);
    }

    #[test]
    fn a_wrong_line_is_named() {
        let fault =
            WorkCalendar::parse("date,kind,name\n2026-01-01,holiday,x\n2026-01-02,free,x\n").unwrap_err();
        assert_eq!((fault.line, fault.message.as_str()), (3, "the second column must be holiday or workday"));
        assert_eq!(WorkCalendar::parse("date,kind,name\n2026-13-01,holiday,x\n").unwrap_err().line, 2);
    }
}
