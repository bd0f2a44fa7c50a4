//! Reading what was typed, field by field; every fault is kept with its field and said in the reader's language.

use std::ops::RangeInclusive;

use base::{Day, Label, read_day};
use texts::Language;
use uuid::Uuid;

use super::body::Body;
use super::{Typed, Upload};
use crate::Texts;

/// What a form is read into.
pub trait FromForm: Sized {
    /// Reads all fields. `None` when a field has a fault; `form` then knows which. Read every field before the first
    /// `?`, so that all faults are found at once.
    fn read(form: &mut Reader) -> Option<Self>;
}

/// A form without fields: a button.
impl FromForm for () {
    fn read(_: &mut Reader) -> Option<Self> {
        Some(())
    }
}

/// A form whose fields are known at run time only, as those of the workflow are: read it with [`Reader`] yourself.
impl FromForm for Reader {
    fn read(form: &mut Reader) -> Option<Self> {
        Some(Self { typed: form.typed.clone(), files: std::mem::take(&mut form.files), words: form.words })
    }
}

/// What was typed, being read. Each method reads one field: `Some` when it can be taken, `None` when it has a fault,
/// which is then kept.
pub struct Reader {
    typed: Typed,
    files: Vec<Upload>,
    words: Texts,
}

impl Reader {
    pub(crate) fn new(body: Body, language: Language) -> Self {
        let fields = body.fields.into_iter().filter(|(name, _)| !name.starts_with('_')).collect();
        Self { typed: Typed::of(fields, language), files: body.files, words: Texts(language) }
    }

    /// What was typed, with the faults that were found.
    pub fn into_typed(self) -> Typed {
        self.typed
    }

    /// What was typed, unread.
    pub fn typed(&self) -> &Typed {
        &self.typed
    }

    /// The language in which faults are said.
    pub fn language(&self) -> Language {
        self.words.0
    }

    /// Says what is wrong with the field `name`. Returns `None`, for the end of a closure.
    pub fn fault<T>(&mut self, name: &str, fault: &Label) -> Option<T> {
        self.typed.add_label(name, fault);
        None
    }

    /// A text of 1 to `limit` characters, without spaces at its ends.
    pub fn text(&mut self, name: &str, limit: usize) -> Option<String> {
        match self.optional_text(name, limit)? {
            Some(text) => Some(text),
            None => self.refuse(name, self.words.form_required().to_owned()),
        }
    }

    /// As `text`, but nothing may stand there.
    pub fn optional_text(&mut self, name: &str, limit: usize) -> Option<Option<String>> {
        let text = self.typed.value(name).trim();
        if text.is_empty() {
            return Some(None);
        }
        if text.chars().count() > limit {
            return self.refuse(name, self.words.form_too_long(limit, text.chars().count()));
        }
        Some(Some(text.to_owned()))
    }

    /// A text of at least `least` and at most `limit` characters: a reason that says something.
    pub fn reason(&mut self, name: &str, least: usize, limit: usize) -> Option<String> {
        let text = self.text(name, limit)?;
        let length = text.chars().count();
        if length < least {
            return self.refuse(name, self.words.form_too_short(least, length));
        }
        Some(text)
    }

    /// What was typed, as it is: passwords.
    pub fn raw(&mut self, name: &str) -> Option<String> {
        let text = self.typed.value(name).to_owned();
        if text.is_empty() { self.refuse(name, self.words.form_required().to_owned()) } else { Some(text) }
    }

