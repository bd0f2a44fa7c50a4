//! The inbox: which matters somebody has to look at, as lists that are read page by page and as numbers that equal them.

mod address;
mod counts;
mod filter;
mod listing;
mod notice_pages;
mod pages;
#[cfg(test)]
mod plan_tests;
mod repo;
mod service;

pub(crate) use counts::mine;
pub use counts::{AreaCount, Count, Counts, OutcomeCount};
pub use filter::{Cursor, Filter, HeldBy, Sought, Standing, Whose};
pub use listing::{Ask, Listing, Row, Searched};
pub(crate) use pages::READERS;
pub use pages::pages;
pub use service::{InboxRow, PAGE_AT_MOST, Page};

texts::module!("matters-inbox");
