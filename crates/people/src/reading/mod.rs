//! Reading a delivery: the bytes of a department's file, by the description of its feed, to rows that can be taken,
//! rows that are set aside, and lines that are no rows. Pure: the day and the list of areas are arguments.
//!
//! What is taken and what is not: issue 4, "What a delivery does". Every row of the file is counted once: taken, an exact
//! copy, or set aside; titles, headers, blank lines, subtotals, notes and end marks are no rows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::RwLock;

use base::{AreaTree, Day, Label};
use policy::feeds::Feed;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sheets::{Encoding, Format, Row, Sheet};

use crate::rows::{HouseholdClaim, RowPlace, RowValues};

mod around;
mod codes;
mod fault;
mod header;
mod household;
mod names;
mod person;
mod plain;
mod plan;
mod row;
mod sections;
mod skipped;
mod surnames;
mod words;

pub use codes::{RejectionCode, SkippedKind, WarningCode, Wording};
pub use fault::ReadFault;

use household::HouseholdParts;
use plan::{At, Plan};
use row::{Draft, Fields, RowReader};
use sections::{Section, Sections};
use words::Words;

/// A delivery that was read.
#[derive(Debug)]
pub struct Reading {
    /// What the file is.
    pub format: Format,
    /// How its text is encoded; for separated text only.
    pub encoding: Option<Encoding>,
    /// Whether its name promises another kind of file.
    pub named_otherwise: bool,
    /// The sheets that were read, by name; one without a name for separated text. Places count them.
    pub sheet_names: Vec<String>,
    /// Other sheets with rows, which were not read.
    pub other_sheets: Vec<OtherSheet>,
    /// Headings of the person that stand a second time and are not read: most often a list in two halves side by side.
    pub repeated: Vec<String>,
    /// Where the first header stands, on the first of these sheets.
    pub header: HeaderPlace,
    /// The columns of the file in the order of the first header; those that only a later one has come behind.
    pub columns: Vec<FileColumn>,
    /// Columns of the feed that the file lacks, by index.
    pub lacking: Vec<usize>,
    /// Rows that are taken, in the order of the file.
    pub rows: Vec<ReadRow>,
    /// Exact copies of an earlier row.
    pub duplicates: Vec<Duplicate>,
    /// Rows that are set aside, in the order of the file.
    pub rejections: Vec<Rejection>,
    /// Lines that are no rows, in the order of the file.
    pub skipped: Vec<Skipped>,
    sheets: Vec<Sheet>,
    sections: Vec<Section>,
}

/// A sheet of the workbook that was not read, since it does not bear the list's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSheet {
    /// Its name.
    pub name: String,
    /// How many lines it has that are not blank.
    pub lines: usize,
}

/// Where the header stands: one line or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderPlace {
    /// Place of its first line.
    pub first: u32,
    /// Place of its last line.
    pub last: u32,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its heading as a person reads it; two lines are joined by ` / `.
    pub heading: String,
    /// Index of the feed's column that it is; `None` when it is kept as it came and not used.
    pub column: Option<usize>,
    /// Index of the feed's column of which it is a second one: used where the first is empty.
    pub second_of: Option<usize>,
    /// In how many rows it holds something (known for the first 128 columns).
    pub filled: u32,
    /// In how many of them the value cannot be used.
    pub unusable: u32,
}

/// A row that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// The sheet's row number, or the physical line where the record starts.
    pub place: RowPlace,
    /// What it says, as far as it can be used.
    pub values: RowValues,
    /// What identifies it within its feed: the starred key, else the usable number, else name, birth and guardian or
    /// address. To be hashed with a key before it is stored.
    pub key: String,
    /// All that it says, independent of the order of columns: equal contents are copies. To be hashed with a key.
    pub content: String,
    /// What was noted.
    pub warnings: Vec<Warning>,
    /// The indicators that it yields.
    pub indicators: Vec<Indicator>,
}

/// A dated fact that a row yields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Which fact: `left_behind`.
    pub kind: String,
    /// Its day, if the row says one.
    pub day: Option<Day>,
    /// Its number (days absent, grade of disability), if the row says one.
    pub number: Option<i64>,
}

