//! Which post is responsible for a place, by role.

use base::{AccountId, AreaPath, Moment};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::model::Post;
use super::model::post::{Column, Entity};
use super::repository::column;
use super::tenures;
use crate::AccessError;

/// The most posts that are looked at for one role and place: far more than a sub-district has of one role.
const CANDIDATES_AT_MOST: u64 = 200;

/// A post and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The post.
    pub post: Post,
    /// The accounts that hold it, those who stand in for somebody first.
    pub accounts: Vec<AccountId>,
}

/// The post responsible for `area`: the first role of `roles` (the director, else the supervisor, as the program's
/// routing has it) of which a post covers the area and is held at `at`; of several the one with the smallest area, of
/// those the oldest. A post that nobody holds at the moment is passed over, so that nothing is sent to an empty desk.
pub async fn holder_for(
    connection: &impl ConnectionTrait,
    roles: &[&str],
    area: &AreaPath,
    at: Moment,
) -> Result<Option<Holder>, AccessError> {
    for role in roles {
        if let Some(first) = holders_for(connection, role, area, at).await?.into_iter().next() {
            return Ok(Some(first));
        }
    }
    Ok(None)
}

/// Every post of `role` that covers `area` and is held at `at`, smallest area first, then oldest first: what a
/// distribution by workload chooses from.
pub async fn holders_for(
    connection: &impl ConnectionTrait,
    role: &str,
    area: &AreaPath,
    at: Moment,
) -> Result<Vec<Holder>, AccessError> {
    let mut held = Query::select();
    held.expr(Expr::cust("1"))
        .from("tenure")
        .inner_join("account", Expr::col(("account", "id")).equals(("tenure", "account_id")))
        .and_where(Expr::col(("tenure", "post_id")).equals(("post", "id")))
        .and_where(Expr::col(("account", "disabled_at")).is_null())
        .cond_where(tenures::covering(at));
    let mut select = Entity::find()
        .filter(Column::Role.eq(role))
        .filter(Column::ClosedAt.is_null())
        .filter(Expr::exists(held))
        .order_by_asc(Column::Id)
        .limit(CANDIDATES_AT_MOST);
    for level in base::AreaLevel::ALL {
        let column = column(level);
        select = match area.at(level) {
            Some(id) => select.filter(column.eq(id.0).or(column.is_null())),
            None => select.filter(column.is_null()),
        };
    }
    let mut posts: Vec<Post> = select.all(connection).await?.into_iter().map(Post::from).collect();
    posts.sort_by_key(|post| (std::cmp::Reverse(post.area.level()), post.id));

    let mut holders = Vec::with_capacity(posts.len());
    for post in posts {
        let accounts = tenures::holders_at(connection, post.id, at).await?;
        holders.push(Holder { post, accounts });
    }
    Ok(holders)
}
