//! `/leads/{id}`: why this lead, in points with the source row of every point; who it is; and what can be done.

use std::collections::{HashMap, HashSet};

use access::{AccessError, Masked, Reading};
use askama::Template;
use axum::Extension;
use axum::response::Response;
use base::{MatterId, Severity, SourceRowId};
use matters::{Matter, MatterError, MatterToken, Matters};
use people::persons::{Card, CardLine, CardMember};
use store::Read;
use web::components::{
    Alert, Avatar, Badge, Clock, Timeline, TimelineEntry, Tone, Waterfall, WaterfallFrame, WaterfallRow,
};
use web::{Ctx, PageResult, Path, Shell, Typed, WebError, Worded as _, show};

use super::acts::{self, Acts, Asking};
use super::fault::shown;
use super::origin::{self, Origin};
use super::who::{Seat, Who};
use super::{Texts, history, list};
use crate::files;
use crate::screening::{self, Explanation, LeadDetail, LeadIndicator, Reason};

/// Entries of the timeline that are read.
const TIMELINE: u64 = 30;

#[derive(Template)]
#[template(path = "leads/templates/lead.html")]
struct LeadPage {
    shell: Shell,
    t: Texts,
    id: MatterId,
    version: i32,
    person: String,
    level: Badge,
    stage: Badge,
    sub: String,
    clock: Clock,
    alerts: Vec<Alert>,
    child: Vec<Fact>,
    masked: usize,
    file_href: Option<String>,
    members: Vec<MemberLine>,
    household_href: Option<String>,
    why: Option<Waterfall>,
    why_note: String,
    origins: Vec<Origin>,
    acts: Acts,
    holder: Seat,
    proposed: Option<Seat>,
    timeline: Timeline,
}

/// A line about the child.
struct Fact {
    label: String,
    value: Masked,
    href: Option<String>,
}

/// A member of the household.
struct MemberLine {
    avatar: Avatar,
    name: Masked,
    about: String,
    says: Vec<Badge>,
    href: String,
}

/// Everything that is read for the page.
struct Seen {
    matter: Matter,
    token: MatterToken,
    card: Option<Card>,
    detail: Option<LeadDetail>,
    stands: Vec<LeadIndicator>,
}

/// The page.
pub(super) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
) -> PageResult {
    let typed = Typed::empty(ctx.language);
    let page = build(&ctx, &matters, id, &typed, None).await?;
    web::page(&page)
}

/// The page with what was sent and not taken, and why.
pub(super) async fn refused(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    typed: Typed,
    error: Option<MatterError>,
) -> Result<Response, WebError> {
    let is_overtaken = matches!(error, Some(MatterError::Conflict(_)));
    let words = error.and_then(|error| error.message());
    let t = Texts(ctx.language);
    let words = words.map_or_else(|| t.lead_form_faults().to_owned(), |words| ctx.says(&words).to_owned());
    let page = build(ctx, matters, id, &typed, Some(words)).await?;
    if is_overtaken { web::overtaken(&page) } else { web::unprocessable(&page) }
}

async fn seen(ctx: &Ctx, read: &Read, matters: &Matters, id: MatterId) -> Result<Seen, WebError> {
    let connection = read.connection();
    let looked_up = matters.look_up(connection, read.keys(), &ctx.actor, id).await;
    let (matter, token) = looked_up.map_err(shown)?;
    if matter.kind != crate::LEAD {
        return Err(WebError::NotFound);
    }
    let card = match matter.subject {
        Some(subject) => match people::card(read, &ctx.app.roles, &ctx.actor, subject).await {
            Ok(card) => Some(card),
            // Whoever holds the lead of a child who lives elsewhere now sees the lead, not the file.
            Err(AccessError::NotFound) => None,
            Err(other) => return Err(other.into()),
        },
        None => None,
    };
    let detail = screening::repo::details(connection, read.keys(), &[id]).await?.remove(&id);
    let stands = screening::repo::indicators(connection, read.keys(), id).await?;
    Ok(Seen { matter, token, card, detail, stands })
}

