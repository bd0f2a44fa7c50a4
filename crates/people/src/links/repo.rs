//! Links in the database.

use std::collections::HashMap;

use base::{DeliveryId, PersonId, SourceRowId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::StoreError;
use store::bulk::LIST_AT_MOST;
use uuid::Uuid;

use super::Ground;
use crate::rows::{RowPlace, SourceRow};

/// To whom a row is linked, and on what ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The person.
    pub person: PersonId,
    /// The ground.
    pub ground: Ground,
    /// The decision of a person that it stands on, if it does.
    pub decision: Option<Uuid>,
}

/// The links of these rows.
pub async fn of_rows(
    connection: &impl ConnectionTrait,
    rows: &[SourceRowId],
) -> Result<HashMap<SourceRowId, Link>, StoreError> {
    let mut links = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns(["source_row_id", "person_id", "decided_by", "decision_id"])
            .from("link")
            .and_where(Expr::col("source_row_id").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        for row in connection.query_all(&select).await? {
            let ground: String = row.try_get("", "decided_by")?;
            let link = Link {
                person: row.try_get::<Uuid>("", "person_id")?.into(),
                ground: Ground::from_word(&ground).unwrap_or(Ground::First),
                decision: row.try_get("", "decision_id")?,
            };
            links.insert(row.try_get::<Uuid>("", "source_row_id")?.into(), link);
        }
    }
    Ok(links)
}

/// Whom the rows that a feed holds are about: the delivery and the place in its file, and the person. In no order.
///
/// # Errors
/// As the database.
pub async fn persons_of_feed(
    connection: &impl ConnectionTrait,
    feed_id: i32,
) -> Result<Vec<(DeliveryId, RowPlace, PersonId)>, StoreError> {
    let select = Query::select()
        .columns([("source_row", "delivery_id"), ("source_row", "place")])
        .column(("link", "person_id"))
        .from("source_row")
        .inner_join("link", Expr::col(("link", "source_row_id")).equals(("source_row", "id")))
        .and_where(Expr::col(("source_row", "feed_id")).eq(feed_id))
        .and_where(Expr::col(("source_row", "ended_number")).is_null())
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            let place: i64 = row.try_get("", "place")?;
            Ok((
                DeliveryId(row.try_get("", "delivery_id")?),
                RowPlace::from(place),
                PersonId(row.try_get("", "person_id")?),
            ))
        })
        .collect()
}

/// Every row that is linked to these persons, by person, ended and unpublished ones too.
pub async fn rows_of(
    connection: &impl ConnectionTrait,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<SourceRow>>, StoreError> {
    let mut found: HashMap<PersonId, Vec<SourceRow>> = HashMap::with_capacity(persons.len());
    for chunk in persons.chunks(LIST_AT_MOST) {
        let mut select = crate::rows::repo::select_rows();
        select
            .expr_as(Expr::col(("link", "person_id")), "person_id")
            .inner_join("link", Expr::col(("link", "source_row_id")).equals(("source_row", "id")))
            .and_where(Expr::col(("link", "person_id")).is_in(chunk.iter().map(|id| id.0)));
        for row in connection.query_all(&select).await? {
            let person: Uuid = row.try_get("", "person_id")?;
            let row = crate::rows::StoredRow::from_query_result(&row, "")?;
            found.entry(person.into()).or_default().push(row.into());
        }
    }
    for rows in found.values_mut() {
        rows.sort_by_key(|row| (std::cmp::Reverse(row.number), row.id));
    }
    Ok(found)
}
