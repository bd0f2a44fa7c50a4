//! Forms: sections of fields, when a field is shown, what is filled in from what is known, and scoring.

mod fill;
pub(crate) mod read;
mod values;

use base::{Day, Label, Severity};
use indexmap::IndexMap;

use crate::Condition;

/// All forms of a program (`forms.toml`).
#[derive(Debug, Clone)]
pub struct Forms {
    /// Version of the file, as it declares it.
    pub version: String,
    /// The day from which it applies.
    pub effective_from: Day,
    by_key: IndexMap<String, Form>,
}

impl Forms {
    /// The form with this key.
    pub fn get(&self, key: &str) -> Option<&Form> {
        self.by_key.get(key)
    }

    /// All forms, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Form> {
        self.by_key.values()
    }
}

/// One form.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its key.
    pub key: String,
    /// Its title.
    pub label: Label,
    /// Whether its questions are ours rather than a source's: shown as 样例.
    pub sample: bool,
    /// Laws and documents that it rests on.
    pub sources: Vec<String>,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// How its points become a level, where they do.
    pub scoring: Option<Scoring>,
}

/// A section of a form.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its key, unique in the form.
    pub key: String,
    /// Its heading.
    pub label: Label,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its key, unique in the form.
    pub key: String,
    /// The question.
    pub label: Label,
    /// How to answer it.
    pub help: Option<Label>,
    /// Laws and documents behind the question.
    pub sources: Vec<String>,
    /// What an answer looks like.
    pub kind: FieldKind,
    /// Whether the form can be handed in without it. A field that is not shown is never missing.
    pub required: bool,
    /// When it is shown; always, where there is none.
    pub show_when: Option<Condition>,
    /// The word under which the program hands in what is known, so that it is confirmed, not typed.
    pub prefill: Option<String>,
    /// Whether it is asked anew each time the form is handed in: what was answered before does not stand in it, since it is
    /// a judgement about now.
    pub afresh: bool,
    /// The class of personal field that the answer is (`roles.toml`), so that it is shown as the reader's role may see
    /// that class; whole, where there is none.
    pub class: Option<String>,
}

/// What an answer looks like, with its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One of several options.
    Choice {
        /// The options, in order.
        options: Vec<FormOption>,
    },
    /// Some of several options.
    Choices {
        /// The options, in order.
        options: Vec<FormOption>,
    },
    /// Words.
    Text {
        /// Fewest letters of an answer.
        least: usize,
        /// Most letters.
        most: usize,
    },
    /// A whole number.
    Number {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A day.
    Date {
        /// Whether it may lie ahead.
        future: bool,
    },
    /// Photographs, or documents as pictures.
    Photos {
        /// How many at most.
        most: usize,
    },
    /// A person of the master record.
    Person,
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormOption {
    /// Its key, unique in the field.
    pub key: String,
    /// Its wording.
    pub label: Label,
    /// A line of explanation.
    pub hint: Option<Label>,
    /// Its points, where the form is scored; "not clear" has none.
    pub points: Option<i32>,
}

/// How points become a level.
#[derive(Debug, Clone)]
pub struct Scoring {
    /// The levels, the lowest first; the first begins at the least score that can be reached.
    pub levels: Vec<Level>,
    /// Whether a person may set another level.
    pub overridable: bool,
    /// Fewest letters of the reason for another level.
    pub reason_least: usize,
    /// Whether the figures are ours: shown as 样例.
    pub sample: bool,
}

/// One level of a scoring.
#[derive(Debug, Clone)]
pub struct Level {
    /// The least points that give it.
    pub from: i32,
    /// The severity that it means for the matter.
    pub severity: Severity,
    /// Its name in the field: 一级 红色.
    pub label: Label,
}

impl Form {
    /// All fields, in the order of the page.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| &section.fields)
    }

    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().find(|field| field.key == key)
    }

    /// The words under which this form wants what is known.
    pub fn prefills(&self) -> impl Iterator<Item = &str> {
        self.fields().filter_map(|field| field.prefill.as_deref())
    }
}

impl Field {
    /// The options of a choice; none for other kinds.
    pub fn options(&self) -> &[FormOption] {
        match &self.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => options,
            _ => &[],
        }
    }

    /// The option with this key.
    pub fn option(&self, key: &str) -> Option<&FormOption> {
        self.options().iter().find(|option| option.key == key)
    }
}

impl Scoring {
    /// The level for `points`: the highest that they reach.
    pub fn level(&self, points: i32) -> Option<&Level> {
        self.levels.iter().rev().find(|level| points >= level.from).or(self.levels.first())
    }

    /// The level that means `severity`.
    pub fn named(&self, severity: Severity) -> Option<&Level> {
        self.levels.iter().find(|level| level.severity == severity)
    }
}
