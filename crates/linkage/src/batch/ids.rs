//! Each row of a file has an id of its own: pairs and explanations name rows by it.

use hashbrown::HashMap;

use super::FileFault;
use super::repeats::Repeats;
use crate::mixing::mix_bytes;
use crate::table::{RowNumber, Table};

/// Refuses a table in which an id is empty or stands twice.
pub(super) fn check(table: &Table) -> Result<(), FileFault> {
    let number = |row: RowNumber| u64::from(row) + 1;
    let mut repeats = Repeats::new(table.len());
    for row in table.numbers() {
        let id = table.id(row);
        if id.trim().is_empty() {
            return Err(FileFault::NoId { row: number(row) });
        }
        repeats.add(mix_bytes(id.as_bytes()));
    }
    let mut first: HashMap<&str, RowNumber> = HashMap::new();
    for row in table.numbers() {
        let id = table.id(row);
        if !repeats.may_repeat(mix_bytes(id.as_bytes())) {
            continue;
        }
        if let Some(before) = first.insert(id, row) {
            return Err(FileFault::IdTwice { id: id.to_owned(), first: number(before), second: number(row) });
        }
    }
    Ok(())
}
