//! Answering a question: each answer is one decision, in one transaction, and can be taken back.

use base::AreaPath;
use store::Write;
use uuid::Uuid;

use super::model::{Review, ReviewState};
use super::repo;
use crate::links::{DecisionError, decisions};

/// What somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// They are the same person.
    Same,
    /// They are two.
    Different,
    /// It cannot be told; the question waits behind the others.
    Unsure,
}

/// Answers `review`. Returns the decision, by which it can be undone; `None` where nothing was decided.
///
/// # Errors
/// `Overtaken` if it no longer waits, or somebody else answered first.
pub async fn answer(
    write: &Write,
    review: &Review,
    answered: Answered,
    note: &str,
    city: AreaPath,
) -> Result<Option<Uuid>, DecisionError> {
    if !review.state.is_waiting() {
        return Err(DecisionError::Overtaken);
    }
    let (state, decision) = match answered {
        Answered::Same => {
            let decision =
                decisions::merge(write, review.person, review.candidate, Some(review.id), note, city).await?;
            (ReviewState::Same, Some(decision))
        }
        Answered::Different => {
            (ReviewState::Different, Some(decisions::tell_apart(write, review, note).await?))
        }
        Answered::Unsure => (ReviewState::Unsure, None),
    };
    repo::decide(write, review, state, decision).await?;
    Ok(decision)
}
