//! Links: the decisions that join source rows to persons.

mod decide;

pub use decide::{Answer, Cause, Former, Ground, Owner, Proposal, Question, Zone, decide};
