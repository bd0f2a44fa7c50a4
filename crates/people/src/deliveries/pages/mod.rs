//! The pages of feeds and deliveries: what came in and when, handing in a file, looking at it before it is applied, and
//! what became of it.

mod delivery;
mod feeds;
mod groups;
mod lists;
mod preview;
mod show;
mod steps;

use access::{Actor, look_up};
use base::DeliveryId;
use policy::feeds::Feed;
use sea_orm::ConnectionTrait;
use web::{Ctx, Pages, Rule, WebError};

use super::model::{Delivery, DeliveryThing};
use super::repo;
use crate::People;
use crate::import::FILE_BYTES_AT_MOST;

/// Who may see feeds.
const SEE_FEEDS: Rule = Rule::May(&[("read", "feed")]);
/// Who may see deliveries.
const SEE: Rule = Rule::May(&[("read", "delivery")]);
/// Who may hand in a file.
const HAND_IN: Rule = Rule::May(&[("upload", "delivery")]);
/// Who may apply one.
const APPLY: Rule = Rule::May(&[("apply", "delivery")]);
/// Who may confirm retirements.
const DECIDE: Rule = Rule::May(&[("decide", "delivery")]);

/// Bytes of a form beside its file.
const FORM_AROUND_FILE: usize = 1 << 20;

/// The pages.
pub(crate) fn pages(people: &People) -> Pages {
    let limit_bytes =
        usize::try_from(FILE_BYTES_AT_MOST).unwrap_or(usize::MAX).saturating_add(FORM_AROUND_FILE);
    Pages::new()
        .get("/feeds", SEE_FEEDS, feeds::list)
        .get("/feeds/{feed}", SEE_FEEDS, feeds::one)
        .upload("/feeds/{feed}", HAND_IN, limit_bytes, feeds::hand_in)
        .get("/deliveries/{id}", SEE, delivery::show)
        .get("/deliveries/{id}/progress", SEE, delivery::progress)
        .get("/deliveries/{id}/set-aside", SEE, lists::set_aside)
        .get("/deliveries/{id}/warnings", SEE, lists::warnings)
        .get("/deliveries/{id}/gone", SEE, lists::gone)
        .get("/deliveries/{id}/set-aside.csv", HAND_IN, lists::download)
        .post("/deliveries/{id}/apply", APPLY, steps::apply)
        .post("/deliveries/{id}/check", APPLY, steps::check)
        .post("/deliveries/{id}/go-on", APPLY, steps::go_on)
        .post("/deliveries/{id}/drop", APPLY, steps::put_away)
        .post("/deliveries/{id}/retire", DECIDE, steps::retire)
        .post("/deliveries/{id}/keep", DECIDE, steps::keep)
        .with(people.clone())
}

/// The address of a delivery's page.
pub(crate) fn address(id: DeliveryId) -> String {
    format!("/deliveries/{}", id.0)
}

/// The delivery `id`, if the actor's role shows it for `verb`.
async fn seen(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    id: DeliveryId,
    verb: &str,
) -> Result<Delivery, WebError> {
    let actor: &Actor = &ctx.actor;
    let scope = ctx.app.roles.scope(actor, verb, "delivery");
    look_up::<DeliveryThing>(connection, &scope, id.0).await?;
    Ok(repo::delivery(connection, id).await?)
}

/// The description of the feed with this key.
fn feed_of<'a>(ctx: &'a Ctx, key: &str) -> Result<&'a Feed, WebError> {
    ctx.app.programs.feed(key).ok_or(WebError::NotFound)
}
