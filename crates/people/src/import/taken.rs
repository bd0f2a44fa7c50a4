//! A delivery after reading: rows that can be taken, hashed and sorted, beside those that cannot.

use std::collections::HashSet;

use base::{Label, SourceRowId};
use serde::{Deserialize, Serialize};

use super::{Current, Digest, Incoming, Joined, Step, in_order_of_file, merge};
use crate::deliveries::Figures;
use crate::reading::{Indicator, RejectionCode, Warning};
use crate::rows::{RowPlace, RowValues};

/// A row that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenRow {
    /// Its place in the file.
    pub place: RowPlace,
    /// Hash of its key.
    pub key: Digest,
    /// Hash of its content.
    pub content: Digest,
    /// Its cells as they came.
    pub cells: Vec<String>,
    /// What can be used of them.
    pub values: RowValues,
    /// What cannot.
    pub warnings: Vec<Warning>,
    /// The indicators that it yields.
    pub indicators: Vec<Indicator>,
}

/// A row that is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideRow {
    /// Its place in the file.
    pub place: RowPlace,
    /// The column in which the fault lies, by its heading; empty when it is the whole row.
    pub column: String,
    /// What is wrong.
    pub reason: RejectionCode,
    /// The faulty value, masked.
    pub value: String,
    /// Place of the other row that it is about.
    pub other_row: Option<RowPlace>,
    /// Hash of its key, when that could be read: it keeps its predecessor from being gone.
    pub key: Option<Digest>,
    /// Its cells as they came.
    pub cells: Vec<String>,
}

/// What is sealed of a row that is set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSetAside {
    /// The column, by its heading; empty when it is the whole row.
    pub column: String,
    /// The faulty value, masked.
    pub value: String,
    /// Place of the other row that it is about.
    pub other_row: Option<RowPlace>,
    /// Its cells as they came.
    pub cells: Vec<String>,
}

impl SealedSetAside {
    /// What is sealed of `row`.
    pub fn of(row: &SetAsideRow) -> Self {
        Self {
            column: row.column.clone(),
            value: row.value.clone(),
            other_row: row.other_row,
            cells: row.cells.clone(),
        }
    }
}

/// A delivery that was read.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// Whether rows that are missing are gone (`full`), or nothing follows from it (`changes`).
    pub is_full: bool,
    /// The sheets that were read, by name; one without a name for a CSV file.
    pub sheets: Vec<String>,
    /// The columns of the file, by header.
    pub columns: Vec<String>,
    /// For each of them the feed's column that it is, by key.
    pub targets: Vec<Option<String>>,
    /// Rows that are taken.
    pub rows: Vec<TakenRow>,
    /// The same, sorted for the merge join.
    pub incoming: Vec<Incoming>,
    /// Rows that are set aside.
    pub set_aside: Vec<SetAsideRow>,
    /// Exact copies of earlier rows.
    pub duplicates: u64,
    /// Lines that are no rows.
    pub skipped: u64,
    /// What is to be known of the file as a whole.
    pub notes: Vec<Label>,
}

/// What a delivery does to its feed as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Its figures, as far as they are known before anybody is linked.
    pub figures: Figures,
    /// Rows that the feed held.
    pub held_before: u64,
    /// What follows for each row, in the order in which it is applied ([`in_order_of_file`]). A step that says `Missing`
    /// is a row that is gone: those that stay, because a rejected row may be their successor, are not among them.
    pub steps: Vec<Joined>,
}

impl Taken {
    /// Sorts the rows for the merge join. Called once, after the rows are there.
    pub fn sort(&mut self) {
        self.incoming = self
            .rows
            .iter()
            .enumerate()
            .map(|(row, taken)| Incoming { key: taken.key, row, content: taken.content })
            .collect();
        self.incoming.sort_unstable();
    }

    /// Whether a row of the feed that the delivery does not name is gone. A header without rows retires nothing.
    pub fn retires(&self) -> bool {
        self.is_full && !(self.rows.is_empty() && self.set_aside.is_empty())
    }

    /// Whether no other row of the delivery has the key of row `index`.
    pub fn is_alone_under_its_key(&self, index: usize) -> bool {
        let Some(row) = self.rows.get(index) else { return false };
        let start = self.incoming.partition_point(|other| other.key < row.key);
        self.incoming.get(start + 1).is_none_or(|other| other.key != row.key)
    }

    /// Keys of rejected rows.
    pub fn rejected_keys(&self) -> HashSet<Digest> {
        self.set_aside.iter().filter_map(|row| row.key).collect()
    }

    /// Compares the delivery with `current`, what its feed holds, sorted. `may_stay` says of a row that the delivery does
    /// not name whether a rejected row without a key may be its successor.
    pub fn compare(&self, current: &[Current], may_stay: &HashSet<SourceRowId>) -> Comparison {
        let mut steps = merge(&self.incoming, current);
        let rejected = self.rejected_keys();
        let retires = self.retires();
        steps.retain(|joined| match joined.step {
            Step::Missing { current } => {
                retires && !rejected.contains(&joined.key) && !may_stay.contains(&current)
            }
            _ => true,
        });
        in_order_of_file(&mut steps);
        let figures = self.figures(&steps);
        Comparison { figures, held_before: count(current.len()), steps }
    }

