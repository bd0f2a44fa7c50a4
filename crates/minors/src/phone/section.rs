//! The two kinds of matter that a director works on at a door, and where their pages are. Everything else about them is
//! the workflow's to say.

use base::MatterId;

/// Where the pages of one kind of matter are.
#[derive(Debug)]
pub(crate) struct Section {
    /// The kind.
    pub kind: &'static str,
    /// What its pages' addresses begin with.
    home: &'static str,
    /// One matter.
    pub one: &'static str,
    /// Its form: shown, and handed in without script.
    pub form: &'static str,
    /// An action without a form: accept, return, danger.
    pub act: &'static str,
    /// The page that asks why it is returned.
    pub give_back: &'static str,
    /// A number to call, after a recorded tap.
    pub call: &'static str,
    /// A place to go to, after a recorded tap.
    pub map: &'static str,
    /// The whole name, after a recorded tap.
    pub name: &'static str,
    /// What came of it.
    pub outcome: &'static str,
}

macro_rules! section {
    ($kind:literal, $home:literal) => {
        Section {
            kind: $kind,
            home: $home,
            one: concat!($home, "/{id}"),
            form: concat!($home, "/{id}/form"),
            act: concat!($home, "/{id}/act"),
            give_back: concat!($home, "/{id}/return"),
            call: concat!($home, "/{id}/call"),
            map: concat!($home, "/{id}/map"),
            name: concat!($home, "/{id}/name"),
            outcome: concat!($home, "/{id}/outcome"),
        }
    };
}

/// Leads to be checked.
pub(crate) static LEADS: Section = section!("lead", "/m/leads");
/// Planned visits.
pub(crate) static VISITS: Section = section!("visit", "/m/visits");

impl Section {
    /// The section of a kind of matter, if a phone has pages for it.
    pub fn of(kind: &str) -> Option<&'static Self> {
        [&LEADS, &VISITS].into_iter().find(|section| section.kind == kind)
    }

    /// The kinds of matter that a phone has pages for.
    pub fn kinds() -> impl Iterator<Item = &'static str> {
        [&LEADS, &VISITS].into_iter().map(|section| section.kind)
    }

    /// The address of one matter: `/m/leads/…`.
    pub fn href(&self, id: MatterId) -> String {
        format!("{}/{id}", self.home)
    }
}
