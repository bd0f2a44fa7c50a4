//! Persons of an area, as a number and as the list that it counts.

use access::{Actor, Roles, Thing as _};
use base::{AreaPath, PersonId, Sex};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait};
use store::{Read, StoreError};

use super::model::{Person, PersonState, PersonThing, sex_word};
use super::{repo, title};
use crate::deliveries::Horizon;

/// Persons on one page at most.
pub const PAGE_AT_MOST: u64 = 200;

/// A person as a line of a list: masked, whoever reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: access::Masked,
    /// Sex.
    pub sex: Option<Sex>,
    /// Month of birth, as [`super::birth_month`] counts.
    pub birth_month: Option<i32>,
    /// Where the person belongs.
    pub area: AreaPath,
}

/// Which persons are asked for, by what a line shows of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of this area; of everywhere without it.
    pub within: Option<AreaPath>,
    /// Of this sex.
    pub sex: Option<Sex>,
    /// Born in this year.
    pub year: Option<i32>,
}

/// Where a page of the list begins or ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// At the beginning of the list.
    #[default]
    First,
    /// Behind this person.
    After(PersonId),
    /// It ends before this person.
    Before(PersonId),
}

/// Those of `filter` whom the actor may see.
pub(super) async fn condition(
    read: &Read,
    roles: &Roles,
    actor: &Actor,
    filter: &Filter,
) -> Result<Condition, StoreError> {
    let horizon = Horizon::read(read.connection()).await?;
    let scope = roles.scope(actor, access::READ, "person");
    let col = |name: &'static str| Expr::col(("person", name));
    let place = filter.within.map(|area| col(PersonThing::COLUMNS.at(area.level())).eq(area.area().0));
    let year = filter.year.map(|year| {
        let january = year.saturating_mul(12);
        col("birth_month").between(january, january.saturating_add(11))
    });
    Ok(horizon
        .sees("person")
        .add(col("state").eq(PersonState::Active.word()))
        .add(scope.condition(&PersonThing::COLUMNS))
        .add_option(place)
        .add_option(filter.sex.map(|sex| col("sex").eq(sex_word(sex))))
        .add_option(year))
}

/// What every number of persons hangs on: while it is the same, so are they.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    published: i64,
    revision: i64,
}

/// The stamp of a snapshot: two look-ups, whatever the number of persons.
pub async fn stamp(read: &Read) -> Result<Stamp, StoreError> {
    let connection = read.connection();
    let Horizon(published) = Horizon::read(connection).await?;
    Ok(Stamp { published, revision: repo::shown_revision(connection).await? })
}

/// How many persons [`list`] goes through.
pub async fn count(read: &Read, roles: &Roles, actor: &Actor, filter: &Filter) -> Result<u64, StoreError> {
    let mut select: SelectStatement = Query::select();
    select
        .expr_as(Expr::col(("person", "id")).count(), "number")
        .from("person")
        .cond_where(condition(read, roles, actor, filter).await?);
    let row = read.connection().query_one(&select).await?;
    let number: i64 = row.map(|row| row.try_get("", "number")).transpose()?.unwrap_or_default();
    Ok(number.unsigned_abs())
}

/// A page of persons in the order in which they came on record, at most `limit` ([`PAGE_AT_MOST`]).
pub async fn list(
    read: &Read,
    roles: &Roles,
    actor: &Actor,
    filter: &Filter,
    place: Place,
    limit: u64,
) -> Result<Vec<Listed>, StoreError> {
    let mut select = Query::select();
    select
        .expr_as(Expr::col(("person", "id")), "id")
        .from("person")
        .cond_where(condition(read, roles, actor, filter).await?)
        .limit(limit.clamp(1, PAGE_AT_MOST));
    let id = || Expr::col(("person", "id"));
    match place {
        Place::First => select.order_by(("person", "id"), Order::Asc),
        Place::After(last) => select.and_where(id().gt(last.0)).order_by(("person", "id"), Order::Asc),
        Place::Before(first) => select.and_where(id().lt(first.0)).order_by(("person", "id"), Order::Desc),
    };
    let rows = read.connection().query_all(&select).await?;
    let ids: Vec<PersonId> =
        rows.iter().map(|row| row.try_get("", "id").map(PersonId)).collect::<Result<_, _>>()?;
    let mut persons = repo::by_ids(read.connection(), &ids, Condition::all()).await?;
    // In the order of the list, whichever way it was read.
    persons.sort_by_key(|person| person.id.0);
    persons.iter().map(|person| listed(read, person)).collect()
}

fn listed(read: &Read, person: &Person) -> Result<Listed, StoreError> {
    let name = title(&person.master(read.keys())?);
    let Person { id, sex, birth_month, area, .. } = *person;
    Ok(Listed { person: id, name, sex, birth_month, area })
}

/// Of the persons `ids` those whom the actor may see, as lines of a list of other things: matters, files. In no order.
pub async fn lines(
    read: &Read,
    roles: &Roles,
    actor: &Actor,
    ids: &[PersonId],
) -> Result<Vec<Listed>, StoreError> {
    let condition = condition(read, roles, actor, &Filter::default()).await?;
    let persons = repo::by_ids(read.connection(), ids, condition).await?;
    persons.iter().map(|person| listed(read, person)).collect()
}
