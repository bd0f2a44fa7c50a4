//! Many rows at once, under the limits of both databases.
//!
//! The statement's text is made once for a full batch and stays prepared; the values go in as they are. SeaORM's own
//! `insert_many` builds an expression tree and a text for each batch, which costs more than the database does.

use std::fmt::Write as _;

use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable,
    Statement, Value,
};

use crate::StoreError;

/// Parameters in one statement: the smaller of SQLite's 32,766 and PostgreSQL's 65,535.
const PARAMETERS_AT_MOST: usize = 32_766;

/// Rows in one statement. More gain nothing: the cost of a statement is spread thin by then.
const ROWS_AT_MOST: usize = 128;

/// Values in one `IN (…)` list, for callers that look many rows up.
pub const LIST_AT_MOST: usize = 1_000;

/// A table and those of its columns that are written.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The table.
    pub table: &'a str,
    /// The columns, in the order of the values.
    pub columns: &'a [&'a str],
}

/// What to do with a row whose key is there already.
enum Clash<'a> {
    Fail,
    Overwrite { key: &'a [&'a str] },
    Keep { key: &'a [&'a str] },
}

/// Inserts `rows`, each with one value for each column of `target`. Returns how many.
///
/// # Errors
/// `Duplicate` if a unique key is there already; `Internal` if a row has another number of values.
pub async fn insert_rows<R>(
    connection: &impl ConnectionTrait,
    target: Target<'_>,
    rows: impl IntoIterator<Item = R, IntoIter: Send>,
) -> Result<u64, StoreError>
where
    R: IntoIterator<Item = Value>,
{
    write_rows(connection, target, rows, &Clash::Fail).await
}

/// As `insert_rows`, but a row whose `key` columns are there already overwrites the other columns. `key` must be a
/// primary key or unique index, and no two of `rows` may share it.
pub async fn upsert_rows<R>(
    connection: &impl ConnectionTrait,
    target: Target<'_>,
    key: &[&str],
    rows: impl IntoIterator<Item = R, IntoIter: Send>,
) -> Result<u64, StoreError>
where
    R: IntoIterator<Item = Value>,
{
    write_rows(connection, target, rows, &Clash::Overwrite { key }).await
}

/// As `insert_rows`, but a row whose `key` columns are there already is left as it is: for rows that are a function of
/// their key. `key` must be a primary key or unique index. Returns how many were not there.
pub async fn insert_missing_rows<R>(
    connection: &impl ConnectionTrait,
    target: Target<'_>,
    key: &[&str],
    rows: impl IntoIterator<Item = R, IntoIter: Send>,
) -> Result<u64, StoreError>
where
    R: IntoIterator<Item = Value>,
{
    write_rows(connection, target, rows, &Clash::Keep { key }).await
}

/// Inserts SeaORM models. Every column must be set.
///
/// # Errors
/// As `insert_rows`; `Internal` if a column is not set.
pub async fn insert_many<M>(
    connection: &impl ConnectionTrait,
    models: impl IntoIterator<Item = M, IntoIter: Send>,
) -> Result<u64, StoreError>
where
    M: ActiveModelTrait,
{
    let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter().collect();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let entity = <M::Entity as Default>::default();
    let target = Target { table: entity.table_name(), columns: &names };
    let rows = models.into_iter().map(|model| {
        columns
            .iter()
            .filter_map(|column| match model.get(*column) {
                ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Some(value),
                ActiveValue::NotSet => None,
            })
            .collect::<Vec<_>>()
    });
    write_rows(connection, target, rows, &Clash::Fail).await
}

