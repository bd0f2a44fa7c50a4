//! `/leads/{id}`: why this lead, in points with the source row of every point; who it is; and, on the panel of any
//! matter, what can be done.

use access::AccessError;
use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use base::{MatterId, Moment, PostId};
use futures::future::BoxFuture;
use matters::panel::{self, Ask, Asked, Known, Names, Panel, PostName, Seen, Wanted};
use matters::{Matter, Matters};
use people::persons::Card;
use store::Read;
use web::components::{Alert, TimelineEntry, Tone, Waterfall};
use web::{Ctx, PageResult, Path, Query, Shell, WebError, Worded as _, show};

use super::child::{self, Fact, MemberLine};
use super::origin::Origin;
use super::why::{self, Grounds, RetiredLine};
use super::{Texts, dispatch, history, list};
use crate::phone::known::{self, About};
use crate::screening::{self, DISPATCH_STAGE};
use crate::{LEAD, PROGRAM, files};

/// The action of the workflow that says a lead stands on nothing.
const DISMISS: &str = "dismiss";

#[derive(Template)]
#[template(path = "leads/templates/lead.html")]
struct LeadPage {
    shell: Shell,
    t: Texts,
    person: String,
    sub: String,
    alerts: Vec<Alert>,
    child: Vec<Fact>,
    masked: usize,
    file_href: Option<String>,
    members: Vec<MemberLine>,
    household_href: Option<String>,
    why: Option<Waterfall>,
    why_note: String,
    retired: Vec<RetiredLine>,
    origins: Vec<Origin>,
    phone_href: Option<String>,
    panel: Panel,
}

/// The page.
pub(super) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let seen = panel::look_up(&ctx, &matters, id).await?;
    if seen.matter.kind != LEAD {
        return Err(WebError::NotFound);
    }
    let page = build(&ctx, &matters, seen, Ask::of(&asked)).await?;
    web::page(&page)
}

/// The page again, with what was typed and why it cannot be taken.
pub fn again<'a>(
    ctx: &'a Ctx,
    matters: &'a Matters,
    seen: Seen,
    ask: Ask<'a>,
    status: StatusCode,
) -> BoxFuture<'a, PageResult> {
    Box::pin(async move { web::page_with(status, &build(ctx, matters, seen, ask).await?) })
}

async fn build(ctx: &Ctx, matters: &Matters, seen: Seen, ask: Ask<'_>) -> Result<LeadPage, WebError> {
    let t = Texts(ctx.language);
    let (connection, keys) = (seen.read.connection(), seen.read.keys());
    let id = seen.matter.id;
    let card = card(ctx, &seen.read, &seen.matter).await?;
    let grounds = Grounds {
        detail: screening::repo::details(connection, keys, &[id]).await?.remove(&id),
        stands: screening::repo::indicators(connection, keys, id).await?,
    };
    let origins = why::origins(ctx, &seen.read, &grounds).await?;
    let panel = panel(ctx, matters, &seen, ask, card.as_ref(), &grounds).await?;
    let file_href = file_href(ctx, &seen.read, card.as_ref()).await?;
    let matter = matters.worded_for(&ctx.actor, &seen.matter);
    drop(seen.read);
    panel::record(ctx, &matter, "check").await?;
    let shell = shell(ctx, &matter, card.as_ref(), &grounds).await?;
    let card = card.as_ref();
    let detail = grounds.detail.as_ref();
    Ok(LeadPage {
        person: card.map(|card| list::person_line(ctx, card.sex, card.birth_month)).unwrap_or_default(),
        sub: t.lead_sub(matter.number.as_str(), show::near(matter.opened_at, ctx.now, ctx.language)),
        alerts: alerts(t, &matter, &grounds),
        child: card
            .map(|card| {
                child::child(t, card).into_iter().chain(child::placed(ctx, &matter, detail)).collect()
            })
            .unwrap_or_default(),
        masked: card.map_or(0, child::masked),
        file_href,
        members: card.map(|card| child::members(ctx, card, &grounds.stands)).unwrap_or_default(),
        household_href: card.and_then(|card| card.household.as_ref()?.row).map(|row| format!("/rows/{row}")),
        why: detail.map(|detail| why::why(ctx, &matter, detail, &origins)),
        why_note: detail.map(|detail| why::why_note(ctx, detail)).unwrap_or_default(),
        retired: detail.map(|detail| why::retired(ctx, detail)).unwrap_or_default(),
        origins: why::in_order(origins, &grounds, card.is_some()),
        phone_href: panel.work.as_ref().map(|_| format!("/m/leads/{id}")),
        panel,
        shell,
        t,
    })
}

