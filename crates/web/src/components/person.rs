//! Around a person: the picture, a value with its origin, two versions of a record.

use access::Masked;
use askama::Template;
use texts::Language;

use super::prints_itself;
use super::status::Tone;
use crate::Texts;

/// A square with one character: 母, 陈.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="avatar {{ tone.class() }}" aria-hidden="true">{{ text }}</span>"#
)]
pub struct Avatar {
    /// One or two characters.
    pub text: String,
    /// Its colour; `Info` is the usual one.
    pub tone: Tone,
}

impl Avatar {
    /// The first character of a name.
    pub fn of_name(name: &str) -> Self {
        Self { text: name.chars().next().map(String::from).unwrap_or_default(), tone: Tone::Info }
    }
}

/// A value and where it comes from. What is masked says so.
#[derive(Clone, PartialEq, Template)]
#[template(path = "components/sourced.html")]
pub struct Sourced {
    words: Texts,
    value: Masked,
    source: String,
    source_href: Option<String>,
    other_count: u64,
    other_href: Option<String>,
    agrees: bool,
}

impl Sourced {
    /// A value of no known source: typed by hand, or worked out.
    pub fn new(value: Masked, language: Language) -> Self {
        Self {
            words: Texts(language),
            value,
            source: String::new(),
            source_href: None,
            other_count: 0,
            other_href: None,
            agrees: false,
        }
    }

    /// Names the source and where its row is shown: 网格 2024-10.
    #[must_use]
    pub fn from_source(mut self, source: impl Into<String>, href: Option<String>) -> Self {
        self.source = source.into();
        self.source_href = href;
        self
    }

    /// Says that other sources say something else, and where they are shown.
    #[must_use]
    pub fn others(mut self, count: u64, href: impl Into<String>) -> Self {
        self.other_count = count;
        self.other_href = Some(href.into());
        self
    }

    /// Says that all sources agree.
    #[must_use]
    pub fn agreed(mut self) -> Self {
        self.agrees = true;
        self
    }
}

/// Two versions of a record, side by side: somebody else saved while this person was typing.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/conflict.html")]
pub struct Conflict {
    words: Texts,
    who: String,
    when: String,
    rows: Vec<ConflictRow>,
}

/// One field in both versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// The field.
    pub label: String,
    /// What the other person saved.
    pub theirs: String,
    /// What was typed here.
    pub mine: String,
}

impl ConflictRow {
    fn differs(&self) -> bool {
        self.theirs != self.mine
    }
}

impl Conflict {
    /// What `who` saved at `when` beside what was typed.
    pub fn new(
        who: impl Into<String>,
        when: impl Into<String>,
        rows: Vec<ConflictRow>,
        language: Language,
    ) -> Self {
        Self { words: Texts(language), who: who.into(), when: when.into(), rows }
    }
}

prints_itself!(Avatar, Sourced, Conflict);
