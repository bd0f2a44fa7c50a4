//! Which leads were dispatched together, so that it can be undone together.

use base::{MatterId, Moment, PostId};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, Value};
use store::bulk::{Target, insert_rows};
use store::schema::Schema;
use store::{StoreError, Write};
use uuid::Uuid;

/// The tables.
pub(crate) fn tables(schema: &mut Schema) {
    schema.create_table("dispatch_batch", |table| {
        table.id();
        table.uuid("post_id");
        table.moment("at");
        table.integer("leads");
        table.moment("undone_at").optional();
    });
    schema.index("dispatch_batch", &["post_id", "at"]);
    schema.create_table("dispatch_item", |table| {
        table.uuid("batch_id").references("dispatch_batch");
        table.uuid("matter_id");
        table.integer("version");
        table.primary_key(&["batch_id", "matter_id"]);
    });
}

/// When each lead was due before it was dispatched: taken back, it is due then again.
pub(crate) fn item_due(schema: &mut Schema) {
    schema.add_column("dispatch_item", |table| {
        table.moment("due_at").default(i64::MAX);
    });
}

/// A lead of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    /// The lead.
    pub lead: MatterId,
    /// The version that it had when it was sent.
    pub version: i32,
    /// When it was due before.
    pub due: Moment,
}

/// Keeps that these leads were dispatched together.
pub(crate) async fn keep_batch(write: &Write, post: PostId, leads: &[Sent]) -> Result<Uuid, StoreError> {
    let id = write.new_id();
    let count = i32::try_from(leads.len()).unwrap_or(i32::MAX);
    let target = Target { table: "dispatch_batch", columns: &["id", "post_id", "at", "leads", "undone_at"] };
    let none: Option<i64> = None;
    insert_rows(
        write.connection(),
        target,
        [[id.into(), post.0.into(), write.at().0.into(), count.into(), Value::from(none)]],
    )
    .await?;
    let target = Target { table: "dispatch_item", columns: &["batch_id", "matter_id", "version", "due_at"] };
    let row = |sent: &Sent| [id.into(), sent.lead.0.into(), sent.version.into(), sent.due.0.into()];
    let rows: Vec<[Value; 4]> = leads.iter().map(row).collect();
    insert_rows(write.connection(), target, rows).await?;
    Ok(id)
}

/// A batch that was dispatched and not taken back: how many leads, and when.
pub(crate) async fn batch(
    connection: &impl ConnectionTrait,
    post: PostId,
    id: Uuid,
) -> Result<Option<(u64, Moment)>, StoreError> {
    let select = Query::select()
        .columns(["leads", "at"])
        .from("dispatch_batch")
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("post_id").eq(post.0))
        .and_where(Expr::col("undone_at").is_null())
        .to_owned();
    let row = connection.query_one(&select).await?;
    row.map(|row| {
        let leads: i32 = row.try_get("", "leads")?;
        Ok((u64::try_from(leads).unwrap_or(0), Moment(row.try_get("", "at")?)))
    })
    .transpose()
}

/// Marks a batch of this post as taken back and returns its leads.
///
/// # Errors
/// `NotFound` when there is none of this post, or it was taken back before.
pub(crate) async fn end_batch(write: &Write, post: PostId, id: Uuid) -> Result<Vec<Sent>, StoreError> {
    let update = Query::update()
        .table("dispatch_batch")
        .value("undone_at", write.at().0)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("post_id").eq(post.0))
        .and_where(Expr::col("undone_at").is_null())
        .to_owned();
    if write.connection().execute(&update).await?.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    let select = Query::select()
        .columns(["matter_id", "version", "due_at"])
        .from("dispatch_item")
        .and_where(Expr::col("batch_id").eq(id))
        .order_by("matter_id", Order::Asc)
        .to_owned();
    let rows = write.connection().query_all(&select).await?;
    rows.iter()
        .map(|row| {
            Ok(Sent {
                lead: MatterId(row.try_get("", "matter_id")?),
                version: row.try_get("", "version")?,
                due: Moment(row.try_get("", "due_at")?),
            })
        })
        .collect()
}
