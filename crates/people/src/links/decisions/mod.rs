//! What people decide about links: two persons are one, a row belongs to somebody else, these two are not the same;
//! and taking any of it back. Each decision keeps what it moved, so that undoing it moves exactly that.
//!
//! The links themselves are the only thing that is decided. Numbers, master records and search follow from them, and are
//! made anew in the same transaction.

mod moves;
mod persons;
mod questions;
mod record;

use std::collections::HashSet;

use base::{AreaPath, PersonId, SourceRowId};
use serde::{Deserialize, Serialize};
use store::{Event, StoreError, Write};
use uuid::Uuid;

pub use record::{Made, history, last_of, made};

use super::Ground;
use super::repo::{self, Link};
use crate::deliveries::Horizon;
use crate::persons::Number;
use crate::persons::repo::{is_seen, renew, take_writer};
use crate::review::{self, Review};
use crate::rows::SourceRow;
use moves::{Move, ids_of, move_numbers, move_rows, moves, numbers_of, rows_by, rows_of, set_link};
use persons::{are_active, insert_person, retire_person, revive_person};
use questions::{repoint_reviews, restore_reviews};
use record::{SealedDecision, decision, insert, mark_undone};

/// The journal's word for persons whose rows were moved by hand; it says [`Renewed`].
pub const PERSONS_RENEWED: &str = "people.persons_renewed";

/// Whose rows were moved, and by which decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// The persons.
    pub persons: Vec<PersonId>,
    /// The decision.
    pub decision: Uuid,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {
    /// The first person is the second.
    Merge,
    /// Rows of the second person are the first's, a new one.
    Split,
    /// The two are not the same.
    Apart,
}

impl DecisionKind {
    const ALL: [Self; 3] = [Self::Merge, Self::Split, Self::Apart];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Apart => "apart",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Why a decision cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// The rows do not all belong to the person, or nothing would stay with them.
    #[error("choose some of the person's rows, not all of them")]
    NotTheirs,
    /// It was decided, moved or undone by somebody else in the meantime.
    #[error("it was decided by somebody else in the meantime")]
    Overtaken,
    /// Anything else.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for DecisionError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Overtaken,
            other => Self::Store(other),
        }
    }
}

impl From<sea_orm::DbErr> for DecisionError {
    fn from(error: sea_orm::DbErr) -> Self {
        StoreError::from(error).into()
    }
}

/// Joins `from` to `into`: they are one person.
pub async fn merge(
    write: &Write,
    from: PersonId,
    into: PersonId,
    review: Option<Uuid>,
    note: &str,
    city: AreaPath,
) -> Result<Uuid, DecisionError> {
    let revision = take_writer(write).await?;
    if from == into || !are_active(write, &[from, into]).await? {
        return Err(DecisionError::Overtaken);
    }
    let id = write.new_id();
    let rows = rows_of(write, from).await?;
    let links = repo::of_rows(write.connection(), &ids_of(&rows)).await?;
    let moves = moves(&links, &ids_of(&rows), from, into);
    let numbers = numbers_of(write, &rows)?;
    move_rows(write, &moves, id).await?;
    move_numbers(write, &numbers, from, into).await?;
    retire_person(write, from, Some(into), revision).await?;
    let repointed = repoint_reviews(write, from, into, review).await?;
    let sealed = SealedDecision { moves, repointed, note: note.to_owned() };
    insert(write, id, DecisionKind::Merge, (from, into), review, &sealed).await?;
    finish(write, &[into], &[from, into], id, city, revision).await?;
    Ok(id)
}

/// Says that the person of `review` is not its candidate. The two are not asked about again.
pub async fn tell_apart(write: &Write, review: &Review, note: &str) -> Result<Uuid, DecisionError> {
    take_writer(write).await?;
    let id = write.new_id();
    let sealed = SealedDecision { note: note.to_owned(), ..SealedDecision::default() };
    insert(write, id, DecisionKind::Apart, (review.person, review.candidate), Some(review.id), &sealed)
        .await?;
    Ok(id)
}

