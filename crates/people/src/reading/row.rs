//! One row of a file to typed values, warnings, or the reason for which it is set aside.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use base::notation::cell_text;
use base::{AreaPath, AreaTree, Day, DayReading, IdentityDocument, mask, read_day};
use policy::feeds::Feed;
use sheets::{CellKind, Row, RowFault, Sheet};

use crate::rows::{Place, RowPlace, RowValues};

use super::codes::{RejectionCode, SkippedKind, WarningCode};
use super::household::HouseholdParts;
use super::plan::{At, Plan};
use super::sections::Section;
use super::skipped::above_header;
use super::words::{Word, Words};
use super::{HeaderPlace, Indicator, Rejection, Skipped, Warning};

/// How far up a cell that says "as above" is followed.
const DITTO_ROWS: usize = 2_000;

/// What is needed to read any row of a file.
pub(super) struct RowReader<'a> {
    pub(super) feed: &'a Feed,
    pub(super) sheet: &'a Sheet,
    pub(super) section: &'a Section,
    pub(super) plan: Plan,
    pub(super) words: &'a Words,
    pub(super) tree: &'a AreaTree,
    pub(super) today: Day,
    /// Numbers of fields that a row may have; `None` in a grid, where a count says nothing.
    pub(super) fields: Option<Fields>,
    /// Whether some identity number of the file has certainly been rounded by a spreadsheet.
    pub(super) has_rounded: bool,
    /// Areas by the texts of their columns: a file names a few hundred of them a hundred thousand times.
    pub(super) places: &'a RwLock<HashMap<String, Option<AreaPath>>>,
}

/// Numbers of fields that a row may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// As many as the header has.
    pub(super) header: usize,
    /// As many as most rows have, if what they have more or less is empty.
    pub(super) usual: usize,
}

/// What came of a row.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) values: RowValues,
    pub(super) warnings: Vec<Warning>,
    pub(super) rejection: Option<Rejection>,
    pub(super) indicators: Vec<Indicator>,
    pub(super) household: HouseholdParts,
    /// Name as written, for the row key of somebody whose name is not whole.
    pub(super) name_as_written: String,
    /// The starred key, if the feed has one and the row bears it.
    pub(super) starred: Option<String>,
    /// Columns of the delivery that hold something, the first 128 of them.
    pub(super) filled: u128,
    /// Columns of the delivery whose value cannot be used.
    pub(super) unusable: u128,
}

