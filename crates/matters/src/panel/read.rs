//! Reading everything that the panel shows, in one snapshot.

use access::{FieldClass, Masked, Sight};
use askama::Template;
use base::{MatterId, Moment, PersonId, PostId};
use serde::Deserialize;
use store::Read;
use web::components::{Alert, Badge, Clock, Conflict, Step, StepState, Steps, Timeline, TimelineEntry, Tone};
use web::{Choice, Ctx, Typed, WebError, Worded as _};
use workflow::{FieldFault, Kind, Stage};

use super::Texts;
use super::acts::{self, Acts};
use super::guidance::Guidance;
use super::history;
use super::names::{Names, Wanted};
use super::papers::{self, Paper, Papers, Shown, Stack};
use super::refer::{self, ReferAsked, Referrals};
use super::settle::Differing;
use super::sheet::{Filling, Known, Sheet};
use super::work::Work;
use crate::forms::Origin;
use crate::matter::Surroundings;
use crate::timeline::{Entry, What};
use crate::{Matter, MatterError, MatterToken, Matters, Offer, Phase, TimeLeft};

/// A matter that somebody may see, with the snapshot that it was read from.
pub struct Seen {
    /// The snapshot.
    pub read: Read,
    /// The matter.
    pub matter: Matter,
    /// The proof.
    pub token: MatterToken,
}

/// Opens a snapshot and looks a matter up in it.
///
/// # Errors
/// `NotFound` when there is none, or none that the actor may see.
pub async fn look_up(ctx: &Ctx, matters: &Matters, id: MatterId) -> Result<Seen, WebError> {
    let read = ctx.read().await?;
    let (matter, token) = matters.look_up(read.connection(), read.keys(), &ctx.actor, id).await?;
    Ok(Seen { read, matter, token })
}

/// Puts on record that a person's matter is about to be shown, where it is a person's. `purpose` is a key that pages
/// translate: `check`, `assess`, `supervise`.
pub async fn record(ctx: &Ctx, matter: &Matter, purpose: &'static str) -> Result<(), WebError> {
    let Some(subject) = matter.subject else { return Ok(()) };
    record_part(ctx, matter, subject, purpose, "matter").await
}

pub(super) async fn record_part(
    ctx: &Ctx,
    matter: &Matter,
    subject: PersonId,
    purpose: &'static str,
    part: &'static str,
) -> Result<(), WebError> {
    // Whoever may ask who read what works on no matter: it is looked at to see how it was done.
    let purpose = if ctx.may("read", "reading") { "audit" } else { purpose };
    // Not `ctx.write`: a read must not use up the key of a form that could not be taken.
    let write = ctx.app.database.write(ctx.operation_named("matters.read")).await?;
    let reading =
        access::Reading { subject, matter: Some(matter.id), area: Some(matter.area), purpose, part };
    access::read_record(write, reading).await?;
    Ok(())
}

/// What the address of a page with a panel asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// The action whose form is wanted.
    pub action: Option<String>,
    /// `new` or `again`: the form of a referral is wanted.
    pub refer: Option<String>,
    /// The referral that is to be sent again.
    pub previous: Option<MatterId>,
}

/// What a page wants of its panel.
#[derive(Default)]
pub struct Ask<'a> {
    pub(super) action: Option<&'a str>,
    pub(super) refer: ReferAsked,
    pub(super) known: &'a [Known],
    pub(super) persons: &'a [Choice],
    pub(super) typed: Option<&'a Typed>,
    pub(super) faults: &'a [FieldFault],
    pub(super) notes: Vec<Alert>,
    pub(super) conflict: Option<Conflict>,
    pub(super) proposed: Option<PostId>,
    pub(super) advice: Option<String>,
    pub(super) suggested: Option<(&'a str, &'a str)>,
    pub(super) told: Vec<(Moment, TimelineEntry)>,
    pub(super) settle: Vec<Differing>,
}

impl<'a> Ask<'a> {
    /// What the address says.
    pub fn of(asked: &'a Asked) -> Self {
        Self {
            action: asked.action.as_deref(),
            refer: match &asked.refer {
                Some(_) => ReferAsked::of(asked.previous),
                None => ReferAsked::No,
            },
            ..Self::default()
        }
    }

