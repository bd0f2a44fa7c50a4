//! What screening asks about persons: age, sex, place, household, and every dated fact with the row that says so. Only
//! what is published; by sets of persons, never one by one.

use std::collections::{HashMap, HashSet};

use base::{AreaPath, Day, PersonId, Sex, SourceRowId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use store::bulk::LIST_AT_MOST;
use store::{Read, StoreError};
use uuid::Uuid;

use super::model::PersonState;
use super::repo;
use crate::deliveries::Horizon;
use crate::rows::{self, Indicator};

/// What is known of a person, for rules.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonFacts {
    /// The person.
    pub person: PersonId,
    /// Where the person belongs.
    pub area: AreaPath,
    /// Date of birth, with the row that says so.
    pub birth: Option<(Day, SourceRowId)>,
    /// Sex.
    pub sex: Option<Sex>,
    /// The household, if a row names one.
    pub household: Option<HouseholdFacts>,
    /// The indicators of the rows that are present, by row.
    pub indicators: Vec<Indicator>,
    /// The rows that are present, with the numbers of their feeds.
    pub rows: Vec<(SourceRowId, i32)>,
}

/// What is known of a household. Ages are in full months by month of birth: the day is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HouseholdFacts {
    /// Its id.
    pub id: Uuid,
    /// The row that makes the person a member.
    pub row: Option<SourceRowId>,
    /// Its other members, in no order.
    pub others: Vec<Member>,
}

/// A member of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// The row that makes them one.
    pub row: SourceRowId,
    /// Place in the household as written: 户主, 子.
    pub role: Option<String>,
    /// Month of birth, as [`super::birth_month`] counts.
    pub birth_month: Option<i32>,
    /// Sex.
    pub sex: Option<Sex>,
}

/// What is known of `persons`; those who are not on record, merged, or not published are left out. In no order.
pub async fn facts(read: &Read, persons: &[PersonId]) -> Result<Vec<PersonFacts>, StoreError> {
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    let mut all = Vec::with_capacity(persons.len());
    for chunk in persons.chunks(LIST_AT_MOST) {
        let condition =
            horizon.sees("person").add(Expr::col(("person", "state")).eq(PersonState::Active.word()));
        let found = repo::by_ids(connection, chunk, condition).await?;
        let ids: Vec<PersonId> = found.iter().map(|person| person.id).collect();
        let mut rows = rows_of(connection, horizon, &ids).await?;
        let row_ids: Vec<SourceRowId> = rows.values().flatten().map(|(row, _)| *row).collect();
        let mut indicators = rows::repo::indicators(connection, &row_ids).await?;
        let mut households = households(connection, horizon, &ids).await?;
        for person in found {
            let master = person.master(read.keys())?;
            let rows = rows.remove(&person.id).unwrap_or_default();
            all.push(PersonFacts {
                person: person.id,
                area: person.area,
                birth: master.birth.map(|birth| (birth.value, birth.row)),
                sex: person.sex,
                household: households.remove(&person.id),
                indicators: rows.iter().filter_map(|(row, _)| indicators.remove(row)).flatten().collect(),
                rows,
            });
        }
    }
    Ok(all)
}

/// The present rows of each of `persons`, with the numbers of their feeds.
async fn rows_of(
    connection: &impl ConnectionTrait,
    horizon: Horizon,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<(SourceRowId, i32)>>, StoreError> {
    let mut select = linked_rows(horizon);
    select
        .expr_as(Expr::col(("source_row", "feed_id")), "feed_id")
        .and_where(Expr::col(("link", "person_id")).is_in(persons.iter().map(|person| person.0)));
    let mut rows: HashMap<PersonId, Vec<(SourceRowId, i32)>> = HashMap::new();
    for row in connection.query_all(&select).await? {
        let feed: i32 = row.try_get("", "feed_id")?;
        rows.entry(person_of(&row)?).or_default().push((row_of(&row)?, feed));
    }
    for rows in rows.values_mut() {
        rows.sort_unstable();
    }
    Ok(rows)
}

/// `SELECT link.person_id, source_row.id` of rows that are present.
fn linked_rows(horizon: Horizon) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr_as(Expr::col(("link", "person_id")), "person_id")
        .expr_as(Expr::col(("source_row", "id")), "row_id")
        .from("link")
        .inner_join("source_row", Expr::col(("source_row", "id")).equals(("link", "source_row_id")))
        .cond_where(horizon.sees_row("source_row"));
    select
}

