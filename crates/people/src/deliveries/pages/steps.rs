//! What is done with a delivery: apply it, put it away, let its retirements go or not. Each is one form, sent once; a
//! second click finds it done and leads to the delivery's page.

use base::{DeliveryId, Label};
use store::{Event, StoreError, Write};
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, WebError};

use super::{address, seen};
use crate::Texts;
use crate::deliveries::DeliveryState;
use crate::deliveries::repo::{self, Change};
use crate::import;
use crate::module::{APPLY_JOB, CHECK_JOB, DeliveryJob};

/// Whether it was ticked that older data are wanted.
pub(super) struct GoesBack(bool);

impl FromForm for GoesBack {
    fn read(form: &mut Reader) -> Option<Self> {
        Some(Self(form.is_ticked("back")))
    }
}

/// Asks for a checked delivery to be applied; a job does it. One that its feed has overtaken is to be checked anew first,
/// and one that goes back to older data wants a tick: otherwise the page says so again.
pub(super) async fn apply(ctx: Ctx, Path(id): Path<Uuid>, form: Form<GoesBack>) -> PageResult {
    let id = DeliveryId(id);
    let write = ctx.write("people.apply_delivery").await?;
    let mut delivery = seen(&ctx, write.connection(), id, "apply").await?;
    match delivery.state {
        DeliveryState::Checked if delivery.apply_asked_at.is_none() => {}
        // Asked for before, perhaps by somebody else: what was asked for happens once.
        DeliveryState::Checked | DeliveryState::Applying | DeliveryState::Done => {
            return ctx.save(write, &address(id)).await;
        }
        _ => return Err(moved_on()),
    }
    let overtaking = repo::overtaking(write.connection(), write.keys(), &delivery).await?;
    let is_ticked = form.input.is_some_and(|GoesBack(is_ticked)| is_ticked);
    if overtaking.is_stale || (overtaking.goes_back() && !is_ticked) {
        drop(write);
        let page = super::delivery::page(&ctx, id, None).await?;
        return if overtaking.is_stale { web::overtaken(&page) } else { web::unprocessable(&page) };
    }
    repo::change(&write, &mut delivery, Change { is_apply_asked: true, ..Change::default() }).await?;
    record(&write, "people.delivery_apply_asked", id).await?;
    write.enqueue(APPLY_JOB, &DeliveryJob { delivery: id }, write.at()).await?;
    ctx.save_saying(write, &address(id), Texts(ctx.language).said_apply()).await
}

/// Has a checked delivery compared anew with what its feed holds now.
pub(super) async fn check(ctx: Ctx, Path(id): Path<Uuid>, _form: Form<()>) -> PageResult {
    let id = DeliveryId(id);
    let write = ctx.write("people.check_again").await?;
    let mut delivery = seen(&ctx, write.connection(), id, "apply").await?;
    if delivery.state != DeliveryState::Checked || delivery.apply_asked_at.is_some() {
        // Somebody was quicker: the page says where it is.
        return ctx.save(write, &address(id)).await;
    }
    let change = Change { state: Some(DeliveryState::Staged), ..Change::default() };
    repo::change(&write, &mut delivery, change).await?;
    record(&write, "people.delivery_check_asked", id).await?;
    write.enqueue(CHECK_JOB, &DeliveryJob { delivery: id }, write.at()).await?;
    ctx.save_saying(write, &address(id), Texts(ctx.language).said_check()).await
}

/// Has a delivery taken up that a killed command left: a half applied one is finished, one that was not read is.
pub(super) async fn go_on(ctx: Ctx, Path(id): Path<Uuid>, _form: Form<()>) -> PageResult {
    let id = DeliveryId(id);
    let write = ctx.write("people.resume_delivery").await?;
    let delivery = seen(&ctx, write.connection(), id, "apply").await?;
    if !delivery.is_left(ctx.now) || delivery.state == DeliveryState::Checked {
        // Somebody was quicker: the page says where it is.
        return ctx.save(write, &address(id)).await;
    }
    record(&write, "people.delivery_resumed", id).await?;
    import::enqueue_take_up(&write).await?;
    ctx.save_saying(write, &address(id), Texts(ctx.language).said_go_on()).await
}

/// Puts a delivery away that is checked, or that a killed command left before it was; nothing of it is applied.
pub(super) async fn put_away(ctx: Ctx, Path(id): Path<Uuid>, _form: Form<()>) -> PageResult {
    let id = DeliveryId(id);
    let write = ctx.write("people.drop_delivery").await?;
    let mut delivery = seen(&ctx, write.connection(), id, "apply").await?;
    let is_offered = match delivery.state {
        DeliveryState::Checked => delivery.apply_asked_at.is_none(),
        DeliveryState::Received | DeliveryState::Staged => delivery.is_left(ctx.now),
        _ => false,
    };
    if !is_offered {
        return Err(moved_on());
    }
    let change = Change { state: Some(DeliveryState::Dropped), ..Change::default() };
    repo::change(&write, &mut delivery, change).await?;
    record(&write, "people.delivery_dropped", id).await?;
    ctx.save_saying(write, &address(id), Texts(ctx.language).said_dropped()).await
}

/// Marks as gone the rows that a delivery does not name.
pub(super) async fn retire(ctx: Ctx, Path(id): Path<Uuid>, _form: Form<()>) -> PageResult {
    let id = DeliveryId(id);
    let write = ctx.write("people.confirm_retirements").await?;
    let mut delivery = seen(&ctx, write.connection(), id, "decide").await?;
    import::confirm_retirements(&write, &mut delivery).await.map_err(overtaken)?;
    record(&write, "people.retirements_confirmed", id).await?;
    write.enqueue(APPLY_JOB, &DeliveryJob { delivery: id }, write.at()).await?;
    ctx.save_saying(write, &address(id), Texts(ctx.language).said_retired()).await
}

/// Lets those rows stand.
pub(super) async fn keep(ctx: Ctx, Path(id): Path<Uuid>, _form: Form<()>) -> PageResult {
    let id = DeliveryId(id);
    let write = ctx.write("people.keep_rows").await?;
    let mut delivery = seen(&ctx, write.connection(), id, "decide").await?;
    import::keep_rows(&write, &mut delivery).await.map_err(overtaken)?;
    record(&write, "people.retirements_declined", id).await?;
    ctx.save_saying(write, &address(id), Texts(ctx.language).said_kept()).await
}

/// Says in the journal who did it.
async fn record(write: &Write, kind: &'static str, id: DeliveryId) -> Result<(), StoreError> {
    let after = serde_json::json!({ "delivery": id });
    write.record(Event { kind, after, ..Event::default() }).await.map(drop)
}

fn overtaken(error: StoreError) -> WebError {
    match error {
        StoreError::Conflict => moved_on(),
        other => other.into(),
    }
}

fn moved_on() -> WebError {
    WebError::overtaken(
        Label {
            zh: "这一批已由他人处理".to_owned(),
            en: "Somebody else has dealt with this delivery".to_owned(),
        },
        Label {
            zh: "请回到这一批的页面，看它现在的状态".to_owned(),
            en: "Go back to its page and see where it stands now".to_owned(),
        },
    )
}