/// Something noted on a row that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The column, by its place in [`Reading::columns`]; `None` for the whole row.
    pub column: Option<u32>,
    /// What was noted.
    pub code: WarningCode,
    /// The value, masked.
    pub value: String,
    /// Place of the other row that it is about.
    pub other_row: Option<RowPlace>,
}

/// A row that is set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The sheet's row number, or the physical line where the record starts.
    pub place: RowPlace,
    /// The column, by its place in [`Reading::columns`]; `None` for the whole row.
    pub column: Option<u32>,
    /// Why.
    pub code: RejectionCode,
    /// The value, masked; for a wrong number of fields `found/expected`.
    pub value: String,
    /// Place of the other row that it is about.
    pub other_row: Option<RowPlace>,
    /// What identifies it within its feed, as far as that can be read: it keeps its predecessor from being gone.
    pub key: Option<String>,
}

/// An exact copy of an earlier row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duplicate {
    /// Its place.
    pub place: RowPlace,
    /// Place of the row that it copies.
    pub of: RowPlace,
}

/// A line that is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// Its place.
    pub place: RowPlace,
    /// What it is.
    pub kind: SkippedKind,
}

/// Rows from which on another number of fields than the header's can be the habit of the program that wrote the file.
const HABIT_ROWS: usize = 2;
/// How many times as many rows must have it as have the header's.
const HABIT_SHARE: usize = 9;

/// Reads a delivery of `feed`.
///
/// # Errors
/// Files that are no table, and tables without the required columns; never a single row.
pub fn read(
    bytes: &[u8],
    file_name: &str,
    feed: &Feed,
    today: Day,
    tree: &AreaTree,
) -> Result<Reading, ReadFault> {
    let workbook = sheets::read(bytes, file_name)?;
    let otherwise = workbook.named_otherwise.then_some(workbook.format);
    let Some((index, header)) = sections::best(&workbook.sheets, feed) else {
        return Err(fault::missing_columns(feed, None, workbook.sheets.first(), otherwise));
    };
    let sheet = workbook.sheets.get(index);
    if !header.lacks(feed).is_empty() {
        return Err(fault::missing_columns(feed, Some(&header), sheet, otherwise));
    }
    if header.width_filled() == 1 && sheet.is_some_and(|sheet| fault::is_unseparated(sheet, feed)) {
        return Err(fault::missing_columns(feed, None, sheet, otherwise));
    }
    if let Some(labels) = sheet.and_then(|sheet| header.labels_for_persons(sheet, feed)) {
        return Err(ReadFault::NoList { labels });
    }
    let repeated = header.repeats_person(feed);
    let Sections { sheets, found: sections, columns, others } =
        Sections::of(workbook.sheets, index, &header, feed);
    let table = Table::read(&sheets, &sections, columns, feed, today, tree);
    Ok(Reading {
        format: workbook.format,
        encoding: workbook.encoding,
        named_otherwise: workbook.named_otherwise,
        sheet_names: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        other_sheets: others,
        repeated,
        header: table.header,
        columns: table.columns,
        lacking: table.lacking,
        rows: table.rows,
        duplicates: table.duplicates,
        rejections: table.rejections,
        skipped: table.skipped,
        sheets,
        sections,
    })
}

impl Reading {
    /// How many rows the file has: those taken, the copies, and those set aside.
    pub fn row_count(&self) -> usize {
        self.rows.len() + self.duplicates.len() + self.rejections.len()
    }

    /// The heading of a column that a warning or a rejection names; empty for the whole row.
    pub fn heading(&self, column: Option<u32>) -> &str {
        let column = column.and_then(|column| self.columns.get(usize::try_from(column).ok()?));
        column.map(|column| column.heading.as_str()).unwrap_or_default()
    }

    /// What somebody who sent the file must know of it as a whole, though it is taken: that it is another kind of file
    /// than its name says, that other sheets were not read, that there is no row.
    pub fn notes(&self) -> Vec<Label> {
        fault::notes(self)
    }

    /// How many rows that are taken have warnings.
    pub fn rows_with_warnings(&self) -> usize {
        self.rows.iter().filter(|row| !row.warnings.is_empty()).count()
    }

