//! Feeds and their deliveries: what came in, where it stands, what is published.

mod model;
pub mod repo;

pub use model::*;
pub use repo::Horizon;
