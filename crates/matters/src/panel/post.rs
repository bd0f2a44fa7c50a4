//! What the panel's forms do: act, save a draft, stop and start the clock, hand over, refer. Each is done once however
//! often it is sent, and what cannot be taken comes back with everything that was typed.

use access::organisations;
use axum::Extension;
use axum::http::StatusCode;
use base::{Day, MatterId, OrganisationId, PostId, read_day};
use store::{StoreError, Write};
use web::components::{Alert, Conflict, ConflictRow, Tone};
use web::{Ctx, Form, PageResult, Path, Reader, Typed, WebError, Worded as _};
use workflow::{Answer, Answers, FieldFault, Refusal};

use super::Texts;
use super::history;
use super::names::{Names, Wanted};
use super::page::answer;
use super::read::{Ask, Seen, look_up};
use super::refer::ReferAsked;
use super::said::{Told, action_name};
use super::{settle, sheet};
use crate::answers::{Draft, Saved, Saving};
use crate::attachments::Picture;
use crate::referrals::Referring;
use crate::{Acting, Assigning, Matter, MatterError, MatterToken, MatterWords, Matters, Pausing};

/// What a form of the panel sent.
pub(super) struct Sent {
    typed: Typed,
    /// Answers of the sheet, as far as they can be read.
    answers: Option<Answers>,
    /// What no field can hold.
    faults: Vec<FieldFault>,
    /// Pictures that were chosen in the sheet, by the field's key.
    pictures: Vec<(String, Picture)>,
    is_referral: bool,
}

impl Sent {
    /// A form without a sheet.
    pub fn plain(typed: Typed) -> Self {
        Self { typed, answers: None, faults: Vec::new(), pictures: Vec::new(), is_referral: false }
    }

    fn text(&self, name: &str) -> Option<&str> {
        Some(self.typed.value(name).trim()).filter(|text| !text.is_empty())
    }

    /// The version of the matter that the sender saw. A page of ours always has it.
    fn version(&self) -> Result<i32, WebError> {
        self.number("version")
    }

    fn number(&self, name: &str) -> Result<i32, WebError> {
        let number = self.typed.value(name).parse().ok();
        number.ok_or(WebError::NotUnderstood("the form does not say which version it was made from"))
    }

    fn post(&self, name: &str) -> Option<PostId> {
        self.text(name)?.parse().ok()
    }

    fn day(&self, name: &str) -> Option<Day> {
        read_day(self.text(name)?).day()
    }
}

/// Opens the transaction of a form and looks its matter up.
async fn open(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    name: &'static str,
) -> Result<(Write, Matter, MatterToken), WebError> {
    let write = ctx.write(name).await?;
    let (matter, token) = matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await?;
    Ok((write, matter, token))
}

/// Reads a form with a sheet. Which form it is, the matter's own version of the workflow says.
async fn read_sheet(ctx: &Ctx, matters: &Matters, id: MatterId, form: Form<Reader>) -> Result<Sent, Reading> {
    let Form { input, typed } = form;
    let mut sent = Sent::plain(typed);
    let Some(mut reader) = input else { return Ok(sent) };
    let key = sent.typed.value("form").to_owned();
    if key.is_empty() {
        return Ok(sent);
    }
    let seen = look_up(ctx, matters, id).await.map_err(Reading::Failed)?;
    let workflow = matters.workflow_of(&seen.matter).map_err(|error| Reading::Failed(error.into()))?;
    let Some(form) = workflow.forms.get(&key) else { return Ok(sent) };
    sent.typed = settle::chosen(form, sent.typed);
    let (answers, faults) = sheet::read_typed(form, &sent.typed);
    (sent.answers, sent.faults) = (Some(answers), faults);
    drop(seen);
    for (field, bytes) in sheet::read_files(form, &mut reader) {
        match Picture::read(bytes).await {
            Ok(picture) => sent.pictures.push((field, picture)),
            Err(error) => return Err(Reading::Refused(Box::new(sent), error)),
        }
    }
    if sent.faults.is_empty() {
        return Ok(sent);
    }
    let faults = Refusal::FaultyAnswers(sent.faults.clone());
    Err(Reading::Refused(Box::new(sent), faults.into()))
}

