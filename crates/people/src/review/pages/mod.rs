//! The pages of review: the queue, and one question with two records side by side.

mod decide;
mod pair;
mod queue;
mod sides;

use access::Thing as _;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Condition;
use uuid::Uuid;
use web::{Ctx, Figure, Pages, Rule, WebError};

use super::model::{Review, ReviewThing};
use super::repo;
use crate::People;
use crate::deliveries::Horizon;

/// Who may see the queue.
const SEE: Rule = Rule::May(&[("read", "review")]);
/// Who may answer.
const DECIDE: Rule = Rule::May(&[("decide", "review")]);

/// The figure at the menu: how many questions wait for the reader.
pub(crate) const WAITING: &str = "people.reviews_waiting";

/// The pages.
pub(crate) fn pages(people: &People) -> Pages {
    Pages::new()
        .get("/review", SEE, queue::show)
        .get("/review/{id}", SEE, pair::show)
        .post("/review/{id}", DECIDE, decide::answer)
        .post("/decisions/{id}/undo", DECIDE, decide::undo)
        .with(people.clone())
}

/// The figure of the menu.
pub(crate) fn waiting() -> Figure {
    Figure {
        name: WAITING,
        read: |ctx, read| {
            Box::pin(async move {
                let condition = scope(ctx, "read");
                let horizon = Horizon::read(read.connection()).await?;
                Ok(repo::waiting(read.connection(), horizon, condition).await?)
            })
        },
    }
}

/// The questions that the actor may `verb`.
fn scope(ctx: &Ctx, verb: &str) -> Condition {
    ctx.app.roles.scope(&ctx.actor, verb, "review").condition(&ReviewThing::COLUMNS)
}

/// The question `id`, if the actor may `verb` it.
async fn found(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    verb: &str,
    id: Uuid,
) -> Result<Review, WebError> {
    let horizon = Horizon::read(connection).await?;
    Ok(repo::review(connection, horizon, scope(ctx, verb), id).await?)
}

/// The address of a question.
fn address(id: Uuid) -> String {
    format!("/review/{id}")
}
