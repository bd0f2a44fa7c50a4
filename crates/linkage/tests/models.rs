//! Model files. Goal: faults are told with line and mend, all at once; another language's records link by a model alone.

#![cfg(test)]

use linkage::{Files, LinkOptions, LiveIndex, Model, Record, Source, Zone};
use proptest::prelude::*;
use uuid::Uuid;

const SHIPPED: &str = include_str!("../../../linkage/cn-person.toml");

fn faults(from: &str, to: &str) -> Vec<(usize, String)> {
    assert!(SHIPPED.contains(from), "{from}");
    let text = SHIPPED.replacen(from, to, 1);
    let changed = SHIPPED.lines().zip(text.lines()).position(|(old, new)| old != new).unwrap_or(0) + 1;
    let faults = Model::parse(&text).unwrap_err();
    assert!(faults.iter().all(|fault| !fault.message.is_empty() && !fault.mend.is_empty()));
    faults.into_iter().map(|fault| (fault.line.abs_diff(changed), fault.message)).collect()
}

#[test]
fn the_shipped_model_is_sound() {
    let model = Model::parse(SHIPPED).unwrap();
    assert_eq!((model.key(), model.version(), model.is_sample()), ("cn-person", "2", true));
    assert!(model.zones().link > model.zones().review);
}

#[test]
fn the_shipped_model_for_latin_names_links_swapped_and_misspelt_names() {
    let model = Model::parse(include_str!("../../../linkage/western-person.toml")).unwrap();
    let right = "rec_id,given_name,surname,date_of_birth,soc_sec_id,postcode\nb1,neumann,michaela,19151111,5304218,4223\nb2,courtney,painter,19161214,4066625,4560\n";
    let left = "rec_id,soc_sec_id,surname,given_name,dob,postcode\na1,5304218,neuman,michaela,1915-11-11,4223\na2,4060000,paintner,robert,1950-02-03,4560\n";
    let files = Files::read(model, Source::new(left.as_bytes()), Source::new(right.as_bytes())).unwrap();
    let pairs = files.link(LinkOptions { threshold: 0.5, one_to_one: false });
    let ids: Vec<(&str, &str)> = pairs.iter().map(|pair| files.ids(pair)).collect();
    assert_eq!(ids, [("a1", "b1")]);
}