    /// A whole number in `range`.
    pub fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        match self.optional_integer(name, range)? {
            Some(number) => Some(number),
            None => self.refuse(name, self.words.form_required().to_owned()),
        }
    }

    /// As `integer`, but nothing may stand there.
    pub fn optional_integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<Option<i64>> {
        let text = self.typed.value(name).trim().to_owned();
        if text.is_empty() {
            return Some(None);
        }
        match text.parse::<i64>() {
            Ok(number) if range.contains(&number) => Some(Some(number)),
            Ok(_) => self.refuse(name, self.words.form_out_of_range(*range.start(), *range.end())),
            Err(_unshown) => self.refuse(name, self.words.form_not_a_number().to_owned()),
        }
    }

    /// A day, in any notation that says which day it is.
    pub fn day(&mut self, name: &str) -> Option<Day> {
        match self.optional_day(name)? {
            Some(day) => Some(day),
            None => self.refuse(name, self.words.form_required().to_owned()),
        }
    }

    /// As `day`, but nothing may stand there.
    pub fn optional_day(&mut self, name: &str) -> Option<Option<Day>> {
        let text = self.typed.value(name).trim().to_owned();
        if text.is_empty() {
            return Some(None);
        }
        match read_day(&text).day() {
            Some(day) => Some(Some(day)),
            // A day of the calendar, but none that anybody means: 9999-12-31 for "without end".
            None if text.parse::<Day>().is_ok() => {
                self.refuse(name, self.words.form_day_out_of_reach().to_owned())
            }
            None => self.refuse(name, self.words.form_not_a_day().to_owned()),
        }
    }

    /// An id.
    pub fn id<I: From<Uuid>>(&mut self, name: &str) -> Option<I> {
        self.parsed(name, |text| text.parse::<Uuid>().ok().map(I::from))
    }

    /// As `id`, but nothing may stand there.
    pub fn optional_id<I: From<Uuid>>(&mut self, name: &str) -> Option<Option<I>> {
        if self.typed.has(name) { self.id(name).map(Some) } else { Some(None) }
    }

    /// One of several answers, or anything else that `read` makes of a text. Nothing typed is a missing answer;
    /// something that `read` does not know did not come from the page.
    pub fn parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.typed.value(name).trim();
        if text.is_empty() {
            return self.refuse(name, self.words.form_choose().to_owned());
        }
        match read(text) {
            Some(value) => Some(value),
            None => self.refuse(name, self.words.form_unknown_choice().to_owned()),
        }
    }

    /// As `parsed`, but nothing may stand there.
    pub fn optional_parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
        if self.typed.has(name) { self.parsed(name, read).map(Some) } else { Some(None) }
    }

    /// Every answer that was chosen in `name`; none is an empty list.
    pub fn all_parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        let read_all: Option<Vec<T>> = self.typed.values(name).map(|text| read(text.trim())).collect();
        match read_all {
            Some(values) => Some(values),
            None => self.refuse(name, self.words.form_unknown_choice().to_owned()),
        }
    }

    /// Whether the box `name` is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.typed.has(name)
    }

    /// The version of the record that was shown (hidden field `version`).
    pub fn version(&mut self) -> Option<i32> {
        self.parsed("version", |text| text.parse().ok())
    }

    /// The file that was chosen in `name`.
    pub fn file(&mut self, name: &str) -> Option<Upload> {
        match self.take_file(name) {
            Some(file) => Some(file),
            None => self.refuse(name, self.words.form_choose_file().to_owned()),
        }
    }

    /// The files that were chosen in `name`, if any.
    pub fn files(&mut self, name: &str) -> Vec<Upload> {
        let mut chosen = Vec::new();
        while let Some(file) = self.take_file(name) {
            chosen.push(file);
        }
        chosen
    }

    fn take_file(&mut self, name: &str) -> Option<Upload> {
        let place = self.files.iter().position(|file| file.field == name)?;
        Some(self.files.remove(place))
    }

    fn refuse<T>(&mut self, name: &str, fault: String) -> Option<T> {
        self.typed.add_fault(name, fault);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(fields: &[(&str, &str)]) -> Reader {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Reader::new(Body { fields, files: Vec::new() }, Language::Chinese)
    }

    #[test]
    fn every_fault_is_kept_with_its_field_and_what_was_typed_stays() {
        let mut form = reader(&[
            ("name", "  张  "),
            ("age", "十"),
            ("years", "19"),
            ("born", "2013-13-06"),
            ("why", "没见到"),
            ("_token", "x"),
        ]);
        assert_eq!(form.text("name", 5), Some("张".to_owned()));
        assert_eq!(form.integer("age", 0..=18), None);
        assert_eq!(form.integer("years", 0..=18), None);
        assert_eq!(form.day("born"), None);
        assert_eq!(form.reason("why", 10, 500), None);
        assert_eq!(form.text("area", 5), None);
        let typed = form.into_typed();
        assert_eq!(typed.fault_count(), 5);
        assert_eq!(typed.fault_of("years"), Some("应在 0 到 18 之间。"));
        assert_eq!(typed.value("age"), "十");
        assert_eq!(typed.fault_of("name"), None);
        assert_eq!(typed.fault_of("why"), Some("至少写 10 个字，现在 3 个。"));
        assert!(!typed.has("_token"), "what the page carries unseen is no field");
    }

    #[test]
    fn choices_are_read_and_a_strangers_value_is_refused() {
        let read = |text: &str| ["a", "b"].iter().position(|known| *known == text);
        let mut form = reader(&[("one", "b"), ("many", "a"), ("many", "b"), ("wrong", "c")]);
        assert_eq!(form.parsed("one", read), Some(1));
        assert_eq!(form.all_parsed("many", read), Some(vec![0, 1]));
        assert_eq!(form.optional_parsed("none", read), Some(None));
        assert_eq!(form.parsed("wrong", read), None);
        assert!(form.is_ticked("one") && !form.is_ticked("none"));
    }
}
