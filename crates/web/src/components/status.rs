//! Status: icon, word and colour together, never colour alone.

use askama::Template;
use base::Severity;
use texts::Language;

use super::prints_itself;
use crate::Texts;

/// What a status means, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Urgent, late or refused: red.
    Urgent,
    /// High or soon: orange.
    High,
    /// Medium, or to be looked at: ochre.
    Medium,
    /// Low, or of no weight: slate.
    Low,
    /// Done or agreeing: green.
    Ok,
    /// In progress: blue.
    Info,
}

impl Tone {
    /// All tones.
    pub const ALL: [Self; 6] = [Self::Urgent, Self::High, Self::Medium, Self::Low, Self::Ok, Self::Info];

    /// Its class in the style sheets.
    pub fn class(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Ok => "ok",
            Self::Info => "info",
        }
    }
}

impl From<Severity> for Tone {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Urgent => Self::Urgent,
            Severity::High => Self::High,
            Severity::Medium => Self::Medium,
            Severity::Low => Self::Low,
        }
    }
}

/// A status.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="badge st {{ tone.class() }}">{{ web::icon(icon) }}{{ word }}</span>"#
)]
pub struct Badge {
    /// What it means.
    pub tone: Tone,
    /// Icon, by its name in Tabler's set.
    pub icon: &'static str,
    /// The word.
    pub word: String,
}

impl Badge {
    /// A status of these three.
    pub fn new(tone: Tone, icon: &'static str, word: impl Into<String>) -> Self {
        Self { tone, icon, word: word.into() }
    }

    /// A level of gravity.
    pub fn severity(severity: Severity, language: Language) -> Self {
        let words = Texts(language);
        let (icon, word) = match severity {
            Severity::Urgent => ("alert-octagon", words.severity_urgent()),
            Severity::High => ("alert-triangle", words.severity_high()),
            Severity::Medium => ("flag", words.severity_medium()),
            Severity::Low => ("circle-dot", words.severity_low()),
        };
        Self::new(severity.into(), icon, word)
    }
}

/// The mark of a figure that no source states: 样例.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="sample" title="{{ words.sample_help() }}">{{ words.sample() }}</span>"#
)]
pub struct SampleMark {
    words: Texts,
}

impl SampleMark {
    /// The mark in `language`.
    pub fn new(language: Language) -> Self {
        Self { words: Texts(language) }
    }
}

/// A notice on a page: what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<div class="sw-alert {{ tone.class() }}" role="{% if tone == Tone::Urgent %}alert{% else %}status{% endif %}">{{ web::icon(icon) }}<div><b>{{ title }}</b>{% if !detail.is_empty() %} <span>{{ detail }}</span>{% endif %}{% if let Some((label, href)) = link %} <a href="{{ href }}">{{ label }}</a>{% endif %}</div></div>"#
)]
pub struct Alert {
    /// What it means.
    pub tone: Tone,
    /// Icon, by its name in Tabler's set.
    pub icon: &'static str,
    /// What happened.
    pub title: String,
    /// What to do.
    pub detail: String,
    /// The words and the address of a way on.
    pub link: Option<(String, String)>,
}

impl Alert {
    /// A notice without a link.
    pub fn new(tone: Tone, title: impl Into<String>, detail: impl Into<String>) -> Self {
        let icon = match tone {
            Tone::Urgent => "alert-octagon",
            Tone::High | Tone::Medium => "alert-triangle",
            Tone::Ok => "circle-check",
            Tone::Low | Tone::Info => "info-circle",
        };
        Self { tone, icon, title: title.into(), detail: detail.into(), link: None }
    }

    /// With a way on.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }
}

/// What stands where there is nothing to list: why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<div class="sw-empty">{{ web::icon(icon) }}<p class="b">{{ title }}</p>{% if !detail.is_empty() %}<p class="t2">{{ detail }}</p>{% endif %}{% if let Some((label, href)) = link %}<a class="btn" href="{{ href }}">{{ label }}</a>{% endif %}</div>"#
)]
pub struct EmptyState {
    /// Icon, by its name in Tabler's set.
    pub icon: &'static str,
    /// Why there is nothing.
    pub title: String,
    /// What to do.
    pub detail: String,
    /// The words and the address of a way on.
    pub link: Option<(String, String)>,
}

prints_itself!(Badge, SampleMark, Alert, EmptyState);
