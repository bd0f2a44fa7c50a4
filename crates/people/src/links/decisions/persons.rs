//! The persons that a decision makes, lets go or brings back.

use base::{AreaPath, PersonId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use store::bulk::{Target, insert_rows};
use store::{StoreError, Write};
use uuid::Uuid;

use crate::deliveries::Horizon;
use crate::persons::{self, LinkedRow, Master, PersonState};
use crate::rows::SourceRow;

pub(super) async fn are_active(write: &Write, ids: &[PersonId]) -> Result<bool, StoreError> {
    let horizon = Horizon::read(write.connection()).await?;
    let condition = Condition::all()
        .add(horizon.sees("person"))
        .add(Expr::col(("person", "state")).eq(PersonState::Active.word()));
    Ok(persons::repo::by_ids(write.connection(), ids, condition).await?.len() == ids.len())
}

pub(super) async fn retire_person(
    write: &Write,
    id: PersonId,
    into: Option<PersonId>,
    revision: i64,
) -> Result<(), StoreError> {
    set_state(write, id, PersonState::Merged, into, revision).await
}

pub(super) async fn revive_person(write: &Write, id: PersonId, revision: i64) -> Result<(), StoreError> {
    set_state(write, id, PersonState::Active, None, revision).await
}

pub(super) async fn set_state(
    write: &Write,
    id: PersonId,
    state: PersonState,
    into: Option<PersonId>,
    revision: i64,
) -> Result<(), StoreError> {
    let update = Query::update()
        .table("person")
        .values([
            ("state", state.word().into()),
            ("merged_into", into.map(Uuid::from).into()),
            ("revision", revision.into()),
        ])
        .and_where(Expr::col("id").eq(id.0))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}

/// A new person of rows that are there: seen as soon as the oldest of them is.
pub(super) async fn insert_person(
    write: &Write,
    id: PersonId,
    rows: &[SourceRow],
    horizon: Horizon,
    city: AreaPath,
    revision: i64,
) -> Result<(), StoreError> {
    let opened = rows
        .iter()
        .filter(|row| persons::repo::is_seen(row, horizon))
        .map(|row| Ok((row, crate::rows::repo::open(write.keys(), row)?.values)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let seen: Vec<LinkedRow<'_>> = opened.iter().map(|(row, values)| LinkedRow::of(row, values)).collect();
    let number = rows.iter().map(|row| row.number).min().unwrap_or(horizon.0);
    let mut values =
        persons::repo::person_values(write.keys(), id, city, Master::of(&seen), revision)?.to_vec();
    values.extend([PersonState::Active.word().into(), number.into()]);
    let columns: Vec<&str> =
        persons::repo::PERSON_VALUE_COLUMNS.into_iter().chain(["state", "number"]).collect();
    insert_rows(write.connection(), Target { table: "person", columns: &columns }, [values]).await?;
    Ok(())
}
