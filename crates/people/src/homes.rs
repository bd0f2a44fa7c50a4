//! Who may be a child among many, and who may be one at their homes: by ids and months of birth alone, so that whoever
//! screens a delivery opens the records of children and of nobody else.

use std::collections::{BTreeSet, HashSet};

use base::PersonId;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use store::bulk::LIST_AT_MOST;
use store::{Read, StoreError};
use uuid::Uuid;

use crate::deliveries::Horizon;

/// Those of `persons` who were born in `since` or later, or of whom no month of birth is known; and those who share a
/// household with any of `persons` and were born in `since` or later. Each once. Months as
/// [`crate::persons::birth_month`] counts. Merged persons may be among them; [`crate::facts`] leaves them out.
///
/// # Errors
/// As the database.
pub async fn born_since(
    read: &Read,
    persons: &[PersonId],
    since: i32,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    let mut found = BTreeSet::new();
    let mut homes: HashSet<Uuid> = HashSet::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        let ids = || chunk.iter().map(|person| person.0);
        let select = Query::select()
            .column("id")
            .from("person")
            .and_where(Expr::col("id").is_in(ids()))
            .cond_where(may_be_born_since(since))
            .to_owned();
        let rows = connection.query_all(&select).await?;
        found.extend(rows.iter().map(|row| id_of(row, "id")).collect::<Result<Vec<_>, _>>()?);
        let mut select = residences(horizon);
        select
            .distinct()
            .expr_as(Expr::col(("residence", "household_id")), "household_id")
            .and_where(Expr::col(("link", "person_id")).is_in(ids()))
            .and_where(Expr::col(("residence", "household_id")).is_not_null());
        let mut fresh = Vec::new();
        for row in connection.query_all(&select).await? {
            let home: Uuid = row.try_get("", "household_id")?;
            if homes.insert(home) {
                fresh.push(home);
            }
        }
        for some in fresh.chunks(LIST_AT_MOST) {
            let mut select = residences(horizon);
            select
                .distinct()
                .expr_as(Expr::col(("link", "person_id")), "person_id")
                .inner_join("person", Expr::col(("person", "id")).equals(("link", "person_id")))
                .and_where(Expr::col(("residence", "household_id")).is_in(some.iter().copied()))
                .and_where(Expr::col(("person", "birth_month")).gte(since));
            let rows = connection.query_all(&select).await?;
            found.extend(rows.iter().map(|row| id_of(row, "person_id")).collect::<Result<Vec<_>, _>>()?);
        }
    }
    Ok(found)
}

/// Of everybody on record, by id from behind `after`, the next `limit` who were born in `since` or later, or of whom no
/// month of birth is known: for whoever goes through all children. Merged persons, and those of a delivery that is not
/// published, may be among them; [`crate::facts`] leaves them out.
///
/// # Errors
/// As the database.
pub async fn all_born_since(
    read: &Read,
    after: Option<PersonId>,
    since: i32,
    limit: u64,
) -> Result<Vec<PersonId>, StoreError> {
    let mut select = Query::select();
    select
        .column("id")
        .from("person")
        .cond_where(may_be_born_since(since))
        .order_by("id", Order::Asc)
        .limit(limit);
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after.0));
    }
    let rows = read.connection().query_all(&select).await?;
    rows.iter().map(|row| id_of(row, "id")).collect()
}

fn may_be_born_since(since: i32) -> Condition {
    let month = Expr::col("birth_month");
    Condition::any().add(month.clone().gte(since)).add(month.is_null())
}

/// The residences that present rows state, with whom they state them of.
fn residences(horizon: Horizon) -> SelectStatement {
    let mut select = Query::select();
    select
        .from("residence")
        .inner_join("source_row", Expr::col(("source_row", "id")).equals(("residence", "source_row_id")))
        .inner_join("link", Expr::col(("link", "source_row_id")).equals(("residence", "source_row_id")))
        .cond_where(horizon.sees_row("source_row"));
    select
}

fn id_of(row: &QueryResult, column: &str) -> Result<PersonId, StoreError> {
    Ok(PersonId(row.try_get("", column)?))
}
