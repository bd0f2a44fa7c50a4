//! What people decide about links: two persons are one, a row belongs to somebody else, these two are not the same;
//! and taking any of it back. Each decision keeps what it moved, so that undoing it moves exactly that.
//!
//! The links themselves are the only thing that is decided. Numbers, master records and search follow from them, and are
//! made anew in the same transaction.

use std::collections::{HashMap, HashSet};

use base::{AccountId, AreaPath, Moment, PersonId, SourceRowId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use store::bulk::{LIST_AT_MOST, Target, insert_rows};
use store::{Event, Keys, StoreError, Write};
use uuid::Uuid;

use super::Ground;
use super::repo::{self, Link};
use crate::deliveries::Horizon;
use crate::persons::{self, LinkedRow, Master, Number, PersonState};
use crate::review::{self, Review, ReviewState};
use crate::rows::SourceRow;

/// The journal's word for persons whose rows were moved by hand: `{persons, decision}`.
pub const PERSONS_RENEWED: &str = "people.persons_renewed";

/// Rows of one person that a decision moves, at most: a person has a row of each feed, and their versions.
const ROWS_AT_MOST: usize = 5_000;

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

    fn from_word(word: &str) -> Option<Self> {
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

/// A row that a decision moved, and what its link said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Move {
    row: SourceRowId,
    from: PersonId,
    to: PersonId,
    ground: String,
    decision: Option<Uuid>,
}

/// What is sealed of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct SealedDecision {
    moves: Vec<Move>,
    /// Questions that were put to another person because of it: the question, and what it named before.
    repointed: Vec<(Uuid, PersonId, PersonId, String)>,
    note: String,
}

/// Decisions about one person that are named, at most.
const MADE_AT_MOST: u64 = 100;

/// A decision as it stands on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its id.
    pub id: Uuid,
    /// What was decided.
    pub kind: DecisionKind,
    /// The first person: who was joined, or is new.
    pub person: PersonId,
    /// The second: who it was joined to, or parted from.
    pub other: PersonId,
    /// The question that it answered, if it did.
    pub review: Option<Uuid>,
    /// Who decided.
    pub account: Option<AccountId>,
    /// When.
    pub at: Moment,
    /// When it was undone, if it was.
    pub undone_at: Option<Moment>,
    /// What was noted.
    pub note: String,
    /// How many rows it moved.
    pub moved: usize,
}

fn select_made() -> SelectStatement {
    Query::select()
        .columns([
            "id",
            "kind",
            "person_id",
            "other_id",
            "review_id",
            "account_id",
            "decided_at",
            "undone_at",
        ])
        .column("sealed")
        .from("decision")
        .order_by("decided_at", Order::Desc)
        .order_by("id", Order::Desc)
        .to_owned()
}

fn made_of(keys: &Keys, row: &sea_orm::QueryResult) -> Result<Made, StoreError> {
    let id: Uuid = row.try_get("", "id")?;
    let kind: String = row.try_get("", "kind")?;
    let sealed: Vec<u8> = row.try_get("", "sealed")?;
    let sealed: SealedDecision = keys.open("decision", id, &sealed)?;
    Ok(Made {
        id,
        kind: DecisionKind::from_word(&kind)
            .ok_or_else(|| StoreError::internal("a decision has an unknown kind"))?,
        person: PersonId(row.try_get("", "person_id")?),
        other: PersonId(row.try_get("", "other_id")?),
        review: row.try_get("", "review_id")?,
        account: row.try_get::<Option<Uuid>>("", "account_id")?.map(AccountId),
        at: Moment(row.try_get("", "decided_at")?),
        undone_at: row.try_get::<Option<i64>>("", "undone_at")?.map(Moment),
        note: sealed.note,
        moved: sealed.moves.len(),
    })
}

/// The decision `id`.
///
/// # Errors
/// `NotFound`.
pub async fn made(connection: &impl ConnectionTrait, keys: &Keys, id: Uuid) -> Result<Made, StoreError> {
    let select = select_made().and_where(Expr::col("id").eq(id)).to_owned();
    let row = connection.query_one(&select).await?.ok_or(StoreError::NotFound)?;
    made_of(keys, &row)
}

/// What was decided about `person`, undone or not, the newest first, at most a hundred.
pub async fn history(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    person: PersonId,
) -> Result<Vec<Made>, StoreError> {
    let names =
        Condition::any().add(Expr::col("person_id").eq(person.0)).add(Expr::col("other_id").eq(person.0));
    let select = select_made().cond_where(names).limit(MADE_AT_MOST).to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| made_of(keys, row)).collect()
}

