//! Organisations in the browser: bureaus, offices, stations, departments, agencies.

mod card;
mod list;

use web::{Pages, Rule};

/// Who may look at organisations.
const SEE: Rule = Rule::May(&[("read", "organisation")]);
/// Who may make and change them.
const MANAGE: Rule = Rule::May(&[("manage", "organisation")]);

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new()
        .get("/admin/organisations", SEE, list::show)
        .get("/admin/organisations/new", MANAGE, card::new)
        .post("/admin/organisations", MANAGE, card::create)
        .get("/admin/organisations/{id}", SEE, card::show)
        .post("/admin/organisations/{id}", MANAGE, card::edit)
        .post("/admin/organisations/{id}/close", MANAGE, card::close)
}