/// The answer to a form with a sheet that could not be read.
async fn give_back(ctx: &Ctx, matters: &Matters, id: MatterId, reading: Reading) -> PageResult {
    match reading {
        Reading::Failed(error) => Err(error),
        Reading::Refused(sent, error) => again(ctx, matters, id, &sent, error).await,
    }
}

/// Why a form with a sheet could not be read.
enum Reading {
    Failed(WebError),
    Refused(Box<Sent>, MatterError),
}

/// Attaches the pictures of a sheet and lets its answers name them.
async fn attach(
    matters: &Matters,
    ctx: &Ctx,
    write: &Write,
    token: &MatterToken,
    sent: &Sent,
) -> Result<Option<Answers>, MatterError> {
    let Some(mut answers) = sent.answers.clone() else { return Ok(None) };
    for (field, picture) in &sent.pictures {
        let attachment = matters.attach(write, &ctx.actor, token, picture, "").await?;
        let entry = answers.values.entry(field.clone());
        if let Answer::Photos(photos) = entry.or_insert_with(|| Answer::Photos(Vec::new())) {
            photos.push(attachment.id);
        }
    }
    Ok(Some(answers))
}

/// Takes an action of the stage.
pub(super) async fn act(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Reader>,
) -> PageResult {
    let sent = match read_sheet(&ctx, &matters, id, form).await {
        Ok(sent) => sent,
        Err(reading) => return give_back(&ctx, &matters, id, reading).await,
    };
    let (write, before, token) = open(&ctx, &matters, id, "matters.act").await?;
    if let Some(theirs) = newer_draft(&matters, &write, &token, &before, &sent).await? {
        drop(write);
        return overtaken_draft(&ctx, &matters, id, &sent, &theirs).await;
    }
    let action = action_name(&ctx, &matters, &before, sent.typed.value("action"));
    match take(&matters, &ctx, &write, &token, &sent).await {
        Ok(matter) => leave(&ctx, &matters, write, &matter, &Done::Acted(action, Box::new(before))).await,
        Err(error) => {
            drop(write);
            again(&ctx, &matters, id, &sent, error).await
        }
    }
}

/// The draft that somebody saved since the sender's page was made: what is handed in would wipe it out unread.
async fn newer_draft(
    matters: &Matters,
    write: &Write,
    token: &MatterToken,
    matter: &Matter,
    sent: &Sent,
) -> Result<Option<Draft>, WebError> {
    // A matter that has moved on is the graver news, and told by the act itself.
    if sent.answers.is_none() || sent.version()? != matter.version {
        return Ok(None);
    }
    let from = sent.number("draft_version")?;
    let form = sent.typed.value("form");
    let draft = matters.draft(write.connection(), write.keys(), token, form).await?;
    Ok(draft.filter(|draft| draft.version > from))
}

async fn take(
    matters: &Matters,
    ctx: &Ctx,
    write: &Write,
    token: &MatterToken,
    sent: &Sent,
) -> Result<Matter, MatterError> {
    let answers = attach(matters, ctx, write, token, sent).await?;
    let acting = Acting {
        action: sent.typed.value("action"),
        answers: answers.as_ref(),
        reason: sent.text("reason"),
        holder: sent.post("holder"),
        version: sent.version().map_err(|_unshown| MatterError::NotFound)?,
    };
    Ok(matters.act(write, &ctx.actor, token, &acting).await?.matter)
}

/// What was done to a matter.
enum Done {
    /// The action of this name, on the matter as it was.
    Acted(String, Box<Matter>),
    Assigned,
    Paused,
    Resumed,
}

/// Saves and leads to the matter's page; to the list of its kind if the actor does not see it any more, as a department
/// what it has rejected. Either says what was done.
async fn leave(ctx: &Ctx, matters: &Matters, write: Write, matter: &Matter, done: &Done) -> PageResult {
    let own = matters.path_for(ctx, matter);
    let seen = matters.look_up(write.connection(), write.keys(), &ctx.actor, matter.id).await;
    let is_seen = !matches!(seen, Err(MatterError::NotFound));
    let list = || own.rsplit_once('/').map_or("/", |(list, _)| list);
    let location = if is_seen { own.as_str() } else { list() };
    let before = match done {
        Done::Acted(_, before) => Some(&**before),
        Done::Assigned | Done::Paused | Done::Resumed => None,
    };
    let told = Told { ctx, matters, matter, is_seen, before };
    let said = match done {
        Done::Acted(action, _) => told.acted(action).await?,
        Done::Assigned => told.assigned().await?,
        Done::Paused => told.paused()?,
        Done::Resumed => told.resumed()?,
    };
    ctx.save_saying(write, location, said).await
}

