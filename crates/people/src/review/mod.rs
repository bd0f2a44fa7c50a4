//! Review: what lies between the thresholds is put to a person, with everything that speaks for and against.

mod model;
pub mod repo;
mod service;

pub use model::{Review, ReviewState, ReviewThing};
pub use service::{Answered, answer};
