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

/// Numbers of pages on either side of the one that is shown.
const NUMBERS_ASIDE: u64 = 2;

/// Which page of a counted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The page, from 1 on.
    pub page: u64,
    /// Rows on each page but the last.
    pub rows_per_page: u64,
    /// Rows of all pages.
    pub total: u64,
}

/// The foot of a list: what part of it is shown, and the ways on. Long lists go by the key of their last row, and on only;
/// those that people go back and forth in have numbered pages.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/pager.html")]
pub struct Pager {
    words: Texts,
    summary: String,
    first_href: Option<String>,
    previous_href: Option<String>,
    /// Numbers of pages, each with its address; the page that is shown has none.
    numbers: Vec<(u64, Option<String>)>,
    next_href: Option<String>,
    last_href: Option<String>,
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
        Self::onward(words, words.pager_summary(shown, total), first_href, next_href)
    }

    /// As `new`, for a list whose pages know only what is before and behind them.
    pub fn to_and_fro(
        shown: usize,
        total: u64,
        first_href: Option<String>,
        (previous_href, next_href): (Option<String>, Option<String>),
        language: Language,
    ) -> Self {
        Self { previous_href, ..Self::new(shown, total, first_href, next_href, language) }
    }

    /// As `new`, for a list that is not counted.
    pub fn uncounted(
        shown: usize,
        first_href: Option<String>,
        next_href: Option<String>,
        language: Language,
    ) -> Self {
        let words = Texts(language);
        Self::onward(words, words.pager_shown(shown), first_href, next_href)
    }

    fn onward(words: Texts, summary: String, first_href: Option<String>, next_href: Option<String>) -> Self {
        let (previous_href, last_href, numbers) = (None, None, Vec::new());
        Self { words, summary, first_href, previous_href, numbers, next_href, last_href }
    }

    /// A list with numbered pages; `href_of` is where each of them is.
    pub fn numbered(place: Place, href_of: impl Fn(u64) -> String, language: Language) -> Self {
        let words = Texts(language);
        let Place { page, rows_per_page, total } = place;
        let last = total.div_ceil(rows_per_page.max(1)).max(1);
        let page = page.clamp(1, last);
        let from = (page - 1) * rows_per_page + 1;
        let until = total.min(page * rows_per_page);
        let (low, high) = (page.saturating_sub(NUMBERS_ASIDE).max(1), last.min(page + NUMBERS_ASIDE));
        let numbers = (low..=high).map(|number| (number, (number != page).then(|| href_of(number))));
        Self {
            words,
            summary: words.pager_range(from.min(total), until, total),
            first_href: (page > 1).then(|| href_of(1)),
            previous_href: (page > 1).then(|| href_of(page - 1)),
            numbers: if last > 1 { numbers.collect() } else { Vec::new() },
            next_href: (page < last).then(|| href_of(page + 1)),
            last_href: (page < last).then(|| href_of(last)),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_pages_lead_back_and_forth() {
        let shown = |page| {
            let place = Place { page, rows_per_page: 50, total: 448 };
            Pager::numbered(place, |page| format!("/inbox?page={page}"), Language::Chinese)
        };
        let middle = shown(5);
        assert_eq!(middle.previous_href.as_deref(), Some("/inbox?page=4"));
        assert_eq!(middle.last_href.as_deref(), Some("/inbox?page=9"));
        let numbers: Vec<u64> = middle.numbers.iter().map(|(number, _)| *number).collect();
        assert_eq!((numbers, middle.numbers[2].1.clone()), (vec![3, 4, 5, 6, 7], None));
        assert!(middle.to_string().contains("第 201–250 条，共 448 条"), "{middle}");
        let first = shown(1);
        assert_eq!((first.first_href, first.previous_href), (None, None));
        // Behind the end is the end.
        let last = shown(99);
        assert_eq!((last.next_href.clone(), last.last_href.clone()), (None, None));
        assert!(last.to_string().contains("第 401–448 条"), "{last}");
        let none = Pager::numbered(
            Place { page: 1, rows_per_page: 50, total: 0 },
            |_| String::new(),
            Language::English,
        );
        assert!(none.numbers.is_empty());
    }
}
