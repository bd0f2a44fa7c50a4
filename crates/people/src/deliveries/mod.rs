//! Feeds and their deliveries: what came in, where it stands, what is published.

mod model;
pub(crate) mod pages;
pub mod repo;

pub use model::*;
pub use repo::Horizon;

#[cfg(test)]
mod page_tests;
