//! Finding accounts.

use std::collections::{HashMap, HashSet};

use base::{AccountId, AreaPath, Moment};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use store::{Keys, Read};

use super::lock_out::{Failures, LOCK_OUT};
use super::model::{Account, Column, Entity, Model};
use crate::AccessError;

/// The most accounts on one page.
pub const PAGE_AT_MOST: u64 = 200;

/// How many accounts a search by name opens at most. Names are sealed, so a search opens them one by one; a city has
/// some thousand.
const SEARCHED_AT_MOST: u64 = 20_000;

/// Accounts that are read at a time while searching.
const SEARCH_BATCH: u64 = 500;

/// Which accounts: those that fit everything that is set.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Whose login name or name contains this.
    pub text: Option<String>,
    /// Who hold or held a post in this area or a part of it, or none at all yet.
    pub within: Option<AreaPath>,
    /// Whether disabled ones are listed too.
    pub with_disabled: bool,
}

/// One account, or `NotFound`.
pub async fn get(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    id: AccountId,
) -> Result<Account, AccessError> {
    Entity::find_by_id(id.0).one(connection).await?.ok_or(AccessError::NotFound)?.open(keys)
}

/// The account with this login name, or `NotFound`.
pub async fn by_login(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    login: &str,
) -> Result<Account, AccessError> {
    row_by_login(connection, login).await?.ok_or(AccessError::NotFound)?.open(keys)
}

pub(super) async fn row_by_login(
    connection: &impl ConnectionTrait,
    login: &str,
) -> Result<Option<Model>, AccessError> {
    Ok(Entity::find().filter(Column::Login.eq(login)).one(connection).await?)
}

/// A page of at most `limit` accounts by login name; `after` is the login name of the last one of the page before.
pub async fn list(
    read: &Read,
    filter: &AccountFilter,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Account>, AccessError> {
    let limit = limit.clamp(1, PAGE_AT_MOST);
    let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        let rows = select(filter, after).limit(limit).all(read.connection()).await?;
        return rows.into_iter().map(|row| row.open(read.keys())).collect();
    };
    let wanted = text.to_lowercase();
    let mut found = Vec::new();
    let (mut last, mut looked_at) = (after.map(str::to_owned), 0);
    while looked_at < SEARCHED_AT_MOST {
        let rows = select(filter, last.as_deref()).limit(SEARCH_BATCH).all(read.connection()).await?;
        let Some(end) = rows.last() else { break };
        last = Some(end.login.clone());
        looked_at += SEARCH_BATCH;
        for row in rows {
            let account = row.open(read.keys())?;
            if account.login.contains(&wanted) || account.name.to_lowercase().contains(&wanted) {
                found.push(account);
                if found.len() as u64 == limit {
                    return Ok(found);
                }
            }
        }
    }
    Ok(found)
}

/// How many accounts all pages of such a list have. Not of a search: names are sealed, and what it finds is counted by
/// opening every account.
pub async fn count(read: &Read, filter: &AccountFilter) -> Result<u64, AccessError> {
    Ok(select(filter, None).count(read.connection()).await?)
}

fn select(filter: &AccountFilter, after: Option<&str>) -> sea_orm::Select<Entity> {
    let mut select = Entity::find().order_by_asc(Column::Login);
    if let Some(after) = after {
        select = select.filter(Column::Login.gt(after));
    }
    if !filter.with_disabled {
        select = select.filter(Column::DisabledAt.is_null());
    }
    if let Some(area) = filter.within {
        let mut posts = Query::select();
        posts
            .expr(Expr::cust("1"))
            .from("tenure")
            .and_where(Expr::col(("tenure", "account_id")).equals(("account", "id")));
        let without = Expr::not_exists(posts.clone());
        let column = crate::ScopeColumns::of("post").at(area.level());
        posts
            .inner_join("post", Expr::col(("post", "id")).equals(("tenure", "post_id")))
            .and_where(Expr::col(("post", column)).eq(area.area().0));
        select = select.filter(Condition::any().add(without).add(Expr::exists(posts)));
    }
    select
}

/// The names behind these ids, for naming people on a list.
pub async fn names(read: &Read, ids: &[AccountId]) -> Result<HashMap<AccountId, String>, AccessError> {
    let mut names = HashMap::new();
    for part in ids.chunks(store::bulk::LIST_AT_MOST) {
        let rows = Entity::find()
            .filter(Column::Id.is_in(part.iter().map(|id| id.0)))
            .all(read.connection())
            .await?;
        for row in rows {
            let account = row.open(read.keys())?;
            names.insert(account.id, account.name);
        }
    }
    Ok(names)
}

/// Those of `ids` that are not disabled.
pub(crate) async fn in_use(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = AccountId>,
) -> Result<HashSet<AccountId>, AccessError> {
    let ids: Vec<_> = ids.map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids))
        .filter(Column::DisabledAt.is_null())
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| AccountId(row.id)).collect())
}

/// Until when the login name is locked, if it is at `machine_now` (real time).
pub async fn locked_until(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    login: &str,
    machine_now: Moment,
) -> Result<Option<Moment>, AccessError> {
    let failures = failures(connection, &login_hash(keys, login)).await?;
    Ok(LOCK_OUT.locked(failures, machine_now).map(|locked| locked.until))
}

/// Which of these login names are locked at `machine_now` (real time), for a page of a list of accounts.
pub async fn locked_logins(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    logins: &[&str],
    machine_now: Moment,
) -> Result<HashSet<String>, AccessError> {
    let by_hash: HashMap<Vec<u8>, &str> =
        logins.iter().map(|login| (login_hash(keys, login), *login)).collect();
    let mut locked = HashSet::new();
    let hashes: Vec<&Vec<u8>> = by_hash.keys().collect();
    for part in hashes.chunks(store::bulk::LIST_AT_MOST) {
        let select = Query::select()
            .columns(["login_hash", "count", "last_at"])
            .from("login_failure")
            .and_where(Expr::col("login_hash").is_in(part.iter().map(|hash| (*hash).clone())))
            .to_owned();
        for row in connection.query_all(&select).await? {
            let failures =
                Failures { count: row.try_get("", "count")?, last_at: Moment(row.try_get("", "last_at")?) };
            if LOCK_OUT.locked(Some(failures), machine_now).is_none() {
                continue;
            }
            let hash: Vec<u8> = row.try_get("", "login_hash")?;
            locked.extend(by_hash.get(&hash).map(|login| (*login).to_owned()));
        }
    }
    Ok(locked)
}

/// Under which key the failures of a login name are counted.
pub(super) fn login_hash(keys: &Keys, login: &str) -> Vec<u8> {
    keys.hash("login", login)
}

pub(super) async fn failures(
    connection: &impl ConnectionTrait,
    login_hash: &[u8],
) -> Result<Option<Failures>, AccessError> {
    let select = Query::select()
        .columns(["count", "last_at"])
        .from("login_failure")
        .and_where(Expr::col("login_hash").eq(login_hash))
        .to_owned();
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    Ok(Some(Failures { count: row.try_get("", "count")?, last_at: Moment(row.try_get("", "last_at")?) }))
}
