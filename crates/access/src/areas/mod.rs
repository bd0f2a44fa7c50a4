//! Areas in the database: the shipped list, and those that were added in the browser for districts without a code.

mod model;

use base::area::FIRST_OWN_AREA;
use base::{AreaId, AreaLevel, AreaPath, AreaTree};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;
use store::{Event, Write};

pub use model::AreaRow;
use model::{ActiveModel, Column, Entity, Model};

use crate::edit::save_over;
use crate::field::{self, NAME_LIMIT};
use crate::{AccessError, FieldFault};

/// The most areas that can be added in the browser.
const ADDED_AT_MOST: i32 = 10_000;

/// Brings the table up to `tree`: adds what is missing and renames what is called otherwise now. Nothing is ever
/// taken out. Loading the same list again changes nothing. Returns how many rows were written.
///
/// # Errors
/// An internal error if the list gives a known id to another place: lines are only ever added at its end.
pub async fn load(write: &Write, tree: &AreaTree) -> Result<u64, AccessError> {
    write.lock("access.areas").await?;
    let known: std::collections::HashMap<i32, Model> = Entity::find()
        .filter(Column::Shipped.eq(true))
        .all(write.connection())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut missing = Vec::new();
    let mut written = 0;
    for area in tree.all() {
        match known.get(&area.id.0) {
            None => missing.push(model::shipped(area)),
            Some(row) if row.path() != area.path || row.code != area.code => {
                return Err(AccessError::internal(format_args!(
                    "the list of areas gives the id {} to another place than before; new lines belong at its end",
                    area.id.0
                )));
            }
            Some(row) if row.name != area.name => {
                let renamed = ActiveModel {
                    name: Set(area.name.clone()),
                    version: Set(row.version + 1),
                    ..row.clone().into()
                };
                renamed.update(write.connection()).await?;
                written += 1;
            }
            Some(_) => {}
        }
    }
    written += store::bulk::insert_many(write.connection(), missing).await?;
    if written > 0 {
        let after = json!({ "areas": tree.all().len(), "written": written });
        write.record(Event { kind: "access.areas_loaded", after, ..Event::default() }).await?;
    }
    Ok(written)
}

/// A place to be added in the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArea {
    /// The area above; not a community.
    pub parent: AreaId,
    /// The official name: 大鹏新区.
    pub name: String,
}

/// Adds an area below `parent`, one level down, without a code.
///
/// # Errors
/// `Field` for `name` (empty, too long, taken below the same parent) and `parent` (unknown, or a community).
pub async fn add(write: &Write, new: &NewArea) -> Result<AreaRow, AccessError> {
    let name = field::required("name", &new.name, NAME_LIMIT)?;
    let parent = Entity::find_by_id(new.parent.0)
        .one(write.connection())
        .await?
        .ok_or(AccessError::field("parent", FieldFault::Unknown))?
        .into_row();
    let level = parent.level.below().ok_or(AccessError::field("parent", FieldFault::WrongLevel))?;
    write.lock("access.areas").await?;
    if children(write.connection(), &parent).await?.iter().any(|sibling| sibling.name == name) {
        return Err(AccessError::field("name", FieldFault::Taken));
    }
    let last = Entity::find()
        .filter(Column::Id.gte(FIRST_OWN_AREA.0))
        .order_by_desc(Column::Id)
        .one(write.connection())
        .await?;
    let id = last.map_or(FIRST_OWN_AREA.0, |row| row.id + 1);
    if id >= FIRST_OWN_AREA.0 + ADDED_AT_MOST {
        return Err(AccessError::internal("no more areas can be added in the browser"));
    }
    let row = AreaRow {
        id: AreaId(id),
        level,
        name,
        code: None,
        path: below(parent.path, level, AreaId(id)),
        shipped: false,
        version: 1,
    };
    model::active(&row).insert(write.connection()).await?;
    let after = json!({ "id": id, "level": level.key(), "name": row.name });
    write
        .record(Event { kind: "access.area_added", area: Some(row.path), after, ..Event::default() })
        .await?;
    Ok(row)
}

