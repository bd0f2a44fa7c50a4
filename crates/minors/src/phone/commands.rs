//! Commands: what a phone wants done, as JSON, each with an id of its own. The answer is a receipt, and the same command
//! sent again is answered by the same receipt; what cannot be done is said in words that the phone keeps with it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base::{Label, MatterId, Moment};
use matters::panel;
use matters::{Acted, Acting, Matter, MatterError, MatterToken, Matters, Phase, receipts};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{Read, Write};
use uuid::Uuid;
use web::components::ConflictRow;
use web::{Command, Ctx, PageResult, WebError, Worded as _, show};
use workflow::{Answers, FieldFault, Form, Refusal};

use super::Texts;
use super::door::{Door, names_of, wrong};
use super::form::form_of;
use super::late::{AtDoor, Written};
use super::questions;
use super::section::Section;
use super::seen::Seen;

/// The word under which receipts of these commands are kept.
pub(crate) const ACT: &str = "minors.act_at_door";

/// A command as a phone sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    /// Its own id, made on the phone.
    command: Uuid,
    /// The phone's time when it was written, in milliseconds.
    device_time: i64,
    /// The matter.
    matter: Uuid,
    /// The action of its stage.
    action: String,
    /// The form that it hands in: what the answers are read by when the matter has moved on.
    form: Option<String>,
    /// What the phone saw of the matter.
    base: Seen,
    /// The reason, where one is asked for.
    reason: Option<String>,
    /// The answers by field.
    answers: Option<Map<String, Value>>,
}

/// What a command was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answered {
    /// The command.
    pub command: Uuid,
    /// When the server took it, in milliseconds.
    pub at: i64,
    /// Where to go on.
    pub location: String,
    /// What became of it, where that is not what its sender had meant: it arrived late.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
}

/// What is to be done to a matter at the door.
pub(crate) struct Asked<'a> {
    /// The matter.
    pub matter: MatterId,
    /// The action.
    pub action: &'a str,
    /// The answers.
    pub answers: Option<&'a Answers>,
    /// The reason.
    pub reason: Option<&'a str>,
    /// What its sender saw; what nobody saw is never taken.
    pub seen: Option<&'a Seen>,
}

/// Does it, in `write`.
pub(crate) async fn carry_out(
    write: &Write,
    ctx: &Ctx,
    matters: &Matters,
    token: &MatterToken,
    asked: &Asked<'_>,
) -> Result<Acted, MatterError> {
    let (matter, _) = matters.look_up(write.connection(), write.keys(), &ctx.actor, asked.matter).await?;
    let version = asked.seen.map_or(0, |seen| seen.version_for(&matter));
    let acting =
        Acting { action: asked.action, answers: asked.answers, reason: asked.reason, holder: None, version };
    matters.act(write, &ctx.actor, token, &acting).await
}

/// Where the phone goes on: to what came of it, to the matter that is still theirs, or to the list where it went to
/// somebody else.
pub(crate) fn location(section: &Section, before: &Matter, matter: &Matter) -> String {
    let href = section.href(matter.id);
    match matter.phase() {
        Phase::Closed => format!("{href}/outcome"),
        _ if matter.stage == "dispatch" || matter.holder != before.holder => "/m".to_owned(),
        _ => href,
    }
}

/// What the next page says was done. What came of a matter that has ended has a page that says it all.
pub(crate) async fn said(
    ctx: &Ctx,
    matters: &Matters,
    write: &Write,
    before: &Matter,
    action: &str,
    after: &Matter,
) -> Result<Option<String>, WebError> {
    if after.phase() == Phase::Closed {
        return Ok(None);
    }
    let seen = matters.look_up(write.connection(), write.keys(), &ctx.actor, after.id).await;
    let is_seen = !matches!(seen, Err(MatterError::NotFound));
    panel::said::acted(ctx, matters, before, action, (after, is_seen)).await.map(Some)
}

/// Saves a form's act and leads on, to a page that says what was done.
pub(crate) async fn finish(
    ctx: &Ctx,
    matters: &Matters,
    write: Write,
    section: &Section,
    (before, action): (&Matter, &str),
    after: &Matter,
) -> PageResult {
    let to = location(section, before, after);
    match said(ctx, matters, &write, before, action, after).await? {
        Some(said) => ctx.save_saying(write, &to, said).await,
        None => ctx.save(write, &to).await,
    }
}

