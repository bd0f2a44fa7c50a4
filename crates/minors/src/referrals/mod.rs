//! Referrals of cases to departments (M6): what the district follows and a department sees.

use web::{MenuItem, Pages};

/// The pages of referrals.
pub fn pages() -> Pages {
    Pages::new()
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}
