//! One lead or visit: how long is left, why one is to go, who lives there and where, and what can be done.

use access::FieldClass;
use askama::Template;
use base::{MatterId, Moment};
use matters::panel::{Names, Wanted};
use matters::timeline::What;
use matters::{Matter, Matters, Phase};
use sea_orm::ConnectionTrait;
use store::Read;
use texts::Language;
use web::{Ctx, PageResult, Shell, WebError, Worded as _, show};
use workflow::Refusal;

use super::Texts;
use super::child::{self, Callable, Child, Guardian};
use super::door::{DANGER, Door, wrong};
use super::form::Both;
use super::grounds::{self, Ground};
use super::questions::{self, Said};
use super::section::{Section, VISITS};
use super::seen::Seen;
use super::time::Distance;

/// Grounds that stand on the page at once; the others are one tap away.
const FIRST_GROUNDS: usize = 3;
/// Buttons for calls beside the one for the map.
const CALLS_AT_MOST: usize = 2;
/// Answers of the last visit that are shown.
const LAST_ANSWERS: usize = 4;

#[derive(Template)]
#[template(path = "phone/templates/matter.html")]
struct MatterPage {
    shell: Shell,
    t: Texts,
    id: MatterId,
    href: String,
    call_href: String,
    map_href: String,
    number: String,
    base: String,
    is_visit: bool,
    is_urgent: bool,
    distance: Distance,
    escalation: String,
    hindrance: Option<String>,
    name: String,
    about: String,
    can_ask_name: bool,
    grounds: Vec<Ground>,
    /// Whether one of the grounds says that somebody does the child harm.
    has_harm: bool,
    summary: String,
    last_visit: String,
    last_answers: Vec<Said>,
    address: Option<String>,
    area: String,
    guardians: Vec<Guardian>,
    guardian_words: String,
    members: String,
    school: Option<String>,
    guidance: String,
    /// What somebody else gave as the reason of the last step that had one, and who and when: why it came back, what to look at.
    said: Option<(String, String)>,
    /// What others wrote at this door and sent when the matter was no longer theirs.
    late: Vec<LateReport>,
    can_accept: bool,
    can_fill: bool,
    /// Where danger is reported although nothing else can be done.
    danger_href: Option<String>,
    has_draft: bool,
}

/// A report that arrived late.
struct LateReport {
    title: &'static str,
    note: String,
    answers: Vec<Said>,
    photos: Vec<String>,
}

impl MatterPage {
    fn first_grounds(&self) -> impl Iterator<Item = &Ground> {
        self.grounds.iter().take(FIRST_GROUNDS)
    }

    /// Red for what is late or urgent, nothing else.
    fn band_look(&self) -> &'static str {
        match self.distance.look {
            "calm" | "soon" if self.is_urgent => "late",
            look => look,
        }
    }

    fn distance_icon(&self) -> &'static str {
        match self.band_look() {
            "late" => "urgent",
            "stand" => "player-pause",
            "ok" => "circle-check",
            _ => "clock",
        }
    }

    /// The numbers that can be called.
    fn callable(&self) -> impl Iterator<Item = &Callable> {
        self.guardians.iter().flat_map(|guardian| &guardian.numbers).take(CALLS_AT_MOST)
    }

    fn taps(&self) -> usize {
        self.callable().count() + usize::from(self.address.is_some())
    }
}

/// The page of one matter. One that has ended leads to what came of it.
pub(crate) async fn show(ctx: Ctx, matters: Matters, section: &'static Section, id: MatterId) -> PageResult {
    let read = ctx.read().await?;
    let door = Door::open(&ctx, &matters, &read, section, id).await?;
    if door.matter.phase() == Phase::Closed {
        return Ok(web::see_other(&format!("{}/outcome", section.href(id))));
    }
    let page = page(&ctx, &matters, &read, section, &door).await?;
    drop(read);
    door.put_on_record(&ctx, if page.is_visit { "visit" } else { "check" }, "card").await?;
    web::page(&page)
}

