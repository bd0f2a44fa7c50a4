//! Finding and writing notices.

use base::{MatterId, Moment, PostId};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::bulk::{Target, insert_rows};
use store::{StoreError, Write};
use uuid::Uuid;

use super::Told;
use super::model::{COLUMNS, Notice, NoticeKind, Row};
use crate::MatterError;

const TABLE: &str = "notice";

pub(super) async fn insert(write: &Write, told: &[Told<'_>]) -> Result<(), StoreError> {
    let rows: Vec<[sea_orm::Value; 5]> = told
        .iter()
        .map(|told| {
            let (id, at) = (write.new_id(), write.at().0);
            [id.into(), told.post.0.into(), told.matter.id.0.into(), told.kind.word().into(), at.into()]
        })
        .collect();
    insert_rows(write.connection(), Target { table: TABLE, columns: &COLUMNS }, rows).await?;
    Ok(())
}

/// The notices of a post, newest first, those older than the one with the id `before`.
pub(super) async fn of_post(
    connection: &impl ConnectionTrait,
    post: PostId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Notice>, MatterError> {
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .column("read_at")
        .from(TABLE)
        .and_where(Expr::col("post_id").eq(post.0))
        .order_by("id", Order::Desc)
        .limit(limit);
    if let Some(before) = before {
        select.and_where(Expr::col("id").lt(before));
    }
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Row::from_query_result(row, "")?.try_into()).collect()
}

/// The matters of which a post was alerted last, each with the moment, newest first: as many as `limit` alerts name.
pub(crate) async fn alerts(
    connection: &impl ConnectionTrait,
    post: PostId,
    limit: u64,
) -> Result<Vec<(MatterId, Moment)>, MatterError> {
    let select = Query::select()
        .columns(COLUMNS)
        .column("read_at")
        .from(TABLE)
        .and_where(Expr::col("post_id").eq(post.0))
        .and_where(Expr::col("kind").eq(NoticeKind::Alert.word()))
        .order_by("id", Order::Desc)
        .limit(limit)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    let alerts = rows.iter().map(|row| {
        let notice = Notice::try_from(Row::from_query_result(row, "")?)?;
        Ok((notice.matter, notice.at))
    });
    alerts.collect()
}

/// The notices of one kind about a matter, in the order in which they were sent.
pub(super) async fn of_matter(
    connection: &impl ConnectionTrait,
    matter: MatterId,
    kind: NoticeKind,
    limit: u64,
) -> Result<Vec<Notice>, MatterError> {
    let select = Query::select()
        .columns(COLUMNS)
        .column("read_at")
        .from(TABLE)
        .and_where(Expr::col("matter_id").eq(matter.0))
        .and_where(Expr::col("kind").eq(kind.word()))
        .order_by("id", Order::Asc)
        .limit(limit)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Row::from_query_result(row, "")?.try_into()).collect()
}

pub(super) async fn unread(connection: &impl ConnectionTrait, post: PostId) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("id").count(), "count")
        .from(TABLE)
        .and_where(Expr::col("post_id").eq(post.0))
        .and_where(Expr::col("read_at").is_null())
        .to_owned();
    let row = connection.query_one(&select).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count.unsigned_abs())
}

/// Marks the unread notices of a post as read, of which the newest is `up_to`.
pub(super) async fn mark_read(write: &Write, post: PostId, up_to: Uuid) -> Result<u64, StoreError> {
    let update = Query::update()
        .table(TABLE)
        .value("read_at", write.at().0)
        .and_where(Expr::col("post_id").eq(post.0))
        .and_where(Expr::col("read_at").is_null())
        .and_where(Expr::col("id").lte(up_to))
        .to_owned();
    Ok(write.connection().execute(&update).await?.rows_affected())
}

/// Deletes notices that were read before `read_before`, and those that came before `sent_before`, at most `limit` of each.
/// Returns how many.
pub(super) async fn prune(
    write: &Write,
    read_before: Moment,
    sent_before: Moment,
    limit: u64,
) -> Result<u64, StoreError> {
    let mut gone = 0;
    for (column, before) in [("read_at", read_before), ("at", sent_before)] {
        let mut old = Query::select();
        old.column("id").from(TABLE).and_where(Expr::col(column).lt(before.0)).limit(limit);
        let delete = Query::delete().from_table(TABLE).and_where(Expr::col("id").in_subquery(old)).to_owned();
        gone += write.connection().execute(&delete).await?.rows_affected();
    }
    Ok(gone)
}
