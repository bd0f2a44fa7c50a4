//! Answering a question, and taking a decision back.

use access::look_up;
use axum::Extension;
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, WebError};

use super::{address, found, pair, repo, scope};
use crate::deliveries::Horizon;
use crate::links::{DecisionError, decisions};
use crate::persons::{self, PersonThing};
use crate::review::{self, Answered};
use crate::{People, Texts};

/// Characters of a note.
const NOTE_AT_MOST: usize = 500;

/// What was answered.
pub(super) struct Answering {
    answered: Answered,
    version: i32,
    note: String,
}

impl FromForm for Answering {
    fn read(form: &mut Reader) -> Option<Self> {
        let answered = form.parsed("answer", |text| match text {
            "same" => Some(Answered::Same),
            "different" => Some(Answered::Different),
            "unsure" => Some(Answered::Unsure),
            _ => None,
        });
        let version = form.version();
        let note = form.optional_text("note", NOTE_AT_MOST);
        Some(Self { answered: answered?, version: version?, note: note?.unwrap_or_default() })
    }
}

/// Answers the question and leads on to the next one. Whoever comes second is shown what was decided, and keeps the note.
pub(super) async fn answer(
    ctx: Ctx,
    Extension(people): Extension<People>,
    Path(id): Path<Uuid>,
    form: Form<Answering>,
) -> PageResult {
    let Some(input) = form.input else {
        return web::unprocessable(&pair::page(&ctx, &people, id, form.typed, false).await?);
    };
    let write = ctx.write("people.answer_review").await?;
    let review = found(&ctx, write.connection(), "decide", id).await?;
    let city = ctx.app.areas.city();
    let outcome = if review.version == input.version {
        review::answer(&write, &review, input.answered, &input.note, city).await
    } else {
        Err(DecisionError::Overtaken)
    };
    match outcome {
        Ok(_) => {}
        Err(DecisionError::Store(error)) => return Err(error.into()),
        Err(DecisionError::Overtaken | DecisionError::NotTheirs) => {
            drop(write);
            return web::overtaken(&pair::page(&ctx, &people, id, form.typed, true).await?);
        }
    }
    let horizon = Horizon::read(write.connection()).await?;
    let queue = repo::queue(write.connection(), horizon, scope(&ctx, "decide"), 0).await?;
    let next = queue.iter().find(|next| next.id != id);
    let t = Texts(ctx.language);
    let said = match input.answered {
        Answered::Same => t.said_same(),
        Answered::Different => t.said_different(),
        Answered::Unsure => t.said_unsure(),
    };
    let then = if next.is_some() { t.said_next_review() } else { t.said_no_review() };
    let next = next.map_or_else(|| "/review".to_owned(), |next| address(next.id));
    ctx.save_saying(write, &next, format!("{said}{then}")).await
}

/// Takes a decision back and leads to what it was about.
pub(super) async fn undo(ctx: Ctx, Path(id): Path<Uuid>, _form: Form<()>) -> PageResult {
    let write = ctx.write("people.undo_decision").await?;
    let made = decisions::made(write.connection(), write.keys(), id).await?;
    let scope = ctx.app.roles.scope(&ctx.actor, "decide", "review");
    look_up::<PersonThing>(write.connection(), &scope, made.other.0).await?;
    match decisions::undo(&write, id, ctx.app.areas.city()).await {
        Ok(()) => {}
        Err(DecisionError::Store(error)) => return Err(error.into()),
        Err(DecisionError::Overtaken | DecisionError::NotTheirs) => return Err(WebError::Conflict),
    }
    let back = made.review.map_or_else(|| persons::links_address(made.other), address);
    ctx.save_saying(write, &back, Texts(ctx.language).said_undone()).await
}
