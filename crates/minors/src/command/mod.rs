//! The command page (M13): the funnel from rows to closed cases, urgent clocks, what is late by area and by holder, and
//! what departments have in hand. Every number leads to the list that it counts.

mod board;
mod headcount;
mod pages;
mod people;
#[cfg(test)]
mod tests;

use base::Label;
use web::{MenuItem, Pages, Rule};

texts::module!("minors-command");

/// The page of one's own level, and of those below it.
pub fn pages() -> Pages {
    Pages::new()
        .get("/command", RULE, pages::show)
        .get("/command/people", RULE, people::show)
        .post("/command/people/find", RULE, people::find)
        .with(headcount::Headcounts::default())
}

/// Who commands: whoever sends leads out.
const RULE: Rule = Rule::May(&[("dispatch", "lead")]);

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        place: 10,
        icon: "layout-dashboard",
        label: Label { zh: "指挥".to_owned(), en: "Command".to_owned() },
        href: "/command",
        rule: RULE,
        figure: None,
    }]
}
