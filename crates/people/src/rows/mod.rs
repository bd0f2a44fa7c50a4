//! Source rows: one row of one feed, kept as it came, and what hangs on it.

pub(crate) mod cells;
mod model;
pub(crate) mod pages;
pub mod repo;
mod values;

pub(crate) use model::StoredRow;
pub use model::{EndedAs, SealedRow, SourceRow};
pub use repo::Indicator;
pub use values::{Guardian, HouseholdClaim, Place, PlaceKind, RowValues};