/// Renames an area that was added in the browser. The shipped ones follow their list.
///
/// # Errors
/// `NotFound`; `Closed` on `name` for a shipped area; `Conflict` if it is no longer `version`.
pub async fn rename(write: &Write, id: AreaId, version: i32, name: &str) -> Result<(), AccessError> {
    let name = field::required("name", name, NAME_LIMIT)?;
    let row = Entity::find_by_id(id.0).one(write.connection()).await?.ok_or(AccessError::NotFound)?;
    if row.shipped {
        return Err(AccessError::field("name", FieldFault::Closed));
    }
    let changes = ActiveModel { name: Set(name.clone()), version: Set(version + 1), ..Default::default() };
    save_over(write, id.0, version, changes).await?;
    let (before, after) = (json!({ "name": row.name }), json!({ "name": name }));
    write
        .record(Event {
            kind: "access.area_renamed",
            area: Some(row.path()),
            before,
            after,
            ..Event::default()
        })
        .await?;
    Ok(())
}

/// One area, or `NotFound`.
pub async fn get(connection: &impl ConnectionTrait, id: AreaId) -> Result<AreaRow, AccessError> {
    Ok(Entity::find_by_id(id.0).one(connection).await?.ok_or(AccessError::NotFound)?.into_row())
}

/// The areas directly below `parent`, by id.
pub async fn children(
    connection: &impl ConnectionTrait,
    parent: &AreaRow,
) -> Result<Vec<AreaRow>, AccessError> {
    let Some(level) = parent.level.below() else { return Ok(Vec::new()) };
    let rows = Entity::find()
        .filter(Column::Level.eq(level.key()))
        .filter(column(parent.level).eq(parent.id.0))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Model::into_row).collect())
}

/// Every area that was added in the browser, parents before children: what a tree read from the shipped list lacks.
pub async fn added(connection: &impl ConnectionTrait) -> Result<Vec<AreaRow>, AccessError> {
    let rows =
        Entity::find().filter(Column::Shipped.eq(false)).order_by_asc(Column::Id).all(connection).await?;
    Ok(rows.into_iter().map(Model::into_row).collect())
}

/// What the areas that were added hang on: while it is the same, so are they. A later one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    number: i64,
    versions: i64,
}

/// The stamp of the areas as they are.
pub async fn stamp(connection: &impl ConnectionTrait) -> Result<Stamp, AccessError> {
    let select = sea_orm::sea_query::Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "number")
        .expr_as(Expr::cust("COALESCE(SUM(version), 0)"), "versions")
        .from("area")
        .and_where(Expr::col("shipped").eq(false))
        .to_owned();
    let Some(row) = connection.query_one(&select).await? else { return Ok(Stamp { number: 0, versions: 0 }) };
    Ok(Stamp { number: row.try_get("", "number")?, versions: row.try_get("", "versions")? })
}

/// `known` with the areas that were added in the browser and that it lacks: the tree that a process works with from its
/// start, and the one that a page works with while an area is new.
pub async fn tree(connection: &impl ConnectionTrait, known: &AreaTree) -> Result<AreaTree, AccessError> {
    let added = added(connection).await?;
    let lacking = added.iter().filter(|area| known.get(area.id).is_none()).filter_map(|area| {
        let above = area.level.above()?;
        Some((area.path.at(above)?, area.name.as_str()))
    });
    known.with_own(lacking).map_err(|place| {
        AccessError::internal(format_args!(
            "the area that was added as number {place} has no place in the list"
        ))
    })
}

fn below(parent: AreaPath, level: AreaLevel, id: AreaId) -> AreaPath {
    match level {
        AreaLevel::City => parent,
        AreaLevel::District => AreaPath { district: Some(id), ..parent },
        AreaLevel::Subdistrict => AreaPath { subdistrict: Some(id), ..parent },
        AreaLevel::Community => AreaPath { community: Some(id), ..parent },
    }
}

/// The column in which rows say which area of `level` they lie in.
fn column(level: AreaLevel) -> Column {
    match level {
        AreaLevel::City => Column::CityId,
        AreaLevel::District => Column::DistrictId,
        AreaLevel::Subdistrict => Column::SubdistrictId,
        AreaLevel::Community => Column::CommunityId,
    }
}