/// Takes `rows` from `person` and gives them to somebody new. Returns the decision and the new person.
pub async fn split(
    write: &Write,
    person: PersonId,
    rows: &[SourceRowId],
    note: &str,
    city: AreaPath,
) -> Result<(Uuid, PersonId), DecisionError> {
    let revision = take_writer(write).await?;
    let horizon = Horizon::read(write.connection()).await?;
    let all = rows_of(write, person).await?;
    // Every version of a row goes with it.
    let keys: HashSet<_> =
        all.iter().filter(|row| rows.contains(&row.id)).map(|row| (row.feed_id, row.key)).collect();
    let (taken, kept): (Vec<SourceRow>, Vec<SourceRow>) =
        all.into_iter().partition(|row| keys.contains(&(row.feed_id, row.key)));
    let is_any_seen = |rows: &[SourceRow]| rows.iter().any(|row| is_seen(row, horizon));
    if keys.len() != rows.len() || !is_any_seen(&taken) || !is_any_seen(&kept) {
        return Err(DecisionError::NotTheirs);
    }
    let (id, new) = (write.new_id(), PersonId(write.new_id()));
    insert_person(write, new, &taken, horizon, city, revision).await?;
    let links = repo::of_rows(write.connection(), &ids_of(&taken)).await?;
    let moves = moves(&links, &ids_of(&taken), person, new);
    let staying = numbers_of(write, &kept)?;
    let going: Vec<Number> =
        numbers_of(write, &taken)?.into_iter().filter(|number| !staying.contains(number)).collect();
    move_rows(write, &moves, id).await?;
    move_numbers(write, &going, person, new).await?;
    let sealed = SealedDecision { moves, note: note.to_owned(), ..SealedDecision::default() };
    insert(write, id, DecisionKind::Split, (new, person), None, &sealed).await?;
    finish(write, &[person, new], &[person, new], id, city, revision).await?;
    Ok((id, new))
}

/// Takes a decision back: what it moved goes where it was, as far as nobody has moved it since.
pub async fn undo(write: &Write, id: Uuid, city: AreaPath) -> Result<(), DecisionError> {
    let revision = take_writer(write).await?;
    let decision = decision(write, id).await?;
    let links = repo::of_rows(
        write.connection(),
        &decision.sealed.moves.iter().map(|moved| moved.row).collect::<Vec<_>>(),
    )
    .await?;
    let back: Vec<&Move> = decision
        .sealed
        .moves
        .iter()
        .filter(|moved| {
            links.get(&moved.row).is_some_and(|link| link.person == moved.to && link.decision == Some(id))
        })
        .collect();
    for moved in &back {
        let link = Link {
            person: moved.from,
            ground: Ground::from_word(&moved.ground).unwrap_or(Ground::First),
            decision: moved.decision,
        };
        set_link(write, &[moved.row], link).await?;
    }
    let (first, second) = (decision.person, decision.other);
    match decision.kind {
        DecisionKind::Merge => revive_person(write, first, revision).await?,
        DecisionKind::Split => {
            let numbers = numbers_of(write, &rows_by(write, &back).await?)?;
            move_numbers(write, &numbers, first, second).await?;
            retire_person(write, first, Some(second), revision).await?;
        }
        DecisionKind::Apart => {}
    }
    if decision.kind == DecisionKind::Merge {
        let numbers = numbers_of(write, &rows_of(write, first).await?)?;
        let staying = numbers_of(write, &rows_of(write, second).await?)?;
        let going: Vec<Number> = numbers.into_iter().filter(|number| !staying.contains(number)).collect();
        move_numbers(write, &going, second, first).await?;
    }
    restore_reviews(write, &decision.sealed.repointed).await?;
    review::repo::reopen(write, id).await?;
    mark_undone(write, id).await?;
    finish(write, &[first, second], &[first, second], id, city, revision).await
}

/// Makes the master records of `renewed` anew and tells the journal about `told`.
async fn finish(
    write: &Write,
    renewed: &[PersonId],
    told: &[PersonId],
    decision: Uuid,
    city: AreaPath,
    revision: i64,
) -> Result<(), DecisionError> {
    let horizon = Horizon::read(write.connection()).await?;
    renew(write, renewed, horizon, city, revision).await?;
    let after =
        serde_json::to_value(Renewed { persons: told.to_vec(), decision }).map_err(StoreError::from)?;
    write
        .record(Event { kind: PERSONS_RENEWED, subject: told.last().copied(), after, ..Event::default() })
        .await?;
    Ok(())
}
