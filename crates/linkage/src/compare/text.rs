//! Texts, for models of any language: equality, a beginning, words, Jaro–Winkler, edits; and what is kept as a text:
//! addresses of electronic mail, quantities, places.

use smallvec::SmallVec;

use super::{Relations, SAME, Tests};
use crate::model::Test;
use crate::read::{Place, quantity_of};

const BEGINNING: Relations = 1 << 1;
const SAME_WORDS: Relations = 1 << 2;
const SAME_ACCOUNT: Relations = 1 << 3;
const SAME_NAME: Relations = 1 << 4;
const SAME_DOMAIN: Relations = 1 << 5;

pub(super) const TESTS: Tests = &[("exact", SAME), ("beginning", BEGINNING), ("same_words", SAME_WORDS)];
pub(super) const EMAIL_TESTS: Tests = &[
    ("exact", SAME),
    ("same_account", SAME_ACCOUNT),
    ("same_name", SAME_NAME),
    ("same_domain", SAME_DOMAIN),
];
pub(super) const EXACT_TESTS: Tests = &[("exact", SAME)];

/// What can be said of two texts by themselves; what a model bounds is asked of [`holds`].
pub(crate) fn relations_of(one: &str, other: &str) -> Relations {
    if one == other {
        return SAME;
    }
    let mut found = 0;
    if one.starts_with(other) || other.starts_with(one) {
        found |= BEGINNING;
    }
    let sorted = |text: &'_ str| {
        let mut words: SmallVec<[&str; 8]> = text.split(' ').collect();
        words.sort_unstable();
        words.join(" ")
    };
    if one.contains(' ') && one.len() == other.len() && sorted(one) == sorted(other) {
        found |= SAME_WORDS;
    }
    if let (Some((name, domain)), Some((other_name, other_domain))) =
        (one.rsplit_once('@'), other.rsplit_once('@'))
    {
        found |= emails(name, domain, other_name, other_domain);
    }
    found
}

/// Two addresses of electronic mail. Dots in an account's name and what follows a `+` are one's own choice.
fn emails(name: &str, domain: &str, other_name: &str, other_domain: &str) -> Relations {
    let bare = |name: &str| name.split('+').next().unwrap_or_default().replace('.', "");
    match (bare(name) == bare(other_name), domain == other_domain) {
        (true, true) => SAME_ACCOUNT,
        (true, false) => SAME_NAME,
        (false, true) => SAME_DOMAIN,
        (false, false) => 0,
    }
}

/// Whether two texts pass a test with a bound of the model's.
pub(crate) fn holds(test: Test, one: &str, other: &str) -> bool {
    match test {
        Test::JaroWinkler(least) => {
            rapidfuzz::distance::jaro_winkler::similarity(one.chars(), other.chars()) >= least
        }
        Test::Edits(most) => rapidfuzz::distance::levenshtein::distance(one.chars(), other.chars()) <= most,
        Test::Damerau(most) => {
            one.chars().count().abs_diff(other.chars().count()) <= most
                && rapidfuzz::distance::damerau_levenshtein::distance(one.chars(), other.chars()) <= most
        }
        Test::Tokens(least) => common_words(one, other) >= least,
        Test::Apart(most) => quantities(one, other).is_some_and(|(one, other)| (one - other).abs() <= most),
        Test::ApartShare(most) => quantities(one, other)
            .is_some_and(|(one, other)| (one - other).abs() <= most * one.abs().max(other.abs())),
        Test::Kilometres(most) => Place::read(one)
            .zip(Place::read(other))
            .is_some_and(|(one, other)| one.kilometres_to(other) <= most),
        Test::Relation(_) | Test::Otherwise => false,
    }
}

fn quantities(one: &str, other: &str) -> Option<(f64, f64)> {
    quantity_of(one).zip(quantity_of(other))
}