fn person_of(row: &QueryResult) -> Result<PersonId, StoreError> {
    Ok(PersonId(row.try_get("", "person_id")?))
}

fn row_of(row: &QueryResult) -> Result<SourceRowId, StoreError> {
    Ok(SourceRowId(row.try_get("", "row_id")?))
}

/// The household of each of `persons` that is in one: of several the one that the newest row names.
pub(crate) async fn households(
    connection: &impl ConnectionTrait,
    horizon: Horizon,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, HouseholdFacts>, StoreError> {
    let mut select = linked_rows(horizon);
    select
        .expr_as(Expr::col(("residence", "household_id")), "household_id")
        .inner_join("residence", Expr::col(("residence", "source_row_id")).equals(("source_row", "id")))
        .and_where(Expr::col(("link", "person_id")).is_in(persons.iter().map(|person| person.0)))
        .and_where(Expr::col(("residence", "household_id")).is_not_null())
        .order_by(("source_row", "number"), sea_orm::sea_query::Order::Asc)
        .order_by(("source_row", "id"), sea_orm::sea_query::Order::Asc);
    let mut found: HashMap<PersonId, HouseholdFacts> = HashMap::new();
    for row in connection.query_all(&select).await? {
        let household = HouseholdFacts {
            id: row.try_get("", "household_id")?,
            row: Some(row_of(&row)?),
            others: Vec::new(),
        };
        found.insert(person_of(&row)?, household);
    }
    let ids: HashSet<Uuid> = found.values().map(|household| household.id).collect();
    let members = members(connection, horizon, &ids.into_iter().collect::<Vec<_>>()).await?;
    for (person, household) in &mut found {
        let of_household = members.get(&household.id).map_or(&[][..], Vec::as_slice);
        household.others = of_household.iter().filter(|member| member.person != *person).cloned().collect();
    }
    Ok(found)
}

/// Everybody whom a present row makes a member of these households.
async fn members(
    connection: &impl ConnectionTrait,
    horizon: Horizon,
    households: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Member>>, StoreError> {
    let mut found: HashMap<Uuid, Vec<Member>> = HashMap::new();
    for chunk in households.chunks(LIST_AT_MOST) {
        let mut select = linked_rows(horizon);
        select
            .expr_as(Expr::col(("residence", "household_id")), "household_id")
            .expr_as(Expr::col(("residence", "role")), "role")
            .expr_as(Expr::col(("person", "birth_month")), "birth_month")
            .expr_as(Expr::col(("person", "sex")), "sex")
            .inner_join("residence", Expr::col(("residence", "source_row_id")).equals(("source_row", "id")))
            .inner_join("person", Expr::col(("person", "id")).equals(("link", "person_id")))
            .and_where(Expr::col(("residence", "household_id")).is_in(chunk.iter().copied()))
            .order_by(("source_row", "place"), sea_orm::sea_query::Order::Asc);
        for row in connection.query_all(&select).await? {
            let sex: Option<String> = row.try_get("", "sex")?;
            let member = Member {
                person: person_of(&row)?,
                row: row_of(&row)?,
                role: row.try_get("", "role")?,
                birth_month: row.try_get("", "birth_month")?,
                sex: sex.as_deref().and_then(super::model::sex_of_word),
            };
            let members = found.entry(row.try_get("", "household_id")?).or_default();
            if members.iter().all(|other| other.person != member.person) {
                members.push(member);
            }
        }
    }
    Ok(found)
}

/// The persons whom batch `ordinal` of a published delivery touched; `None` behind the last. Who hears of a delivery
/// walks through its batches from 0.
pub async fn touched(
    read: &Read,
    delivery: base::DeliveryId,
    ordinal: i32,
) -> Result<Option<Vec<PersonId>>, StoreError> {
    let batch = crate::deliveries::repo::batch(read.connection(), delivery, ordinal).await?;
    Ok(batch.map(|batch| batch.touched.into_iter().map(PersonId).collect()))
}
