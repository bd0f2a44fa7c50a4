//! Source rows in the database, and what hangs on them: indicators, residences, relations.

use std::collections::HashMap;

use base::{Day, SourceRowId};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::bulk::LIST_AT_MOST;
use store::{Keys, StoreError};
use uuid::Uuid;

use super::model::{SOURCE_ROW_COLUMNS, SealedRow, SourceRow, StoredRow};
use crate::deliveries::Horizon;
use crate::import::{Current, Digest};

/// A key of a feed as the merge join sees it: also ended rows, since a row that comes back finds its person again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyedRow {
    /// The row.
    pub row: Current,
    /// Whether it has ended.
    pub is_ended: bool,
}

/// The rows of a feed with keys above `after` (none: from the first) up to `until` (none: to the last), by key, among
/// equals by number.
pub async fn keyed_rows(
    connection: &impl ConnectionTrait,
    feed_id: i32,
    after: Option<Digest>,
    until: Option<Digest>,
) -> Result<Vec<KeyedRow>, StoreError> {
    let mut select = keys_of(feed_id);
    select.column("ended_number").order_by("number", Order::Asc);
    if let Some(after) = after {
        select.and_where(Expr::col("row_key").gt(after.0.to_vec()));
    }
    if let Some(until) = until {
        select.and_where(Expr::col("row_key").lte(until.0.to_vec()));
    }
    let rows = connection.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            let ended: Option<i64> = row.try_get("", "ended_number")?;
            Ok(KeyedRow { row: current_of(row)?, is_ended: ended.is_some() })
        })
        .collect()
}

/// The rows that a feed holds, by key. 48 bytes each: a feed of ten million rows takes half a gigabyte here, and is
/// compared in one go.
pub async fn current_rows(
    connection: &impl ConnectionTrait,
    feed_id: i32,
) -> Result<Vec<Current>, StoreError> {
    let mut select = keys_of(feed_id);
    select.and_where(Expr::col("ended_number").is_null());
    let rows = connection.query_all(&select).await?;
    let mut current = rows.iter().map(current_of).collect::<Result<Vec<_>, _>>()?;
    // The database sorts equal keys as it likes; the join wants them in the order in which they came.
    current.sort_unstable();
    Ok(current)
}

fn keys_of(feed_id: i32) -> SelectStatement {
    Query::select()
        .columns(["id", "row_key", "content_hash"])
        .from("source_row")
        .and_where(Expr::col("feed_id").eq(feed_id))
        .order_by("row_key", Order::Asc)
        .to_owned()
}

fn current_of(row: &sea_orm::QueryResult) -> Result<Current, StoreError> {
    let digest = |column| row.try_get::<Vec<u8>>("", column).map(|bytes| Digest::of(&bytes));
    let id: Uuid = row.try_get("", "id")?;
    Ok(Current { key: digest("row_key")?, id: id.into(), content: digest("content_hash")? })
}

/// `SELECT` of the columns that a [`SourceRow`] is made from.
pub(crate) fn select_rows() -> SelectStatement {
    Query::select()
        .columns(SOURCE_ROW_COLUMNS.map(|column| ("source_row", column)))
        .from("source_row")
        .to_owned()
}

/// The rows that `select` finds.
pub(crate) async fn rows_by(
    connection: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<SourceRow>, StoreError> {
    let rows = connection.query_all(select).await?;
    Ok(rows
        .iter()
        .map(|row| StoredRow::from_query_result(row, "").map(SourceRow::from))
        .collect::<Result<_, _>>()?)
}

/// The rows with these ids, in no order; an id that is not there is left out.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[SourceRowId],
) -> Result<Vec<SourceRow>, StoreError> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(LIST_AT_MOST) {
        let mut select = select_rows();
        select.and_where(Expr::col(("source_row", "id")).is_in(chunk.iter().map(|id| id.0)));
        rows.extend(rows_by(connection, &select).await?);
    }
    Ok(rows)
}

/// What is sealed of `row`.
pub fn open(keys: &Keys, row: &SourceRow) -> Result<SealedRow, StoreError> {
    keys.open("source_row", row.id.0, &row.sealed)
}

/// An indicator as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its id.
    pub id: base::IndicatorId,
    /// Its kind.
    pub kind: String,
    /// Its day, if it has one.
    pub day: Option<Day>,
    /// Its amount, if it has one.
    pub amount: Option<i64>,
    /// The row that says so.
    pub row: SourceRowId,
}

/// The indicators that these rows yield, by row, each row's by kind and day.
pub async fn indicators(
    connection: &impl ConnectionTrait,
    rows: &[SourceRowId],
) -> Result<HashMap<SourceRowId, Vec<Indicator>>, StoreError> {
    let mut found: HashMap<SourceRowId, Vec<Indicator>> = HashMap::new();
    for chunk in rows.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns(["id", "source_row_id", "kind", "day", "amount"])
            .from("indicator")
            .and_where(Expr::col("source_row_id").is_in(chunk.iter().map(|id| id.0)))
            .order_by("kind", Order::Asc)
            .order_by("day", Order::Asc)
            .order_by("id", Order::Asc)
            .to_owned();
        for row in connection.query_all(&select).await? {
            let day: Option<i32> = row.try_get("", "day")?;
            let indicator = Indicator {
                id: row.try_get::<Uuid>("", "id")?.into(),
                kind: row.try_get("", "kind")?,
                day: day.and_then(Day::from_number),
                amount: row.try_get("", "amount")?,
                row: row.try_get::<Uuid>("", "source_row_id")?.into(),
            };
            found.entry(indicator.row).or_default().push(indicator);
        }
    }
    Ok(found)
}

/// The place of a row among its versions: the rows of its feed with its key that `horizon` sees, the newest first, at
/// most `limit`.
pub async fn versions(
    connection: &impl ConnectionTrait,
    horizon: Horizon,
    row: &SourceRow,
    scope: Condition,
    limit: u64,
) -> Result<Vec<SourceRow>, StoreError> {
    let mut select = select_rows();
    select
        .and_where(Expr::col(("source_row", "feed_id")).eq(row.feed_id))
        .and_where(Expr::col(("source_row", "row_key")).eq(row.key.0.to_vec()))
        .and_where(Expr::col(("source_row", "number")).lte(horizon.0))
        .cond_where(scope)
        .order_by(("source_row", "number"), Order::Desc)
        .order_by(("source_row", "id"), Order::Desc)
        .limit(limit);
    rows_by(connection, &select).await
}
