//! What screening asks about persons: age, sex, place, household, and every dated fact with the row that says so. Only
//! what is published; by sets of persons, never one by one.

use std::collections::{HashMap, HashSet};

use base::{AreaPath, Day, PersonId, Sex, SourceRowId};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use store::bulk::LIST_AT_MOST;
use store::{Read, StoreError};
use uuid::Uuid;

use super::model::{Number, Person, PersonState};
use super::{Master, repo};
use crate::deliveries::Horizon;
use crate::rows::{self, Indicator};

/// What is known of a person, for rules.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonFacts {
    /// The person.
    pub person: PersonId,
    /// Where the person belongs.
    pub area: AreaPath,
    /// Name.
    pub name: Option<String>,
    /// Date of birth, with the row that says so.
    pub birth: Option<(Day, SourceRowId)>,
    /// Sex.
    pub sex: Option<Sex>,
    /// The household, if a row names one.
    pub household: Option<HouseholdFacts>,
    /// Those who look after the person, as rows name them.
    pub guardians: Vec<GuardianFacts>,
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
    /// The person's own place in it as written: 女.
    pub role: Option<String>,
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

/// Somebody who looks after a person, as a row names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianFacts {
    /// Kinship, as the feed's column says it: `father`, `mother`, `guardian`.
    pub kind: String,
    /// Who it is, where that can be told: by a usable number, else by the name of somebody who lives with the person.
    pub person: Option<PersonId>,
    /// The row that names them.
    pub row: SourceRowId,
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
        let masters = masters(read, &found)?;
        let mut guardians = guardians(read, &masters, &households).await?;
        for (person, master) in found.iter().zip(masters) {
            let rows = rows.remove(&person.id).unwrap_or_default();
            all.push(PersonFacts {
                person: person.id,
                area: person.area,
                name: master.1.name.map(|name| name.value),
                birth: master.1.birth.map(|birth| (birth.value, birth.row)),
                sex: person.sex,
                household: households.remove(&person.id),
                guardians: guardians.remove(&person.id).unwrap_or_default(),
                indicators: rows.iter().filter_map(|(row, _)| indicators.remove(row)).flatten().collect(),
                rows,
            });
        }
    }
    Ok(all)
}

fn masters(read: &Read, persons: &[Person]) -> Result<Vec<(PersonId, Master)>, StoreError> {
    persons.iter().map(|person| Ok((person.id, person.master(read.keys())?))).collect()
}

/// Who the guardians are that the rows of these persons name. A number decides; without one, somebody of the same
/// household by exactly that name.
async fn guardians(
    read: &Read,
    masters: &[(PersonId, Master)],
    households: &HashMap<PersonId, HouseholdFacts>,
) -> Result<HashMap<PersonId, Vec<GuardianFacts>>, StoreError> {
    let named: Vec<&(PersonId, Master)> =
        masters.iter().filter(|(_, master)| !master.guardians.is_empty()).collect();
    let documents = named.iter().flat_map(|(_, master)| &master.guardians);
    let documents = documents.filter_map(|guardian| guardian.value.document.as_ref());
    let numbers: Vec<Number> = documents.map(|document| Number::of(read.keys(), document)).collect();
    let owners = repo::owners(read.connection(), &numbers).await?;
    let at_home = names_at_home(read, &named, households).await?;
    let mut found = HashMap::with_capacity(named.len());
    for (person, master) in named {
        let others = households.get(person).map_or(&[][..], |household| household.others.as_slice());
        let guardians = master.guardians.iter().map(|guardian| {
            let by_number = guardian.value.document.as_ref();
            let by_number =
                by_number.and_then(|document| owners.get(&Number::of(read.keys(), document).digest).copied());
            let name = guardian.value.name.as_deref();
            let by_name = || {
                let mut same = others
                    .iter()
                    .map(|member| member.person)
                    .filter(|member| name.is_some() && at_home.get(member).map(String::as_str) == name);
                same.next().filter(|_| same.next().is_none())
            };
            GuardianFacts {
                kind: guardian.value.kind.clone(),
                person: by_number.or_else(by_name).filter(|guardian| guardian != person),
                row: guardian.row,
            }
        });
        found.insert(*person, guardians.collect());
    }
    Ok(found)
}

/// Names of those who live with persons of whom a row names a guardian.
async fn names_at_home(
    read: &Read,
    named: &[&(PersonId, Master)],
    households: &HashMap<PersonId, HouseholdFacts>,
) -> Result<HashMap<PersonId, String>, StoreError> {
    let others = named.iter().filter_map(|(person, _)| households.get(person));
    let ids: HashSet<PersonId> =
        others.flat_map(|household| &household.others).map(|member| member.person).collect();
    let ids: Vec<PersonId> = ids.into_iter().collect();
    let persons = repo::by_ids(read.connection(), &ids, Condition::all()).await?;
    let masters = masters(read, &persons)?.into_iter();
    Ok(masters.filter_map(|(id, master)| Some((id, master.name?.value))).collect())
}

/// The indicators of the present rows of `persons`, whoever they are: what is said of those who look after a child or
/// live with it.
pub async fn indicators_of(
    read: &Read,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Indicator>>, StoreError> {
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    let mut all = HashMap::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        let rows = rows_of(connection, horizon, chunk).await?;
        let row_ids: Vec<SourceRowId> = rows.values().flatten().map(|(row, _)| *row).collect();
        let mut indicators = rows::repo::indicators(connection, &row_ids).await?;
        for (person, rows) in rows {
            let of_person: Vec<Indicator> =
                rows.iter().filter_map(|(row, _)| indicators.remove(row)).flatten().collect();
            if !of_person.is_empty() {
                all.insert(person, of_person);
            }
        }
    }
    Ok(all)
}

/// The present rows of each of `persons`, with the numbers of their feeds.
pub(super) async fn rows_of(
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
        .expr_as(Expr::col(("residence", "role")), "role")
        .inner_join("residence", Expr::col(("residence", "source_row_id")).equals(("source_row", "id")))
        .and_where(Expr::col(("link", "person_id")).is_in(persons.iter().map(|person| person.0)))
        .and_where(Expr::col(("residence", "household_id")).is_not_null())
        .order_by(("source_row", "number"), sea_orm::sea_query::Order::Asc)
        .order_by(("source_row", "place"), sea_orm::sea_query::Order::Asc)
        .order_by(("source_row", "id"), sea_orm::sea_query::Order::Asc);
    let mut found: HashMap<PersonId, HouseholdFacts> = HashMap::new();
    for row in connection.query_all(&select).await? {
        let household = HouseholdFacts {
            id: row.try_get("", "household_id")?,
            row: Some(row_of(&row)?),
            role: row.try_get("", "role")?,
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
            .order_by(("source_row", "place"), sea_orm::sea_query::Order::Asc)
            .order_by(("source_row", "id"), sea_orm::sea_query::Order::Asc);
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
