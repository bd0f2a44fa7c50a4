//! The questions that a decision answers or puts to another person.

use base::PersonId;
use store::{StoreError, Write};
use uuid::Uuid;

use crate::review::{self, ReviewState};

/// Questions that still wait and name `from` name `into` from now on; one that would ask whether somebody is
/// themselves is settled. Returns what they named before.
pub(super) async fn repoint_reviews(
    write: &Write,
    from: PersonId,
    into: PersonId,
    but: Option<Uuid>,
) -> Result<Vec<(Uuid, PersonId, PersonId, String)>, StoreError> {
    let mut repointed = Vec::new();
    for review in review::repo::waiting_about(write.connection(), from).await? {
        if Some(review.id) == but {
            continue;
        }
        let moved = |person: PersonId| if person == from { into } else { person };
        let (person, candidate) = (moved(review.person), moved(review.candidate));
        let state = if person == candidate { ReviewState::Settled } else { review.state };
        review::repo::point(write, review.id, person, candidate, state).await?;
        repointed.push((review.id, review.person, review.candidate, review.state.word().to_owned()));
    }
    Ok(repointed)
}

pub(super) async fn restore_reviews(
    write: &Write,
    repointed: &[(Uuid, PersonId, PersonId, String)],
) -> Result<(), StoreError> {
    for (id, person, candidate, state) in repointed {
        let state = ReviewState::from_word(state).unwrap_or(ReviewState::Open);
        review::repo::point(write, *id, *person, *candidate, state).await?;
    }
    Ok(())
}