/// Saves what has been written of a form.
pub(super) async fn draft(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Reader>,
) -> PageResult {
    let sent = match read_sheet(&ctx, &matters, id, form).await {
        Ok(sent) => sent,
        Err(reading) => return give_back(&ctx, &matters, id, reading).await,
    };
    let version = sent.number("draft_version")?;
    let (write, matter, token) = open(&ctx, &matters, id, "matters.save_draft").await?;
    let saved = match attach(&matters, &ctx, &write, &token, &sent).await {
        Ok(answers) => {
            let answers = answers.unwrap_or_default();
            let saving = Saving { form: sent.typed.value("form"), answers: &answers, version };
            matters.save_draft(&write, &ctx.actor, &token, &saving).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(Saved::Kept(_)) => {
            let action = sent.typed.value("action");
            let location = format!("{}?action={action}#form", matters.path_of(&matter));
            ctx.save_saying(write, &location, Texts(ctx.language).said_draft()).await
        }
        Ok(Saved::Overtaken(theirs)) => {
            drop(write);
            overtaken_draft(&ctx, &matters, id, &sent, &theirs).await
        }
        Err(error) => {
            drop(write);
            again(&ctx, &matters, id, &sent, error).await
        }
    }
}

/// Stops the clock.
pub(super) async fn pause(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Reader>,
) -> PageResult {
    let sent = Sent::plain(form.typed);
    let (write, _, token) = open(&ctx, &matters, id, "matters.pause").await?;
    let pausing = Pausing {
        reason: sent.typed.value("pause"),
        // The clock runs again with the chosen day. Without a day it would not stop at all, and that is said.
        until: sent.day("until").map_or(ctx.now, Day::start),
        note: sent.typed.value("note"),
        version: sent.version()?,
    };
    let done = matters.pause(&write, &ctx.actor, &token, &pausing).await;
    finish(&ctx, &matters, id, &sent, write, done.map(|acted| (acted.matter, Done::Paused))).await
}

/// Lets the clock run again.
pub(super) async fn resume(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Reader>,
) -> PageResult {
    let sent = Sent::plain(form.typed);
    let (write, _, token) = open(&ctx, &matters, id, "matters.resume").await?;
    let done = matters.resume(&write, &ctx.actor, &token, sent.version()?).await;
    finish(&ctx, &matters, id, &sent, write, done.map(|acted| (acted.matter, Done::Resumed))).await
}

/// Hands the matter to another post.
pub(super) async fn assign(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Reader>,
) -> PageResult {
    let sent = Sent::plain(form.typed);
    let version = sent.version()?;
    let Some(holder) = sent.post("holder") else {
        return again(&ctx, &matters, id, &sent, MatterError::UnfitHolder).await;
    };
    let (write, _, token) = open(&ctx, &matters, id, "matters.assign").await?;
    let assigning = Assigning { holder, reason: sent.typed.value("reason"), version };
    let done = matters.assign(&write, &ctx.actor, &token, &assigning).await;
    finish(&ctx, &matters, id, &sent, write, done.map(|acted| (acted.matter, Done::Assigned))).await
}

/// Refers something to a department or organisation.
pub(super) async fn refer(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Reader>,
) -> PageResult {
    let sent = Sent { is_referral: true, ..Sent::plain(form.typed) };
    let version = sent.version()?;
    let (write, matter, token) = open(&ctx, &matters, id, "matters.refer").await?;
    let done = send_referral(&ctx, &matters, &write, &matter, &token, &sent, version).await;
    match done {
        Ok((number, organisation)) => {
            let said = Texts(ctx.language).said_referred(number, organisation);
            ctx.save_saying(write, &format!("{}#referrals", matters.path_of(&matter)), said).await
        }
        Err(error) => {
            drop(write);
            again(&ctx, &matters, id, &sent, error).await
        }
    }
}

/// Sends a referral; returns its number and to whom it went.
async fn send_referral(
    ctx: &Ctx,
    matters: &Matters,
    write: &Write,
    matter: &Matter,
    token: &MatterToken,
    sent: &Sent,
    version: i32,
) -> Result<(String, String), MatterError> {
    let to = sent.typed.value("to");
    let duty = to.strip_prefix("duty:");
    let organisation: Option<OrganisationId> = match duty {
        Some(duty) => matters.destination(write.connection(), matter, duty).await?.map(|found| found.id),
        None => to.strip_prefix("organisation:").and_then(|id| id.parse().ok()),
    };
    let referring = Referring {
        organisation: organisation.ok_or(MatterError::NobodyAtOrganisation)?,
        duty,
        words: MatterWords {
            title: sent.text("title").unwrap_or_default().chars().take(TITLE_AT_MOST).collect(),
            summary: sent.text("summary").unwrap_or_default().chars().take(SUMMARY_AT_MOST).collect(),
            place: String::new(),
        },
        told: told(matters, matter, sent)?,
        previous: sent.text("previous").and_then(|id| id.parse().ok()),
        version,
    };
    let to = organisations::get(write.connection(), referring.organisation).await?;
    let referral = matters.refer(write, &ctx.actor, token, referring).await?;
    Ok((referral.number, to.name))
}

/// What the form says of the person.
fn told(matters: &Matters, matter: &Matter, sent: &Sent) -> Result<Answers, MatterError> {
    let Some(form) = matters.telling_form(matter)? else { return Ok(Answers::default()) };
    let (answers, faults) = sheet::read_typed(form, &sent.typed);
    if faults.is_empty() { Ok(answers) } else { Err(Refusal::FaultyAnswers(faults).into()) }
}

/// Letters of what is asked of a department, in a line and in full. The page's fields have the same bounds.
const TITLE_AT_MOST: usize = 60;
const SUMMARY_AT_MOST: usize = 1_000;

async fn finish(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    sent: &Sent,
    write: Write,
    done: Result<(Matter, Done), MatterError>,
) -> PageResult {
    match done {
        Ok((matter, done)) => leave(ctx, matters, write, &matter, &done).await,
        Err(error) => {
            drop(write);
            again(ctx, matters, id, sent, error).await
        }
    }
}

/// The page again, after `error`, with everything that was typed. The transaction has been given up.
pub(super) async fn again(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    sent: &Sent,
    error: MatterError,
) -> PageResult {
    if matches!(error, MatterError::Conflict(_) | MatterError::Store(StoreError::Conflict)) {
        return overtaken(ctx, matters, id, sent).await;
    }
    let Some(message) = error.message() else { return Err(error.into()) };
    let faults = match &error {
        MatterError::Refused(Refusal::FaultyAnswers(faults)) => faults.clone(),
        _ => Vec::new(),
    };
    let seen = look_up(ctx, matters, id).await?;
    let note = Alert::new(Tone::Urgent, message.says(ctx.language), "");
    let ask = Ask { faults: &faults, notes: vec![note], ..asking(sent) };
    answer(ctx, matters, seen, ask, StatusCode::UNPROCESSABLE_ENTITY).await
}

fn asking(sent: &Sent) -> Ask<'_> {
    Ask {
        action: Some(sent.typed.value("action")),
        refer: if sent.is_referral {
            ReferAsked::of(sent.text("previous").and_then(|id| id.parse().ok()))
        } else {
            ReferAsked::No
        },
        typed: Some(&sent.typed),
        ..Ask::default()
    }
}

