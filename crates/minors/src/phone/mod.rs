//! The phone in the field (M9): today, one lead, the check, the visit.

use web::{MenuItem, Pages};

texts::module!("minors-phone");

/// The pages under `/m`.
pub fn pages() -> Pages {
    Pages::new()
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}
