//! The case (M6): from acceptance to closure.

use web::{MenuItem, Pages};

texts::module!("minors-cases");

/// The pages of cases.
pub fn pages() -> Pages {
    Pages::new()
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}