/// Takes a command. Sent again, it is answered as the first time, but the sentence that the next page would have said is
/// lost: unlike a form's, a command's receipt does not name the one that keeps it.
pub(crate) async fn take(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Command(sent): Command<Sent>,
) -> PageResult {
    let write = ctx.write(ACT).await?;
    if let Some(before) = receipts::find(&write, &ctx.actor, sent.command).await.map_err(wrong)? {
        return Ok(Json(before.answer::<Value>().map_err(wrong)?).into_response());
    }
    let id = MatterId(sent.matter);
    let (matter, token) = match matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await {
        Ok(found) => found,
        Err(MatterError::NotFound) => {
            drop(write);
            return Ok(late(&ctx, &matters, &sent).await?.unwrap_or_else(|| gone(&ctx)));
        }
        Err(other) => return Err(wrong(other)),
    };
    let section = Section::of(&matter.kind).ok_or(WebError::NotFound)?;
    let form = form_of(&matters, &matter, &sent.action)?;
    let read_answers = form.zip(sent.answers.as_ref()).map(|(form, answers)| form.read_json(answers));
    if let Some((_, faults)) = read_answers.as_ref().filter(|(_, faults)| !faults.is_empty()) {
        return Ok(faulty(&ctx, faults));
    }
    let answers = read_answers.map(|(answers, _)| answers);
    let asked = Asked {
        matter: id,
        action: &sent.action,
        answers: answers.as_ref(),
        reason: sent.reason.as_deref(),
        seen: Some(&sent.base),
    };
    match carry_out(&write, &ctx, &matters, &token, &asked).await {
        Ok(done) => {
            let said = said(&ctx, &matters, &write, &matter, &sent.action, &done.matter).await?;
            let location = location(section, &matter, &done.matter);
            let answered = Answered { command: sent.command, at: write.at().0, location, title: None };
            keep(&write, &ctx, &sent, &answered).await?;
            let answer = Json(answered).into_response();
            if let Some(said) = said {
                return ctx.answer_saying(write, answer, said).await;
            }
            write.save().await?;
            Ok(answer)
        }
        Err(
            MatterError::Conflict(_)
            | MatterError::Refused(
                Refusal::NoSuchAction | Refusal::Closed | Refusal::NotHeld | Refusal::WrongRole,
            ),
        ) => {
            drop(write);
            if let Some(answer) = late(&ctx, &matters, &sent).await? {
                return Ok(answer);
            }
            conflict(&ctx, &matters, section, &sent, id).await
        }
        Err(MatterError::Refused(Refusal::FaultyAnswers(faults))) => Ok(faulty(&ctx, &faults)),
        Err(MatterError::Refused(Refusal::Unmet(message))) => {
            let stage = matters.stage_of(&matter).map_err(wrong)?;
            let action = form.zip(stage.actions.get(&sent.action));
            match action.and_then(|(form, action)| questions::place_of(form, action, &message)) {
                Some(field) => Ok(unmet(&ctx, field, &message)),
                None => refused(&ctx, MatterError::Refused(Refusal::Unmet(message))),
            }
        }
        Err(other) => refused(&ctx, other),
    }
}

/// Takes what was written by somebody who held the matter then, and has gone on since. `None` if it is no such thing.
async fn late(ctx: &Ctx, matters: &Matters, sent: &Sent) -> Result<Option<Response>, WebError> {
    let write = ctx.write(ACT).await?;
    // Another attempt may have been first.
    if let Some(before) = receipts::find(&write, &ctx.actor, sent.command).await.map_err(wrong)? {
        return Ok(Some(Json(before.answer::<Value>().map_err(wrong)?).into_response()));
    }
    let written = Written {
        matter: MatterId(sent.matter),
        action: &sent.action,
        seen: &sent.base,
        at: Moment(sent.device_time),
    };
    let Some(answers) = &sent.answers else { return Ok(None) };
    let Some(at_door) = AtDoor::open(ctx, matters, &write, written).await.map_err(wrong)? else {
        return Ok(None);
    };
    let (answers, faults) = at_door.form(matters).map_err(wrong)?.read_json(answers);
    if !faults.is_empty() {
        return Ok(Some(faulty(ctx, &faults)));
    }
    if at_door.is_theirs(ctx, matters, &answers).map_err(wrong)? {
        return Ok(None);
    }
    let title = match at_door.deliver(ctx, matters, &write, &answers).await {
        Ok(title) => title,
        Err(MatterError::Refused(Refusal::FaultyAnswers(faults))) => return Ok(Some(faulty(ctx, &faults))),
        Err(other) => return refused(ctx, other).map(Some),
    };
    let answered = Answered {
        command: sent.command,
        at: write.at().0,
        location: "/m".to_owned(),
        title: Some(title.clone()),
    };
    keep(&write, ctx, sent, &answered).await?;
    ctx.answer_saying(write, Json(answered).into_response(), title).await.map(Some)
}