    /// What is known of the answers beforehand.
    #[must_use]
    pub fn known(mut self, known: &'a [Known]) -> Self {
        self.known = known;
        self
    }

    /// Persons that a field can name: value is the id.
    #[must_use]
    pub fn persons(mut self, persons: &'a [Choice]) -> Self {
        self.persons = persons;
        self
    }

    /// The post that the program proposes to hold the matter next: it comes first, chosen, until somebody chooses another.
    #[must_use]
    pub fn proposing(mut self, post: Option<PostId>) -> Self {
        self.proposed = post;
        self
    }

    /// A line above what can be done: why this post is proposed.
    #[must_use]
    pub fn advising(mut self, advice: Option<String>) -> Self {
        self.advice = advice;
        self
    }

    /// A reason that the program has for the action `action`, written into its field to be confirmed or changed.
    #[must_use]
    pub fn suggesting(mut self, action: &'a str, reason: Option<&'a str>) -> Self {
        self.suggested = reason.map(|reason| (action, reason));
        self
    }

    /// What the program tells of the matter beside its own acts, each with its moment: it stands in the timeline.
    #[must_use]
    pub fn telling(mut self, told: Vec<(Moment, TimelineEntry)>) -> Self {
        self.told = told;
        self
    }
}

/// How a matter is worked on. Prints itself in the columns of a working page.
#[derive(Template)]
#[template(path = "panel/templates/panel.html")]
pub struct Panel {
    pub(super) t: Texts,
    /// The matter.
    pub matter: Matter,
    /// The name of its kind: 个案.
    pub kind: String,
    /// Its stage, as a badge.
    pub stage: Badge,
    /// How grave it is.
    pub severity: Badge,
    /// Its clock.
    pub clock: Clock,
    /// How far it has climbed: 已升级至区.
    pub climbed: Option<Badge>,
    /// Who holds it.
    pub holder: String,
    /// How it ended.
    pub outcome: Option<String>,
    /// The matter that it came from and those that came from it, as far as the reader may see them.
    pub links: Vec<(String, String)>,
    /// What went wrong, if anything did.
    pub notes: Vec<Alert>,
    /// What somebody else did in the meantime, beside what was typed.
    pub conflict: Option<Conflict>,
    /// The stages.
    pub steps: Steps,
    /// What the reader has to decide on: the form by which somebody asked for it, open.
    pub request: Option<Paper>,
    /// What the reader is to read before deciding, each open: the latest review.
    pub evidence: Vec<Paper>,
    /// What whoever holds it is told of the person, each as the reader may see it.
    pub about: Vec<(String, Masked)>,
    /// The form of the present stage.
    pub work: Option<Work>,
    /// What can be done.
    pub acts: Acts,
    /// Guidance and law.
    pub guidance: Guidance,
    /// Referrals.
    pub referrals: Option<Referrals>,
    /// Papers.
    pub papers: Papers,
    /// The timeline.
    pub timeline: Timeline,
}

web_prints!(Panel);

