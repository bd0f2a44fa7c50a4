//! Posts in the browser: role × organisation × area, and who holds them when.

mod card;
mod create;
mod list;

use web::{Pages, Rule};

pub use card::show_end_fault;

/// Who may look at posts: each in the area of their own.
const SEE: Rule = Rule::May(&[("read", "post")]);
/// Who may make and change them.
const MANAGE: Rule = Rule::May(&[("manage", "post")]);

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new()
        .get("/admin/posts", SEE, list::show)
        .get("/admin/posts/new", MANAGE, create::show)
        .post("/admin/posts", MANAGE, create::create)
        .get("/admin/posts/{id}", SEE, card::show)
        .post("/admin/posts/{id}", MANAGE, card::edit)
        .post("/admin/posts/{id}/appoint", MANAGE, card::appoint)
        .post("/admin/posts/{id}/close", MANAGE, card::close)
}