/// The last decision of `account` that still stands.
pub async fn last_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Uuid>, StoreError> {
    let select = Query::select()
        .columns(["id", "undone_at"])
        .from("decision")
        .and_where(Expr::col("account_id").eq(account.0))
        .order_by("decided_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(1)
        .to_owned();
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    let undone: Option<i64> = row.try_get("", "undone_at")?;
    Ok(if undone.is_none() { Some(row.try_get("", "id")?) } else { None })
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
    let revision = persons::repo::take_writer(write).await?;
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
    persons::repo::take_writer(write).await?;
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
    let revision = persons::repo::take_writer(write).await?;
    let horizon = Horizon::read(write.connection()).await?;
    let all = rows_of(write, person).await?;
    // Every version of a row goes with it.
    let keys: HashSet<_> =
        all.iter().filter(|row| rows.contains(&row.id)).map(|row| (row.feed_id, row.key)).collect();
    let (taken, kept): (Vec<SourceRow>, Vec<SourceRow>) =
        all.into_iter().partition(|row| keys.contains(&(row.feed_id, row.key)));
    let is_any_seen = |rows: &[SourceRow]| rows.iter().any(|row| persons::repo::is_seen(row, horizon));
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
    let revision = persons::repo::take_writer(write).await?;
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

struct Decision {
    kind: DecisionKind,
    person: PersonId,
    other: PersonId,
    sealed: SealedDecision,
}

async fn decision(write: &Write, id: Uuid) -> Result<Decision, DecisionError> {
    let select = Query::select()
        .columns(["kind", "person_id", "other_id", "sealed"])
        .from("decision")
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("undone_at").is_null())
        .to_owned();
    let row = write.connection().query_one(&select).await?.ok_or(DecisionError::Overtaken)?;
    let kind: String = row.try_get("", "kind")?;
    let sealed: Vec<u8> = row.try_get("", "sealed")?;
    Ok(Decision {
        kind: DecisionKind::from_word(&kind)
            .ok_or_else(|| StoreError::internal("a decision has an unknown kind"))?,
        person: PersonId(row.try_get("", "person_id")?),
        other: PersonId(row.try_get("", "other_id")?),
        sealed: write.keys().open("decision", id, &sealed)?,
    })
}

async fn insert(
    write: &Write,
    id: Uuid,
    kind: DecisionKind,
    (person, other): (PersonId, PersonId),
    review: Option<Uuid>,
    sealed: &SealedDecision,
) -> Result<(), StoreError> {
    let columns = ["id", "kind", "person_id", "other_id", "review_id", "account_id", "decided_at", "sealed"];
    let row = [
        id.into(),
        kind.word().into(),
        person.0.into(),
        other.0.into(),
        review.into(),
        write.actor().account.map(Uuid::from).into(),
        write.at().0.into(),
        write.keys().seal("decision", id, sealed)?.into(),
    ];
    insert_rows(write.connection(), Target { table: "decision", columns: &columns }, [row]).await?;
    Ok(())
}

async fn mark_undone(write: &Write, id: Uuid) -> Result<(), DecisionError> {
    let update = Query::update()
        .table("decision")
        .values([
            ("undone_at", write.at().0.into()),
            ("undone_by", write.actor().account.map(Uuid::from).into()),
        ])
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("undone_at").is_null())
        .to_owned();
    if write.connection().execute(&update).await?.rows_affected() == 1 {
        Ok(())
    } else {
        Err(DecisionError::Overtaken)
    }
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
    persons::repo::renew(write, renewed, horizon, city, revision).await?;
    let after = serde_json::json!({ "persons": told, "decision": decision });
    write
        .record(Event { kind: PERSONS_RENEWED, subject: told.last().copied(), after, ..Event::default() })
        .await?;
    Ok(())
}

async fn rows_of(write: &Write, person: PersonId) -> Result<Vec<SourceRow>, DecisionError> {
    let mut rows = repo::rows_of(write.connection(), &[person]).await?;
    let rows = rows.remove(&person).unwrap_or_default();
    if rows.len() > ROWS_AT_MOST {
        return Err(StoreError::internal("a person has more rows than a decision moves").into());
    }
    Ok(rows)
}

async fn rows_by(write: &Write, moves: &[&Move]) -> Result<Vec<SourceRow>, StoreError> {
    let ids: Vec<SourceRowId> = moves.iter().map(|moved| moved.row).collect();
    crate::rows::repo::by_ids(write.connection(), &ids).await
}

fn ids_of(rows: &[SourceRow]) -> Vec<SourceRowId> {
    rows.iter().map(|row| row.id).collect()
}

fn moves(
    links: &HashMap<SourceRowId, Link>,
    rows: &[SourceRowId],
    from: PersonId,
    to: PersonId,
) -> Vec<Move> {
    rows.iter()
        .filter_map(|row| {
            let link = links.get(row)?;
            let (ground, decision) = (link.ground.word().to_owned(), link.decision);
            Some(Move { row: *row, from, to, ground, decision })
        })
        .collect()
}

