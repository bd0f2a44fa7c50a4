//! Decisions in the database: what is kept of each, and what is read again.

use base::{AccountId, Moment, PersonId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use store::bulk::{Target, insert_rows};
use store::{Keys, StoreError, Write};
use uuid::Uuid;

use super::moves::Move;
use super::{DecisionError, DecisionKind};

/// What is sealed of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SealedDecision {
    pub(super) moves: Vec<Move>,
    /// Questions that were put to another person because of it: the question, and what it named before.
    pub(super) repointed: Vec<(Uuid, PersonId, PersonId, String)>,
    pub(super) note: String,
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

/// A decision that stands.
pub(super) struct Decision {
    pub(super) kind: DecisionKind,
    pub(super) person: PersonId,
    pub(super) other: PersonId,
    pub(super) sealed: SealedDecision,
}

pub(super) async fn decision(write: &Write, id: Uuid) -> Result<Decision, DecisionError> {
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

pub(super) async fn insert(
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

pub(super) async fn mark_undone(write: &Write, id: Uuid) -> Result<(), DecisionError> {
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