/// Where the child's file is, if there is one that the reader may open.
async fn file_href(ctx: &Ctx, read: &Read, seen: &Seen) -> Result<Option<String>, WebError> {
    let Some(card) = &seen.card else { return Ok(None) };
    let file =
        files::look_up_file(read.connection(), &ctx.app.roles, &ctx.actor, access::READ, card.person).await;
    match file {
        Ok(_) => Ok(Some(format!("/files/{}", card.person))),
        Err(AccessError::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

async fn build(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    typed: &Typed,
    fault: Option<String>,
) -> Result<LeadPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let seen = seen(ctx, &read, matters, id).await?;
    let matter = &seen.matter;
    let origins = origins(ctx, &read, &seen).await?;
    let told = matters.timeline(&read, &seen.token, matter, None, TIMELINE).await.map_err(shown)?;
    let screenings = screening::repo::screenings_of_lead(read.connection(), read.keys(), id).await?;
    let mut posts = acts::posts_for(ctx, &read, matters, matter).await?;
    let offered = posts.clone();
    posts.push(matter.holder);
    posts.extend(told.iter().filter_map(|entry| entry.holder));
    let accounts: Vec<_> = told.iter().filter_map(|entry| entry.account).collect();
    let who = Who::read(ctx, &read, &posts, &accounts).await?;
    let withdrawal = withdrawal(t, &seen);
    let asking = Asking { matter, posts: &offered, who: &who, typed, withdrawal: withdrawal.as_deref() };
    let acts = Acts::read(ctx, &read, matters, &asking).await?;
    let file_href = file_href(ctx, &read, &seen).await?;
    drop(read);
    record(ctx, &seen).await?;
    let mut entries = history::entries(ctx, &told, &screenings, &who);
    if let Some(ahead) = ahead(ctx, matter) {
        entries.insert(0, ahead);
    }
    let why = seen.detail.as_ref().map(|detail| why(ctx, matter, detail, &origins));
    let shell = shell(ctx, &seen).await?;
    Ok(LeadPage {
        id,
        version: matter.version,
        person: person(ctx, &seen),
        level: Badge::severity(matter.severity, ctx.language),
        stage: stage(ctx, matters, matter),
        sub: t.lead_sub(matter.number.as_str(), show::near(matter.opened_at, ctx.now, ctx.language)),
        clock: clock(ctx, matter),
        alerts: alerts(ctx, &seen, fault),
        child: seen.card.as_ref().map(|card| child(t, card)).unwrap_or_default(),
        masked: seen.card.as_ref().map_or(0, masked),
        file_href,
        members: seen.card.as_ref().map(|card| members(ctx, card, &seen)).unwrap_or_default(),
        household_href: seen
            .card
            .as_ref()
            .and_then(|card| card.household.as_ref()?.row)
            .map(|row| format!("/rows/{row}")),
        why_note: seen.detail.as_ref().map(|detail| why_note(t, detail)).unwrap_or_default(),
        why,
        origins: in_order(origins, &seen),
        holder: who.seat(matter.holder),
        proposed: acts.proposed.map(|post| who.seat(post)),
        acts,
        timeline: Timeline { entries },
        shell,
        t,
    })
}

async fn shell(ctx: &Ctx, seen: &Seen) -> Result<Shell, WebError> {
    let t = Texts(ctx.language);
    let title = seen.card.as_ref().map(|card| card.title.to_string());
    let title = title.unwrap_or_else(|| seen.matter.words.title.clone());
    let mut shell = ctx.shell("/leads", title).await?;
    shell.foot.notes = vec![t.lead_foot_proposal().to_owned()];
    let version = seen.detail.as_ref().map(|detail| detail.rules_version.as_str());
    shell.foot.rule_version = version.map(|version| format!("{} {version}", crate::PROGRAM));
    shell.foot.sample = Some(t.lead_foot_sample().to_owned());
    shell.foot.is_on_record = seen.matter.subject.is_some();
    Ok(shell)
}

/// Puts the reading on record, before anything is shown.
async fn record(ctx: &Ctx, seen: &Seen) -> Result<(), WebError> {
    let Some(subject) = seen.card.as_ref().map(|card| card.person).or(seen.matter.subject) else {
        return Ok(());
    };
    let write = ctx.app.database.write(ctx.operation_named("minors.read_lead")).await?;
    let (matter, area) = (Some(seen.matter.id), Some(seen.matter.area));
    access::read_record(write, Reading { subject, matter, area, purpose: "check", part: "lead" }).await?;
    Ok(())
}

fn person(ctx: &Ctx, seen: &Seen) -> String {
    seen.card.as_ref().map(|card| list::person_line(ctx, card.sex, card.birth_month)).unwrap_or_default()
}

fn stage(ctx: &Ctx, matters: &Matters, matter: &Matter) -> Badge {
    let stage = matters.stage_of(matter).ok();
    let word = matters.outcome_of(matter).or(stage.map(|stage| &stage.label));
    let tone = if matter.closed_at.is_some() { Tone::Low } else { Tone::Info };
    let icon = list::icon_of(stage.map_or("", |stage| stage.icon.as_str()));
    Badge::new(tone, icon, word.map_or("", |word| word.says(ctx.language)))
}

fn clock(ctx: &Ctx, matter: &Matter) -> Clock {
    let clock = list::clock(ctx, matter);
    if matter.phase() == matters::Phase::Open {
        clock.with_due(matter.clock.due, ctx.now, ctx.language)
    } else {
        clock
    }
}

/// What comes by itself if nothing is done.
fn ahead(ctx: &Ctx, matter: &Matter) -> Option<TimelineEntry> {
    let t = Texts(ctx.language);
    (matter.phase() == matters::Phase::Open).then(|| TimelineEntry {
        when: show::when(matter.clock.climb_at, ctx.now),
        icon: None,
        tone: Tone::High,
        title: t.lead_told_ahead().to_owned(),
        detail: String::new(),
        href: None,
        is_ahead: true,
    })
}

fn withdrawal(t: Texts, seen: &Seen) -> Option<String> {
    let detail = seen.detail.as_ref()?;
    detail.withdrawable_since.map(|_| t.lead_withdraw_reason(detail.points))
}

fn alerts(ctx: &Ctx, seen: &Seen, fault: Option<String>) -> Vec<Alert> {
    let t = Texts(ctx.language);
    let mut alerts = Vec::new();
    if let Some(fault) = fault {
        alerts.push(Alert::new(Tone::Urgent, fault, t.lead_fault_detail()));
    }
    let Some(detail) = &seen.detail else { return alerts };
    let ended = seen.stands.iter().filter(|one| one.ended_at.is_some() && !is_followed(one, seen)).count();
    if detail.withdrawable_since.is_some() && seen.matter.closed_at.is_none() {
        alerts.push(Alert::new(Tone::High, t.lead_withdrawable(detail.points), t.lead_withdrawable_detail()));
    } else if ended > 0 {
        alerts.push(Alert::new(Tone::Medium, t.lead_ended(ended), t.lead_ended_detail()));
    }
    alerts
}

/// Whether a newer version of the row says the same: then nothing was lost.
fn is_followed(ended: &LeadIndicator, seen: &Seen) -> bool {
    seen.stands.iter().any(|one| one.ended_at.is_none() && one.ground.element == ended.ground.element)
}

fn child(t: Texts, card: &Card) -> Vec<Fact> {
    let mut facts: Vec<Fact> = card
        .values
        .iter()
        .filter(|value| !matches!(value.line, CardLine::OtherName | CardLine::UnusableNumber | CardLine::Sex))
        .map(|value| Fact {
            label: label(t, value.line).to_owned(),
            value: value.value.clone(),
            href: Some(format!("/rows/{}", value.origin.row)),
        })
        .collect();
    facts.extend(card.guardians.iter().map(|guardian| {
        let phones: Vec<String> = guardian.phones.iter().map(ToString::to_string).collect();
        let name = guardian.name.as_ref().map(ToString::to_string).unwrap_or_default();
        Fact {
            label: kin(t, &guardian.kind).to_owned(),
            value: Masked::Full(format!("{name} {}", phones.join(" ")).trim().to_owned()),
            href: Some(format!("/rows/{}", guardian.origin.row)),
        }
    }));
    facts
}

fn label(t: Texts, line: CardLine) -> &'static str {
    use people::rows::PlaceKind as Kind;
    match line {
        CardLine::Name | CardLine::OtherName => t.lead_line_name(),
        CardLine::IdentityNumber | CardLine::UnusableNumber => t.lead_line_number(),
        CardLine::Birth => t.lead_line_birth(),
        CardLine::Sex => t.lead_line_sex(),
        CardLine::Phone => t.lead_line_phone(),
        CardLine::Place(Kind::Present) => t.lead_line_present(),
        CardLine::Place(Kind::School) => t.lead_line_school_place(),
        CardLine::Place(Kind::Registration) => t.lead_line_registration(),
        CardLine::School => t.lead_line_school(),
        CardLine::Class => t.lead_line_class(),
    }
}

fn kin(t: Texts, kind: &str) -> &'static str {
    match kind {
        "father" => t.lead_kin_father(),
        "mother" => t.lead_kin_mother(),
        "grandparent" => t.lead_kin_grandparent(),
        _ => t.lead_kin_guardian(),
    }
}