/// The share of the words of both texts that both have (Jaccard 1912). Texts without spaces, as Chinese is written, are
/// taken for their pairs of neighbouring characters.
fn common_words(one: &str, other: &str) -> f64 {
    let (mut one, mut other) = (words(one), words(other));
    for words in [&mut one, &mut other] {
        words.sort_unstable();
        words.dedup();
    }
    let common = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

fn words(text: &str) -> SmallVec<[&str; 16]> {
    if text.is_ascii() || text.contains(' ') {
        return text.split(' ').filter(|word| !word.is_empty()).collect();
    }
    let places: SmallVec<[usize; 32]> =
        text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
    let pair = |bounds: &[usize]| text.get(*bounds.first()?..*bounds.last()?);
    if places.len() < 3 {
        SmallVec::from_slice(&[text])
    } else {
        places.windows(3).filter_map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, ColumnKind, Model, Test};

    #[test]
    fn bounds_of_a_model_are_kept() {
        for (test, one, other, expected) in [
            (Test::Damerau(1), "riversdie", "riverside", true),
            (Test::Edits(1), "riversdie", "riverside", false),
            (Test::Damerau(1), "riverside", "river", false),
            (Test::Tokens(0.6), "chess club leeds", "leeds chess club ltd", true),
            (Test::Tokens(0.8), "chess club leeds", "leeds chess club ltd", false),
            (Test::Tokens(0.6), "锦绣科技发展", "深圳锦绣科技发展", true),
            (Test::Tokens(0.5), "锦绣科技", "鸿运贸易", false),
            (Test::Apart(0.5), "12", "12.5", true),
            (Test::Apart(0.5), "12", "12.6", false),
            (Test::ApartShare(0.1), "-100", "-109", true),
            (Test::ApartShare(0.1), "100", "200", false),
            (Test::Apart(1.0), "12", "twelve", false),
            (Test::Kilometres(20.0), "22.540000,114.060000", "22.530000,113.930000", true),
            (Test::Kilometres(10.0), "22.540000,114.060000", "22.530000,113.930000", false),
            (Test::Kilometres(1.0), "0.000000,179.999000", "0.000000,-179.999000", true),
        ] {
            assert_eq!(holds(test, one, other), expected, "{test:?} {one} {other}");
            assert_eq!(holds(test, other, one), expected, "{test:?} {other} {one}");
        }
    }

    #[test]
    fn emails_by_what_they_share() {
        for (one, other, expected) in [
            ("li.wei+work@example.com", "liwei@example.com", SAME_ACCOUNT),
            ("liwei@example.com", "liwei@example.org", SAME_NAME),
            ("liwei@example.com", "wangfang@example.com", SAME_DOMAIN),
            ("liwei@example.com", "wangfang@example.org", 0),
        ] {
            assert_eq!(relations_of(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn each_kind_is_read_into_one_form() {
        let model = Model::parse(include_str!("../../../../linkage/cn-person.toml")).unwrap();
        let (email, quantity, place) = (ColumnKind::Email, ColumnKind::Quantity, ColumnKind::Place);
        for (kind, text, expected) in [
            (email, " mailto:Li.Wei@Example.COM ", Some("li.wei@example.com")),
            (email, "Li.Wei@Example.COM", Some("li.wei@example.com")),
            (email, "nobody", None),
            (quantity, "1,200.50", Some("1200.5")),
            (quantity, "１２万", Some("120000")),
            (quantity, "¥3.5亿", Some("350000000")),
            (quantity, "inf", None),
            (quantity, "many", None),
            (place, "(22.54， 114.06)", Some("22.540000,114.060000")),
            (place, "91,0", None),
            (place, "22.54", None),
        ] {
            let column = Column { kind, ..model.columns[0].clone() };
            let read = crate::read::read_value(&model, &column, text);
            let read = read.map(|value| match value {
                crate::read::Value::Text(text) => text.into_string(),
                other => format!("{other:?}"),
            });
            assert_eq!(read.as_deref(), expected, "{kind:?} {text}");
        }
    }
}
