//! Birth dates, whole or in part, packed into one word.

use base::{Day, DayReading, read_day};

/// A day, a month or a year: `year × 10000 + month × 100 + day`, with zero for what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PartialDay(u32);

impl PartialDay {
    /// Reads a cell; what can mean two days is no value.
    pub(crate) fn read(text: &str) -> Option<Self> {
        match read_day(text) {
            DayReading::Day(day) => Some(Self::of(day)),
            DayReading::Month { year, month } => Self::assemble(year, month, 0),
            DayReading::Year { year } => Self::assemble(year, 0, 0),
            DayReading::Empty | DayReading::Ambiguous | DayReading::Impossible | DayReading::Unreadable => {
                None
            }
        }
    }

    /// A whole day.
    pub(crate) fn of(day: Day) -> Self {
        Self::assemble(day.year(), day.month(), day.day_of_month()).unwrap_or(Self(0))
    }

    fn assemble(year: i16, month: i8, day: i8) -> Option<Self> {
        let (year, month, day) =
            (u32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?);
        Some(Self(year * 10_000 + month * 100 + day))
    }

    /// The word for a row; zero is no day.
    pub(crate) fn word(self) -> u32 {
        self.0
    }

    /// The day of a word, `None` for no day.
    pub(crate) fn from_word(word: u32) -> Option<Self> {
        (word != 0).then_some(Self(word))
    }

    /// The year.
    pub(crate) fn year(self) -> u32 {
        self.0 / 10_000
    }

    /// The month, 1 to 12, or zero.
    pub(crate) fn month(self) -> u32 {
        self.0 / 100 % 100
    }

    /// The day of the month, or zero.
    pub(crate) fn day_of_month(self) -> u32 {
        self.0 % 100
    }

    /// Whether day, month and year are known.
    pub(crate) fn is_whole(self) -> bool {
        self.month() != 0 && self.day_of_month() != 0
    }

    /// Days since 1970, for a whole day.
    pub(crate) fn number(self) -> Option<i32> {
        let narrow = |value: u32| i8::try_from(value).ok();
        Day::new(i16::try_from(self.year()).ok()?, narrow(self.month())?, narrow(self.day_of_month())?)
            .map(Day::number)
    }
}