impl Panel {
    /// Reads the panel of a matter.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn read(ctx: &Ctx, matters: &Matters, seen: &Seen, mut ask: Ask<'_>) -> Result<Self, WebError> {
        let settle = std::mem::take(&mut ask.settle);
        let Seen { read, matter, token } = seen;
        let (connection, keys, t) = (read.connection(), read.keys(), Texts(ctx.language));
        let (kind, stage) = (matters.kind_of(matter)?, matters.stage_of(matter)?);
        let surroundings = Surroundings::read(matters, connection, keys, matter).await?;
        let offers = matters.offers_in(&surroundings, &ctx.actor, matter)?;
        let entries = matters.timeline(read, token, matter, None, history::SHOWN_AT_MOST).await?;
        let stack = Stack::read(read, matters, &ctx.actor, matter, token).await?;
        let names = names(ctx, read, matter, &entries, &stack).await?;
        let here = matters.path_for(ctx, matter);
        let decides = offers.iter().any(|offer| offer.refusal.is_none() && offer.action.decides());
        let open_form = open_form(&offers, ask.action, decides);
        let acts = Acts::read(&acts::Wanting {
            ctx,
            read,
            matters,
            matter,
            surroundings: &surroundings,
            offers: &offers,
            open_form,
            ask: &ask,
            here: &here,
        })
        .await?;
        let reading = Reading { ctx, matters, seen, stack: &stack, names: &names, ask: &ask };
        let work = reading.work(&acts, open_form, settle).await?;
        let form =
            work.as_ref().and_then(|work| matters.workflow_of(matter).ok()?.forms.get(&work.sheet.key));
        let wanting = refer::Wanting { ctx, read, matters, matter, open: ask.refer, ask: &ask, here: &here };
        let referrals = Referrals::read(&wanting).await?;
        let shown = Shown { ctx, matters, can_attach: matters.works_on(&ctx.actor, &matter.kind) };
        let request = match stack.handed_in_at(matter.clock.started).filter(|_| decides) {
            Some(paper) => shown.open(matter, paper, &names)?,
            None => None,
        };
        let evidence = stack.latest_of(&stage.shows).filter(|_| decides);
        let evidence = evidence.map(|paper| shown.open(matter, paper, &names));
        let evidence = evidence.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let is_full = token.sight() == Sight::Full;
        let mut notes = ask.notes;
        notes.extend(sent_back(ctx, matter, &entries, &names));
        notes.extend(news(ctx, matter, &entries, &names));
        notes.extend(warnings(ctx, matters, matter, &surroundings)?);
        notes.extend(waiting(matter, referrals.as_ref(), t));
        Ok(Self {
            t,
            kind: kind.label.says(ctx.language).to_owned(),
            stage: stage_badge(matter, stage, ctx),
            severity: Badge::severity(matter.severity, ctx.language),
            clock: clock_with_due(matter, kind, ctx),
            climbed: climbed(matter, t),
            holder: names.post(matter.holder).line(ctx.language),
            outcome: matters.outcome_of(matter).map(|outcome| outcome.says(ctx.language).to_owned()),
            links: if is_full { links(ctx, matters, seen).await? } else { Vec::new() },
            steps: steps(matter, kind, &entries, ctx),
            guidance: Guidance::new(stage, form, t),
            papers: Papers::new(&stack, matter, &names, &shown)?,
            request,
            evidence,
            about: about(ctx, matters, matter, kind, &stack)?,
            timeline: history::timeline(ctx, kind, matter, &entries, &names, ask.told),
            matter: matters.worded_for(&ctx.actor, matter),
            notes,
            conflict: ask.conflict,
            work,
            acts,
            referrals,
        })
    }

    /// What is left of the deadline in the words of a page's head.
    pub fn number(&self) -> &str {
        &self.matter.number
    }
}

/// Why the matter is in its stage again, where whoever sent it there gave a reason: whoever has to go on reads it first.
fn sent_back(ctx: &Ctx, matter: &Matter, entries: &[Entry], names: &Names) -> Option<Alert> {
    let last = entries.iter().find(|entry| matches!(entry.what, What::Acted { .. }))?;
    let What::Acted { action } = &last.what else { return None };
    last.to.as_ref()?;
    let reason = last.reason.as_ref().filter(|_| matter.closed_at.is_none() && !last.is_taken_back)?;
    let reason = ctx.app.roles.show(&ctx.actor, FieldClass::Narrative, reason);
    let who = last.account.map(|account| names.account(account)).unwrap_or_default();
    let t = Texts(ctx.language);
    let title = t.note_sent_back(action.says(ctx.language), reason.to_string());
    Some(Alert::new(Tone::High, title, t.note_sent_back_by(who, web::show::when(last.at, ctx.now))))
}

/// What has come in beside the steps: of other matters, and late.
fn news(ctx: &Ctx, matter: &Matter, entries: &[Entry], names: &Names) -> Vec<Alert> {
    let mut news = joined(ctx, matter, entries, names);
    news.extend(late(ctx, entries, names));
    news
}

/// Most news of other matters shown at the head of a page; all of it stands in the history.
const JOINED_NOTED_AT_MOST: usize = 3;

/// What another matter about the same person has brought since somebody last did a step: a danger found at a visit. It
/// moved nothing, so it is said before anything else is done.
fn joined(ctx: &Ctx, matter: &Matter, entries: &[Entry], names: &Names) -> Vec<Alert> {
    if matter.closed_at.is_some() {
        return Vec::new();
    }
    let t = Texts(ctx.language);
    let since = entries.iter().take_while(|entry| !matches!(entry.what, What::Acted { .. }));
    let joined = since.filter_map(|entry| {
        let What::Joined { from, number } = &entry.what else { return None };
        let who = entry.account.map(|account| names.account(account)).unwrap_or_default();
        let detail = t.note_joined_by(who, web::show::when(entry.at, ctx.now));
        let link = from.map(|from| (t.note_joined_read().to_owned(), format!("/matters/{from}")));
        Some(Alert { link, ..Alert::new(Tone::Urgent, t.note_joined(number.as_str()), detail) })
    });
    joined.take(JOINED_NOTED_AT_MOST).collect()
}

