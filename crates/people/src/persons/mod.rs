//! Persons: the master record and what is asked of it.

mod master;

pub use master::{LinkedRow, Master, Sourced};
