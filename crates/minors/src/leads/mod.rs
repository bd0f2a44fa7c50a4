//! Leads (M4): the desk's list and page, and dispatch.
//!
//! What belongs here: showing why a lead was opened, proposing who goes, and sending many at once. How one is worked is
//! `matters::panel`'s; which acts there are, who may take them and by when is the workflow's to say.

mod child;
mod dispatch;
mod history;
mod list;
pub(crate) mod origin;
mod page;
mod post;
pub(crate) mod repo;
mod why;

use base::Label;
use web::{MenuItem, Pages, Rule};

texts::module!("minors-leads");

pub use dispatch::{DISPATCHED_AT_MOST, proposal};
pub(crate) use list::{lines, reasons_of};
pub use page::again;

/// Who may look at leads. Which of them is the scope's to say.
pub(crate) const READERS: Rule = Rule::May(&[("read", "lead")]);
/// Who may send somebody.
const SENDERS: Rule = Rule::May(&[("dispatch", "lead")]);

/// The pages of leads.
pub fn pages() -> Pages {
    Pages::new()
        .get("/leads", READERS, list::show)
        .get("/leads/{id}", READERS, page::show)
        .post("/leads/dispatch", SENDERS, post::dispatch)
        .post("/leads/dispatch/{batch}/undo", SENDERS, post::undo)
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        place: 30,
        icon: "radar-2",
        label: Label::new("线索", "Leads"),
        href: "/leads",
        rule: READERS,
        figure: None,
    }]
}

#[cfg(test)]
mod tests;