/// Reports that arrived late shown at the head of a page; the others are among the papers.
const LATE_NOTED_AT_MOST: usize = 3;

/// What was written when the matter was somebody else's and has arrived since: it moved nothing, so it is said.
fn late(ctx: &Ctx, entries: &[Entry], names: &Names) -> Vec<Alert> {
    let t = Texts(ctx.language);
    let late = entries.iter().filter_map(|entry| {
        let What::Late { form } = &entry.what else { return None };
        let who = entry.account.map(|account| names.account(account)).unwrap_or_default();
        let written = entry.written.map(web::show::full).unwrap_or_default();
        let detail = t.note_late_by(who, written, web::show::full(entry.at));
        Some(Alert::new(Tone::High, t.note_late(form.says(ctx.language)), detail))
    });
    late.take(LATE_NOTED_AT_MOST).collect()
}

/// What nobody is at work on, since it came back or failed.
fn waiting(matter: &Matter, referrals: Option<&Referrals>, t: Texts) -> Option<Alert> {
    let waiting = referrals.map(|referrals| referrals.waiting).filter(|waiting| *waiting > 0)?;
    let is_open = matter.closed_at.is_none();
    is_open.then(|| Alert::new(Tone::High, t.note_waiting(waiting), t.note_waiting_next()))
}

/// What whoever works on the matter is to be warned of by what was answered before: a finding about a child, as the papers.
fn warnings(
    ctx: &Ctx,
    matters: &Matters,
    matter: &Matter,
    surroundings: &Surroundings,
) -> Result<Vec<Alert>, MatterError> {
    if matter.closed_at.is_some() || !papers::sees_words(ctx) {
        return Ok(Vec::new());
    }
    let workflow = matters.workflow_of(matter)?;
    let warnings = workflow::warnings(workflow, &surroundings.state(matter), ctx.now).into_iter();
    Ok(warnings.map(|one| Alert::new(Tone::High, one.message.says(ctx.language), "")).collect())
}

/// What whoever holds a matter is told of the person it is about.
fn about(
    ctx: &Ctx,
    matters: &Matters,
    matter: &Matter,
    kind: &Kind,
    stack: &Stack,
) -> Result<Vec<(String, Masked)>, MatterError> {
    let Some(key) = kind.tells.as_deref() else { return Ok(Vec::new()) };
    let form = matters.workflow_of(matter)?.forms.get(key);
    let told = stack.handed_in.iter().find(|paper| paper.form == key);
    let told = form.zip(told).map(|(form, told)| papers::rows(form, &told.filled.answers, ctx));
    Ok(told.unwrap_or_default())
}

/// The action whose form is on the page: the one that is asked for, else the first that hands in a form. An alarm is asked
/// for, never proposed.
fn open_form<'a>(offers: &'a [Offer], asked: Option<&str>, decides: bool) -> Option<&'a str> {
    let with_form = || offers.iter().filter(|offer| offer.refusal.is_none() && offer.action.form.is_some());
    let found = with_form().find(|offer| asked == Some(offer.action.key.as_str()));
    // Whoever decides on what somebody else asked for reads that first: no form of their own stands in its place.
    let found = found.or_else(|| with_form().find(|offer| !decides && !offer.action.raises_alarm()));
    found.map(|offer| offer.action.key.as_str())
}

struct Reading<'a> {
    ctx: &'a Ctx,
    matters: &'a Matters,
    seen: &'a Seen,
    stack: &'a Stack,
    names: &'a Names,
    ask: &'a Ask<'a>,
}