/// What a cell holds.
pub(super) enum Content<'r> {
    /// Nothing, or a word that says so.
    Nothing,
    /// A word that says that the value is still to be verified.
    Pending(Cow<'r, str>),
    /// A formula that failed.
    FormulaError(Cow<'r, str>),
    /// A value.
    Value(Cow<'r, str>, CellKind),
}

/// Days between the two days from which workbooks count.
const DAYS_FROM_1900_TO_1904: u32 = 1_462;
/// Numbers that are days where days are counted from 1904: as those that are where they are counted from 1900.
const DAYS_FROM_1904: std::ops::RangeInclusive<u32> = 8_538..=71_588;

/// Most texts of areas that are remembered.
const MOST_PLACES: usize = 20_000;

/// Digits of a number that a spreadsheet keeps.
const DIGITS_KEPT: usize = 15;

/// Whether a spreadsheet has rounded what was a long number: 4.40305E+19.
fn is_rounded(text: &str, kind: CellKind) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let has_exponent = || {
        let exponent = text.split_once(['E', 'e']).and_then(|(_, exponent)| exponent.strip_prefix('+'));
        exponent.and_then(|exponent| exponent.parse::<usize>().ok()).is_some_and(|more| more >= DIGITS_KEPT)
    };
    (kind == CellKind::Number && digits > DIGITS_KEPT) || (text.parse::<f64>().is_ok() && has_exponent())
}

impl RowReader<'_> {
    /// Reads the row at `index` of the sheet.
    pub(super) fn read(&self, index: usize, row: &Row) -> Draft {
        let mut draft = Draft::default();
        if let Some(found) = self.wrong_field_count(row) {
            draft.reject(self.place(row), None, RejectionCode::FieldCount, found);
            // Nobody knows which field is whose; a number of the right form is still somebody's, and tells whose row it was.
            let numbers = row.cells().filter_map(|cell| IdentityDocument::read(cell.text).ok());
            draft.values.document = numbers.filter(|document| document.resident_id().is_some()).last();
            return draft;
        }
        match row.fault {
            // What can be read is read on: it tells whose row it was.
            Some(RowFault::Undecodable) => {
                draft.reject(self.place(row), None, RejectionCode::Undecodable, String::new());
            }
            Some(RowFault::CellTooLong | RowFault::TooManyCells) => {
                draft.warnings.push(Warning {
                    column: None,
                    code: WarningCode::Cut,
                    value: String::new(),
                    other_row: None,
                });
            }
            None => {}
        }
        self.note_filled(row, &mut draft);
        self.read_person(row, &mut draft);
        self.read_guardians(row, &mut draft);
        self.read_places(index, row, &mut draft);
        self.read_school(row, &mut draft);
        self.read_plain(row, &mut draft);
        if self.feed.by_household {
            self.read_household(index, row, &mut draft);
        }
        self.check_required(row, &mut draft);
        if let Some(at) = self.plan.starred
            && let Content::Value(text, kind) = self.content(row, at)
        {
            // What a spreadsheet has rounded is many people's, and identifies nobody.
            if is_rounded(&text, kind) {
                warn(&mut draft, at, WarningCode::IdRounded, mask::identity_number(&text));
                return draft;
            }
            draft.starred = Some(text.chars().filter(|character| !character.is_whitespace()).collect());
        }
        draft
    }

    /// The day that a cell says. A number without a date's format counts as its workbook does.
    pub(super) fn day_of(&self, text: &str, kind: CellKind) -> DayReading {
        if kind == CellKind::Number && self.sheet.counts_from_1904 {
            let whole = text.split('.').next().and_then(|whole| whole.parse::<u32>().ok());
            if let Some(number) = whole.filter(|number| DAYS_FROM_1904.contains(number)) {
                return read_day(&(number + DAYS_FROM_1900_TO_1904).to_string());
            }
        }
        read_day(text)
    }

    /// Where the row stands in the file.
    pub(super) fn place(&self, row: &Row) -> RowPlace {
        RowPlace { sheet: self.section.from.sheet, row: row.place }
    }

    /// Where the section's header stands.
    pub(super) fn header_place(&self) -> HeaderPlace {
        let row = |index: usize| self.sheet.row(index).map_or(0, |row| row.place);
        HeaderPlace { first: row(self.section.header.first), last: row(self.section.header.last) }
    }

    /// The lines of the section above its rows: the header, and what stands above that.
    pub(super) fn lines_above(&self) -> impl Iterator<Item = Skipped> {
        let header = &self.section.header;
        (self.section.above..=header.last).filter_map(|index| {
            let row = self.sheet.row(index)?;
            let kind = if index < header.first { above_header(&row) } else { SkippedKind::Header };
            Some(Skipped { place: self.place(&row), kind })
        })
    }

    /// Notes which columns of the delivery hold something.
    fn note_filled(&self, row: &Row, draft: &mut Draft) {
        for (cell, column) in row.cells().zip(&self.section.columns) {
            if *column < 128 && !cell.text.trim().is_empty() {
                draft.filled |= 1 << column;
            }
        }
    }

    /// The count of fields with the header's, if the row's is wrong.
    fn wrong_field_count(&self, row: &Row) -> Option<String> {
        let fields = self.fields?;
        let count = row.len();
        if count == fields.header {
            return None;
        }
        // A separator at the end of every line but the header's, or the other way about, is a habit of the program.
        let surplus_is_empty = row.cells().skip(fields.header).all(|cell| cell.text.trim().is_empty());
        let lacking_is_empty =
            self.section.header.columns.iter().skip(count).all(|column| column.text.is_empty());
        if count == fields.usual && surplus_is_empty && lacking_is_empty {
            return None;
        }
        Some(format!("{count}/{}", fields.header))
    }

    /// What the cell at `at` holds.
    pub(super) fn content<'r>(&self, row: &Row<'r>, at: At) -> Content<'r> {
        let cell = row.cell(at.file);
        let text = cell_text(cell.text);
        if cell.kind == CellKind::Error {
            return Content::FormulaError(text);
        }
        match self.words.word(&text) {
            None | Some(Word::Ditto) => Content::Value(text, cell.kind),
            Some(Word::Nothing) => Content::Nothing,
            Some(Word::Pending) => Content::Pending(text),
            Some(Word::FormulaError) => Content::FormulaError(text),
        }
    }

    /// Where the row says what the column at `at` holds: there, or in a second column of the same heading if it holds
    /// nothing there.
    pub(super) fn said_at(&self, row: &Row, at: At) -> At {
        let Some(second) = at.second() else { return at };
        let is_empty = |at| matches!(self.content(row, at), Content::Nothing);
        if is_empty(at) && !is_empty(second) { second } else { at }
    }

    /// The value of a cell for which a word in place of one is nothing more to say than a warning.
    pub(super) fn value<'r>(
        &self,
        row: &Row<'r>,
        at: Option<At>,
        draft: &mut Draft,
    ) -> Option<(Cow<'r, str>, CellKind, At)> {
        let at = self.said_at(row, at?);
        match self.content(row, at) {
            Content::Nothing => None,
            Content::Pending(text) => {
                warn(draft, at, WarningCode::Pending, text.into_owned());
                None
            }
            Content::FormulaError(text) => {
                warn(draft, at, WarningCode::FormulaError, text.into_owned());
                None
            }
            Content::Value(text, kind) => Some((text, kind, at)),
        }
    }

    /// The value of a cell, or of the nearest one above it when it says "as above".
    pub(super) fn value_or_above<'r>(
        &'r self,
        index: usize,
        row: &Row<'r>,
        at: Option<At>,
        draft: &mut Draft,
    ) -> Option<(Cow<'r, str>, At)> {
        let (text, _, at) = self.value(row, at, draft)?;
        if self.words.word(&text) != Some(Word::Ditto) {
            return Some((text, at));
        }
        let above = (self.section.header.last + 1..index)
            .rev()
            .take(DITTO_ROWS)
            .filter_map(|index| self.sheet.row(index));
        for row in above {
            match self.content(&row, at) {
                Content::Value(text, _) if self.words.word(&text) == Some(Word::Ditto) => {}
                Content::Value(text, _) => return Some((text, at)),
                _ => return None,
            }
        }
        None
    }

    /// The area that columns name, remembered by their texts.
    pub(super) fn area_of(&self, district: &str, subdistrict: &str, community: &str) -> Option<AreaPath> {
        let text = format!("{district}\u{1f}{subdistrict}\u{1f}{community}");
        let known = self.places.read().unwrap_or_else(PoisonError::into_inner).get(&text).copied();
        known.unwrap_or_else(|| {
            let path = self.tree.place(district, subdistrict, community);
            let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
            if places.len() < MOST_PLACES {
                places.insert(text, path);
            }
            path
        })
    }

    fn read_school(&self, row: &Row, draft: &mut Draft) {
        let school = self.value(row, self.plan.school, draft).map(|(text, _, _)| text.into_owned());
        let grade = self.value(row, self.plan.grade, draft).map(|(text, _, _)| text.into_owned());
        let class = self.value(row, self.plan.class, draft).map(|(text, _, _)| text.into_owned());
        let both = self.value(row, self.plan.school_and_class, draft).map(|(text, _, _)| split_school(&text));
        let (school_of_both, class_of_both) = both.unwrap_or_default();
        draft.values.school = school.or(school_of_both);
        draft.values.class = match (grade, class) {
            (Some(grade), Some(class)) if class.starts_with(grade.as_str()) => Some(class),
            (Some(grade), Some(class)) => Some(format!("{grade}{class}")),
            (one, other) => other.or(one).or(class_of_both),
        };
    }

    fn check_required(&self, row: &Row, draft: &mut Draft) {
        for at in &self.plan.required {
            let at = self.said_at(row, *at);
            if draft.rejection.is_some() {
                return;
            }
            let text = row.cell(at.file).text;
            let is_person =
                [self.plan.name, self.plan.identity].iter().flatten().any(|own| own.file == at.file);
            let code = match self.content(row, at) {
                Content::Nothing => RejectionCode::RequiredEmpty,
                // A name in part, or a number that is masked, is a warning wherever it stands.
                _ if is_person => continue,
                _ if at.delivery < 128 && draft.unusable & (1 << at.delivery) != 0 => {
                    RejectionCode::RequiredUnreadable
                }
                _ => continue,
            };
            draft.reject(self.place(row), Some(at.column()), code, mask::text(text));
        }
    }

    /// The content of a row, by which copies and changes are told: every cell that holds something, by the name of its
    /// column.
    pub(super) fn content_of(&self, row: &Row) -> String {
        let mut content = String::with_capacity(256);
        for (place, name) in &self.plan.content {
            let text = cell_text(row.cell(*place).text);
            if !text.is_empty() {
                content.push_str(name);
                content.push('\u{1f}');
                content.push_str(&text);
                content.push('\u{1e}');
            }
        }
        // A row that is cut wrongly copies none that is cut rightly; fields beyond the header are content too.
        if let Some(found) = self.wrong_field_count(row) {
            content.push_str(&found);
            content.push('\u{1e}');
        }
        for cell in
            row.cells().skip(self.section.header.columns.len()).filter(|cell| !cell.text.trim().is_empty())
        {
            content.push_str(cell.text);
            content.push('\u{1e}');
        }
        content
    }
}