/// Values that the reader does not see whole.
fn masked(card: &Card) -> usize {
    card.values.iter().filter(|value| !matches!(value.value, Masked::Full(_))).count()
}

fn members(ctx: &Ctx, card: &Card, seen: &Seen) -> Vec<MemberLine> {
    let rules = ctx.app.programs.program(crate::PROGRAM).map(|program| &program.rules);
    card.members
        .iter()
        .map(|member: &CardMember| {
            let role = member.role.clone().unwrap_or_default();
            let age = list::person_line(ctx, member.sex, member.birth_month);
            let mut kinds: Vec<&str> = seen
                .stands
                .iter()
                .filter(|one| one.ended_at.is_none() && one.ground.bearer == Some(member.person))
                .map(|one| one.ground.kind.as_str())
                .collect();
            kinds.sort_unstable();
            kinds.dedup();
            let says = kinds.into_iter().map(|kind| {
                let declared = rules.and_then(|rules| rules.indicators.iter().find(|one| one.kind == kind));
                let word = declared.map_or(kind, |one| one.label.says(ctx.language));
                Badge::new(Tone::High, "alert-triangle", word)
            });
            MemberLine {
                avatar: Avatar {
                    text: role.chars().next().map_or_else(|| "?".to_owned(), String::from),
                    tone: Tone::Info,
                },
                name: member.name.clone(),
                about: format!("{role} {age}").trim().to_owned(),
                says: says.collect(),
                href: format!("/rows/{}", member.row),
            }
        })
        .collect()
}

