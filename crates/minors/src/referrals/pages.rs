//! `/referrals` and `/referrals/{id}`.

use access::{FieldClass, Masked};
use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use base::MatterId;
use futures::future::BoxFuture;
use matters::Matters;
use matters::inbox::{Listing, Whose};
use matters::panel::{self, Asked, Names, Panel, Seen, Wanted};
use web::components::Badge;
use web::{Ctx, PageResult, Path, Query, Shell, WebError, Worded as _};

use crate::REFERRAL;
use crate::cases::{Texts, of_kind};

/// The list of referrals.
#[derive(Template)]
#[template(path = "referrals/templates/list.html")]
struct ReferralList {
    shell: Shell,
    t: Texts,
    listing: Listing,
}

pub(super) async fn list(ctx: Ctx, Extension(matters): Extension<Matters>) -> PageResult {
    let t = Texts(ctx.language);
    // Whoever sends referrals follows those of the area; a department has those that were sent to it.
    let whose = if ctx.may("open", REFERRAL) { Whose::Area } else { Whose::Referred };
    let ask = of_kind(&ctx, "/referrals", REFERRAL, whose);
    let read = ctx.read().await?;
    let listing = Listing::read(&ctx, &read, &matters, ask).await?;
    drop(read);
    let shell = ctx.shell("/referrals", t.referrals_title()).await?.as_of(ctx.now);
    web::page(&ReferralList { shell, t, listing })
}

/// One referral.
#[derive(Template)]
#[template(path = "referrals/templates/referral.html")]
struct ReferralPage {
    shell: Shell,
    t: Texts,
    panel: Panel,
    state: Badge,
    organisation: String,
    duty: String,
    /// Within what time it is to be answered and done.
    terms: Option<String>,
    title: String,
    summary: Masked,
}

pub(super) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let seen = panel::look_up(&ctx, &matters, id).await?;
    if seen.matter.kind != REFERRAL {
        return Err(WebError::NotFound);
    }
    answer(&ctx, &matters, seen, panel::Ask::of(&asked), StatusCode::OK).await
}

/// The page again, with what was typed and why it cannot be taken.
pub fn again<'a>(
    ctx: &'a Ctx,
    matters: &'a Matters,
    seen: Seen,
    ask: panel::Ask<'a>,
    status: StatusCode,
) -> BoxFuture<'a, PageResult> {
    Box::pin(answer(ctx, matters, seen, ask, status))
}

async fn answer(
    ctx: &Ctx,
    matters: &Matters,
    seen: Seen,
    ask: panel::Ask<'_>,
    status: StatusCode,
) -> PageResult {
    let panel = Panel::read(ctx, matters, &seen, ask).await?;
    let matter = &seen.matter;
    let mut wanted = Wanted::default();
    wanted.organisations.extend(matter.organisation);
    let names = Names::read(&seen.read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let details = matters.referral_details(seen.read.connection(), std::slice::from_ref(matter)).await?;
    let duty = details.get(&matter.id).and_then(|detail| detail.duty.as_deref());
    let terms = panel::referral_terms(ctx, matters, matter, duty).filter(|_| matter.closed_at.is_none());
    let program = matters.programs().version(&matter.program, &matter.program_version);
    let duty = program.zip(duty).and_then(|(program, key)| program.routing.duty(key));
    let duty = duty.map(|(_, duty)| duty.label.says(ctx.language).to_owned()).unwrap_or_default();
    let organisation = matter.organisation.map(|id| names.organisation(id).to_owned()).unwrap_or_default();
    let state = panel::referral_state(matter, matters.kind_of(matter)?, ctx.language);
    let summary = ctx.app.roles.show(&ctx.actor, FieldClass::Narrative, &matter.words.summary);
    let matter = seen.matter.clone();
    drop(seen);
    panel::record(ctx, &matter, "referral").await?;
    let t = Texts(ctx.language);
    let title = matters.worded_for(&ctx.actor, &matter).heading().to_owned();
    let shell = ctx.shell("/referrals", t.referral_title(matter.number.as_str())).await?;
    let shell = shell.at(ctx, &matter.area).on_record();
    web::page_with(
        status,
        &ReferralPage { shell, t, panel, state, organisation, duty, terms, title, summary },
    )
}
