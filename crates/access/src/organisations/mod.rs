//! Organisations: bureaus, sub-district offices, community stations, departments, agencies.

mod model;

use base::{AreaLevel, AreaPath, OrganisationId};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde_json::{Value, json};
use store::{Event, Write};

use model::{ActiveModel, Column, Entity, Model};
pub use model::{Organisation, OrganisationKind};

use crate::edit::save_over;
use crate::field::{self, NAME_LIMIT};
use crate::{AccessError, FieldFault};

/// The most organisations on one page.
pub const PAGE_AT_MOST: u64 = 200;

/// What a form says about an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationForm {
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its name: 南山区民政局.
    pub name: String,
    /// The department of the responsibility list that it is (`police`); only for departments, and chosen from the
    /// programs' lists by whoever fills in the form.
    pub department: Option<String>,
    /// The area that it serves.
    pub area: AreaPath,
}

/// Which organisations.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrganisationFilter {
    /// Of this kind.
    pub kind: Option<OrganisationKind>,
    /// Serving this area or a part of it.
    pub within: Option<AreaPath>,
    /// Whether closed ones are listed too.
    pub with_closed: bool,
}

/// Adds an organisation.
///
/// # Errors
/// `Field` for `name`: empty, too long, or taken by another one of the same area.
pub async fn create(write: &Write, form: &OrganisationForm) -> Result<OrganisationId, AccessError> {
    let name = checked_name(write, form, None).await?;
    let id = OrganisationId(write.new_id());
    let organisation = Organisation {
        id,
        kind: form.kind,
        name,
        department: department_of(form),
        area: form.area,
        closed_at: None,
        version: 1,
    };
    model::active(&organisation).insert(write.connection()).await?;
    record(write, "access.organisation_created", None, Some(&organisation)).await?;
    Ok(id)
}

/// Changes an organisation that was read at `version`. Its posts stay where they are: the area of a post is its own.
///
/// # Errors
/// `NotFound`; `Conflict`; `Field` as for `create`, and `Closed`.
pub async fn edit(
    write: &Write,
    id: OrganisationId,
    version: i32,
    form: &OrganisationForm,
) -> Result<(), AccessError> {
    let before = get(write.connection(), id).await?;
    if before.version != version {
        return Err(AccessError::Conflict);
    }
    if before.closed_at.is_some() {
        return Err(AccessError::field("name", FieldFault::Closed));
    }
    let name = checked_name(write, form, Some(id)).await?;
    let after = Organisation {
        kind: form.kind,
        name,
        department: department_of(form),
        area: form.area,
        version: version + 1,
        ..before.clone()
    };
    update(write, version, &after).await?;
    record(write, "access.organisation_changed", Some(&before), Some(&after)).await
}

/// Closes an organisation: no new posts, and it is offered nowhere any more. What it did stays.
///
/// # Errors
/// `NotFound`; `Conflict`; `Field` `Closed` on `name` if it still has open posts.
pub async fn close(write: &Write, id: OrganisationId, version: i32) -> Result<(), AccessError> {
    let before = get(write.connection(), id).await?;
    if before.version != version {
        return Err(AccessError::Conflict);
    }
    if crate::posts::has_open(write.connection(), id).await? {
        return Err(AccessError::field("name", FieldFault::StillInUse));
    }
    let after = Organisation { closed_at: Some(write.at()), version: version + 1, ..before.clone() };
    update(write, version, &after).await?;
    record(write, "access.organisation_closed", Some(&before), Some(&after)).await
}

/// One organisation, or `NotFound`.
pub async fn get(connection: &impl ConnectionTrait, id: OrganisationId) -> Result<Organisation, AccessError> {
    Entity::find_by_id(id.0).one(connection).await?.ok_or(AccessError::NotFound)?.into_organisation()
}

/// A page of at most `limit` organisations in the order in which they were added; `after` is the last one of the page
/// before.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &OrganisationFilter,
    after: Option<OrganisationId>,
    limit: u64,
) -> Result<Vec<Organisation>, AccessError> {
    let mut select = select(filter).order_by_asc(Column::Id).limit(limit.clamp(1, PAGE_AT_MOST));
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after.0));
    }
    select.all(connection).await?.into_iter().map(Model::into_organisation).collect()
}

