//! The journal in the browser: what was done, by whom, under which operation, and whether the chain holds. It names no
//! person on record: an auditor reads what was done, not about whom.

mod pages;

pub use pages::pages;
