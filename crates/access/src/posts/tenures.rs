//! Who holds a post, and when.

use base::{AccountId, Moment, PostId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::{Value, json};
use store::{Event, Keys, Write};
use uuid::Uuid;

use super::model::tenure::{ActiveModel, Column, Entity};
use super::model::{Post, Tenure, TenureKind};
use super::repository;
use crate::accounts::{self, Account};
use crate::edit::save_over;
use crate::{AccessError, Actor, FieldFault};

/// The most tenures that are read of one post or one account: the latest ones.
const LIST_LIMIT: u64 = 200;

/// An appointment: who is to hold which post, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appointment {
    /// The post.
    pub post: PostId,
    /// Who is to hold it.
    pub account: AccountId,
    /// Why.
    pub kind: TenureKind,
    /// From when on, by the office's clock.
    pub from: Moment,
    /// Up to when; open if `None`.
    pub until: Option<Moment>,
}

/// Appoints an account to a post for a period. Several may hold a post at a time: leave cover lies over the regular
/// tenure.
///
/// # Errors
/// `Field`: `post` unknown or closed; `account` unknown or disabled; `until` before `from`; `from` `Overlaps` a period
/// in which the account holds this post already.
pub async fn appoint(write: &Write, appointment: &Appointment) -> Result<Uuid, AccessError> {
    let Appointment { post, account, kind, from, until } = *appointment;
    if until.is_some_and(|until| until <= from) {
        return Err(AccessError::field("until", FieldFault::EndsBeforeItBegins));
    }
    let post = match repository::get(write.connection(), post).await {
        Ok(post) if post.closed_at.is_none() => post,
        Ok(_) | Err(AccessError::NotFound) => return Err(AccessError::field("post", FieldFault::Unknown)),
        Err(other) => return Err(other),
    };
    match accounts::get(write.connection(), write.keys(), account).await {
        Ok(found) if found.disabled_at.is_none() => {}
        Ok(_) | Err(AccessError::NotFound) => return Err(AccessError::field("account", FieldFault::Unknown)),
        Err(other) => return Err(other),
    }
    write.lock("access.tenures").await?;
    let held = tenures_of_post(write.connection(), post.id).await?;
    if held.iter().any(|tenure| tenure.account == account && tenure.overlaps(from, until)) {
        return Err(AccessError::field("from", FieldFault::Overlaps));
    }
    let tenure = Tenure { id: write.new_id(), post: post.id, account, kind, from, until, version: 1 };
    let row = ActiveModel {
        id: Set(tenure.id),
        post_id: Set(post.id.0),
        account_id: Set(account.0),
        kind: Set(kind.word().to_owned()),
        from_at: Set(from.0),
        until_at: Set(until.map(|until| until.0)),
        version: Set(1),
    };
    row.insert(write.connection()).await?;
    record(write, "access.tenure_begun", &post, None, &tenure).await?;
    Ok(tenure.id)
}

/// Ends a tenure at `until` (or moves its end), as it was read at `version`. One that has not begun may end where it
/// begins: then it never holds.
///
/// # Errors
/// `NotFound`; `Conflict`; `Field` `EndsBeforeItBegins` on `until`.
pub async fn end_tenure(write: &Write, tenure: Uuid, version: i32, until: Moment) -> Result<(), AccessError> {
    let before: Tenure =
        Entity::find_by_id(tenure).one(write.connection()).await?.ok_or(AccessError::NotFound)?.try_into()?;
    if until < before.from {
        return Err(AccessError::field("until", FieldFault::EndsBeforeItBegins));
    }
    let changes =
        ActiveModel { until_at: Set(Some(until.0)), version: Set(version + 1), ..Default::default() };
    save_over(write, tenure, version, changes).await?;
    let post = repository::get(write.connection(), before.post).await?;
    let after = Tenure { until: Some(until), version: version + 1, ..before.clone() };
    record(write, "access.tenure_ended", &post, Some(&before), &after).await
}

/// The post that a tenure is of.
///
/// # Errors
/// `NotFound` if there is no such tenure.
pub async fn post_of_tenure(connection: &impl ConnectionTrait, tenure: Uuid) -> Result<Post, AccessError> {
    let found = Entity::find_by_id(tenure).one(connection).await?.ok_or(AccessError::NotFound)?;
    repository::get(connection, PostId(found.post_id)).await
}

/// The tenures of a post, latest first.
pub async fn tenures_of_post(
    connection: &impl ConnectionTrait,
    post: PostId,
) -> Result<Vec<Tenure>, AccessError> {
    list(connection, Column::PostId.eq(post.0)).await
}

