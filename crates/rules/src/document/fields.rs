//! The fields of one table of a file.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use base::{Day, Label, Severity};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Notes;
use crate::Dated;

/// The longest key, in bytes: keys become columns and addresses.
const MAXIMUM_KEY_BYTES: usize = 64;

/// A value and the line that it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The line of the file, from 1.
    pub line: u32,
}

/// The fields of one table, asked for by name. What is missing or wrong is noted and read as `None`, so that a reader
/// first asks for all fields and puts them together afterwards with `?`.
pub struct Fields<'d> {
    table: &'d DeTable<'d>,
    notes: &'d Notes<'d>,
    /// What the table is called in a fault: `[[rule]] 3`.
    place: String,
    line: u32,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'d> Fields<'d> {
    pub(super) fn root(table: &'d DeTable<'d>, notes: &'d Notes<'d>) -> Self {
        Self { table, notes, place: "the file".to_owned(), line: 1, asked: RefCell::default() }
    }

    /// The line on which the table begins.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Notes a fault at the field `name`, or at the table's own line when it has no such field.
    pub fn fault(&self, name: &str, message: impl Into<String>, mend: impl Into<String>) {
        self.fault_at(self.line_of(name), message, mend);
    }

    /// Notes a fault at `line`.
    pub fn fault_at(&self, line: u32, message: impl Into<String>, mend: impl Into<String>) {
        self.notes.add(line, message.into(), mend.into());
    }

    /// The line of the field `name`, or the table's own when it has no such field.
    pub fn line_of(&self, name: &str) -> u32 {
        self.table.get(name).map_or(self.line, |value| self.line_at(value))
    }

    /// The line of the `row`-th line (from 0) inside the text of the field `name`: a text in three quotes may begin
    /// on the line below them.
    pub fn line_inside(&self, name: &str, row: u32) -> u32 {
        let opens_below = self.table.get(name).is_some_and(|value| {
            let written = self.notes.text.get(value.span()).unwrap_or_default();
            ["'''\n", "\"\"\"\n", "'''\r\n", "\"\"\"\r\n"].iter().any(|opening| written.starts_with(opening))
        });
        self.line_of(name).saturating_add(row).saturating_add(u32::from(opens_below))
    }

    /// A required text that is not empty.
    pub fn text(&self, name: &'static str) -> Option<String> {
        self.required(name, "a text in quotes").and_then(|value| self.as_text(name, value))
    }

    /// A text that may be missing, but not empty.
    pub fn optional_text(&self, name: &'static str) -> Option<String> {
        self.given(name).and_then(|value| self.as_text(name, value))
    }

    /// A required key: a small letter, then small letters, digits and underscores.
    pub fn key(&self, name: &'static str) -> Option<String> {
        let value = self.required(name, "a key such as `absent_often`")?;
        let text = self.as_text(name, value)?;
        self.as_key(self.line_at(value), text)
    }

    /// A list of keys; a missing list is empty.
    pub fn keys(&self, name: &'static str) -> Vec<Located<String>> {
        let texts = self.texts(name);
        texts
            .into_iter()
            .filter_map(|text| {
                let line = text.line;
                self.as_key(line, text.value).map(|value| Located { value, line })
            })
            .collect()
    }

    /// A list of texts; a missing list is empty.
    pub fn texts(&self, name: &'static str) -> Vec<Located<String>> {
        let Some(value) = self.given(name) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_kind(name, value, "a list of texts");
            return Vec::new();
        };
        let located = |item: &'d Spanned<DeValue<'d>>| {
            let line = self.line_at(item);
            self.as_text(name, item).map(|value| Located { value, line })
        };
        array.iter().filter_map(located).collect()
    }

    /// A required whole number within `range`.
    pub fn integer(&self, name: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        self.required(name, "a whole number").and_then(|value| self.as_integer(name, value, range))
    }

    /// A whole number within `range` that may be missing.
    pub fn optional_integer(&self, name: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        self.given(name).and_then(|value| self.as_integer(name, value, range))
    }

    /// Yes or no; missing is no.
    pub fn flag(&self, name: &'static str) -> bool {
        let Some(value) = self.given(name) else { return false };
        if let DeValue::Boolean(flag) = value.get_ref() {
            return *flag;
        }
        self.wrong_kind(name, value, "`true` or `false`");
        false
    }

    /// A required day, written as a TOML date (`2024-11-01`).
    pub fn day(&self, name: &'static str) -> Option<Day> {
        self.required(name, "a day such as 2024-11-01").and_then(|value| self.as_day(name, value))
    }

    /// A day that may be missing.
    pub fn optional_day(&self, name: &'static str) -> Option<Day> {
        self.given(name).and_then(|value| self.as_day(name, value))
    }

    /// A required label: a table of `zh` and `en`.
    pub fn label(&self, name: &'static str) -> Option<Label> {
        let value = self.required(name, "a label such as { zh = \"线索\", en = \"Lead\" }")?;
        let fields = self.as_table(name, value)?;
        let (zh, en) = (fields.text("zh"), fields.text("en"));
        fields.finish();
        Some(Label::new(zh?, en?))
    }

    /// A label that may be missing.
    pub fn optional_label(&self, name: &'static str) -> Option<Label> {
        if self.table.contains_key(name) { self.label(name) } else { None }
    }

    /// A required level of gravity.
    pub fn severity(&self, name: &'static str) -> Option<Severity> {
        self.choice(name, &Severity::ALL.map(|severity| (severity.key(), severity)))
    }

    /// A required word out of `choices`, as the value that stands beside it.
    pub fn choice<T: Clone>(&self, name: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let value = self.required(name, &format!("one of {}", listed(choices)))?;
        let word = self.as_text(name, value)?;
        self.chosen(self.line_at(value), &word, choices)
    }

    /// The value beside `word` in `choices`; another word is noted at `line`.
    pub fn chosen<T: Clone>(&self, line: u32, word: &str, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(key, _)| *key == word).map(|(_, value)| value.clone());
        if found.is_none() {
            let message = format!("`{word}` is not known here");
            self.fault_at(line, message, format!("Write one of {}", listed(choices)));
        }
        found
    }

    /// The warrant of the table, from its fields `from`, `until`, `source` and `sample`.
    pub fn dated(&self) -> Option<Dated> {
        let (from, until) = (self.day("from"), self.optional_day("until"));
        let (source, sample) = (self.text("source"), self.flag("sample"));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let message = format!("`until` ({until}) lies before `from` ({from})");
            self.fault("until", message, "Set `until` to the last day on which it holds, or remove it");
        }
        Some(Dated { from: from?, until, source: source?, sample })
    }

    /// The tables of the list `[[name]]`, in the order of the file; a missing list is empty.
    pub fn entries(&self, name: &'static str) -> Vec<Fields<'d>> {
        let Some(value) = self.given(name) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_kind(name, value, &format!("a list of tables, each beginning with [[{name}]]"));
            return Vec::new();
        };
        self.tables_of(name, array)
    }

    /// A required table.
    pub fn table(&self, name: &'static str) -> Option<Fields<'d>> {
        let value = self.required(name, &format!("a table [{name}]"))?;
        self.as_table(name, value)
    }

    /// A table that may be missing.
    pub fn optional_table(&self, name: &'static str) -> Option<Fields<'d>> {
        self.given(name).and_then(|value| self.as_table(name, value))
    }

    /// The names of all fields of the table with their lines, for tables whose names are data. Asks for all of them.
    pub fn names(&self) -> Vec<Located<String>> {
        self.table
            .iter()
            .map(|(name, _)| Located {
                value: name.get_ref().to_string(),
                line: self.notes.lines.line_at(name.span().start),
            })
            .collect()
    }

    /// A word under a name that is data, out of `choices`.
    pub fn choice_at<T: Clone>(&self, name: &Located<String>, choices: &[(&str, T)]) -> Option<T> {
        let value = self.table.get(name.value.as_str())?;
        let word = self.as_text(&name.value, value)?;
        self.chosen(name.line, &word, choices)
    }

    /// Notes every field that was not asked for. To be called when all fields have been.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for name in self.names() {
            if !asked.contains(name.value.as_str()) {
                let message = format!("{} has no field `{}`", self.place, name.value);
                let known: Vec<(&str, ())> = asked.iter().map(|name| (*name, ())).collect();
                self.fault_at(name.line, message, format!("Remove it, or write one of {}", listed(&known)));
            }
        }
    }

    /// Notes every key of `keys` that stands there a second time.
    pub fn refuse_twins<'k>(&self, what: &str, keys: impl IntoIterator<Item = (&'k str, u32)>) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (key, line) in keys {
            if !seen.insert(key) {
                let message = format!("the {what} `{key}` stands here a second time");
                self.fault_at(line, message, "Give each its own key");
            }
        }
    }

    fn given(&self, name: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.asked.borrow_mut().insert(name);
        self.table.get(name)
    }

    fn required(&self, name: &'static str, wanted: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        let value = self.given(name);
        if value.is_none() {
            let message = format!("{} has no `{name}`", self.place);
            self.fault_at(self.line, message, format!("Add `{name}`, {wanted}"));
        }
        value
    }

    fn as_text(&self, name: &str, value: &'d Spanned<DeValue<'d>>) -> Option<String> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_kind(name, value, "a text in quotes");
            return None;
        };
        if text.trim().is_empty() {
            let message = format!("`{name}` is empty");
            self.fault_at(
                self.line_at(value),
                message,
                "Write the text, or remove the field if it may be missing",
            );
            return None;
        }
        Some(text.to_string())
    }

    fn as_key(&self, line: u32, text: String) -> Option<String> {
        let begins_well = text.starts_with(|first: char| first.is_ascii_lowercase());
        let sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if begins_well && text.len() <= MAXIMUM_KEY_BYTES && text.chars().all(sound) {
            return Some(text);
        }
        let message = format!("`{text}` is no key");
        let mend =
            format!("Use small letters, digits and underscores, a letter first, {MAXIMUM_KEY_BYTES} at most");
        self.fault_at(line, message, mend);
        None
    }

    fn as_integer(
        &self,
        name: &str,
        value: &'d Spanned<DeValue<'d>>,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let DeValue::Integer(written) = value.get_ref() else {
            self.wrong_kind(name, value, "a whole number");
            return None;
        };
        let number = i64::from_str_radix(written.as_str(), written.radix()).ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!("`{name}` is {written}");
            let mend = format!("Write a whole number from {} to {}", range.start(), range.end());
            self.fault_at(self.line_at(value), message, mend);
        }
        number
    }

    fn as_day(&self, name: &str, value: &'d Spanned<DeValue<'d>>) -> Option<Day> {
        let day = match value.get_ref() {
            DeValue::Datetime(written) if written.time.is_none() => written.date.and_then(|date| {
                let year = i16::try_from(date.year).ok()?;
                Day::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
            }),
            _ => None,
        };
        if day.is_none() {
            self.wrong_kind(name, value, "a day without quotes, such as 2024-11-01");
        }
        day
    }

    fn as_table(&self, name: &str, value: &'d Spanned<DeValue<'d>>) -> Option<Fields<'d>> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_kind(name, value, &format!("a table [{name}]"));
            return None;
        };
        let place = format!("`{name}`");
        Some(self.below(table, place, self.line_at(value)))
    }

    fn tables_of(&self, name: &'static str, array: &'d DeArray<'d>) -> Vec<Fields<'d>> {
        let mut tables = Vec::with_capacity(array.len());
        for (number, item) in array.iter().enumerate() {
            let DeValue::Table(table) = item.get_ref() else {
                self.wrong_kind(name, item, &format!("a list of tables, each beginning with [[{name}]]"));
                continue;
            };
            tables.push(self.below(table, format!("[[{name}]] {}", number + 1), self.line_at(item)));
        }
        tables
    }

    fn below(&self, table: &'d DeTable<'d>, place: String, line: u32) -> Fields<'d> {
        Fields { table, notes: self.notes, place, line, asked: RefCell::default() }
    }

    fn wrong_kind(&self, name: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a point",
            DeValue::Boolean(_) => "yes or no",
            DeValue::Datetime(_) => "a day or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.fault_at(self.line_at(value), format!("`{name}` is {found}"), format!("Write {wanted}"));
    }

    fn line_at(&self, value: &Spanned<DeValue<'_>>) -> u32 {
        self.notes.lines.line_at(value.span().start)
    }
}

/// The words of `choices` as a person reads them: `a`, `b` or `c`.
fn listed<T>(choices: &[(&str, T)]) -> String {
    let words: Vec<String> = choices.iter().map(|(word, _)| format!("`{word}`")).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}
