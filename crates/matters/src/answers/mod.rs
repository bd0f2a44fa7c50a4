//! Answers to forms: drafts that are saved while somebody types, and answers that were handed in.

mod model;
mod repo;
mod service;

pub use model::{Draft, HandedIn};
pub(crate) use repo::{all, latest};
pub(crate) use service::hand_in;
pub use service::{Saved, Saving};