/// How many organisations all pages of such a list have.
pub async fn count(
    connection: &impl ConnectionTrait,
    filter: &OrganisationFilter,
) -> Result<u64, AccessError> {
    Ok(select(filter).count(connection).await?)
}

fn select(filter: &OrganisationFilter) -> Select<Entity> {
    let mut select = Entity::find();
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind.word()));
    }
    if let Some(area) = filter.within {
        select = select.filter(model::column(area.level()).eq(area.area().0));
    }
    if !filter.with_closed {
        select = select.filter(Column::ClosedAt.is_null());
    }
    select
}

/// The organisations with these ids, for naming them on a list.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[OrganisationId],
) -> Result<Vec<Organisation>, AccessError> {
    let mut found = Vec::new();
    for part in ids.chunks(store::bulk::LIST_AT_MOST) {
        let rows =
            Entity::find().filter(Column::Id.is_in(part.iter().map(|id| id.0))).all(connection).await?;
        for row in rows {
            found.push(row.into_organisation()?);
        }
    }
    Ok(found)
}

/// The organisation that is the department `department` for a place: of those that are open and cover the area, the one
/// with the smallest area, of those the oldest.
pub async fn for_department(
    connection: &impl ConnectionTrait,
    department: &str,
    area: &AreaPath,
) -> Result<Option<Organisation>, AccessError> {
    let mut select = Entity::find()
        .filter(Column::Department.eq(department))
        .filter(Column::ClosedAt.is_null())
        .order_by_asc(Column::Id)
        .limit(PAGE_AT_MOST);
    for level in AreaLevel::ALL {
        let column = model::column(level);
        select = match area.at(level) {
            Some(id) => select.filter(column.eq(id.0).or(column.is_null())),
            None => select.filter(column.is_null()),
        };
    }
    let found = select.all(connection).await?;
    let mut found = found.into_iter().map(Model::into_organisation).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|organisation| (std::cmp::Reverse(organisation.area.level()), organisation.id));
    Ok(found.into_iter().next())
}

/// Only a department is one.
fn department_of(form: &OrganisationForm) -> Option<String> {
    form.department.clone().filter(|_| form.kind == OrganisationKind::Department)
}

async fn checked_name(
    write: &Write,
    form: &OrganisationForm,
    own: Option<OrganisationId>,
) -> Result<String, AccessError> {
    let name = field::required("name", &form.name, NAME_LIMIT)?;
    write.lock("access.organisations").await?;
    let mut same = Entity::find()
        .filter(Column::Name.eq(name.as_str()))
        .filter(Column::ClosedAt.is_null())
        .filter(model::column(form.area.level()).eq(form.area.area().0));
    if let Some(own) = own {
        same = same.filter(Column::Id.ne(own.0));
    }
    // The column holds for everything below the area too: an office of the same name in a part of it is another one.
    for row in same.all(write.connection()).await? {
        if row.into_organisation()?.area == form.area {
            return Err(AccessError::field("name", FieldFault::Taken));
        }
    }
    Ok(name)
}

async fn update(write: &Write, version: i32, after: &Organisation) -> Result<(), AccessError> {
    save_over(write, after.id.0, version, ActiveModel { id: sea_orm::NotSet, ..model::active(after) }).await
}

async fn record(
    write: &Write,
    kind: &'static str,
    before: Option<&Organisation>,
    after: Option<&Organisation>,
) -> Result<(), AccessError> {
    let told = |organisation: Option<&Organisation>| match organisation {
        None => Value::Null,
        Some(organisation) => json!({
            "id": organisation.id,
            "kind": organisation.kind.word(),
            "name": organisation.name,
            "department": organisation.department,
            "area": organisation.area,
            "closed_at": organisation.closed_at,
        }),
    };
    let area = after.or(before).map(|organisation| organisation.area);
    write.record(Event { kind, area, before: told(before), after: told(after), ..Event::default() }).await?;
    Ok(())
}