    /// Whether the file has a header and no row below it.
    pub fn is_header_only(&self) -> bool {
        self.row_count() == 0
    }

    /// The cells of the row at `place`, taken or not, in the order of [`Reading::columns`]; a row may have more of them or
    /// fewer.
    pub fn cells(&self, place: RowPlace) -> Vec<&str> {
        let Some(row) = self.row_at(place) else { return Vec::new() };
        let after = self.sections.partition_point(|section| section.from <= place);
        match after.checked_sub(1).and_then(|index| self.sections.get(index)) {
            Some(section) => section.arranged(&row, self.columns.len()),
            None => row.cells().map(|cell| cell.text).collect(),
        }
    }

    /// The cells of the row at `place` as they stand in the file: for a row of which nobody knows which cell is whose.
    pub fn cells_as_they_stand(&self, place: RowPlace) -> Vec<&str> {
        self.row_at(place).map(|row| row.cells().map(|cell| cell.text).collect()).unwrap_or_default()
    }

    fn row_at(&self, place: RowPlace) -> Option<Row<'_>> {
        self.sheets.get(usize::from(place.sheet))?.row_at(place.row)
    }

    /// The first `count` lines of the first sheet with their places, for a preview.
    pub fn lines(&self, count: usize) -> impl Iterator<Item = (u32, Vec<&str>)> {
        let lines = self.sheets.first().into_iter().flat_map(Sheet::rows).take(count);
        lines.map(|row| (row.place, self.cells(RowPlace::first_sheet(row.place))))
    }
}

/// The parts of a [`Reading`] that come from the rows of its sheets.
struct Table {
    header: HeaderPlace,
    columns: Vec<FileColumn>,
    lacking: Vec<usize>,
    rows: Vec<ReadRow>,
    duplicates: Vec<Duplicate>,
    rejections: Vec<Rejection>,
    skipped: Vec<Skipped>,
}

/// A row below the header that is one, with what came of it.
struct Line {
    place: RowPlace,
    /// The section that it is in, by index.
    section: usize,
    content: String,
    draft: Draft,
}

impl Table {
    fn read(
        sheets: &[Sheet],
        sections: &[Section],
        columns: Vec<FileColumn>,
        feed: &Feed,
        today: Day,
        tree: &AreaTree,
    ) -> Self {
        let words = Words::of(feed);
        let places = RwLock::default();
        let has_rounded = sections
            .iter()
            .zip(of_sections(sheets, sections))
            .any(|(section, sheet)| has_rounded(sheet, section));
        let readers: Vec<RowReader> = sections
            .iter()
            .zip(of_sections(sheets, sections))
            .map(|(section, sheet)| RowReader {
                feed,
                sheet,
                section,
                plan: Plan::of(feed, &section.header, &section.columns),
                words: &words,
                tree,
                today,
                fields: (!sheet.is_grid).then(|| fields_of(sheet, section)),
                has_rounded,
                places: &places,
            })
            .collect();
        let is_known = |index: &usize| columns.iter().any(|column| column.column == Some(*index));
        let mut table = Self {
            header: readers.first().map_or(HeaderPlace { first: 0, last: 0 }, RowReader::header_place),
            lacking: (0..feed.columns.len()).filter(|index| !is_known(index)).collect(),
            columns,
            rows: Vec::new(),
            duplicates: Vec::new(),
            rejections: Vec::new(),
            skipped: Vec::new(),
        };
        let mut lines = Vec::new();
        for (section, reader) in readers.iter().enumerate() {
            table.skipped.extend(reader.lines_above());
            // Each line is read by itself; the order of the result is that of the lines.
            let read: Vec<Result<Line, Skipped>> = reader
                .section
                .rows
                .clone()
                .into_par_iter()
                .filter_map(|index| {
                    reader.sheet.row(index).map(|row| read_line(reader, section, index, &row))
                })
                .collect();
            lines.reserve(read.len());
            for line in read {
                match line {
                    Ok(line) => lines.push(line),
                    Err(skipped) => table.skipped.push(skipped),
                }
            }
        }
        if feed.by_household {
            tell_households(&mut lines, &readers);
        }
        table.sort_out(lines, &readers);
        table
    }

