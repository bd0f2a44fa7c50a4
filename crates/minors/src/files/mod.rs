//! The child's file (M5): who the child is, with whom it lives, categories, measures, visits, who has read.

use web::{MenuItem, Pages};

texts::module!("minors-files");

/// The pages of files.
pub fn pages() -> Pages {
    Pages::new()
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}