async fn page(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    section: &'static Section,
    door: &Door,
) -> Result<MatterPage, WebError> {
    let (matter, language) = (&door.matter, ctx.language);
    let (t, is_visit) = (Texts(language), section.kind == VISITS.kind);
    let child = door.card.as_ref().map(|card| Child::of(card, read.keys(), ctx.today(), language));
    let stage = matters.stage_of(matter).map_err(wrong)?;
    let (last_visit, last_answers) =
        if is_visit { last_visit(ctx, matters, read, matter).await? } else { (String::new(), Vec::new()) };
    let handing_in = door.handing_in();
    let form = handing_in.and_then(|offer| offer.action.form.as_deref());
    let has_draft = match form {
        Some(form) => {
            let draft = matters.draft(read.connection(), read.keys(), &door.token, form).await;
            draft.map_err(wrong)?.is_some()
        }
        None => false,
    };
    let grounds = if is_visit { Vec::new() } else { grounds::of(ctx, matters, read, matter).await? };
    let href = section.href(matter.id);
    let title = if is_visit { t.visit_title() } else { t.lead_title() };
    let guardians = child.as_ref().map(|child| child.guardians.clone()).unwrap_or_default();
    let named = guardians.iter().map(|one| one.in_words(language));
    let guardian_words = named.collect::<Vec<_>>().join(t.phone_comma());
    Ok(MatterPage {
        shell: ctx.shell("/m", title).await?.at(ctx, &matter.area).on_record(),
        t,
        id: matter.id,
        call_href: format!("{href}/call"),
        map_href: format!("{href}/map"),
        href,
        number: matter.number.clone(),
        base: Seen::of(matter).to_json(),
        is_visit,
        is_urgent: matter.severity == base::Severity::Urgent,
        distance: Distance::of(matter, ctx.now, language),
        escalation: escalation(ctx, matters, matter),
        hindrance: hindrance(ctx, read, door).await?,
        name: child::heading(child.as_ref(), matter),
        about: child.as_ref().map(|child| child.about.clone()).unwrap_or_default(),
        can_ask_name: child.as_ref().is_some_and(|child| child.name.is_some()),
        has_harm: grounds.iter().any(|ground| ground.is_harm),
        grounds,
        summary: matter.words.summary.clone(),
        last_visit,
        last_answers,
        address: child
            .as_ref()
            .and_then(|child| child.address.clone())
            .or_else(|| Some(matter.words.place.clone()).filter(|place| !place.is_empty())),
        area: ctx.app.areas.name_of(&matter.area),
        guardians,
        guardian_words,
        members: child.as_ref().map(|child| child.members.join(t.phone_comma())).unwrap_or_default(),
        school: child.and_then(|child| child.school),
        guidance: stage.guidance.as_ref().map(|one| one.says(language).to_owned()).unwrap_or_default(),
        said: said(ctx, matters, read, door).await?,
        late: late(ctx, matters, read, door).await?,
        can_accept: door.can("accept"),
        can_fill: handing_in.is_some_and(|offer| offer.refusal.is_none()),
        danger_href: door.can(DANGER).then(|| format!("/matters/{}?action={DANGER}", matter.id)),
        has_draft,
    })
}

/// Entries of the history that are looked through for what somebody said.
const HISTORY_LOOKED_AT: u64 = 20;

/// The reason behind the last step of somebody else that had one: whoever goes to the door again has to know what for.
async fn said(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    door: &Door,
) -> Result<Option<(String, String)>, WebError> {
    let matter = &door.matter;
    if matter.closed_at.is_some() {
        return Ok(None);
    }
    let entries =
        matters.timeline(read, &door.token, matter, None, HISTORY_LOOKED_AT).await.map_err(wrong)?;
    let said = entries.iter().find_map(|entry| {
        let What::Acted { action } = &entry.what else { return None };
        let is_theirs = entry.account != ctx.actor.account && !entry.is_taken_back;
        Some((entry, action, entry.reason.as_ref().filter(|_| is_theirs)?))
    });
    let Some((entry, action, reason)) = said else { return Ok(None) };
    let wanted = Wanted { accounts: entry.account.into_iter().collect(), ..Wanted::default() };
    let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let who = entry.account.map(|account| names.account(account)).unwrap_or_default();
    let reason = ctx.app.roles.show(&ctx.actor, FieldClass::Narrative, reason);
    let t = Texts(ctx.language);
    let title = t.lead_said(action.says(ctx.language), reason.to_string());
    Ok(Some((title, t.lead_said_by(who, show::near(entry.at, ctx.now, ctx.language)))))
}

/// Reports that arrived late shown on the page at most, the newest first.
const LATE_AT_MOST: usize = 3;

