//! The child's file (M5): who the child is, with whom it lives, categories, measures, visits, who has read.
//!
//! What belongs here: the file as the program keeps it (level, categories, plan of visits) and its pages. Who the child
//! is and what the departments say of it stands in `people`; what is being done in `matters`.
//!
//! The way of a file: a check finds a child in difficulty and its workflow emits `open_file` → [`consequences`] open the
//! file and plan a visit, in the same transaction → each visit plans the next by the level of the file → a case that is
//! closed plans a follow-up → a person closes the file when nothing is open any more.

mod age;
mod changing;
mod family;
pub(crate) mod fault;
mod history;
mod identity;
mod list;
mod merged;
mod model;
mod page;
mod post;
pub(crate) mod repo;
pub(crate) mod schema;
mod service;
mod words;

use access::{Actor, Roles};
use base::{Label, Moment};
use matters::Matters;
use store::journal::Listener;
use store::{Read, StoreError};
use web::{App, MenuItem, Pages, Rule};

pub(crate) use list::lines;
pub use model::{CATEGORIES, Category, ChildFile, FileState, GROUPS};
pub use repo::{Cursor, Filter, SOON_DAYS, Visits};
pub use service::{Change, FileError, FileToken, change, consequences, is_known_of, look_up_file};

texts::module!("minors-files");

/// The list of `dictionary.toml` with the reasons to close a file.
pub const CLOSE_REASONS: &str = "file_close_reason";

/// Who may see files. Which ones is the scope's to say.
const READERS: Rule = Rule::May(&[("read", "file")]);

/// The pages of files.
pub fn pages() -> Pages {
    Pages::new().get("/files", READERS, list::show).get("/files/{person}", READERS, page::show).post(
        "/files/{person}",
        Rule::May(&[("handle", "file")]),
        post::change,
    )
}

/// What files hear of: that two persons were found to be one, or are two after all.
pub fn listeners(matters: &Matters) -> Vec<Listener<App>> {
    vec![merged::listener(matters)]
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        place: 50,
        icon: "folder-open",
        label: Label::new("档案", "Files"),
        href: "/files",
        rule: READERS,
        figure: None,
    }]
}

/// How many files of `filter` the actor sees: the number that [`Filter::href`] leads to.
pub async fn count(
    read: &Read,
    roles: &Roles,
    actor: &Actor,
    filter: &Filter,
    now: Moment,
) -> Result<u64, StoreError> {
    let scope = roles.scope(actor, access::READ, "file");
    repo::count(read.connection(), &scope, filter, now).await
}
