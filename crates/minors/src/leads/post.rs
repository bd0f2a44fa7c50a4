//! What is sent from the pages of leads.

use axum::Extension;
use base::Label;
use matters::Matters;
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, WebError};

use super::dispatch as sending;
use super::list::Asked;

/// A dispatch of what a list shows: the query, and the number that was seen.
pub(super) struct Dispatching {
    asked: Asked,
    count: usize,
}

impl FromForm for Dispatching {
    fn read(form: &mut Reader) -> Option<Self> {
        let count = form.integer("count", 1..=100_000);
        let asked = Asked::of_form(form);
        Some(Self { asked: asked?, count: usize::try_from(count?).ok()? })
    }
}

/// Sends every lead of the list to whom it was proposed for.
pub(super) async fn dispatch(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    form: Form<Dispatching>,
) -> PageResult {
    let Some(Dispatching { asked, count }) = form.input else {
        return Err(WebError::NotUnderstood("the form does not say which leads"));
    };
    let filter = asked.filter(&ctx);
    let write = ctx.write("minors.dispatch_leads").await?;
    let read = ctx.read().await?;
    let plan = sending::plan(&read, &matters, &ctx.actor, &filter, ctx.now).await?;
    drop(read);
    if plan.leads.len() != count {
        return Err(moved_on(plan.leads.len()));
    }
    let batch = sending::send(&write, &matters, &ctx.actor, &plan).await?;
    ctx.save(write, &asked.back_with("sent", &batch.to_string())).await
}

/// The list is no longer the one that the person looked at.
fn moved_on(count: usize) -> WebError {
    WebError::overtaken(
        Label::new(
            format!("名单已有变化：现在待派发 {count} 件，没有派发任何一件"),
            format!("The list has changed: {count} leads wait for dispatch now. None was dispatched."),
        ),
        Label::new("返回线索列表，看过再派发", "Go back to the list, look at it, and dispatch again."),
    )
}

/// A form with nothing but what every form carries.
pub(super) struct Nothing;

impl FromForm for Nothing {
    fn read(_: &mut Reader) -> Option<Self> {
        Some(Self)
    }
}

/// Takes a dispatch back.
pub(super) async fn undo(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(batch): Path<Uuid>,
    _form: Form<Nothing>,
) -> PageResult {
    let write = ctx.write("minors.take_back_leads").await?;
    let count = sending::take_back(&write, &matters, &ctx.actor, batch).await?;
    ctx.save(write, &format!("/leads?back={count}")).await
}
