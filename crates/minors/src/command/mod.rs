//! The command page (M13): the funnel from rows to closed cases, urgent clocks, what is late by area.

use web::{MenuItem, Pages};

texts::module!("minors-command");

/// The command page of one's own level.
pub fn pages() -> Pages {
    Pages::new()
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}