/// What arrived late and lies beside the matter.
async fn late(ctx: &Ctx, matters: &Matters, read: &Read, door: &Door) -> Result<Vec<LateReport>, WebError> {
    let mut all = matters.late_answers(read.connection(), read.keys(), &door.token).await.map_err(wrong)?;
    all.reverse();
    all.truncate(LATE_AT_MOST);
    let wanted = Wanted { accounts: all.iter().filter_map(|one| one.account).collect(), ..Wanted::default() };
    let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let (t, workflow) = (Texts(ctx.language), matters.workflow_of(&door.matter).map_err(wrong)?);
    let late = all.into_iter().filter_map(|one| {
        let form = workflow.forms.get(&one.form)?;
        let who = one.account.map(|account| names.account(account)).unwrap_or_default();
        let written = one.written.map(|at| show::near(at, ctx.now, ctx.language)).unwrap_or_default();
        Some(LateReport {
            title: t.late_title(),
            note: t.late_note(
                form.label.says(ctx.language),
                who,
                written,
                show::near(one.at, ctx.now, ctx.language),
            ),
            answers: questions::said(form, &one.filled.answers, ctx.language),
            photos: super::outcome::photos(door.matter.id, &one.filled.answers),
        })
    });
    Ok(late.collect())
}

/// Why nothing can be done here now; of a matter that somebody else has, who, since when and until when.
async fn hindrance(ctx: &Ctx, read: &Read, door: &Door) -> Result<Option<String>, WebError> {
    let Some(refusal) = door.hindrance() else { return Ok(None) };
    if matches!(refusal, Refusal::WrongRole | Refusal::NotHeld) {
        let elsewhere = matters::panel::elsewhere(ctx, read, &door.matter).await.map_err(wrong)?;
        if elsewhere.is_some() {
            return Ok(elsewhere);
        }
    }
    Ok(Some(refusal.message().says(ctx.language).to_owned()))
}

/// What happens when the deadline passes: to which level the matter climbs.
fn escalation(ctx: &Ctx, matters: &Matters, matter: &Matter) -> String {
    let level = matter.clock.climbed_to.or(matter.holder_level);
    let above = level.and_then(base::AreaLevel::above);
    let Ok(workflow) = matters.workflow_of(matter) else { return String::new() };
    let rung = above.and_then(|level| workflow.ladder.iter().find(|rung| rung.level == level));
    let role = rung.and_then(|rung| ctx.app.roles.get(&rung.role));
    let Some(role) = role.filter(|_| matter.phase() == Phase::Open) else { return String::new() };
    let when = show::near(matter.clock.climb_at, ctx.now, ctx.language);
    Texts(ctx.language).lead_escalates(when, role.label.says(ctx.language))
}

/// The last visit of the same child that ended with answers: when, and what was found.
async fn last_visit(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    matter: &Matter,
) -> Result<(String, Vec<Said>), WebError> {
    let t = Texts(ctx.language);
    let Some((at, said)) = before(ctx, matters, read.connection(), read, matter).await? else {
        return Ok((t.visit_first().to_owned(), Vec::new()));
    };
    Ok((format!("{} {}", t.visit_last(), day(at, ctx.now, ctx.language)), said))
}

async fn before(
    ctx: &Ctx,
    matters: &Matters,
    connection: &impl ConnectionTrait,
    read: &Read,
    matter: &Matter,
) -> Result<Option<(Moment, Vec<Said>)>, WebError> {
    let Some(subject) = matter.subject else { return Ok(None) };
    let scope = matters.scope(&ctx.actor);
    let all = matters.about(connection, read.keys(), &scope, subject).await.map_err(wrong)?;
    let last = all.into_iter().find(|one| one.kind == VISITS.kind && one.closed_at.is_some());
    let Some(last) = last else { return Ok(None) };
    let (last, token) = matters.look_up(connection, read.keys(), &ctx.actor, last.id).await.map_err(wrong)?;
    let answers = matters.answers(connection, read.keys(), &token).await.map_err(wrong)?;
    let workflow = matters.workflow_of(&last).map_err(wrong)?;
    let said = answers.values().next().and_then(|handed_in| {
        let form = workflow.forms.get(&handed_in.form)?;
        let mut said = questions::said(form, &handed_in.filled.answers, ctx.language);
        said.truncate(LAST_ANSWERS);
        Some((handed_in.at, said))
    });
    Ok(said)
}

fn day(at: Moment, now: Moment, language: Language) -> String {
    show::day(at.day(), now.day(), language)
}

#[derive(Template)]
#[template(path = "phone/templates/overtaken.html")]
struct OvertakenPage {
    shell: Shell,
    t: Texts,
    href: String,
    number: String,
    conflict: Both,
}

/// Somebody else was first, and nothing more can be done here: both versions.
pub(crate) async fn overtaken(
    ctx: &Ctx,
    section: &'static Section,
    matter: &Matter,
    conflict: Both,
) -> PageResult {
    let t = Texts(ctx.language);
    let shell = ctx.shell("/m", t.command_moved()).await?.at(ctx, &matter.area);
    let href = section.href(matter.id);
    web::overtaken(&OvertakenPage { shell, t, href, number: matter.number.clone(), conflict })
}
