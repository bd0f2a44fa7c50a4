//! Around a table: heads that sort, the way to the next page, tabs.

use askama::Template;
use texts::Language;

use super::prints_itself;
use crate::Texts;

/// How a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The smallest, nearest or first on top.
    Up,
    /// The other way round.
    Down,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<th scope="col"{% if is_number %} class="r"{% endif %}{% match sort %}{% when Some(Sort::Up) %} aria-sort="ascending"{% when Some(Sort::Down) %} aria-sort="descending"{% when None %}{% endmatch %}>{% if let Some(href) = href %}<a class="sort" href="{{ href }}">{{ label }}{% match sort %}{% when Some(Sort::Up) %}{{ web::icon("arrow-up") }}{% when Some(Sort::Down) %}{{ web::icon("arrow-down") }}{% when None %}{% endmatch %}</a>{% else %}{{ label }}{% endif %}</th>"#
)]
pub struct Head {
    /// Its words.
    pub label: String,
    /// Where a click leads, if the column can be sorted.
    pub href: Option<String>,
    /// How it is sorted at present.
    pub sort: Option<Sort>,
    /// Whether it stands over numbers, which are set to the right.
    pub is_number: bool,
}

impl Head {
    /// A head that does not sort.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None, sort: None, is_number: false }
    }

    /// Over numbers.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.is_number = true;
        self
    }

    /// A click sorts by it; `sort` is how it is sorted at present.
    #[must_use]
    pub fn sorts(mut self, href: impl Into<String>, sort: Option<Sort>) -> Self {
        self.href = Some(href.into());
        self.sort = sort;
        self
    }
}

/// The foot of a list: what part of it is shown, and the way on. Pages go by the key of their last row, not by number.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/pager.html")]
pub struct Pager {
    words: Texts,
    summary: String,
    first_href: Option<String>,
    next_href: Option<String>,
}

impl Pager {
    /// A list of which `shown` rows are shown out of `total`. `first_href` leads to its beginning when the page is not
    /// it, `next_href` on when there is more.
    pub fn new(
        shown: usize,
        total: u64,
        first_href: Option<String>,
        next_href: Option<String>,
        language: Language,
    ) -> Self {
        let words = Texts(language);
        Self { words, summary: words.pager_summary(shown, total), first_href, next_href }
    }

    /// As `new`, for a list that is not counted.
    pub fn uncounted(
        shown: usize,
        first_href: Option<String>,
        next_href: Option<String>,
        language: Language,
    ) -> Self {
        let words = Texts(language);
        Self { words, summary: words.pager_shown(shown), first_href, next_href }
    }
}

/// Tabs of a panel or page; each is a link, so that they work without script.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<nav class="nav nav-tabs" aria-label="{{ label }}">{% for tab in tabs %}<a class="nav-link{% if tab.is_active %} active{% endif %}" href="{{ tab.href }}"{% if tab.is_active %} aria-current="page"{% endif %}>{{ tab.label }}{% if let Some(count) = tab.count %} {{ crate::show::number(count) }}{% endif %}</a>{% endfor %}</nav>"#
)]
pub struct Tabs {
    /// What the tabs are of, for readers who cannot see them.
    pub label: String,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its words.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// How much is behind it.
    pub count: Option<u64>,
    /// Whether it is the one that is shown.
    pub is_active: bool,
}

prints_itself!(Head, Pager, Tabs);
