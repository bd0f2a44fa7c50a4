//! Questions in the database.

use base::PersonId;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::{StoreError, Write};
use uuid::Uuid;

use super::model::{REVIEW_COLUMNS, Review, ReviewRow, ReviewState};
use crate::deliveries::Horizon;

/// Questions on one page of the queue.
pub const PAGE_ROWS: u64 = 50;
/// Questions about one person that are looked at, at most.
const ABOUT_AT_MOST: u64 = 500;

fn select_reviews() -> SelectStatement {
    Query::select().columns(REVIEW_COLUMNS.map(|column| ("review", column))).from("review").to_owned()
}

async fn all(connection: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<Review>, StoreError> {
    let rows = connection.query_all(select).await?;
    rows.iter().map(|row| ReviewRow::from_query_result(row, "")?.try_into()).collect()
}

fn is_waiting() -> Expr {
    Expr::col(("review", "state")).is_in([ReviewState::Open.word(), ReviewState::Unsure.word()])
}

/// The queue of those who see `scope`: open questions before unsure ones, the weightiest first; at most [`PAGE_ROWS`]
/// behind the first `skipped`.
pub async fn queue(
    connection: &impl ConnectionTrait,
    horizon: Horizon,
    scope: Condition,
    skipped: u64,
) -> Result<Vec<Review>, StoreError> {
    let mut select = select_reviews();
    select
        .cond_where(horizon.sees("review"))
        .cond_where(scope)
        .and_where(is_waiting())
        .order_by(("review", "state"), Order::Asc)
        .order_by(("review", "weight"), Order::Desc)
        .order_by(("review", "id"), Order::Asc)
        .limit(PAGE_ROWS)
        .offset(skipped);
    all(connection, &select).await
}

/// How many questions wait for those who see `scope`.
pub async fn waiting(
    connection: &impl ConnectionTrait,
    horizon: Horizon,
    scope: Condition,
) -> Result<u64, StoreError> {
    let mut select = Query::select();
    select
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .from("review")
        .cond_where(horizon.sees("review"))
        .cond_where(scope)
        .and_where(is_waiting());
    let row = connection.query_one(&select).await?;
    let count: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The question `id`, if `scope` shows it.
///
/// # Errors
/// `NotFound`.
pub async fn review(
    connection: &impl ConnectionTrait,
    horizon: Horizon,
    scope: Condition,
    id: Uuid,
) -> Result<Review, StoreError> {
    let mut select = select_reviews();
    select.cond_where(horizon.sees("review")).cond_where(scope).and_where(Expr::col(("review", "id")).eq(id));
    all(connection, &select).await?.pop().ok_or(StoreError::NotFound)
}

/// Questions that wait and name `person` on either side.
pub async fn waiting_about(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Review>, StoreError> {
    let names = Condition::any()
        .add(Expr::col(("review", "person_id")).eq(person.0))
        .add(Expr::col(("review", "candidate_id")).eq(person.0));
    let mut select = select_reviews();
    select.cond_where(names).and_where(is_waiting()).limit(ABOUT_AT_MOST);
    all(connection, &select).await
}

/// Puts a question to another pair of persons.
pub async fn point(
    write: &Write,
    id: Uuid,
    person: PersonId,
    candidate: PersonId,
    state: ReviewState,
) -> Result<(), StoreError> {
    let update = Query::update()
        .table("review")
        .values([
            ("person_id", person.0.into()),
            ("candidate_id", candidate.0.into()),
            ("state", state.word().into()),
            ("version", Expr::col("version").add(1)),
        ])
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}

/// Writes down what was decided about `review`, if nobody else was quicker.
///
/// # Errors
/// `Conflict` if somebody was.
pub async fn decide(
    write: &Write,
    review: &Review,
    state: ReviewState,
    decision: Option<Uuid>,
) -> Result<(), StoreError> {
    let update = Query::update()
        .table("review")
        .values([
            ("state", state.word().into()),
            ("decided_at", write.at().0.into()),
            ("account_id", write.actor().account.map(Uuid::from).into()),
            ("decision_id", decision.into()),
            ("version", (review.version + 1).into()),
        ])
        .and_where(Expr::col("id").eq(review.id))
        .and_where(Expr::col("version").eq(review.version))
        .to_owned();
    if write.connection().execute(&update).await?.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict)
    }
}

/// Opens the question that `decision` answered again.
pub async fn reopen(write: &Write, decision: Uuid) -> Result<(), StoreError> {
    let update = Query::update()
        .table("review")
        .values([
            ("state", ReviewState::Open.word().into()),
            ("decision_id", Option::<Uuid>::None.into()),
            ("decided_at", Option::<i64>::None.into()),
            ("version", Expr::col("version").add(1)),
        ])
        .and_where(Expr::col("decision_id").eq(decision))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}