impl Draft {
    /// Sets the row aside; the first reason stays.
    pub(super) fn reject(
        &mut self,
        place: RowPlace,
        column: Option<u32>,
        code: RejectionCode,
        value: String,
    ) {
        if self.rejection.is_none() {
            self.rejection = Some(Rejection { place, column, code, value, other_row: None, key: None });
        }
    }

    /// Adds a place, if it says anything.
    pub(super) fn add_place(&mut self, place: Place) {
        if place.address.is_some() || place.area.is_some() {
            self.values.places.push(place);
        }
    }
}

/// Notes a warning; `value` is masked already.
pub(super) fn warn(draft: &mut Draft, at: At, code: WarningCode, value: String) {
    if at.delivery < 128 {
        draft.unusable |= 1 << at.delivery;
    }
    draft.warnings.push(Warning { column: Some(at.column()), code, value, other_row: None });
}

/// `西丽某小学 五（3）` into school and class.
fn split_school(text: &str) -> (Option<String>, Option<String>) {
    let endings =
        ["小学部", "初中部", "高中部", "小学", "中学", "学校", "幼儿园", "学院", "一中", "二中", "校区"];
    let end = endings.iter().filter_map(|ending| text.rfind(ending).map(|start| start + ending.len())).max();
    let (school, class) = match end {
        Some(end) => (text.get(..end).unwrap_or(text), text.get(end..).unwrap_or_default()),
        None => text.split_once([' ', '/']).unwrap_or((text, "")),
    };
    let filled =
        |text: &str| Some(text.trim_matches([' ', '/', '-', ',']).to_owned()).filter(|text| !text.is_empty());
    (filled(school), filled(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn school_and_class_are_parted() {
        for (text, school, class) in [
            ("西丽某小学 五(3)", "西丽某小学", Some("五(3)")),
            ("南头某中学初二1班", "南头某中学", Some("初二1班")),
            ("某实验学校小学部/三年级2班", "某实验学校小学部", Some("三年级2班")),
            ("某校 三(2)", "某校", Some("三(2)")),
            ("西丽某小学", "西丽某小学", None),
        ] {
            assert_eq!(split_school(text), (Some(school.to_owned()), class.map(str::to_owned)), "{text}");
        }
    }
}
