//! Leads (M4): the desk's list and page, and dispatch.

use web::{MenuItem, Pages};

texts::module!("minors-leads");

/// The pages of leads.
pub fn pages() -> Pages {
    Pages::new()
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}
