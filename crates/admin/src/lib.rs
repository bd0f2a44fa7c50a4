//! The office's own pages: log-in, users and posts, areas, notices, jobs, journal.
//!
//! What belongs here: what every office needs before it handles anything. What never belongs here: a person on record,
//! a matter, a word of a program.

mod account;
mod areas;
mod entrance;
mod jobs;
mod journal;
mod log_ins;
mod module;
mod office_clock;
mod organisations;
mod place;
mod posts;
mod saved_by;
mod says;
mod section;
mod users;

texts::module!("admin");

pub use journal::verify_journal;
pub use module::module;