    fn figures(&self, steps: &[Joined]) -> Figures {
        let mut figures = Figures {
            duplicates: self.duplicates,
            rejected: count(self.set_aside.len()),
            skipped: self.skipped,
            warnings: count(self.rows.iter().filter(|row| !row.warnings.is_empty()).count()),
            ..Figures::default()
        };
        for joined in steps {
            match joined.step {
                Step::Added { .. } => figures.accepted += 1,
                Step::Updated { .. } => figures.updated += 1,
                Step::Unchanged { .. } => figures.unchanged += 1,
                Step::Missing { .. } => figures.gone += 1,
            }
        }
        figures.rows =
            figures.accepted + figures.updated + figures.unchanged + figures.duplicates + figures.rejected;
        figures
    }
}

/// Rejected rows whose key cannot be read, and what they might have been: a row of the feed that the delivery does not
/// name is kept if one of them has at least half of its cells. Bounded: see [`LOOK_ALIKES_AT_MOST`].
pub fn looks_like_a_rejected_row(rejected: &[&[String]], held: &[String]) -> bool {
    let held: Vec<&str> = held.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    if held.is_empty() {
        return false;
    }
    rejected.iter().any(|cells| {
        let cells: HashSet<&str> = cells.iter().map(|cell| cell.trim()).collect();
        held.iter().filter(|cell| cells.contains(*cell)).count() * 2 >= held.len()
    })
}

/// Rows of the feed that are compared with rejected rows without a key, at most. With more missing than this the
/// retirements are many enough to be held for a person anyway.
pub const LOOK_ALIKES_AT_MOST: usize = 20_000;

pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn digest(value: u8) -> Digest {
        Digest([value; 16])
    }

    fn row(key: u8, content: u8) -> TakenRow {
        TakenRow {
            place: RowPlace::first_sheet(u32::from(key)),
            key: digest(key),
            content: digest(content),
            cells: Vec::new(),
            values: RowValues::default(),
            warnings: Vec::new(),
            indicators: Vec::new(),
        }
    }

    fn held(key: u8, content: u8) -> Current {
        Current {
            key: digest(key),
            content: digest(content),
            id: SourceRowId(Uuid::from_u128(u128::from(key))),
        }
    }

    fn rejected(key: Option<u8>) -> SetAsideRow {
        SetAsideRow {
            place: RowPlace::first_sheet(9),
            column: "姓名".to_owned(),
            reason: RejectionCode::RequiredEmpty,
            value: String::new(),
            other_row: None,
            key: key.map(digest),
            cells: Vec::new(),
        }
    }

    fn taken(rows: Vec<TakenRow>, set_aside: Vec<SetAsideRow>) -> Taken {
        let mut taken =
            Taken { is_full: true, rows, set_aside, duplicates: 1, skipped: 3, ..Taken::default() };
        taken.sort();
        taken
    }

    #[test]
    fn the_figures_add_up() {
        let taken = taken(vec![row(1, 1), row(2, 9), row(5, 5)], vec![rejected(Some(3))]);
        let figures =
            taken.compare(&[held(1, 1), held(2, 2), held(3, 3), held(4, 4)], &HashSet::new()).figures;
        assert_eq!(
            (figures.accepted, figures.updated, figures.unchanged, figures.rejected, figures.duplicates),
            (1, 1, 1, 1, 1)
        );
        assert_eq!(figures.rows, 5);
        // The row under key 3 was rejected this time: only the one under key 4 is gone.
        assert_eq!(figures.gone, 1);
    }

    #[test]
    fn a_header_without_rows_retires_nothing() {
        assert_eq!(taken(Vec::new(), Vec::new()).compare(&[held(1, 1)], &HashSet::new()).figures.gone, 0);
    }

    #[test]
    fn a_feed_of_changes_retires_nothing() {
        let mut taken = taken(vec![row(1, 1)], Vec::new());
        taken.is_full = false;
        assert_eq!(taken.compare(&[held(2, 2)], &HashSet::new()).figures.gone, 0);
    }

    #[test]
    fn a_rejected_row_is_known_by_half_of_its_cells() {
        let held: Vec<String> = ["张三", "440305", "西丽", ""].map(str::to_owned).to_vec();
        let like: Vec<String> = ["", "440305", " 西丽", "x"].map(str::to_owned).to_vec();
        let unlike: Vec<String> = ["", "", "西丽", "x"].map(str::to_owned).to_vec();
        assert!(looks_like_a_rejected_row(&[&like], &held));
        assert!(!looks_like_a_rejected_row(&[&unlike], &held));
        assert!(!looks_like_a_rejected_row(&[&like], &[String::new()]));
    }
}
