//! What the office sees of the queue, and what it can do about a dead job.

use base::{Moment, OperationId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use uuid::Uuid;

use super::TABLE;
use crate::StoreError;
use crate::read::Read;
use crate::write::Write;

/// Jobs on one page at most.
pub const PAGE_AT_MOST: u64 = 500;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// To be run at its moment.
    Waiting,
    /// Being run by a worker.
    Running,
    /// Done; kept for a week.
    Done,
    /// Given up; waits for a person.
    Dead,
}

impl State {
    /// Every state, in the order of a job's life.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::Dead];

    /// As it stands in the table.
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    fn from_text(text: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_text() == text)
            .ok_or_else(|| StoreError::internal("a job is in an unknown state"))
    }
}

/// How many jobs of a kind are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The kind.
    pub kind: String,
    /// The state.
    pub state: State,
    /// How many.
    pub jobs: u64,
}

/// How many jobs there are, by kind and state.
pub async fn counts(connection: &impl ConnectionTrait) -> Result<Vec<Count>, StoreError> {
    let select = Query::select()
        .columns(["kind", "state"])
        .expr_as(Expr::col("id").count(), "jobs")
        .from(TABLE)
        .group_by_columns(["kind", "state"])
        .order_by("kind", Order::Asc)
        .order_by("state", Order::Asc)
        .to_owned();
    let mut counts = Vec::new();
    for row in connection.query_all(&select).await? {
        let (state, jobs): (String, i64) = (row.try_get("", "state")?, row.try_get("", "jobs")?);
        let state = State::from_text(&state)?;
        counts.push(Count { kind: row.try_get("", "kind")?, state, jobs: jobs.unsigned_abs() });
    }
    Ok(counts)
}

/// How many jobs are dead: for a figure that every page asks for.
pub async fn dead(connection: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("id").count(), "jobs")
        .from(TABLE)
        .and_where(Expr::col("state").eq(State::Dead.as_text()))
        .to_owned();
    let row = connection.query_one(&select).await?;
    let jobs: i64 = row.map_or(Ok(0), |row| row.try_get("", "jobs"))?;
    Ok(jobs.unsigned_abs())
}

/// Which jobs: those that fit everything that is set.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<String>,
    /// In this state.
    pub state: Option<State>,
}

/// A job as it is listed: no payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// When it is due, by the office's clock.
    pub not_before: Moment,
    /// How often it was tried.
    pub attempts: i32,
    /// The operation that it follows from.
    pub operation: OperationId,
    /// When it was enqueued, by the office's clock.
    pub enqueued_at: Moment,
    /// When it was done or given up.
    pub finished_at: Option<Moment>,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// A page of at most `limit` jobs (500 at most), newest first. `before` is the id of the last job of the page before.
pub async fn list(
    read: &Read,
    filter: &Filter,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Summary>, StoreError> {
    let mut select = Query::select();
    select
        .columns([
            "id",
            "kind",
            "state",
            "not_before",
            "attempts",
            "operation",
            "enqueued_at",
            "finished_at",
            "error",
        ])
        .from(TABLE)
        .order_by("id", Order::Desc)
        .limit(limit.clamp(1, PAGE_AT_MOST));
    if let Some(kind) = &filter.kind {
        select.and_where(Expr::col("kind").eq(kind.as_str()));
    }
    if let Some(state) = filter.state {
        select.and_where(Expr::col("state").eq(state.as_text()));
    }
    if let Some(before) = before {
        select.and_where(Expr::col("id").lt(before));
    }
    let mut jobs = Vec::new();
    for row in read.connection().query_all(&select).await? {
        let (id, state): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "state")?);
        let error = row
            .try_get::<Option<Vec<u8>>>("", "error")?
            .map(|sealed| read.keys().open(TABLE, id, &sealed))
            .transpose()?;
        jobs.push(Summary {
            id,
            kind: row.try_get("", "kind")?,
            state: State::from_text(&state)?,
            not_before: Moment(row.try_get("", "not_before")?),
            attempts: row.try_get("", "attempts")?,
            operation: OperationId(row.try_get("", "operation")?),
            enqueued_at: Moment(row.try_get("", "enqueued_at")?),
            finished_at: row.try_get::<Option<i64>>("", "finished_at")?.map(Moment),
            error,
        });
    }
    Ok(jobs)
}

/// Puts a dead job back into the queue, with all its tries before it.
///
/// # Errors
/// `NotFound` if there is no such dead job.
pub async fn revive(write: &Write, id: Uuid) -> Result<(), StoreError> {
    let update = Query::update()
        .table(TABLE)
        .value("state", State::Waiting.as_text())
        .value("attempts", 0)
        .value("not_before", write.at().0)
        .value("finished_at", Option::<i64>::None)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("state").eq(State::Dead.as_text()))
        .to_owned();
    if write.connection().execute(&update).await?.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    write.wake_runners();
    Ok(())
}
