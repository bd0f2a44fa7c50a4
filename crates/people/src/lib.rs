//! Feeds and deliveries, source rows, persons and links, review, indicators, live index.

pub mod deliveries;
pub mod import;
pub mod links;
pub mod persons;
pub mod rows;
mod schema;

pub use schema::migrations;
