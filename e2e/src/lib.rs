//! The product as people use it: a real process, a real browser, both databases.
//!
//! What belongs here: starting and killing the product, the browser and what a hand does in it, the story that is played
//! on the demo city, the look at every page, and pictures. What never belongs here: a call of the product's own crates;
//! this crate comes in by the front door. It borrows only the tests' databases from `store`.

pub mod browser;
pub mod crawl;
pub mod hand;
pub mod load;
pub mod look;
pub mod pages_load;
pub mod plain;
pub mod product;
pub mod readme;
pub mod routes;
pub mod sheets;
pub mod story;
pub mod tour;
pub mod workload;