/// Somebody else moved the matter on: how it stands now beside what was typed, on a page from which it can be sent again.
async fn overtaken(ctx: &Ctx, matters: &Matters, id: MatterId, sent: &Sent) -> PageResult {
    let seen = look_up(ctx, matters, id).await?;
    let (t, language) = (Texts(ctx.language), ctx.language);
    let Seen { read, matter, token } = &seen;
    let entries = matters.timeline(read, token, matter, None, history::SHOWN_AT_MOST).await?;
    let mut wanted = Wanted::default();
    wanted.posts.push(matter.holder);
    wanted.posts.extend(sent.post("holder"));
    history::wanted(&entries, &mut wanted);
    let names = Names::read(read, &ctx.app, language, &wanted, ctx.now).await?;
    let stage = matters.stage_of(matter)?;
    let stage_words = match matters.outcome_of(matter) {
        Some(outcome) => format!("{} {}", stage.label.says(language), outcome.says(language)),
        None => stage.label.says(language).to_owned(),
    };
    let mut rows = vec![
        ConflictRow {
            label: t.conflict_stage().to_owned(),
            theirs: stage_words,
            mine: mine(ctx, matters, matter, sent),
        },
        ConflictRow {
            label: t.conflict_holder().to_owned(),
            theirs: names.post(matter.holder).line(language),
            mine: sent.post("holder").map(|post| names.post(post).line(language)).unwrap_or_default(),
        },
    ];
    if let Some(reason) = sent.text("reason") {
        let row = ConflictRow {
            label: t.conflict_reason().to_owned(),
            theirs: String::new(),
            mine: reason.to_owned(),
        };
        rows.push(row);
    }
    let theirs = matters.answers(read.connection(), read.keys(), token).await?;
    let theirs = theirs.get(sent.typed.value("form")).map(|paper| &paper.filled.answers);
    rows.extend(answer_rows(ctx, matters, matter, sent, theirs)?);
    let (who, at) = history::last_change(&entries, &names).unwrap_or(("", matter.changed_at));
    let conflict = Conflict::new(who, web::show::full(at), rows, language);
    let note = MatterError::Conflict(Box::new(matter.clone())).message();
    let notes = note.map(|note| Alert::new(Tone::High, note.says(language), ""));
    let ask = Ask { conflict: Some(conflict), notes: notes.into_iter().collect(), ..asking(sent) };
    answer(ctx, matters, seen, ask, StatusCode::CONFLICT).await
}

