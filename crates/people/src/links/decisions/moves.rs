//! What a decision moves: rows from one person to another, and the numbers that they bring.

use std::collections::HashMap;

use base::{PersonId, SourceRowId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use store::bulk::LIST_AT_MOST;
use store::{StoreError, Write};
use uuid::Uuid;

use super::DecisionError;
use crate::links::Ground;
use crate::links::repo::{self, Link};
use crate::persons::Number;
use crate::rows::SourceRow;

/// Rows of one person that a decision moves, at most: a person has a row of each feed, and their versions.
const ROWS_AT_MOST: usize = 5_000;

/// A row that a decision moved, and what its link said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Move {
    pub(super) row: SourceRowId,
    pub(super) from: PersonId,
    pub(super) to: PersonId,
    pub(super) ground: String,
    pub(super) decision: Option<Uuid>,
}

pub(super) async fn rows_of(write: &Write, person: PersonId) -> Result<Vec<SourceRow>, DecisionError> {
    let mut rows = repo::rows_of(write.connection(), &[person]).await?;
    let rows = rows.remove(&person).unwrap_or_default();
    if rows.len() > ROWS_AT_MOST {
        return Err(StoreError::internal("a person has more rows than a decision moves").into());
    }
    Ok(rows)
}

pub(super) async fn rows_by(write: &Write, moves: &[&Move]) -> Result<Vec<SourceRow>, StoreError> {
    let ids: Vec<SourceRowId> = moves.iter().map(|moved| moved.row).collect();
    crate::rows::repo::by_ids(write.connection(), &ids).await
}

pub(super) fn ids_of(rows: &[SourceRow]) -> Vec<SourceRowId> {
    rows.iter().map(|row| row.id).collect()
}

pub(super) fn moves(
    links: &HashMap<SourceRowId, Link>,
    rows: &[SourceRowId],
    from: PersonId,
    to: PersonId,
) -> Vec<Move> {
    rows.iter()
        .filter_map(|row| {
            let link = links.get(row)?;
            let (ground, decision) = (link.ground.word().to_owned(), link.decision);
            Some(Move { row: *row, from, to, ground, decision })
        })
        .collect()
}

pub(super) fn numbers_of(write: &Write, rows: &[SourceRow]) -> Result<Vec<Number>, StoreError> {
    let mut numbers = Vec::new();
    for row in rows {
        let values = crate::rows::repo::open(write.keys(), row)?.values;
        let number = values.document.map(|document| Number::of(write.keys(), &document));
        numbers.extend(number.filter(|number| !numbers.contains(number)));
    }
    Ok(numbers)
}

pub(super) async fn move_rows(write: &Write, moves: &[Move], decision: Uuid) -> Result<(), StoreError> {
    let Some(first) = moves.first() else { return Ok(()) };
    let rows: Vec<SourceRowId> = moves.iter().map(|moved| moved.row).collect();
    set_link(write, &rows, Link { person: first.to, ground: Ground::Decision, decision: Some(decision) })
        .await
}

pub(super) async fn set_link(write: &Write, rows: &[SourceRowId], link: Link) -> Result<(), StoreError> {
    for chunk in rows.chunks(LIST_AT_MOST) {
        let update = Query::update()
            .table("link")
            .values([
                ("person_id", link.person.0.into()),
                ("decided_by", link.ground.word().into()),
                ("decision_id", link.decision.into()),
            ])
            .and_where(Expr::col("source_row_id").is_in(chunk.iter().map(|row| row.0)))
            .to_owned();
        write.connection().execute(&update).await?;
    }
    Ok(())
}

pub(super) async fn move_numbers(
    write: &Write,
    numbers: &[Number],
    from: PersonId,
    to: PersonId,
) -> Result<(), StoreError> {
    for number in numbers {
        let update = Query::update()
            .table("person_key")
            .value("person_id", to.0)
            .and_where(Expr::col("kind").eq(number.kind_word()))
            .and_where(Expr::col("hash").eq(number.digest.0.to_vec()))
            .and_where(Expr::col("person_id").eq(from.0))
            .to_owned();
        write.connection().execute(&update).await?;
    }
    Ok(())
}