fn numbers_of(write: &Write, rows: &[SourceRow]) -> Result<Vec<Number>, StoreError> {
    let mut numbers = Vec::new();
    for row in rows {
        let values = crate::rows::repo::open(write.keys(), row)?.values;
        let number = values.document.map(|document| Number::of(write.keys(), &document));
        numbers.extend(number.filter(|number| !numbers.contains(number)));
    }
    Ok(numbers)
}

async fn move_rows(write: &Write, moves: &[Move], decision: Uuid) -> Result<(), StoreError> {
    let Some(first) = moves.first() else { return Ok(()) };
    let rows: Vec<SourceRowId> = moves.iter().map(|moved| moved.row).collect();
    set_link(write, &rows, Link { person: first.to, ground: Ground::Decision, decision: Some(decision) })
        .await
}

async fn set_link(write: &Write, rows: &[SourceRowId], link: Link) -> Result<(), StoreError> {
    for chunk in rows.chunks(LIST_AT_MOST) {
        let update = Query::update()
            .table("link")
            .values([
                ("person_id", link.person.0.into()),
                ("decided_by", link.ground.word().into()),
                ("decision_id", link.decision.into()),
            ])
            .and_where(Expr::col("source_row_id").is_in(chunk.iter().map(|row| row.0)))
            .to_owned();
        write.connection().execute(&update).await?;
    }
    Ok(())
}

async fn move_numbers(
    write: &Write,
    numbers: &[Number],
    from: PersonId,
    to: PersonId,
) -> Result<(), StoreError> {
    for number in numbers {
        let update = Query::update()
            .table("person_key")
            .value("person_id", to.0)
            .and_where(Expr::col("kind").eq(number.kind_word()))
            .and_where(Expr::col("hash").eq(number.digest.0.to_vec()))
            .and_where(Expr::col("person_id").eq(from.0))
            .to_owned();
        write.connection().execute(&update).await?;
    }
    Ok(())
}

async fn are_active(write: &Write, ids: &[PersonId]) -> Result<bool, StoreError> {
    let horizon = Horizon::read(write.connection()).await?;
    let condition = Condition::all()
        .add(horizon.sees("person"))
        .add(Expr::col(("person", "state")).eq(PersonState::Active.word()));
    Ok(persons::repo::by_ids(write.connection(), ids, condition).await?.len() == ids.len())
}

async fn retire_person(
    write: &Write,
    id: PersonId,
    into: Option<PersonId>,
    revision: i64,
) -> Result<(), StoreError> {
    set_state(write, id, PersonState::Merged, into, revision).await
}

async fn revive_person(write: &Write, id: PersonId, revision: i64) -> Result<(), StoreError> {
    set_state(write, id, PersonState::Active, None, revision).await
}

async fn set_state(
    write: &Write,
    id: PersonId,
    state: PersonState,
    into: Option<PersonId>,
    revision: i64,
) -> Result<(), StoreError> {
    let update = Query::update()
        .table("person")
        .values([
            ("state", state.word().into()),
            ("merged_into", into.map(Uuid::from).into()),
            ("revision", revision.into()),
        ])
        .and_where(Expr::col("id").eq(id.0))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}

/// A new person of rows that are there: seen as soon as the oldest of them is.
async fn insert_person(
    write: &Write,
    id: PersonId,
    rows: &[SourceRow],
    horizon: Horizon,
    city: AreaPath,
    revision: i64,
) -> Result<(), StoreError> {
    let opened = rows
        .iter()
        .filter(|row| persons::repo::is_seen(row, horizon))
        .map(|row| Ok((row, crate::rows::repo::open(write.keys(), row)?.values)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let seen: Vec<LinkedRow<'_>> = opened
        .iter()
        .map(|(row, values)| LinkedRow { id: row.id, feed_id: row.feed_id, number: row.number, values })
        .collect();
    let number = rows.iter().map(|row| row.number).min().unwrap_or(horizon.0);
    let mut values =
        persons::repo::person_values(write.keys(), id, city, Master::of(&seen), revision)?.to_vec();
    values.extend([PersonState::Active.word().into(), number.into()]);
    let columns: Vec<&str> =
        persons::repo::PERSON_VALUE_COLUMNS.into_iter().chain(["state", "number"]).collect();
    insert_rows(write.connection(), Target { table: "person", columns: &columns }, [values]).await?;
    Ok(())
}

/// Questions that still wait and name `from` name `into` from now on; one that would ask whether somebody is
/// themselves is settled. Returns what they named before.
async fn repoint_reviews(
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

async fn restore_reviews(
    write: &Write,
    repointed: &[(Uuid, PersonId, PersonId, String)],
) -> Result<(), StoreError> {
    for (id, person, candidate, state) in repointed {
        let state = ReviewState::from_word(state).unwrap_or(ReviewState::Open);
        review::repo::point(write, *id, *person, *candidate, state).await?;
    }
    Ok(())
}
