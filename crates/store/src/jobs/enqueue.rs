//! Putting jobs into the queue.

use base::Moment;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Serialize;
use uuid::Uuid;

use super::TABLE;
use super::list::State;
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
/// one must not be left out.
pub(crate) async fn enqueue_once(
    write: &Write,
    kind: &'static str,
    key: &str,
    payload: &impl Serialize,
    not_before: Moment,
) -> Result<(), StoreError> {
    let earlier = Query::update()
        .table(TABLE)
        .value("not_before", not_before.0)
        .and_where(Expr::col("kind").eq(kind))
        .and_where(Expr::col("wait_key").eq(key))
        .and_where(Expr::col("not_before").gt(not_before.0))
        .to_owned();
    if write.connection().execute(&earlier).await?.rows_affected() > 0 {
        return Ok(());
    }
    insert(write, kind, Some(key), payload, not_before).await?;
    Ok(())
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
        insert.on_conflict(OnConflict::columns(["kind", "wait_key"]).do_nothing().to_owned());
    }
    write.connection().execute(&insert).await?;
    Ok(id)
}
