//! Where a row stands in the file of its delivery.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bits of the stored number that hold the row.
const ROW_BITS: u32 = 32;

/// Where a row stands in its file. As a number it is the row alone on the first sheet, which is all that most files have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct RowPlace {
    /// Which of the sheets that were read, from 0; a CSV file has one.
    pub sheet: u16,
    /// The sheet's row number; in a CSV file the physical line where the record starts.
    pub row: u32,
}

impl RowPlace {
    /// The row `row` of the first sheet.
    pub fn first_sheet(row: u32) -> Self {
        Self { sheet: 0, row }
    }

    /// The place as it is shown where the sheets' names are known: `二班!7`, or `7` if one sheet was read.
    pub fn named(self, sheets: &[String]) -> String {
        match sheets.get(usize::from(self.sheet)) {
            Some(name) if sheets.len() > 1 => format!("{name}!{}", self.row),
            _ => self.to_string(),
        }
    }
}

/// The row, behind the number of its sheet if that is not the first: `7`, `2!7`.
impl fmt::Display for RowPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sheet {
            0 => write!(formatter, "{}", self.row),
            sheet => write!(formatter, "{}!{}", u32::from(sheet) + 1, self.row),
        }
    }
}

impl From<RowPlace> for i64 {
    fn from(place: RowPlace) -> Self {
        Self::from(place.sheet) << ROW_BITS | Self::from(place.row)
    }
}

impl From<i64> for RowPlace {
    fn from(number: i64) -> Self {
        let row = u32::try_from(number & i64::from(u32::MAX)).unwrap_or(u32::MAX);
        Self { sheet: u16::try_from(number >> ROW_BITS).unwrap_or(u16::MAX), row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_number_of_its_row_on_the_first_sheet() {
        for (place, number, shown, named) in [
            (RowPlace::first_sheet(7), 7, "7", "一班!7"),
            (RowPlace { sheet: 1, row: 7 }, (1 << 32) + 7, "2!7", "二班!7"),
        ] {
            assert_eq!((i64::from(place), RowPlace::from(number)), (number, place));
            assert_eq!(serde_json::to_string(&place).unwrap(), number.to_string());
            assert_eq!(place.to_string(), shown);
            assert_eq!(place.named(&["一班".to_owned(), "二班".to_owned()]), named);
        }
        assert_eq!(RowPlace::first_sheet(7).named(&["名单".to_owned()]), "7");
    }
}
