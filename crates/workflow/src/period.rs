//! Lengths of time as the field gives them: minutes and hours of the clock, working days, days.

use base::{Label, Moment, Severity, WorkCalendar};
use serde::Deserialize;

/// A length of time. Urgent matters run in natural hours, others in working days (domain.md, M4; figures `sample`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// Minutes, for reminders of what is due within hours.
    Minutes(u32),
    /// Natural hours: nights and holidays count.
    Hours(u32),
    /// Working days by the calendar.
    WorkingDays(u32),
    /// Days by the plain calendar: visits once a week.
    Days(u32),
}

/// The longest period that is taken, in days: ten years, far beyond any deadline.
const MOST_DAYS: u32 = 3_650;

impl Period {
    /// Reads `30 minutes`, `2 hours`, `1 working day`, `15 days`. `None` for anything else, for zero and for more than ten years.
    pub fn read(text: &str) -> Option<Self> {
        let (number, unit) = text.trim().split_once(' ')?;
        let number: u32 = number.parse().ok()?;
        let (period, most) = match unit.trim() {
            "minute" | "minutes" => (Self::Minutes(number), MOST_DAYS * 24 * 60),
            "hour" | "hours" => (Self::Hours(number), MOST_DAYS * 24),
            "working day" | "working days" => (Self::WorkingDays(number), MOST_DAYS),
            "day" | "days" => (Self::Days(number), MOST_DAYS),
            _ => return None,
        };
        (1..=most).contains(&number).then_some(period)
    }

    /// The period in words: 5 个工作日.
    pub fn in_words(self) -> Label {
        let (number, zh, en) = match self {
            Self::Minutes(number) => (number, "分钟", "minute"),
            Self::Hours(number) => (number, "小时", "hour"),
            Self::WorkingDays(number) => (number, "个工作日", "working day"),
            Self::Days(number) => (number, "天", "day"),
        };
        let plural = if number == 1 { "" } else { "s" };
        Label::new(format!("{number} {zh}"), format!("{number} {en}{plural}"))
    }

    /// The moment that lies this long after `from`. A period in days or working days keeps the time of day.
    pub fn after(self, from: Moment, calendar: &WorkCalendar) -> Moment {
        match self {
            Self::Minutes(minutes) => from.plus_minutes(i64::from(minutes)),
            Self::Hours(hours) => from.plus_hours(i64::from(hours)),
            Self::WorkingDays(days) => calendar.add_working_days(from, days),
            Self::Days(days) => from.plus_hours(i64::from(days) * 24),
        }
    }

    /// The moment that lies this long before `due`, never before `not_before`.
    pub fn before(self, due: Moment, not_before: Moment, calendar: &WorkCalendar) -> Moment {
        let at = match self {
            Self::Minutes(minutes) => due.plus_minutes(-i64::from(minutes)),
            Self::Hours(hours) => due.plus_hours(-i64::from(hours)),
            Self::Days(days) => due.plus_hours(-i64::from(days) * 24),
            Self::WorkingDays(days) => {
                let mut day = due.day();
                let mut left = days;
                while left > 0 && day.start() > not_before {
                    left -= u32::from(calendar.is_working_day(day));
                    day = day.yesterday();
                }
                due.plus_hours(-24 * i64::from(due.day().days_since(day)))
            }
        };
        at.max(not_before)
    }
}

/// A period for each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// In the order of [`Severity::ALL`].
    periods: [Period; 4],
}

impl Deadline {
    /// The period for `severity`.
    pub fn of(&self, severity: Severity) -> Period {
        let [urgent, high, medium, low] = self.periods;
        match severity {
            Severity::Urgent => urgent,
            Severity::High => high,
            Severity::Medium => medium,
            Severity::Low => low,
        }
    }

    /// The same period for every severity.
    pub fn same(period: Period) -> Self {
        Self { periods: [period; 4] }
    }
}

/// A deadline as it stands in TOML: `"3 working days"`, or a table with one for each severity.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum RawDeadline {
    Same(String),
    BySeverity(RawBySeverity),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBySeverity {
    urgent: String,
    high: String,
    medium: String,
    low: String,
}

impl RawDeadline {
    /// The deadline, or the text that is no period.
    pub(crate) fn read(&self) -> Result<Deadline, &str> {
        let read = |text| Period::read(text).ok_or(text);
        Ok(match self {
            Self::Same(text) => Deadline::same(read(text)?),
            Self::BySeverity(table) => Deadline {
                periods: [read(&table.urgent)?, read(&table.high)?, read(&table.medium)?, read(&table.low)?],
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moment(text: &str) -> Moment {
        text.parse::<base::Day>().unwrap().start().plus_hours(10)
    }

    #[test]
    fn periods_are_words() {
        assert_eq!(Period::read("1 hour"), Some(Period::Hours(1)));
        assert_eq!(Period::read("3 working days"), Some(Period::WorkingDays(3)));
        assert_eq!(Period::read("15 days"), Some(Period::Days(15)));
        for wrong in ["", "3", "3d", "0 days", "-1 days", "4000 days", "2 weeks", "days 3"] {
            assert_eq!(Period::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_reminder_two_working_days_before_a_monday_falls_on_thursday() {
        let calendar = WorkCalendar::shipped();
        let due = moment("2026-11-23");
        let at = Period::WorkingDays(2).before(due, moment("2026-11-02"), &calendar);
        assert_eq!(at, moment("2026-11-19"));
        assert_eq!(Period::Hours(5).before(due, due.plus_hours(-1), &calendar), due.plus_hours(-1));
    }

    proptest! {
        #[test]
        fn after_is_later_and_before_lies_between(days in 1_u32..60, start in 0_i64..1_000, unit in 0..4) {
            let calendar = WorkCalendar::shipped();
            let from = moment("2024-06-03").plus_hours(start);
            let period = match unit { 0 => Period::Hours(days), 3 => Period::Minutes(days), 1 => Period::WorkingDays(days), _ => Period::Days(days) };
            let due = period.after(from, &calendar);
            prop_assert!(due > from);
            let reminder = Period::WorkingDays(1).before(due, from, &calendar);
            prop_assert!((from..=due).contains(&reminder));
        }
    }
}
