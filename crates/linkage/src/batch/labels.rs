//! Pairs of which somebody has said what they are.

use std::io::Read;

use hashbrown::HashMap;

use super::{FileFault, Files};
use crate::table::RowNumber;

/// Labelled pairs: rows of the left and the right file, and whether they are one person's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels(pub(super) Vec<(RowNumber, RowNumber, bool)>);

impl Labels {
    /// How many pairs are one person's, and how many are two persons'.
    pub fn counts(&self) -> (usize, usize) {
        let same = self.0.iter().filter(|(.., is_same)| *is_same).count();
        (same, self.0.len() - same)
    }
}

impl Files {
    /// Reads labelled pairs of these files: CSV with a header; the left id, the right id, and 1 (one person) or 0.
    ///
    /// # Errors
    /// When the file cannot be read, or a row is no labelled pair of these files.
    pub fn read_labels(&self, file: impl Read) -> Result<Labels, FileFault> {
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record?;
            let line = record.position().map_or(0, ::csv::Position::line);
            let cell = |place: usize| record.get(place).map(str::trim).unwrap_or_default().to_owned();
            let is_same = match cell(2).as_str() {
                "1" | "true" | "yes" | "是" => true,
                "0" | "false" | "no" | "否" => false,
                _ => return Err(FileFault::Label { line }),
            };
            rows.push((line, cell(0), cell(1), is_same));
        }
        let wanted = |place: fn(&(u64, String, String, bool)) -> &str, table: &crate::table::Table| {
            let mut found: HashMap<String, Option<RowNumber>> =
                rows.iter().map(|row| (place(row).to_owned(), None)).collect();
            for row in table.numbers() {
                if let Some(place) = found.get_mut(table.id(row)) {
                    *place = Some(row);
                }
            }
            found
        };
        let (left, right) = (wanted(|row| &row.1, &self.left), wanted(|row| &row.2, &self.right));
        let number = |found: &HashMap<String, Option<RowNumber>>, id: &str| found.get(id).copied().flatten();
        let label = |(line, left_id, right_id, is_same): &(u64, String, String, bool)| {
            let pair = number(&left, left_id).zip(number(&right, right_id));
            pair.map(|(left, right)| (left, right, *is_same)).ok_or(FileFault::Label { line: *line })
        };
        rows.iter().map(label).collect::<Result<Vec<_>, _>>().map(Labels)
    }
}
