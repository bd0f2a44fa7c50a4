//! Answers to forms: drafts that are saved while somebody types, and answers that were handed in.

mod model;
mod repo;
mod service;

pub use model::{Draft, HandedIn};
pub(crate) use repo::{all, late, latest};
pub use service::{Saved, Saving};
pub(crate) use service::{hand_in, keep_late};
