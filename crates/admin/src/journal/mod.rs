//! The journal in the browser: what was done, by whom, under which operation, and whether the chain holds. It names no
//! person on record: an auditor reads what was done, not about whom. Who has read of one person is asked on a page of
//! its own, by whoever oversees reading, and asking is an entry itself.

mod check;
mod pages;
mod readings;

pub use check::verify_journal;
pub use pages::pages;
