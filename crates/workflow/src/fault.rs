//! What is wrong with a file, said so that the person who wrote it can mend it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A fault of a workflow or form file. The file's name is added by whoever read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {message}; {mend}")]
pub struct WorkflowFault {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What should stand there instead.
    pub mend: String,
}

/// Collects the faults of one file, and knows on which line a byte of it stands.
pub(crate) struct Faults {
    /// Byte offsets at which lines begin, from the second line on.
    line_starts: Vec<usize>,
    found: Vec<WorkflowFault>,
}

/// More faults than this help nobody; the rest appears once these are mended.
const MOST_FAULTS: usize = 100;

impl Faults {
    pub(crate) fn of(text: &str) -> Self {
        let line_starts =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect();
        Self { line_starts, found: Vec::new() }
    }

    /// The line, from 1, on which the byte range begins.
    fn line(&self, at: &Range<usize>) -> usize {
        self.line_starts.partition_point(|start| *start <= at.start) + 1
    }

    pub(crate) fn add(&mut self, at: &Range<usize>, message: impl Into<String>, mend: impl Into<String>) {
        if self.found.len() < MOST_FAULTS {
            let line = self.line(at);
            self.found.push(WorkflowFault { line, message: message.into(), mend: mend.into() });
        }
    }

    /// Adds what the TOML reader said.
    pub(crate) fn add_syntax(&mut self, error: &toml::de::Error) {
        let at = error.span().unwrap_or(0..0);
        let message = error.message().lines().next().unwrap_or("not TOML").to_owned();
        self.add(&at, message, "compare the place with a shipped file of the same name");
    }

    /// `value`, or the faults in the order of their lines.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, Vec<WorkflowFault>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort_by_key(|fault| fault.line);
        Err(self.found)
    }
}

/// Whether `key` can stand in data, addresses and columns: small letters, digits and underscores, a letter first.
pub(crate) fn is_key(key: &str) -> bool {
    key.len() <= 40
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_line_of_its_byte() {
        let text = "one\ntwo\nthree\n";
        let mut faults = Faults::of(text);
        for (at, word) in [(8, "three"), (0, "one"), (4, "two"), (7, "end of two")] {
            faults.add(&(at..at + 1), word, "");
        }
        let found: Vec<_> =
            faults.finish(()).unwrap_err().into_iter().map(|fault| (fault.line, fault.message)).collect();
        let expected = [(1, "one"), (2, "two"), (2, "end of two"), (3, "three")];
        assert_eq!(found, expected.map(|(line, word)| (line, word.to_owned())));
    }

    #[test]
    fn keys_are_small_words() {
        assert!(is_key("in_difficulty") && is_key("a1"));
        assert!(!is_key("") && !is_key("1a") && !is_key("Ab") && !is_key("a-b") && !is_key(&"a".repeat(41)));
    }
}
