//! Accounts in the browser: the list, a new one with its one-time password, one with its posts.

mod acts;
mod card;
mod create;
mod list;

use web::{Pages, Rule};

pub use card::{EndFault, Period, TenureRow, kind_choices};
pub use create::{NewPost, read_place, role_choices};

/// Who may look at accounts.
const SEE: Rule = Rule::May(&[("read", "account")]);
/// Who may make and change them.
const MANAGE: Rule = Rule::May(&[("manage", "account")]);

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new()
        .get("/admin/users", SEE, list::show)
        .post("/admin/users/search", SEE, list::search)
        .get("/admin/users/new", MANAGE, create::show)
        .post("/admin/users", MANAGE, create::create)
        .get("/admin/users/{id}", SEE, card::show)
        .post("/admin/users/{id}", MANAGE, card::edit)
        .post("/admin/users/{id}/password", MANAGE, acts::reset)
        .post("/admin/users/{id}/lock", MANAGE, acts::lock)
        .post("/admin/users/{id}/unlock", MANAGE, acts::unlock)
        .post("/admin/users/{id}/appoint", MANAGE, card::appoint)
        .post("/admin/tenures/{id}/end", MANAGE, acts::end_tenure)
}
