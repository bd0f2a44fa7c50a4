//! The child's file (M5): who the child is, with whom it lives, categories, measures, visits, who has read.
//!
//! What belongs here: the file as the program keeps it (level, categories, plan of visits) and its pages. Who the child
//! is and what the departments say of it stands in `people`; what is being done in `matters`.
//!
//! The way of a file: a check finds a child in difficulty and its workflow emits `open_file` → [`consequences`] open the
//! file and plan a visit, in the same transaction → each visit plans the next by the level of the file → a case that is
//! closed plans a follow-up → a person closes the file when nothing is open any more.

mod model;
pub(crate) mod repo;
pub(crate) mod schema;
mod service;

use web::{MenuItem, Pages};

pub use model::{CATEGORIES, Category, ChildFile, FileState, GROUPS};
pub use repo::{Cursor, Filter, SOON_DAYS, Visits};
pub use service::{Change, FileError, FileToken, change, consequences, look_up_file};

texts::module!("minors-files");

/// The pages of files.
pub fn pages() -> Pages {
    Pages::new()
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}