/// What the sender wanted to do, in words: the action is looked for in every stage, since the matter has moved on.
fn mine(ctx: &Ctx, matters: &Matters, matter: &Matter, sent: &Sent) -> String {
    let key = sent.typed.value("action");
    let Ok(kind) = matters.kind_of(matter) else { return String::new() };
    let from = kind.stages.get(sent.typed.value("stage"));
    let action = from.and_then(|stage| stage.actions.get(key));
    let action = action.or_else(|| kind.stages.values().find_map(|stage| stage.actions.get(key)));
    action.map(|action| action.label.says(ctx.language).to_owned()).unwrap_or_default()
}

/// The answers of both, field by field: those that somebody gave.
fn answer_rows(
    ctx: &Ctx,
    matters: &Matters,
    matter: &Matter,
    sent: &Sent,
    theirs: Option<&Answers>,
) -> Result<Vec<ConflictRow>, MatterError> {
    let Some(mine) = &sent.answers else { return Ok(Vec::new()) };
    let form = matters.workflow_of(matter)?.forms.get(sent.typed.value("form"));
    let fields = form.into_iter().flat_map(workflow::Form::fields);
    let rows = fields.filter_map(|field| {
        let of = |answers: Option<&Answers>| {
            let answer = answers.and_then(|answers| answers.values.get(&field.key));
            answer.map(|answer| sheet::in_words(field, answer, ctx.language)).unwrap_or_default()
        };
        let (theirs, mine) = (of(theirs), of(Some(mine)));
        let is_said = !theirs.is_empty() || !mine.is_empty();
        let label = field.label.says(ctx.language).to_owned();
        is_said.then_some(ConflictRow { label, theirs, mine })
    });
    Ok(rows.collect())
}

/// Somebody else saved the draft first: both, field by field. What was typed can be saved over theirs after that.
async fn overtaken_draft(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    sent: &Sent,
    theirs: &Draft,
) -> PageResult {
    let seen = look_up(ctx, matters, id).await?;
    let rows = answer_rows(ctx, matters, &seen.matter, sent, Some(&theirs.answers))?;
    let mut wanted = Wanted::default();
    wanted.accounts.extend(theirs.account);
    let names = Names::read(&seen.read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let who = theirs.account.map(|account| names.account(account)).unwrap_or_default();
    let conflict = Conflict::new(who, web::show::full(theirs.at), rows, ctx.language);
    let form = matters.workflow_of(&seen.matter)?.forms.get(&theirs.form);
    let (typed, differing) = match form {
        Some(form) => settle::merged(form, &sent.typed, &theirs.answers, ctx.language),
        None => (sent.typed.clone(), Vec::new()),
    };
    let t = Texts(ctx.language);
    let note = Alert::new(Tone::High, t.draft_overtaken(), t.draft_overtaken_next(differing.len()));
    let ask = Ask {
        conflict: Some(conflict),
        notes: vec![note],
        settle: differing,
        typed: Some(&typed),
        ..asking(sent)
    };
    answer(ctx, matters, seen, ask, StatusCode::CONFLICT).await
}
