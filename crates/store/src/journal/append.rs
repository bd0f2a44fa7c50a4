//! Writing entries.

use base::Moment;
use sea_orm::Value;
use uuid::Uuid;

use super::TABLE;
use super::entry::{PLAIN_COLUMNS, Payload, digest, levels};
use crate::StoreError;
use crate::bulk::{Target, insert_rows};
use crate::operation::Event;
use crate::write::Write;

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

async fn insert(write: &Write, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    let mut columns = PLAIN_COLUMNS.to_vec();
    columns.push("payload");
    insert_rows(write.connection(), Target { table: TABLE, columns: &columns }, rows).await?;
    Ok(())
}

fn row(write: &Write, id: Uuid, event: Event) -> Result<Vec<Value>, StoreError> {
    let operation = write.operation();
    let payload = write.keys().seal(TABLE, id, &Payload { before: event.before, after: event.after })?;
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