#[test]
fn each_fault_is_told_with_its_line() {
    for (from, to, message) in [
        ("frequency = \"birth\"", "frequency = \"birht\"", "`birht` names no column"),
        ("test = \"same_tone\"", "test = \"same_tune\"", "`same_tune` is no test"),
        ("on = [\"name\", \"birth\"]", "on = [\"name\", \"birth.month\"]", "`birth.month` is no side"),
        ("levels = [\"different\"]", "levels = [\"differing\"]", "has no level `differing`"),
        ("cross = \"guardian_phone\"", "cross = \"address\"", "another kind"),
        ("column = \"birth\"", "column = \"born\"", "no column `born`"),
        ("most = 100", "most = 0", "`most` is 0"),
        ("m = 0.930", "m = 0.430", "add up to"),
        ("u = 1e-8", "u = 0.0", "not above 0"),
        ("en = \"Same room\"", "en = \"\"", "lacks a language"),
        ("link = 6.64", "link = -9.0", "not in order"),
        ("known_share = 0.85", "known_share = 1.85", "out of range"),
        ("\"欧阳\"", "\"欧\"", "two characters"),
        ("share = 0.3", "share = 0.0", "`share` is 0"),
        ("number = \"identity_number\"", "number = \"birth\"", "no comparison of such a column"),
        ("same = { field = \"identity_number\"", "same = { field = \"numero\"", "no comparison `numero`"),
        ("room = [\"room\"]", "flat = [\"room\"]", "`parts` belong to"),
        ("version = \"2\"", "verson = \"2\"", "unknown field `verson`"),
    ] {
        let found = faults(from, to);
        assert!(found.iter().any(|(_, text)| text.contains(message)), "{from} → {to}: {found:?}");
        // Shares are told at the comparison's key, zones and prior at their heads: a few lines away at most.
        assert!(found.iter().all(|(lines, _)| *lines <= 12), "{from} → {to}: {found:?}");
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_file() {
    let text = SHIPPED.replace("\"欧阳\"", "\"欧\"").replace("test = \"same_tone\"", "test = \"same_tune\"");
    let faults = Model::parse(&text).unwrap_err();
    assert!(faults.len() >= 3 && faults.is_sorted_by_key(|fault| fault.line), "{faults:?}");
}

/// Organisations in English: other columns, plain texts, similarity by Jaro–Winkler and edits.
const ENGLISH: &str = r#"
key = "club"
version = "1"
label = { zh = "社团", en = "Clubs" }
source = "A test."
[prior]
known_share = 0.5
least_records = 1000
household_others = 0.0
ballast_records = 100
[zones]
link = 5.0
review = 0.0
listed = -5.0
rival_margin = 3.0
[labels]
prior = { zh = "起点", en = "Start" }
household = { zh = "同户", en = "Household" }
missing = { zh = "缺失", en = "Missing" }
implied = { zh = "已含", en = "Implied" }
rival = { zh = "相近", en = "Rival" }
[[columns]]
key = "title"
kind = "text"
search = true
[[columns]]
key = "town"
kind = "text"
sources = ["town", "place"]
[[blocking]]
on = ["town"]
most = 100
[[comparisons]]
key = "title"
column = "title"
label = { zh = "名称", en = "Title" }
levels = [
  { test = "exact", m = 0.8, u = 0.001, h = 0.001, frequency = "title", label = { zh = "一致", en = "Same" } },
  { test = "edits", at_most = 1, m = 0.05, u = 0.0001, h = 0.0001, label = { zh = "差一字", en = "One edit" } },
  { test = "jaro_winkler", at_least = 0.92, m = 0.1, u = 0.001, h = 0.001, label = { zh = "相近", en = "Similar" } },
  { test = "else", m = 0.05, u = 0.9979, h = 0.9979, label = { zh = "不同", en = "Different" } },
]
[[comparisons]]
key = "town"
column = "town"
label = { zh = "城镇", en = "Town" }
levels = [
  { test = "exact", m = 0.95, u = 0.01, h = 0.01, label = { zh = "一致", en = "Same" } },
  { test = "else", m = 0.05, u = 0.99, h = 0.99, label = { zh = "不同", en = "Different" } },
]
"#;

#[test]
fn records_of_another_language_and_shape_link_by_a_model_alone() {
    let mut index = LiveIndex::new(Model::parse(ENGLISH).unwrap());
    let club = |number: u64, title: &str, town: &str| {
        Record::new(Uuid::from_u64_pair(1, number)).with("title", title).with("place", town)
    };
    index.insert(&club(1, "Riverside Chess Club", "Leeds"));
    index.insert(&club(2, "Northern Rowing Society", "Leeds"));
    for (title, level) in [
        ("RIVERSIDE  chess club", "exact"),
        ("Riverside Ches Club", "edits"),
        ("Riverside Chess Cllub Ltd", "jaro_winkler"),
        ("Garden Friends", "else"),
    ] {
        let candidates = index.score(&club(9, title, "leeds"), 5);
        let best = candidates.iter().find(|candidate| candidate.id == Uuid::from_u64_pair(1, 1));
        let found = best.map(|best| best.fields[0].level.as_str());
        assert_eq!(found.unwrap_or("else"), level, "{title}");
        let zone = candidates.first().map_or(Zone::New, |best| index.zone(best));
        assert_eq!(zone == Zone::New, level == "else", "{title}");
    }
    assert_eq!(index.search("river", 5), [Uuid::from_u64_pair(1, 1)]);
    assert_eq!(index.search("riversidechessclub", 5), [Uuid::from_u64_pair(1, 1)]);
}

proptest! {
    /// A model file damaged anywhere is refused or taken, never a panic.
    #[test]
    fn damaged_model_files_do_not_panic(line in 0_usize..400, with in "\\PC{0,12}") {
        let text: Vec<&str> = SHIPPED.lines().enumerate().map(|(place, text)| if place == line { with.as_str() } else { text }).collect();
        drop(Model::parse(&text.join("\n")));
    }
}
