//! What is sent from the pages of leads.

use axum::Extension;
use base::{Label, MatterId, PostId};
use matters::{Acting, MatterError, Matters};
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, WebError};

use super::fault::shown;
use super::list::Asked;
use super::{dispatch as sending, page};

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
    let plan = sending::plan(&read, &matters, &ctx.actor, &filter, ctx.now).await.map_err(shown)?;
    drop(read);
    if plan.leads.len() != count {
        return Err(moved_on(plan.leads.len()));
    }
    let batch = sending::send(&write, &matters, &ctx.actor, &plan).await.map_err(shown)?;
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
    let reason = super::Texts(ctx.language).lead_take_back_reason();
    let count = sending::take_back(&write, &matters, &ctx.actor, batch, reason).await.map_err(shown)?;
    ctx.save(write, &format!("/leads?back={count}")).await
}

/// An act on one lead.
pub(super) struct Act {
    action: String,
    version: i32,
    reason: Option<String>,
    holder: Option<PostId>,
}

impl FromForm for Act {
    fn read(form: &mut Reader) -> Option<Self> {
        let action = form.text("action", 40);
        let version = form.version();
        let reason = form.optional_text("reason", 1_000);
        let holder = form.optional_id("holder");
        Some(Self { action: action?, version: version?, reason: reason?, holder: holder? })
    }
}

/// Does it, and shows the lead as it then is. What is refused is shown on the page with everything that was typed.
pub(super) async fn act(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Act>,
) -> PageResult {
    let Form { input, typed } = form;
    let Some(act) = input else { return page::refused(&ctx, &matters, id, typed, None).await };
    let write = ctx.write("minors.act_on_lead").await?;
    let looked_up = matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await;
    let (_, token) = looked_up.map_err(shown)?;
    let acting = Acting {
        action: &act.action,
        answers: None,
        reason: act.reason.as_deref(),
        holder: act.holder,
        version: act.version,
    };
    match matters.act(&write, &ctx.actor, &token, &acting).await {
        Ok(_) => ctx.save(write, &format!("/leads/{id}")).await,
        Err(error @ (MatterError::NotFound | MatterError::NotAllowed | MatterError::Store(_))) => {
            Err(shown(error))
        }
        Err(error) => {
            drop(write);
            page::refused(&ctx, &matters, id, typed, Some(error)).await
        }
    }
}