async fn write_rows<R>(
    connection: &impl ConnectionTrait,
    target: Target<'_>,
    rows: impl IntoIterator<Item = R, IntoIter: Send>,
    clash: &Clash<'_>,
) -> Result<u64, StoreError>
where
    R: IntoIterator<Item = Value>,
{
    let width = target.columns.len();
    let full = batch_rows(width);
    let backend = connection.get_database_backend();
    // Most calls write one row or two: for those no full batch is laid out.
    let mut full_text: Option<String> = None;
    let mut rows = rows.into_iter();
    let mut written = 0;
    loop {
        let mut values = Vec::with_capacity(rows.size_hint().0.min(full) * width);
        let mut count = 0;
        for row in rows.by_ref().take(full) {
            values.extend(row);
            count += 1;
            if values.len() != count * width {
                return Err(StoreError::internal(format_args!(
                    "a row for {} does not have {width} values",
                    target.table
                )));
            }
        }
        if count == 0 {
            return Ok(written);
        }
        let text = if count == full {
            full_text.get_or_insert_with(|| insert_text(backend, target, full, clash)).clone()
        } else {
            insert_text(backend, target, count, clash)
        };
        let done = connection.execute_raw(Statement::from_sql_and_values(backend, text, values)).await?;
        written += match clash {
            Clash::Fail | Clash::Overwrite { .. } => u64::try_from(count).unwrap_or(u64::MAX),
            Clash::Keep { .. } => done.rows_affected(),
        };
    }
}

/// Sets columns of rows that are there: of each row of values the first is its `key`, the others are for `columns`.
/// Returns how many rows were found.
pub async fn update_rows<R>(
    connection: &impl ConnectionTrait,
    table: &str,
    key: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = R, IntoIter: Send>,
) -> Result<u64, StoreError>
where
    R: IntoIterator<Item = Value>,
{
    let width = columns.len() + 1;
    let full = batch_rows(width);
    let backend = connection.get_database_backend();
    let mut rows = rows.into_iter();
    let mut found = 0;
    loop {
        let mut values = Vec::with_capacity(full * width);
        for row in rows.by_ref().take(full) {
            values.extend(row);
        }
        if values.is_empty() {
            return Ok(found);
        }
        if values.len() % width != 0 {
            return Err(StoreError::internal(format_args!("a row for {table} does not have {width} values")));
        }
        let text = update_text(backend, table, key, columns, values.len() / width);
        found += connection
            .execute_raw(Statement::from_sql_and_values(backend, text, values))
            .await?
            .rows_affected();
    }
}

fn batch_rows(width: usize) -> usize {
    (PARAMETERS_AT_MOST / width.max(1)).clamp(1, ROWS_AT_MOST)
}

fn insert_text(backend: DbBackend, target: Target<'_>, count: usize, clash: &Clash<'_>) -> String {
    let mut text = format!("INSERT INTO \"{}\" ({}) VALUES ", target.table, quoted(target.columns));
    placeholders(&mut text, backend, target.columns.len(), count);
    match clash {
        Clash::Fail => {}
        Clash::Keep { key } => {
            let _ = write!(text, " ON CONFLICT ({}) DO NOTHING", quoted(key));
        }
        Clash::Overwrite { key } => {
            let others: Vec<String> = target
                .columns
                .iter()
                .filter(|column| !key.contains(column))
                .map(|column| format!("\"{column}\" = excluded.\"{column}\""))
                .collect();
            let _ = write!(text, " ON CONFLICT ({}) DO ", quoted(key));
            if others.is_empty() {
                text.push_str("NOTHING");
            } else {
                let _ = write!(text, "UPDATE SET {}", others.join(", "));
            }
        }
    }
    text
}

fn update_text(backend: DbBackend, table: &str, key: &str, columns: &[&str], count: usize) -> String {
    let sets: Vec<String> = columns
        .iter()
        .zip(2..)
        .map(|(column, place)| format!("\"{column}\" = fresh.column{place}"))
        .collect();
    let mut text = format!("UPDATE \"{table}\" SET {} FROM (VALUES ", sets.join(", "));
    placeholders(&mut text, backend, columns.len() + 1, count);
    let _ = write!(text, ") AS fresh WHERE \"{table}\".\"{key}\" = fresh.column1");
    text
}

fn quoted(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

/// `(?, ?), (?, ?)` or `($1, $2), ($3, $4)`.
fn placeholders(text: &mut String, backend: DbBackend, width: usize, count: usize) {
    for row in 0..count {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                text.push_str(", ");
            }
            if backend == DbBackend::Postgres {
                let _ = write!(text, "${}", row * width + column + 1);
            } else {
                text.push('?');
            }
        }
        text.push(')');
    }
}
