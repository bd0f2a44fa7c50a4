//! Writing entries.

use base::Moment;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use super::TABLE;
use super::entry::{PLAIN_COLUMNS, Payload, digest, levels};
use crate::StoreError;
use crate::bulk::{LIST_AT_MOST, Target, insert_rows};
use crate::operation::Event;
use crate::write::Write;

/// Bytes of an entry's sealed payload at most; a file is a blob, and the entry names it.
pub const PAYLOAD_BYTES_AT_MOST: usize = 1 << 20;

/// Writes `event` and returns the id of its entry.
pub(crate) async fn append(write: &Write, event: Event) -> Result<Uuid, StoreError> {
    let id = write.new_id();
    insert(write, vec![row(write, id, event)?]).await?;
    Ok(id)
}

/// Writes `events` in their order.
pub(crate) async fn append_all(write: &Write, events: Vec<Event>) -> Result<(), StoreError> {
    let rows = events.into_iter().map(|event| row(write, write.new_id(), event));
    insert(write, rows.collect::<Result<_, _>>()?).await
}

/// Erases the payloads of the entries `ids`, when their time of keeping is over: what was sealed is gone, that it
/// happened stays, and the chain still holds. Returns how many there were.
pub async fn erase(write: &Write, ids: &[Uuid]) -> Result<u64, StoreError> {
    let mut erased = 0;
    for some in ids.chunks(LIST_AT_MOST) {
        let update = Query::update()
            .table(TABLE)
            .value("payload", Option::<Vec<u8>>::None)
            .and_where(Expr::col("id").is_in(some.iter().copied()))
            .and_where(Expr::col("payload").is_not_null())
            .to_owned();
        erased += write.connection().execute(&update).await?.rows_affected();
    }
    Ok(erased)
}

async fn insert(write: &Write, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    let mut columns = PLAIN_COLUMNS.to_vec();
    columns.push("payload");
    insert_rows(write.connection(), Target { table: TABLE, columns: &columns }, rows).await?;
    Ok(())
}

fn row(write: &Write, id: Uuid, event: Event) -> Result<Vec<Value>, StoreError> {
    let operation = write.operation();
    let payload = write.keys().seal(TABLE, id, &Payload { before: event.before, after: event.after })?;
    if payload.len() > PAYLOAD_BYTES_AT_MOST {
        return Err(StoreError::TooLarge { limit_bytes: PAYLOAD_BYTES_AT_MOST as u64 });
    }
    let [city, district, subdistrict, community] = levels(event.area);
    let Moment(at) = operation.at;
    Ok(vec![
        id.into(),
        event.kind.into(),
        at.into(),
        write.machine_now().0.into(),
        operation.actor.account.map(|id| id.0).into(),
        operation.actor.post.map(|id| id.0).into(),
        operation.id.0.into(),
        operation.name.into(),
        event.subject.map(|id| id.0).into(),
        event.matter.map(|id| id.0).into(),
        city.into(),
        district.into(),
        subdistrict.into(),
        community.into(),
        digest(&payload).into(),
        payload.into(),
    ])
}
