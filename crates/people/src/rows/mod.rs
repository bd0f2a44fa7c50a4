//! Source rows: one row of one feed, kept as it came, and what hangs on it.

pub mod cells;
mod model;
pub(crate) mod pages;
mod place;
pub mod repo;
mod values;

pub use model::{EndedAs, SealedRow, SourceRow};
pub(crate) use model::{SealingRow, StoredRow};
pub use place::RowPlace;
pub use repo::Indicator;
pub use values::{Guardian, HouseholdClaim, Place, PlaceKind, RowValues};
