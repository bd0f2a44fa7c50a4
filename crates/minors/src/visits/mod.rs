//! Visits of a file: planned by level, due, recorded.

use web::Pages;

/// The pages of visits.
pub fn pages() -> Pages {
    Pages::new()
}