    /// Parts the rows into those taken, copies, and those set aside.
    fn sort_out(&mut self, lines: Vec<Line>, readers: &[RowReader]) {
        let copies = copies(&lines);
        let mut first_of_key: HashMap<String, RowPlace> = HashMap::with_capacity(lines.len());
        for (line, of) in lines.into_iter().zip(copies) {
            self.count(&line.draft);
            if let Some(of) = of {
                self.duplicates.push(Duplicate { place: line.place, of });
                continue;
            }
            let mut draft = line.draft;
            let is_starred = draft.starred.is_some();
            let key = row_key(&draft);
            if let Some(rejection) = draft.rejection {
                self.rejections.push(Rejection { key, ..rejection });
                continue;
            }
            let key = key.unwrap_or_default();
            match first_of_key.entry(key.clone()) {
                Entry::Vacant(free) => drop(free.insert(line.place)),
                Entry::Occupied(earlier) if is_starred => {
                    self.rejections.push(Rejection {
                        place: line.place,
                        column: readers
                            .get(line.section)
                            .and_then(|reader| reader.plan.starred)
                            .map(At::column),
                        code: RejectionCode::KeyConflict,
                        value: base::mask::identity_number(draft.starred.as_deref().unwrap_or_default()),
                        other_row: Some(*earlier.get()),
                        key: Some(key),
                    });
                    continue;
                }
                Entry::Occupied(earlier) => draft.warnings.push(Warning {
                    column: None,
                    code: WarningCode::SameKey,
                    value: String::new(),
                    other_row: Some(*earlier.get()),
                }),
            }
            self.rows.push(ReadRow {
                place: line.place,
                values: draft.values,
                key,
                content: line.content,
                warnings: draft.warnings,
                indicators: draft.indicators,
            });
        }
    }

    fn count(&mut self, draft: &Draft) {
        for (place, column) in self.columns.iter_mut().enumerate().take(128) {
            let bit = 1_u128 << place;
            column.filled += u32::from(draft.filled & bit != 0);
            column.unusable += u32::from(draft.unusable & bit != 0);
        }
    }
}

/// The sheet of each of `sections`.
fn of_sections<'a>(sheets: &'a [Sheet], sections: &'a [Section]) -> impl Iterator<Item = &'a Sheet> {
    sections.iter().filter_map(|section| sheets.get(usize::from(section.from.sheet)))
}

fn read_line(reader: &RowReader, section: usize, index: usize, row: &Row) -> Result<Line, Skipped> {
    let place = reader.place(row);
    if let Some(kind) = skipped::below_header(row, &reader.section.header, reader.feed) {
        return Err(Skipped { place, kind });
    }
    Ok(Line { place, section, content: reader.content_of(row), draft: reader.read(index, row) })
}

/// Gives each row its household; a row of which it cannot be told is set aside, if the file tells households at all.
fn tell_households(lines: &mut [Line], readers: &[RowReader]) {
    let mut parts: Vec<HouseholdParts> =
        lines.iter_mut().map(|line| std::mem::take(&mut line.draft.household)).collect();
    if numbers_begin_anew(lines, &parts) {
        for (line, parts) in lines.iter().zip(&mut parts) {
            let sheet = readers.get(line.section).map_or("", |reader| reader.sheet.name.as_str());
            parts.number = parts.number.take().map(|number| format!("{sheet} {number}"));
        }
    }
    let is_merged = household::is_merged(&parts);
    let mut above: Option<String> = None;
    let mut section = 0;
    for (line, parts) in lines.iter_mut().zip(parts) {
        if line.section != section {
            // A household does not reach over a header.
            (above, section) = (None, line.section);
        }
        let filled_from_above = is_merged && parts.is_blank && parts.is_member;
        let key = if filled_from_above { above.clone() } else { parts.key() };
        if let Some(key) = key {
            if filled_from_above {
                // 王芳, the wife in one household, is no copy of 王芳, the wife in the next.
                line.content.push_str(&key);
            }
            above = Some(key.clone());
            let role = line.draft.values.household.take().and_then(|claim| claim.role);
            line.draft.values.household = Some(HouseholdClaim { key, role });
            continue;
        }
        line.draft.values.household = None;
        let plan = readers.get(line.section).map(|reader| &reader.plan);
        let column = plan.and_then(|plan| plan.household.or(plan.head_identity).or(plan.head_name));
        if let Some(at) = column {
            line.draft.reject(line.place, Some(at.column()), RejectionCode::HouseholdUnknown, parts.word);
        }
    }
}

