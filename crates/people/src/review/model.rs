//! Questions that a person must decide: whether a row's provisional person is somebody who was on record.

use access::{ScopeColumns, Thing};
use base::{AccountId, AreaId, AreaPath, Moment, PersonId, SourceRowId};
use sea_orm::FromQueryResult;
use store::StoreError;
use uuid::Uuid;

use crate::links::Cause;

/// A question as a thing that is looked up: decided in the area of the row's person.
pub enum ReviewThing {}

impl Thing for ReviewThing {
    const COLUMNS: ScopeColumns = ScopeColumns { person: Some("person_id"), ..ScopeColumns::of("review") };
}

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReviewState {
    /// It waits.
    Open,
    /// It was looked at and could not be told; it waits behind the others.
    Unsure,
    /// They are the same person.
    Same,
    /// They are two.
    Different,
    /// Nobody need ask any more: row or candidate went another way.
    Settled,
}

impl ReviewState {
    const ALL: [Self; 5] = [Self::Open, Self::Unsure, Self::Same, Self::Different, Self::Settled];

    /// The word that is stored. `open` sorts before `unsure`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unsure => "unsure",
            Self::Same => "same",
            Self::Different => "different",
            Self::Settled => "settled",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether it still waits for a person.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Open | Self::Unsure)
    }
}

/// A question, its evidence sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Its id.
    pub id: Uuid,
    /// Where the row's person belongs: who decides.
    pub area: AreaPath,
    /// The row.
    pub row: SourceRowId,
    /// The row's provisional person.
    pub person: PersonId,
    /// Who it may be.
    pub candidate: PersonId,
    /// Why it is not decided.
    pub cause: Cause,
    /// Where it stands.
    pub state: ReviewState,
    /// The weight in favour, in bits.
    pub weight: f64,
    /// When it was put.
    pub opened_at: Moment,
    /// When and by whom it was decided.
    pub decided: Option<(Moment, Option<AccountId>)>,
    /// The decision, if one was made.
    pub decision: Option<Uuid>,
    /// Version of the record.
    pub version: i32,
    /// The evidence (`import::Evidence`).
    pub sealed: Vec<u8>,
}

/// The columns of `review` that [`Review`] is made from.
pub(crate) const REVIEW_COLUMNS: [&str; 17] = [
    "id",
    "city_id",
    "district_id",
    "subdistrict_id",
    "community_id",
    "source_row_id",
    "person_id",
    "candidate_id",
    "cause",
    "state",
    "weight",
    "opened_at",
    "decided_at",
    "account_id",
    "decision_id",
    "version",
    "sealed",
];

/// A row of `review` as the database hands it out.
#[derive(Debug, FromQueryResult)]
pub(crate) struct ReviewRow {
    id: Uuid,
    city_id: i32,
    district_id: Option<i32>,
    subdistrict_id: Option<i32>,
    community_id: Option<i32>,
    source_row_id: Uuid,
    person_id: Uuid,
    candidate_id: Uuid,
    cause: String,
    state: String,
    weight: f64,
    opened_at: i64,
    decided_at: Option<i64>,
    account_id: Option<Uuid>,
    decision_id: Option<Uuid>,
    version: i32,
    sealed: Vec<u8>,
}

impl TryFrom<ReviewRow> for Review {
    type Error = StoreError;

    fn try_from(row: ReviewRow) -> Result<Self, StoreError> {
        let unknown = || StoreError::internal("a review has an unknown cause or state");
        Ok(Self {
            id: row.id,
            area: AreaPath {
                city: AreaId(row.city_id),
                district: row.district_id.map(AreaId),
                subdistrict: row.subdistrict_id.map(AreaId),
                community: row.community_id.map(AreaId),
            },
            row: row.source_row_id.into(),
            person: row.person_id.into(),
            candidate: row.candidate_id.into(),
            cause: Cause::from_word(&row.cause).ok_or_else(unknown)?,
            state: ReviewState::from_word(&row.state).ok_or_else(unknown)?,
            weight: row.weight,
            opened_at: Moment(row.opened_at),
            decided: row.decided_at.map(|at| (Moment(at), row.account_id.map(AccountId))),
            decision: row.decision_id,
            version: row.version,
            sealed: row.sealed,
        })
    }
}
