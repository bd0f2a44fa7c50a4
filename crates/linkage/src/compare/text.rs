//! Plain texts, for models of any language: equality, a beginning, Jaro–Winkler, edits.

use super::{Relations, SAME, Tests};
use crate::read::Value;

const BEGINNING: Relations = 1 << 1;
const SAME_WORDS: Relations = 1 << 2;

pub(super) const TESTS: Tests = &[("exact", SAME), ("beginning", BEGINNING), ("same_words", SAME_WORDS)];

/// What can be said of two texts by themselves; similarities are computed only when a model asks for them.
pub(crate) fn relations(one: &str, other: &str) -> Relations {
    if one == other {
        return SAME;
    }
    let mut found = 0;
    if one.starts_with(other) || other.starts_with(one) {
        found |= BEGINNING;
    }
    let sorted = |text: &'_ str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    if one.contains(' ') && one.len() == other.len() && sorted(one) == sorted(other) {
        found |= SAME_WORDS;
    }
    found
}

/// Jaro–Winkler similarity of two values (Winkler 1990), 0 to 1; 0 for what is no text.
pub(super) fn jaro_winkler(one: &Value, other: &Value) -> f64 {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => jaro_winkler_of(one, other),
        _ => 0.0,
    }
}

/// Jaro–Winkler similarity of two texts, 0 to 1.
pub(crate) fn jaro_winkler_of(one: &str, other: &str) -> f64 {
    rapidfuzz::distance::jaro_winkler::similarity(one.chars(), other.chars())
}

/// Levenshtein distance of two values in characters; as far as can be for what is no text.
pub(super) fn edits(one: &Value, other: &Value) -> usize {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => edits_of(one, other),
        _ => usize::MAX,
    }
}

/// Levenshtein distance of two texts, in characters.
pub(crate) fn edits_of(one: &str, other: &str) -> usize {
    rapidfuzz::distance::levenshtein::distance(one.chars(), other.chars())
}
