//! From what was read to what can be applied: keys and contents hashed, rows sorted, and the preview of a page.

use std::collections::{BTreeMap, HashMap};

use base::SourceRowId;
use policy::feeds::{Completeness, Feed};
use rayon::prelude::*;
use store::Keys;

use super::{Comparison, Digest, SetAsideRow, Step, Taken, TakenRow};
use crate::deliveries::{Fate, FaultGroup, MappedColumn, Preview, PreviewRow};
use crate::reading::{Reading, Rejection, RejectionCode, Warning};
use crate::rows::RowPlace;

/// Lines of the file that a preview shows.
const PREVIEW_LINES: usize = 12;
/// Groups of faults that a preview shows.
const PREVIEW_GROUPS: usize = 50;
/// Rows of one group of faults that a preview names.
const PREVIEW_PLACES: usize = 20;
/// Rows that are gone which a preview names.
const PREVIEW_GONE: usize = 1_000;
/// Cells of a row that a preview shows.
const PREVIEW_CELLS: usize = 40;

/// What is applied of `reading`, whose rows move there.
pub fn taken_of(reading: &mut Reading, feed: &Feed, keys: &Keys) -> Taken {
    let notes = reading.notes();
    let read = std::mem::take(&mut reading.rows);
    let reading: &Reading = reading;
    let rows = read
        .into_par_iter()
        .map(|row| TakenRow {
            place: row.place,
            key: key_digest(keys, &feed.key, &row.key),
            content: Digest::of(&keys.hash("row_content", &row.content)),
            cells: owned(reading.cells(row.place)),
            values: row.values,
            warnings: row.warnings,
            indicators: row.indicators,
        })
        .collect();
    let mut taken = Taken {
        is_full: feed.completeness == Completeness::Full,
        sheets: reading.sheet_names.clone(),
        columns: reading.columns.iter().map(|column| column.heading.clone()).collect(),
        targets: reading
            .columns
            .iter()
            .map(|column| Some(feed.columns.get(column.column?)?.key.clone()))
            .collect(),
        rows,
        incoming: Vec::new(),
        set_aside: reading
            .rejections
            .iter()
            .map(|rejection| set_aside(reading, feed, keys, rejection))
            .collect(),
        duplicates: super::taken::count(reading.duplicates.len()),
        skipped: super::taken::count(reading.skipped.len()),
        notes,
    };
    taken.sort();
    taken
}

fn set_aside(reading: &Reading, feed: &Feed, keys: &Keys, rejection: &Rejection) -> SetAsideRow {
    SetAsideRow {
        place: rejection.place,
        column: reading.heading(rejection.column).to_owned(),
        reason: rejection.code,
        value: rejection.value.clone(),
        other_row: rejection.other_row,
        key: rejection.key.as_deref().map(|key| key_digest(keys, &feed.key, key)),
        cells: owned(match rejection.code {
            RejectionCode::FieldCount => reading.cells_as_they_stand(rejection.place),
            _ => reading.cells(rejection.place),
        }),
    }
}

fn owned(cells: Vec<&str>) -> Vec<String> {
    cells.into_iter().map(str::to_owned).collect()
}

/// The key of a row, hashed with its feed, so that rows of two feeds have nothing in common.
fn key_digest(keys: &Keys, feed: &str, key: &str) -> Digest {
    Digest::of(&keys.hash("row_key", &format!("{feed}\u{0}{key}")))
}

/// What a page shows of the delivery before it is applied.
pub fn preview_of(reading: &Reading, feed: &Feed, taken: &Taken, comparison: &Comparison) -> Preview {
    let mut skipped: BTreeMap<&'static str, u64> = BTreeMap::new();
    for line in &reading.skipped {
        *skipped.entry(line.kind.key()).or_default() += 1;
    }
    let warnings = taken.rows.iter().flat_map(|row| row.warnings.iter().map(|warning| (row.place, warning)));
    Preview {
        form: form_of(reading),
        notes: taken.notes.clone(),
        lines: super::taken::count(taken.rows.len() + reading.row_count() + reading.skipped.len()),
        header: (reading.header.first..=reading.header.last).collect(),
        mapping: reading.columns.iter().map(|column| mapped(feed, column)).collect(),
        first_rows: first_rows(reading, &fates(reading, taken, comparison)),
        skipped: skipped.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect(),
        warnings: groups(warnings.map(|(place, warning)| fault_of_warning(reading, place, warning))),
        rejections: groups(reading.rejections.iter().map(|rejection| FaultGroup {
            kind: rejection.code.key().to_owned(),
            column: reading.heading(rejection.column).to_owned(),
            first_place: rejection.place,
            example: rejection.value.clone(),
            count: 1,
            places: vec![rejection.place],
        })),
        compared_with: 0,
        held_before: comparison.held_before,
        gone: gone(comparison).take(PREVIEW_GONE).collect(),
    }
}

