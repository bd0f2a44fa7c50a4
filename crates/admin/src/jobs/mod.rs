//! What runs behind the pages: jobs by state, and a second life for a dead one; who hears of the journal, and what could
//! not be taken.

mod listeners;
mod pages;

pub use pages::pages;
