//! Review: what lies between the thresholds is put to a person, with everything that speaks for and against.

mod model;
pub(crate) mod pages;
pub mod repo;
mod service;

pub use model::{Review, ReviewState, ReviewThing};
pub use service::{Answered, answer};

#[cfg(test)]
mod page_tests;