/// The tenures of an account, latest first.
pub async fn tenures_of_account(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Tenure>, AccessError> {
    list(connection, Column::AccountId.eq(account.0)).await
}

async fn list(connection: &impl ConnectionTrait, whose: Expr) -> Result<Vec<Tenure>, AccessError> {
    let rows = Entity::find()
        .filter(whose)
        .order_by_desc(Column::FromAt)
        .order_by_desc(Column::Id)
        .limit(LIST_LIMIT)
        .all(connection)
        .await?;
    rows.into_iter().map(Tenure::try_from).collect()
}

/// The tenures of these accounts that cover `at`, for a list of people with what they are.
pub async fn present_of_accounts(
    connection: &impl ConnectionTrait,
    accounts: &[AccountId],
    at: Moment,
) -> Result<Vec<Tenure>, AccessError> {
    present(connection, Column::AccountId, accounts.iter().map(|id| id.0).collect(), at).await
}

/// The tenures of these posts that cover `at`, for a list of posts with who holds them.
pub async fn present_of_posts(
    connection: &impl ConnectionTrait,
    posts: &[PostId],
    at: Moment,
) -> Result<Vec<Tenure>, AccessError> {
    present(connection, Column::PostId, posts.iter().map(|id| id.0).collect(), at).await
}

async fn present(
    connection: &impl ConnectionTrait,
    column: Column,
    ids: Vec<Uuid>,
    at: Moment,
) -> Result<Vec<Tenure>, AccessError> {
    let mut found = Vec::new();
    for part in ids.chunks(store::bulk::LIST_AT_MOST) {
        let rows = Entity::find()
            .filter(column.is_in(part.iter().copied()))
            .filter(covering(at))
            .order_by_asc(Column::FromAt)
            .order_by_asc(Column::Id)
            .all(connection)
            .await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// The open posts that an account holds at `at`: what it may choose between after logging in.
pub async fn present_posts(
    connection: &impl ConnectionTrait,
    account: AccountId,
    at: Moment,
) -> Result<Vec<Post>, AccessError> {
    let mut posts: Vec<PostId> = list(connection, Column::AccountId.eq(account.0).and(covering(at)))
        .await?
        .iter()
        .map(|tenure| tenure.post)
        .collect();
    posts.sort_unstable();
    posts.dedup();
    let mut open = repository::by_ids(connection, &posts).await?;
    open.retain(|post| post.closed_at.is_none());
    open.sort_by_key(|post| post.id);
    Ok(open)
}

/// Who holds the post at `at`, those who stand in for somebody first.
pub(super) async fn holders_at(
    connection: &impl ConnectionTrait,
    post: PostId,
    at: Moment,
) -> Result<Vec<AccountId>, AccessError> {
    let mut present: Vec<Tenure> = tenures_of_post(connection, post).await?;
    present.retain(|tenure| tenure.covers(at));
    present.sort_by_key(|tenure| (std::cmp::Reverse(tenure.kind), tenure.from, tenure.id));
    let in_use = accounts::in_use(connection, present.iter().map(|tenure| tenure.account)).await?;
    Ok(present.into_iter().map(|tenure| tenure.account).filter(|account| in_use.contains(account)).collect())
}

/// The post if `account` holds it at `at` and it is open.
pub(crate) async fn held_post(
    connection: &impl ConnectionTrait,
    account: AccountId,
    post: PostId,
    at: Moment,
) -> Result<Option<Post>, AccessError> {
    let holds = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::PostId.eq(post.0))
        .filter(covering(at))
        .one(connection)
        .await?;
    if holds.is_none() {
        return Ok(None);
    }
    Ok(Some(repository::get(connection, post).await?).filter(|post| post.closed_at.is_none()))
}

/// The actor that `account` is in `post` at `at`; `NotFound` unless the account is in use and holds the post then. For
/// programs that act for somebody; requests come by their session.
pub async fn actor(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    account: AccountId,
    post: PostId,
    at: Moment,
) -> Result<Actor, AccessError> {
    let account = accounts::get(connection, keys, account).await?;
    if account.disabled_at.is_some() {
        return Err(AccessError::NotFound);
    }
    let post = held_post(connection, account.id, post, at).await?.ok_or(AccessError::NotFound)?;
    Ok(in_post(&account, post))
}

pub(crate) fn in_post(account: &Account, post: Post) -> Actor {
    Actor::in_post(account.id, post.id, post.role, post.organisation, post.area, account.name.clone())
}

/// The tenures that cover `at`.
pub(super) fn covering(at: Moment) -> Condition {
    Condition::all()
        .add(Column::FromAt.lte(at.0))
        .add(Condition::any().add(Column::UntilAt.is_null()).add(Column::UntilAt.gt(at.0)))
}

/// Whether somebody holds the post at `at` or is appointed to it later.
pub(super) async fn is_held_from(
    connection: &impl ConnectionTrait,
    post: PostId,
    at: Moment,
) -> Result<bool, AccessError> {
    Ok(tenures_of_post(connection, post).await?.iter().any(|tenure| tenure.overlaps(at, None)))
}

async fn record(
    write: &Write,
    kind: &'static str,
    post: &Post,
    before: Option<&Tenure>,
    after: &Tenure,
) -> Result<(), AccessError> {
    let told = |tenure: &Tenure| {
        json!({
            "id": tenure.id,
            "post": tenure.post,
            "account": tenure.account,
            "kind": tenure.kind.word(),
            "from": tenure.from,
            "until": tenure.until,
        })
    };
    let before = before.map_or(Value::Null, told);
    write
        .record(Event { kind, area: Some(post.area), before, after: told(after), ..Event::default() })
        .await?;
    Ok(())
}
