//! What is shown of a delivery's faults: each kind once, with its first row, the mend, and how many rows have it.

use texts::Language;

use super::show;
use crate::Texts;
use crate::deliveries::FaultGroup;

/// Faults of one kind in one column.
pub(super) struct GroupRow {
    /// The first row that has it.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// The column and its value there, masked.
    pub where_: String,
    /// What to do.
    pub mend: String,
    /// How many rows have it.
    pub count: u64,
    /// The first of these rows.
    pub places: String,
}

/// Groups of reasons for setting rows aside.
pub(super) fn rejections(t: Texts, sheets: &[String], groups: &[FaultGroup]) -> Vec<GroupRow> {
    groups.iter().map(|group| row(t, sheets, group, show::rejection(&group.kind, t.0))).collect()
}

/// Groups of warnings.
pub(super) fn warnings(t: Texts, sheets: &[String], groups: &[FaultGroup]) -> Vec<GroupRow> {
    groups.iter().map(|group| row(t, sheets, group, show::warning(&group.kind, t.0))).collect()
}

fn row(
    t: Texts,
    sheets: &[String],
    group: &FaultGroup,
    wording: Option<crate::reading::Wording>,
) -> GroupRow {
    let (what, mend) = wording.map_or((group.kind.as_str(), ""), |wording| (wording.what, wording.mend));
    GroupRow {
        place: group.first_place.named(sheets),
        what: what.to_owned(),
        where_: place_of(t, &group.column, &group.example),
        mend: mend.to_owned(),
        count: group.count,
        places: places(t.0, sheets, group),
    }
}

/// A column with the value that stands in it: `身份证号 4403**********1234`.
pub(super) fn place_of(t: Texts, column: &str, value: &str) -> String {
    match (column.is_empty(), value.is_empty()) {
        (true, true) => t.group_whole_row().to_owned(),
        (true, false) => value.to_owned(),
        (false, true) => t.group_empty_cell(column),
        (false, false) => format!("{column} {value}"),
    }
}

fn places(language: Language, sheets: &[String], group: &FaultGroup) -> String {
    let places: Vec<String> = group.places.iter().map(|place| place.named(sheets)).collect();
    let more = if group.count > group.places.len() as u64 { " …" } else { "" };
    format!("{}{more}", places.join(language.choose("、", ", ")))
}
