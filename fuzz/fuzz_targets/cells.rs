//! Cells of a record: numbers, names, days, phones, addresses, whatever they hold. They are read, kept, found again, and read
//! the same after the index was stored.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linkage::{LiveIndex, Model, Record};
use uuid::Uuid;

const MODELS: [&str; 3] = [
    include_str!("../../linkage/cn-person.toml"),
    include_str!("../../linkage/western-person.toml"),
    include_str!("../../linkage/organisation.toml"),
];
/// What the shipped models read, one cell of the input for each.
const SOURCES: [&str; 14] = [
    "name",
    "identity_number",
    "birth",
    "sex",
    "phone",
    "guardian_name",
    "guardian_phone",
    "address",
    "given_name",
    "postcode",
    "code",
    "email",
    "capital",
    "place",
];

fuzz_target!(|input: (u8, String)| {
    let (which, text) = input;
    let model = || Model::parse(MODELS[usize::from(which) % MODELS.len()]).expect("a shipped model is sound");
    let id = Uuid::from_u128(7);
    let mut record = Record::new(id);
    for (source, cell) in SOURCES.iter().zip(text.split('\n')) {
        record.add(*source, cell);
    }
    let mut index = LiveIndex::new(model());
    index.insert(&record);
    let mut stored = Vec::new();
    index.save(&mut stored).expect("a list of bytes takes everything");
    let again = LiveIndex::load(model(), stored.as_slice()).expect("what was saved is loaded");
    assert_eq!(again.score(&record, 5), index.score(&record, 5));
    assert_eq!(again.compare(&record, id), index.compare(&record, id));
    assert!(index.remove(id) && index.is_empty());
});
