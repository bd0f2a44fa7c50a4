//! The golden corpus: files as offices send them, made here, each with what must come of it.

use base::{AreaTree, Day, ResidentId};
use policy::feeds::Feed;

use super::*;

mod files;
mod grid;
mod headers;
mod properties;
mod values;

/// The day on which all files are read.
pub(super) fn today() -> Day {
    Day::new(2026, 11, 24).unwrap()
}

pub(super) fn tree() -> &'static AreaTree {
    static TREE: std::sync::LazyLock<AreaTree> = std::sync::LazyLock::new(AreaTree::shipped);
    &TREE
}

pub(super) fn feed(key: &str) -> &'static Feed {
    static FEEDS: std::sync::LazyLock<[Feed; 3]> = std::sync::LazyLock::new(|| {
        [
            include_str!("../../../../feeds/grid.toml"),
            include_str!("../../../../feeds/disabled.toml"),
            include_str!("../../../../feeds/school.toml"),
        ]
        .map(|text| Feed::parse(text).unwrap())
    });
    FEEDS.iter().find(|feed| feed.key == key).unwrap()
}

/// A sound number of somebody born on `birth`, one for each `order`.
pub(super) fn number(birth: &str, order: u16) -> String {
    ResidentId::compose(440_305, birth.parse().unwrap(), order).unwrap().as_str().to_owned()
}

pub(super) fn read_as(key: &str, text: &str) -> Reading {
    read_bytes(key, text.as_bytes())
}

pub(super) fn read_bytes(key: &str, bytes: &[u8]) -> Reading {
    read(bytes, "file.csv", feed(key), today(), tree()).unwrap()
}

/// Why a file is not taken.
pub(super) fn refused(key: &str, text: &str) -> ReadFault {
    read(text.as_bytes(), "file.csv", feed(key), today(), tree()).unwrap_err()
}

/// Taken, copies, set aside, and lines that are no rows.
pub(super) fn figures(reading: &Reading) -> (usize, usize, usize, usize) {
    (reading.rows.len(), reading.duplicates.len(), reading.rejections.len(), reading.skipped.len())
}

/// Places and codes of the rows that are set aside.
pub(super) fn rejections(reading: &Reading) -> Vec<(u32, &'static str)> {
    reading.rejections.iter().map(|rejection| (rejection.place.row, rejection.code.key())).collect()
}

/// Places and codes of the warnings.
pub(super) fn warnings(reading: &Reading) -> Vec<(u32, &'static str)> {
    let of_row = |row: &ReadRow| {
        row.warnings.iter().map(|warning| (row.place.row, warning.code.key())).collect::<Vec<_>>()
    };
    reading.rows.iter().flat_map(of_row).collect()
}

/// Kinds of the lines that are no rows.
pub(super) fn skipped(reading: &Reading) -> Vec<(u32, &'static str)> {
    reading.skipped.iter().map(|skipped| (skipped.place.row, skipped.kind.key())).collect()
}

/// The keys of the feed's columns as they stand in the file; `-` for one that is not known.
pub(super) fn mapped(reading: &Reading, key: &str) -> Vec<String> {
    let feed = feed(key);
    let name =
        |column: &FileColumn| column.column.map_or("-".to_owned(), |index| feed.columns[index].key.clone());
    reading.columns.iter().map(name).collect()
}