/// The rows that the lead stands on or stood on, and which of their indicators count.
async fn origins(ctx: &Ctx, read: &Read, seen: &Seen) -> Result<HashMap<SourceRowId, Origin>, WebError> {
    let mut kinds: HashMap<SourceRowId, HashSet<String>> = HashMap::new();
    for stand in &seen.stands {
        kinds.entry(stand.row).or_default().insert(stand.ground.kind.clone());
    }
    let reasons = seen.detail.iter().flat_map(|detail| &detail.explanation.reasons);
    for row in reasons.filter_map(|reason| reason.household_row) {
        kinds.entry(row).or_default();
    }
    origin::read(ctx, read, &kinds).await
}

/// The rows in the order of the reasons; those that are no longer said come last.
fn in_order(mut origins: HashMap<SourceRowId, Origin>, seen: &Seen) -> Vec<Origin> {
    let reasons = seen.detail.iter().flat_map(|detail| &detail.explanation.reasons);
    let present = reasons.flat_map(rows_of).collect::<Vec<_>>();
    let past = seen.stands.iter().filter(|one| !is_followed(one, seen)).map(|one| one.row);
    present.into_iter().chain(past).filter_map(|row| origins.remove(&row)).collect()
}

fn rows_of(reason: &Reason) -> Vec<SourceRowId> {
    reason.grounds.iter().map(|ground| ground.row).chain(reason.household_row).collect()
}

fn why_note(t: Texts, detail: &LeadDetail) -> String {
    t.lead_why_note(detail.explanation.reasons.len(), detail.points)
}

fn why(ctx: &Ctx, matter: &Matter, detail: &LeadDetail, origins: &HashMap<SourceRowId, Origin>) -> Waterfall {
    let t = Texts(ctx.language);
    let explanation = &detail.explanation;
    let rows = explanation.reasons.iter().map(|reason| {
        let rows = rows_of(reason);
        let first = rows.first().and_then(|row| origins.get(row));
        WaterfallRow {
            title: reason.label.says(ctx.language).to_owned(),
            note: note(ctx, reason, rows.len()),
            source: first.map(|origin| origin.feed.clone()).unwrap_or_default(),
            source_row: first.map(|origin| origin.place.clone()).unwrap_or_default(),
            source_href: first.map(|origin| origin.href.clone()).unwrap_or_default(),
            rule: reason.rule.clone(),
            points: reason.points,
        }
    });
    let rows = rows.collect();
    let threshold = explanation.thresholds.iter().find(|(level, ..)| *level == matter.severity);
    let frame = WaterfallFrame {
        heads: [
            t.lead_head_indicator().to_owned(),
            t.lead_head_source().to_owned(),
            t.lead_head_rule().to_owned(),
            t.lead_head_points().to_owned(),
        ],
        total_label: t.lead_total().to_owned(),
        total_note: levels(ctx, explanation),
        threshold: threshold.map_or(0, |(_, least, _)| *least),
        tone: Tone::from(matter.severity),
    };
    Waterfall::new(frame, rows)
}

/// From how many points on each level is reached: 80 紧急，60 高，40 中，20 低（样例）.
fn levels(ctx: &Ctx, explanation: &Explanation) -> String {
    let t = Texts(ctx.language);
    let levels = explanation.thresholds.iter().map(|(level, least, _): &(Severity, i64, bool)| {
        format!("{least} {}", Badge::severity(*level, ctx.language).word)
    });
    let levels = levels.collect::<Vec<_>>().join(ctx.language.choose("，", ", "));
    if explanation.thresholds.iter().any(|(.., sample)| *sample) {
        t.lead_levels_sample(levels)
    } else {
        levels
    }
}

/// Days and numbers of what a reason rests on: 2026-02-20，5.
fn note(ctx: &Ctx, reason: &Reason, rows: usize) -> String {
    let t = Texts(ctx.language);
    let mut parts: Vec<String> = Vec::new();
    if let Some(ground) = reason.grounds.first() {
        parts.extend(ground.number.map(|number| t.lead_note_number(number)));
        parts.extend(ground.day.clone().map(|day| t.lead_note_day(day)));
    }
    if rows > 1 {
        parts.push(t.lead_note_more(rows - 1));
    }
    parts.join(ctx.language.choose("，", ", "))
}
