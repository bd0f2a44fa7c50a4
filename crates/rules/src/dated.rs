//! From when to when something of a program holds, and who says so.

use base::Day;
use serde::{Deserialize, Serialize};

/// The warrant of an amount, a deadline, a category or a rule: the days on which it holds, and its source.
///
/// What neither the source document nor the law states is shipped as `sample` and shown so on screen (domain.md,
/// rules of the house about facts).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// The first day on which it holds.
    pub from: Day,
    /// The last day on which it holds; `None` while no end is known.
    pub until: Option<Day>,
    /// Where it comes from: a law with its article, a letter (`L1` … `L14`) or a row of domain.md (`M4`).
    pub source: String,
    /// Whether the value is the product's own because no source states it.
    pub sample: bool,
}

impl Dated {
    /// Whether it holds on `day`; both ends belong to the period.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether some day belongs to both periods.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.until.is_none_or(|until| other.from <= until)
            && other.until.is_none_or(|until| self.from <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn period(from: &str, until: Option<&str>) -> Dated {
        Dated { from: day(from), until: until.map(day), source: "M2".to_owned(), sample: false }
    }

    #[test]
    fn both_ends_belong_to_the_period() {
        let year = period("2024-01-01", Some("2024-12-31"));
        assert!(!year.holds_on(day("2023-12-31")));
        assert!(year.holds_on(day("2024-01-01")) && year.holds_on(day("2024-12-31")));
        assert!(!year.holds_on(day("2025-01-01")));
        assert!(period("2024-01-01", None).holds_on(day("2099-01-01")));
    }

    #[test]
    fn periods_that_share_one_day_overlap() {
        let year = period("2024-01-01", Some("2024-12-31"));
        assert!(year.overlaps(&period("2024-12-31", None)));
        assert!(period("2024-12-31", None).overlaps(&year));
        assert!(!year.overlaps(&period("2025-01-01", None)));
    }
}
