//! What runs behind the pages: jobs by state, and a second life for a dead one.

mod pages;

pub use pages::pages;
