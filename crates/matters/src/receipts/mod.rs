//! Receipts: a command that a phone sends again, because it did not hear the answer, is answered as the first time and
//! not done twice.

mod repo;

pub use repo::{Receipt, find, keep};
