//! Finding and writing attachments.

use base::{AttachmentId, MatterId};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::Keys;

use super::model::{Attachment, COLUMNS, Row, TABLE};
use super::service::MATTER_ATTACHMENTS_AT_MOST;
use crate::MatterError;

fn of_matter(matter: MatterId) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from(TABLE)
        .and_where(Expr::col("matter_id").eq(matter.0))
        .order_by("id", Order::Asc)
        .limit(MATTER_ATTACHMENTS_AT_MOST);
    select
}

async fn rows(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    select: &SelectStatement,
) -> Result<Vec<Attachment>, MatterError> {
    let rows = connection.query_all(select).await?;
    rows.iter().map(|row| Row::from_query_result(row, "")?.open(keys)).collect()
}

/// The attachments of a matter, in the order in which they were added.
pub(super) async fn all_of(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matter: MatterId,
) -> Result<Vec<Attachment>, MatterError> {
    rows(connection, keys, &of_matter(matter)).await
}

/// One attachment of a matter.
pub(super) async fn one_of(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matter: MatterId,
    id: AttachmentId,
) -> Result<Attachment, MatterError> {
    let mut select = of_matter(matter);
    select.and_where(Expr::col("id").eq(id.0));
    rows(connection, keys, &select).await?.pop().ok_or(MatterError::NotFound)
}

/// How many attachments a matter has.
pub(super) async fn count(connection: &impl ConnectionTrait, matter: MatterId) -> Result<u64, MatterError> {
    let select = Query::select()
        .expr_as(Expr::col("id").count(), "count")
        .from(TABLE)
        .and_where(Expr::col("matter_id").eq(matter.0))
        .to_owned();
    let row = connection.query_one(&select).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count.unsigned_abs())
}

/// Whether every one of `attachments` belongs to the matter; `ForeignAttachment` if not. An answer that named another
/// matter's picture would let its reader see that one.
pub(crate) async fn check_all_of(
    connection: &impl ConnectionTrait,
    matter: MatterId,
    attachments: impl Iterator<Item = AttachmentId> + Send,
) -> Result<(), MatterError> {
    let mut wanted: Vec<AttachmentId> = attachments.collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(());
    }
    if wanted.len() > usize::try_from(MATTER_ATTACHMENTS_AT_MOST).unwrap_or(usize::MAX) {
        return Err(MatterError::ForeignAttachment);
    }
    let select = Query::select()
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("matter_id").eq(matter.0))
        .and_where(Expr::col("id").is_in(wanted.iter().map(|id| id.0)))
        .to_owned();
    let found = connection.query_all(&select).await?.len();
    if found == wanted.len() { Ok(()) } else { Err(MatterError::ForeignAttachment) }
}
