//! Making, changing and closing posts.

use base::{AreaPath, OrganisationId, PostId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, NotSet, QueryFilter, Set};
use serde_json::{Value, json};
use store::{Event, Write};

use super::model::Post;
use super::model::post::{ActiveModel, Column, Entity};
use super::{repository, tenures};
use crate::edit::save_over;
use crate::field::{self, NAME_LIMIT};
use crate::roles::Roles;
use crate::{AccessError, FieldFault, organisations};

/// What a form says about a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostForm {
    /// Its role.
    pub role: String,
    /// The organisation that it belongs to.
    pub organisation: OrganisationId,
    /// What tells it from others alike; may be empty.
    pub title: String,
    /// The area that it is responsible for, of a level that the role's posts have.
    pub area: AreaPath,
}

impl PostForm {
    /// Whether it would make another post of `post`, with another role, organisation or area: what it holds and who holds
    /// it would go along unasked. The title alone is a label.
    pub fn moves(&self, post: &Post) -> bool {
        self.role != post.role || self.organisation != post.organisation || self.area != post.area
    }
}

/// Makes a post.
///
/// # Errors
/// `Field`: `role` unknown; `organisation` unknown or closed; `area` of another level than the role's; `title` too
/// long, or taken by a post of the same role, organisation and area.
pub async fn create(write: &Write, roles: &Roles, form: &PostForm) -> Result<PostId, AccessError> {
    let title = check(write, roles, form, None).await?;
    let post = Post {
        id: PostId(write.new_id()),
        role: form.role.clone(),
        organisation: form.organisation,
        title,
        area: form.area,
        closed_at: None,
        version: 1,
    };
    active(&post).insert(write.connection()).await?;
    record(write, "access.post_created", None, &post).await?;
    Ok(post.id)
}

/// Changes a post that was read at `version`. The matters that it holds stay with it: whether it may move while it holds
/// any is asked by who knows about matters.
///
/// # Errors
/// `NotFound`; `Conflict`; `Field` as for `create`, `Closed` on `title`, and `StillInUse` on `title` if it would move
/// while somebody holds it or is appointed to it.
pub async fn edit(
    write: &Write,
    roles: &Roles,
    id: PostId,
    version: i32,
    form: &PostForm,
) -> Result<(), AccessError> {
    let before = current(write, id, version).await?;
    if before.closed_at.is_some() {
        return Err(AccessError::field("title", FieldFault::Closed));
    }
    let title = check(write, roles, form, Some(id)).await?;
    if form.moves(&before) && tenures::is_held_from(write.connection(), id, write.at()).await? {
        return Err(AccessError::field("title", FieldFault::StillInUse));
    }
    let after = Post {
        role: form.role.clone(),
        organisation: form.organisation,
        title,
        area: form.area,
        version: version + 1,
        ..before.clone()
    };
    update(write, version, &after).await?;
    record(write, "access.post_changed", Some(&before), &after).await
}

/// Closes a post that nobody holds (any more). Whether it still holds matters is asked by who knows about matters.
///
/// # Errors
/// `NotFound`; `Conflict`; `Field` `StillInUse` on `title` while somebody holds it or is appointed to it.
pub async fn close(write: &Write, id: PostId, version: i32) -> Result<(), AccessError> {
    let before = current(write, id, version).await?;
    if tenures::is_held_from(write.connection(), id, write.at()).await? {
        return Err(AccessError::field("title", FieldFault::StillInUse));
    }
    let after = Post { closed_at: Some(write.at()), version: version + 1, ..before.clone() };
    update(write, version, &after).await?;
    record(write, "access.post_closed", Some(&before), &after).await
}

async fn current(write: &Write, id: PostId, version: i32) -> Result<Post, AccessError> {
    let post = repository::get(write.connection(), id).await?;
    if post.version == version { Ok(post) } else { Err(AccessError::Conflict) }
}

/// Checks the form and returns the title without spaces at its ends.
async fn check(
    write: &Write,
    roles: &Roles,
    form: &PostForm,
    own: Option<PostId>,
) -> Result<String, AccessError> {
    let role = roles.get(&form.role).ok_or(AccessError::field("role", FieldFault::Unknown))?;
    if !role.levels.contains(&form.area.level()) {
        return Err(AccessError::field("area", FieldFault::WrongLevel));
    }
    match organisations::get(write.connection(), form.organisation).await {
        Ok(organisation) if organisation.closed_at.is_none() => {}
        Ok(_) | Err(AccessError::NotFound) => {
            return Err(AccessError::field("organisation", FieldFault::Unknown));
        }
        Err(other) => return Err(other),
    }
    let title = field::optional("title", &form.title, NAME_LIMIT)?;
    write.lock("access.posts").await?;
    let mut same = Entity::find()
        .filter(Column::Role.eq(form.role.as_str()))
        .filter(Column::OrganisationId.eq(form.organisation.0))
        .filter(Column::Title.eq(title.as_str()))
        .filter(repository::column(form.area.level()).eq(form.area.area().0))
        .filter(Column::ClosedAt.is_null());
    if let Some(own) = own {
        same = same.filter(Column::Id.ne(own.0));
    }
    let taken =
        same.all(write.connection()).await?.into_iter().map(Post::from).any(|post| post.area == form.area);
    if taken { Err(AccessError::field("title", FieldFault::Taken)) } else { Ok(title) }
}

async fn update(write: &Write, version: i32, after: &Post) -> Result<(), AccessError> {
    save_over(write, after.id.0, version, ActiveModel { id: NotSet, ..active(after) }).await
}

async fn record(
    write: &Write,
    kind: &'static str,
    before: Option<&Post>,
    after: &Post,
) -> Result<(), AccessError> {
    let event = Event {
        kind,
        area: Some(after.area),
        before: before.map_or(Value::Null, told),
        after: told(after),
        ..Event::default()
    };
    write.record(event).await?;
    Ok(())
}

fn told(post: &Post) -> Value {
    json!({
        "id": post.id,
        "role": post.role,
        "organisation": post.organisation,
        "title": post.title,
        "area": post.area,
        "closed_at": post.closed_at,
    })
}

fn active(post: &Post) -> ActiveModel {
    ActiveModel {
        id: Set(post.id.0),
        role: Set(post.role.clone()),
        organisation_id: Set(post.organisation.0),
        title: Set(post.title.clone()),
        city_id: Set(post.area.city.0),
        district_id: Set(post.area.district.map(|id| id.0)),
        subdistrict_id: Set(post.area.subdistrict.map(|id| id.0)),
        community_id: Set(post.area.community.map(|id| id.0)),
        closed_at: Set(post.closed_at.map(|at| at.0)),
        version: Set(post.version),
    }
}
