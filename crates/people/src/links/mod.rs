//! Links: the decisions that join source rows to persons.

mod decide;
pub mod decisions;
pub mod repo;

pub use decide::{Answer, Cause, Former, Ground, Owner, Proposal, Question, Zone, decide};
pub use decisions::{DecisionError, PERSONS_RENEWED};

#[cfg(test)]
mod tests;