/// Whether each sheet counts its households from one: a number is that of another head on another sheet.
fn numbers_begin_anew(lines: &[Line], parts: &[HouseholdParts]) -> bool {
    let mut heads: HashMap<&str, (u16, &str)> = HashMap::new();
    lines.iter().zip(parts).filter(|(_, parts)| parts.is_head).any(|(line, parts)| {
        let Some(number) = &parts.number else { return false };
        let own = (line.place.sheet, line.draft.name_as_written.as_str());
        let (sheet, name) = *heads.entry(number).or_insert(own);
        sheet != own.0 && name != own.1
    })
}

/// For each line the place of the earlier one that it copies.
fn copies(lines: &[Line]) -> Vec<Option<RowPlace>> {
    let mut seen: HashMap<&str, RowPlace> = HashMap::with_capacity(lines.len());
    let mut copies = Vec::with_capacity(lines.len());
    for line in lines {
        copies.push(match seen.entry(line.content.as_str()) {
            Entry::Occupied(earlier) => Some(*earlier.get()),
            Entry::Vacant(free) => {
                free.insert(line.place);
                None
            }
        });
    }
    copies
}

/// What identifies a row: the starred key, else the usable number, else name, birth and guardian or address. `None` when
/// it names nobody.
fn row_key(draft: &Draft) -> Option<String> {
    let values = &draft.values;
    if let Some(starred) = &draft.starred {
        return Some(format!("key:{starred}"));
    }
    if let Some(document) = &values.document {
        return Some(format!("id:{}", document.number()));
    }
    let name = values.name.as_deref().unwrap_or(&draft.name_as_written);
    if name.is_empty() {
        return None;
    }
    let birth = values.birth.map(|day| day.to_string()).unwrap_or_default();
    let guardian = values.guardians.first().map(|guardian| {
        let phone = guardian.phones.first().map(|phone| phone.as_str().to_owned());
        guardian.name.clone().or(phone).unwrap_or_default()
    });
    let around = guardian.filter(|text| !text.is_empty()).or_else(|| {
        let address = values.places.iter().find_map(|place| place.address.clone());
        address.map(|text| text.chars().filter(|character| !character.is_whitespace()).collect())
    });
    Some(format!("name:{name}\u{1f}{birth}\u{1f}{}", around.unwrap_or_default()))
}

/// How many fields a row may have: as many as the header, or as nearly all rows.
fn fields_of(sheet: &Sheet, section: &Section) -> Fields {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for row in rows_of(sheet, section).filter(|row| row.len() > 1) {
        *counts.entry(row.len()).or_default() += 1;
    }
    let header = section.header.fields;
    let as_header = counts.get(&header).copied().unwrap_or(0);
    // The greater count of rows, then the greater number of fields: never by the order of a map.
    let usual = counts
        .into_iter()
        .max_by_key(|(fields, rows)| (*rows, *fields))
        // A program ends every line in the same way; a few lines with a separator too many are slips.
        .filter(|(_, rows)| *rows >= HABIT_ROWS && *rows > as_header * HABIT_SHARE)
        .map_or(header, |(fields, _)| fields);
    Fields { header, usual }
}

/// Whether some identity number of the section was certainly rounded: then one that ends like a rounded number and fits
/// by chance is not trusted either.
fn has_rounded(sheet: &Sheet, section: &Section) -> bool {
    let Some(column) = section.header.identity else { return false };
    rows_of(sheet, section).any(|row| {
        let text = row.cell(column).text.trim();
        (text.ends_with("000") || text.contains(['E', 'e']))
            && base::ResidentId::read(text) == Err(base::resident_id::ResidentIdFault::Rounded)
    })
}

/// The rows below the section's header.
fn rows_of<'a>(sheet: &'a Sheet, section: &Section) -> impl Iterator<Item = Row<'a>> {
    section.rows.clone().filter_map(|index| sheet.row(index))
}

#[cfg(test)]
mod tests;
