//! The log-in log: who came, when, from where, and what became of it.

mod pages;

pub use pages::{LogInRow, pages, rows};
