//! Source rows: one row of one feed, kept as it came.

mod values;

pub use values::{Guardian, HouseholdClaim, Place, PlaceKind, RowValues};