/// Keeps the receipt with the phone's own time, which tells how long a command was under way.
async fn keep(write: &Write, ctx: &Ctx, sent: &Sent, answered: &Answered) -> Result<(), WebError> {
    let mut answer = serde_json::to_value(answered).map_err(WebError::internal)?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("device_time".to_owned(), json!(sent.device_time));
    }
    let matter = Some(MatterId(sent.matter));
    receipts::keep(write, &ctx.actor, sent.command, ACT, matter, &answer).await.map_err(wrong)
}

/// 409: how it stands, what was written, and on what to act if the sender still wants theirs.
async fn conflict(
    ctx: &Ctx,
    matters: &Matters,
    section: &'static Section,
    sent: &Sent,
    id: MatterId,
) -> PageResult {
    let read = ctx.read().await?;
    let door = Door::open(ctx, matters, &read, section, id).await?;
    let workflow = matters.workflow_of(&door.matter).map_err(wrong)?;
    let form = sent.form.as_deref().and_then(|key| workflow.forms.get(key));
    let mine = form.zip(sent.answers.as_ref()).map(|(form, answers)| form.read_json(answers).0);
    let rows = both(ctx, matters, &read, &door, form, mine.as_ref()).await?;
    drop(read);
    let t = Texts(ctx.language);
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| json!({ "label": row.label, "theirs": row.theirs, "mine": row.mine }))
        .collect();
    let body = json!({
        "title": t.command_moved(),
        "next": t.command_moved_next(),
        "rows": rows,
        "location": section.href(id),
        "base": door.can(&sent.action).then(|| Seen::of(&door.matter)),
    });
    Ok((StatusCode::CONFLICT, Json(body)).into_response())
}

/// Both versions, line by line: how the matter stands, and the answers of whoever was first beside those of the sender.
pub(crate) async fn both(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    door: &Door,
    form: Option<&Form>,
    mine: Option<&Answers>,
) -> Result<Vec<ConflictRow>, WebError> {
    let (t, matter, language) = (Texts(ctx.language), &door.matter, ctx.language);
    let row =
        |label: &str, theirs: String| ConflictRow { label: label.to_owned(), theirs, mine: String::new() };
    let stage = matters.stage_of(matter).map_err(wrong)?.label.says(language).to_owned();
    let stage = match matters.outcome_of(matter) {
        Some(outcome) => format!("{stage}{}{}", language.choose("，", ", "), outcome.says(language)),
        None => stage,
    };
    let holder = names_of(ctx, read, &[matter.holder]).await?.pop().unwrap_or_default();
    let mut rows = vec![
        row(t.command_stage(), stage),
        row(t.command_holder(), holder),
        row(t.command_changed(), show::near(matter.changed_at, ctx.now, language)),
    ];
    let Some(form) = form else { return Ok(rows) };
    let answers = matters.answers(read.connection(), read.keys(), &door.token).await.map_err(wrong)?;
    let theirs = answers.get(&form.key).map(|handed_in| &handed_in.filled.answers);
    let theirs = theirs.map(|theirs| questions::said(form, theirs, language)).unwrap_or_default();
    let mine = mine.map(|mine| questions::said(form, mine, language)).unwrap_or_default();
    for field in form.fields() {
        let label = field.label.says(language);
        let of = |all: &[questions::Said]| {
            all.iter().find(|said| said.label == label).map(|said| said.text.clone()).unwrap_or_default()
        };
        let (theirs, mine) = (of(&theirs), of(&mine));
        if !(theirs.is_empty() && mine.is_empty()) {
            rows.push(ConflictRow { label: label.to_owned(), theirs, mine });
        }
    }
    Ok(rows)
}

/// 422: which answers are wrong, and how to mend each.
fn faulty(ctx: &Ctx, faults: &[FieldFault]) -> Response {
    let faults: Map<String, Value> = faults
        .iter()
        .map(|fault| (fault.field.clone(), fault.fault.message().says(ctx.language).into()))
        .collect();
    let body = json!({ "title": Texts(ctx.language).command_faulty(), "faults": faults });
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

/// 422: answers that do not go together, said at the question that can be mended.
fn unmet(ctx: &Ctx, field: String, message: &Label) -> Response {
    let faults: Map<String, Value> = [(field, message.says(ctx.language).into())].into_iter().collect();
    let body = json!({ "title": Texts(ctx.language).command_faulty(), "faults": faults });
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

/// 404: the matter is not the sender's any more. It is not said where it went.
fn gone(ctx: &Ctx) -> Response {
    let t = Texts(ctx.language);
    let body = json!({ "title": t.command_gone(), "next": t.command_gone_next() });
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

/// What the workflow says no to, in its own words.
pub(crate) fn refused(ctx: &Ctx, error: MatterError) -> PageResult {
    let Some(Label { zh, en }) = error.message() else { return Err(wrong(error)) };
    let body = json!({ "title": ctx.language.choose(zh, en), "key": error.key() });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response())
}