/// The rows of the feed that the delivery names no more.
fn gone(comparison: &Comparison) -> impl Iterator<Item = SourceRowId> {
    comparison.steps.iter().filter_map(|joined| match joined.step {
        Step::Missing { current } => Some(current),
        _ => None,
    })
}

fn form_of(reading: &Reading) -> String {
    let format = reading.format.key().to_uppercase();
    match reading.encoding {
        Some(encoding) => format!("{format}, {}", encoding.name()),
        None => format,
    }
}

fn mapped(feed: &Feed, column: &crate::reading::FileColumn) -> MappedColumn {
    let target = column.column.or(column.second_of).and_then(|index| feed.columns.get(index));
    MappedColumn {
        header: column.heading.clone(),
        target: target.map(|target| target.key.clone()),
        is_second: column.second_of.is_some(),
        required: column.second_of.is_none() && target.is_some_and(|target| target.required),
        filled: u64::from(column.filled),
        usable: u64::from(column.filled.saturating_sub(column.unusable)),
    }
}

fn fault_of_warning(reading: &Reading, place: RowPlace, warning: &Warning) -> FaultGroup {
    FaultGroup {
        kind: warning.code.key().to_owned(),
        column: reading.heading(warning.column).to_owned(),
        first_place: place,
        example: warning.value.clone(),
        count: 1,
        places: vec![place],
    }
}

/// Faults of one kind in one column together, the most frequent first.
fn groups(faults: impl Iterator<Item = FaultGroup>) -> Vec<FaultGroup> {
    let mut found: HashMap<(String, String), FaultGroup> = HashMap::new();
    for fault in faults {
        found
            .entry((fault.kind.clone(), fault.column.clone()))
            .and_modify(|group| {
                group.count += 1;
                if group.places.len() < PREVIEW_PLACES && !group.places.contains(&fault.first_place) {
                    group.places.push(fault.first_place);
                }
            })
            .or_insert(fault);
    }
    let mut groups: Vec<FaultGroup> = found.into_values().collect();
    groups.sort_by(|one, other| {
        (other.count, one.first_place, &one.kind).cmp(&(one.count, other.first_place, &other.kind))
    });
    groups.truncate(PREVIEW_GROUPS);
    groups
}

/// What becomes of each line, by its place, with the fault that is shown at it.
fn fates(reading: &Reading, taken: &Taken, comparison: &Comparison) -> HashMap<RowPlace, Fated> {
    let mut fates = HashMap::new();
    for line in &reading.skipped {
        let fate =
            if line.kind == crate::reading::SkippedKind::Header { Fate::Header } else { Fate::Skipped };
        fates.insert(line.place, Fated { fate, faulty: Vec::new(), fault: Some(line.kind.key().to_owned()) });
    }
    for copy in &reading.duplicates {
        let fault = Some(copy.of.row.to_string());
        fates.insert(copy.place, Fated { fate: Fate::Duplicate, faulty: Vec::new(), fault });
    }
    for rejection in &reading.rejections {
        let faulty = rejection.column.into_iter().collect();
        let fault = Some(rejection.code.key().to_owned());
        fates.insert(rejection.place, Fated { fate: Fate::Rejected, faulty, fault });
    }
    let changed: HashMap<usize, Fate> = comparison
        .steps
        .iter()
        .filter_map(|joined| match joined.step {
            Step::Added { row } => Some((row, Fate::Added)),
            Step::Updated { row, .. } => Some((row, Fate::Updated)),
            Step::Unchanged { .. } | Step::Missing { .. } => None,
        })
        .filter(|(row, _)| *row < PREVIEW_LINES)
        .collect();
    for (index, row) in taken.rows.iter().enumerate().take(PREVIEW_LINES) {
        let faulty = row.warnings.iter().filter_map(|warning| warning.column).collect();
        let fault = row.warnings.first().map(|warning| warning.code.key().to_owned());
        let fate = changed.get(&index).copied().unwrap_or(Fate::Unchanged);
        fates.insert(row.place, Fated { fate, faulty, fault });
    }
    fates
}

struct Fated {
    fate: Fate,
    faulty: Vec<u32>,
    fault: Option<String>,
}

fn first_rows(reading: &Reading, fates: &HashMap<RowPlace, Fated>) -> Vec<PreviewRow> {
    reading
        .lines(PREVIEW_LINES)
        .filter_map(|(place, cells)| {
            let fated = fates.get(&RowPlace::first_sheet(place))?;
            Some(PreviewRow {
                place,
                cells: cells.into_iter().take(PREVIEW_CELLS).map(str::to_owned).collect(),
                fate: fated.fate,
                faulty: fated.faulty.clone(),
                fault: fated.fault.clone(),
            })
        })
        .collect()
}
