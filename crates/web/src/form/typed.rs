//! What was typed into a form and what is wrong with it: all that the form's fields need to be shown again.

use std::collections::BTreeMap;

use base::Label;
use texts::Language;

use crate::show::Worded as _;

/// The content of a form on its way to or from a person.
#[derive(Clone, Default)]
pub struct Typed {
    values: Vec<(String, String)>,
    faults: BTreeMap<String, String>,
    language: Language,
    has_lost_files: bool,
    is_given_back: bool,
}

impl Typed {
    /// A form in which nothing stands yet.
    pub fn empty(language: Language) -> Self {
        Self { language, ..Self::default() }
    }

    /// A form that is filled in from what is known.
    pub fn filled<N: Into<String>, V: Into<String>>(
        language: Language,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { values, language, ..Self::default() }
    }

    pub(crate) fn of(values: Vec<(String, String)>, language: Language) -> Self {
        Self { values, language, ..Self::default() }
    }

    /// Marks it as given back after a log-in; `has_lost_files` if files must be chosen again.
    pub(crate) fn given_back(mut self, has_lost_files: bool) -> Self {
        self.is_given_back = true;
        self.has_lost_files = has_lost_files;
        self
    }

    /// The same form with `values` in the field `name` in place of whatever stood there.
    #[must_use]
    pub fn with(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.values.retain(|(found, _)| found != name);
        self.values.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        self
    }

    /// What stands in the field `name`; empty if nothing does.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// Everything that stands in the field `name`, for fields with several answers.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether `value` is chosen in the field `name`.
    pub fn is_chosen(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(found, chosen)| found == name && chosen == value)
    }

    /// Whether anything stands in the field `name`.
    pub fn has(&self, name: &str) -> bool {
        !self.value(name).is_empty()
    }

    /// What is wrong with the field `name`, if anything.
    pub fn fault_of(&self, name: &str) -> Option<&str> {
        self.faults.get(name).map(String::as_str)
    }

    /// Whether anything is wrong.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// The fields with something wrong and what it is, for the summary above the form.
    pub fn faults(&self) -> impl Iterator<Item = (&str, &str)> {
        self.faults.iter().map(|(name, fault)| (name.as_str(), fault.as_str()))
    }

    /// How many fields have something wrong.
    pub fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Says what is wrong with the field `name`; what was said first stands.
    pub fn add_fault(&mut self, name: &str, fault: impl Into<String>) {
        self.faults.entry(name.to_owned()).or_insert_with(|| fault.into());
    }

    /// As `add_fault`, in the form's language.
    pub fn add_label(&mut self, name: &str, fault: &Label) {
        self.add_fault(name, fault.says(self.language));
    }

    /// Whether it is shown again after a session ended and its person logged in.
    pub fn is_given_back(&self) -> bool {
        self.is_given_back
    }

    /// Whether files must be chosen again.
    pub fn has_lost_files(&self) -> bool {
        self.has_lost_files
    }

    /// The language of its faults.
    pub fn language(&self) -> Language {
        self.language
    }
}

/// Only the names of the fields: what was typed may be personal.
impl std::fmt::Debug for Typed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.values.iter().map(|(name, _)| name)).finish()
    }
}
