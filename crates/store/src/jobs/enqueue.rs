//! Putting jobs into the queue.

use base::Moment;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Serialize;
use uuid::Uuid;

use super::list::State;
use super::{PAYLOAD_BYTES_AT_MOST, TABLE};
use crate::StoreError;
use crate::write::Write;

pub(crate) async fn enqueue(
    write: &Write,
    kind: &'static str,
    payload: &impl Serialize,
    not_before: Moment,
) -> Result<Uuid, StoreError> {
    insert(write, kind, None, payload, not_before).await
}

/// The key stands in the row only while the job waits: a job that runs may have read its matter already, so the next
/// one must not be left out. For the same reason the row that waits is written to, even if its moment stays: on
/// PostgreSQL that keeps it from being taken before this transaction is committed.
pub(crate) async fn enqueue_once(
    write: &Write,
    kind: &'static str,
    key: &str,
    payload: &impl Serialize,
    not_before: Moment,
) -> Result<(), StoreError> {
    insert(write, kind, Some(key), payload, not_before).await?;
    Ok(())
}

/// Whether a job of this kind waits under `key`. The key stands in the row only while it waits.
pub(crate) async fn waits(
    connection: &impl ConnectionTrait,
    kind: &str,
    key: &str,
) -> Result<bool, StoreError> {
    let select = Query::select()
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("kind").eq(kind))
        .and_where(Expr::col("wait_key").eq(key))
        .to_owned();
    Ok(connection.query_one(&select).await?.is_some())
}

async fn insert(
    write: &Write,
    kind: &'static str,
    key: Option<&str>,
    payload: &impl Serialize,
    not_before: Moment,
) -> Result<Uuid, StoreError> {
    let id = write.new_id();
    let payload = write.keys().seal(TABLE, id, payload)?;
    if payload.len() > PAYLOAD_BYTES_AT_MOST {
        return Err(StoreError::TooLarge { limit_bytes: PAYLOAD_BYTES_AT_MOST as u64 });
    }
    let mut insert = Query::insert();
    insert
        .into_table(TABLE)
        .columns([
            "id",
            "kind",
            "state",
            "wait_key",
            "not_before",
            "attempts",
            "operation",
            "enqueued_at",
            "payload",
        ])
        .values_panic([
            id.into(),
            kind.into(),
            State::Waiting.as_text().into(),
            key.into(),
            not_before.0.into(),
            0.into(),
            write.operation().id.0.into(),
            write.at().0.into(),
            payload.into(),
        ]);
    if key.is_some() {
        let earlier =
            "CASE WHEN excluded.not_before < job.not_before THEN excluded.not_before ELSE job.not_before END";
        let mut coalesce = OnConflict::columns(["kind", "wait_key"]);
        coalesce.value("not_before", Expr::cust(earlier));
        insert.on_conflict(coalesce);
    }
    write.connection().execute(&insert).await?;
    Ok(id)
}