impl Reading<'_> {
    /// The form of the action `open`.
    async fn work(
        &self,
        acts: &Acts,
        open: Option<&str>,
        settle: Vec<Differing>,
    ) -> Result<Option<Work>, MatterError> {
        let Self { ctx, matters, seen, stack, ask, .. } = *self;
        let (read, matter) = (&seen.read, &seen.matter);
        let Some(act) = acts.acts.iter().find(|act| open == Some(act.key.as_str())) else {
            return Ok(None);
        };
        let key = act.form.as_deref().unwrap_or_default();
        let known = ask.known.iter().filter_map(|one| Some((one.word.clone(), one.answer.clone()?)));
        let known = known.collect();
        let laid = matters.lay_form(read, &seen.token, matter, key, &known, ctx.today()).await?;
        let draft = laid.draft.as_ref();
        let base = format!("/matters/{}", matter.id);
        let t = Texts(ctx.language);
        let photos = stack.photos(&base, t);
        // What was typed belongs to the form only if it was sent by it.
        let given_back = ctx.typed(&format!("{base}/act"));
        let is_its = |typed: &Typed| typed.value("action") == act.key;
        let typed = ask
            .typed
            .filter(|typed| is_its(typed))
            .or(Some(&given_back).filter(|typed| typed.is_given_back() && is_its(typed)));
        let filling = Filling {
            answers: &laid.answers,
            is_earlier: &|field| laid.origins.get(field) == Some(&Origin::Earlier),
            known: ask.known,
            typed,
            faults: ask.faults,
            photos: &photos,
            persons: ask.persons,
        };
        let draft_words = draft.map(|draft| {
            let who = draft.account.map(|account| self.names.account(account)).unwrap_or_default();
            t.draft_saved(web::show::when(draft.at, ctx.now), who)
        });
        let others = acts.acts.iter().filter(|other| other.key != act.key && other.form.is_some());
        Ok(Some(Work {
            t,
            tokens: ctx.tokens(),
            version: matter.version,
            draft_version: draft.map_or(0, |draft| draft.version),
            draft: draft_words,
            settle,
            sheet: Sheet::new(laid.form, &filling, ctx.today(), ctx.language),
            others: others
                .filter_map(|other| Some(Choice::new(other.form_href.clone()?, other.label.clone())))
                .collect(),
            act: acts::Act { is_main: true, ..copy(act) },
            base,
        }))
    }
}

fn copy(act: &acts::Act) -> acts::Act {
    acts::Act {
        key: act.key.clone(),
        label: act.label.clone(),
        icon: act.icon.clone(),
        form: act.form.clone(),
        form_href: act.form_href.clone(),
        reason_least: act.reason_least,
        holders: act.holders.clone(),
        reason: act.reason.clone(),
        holder: act.holder.clone(),
        is_main: act.is_main,
    }
}

async fn names(
    ctx: &Ctx,
    read: &Read,
    matter: &Matter,
    entries: &[Entry],
    stack: &Stack,
) -> Result<Names, MatterError> {
    let mut wanted = Wanted::default();
    wanted.posts.push(matter.holder);
    wanted.organisations.extend(matter.organisation);
    history::wanted(entries, &mut wanted);
    stack.wanted(&mut wanted);
    Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await
}

/// The clock of a matter, as lists and heads show it.
pub fn clock_of(matter: &Matter, kind: &Kind, ctx: &Ctx) -> Clock {
    let language = ctx.language;
    match (matter.time_left(ctx.now), &matter.clock.pause) {
        (TimeLeft::Ended, _) => Clock::none(language),
        (TimeLeft::Paused(_), Some(pause)) => {
            let left = matter.clock.due.milliseconds_since(pause.since);
            let reasons = kind.pause.as_ref().map(|rule| &rule.reasons);
            let reason = reasons.and_then(|reasons| reasons.get(&pause.reason));
            Clock::paused(left, reason.map(|reason| reason.says(language)).unwrap_or_default(), language)
        }
        // Near is what its reminder says, as in the lists and numbers of what is due soon.
        _ => Clock::new(matter.clock.started, matter.clock.due, ctx.now, language)
            .near(matter.is_soon(ctx.now)),
    }
}

/// As [`clock_of`], with the hour behind a clock that counts down.
fn clock_with_due(matter: &Matter, kind: &Kind, ctx: &Ctx) -> Clock {
    let (clock, due) = (clock_of(matter, kind, ctx), matter.clock.due);
    let runs = matter.phase() == Phase::Open;
    if runs && clock.left() != web::show::near(due, ctx.now, ctx.language) {
        return clock.with_due(due, ctx.now, ctx.language);
    }
    clock
}

