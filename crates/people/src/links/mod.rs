//! Links: the decisions that join source rows to persons.

mod decide;
pub mod decisions;
pub mod repo;

use crate::Texts;

pub use decide::{Answer, Cause, Former, Ground, Owner, Proposal, Question, Zone, decide};
pub use decisions::{DecisionError, PERSONS_RENEWED, Renewed};

/// On what a link stands, in words.
pub(crate) fn ground_says(t: Texts, ground: Ground) -> &'static str {
    match ground {
        Ground::Number => t.ground_number(),
        Ground::Weights => t.ground_weights(),
        Ground::Former => t.ground_former(),
        Ground::First => t.ground_first(),
        Ground::Decision => t.ground_decision(),
    }
}

#[cfg(test)]
mod tests;
