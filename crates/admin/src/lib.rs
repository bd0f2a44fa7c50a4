//! The office's own pages: log-in, users and posts, areas, notices, jobs, journal.
//!
//! What belongs here: what every office needs before it handles anything. What never belongs here: a person on record,
//! a matter, a word of a program.

mod account;
mod entrance;
mod module;
mod says;

texts::module!("admin");

pub use module::module;