/// The child as the reader may see them.
async fn card(ctx: &Ctx, read: &Read, matter: &Matter) -> Result<Option<Card>, WebError> {
    let Some(subject) = matter.subject else { return Ok(None) };
    match people::card(read, &ctx.app.roles, &ctx.actor, subject).await {
        Ok(card) => Ok(Some(card)),
        // Whoever holds the lead of a child who lives elsewhere now sees the lead, not the file.
        Err(AccessError::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

async fn panel(
    ctx: &Ctx,
    matters: &Matters,
    seen: &Seen,
    ask: Ask<'_>,
    card: Option<&Card>,
    grounds: &Grounds,
) -> Result<Panel, WebError> {
    let Seen { read, matter, .. } = seen;
    let proposed = proposed(ctx, matters, read, matter).await?;
    let withdrawal = withdrawal(Texts(ctx.language), grounds);
    let known = known_for(ctx, matters, read, About { matter, card }).await?;
    let ask = ask
        .known(&known)
        .proposing(proposed.as_ref().map(|(post, _)| *post))
        .advising(proposed.map(|(_, advice)| advice))
        .suggesting(DISMISS, withdrawal.as_deref())
        .telling(screenings(ctx, read, matter).await?);
    Panel::read(ctx, matters, seen, ask).await
}

/// Whom the product proposes for a lead that waits for dispatch, and why.
async fn proposed(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    matter: &Matter,
) -> Result<Option<(PostId, String)>, WebError> {
    if matter.stage != DISPATCH_STAGE {
        return Ok(None);
    }
    let but = dispatch::gave_back(read, matters, &ctx.actor, matter).await?;
    let found =
        dispatch::proposal(read.connection(), matters.programs(), &matter.area, ctx.now, &but).await?;
    let Some(post) = found else { return Ok(None) };
    let wanted = Wanted { posts: vec![post.id], ..Wanted::default() };
    let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let name: PostName = names.post(post.id);
    let t = Texts(ctx.language);
    let first = matters.programs().program(PROGRAM).and_then(|program| program.routing.dispatch_of(LEAD));
    let falls_back = first.and_then(|dispatch| dispatch.offer.first()).is_none_or(|role| *role != post.role);
    let advice = match (falls_back, matter.area.community) {
        _ if !but.is_empty() => t.lead_proposed_after_return(name.short()),
        (false, _) => t.lead_proposed(name.short()),
        (true, Some(_)) => t.lead_proposed_fallback(name.short()),
        (true, None) => t.lead_proposed_nowhere(name.short()),
    };
    Ok(Some((post.id, advice)))
}

/// What is on record of what the forms of the stage ask at the door: beside the question, never as its answer.
async fn known_for(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    about: About<'_>,
) -> Result<Vec<Known>, WebError> {
    let workflow = matters.workflow_of(about.matter)?;
    let actions = matters.stage_of(about.matter)?.actions.values();
    let mut all = Vec::new();
    for form in actions.filter_map(|action| workflow.forms.get(action.form.as_ref()?)) {
        let found = known::of(ctx, matters, read, about, form).await?;
        all.extend(form.fields().filter_map(|field| {
            let source = found.words.get(&field.key)?.says(ctx.language).to_owned();
            Some(Known { word: field.prefill.clone()?, answer: None, source, href: None })
        }));
    }
    Ok(all)
}

/// What screenings brought to the lead, for its timeline.
async fn screenings(
    ctx: &Ctx,
    read: &Read,
    matter: &Matter,
) -> Result<Vec<(Moment, TimelineEntry)>, WebError> {
    let records = screening::repo::screenings_of_lead(read.connection(), read.keys(), matter.id).await?;
    Ok(history::entries(ctx, &records))
}

/// Where the child's file is, if there is one that the reader may open.
async fn file_href(ctx: &Ctx, read: &Read, card: Option<&Card>) -> Result<Option<String>, WebError> {
    let Some(card) = card else { return Ok(None) };
    let file =
        files::look_up_file(read.connection(), &ctx.app.roles, &ctx.actor, access::READ, card.person).await;
    match file {
        Ok(_) => Ok(Some(format!("/files/{}", card.person))),
        Err(AccessError::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

async fn shell(
    ctx: &Ctx,
    matter: &Matter,
    card: Option<&Card>,
    grounds: &Grounds,
) -> Result<Shell, WebError> {
    let t = Texts(ctx.language);
    let title = card.map(|card| card.title.to_string()).unwrap_or_default();
    let title = if title.is_empty() { matter.heading().to_owned() } else { title };
    let mut shell = ctx.shell("/leads", title).await?.at(ctx, &matter.area);
    shell.foot.notes = vec![t.lead_foot_proposal().to_owned()];
    let version = grounds.detail.as_ref().map(|detail| detail.rules_version.as_str());
    shell.foot.rule_version = version.map(|version| format!("{PROGRAM} {version}"));
    shell.foot.sample = Some(t.lead_foot_sample().to_owned());
    shell.foot.is_on_record = matter.subject.is_some();
    Ok(shell)
}

/// The reason for which a lead that stands on too little may be dismissed.
fn withdrawal(t: Texts, grounds: &Grounds) -> Option<String> {
    let detail = grounds.detail.as_ref()?;
    detail.withdrawable_since.map(|_| t.lead_withdraw_reason(detail.points))
}

fn alerts(t: Texts, matter: &Matter, grounds: &Grounds) -> Vec<Alert> {
    let Some(detail) = &grounds.detail else { return Vec::new() };
    let ended = grounds.ended();
    if detail.withdrawable_since.is_some() && matter.closed_at.is_none() {
        vec![Alert::new(Tone::High, t.lead_withdrawable(detail.points), t.lead_withdrawable_detail())]
    } else if ended > 0 {
        vec![Alert::new(Tone::Medium, t.lead_ended(ended), t.lead_ended_detail())]
    } else {
        Vec::new()
    }
}