fn stage_badge(matter: &Matter, stage: &Stage, ctx: &Ctx) -> Badge {
    let word = stage.label.says(ctx.language);
    match matter.phase() {
        Phase::Open => Badge::new(Tone::Info, "player-play", word),
        Phase::Paused => Badge::new(Tone::Low, "player-pause", word),
        Phase::Closed => Badge::new(Tone::Ok, "checks", word),
    }
}

fn climbed(matter: &Matter, t: Texts) -> Option<Badge> {
    let level = matter.clock.climbed_to.filter(|_| matter.closed_at.is_none())?;
    let word = t.climbed_to(history::level_name(t, level));
    Some(Badge::new(Tone::Urgent, "arrow-up", word))
}

async fn links(ctx: &Ctx, matters: &Matters, seen: &Seen) -> Result<Vec<(String, String)>, MatterError> {
    let (connection, keys) = (seen.read.connection(), seen.read.keys());
    let scope = matters.scope(&ctx.actor);
    let mut near = match seen.matter.parent {
        Some(parent) => matters.by_ids(connection, keys, &scope, &[parent]).await?,
        None => Vec::new(),
    };
    let children = matters.children(connection, keys, &scope, seen.matter.id).await?;
    near.extend(children.into_iter().filter(|child| child.organisation.is_none()));
    let links = near.iter().map(|one| {
        let kind = matters.kind_of(one)?.label.says(ctx.language);
        Ok((format!("{kind} {}", one.number), matters.path_for(ctx, one)))
    });
    links.collect()
}

/// How far a matter is, for the page of a thing that it is about.
///
/// # Errors
/// `NotFound` when the reader does not see the matter; those of the database.
pub async fn steps_of(ctx: &Ctx, read: &Read, matters: &Matters, id: MatterId) -> Result<Steps, WebError> {
    let (matter, token) = matters.look_up(read.connection(), read.keys(), &ctx.actor, id).await?;
    let entries = matters.timeline(read, &token, &matter, None, history::SHOWN_AT_MOST).await?;
    Ok(steps(&matter, matters.kind_of(&matter)?, &entries, ctx))
}

/// The stages as steps: what is done and when, what is being done and by when, what is to come.
fn steps(matter: &Matter, kind: &Kind, entries: &[Entry], ctx: &Ctx) -> Steps {
    let place = |key: &str| kind.stages.get_index_of(key).unwrap_or(usize::MAX);
    let now_at = place(&matter.stage);
    let day = |at: Moment| web::show::short_day(at.day(), ctx.today());
    let t = Texts(ctx.language);
    let is_over = matter.closed_at.is_some();
    let steps = kind.steps().filter(|stage| !stage.ends()).map(|stage| {
        let is_now = stage.key == matter.stage && !is_over;
        let left = history::left_at(entries, stage);
        let at = place(&stage.key);
        let (state, note) = if is_now && matter.phase() == Phase::Paused {
            (StepState::Now, t.step_paused().to_owned())
        } else if is_now {
            let soon = matter.is_late(ctx.now) || matter.is_soon(ctx.now);
            let due = t.step_due(format!("{} {}", day(matter.clock.due), web::show::time(matter.clock.due)));
            (if soon { StepState::NowSoon } else { StepState::Now }, due)
        } else if let Some(left) = left.filter(|_| at < now_at || is_over) {
            (StepState::Done, format!("{} {}", day(left), web::show::time(left)))
        } else if (at < now_at || is_over) && stage.skip.as_ref().is_some_and(|skip| skip.done) {
            // What brought the matter has done it: it was on record when the matter was opened.
            let at = matter.opened_at;
            (StepState::Done, format!("{} {}", day(at), web::show::time(at)))
        } else if at < now_at || is_over {
            (StepState::Skipped, t.step_passed().to_owned())
        } else {
            let period = stage.run.as_ref().map(|run| run.deadline.of(matter.severity));
            let period = period.map(|period| t.step_within(refer::period(period, t)));
            (StepState::Ahead, period.unwrap_or_default())
        };
        Step { label: stage.label.says(ctx.language).to_owned(), note, state, href: None }
    });
    Steps { label: t.steps_of(kind.label.says(ctx.language)), steps: steps.collect() }
}
