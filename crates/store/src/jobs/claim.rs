//! Taking jobs, and saying how they ended.

use base::{Moment, OperationId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Order, Query, SelectStatement};
use uuid::Uuid;

use super::list::State;
use super::{
    ATTEMPTS_AT_MOST, DONE_KEPT_MILLISECONDS, ERROR_BYTES_AT_MOST, GiveUp, Job, TABLE, pause_milliseconds,
};
use crate::StoreError;
use crate::database::Database;
use crate::operation::{ActorRef, Operation};
use crate::write::Write;

/// Done jobs that are taken away at a time.
const SWEPT_AT_ONCE: u64 = 500;

/// Takes the job that is due first, of one of `kinds`, for `worker`.
pub(super) async fn claim(
    database: &Database,
    kinds: &[&'static str],
    worker: &str,
    now: Moment,
) -> Result<Option<Job>, StoreError> {
    // Asked in a reading transaction first, so that idle runners never take the writer's turn.
    let due = due(kinds, now);
    if database.read().await?.connection().query_one(&due).await?.is_none() {
        return Ok(None);
    }
    let write = begin(database, now, "store.claim_job").await?;
    // On PostgreSQL runners pass over each other's rows; on SQLite there is one writer and the clause is left out.
    let mut locked = due.clone();
    locked.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let Some(row) = write.connection().query_one(&locked).await? else { return Ok(None) };
    let (id, attempts): (Uuid, i32) = (row.try_get("", "id")?, row.try_get("", "attempts")?);
    let sealed: Vec<u8> = row.try_get("", "payload")?;
    let update = Query::update()
        .table(TABLE)
        .value("state", State::Running.as_text())
        .value("wait_key", Option::<String>::None)
        .value("attempts", attempts + 1)
        .value("worker", worker)
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    write.connection().execute(&update).await?;
    let job = Job {
        id,
        kind: row.try_get("", "kind")?,
        attempt: attempts + 1,
        operation: OperationId(row.try_get("", "operation")?),
        at: now,
        payload: write.keys().open(TABLE, id, &sealed)?,
    };
    write.save().await?;
    Ok(Some(job))
}

fn due(kinds: &[&'static str], now: Moment) -> SelectStatement {
    Query::select()
        .columns(["id", "kind", "attempts", "operation", "payload"])
        .from(TABLE)
        .and_where(Expr::col("state").eq(State::Waiting.as_text()))
        .and_where(Expr::col("not_before").lte(now.0))
        .and_where(Expr::col("kind").is_in(kinds.iter().copied()))
        .order_by("not_before", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(1)
        .to_owned()
}

/// Says that `job` was done.
pub(super) async fn done(database: &Database, job: &Job, now: Moment) -> Result<(), StoreError> {
    let write = begin(database, now, "store.finish_job").await?;
    let update = Query::update()
        .table(TABLE)
        .value("state", State::Done.as_text())
        .value("finished_at", now.0)
        .value("worker", Option::<String>::None)
        .value("error", Option::<Vec<u8>>::None)
        .and_where(Expr::col("id").eq(job.id))
        .to_owned();
    write.connection().execute(&update).await?;
    write.save().await
}

/// Says that `job` failed: it is tried again after a pause, or dead.
pub(super) async fn failed(
    database: &Database,
    job: &Job,
    error: &anyhow::Error,
    now: Moment,
) -> Result<State, StoreError> {
    let write = begin(database, now, "store.fail_job").await?;
    let is_dead = job.attempt >= ATTEMPTS_AT_MOST || error.downcast_ref::<GiveUp>().is_some();
    let state = if is_dead { State::Dead } else { State::Waiting };
    let mut text = format!("{error:#}");
    text.truncate(text.floor_char_boundary(ERROR_BYTES_AT_MOST));
    let update = Query::update()
        .table(TABLE)
        .value("state", state.as_text())
        .value("not_before", now.plus_milliseconds(pause_milliseconds(job.attempt)).0)
        .value("finished_at", is_dead.then_some(now.0))
        .value("worker", Option::<String>::None)
        .value("error", write.keys().seal(TABLE, job.id, &text)?)
        .and_where(Expr::col("id").eq(job.id))
        .to_owned();
    write.connection().execute(&update).await?;
    write.save().await?;
    Ok(state)
}

/// The workers that have taken jobs.
pub(super) async fn workers(database: &Database) -> Result<Vec<String>, StoreError> {
    let select = Query::select()
        .distinct()
        .column("worker")
        .from(TABLE)
        .and_where(Expr::col("state").eq(State::Running.as_text()))
        .and_where(Expr::col("worker").is_not_null())
        .to_owned();
    let rows = database.read().await?.connection().query_all(&select).await?;
    rows.iter().map(|row| Ok(row.try_get("", "worker")?)).collect()
}

/// Puts the jobs of a worker that has died back into the queue. One that has used up its tries (it may be what kills
/// its worker) is dead.
pub(super) async fn take_back(database: &Database, worker: &str, now: Moment) -> Result<u64, StoreError> {
    let write = begin(database, now, "store.take_jobs_back").await?;
    let mut taken = 0;
    for (state, is_last) in [(State::Dead, true), (State::Waiting, false)] {
        let tries = Expr::col("attempts");
        let mut update = Query::update();
        update
            .table(TABLE)
            .value("state", state.as_text())
            .value("finished_at", is_last.then_some(now.0))
            .value("worker", Option::<String>::None)
            .and_where(Expr::col("state").eq(State::Running.as_text()))
            .and_where(Expr::col("worker").eq(worker))
            .and_where(if is_last { tries.gte(ATTEMPTS_AT_MOST) } else { tries.lt(ATTEMPTS_AT_MOST) });
        taken += write.connection().execute(&update).await?.rows_affected();
    }
    write.save().await?;
    Ok(taken)
}

/// Takes done jobs away that have been seen long enough; returns how many.
pub(super) async fn sweep(database: &Database, now: Moment) -> Result<u64, StoreError> {
    let old = Query::select()
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("state").eq(State::Done.as_text()))
        .and_where(Expr::col("finished_at").lt(now.plus_milliseconds(-DONE_KEPT_MILLISECONDS).0))
        .limit(SWEPT_AT_ONCE)
        .to_owned();
    if database.read().await?.connection().query_one(&old).await?.is_none() {
        return Ok(0);
    }
    let write = begin(database, now, "store.sweep_jobs").await?;
    let delete = Query::delete().from_table(TABLE).and_where(Expr::col("id").in_subquery(old)).to_owned();
    let swept = write.connection().execute(&delete).await?.rows_affected();
    write.save().await?;
    Ok(swept)
}

async fn begin(database: &Database, now: Moment, name: &'static str) -> Result<Write, StoreError> {
    let id = OperationId(database.entropy().uuid(now));
    database.write(Operation { id, name, actor: ActorRef::SYSTEM, at: now }).await
}
