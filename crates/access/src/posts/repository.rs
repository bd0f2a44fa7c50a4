//! Finding posts.

use base::{AreaLevel, AreaPath, OrganisationId, PostId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::model::Post;
use super::model::post::{Column, Entity};
use crate::AccessError;

/// The most posts on one page.
pub const PAGE_AT_MOST: u64 = 200;

/// Which posts: those that fit everything that is set.
#[derive(Debug, Clone, Default)]
pub struct PostFilter {
    /// Of this role.
    pub role: Option<String>,
    /// Of this organisation.
    pub organisation: Option<OrganisationId>,
    /// Responsible for this area or a part of it.
    pub within: Option<AreaPath>,
    /// Whether closed ones are listed too.
    pub with_closed: bool,
}

/// One post, or `NotFound`.
pub async fn get(connection: &impl ConnectionTrait, id: PostId) -> Result<Post, AccessError> {
    Ok(Entity::find_by_id(id.0).one(connection).await?.ok_or(AccessError::NotFound)?.into())
}

/// A page of at most `limit` posts in the order in which they were made; `after` is the last one of the page before.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &PostFilter,
    after: Option<PostId>,
    limit: u64,
) -> Result<Vec<Post>, AccessError> {
    let mut select = select(filter).order_by_asc(Column::Id).limit(limit.clamp(1, PAGE_AT_MOST));
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after.0));
    }
    Ok(select.all(connection).await?.into_iter().map(Post::from).collect())
}

/// How many posts all pages of such a list have.
pub async fn count(connection: &impl ConnectionTrait, filter: &PostFilter) -> Result<u64, AccessError> {
    Ok(select(filter).count(connection).await?)
}

fn select(filter: &PostFilter) -> Select<Entity> {
    let mut select = Entity::find();
    if let Some(role) = &filter.role {
        select = select.filter(Column::Role.eq(role.as_str()));
    }
    if let Some(organisation) = filter.organisation {
        select = select.filter(Column::OrganisationId.eq(organisation.0));
    }
    if let Some(area) = filter.within {
        select = select.filter(column(area.level()).eq(area.area().0));
    }
    if !filter.with_closed {
        select = select.filter(Column::ClosedAt.is_null());
    }
    select
}

/// The posts with these ids, for naming holders on a list.
pub async fn by_ids(connection: &impl ConnectionTrait, ids: &[PostId]) -> Result<Vec<Post>, AccessError> {
    let mut found = Vec::new();
    for part in ids.chunks(store::bulk::LIST_AT_MOST) {
        let rows =
            Entity::find().filter(Column::Id.is_in(part.iter().map(|id| id.0))).all(connection).await?;
        found.extend(rows.into_iter().map(Post::from));
    }
    Ok(found)
}

/// Whether an organisation has posts that are not closed.
pub async fn has_open(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
) -> Result<bool, AccessError> {
    let select = Query::select()
        .expr(Expr::cust("1"))
        .from("post")
        .and_where(Expr::col("organisation_id").eq(organisation.0))
        .and_where(Expr::col("closed_at").is_null())
        .limit(1)
        .to_owned();
    Ok(connection.query_one(&select).await?.is_some())
}

/// The column in which posts say which area of `level` they are responsible for.
pub(super) fn column(level: AreaLevel) -> Column {
    match level {
        AreaLevel::City => Column::CityId,
        AreaLevel::District => Column::DistrictId,
        AreaLevel::Subdistrict => Column::SubdistrictId,
        AreaLevel::Community => Column::CommunityId,
    }
}
