//! How a file of a program is read: TOML with the line of every value, and every fault told at once.
//!
//! Serde stops at the first fault and names no mend. Somebody who changes a policy wants the whole list, so a file is
//! read field by field here: a field that is missing or wrong notes a [`Fault`] and yields `None`, and reading goes
//! on. A field that nobody asked for is a fault too, since a misspelt one would otherwise be ignored in silence.

use std::cell::RefCell;

use toml::de::DeTable;

mod fields;

pub use fields::{Fields, Located};

/// The largest file that is read, in bytes. The largest shipped one has 20,000.
pub const MAXIMUM_BYTES: usize = 1_048_576;

/// The most faults that are told of one file; what a wrong file says beyond them helps nobody.
const MAXIMUM_FAULTS: usize = 100;

/// What is wrong with a file, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("line {line}: {message}. {mend}.")]
pub struct Fault {
    /// The line of the file, from 1.
    pub line: u32,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it, without a full stop.
    pub mend: String,
}

/// Reads `text` with `read`, which is handed the fields at the root of the file.
///
/// # Errors
/// All faults in the order of their lines: those of the syntax, or those that `read` noted, and every field that
/// `read` did not ask for. There is always at least one.
pub fn read<T>(text: &str, read: impl FnOnce(&Fields<'_>) -> Option<T>) -> Result<T, Vec<Fault>> {
    if text.len() > MAXIMUM_BYTES {
        return Err(vec![Fault {
            line: 1,
            message: format!("the file has {} bytes", text.len()),
            mend: format!("Keep it within {MAXIMUM_BYTES} bytes"),
        }]);
    }
    let lines = Lines::of(text);
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(syntax_faults(&lines, &errors));
    }
    let notes = Notes { lines, text, faults: RefCell::default() };
    let fields = Fields::root(root.get_ref(), &notes);
    let value = read(&fields);
    fields.finish();
    let mut faults = notes.faults.into_inner();
    faults.sort();
    faults.dedup();
    faults.truncate(MAXIMUM_FAULTS);
    match value {
        Some(value) if faults.is_empty() => Ok(value),
        Some(_) | None if !faults.is_empty() => Err(faults),
        _ => Err(vec![Fault {
            line: 1,
            message: "the file could not be read".to_owned(),
            mend: "Compare it with the shipped file of the same name".to_owned(),
        }]),
    }
}

fn syntax_faults(lines: &Lines, errors: &[toml::de::Error]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = errors
        .iter()
        .take(MAXIMUM_FAULTS)
        .map(|error| Fault {
            line: error.span().map_or(1, |span| lines.line_at(span.start)),
            message: format!("this is not TOML: {}", error.message().replace('\n', ", ")),
            mend: "Write it as TOML 1.0 asks (https://toml.io)".to_owned(),
        })
        .collect();
    faults.sort();
    faults.dedup();
    faults
}

/// What all fields of one file share.
struct Notes<'d> {
    lines: Lines,
    text: &'d str,
    faults: RefCell<Vec<Fault>>,
}

impl Notes<'_> {
    fn add(&self, line: u32, message: String, mend: String) {
        let mut faults = self.faults.borrow_mut();
        // One more than is told keeps the sorted list right when reading is not in the order of the lines.
        if faults.len() < MAXIMUM_FAULTS * 10 {
            faults.push(Fault { line, message, mend });
        }
    }
}

/// Where each line of a text begins, in bytes.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let begins = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(place, _)| place + 1);
        Self(std::iter::once(0).chain(begins).collect())
    }

    /// The line, from 1, on which the byte `place` stands.
    fn line_at(&self, place: usize) -> u32 {
        u32::try_from(self.0.partition_point(|begin| *begin <= place)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
