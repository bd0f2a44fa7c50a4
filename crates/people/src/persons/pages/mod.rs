//! The pages of persons: the search, and the history of a person's links. What is known of a person is shown by the
//! programs, which offer their pages at [`PERSON_PLACE`].

mod history;
mod search;

use base::PersonId;
use web::{Action, Pages, Rule, places};

use crate::People;

/// The place at which other modules offer what they have of a person; `{id}` is the person.
pub const PERSON_PLACE: &str = "people.person";

/// Who may search for people.
const SEE: Rule = Rule::May(&[("read", "person")]);
/// Who may move rows from one person to another.
const DECIDE: Rule = Rule::May(&[("decide", "review")]);

/// The pages.
pub(crate) fn pages(people: &People) -> Pages {
    Pages::new()
        .get("/search", SEE, search::form)
        .post("/search", SEE, search::find)
        .get("/persons/{id}/links", DECIDE, history::show)
        .post("/persons/{id}/split", DECIDE, history::split)
        .with(people.clone())
}

/// The search field of the shell.
pub(crate) fn search_field() -> Action {
    Action {
        name: "people.search",
        place: places::SEARCH,
        icon: "search",
        label: base::Label { zh: "搜索".to_owned(), en: "Search".to_owned() },
        href: "/search",
        rule: SEE,
        figure: None,
    }
}

/// The address of the history of a person's links.
pub(crate) fn links_address(id: PersonId) -> String {
    format!("/persons/{}/links", id.0)
}
