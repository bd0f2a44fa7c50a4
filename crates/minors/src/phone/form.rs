//! The form of a check or a visit: shown with what is known, what was written and what is wrong; and taken without
//! script, pictures and all.

use askama::Template;
use axum::response::Response;
use base::{AreaLevel, MatterId};
use matters::attachments::Picture;
use matters::{Matter, MatterError, Matters, Phase};
use policy::EmergencyNumber;
use web::components::ConflictRow;
use web::{Ctx, Form, PageResult, Reader, Shell, Typed, WebError, Worded as _};
use workflow::{Answer, Answers, FieldFault, FieldKind, Refusal};

use super::Texts;
use super::child::{self, Child};
use super::commands::{self, Asked};
use super::door::{DANGER, Door, wrong};
use super::known::{self, About, Known};
use super::late::{AtDoor, Written};
use super::questions::{self, Question, Shown};
use super::section::{Section, VISITS};
use super::seen::Seen;
use super::{drafts, give_back, matter};

/// Both versions of what was to be done.
pub(crate) struct Both {
    /// Line by line.
    pub rows: Vec<ConflictRow>,
}

#[derive(Template)]
#[template(path = "phone/templates/form.html")]
struct FormPage {
    shell: Shell,
    t: Texts,
    id: MatterId,
    href: String,
    name: String,
    base: String,
    action: String,
    form_key: String,
    form_label: String,
    is_visit: bool,
    is_sample: bool,
    /// What must hold of the answers beside each of them, for the script.
    needs: String,
    draft_version: i32,
    draft_revision: String,
    questions: Vec<Question>,
    first_key: String,
    fault_count: usize,
    refused: Option<String>,
    conflict: Option<Both>,
    can_report: bool,
    danger_questions: Vec<Question>,
    /// What is wrong with a report of danger that was sent without script: then its sheet is open.
    danger_fault: Option<String>,
    alerted_levels: String,
    first_number: Option<String>,
}

/// What a form is shown with beside what is known.
#[derive(Default)]
struct Standing {
    /// What was sent, if it was and could not be taken.
    sent: Option<Answers>,
    /// What is wrong with it.
    faults: Vec<FieldFault>,
    /// What cannot be taken at all: a file that is no picture.
    refused: Option<String>,
    /// What somebody else did meanwhile.
    conflict: Option<Both>,
    /// A report of danger that was sent and could not be taken, with what is wrong.
    danger: Option<(Answers, Vec<FieldFault>)>,
}

/// The form of the stage that the matter is in.
pub(crate) async fn show(ctx: Ctx, matters: Matters, section: &'static Section, id: MatterId) -> PageResult {
    let read = ctx.read().await?;
    let door = Door::open(&ctx, &matters, &read, section, id).await?;
    drop(read);
    if door.matter.phase() == Phase::Closed {
        return Ok(web::see_other(&format!("{}/outcome", section.href(id))));
    }
    if door.handing_in().is_none_or(|offer| offer.refusal.is_some()) {
        return Ok(web::see_other(&section.href(id)));
    }
    // What was written before a session ended, without script.
    let typed = ctx.typed(&format!("{}/form", section.href(id)));
    let sent = if typed.is_given_back() { Some(read_typed(&ctx, &matters, &door, &typed)?.0) } else { None };
    let page = page(&ctx, &matters, section, &door, Standing { sent, ..Standing::default() }).await?;
    door.put_on_record(&ctx, if page.is_visit { "visit" } else { "check" }, "form").await?;
    web::page(&page)
}

async fn page(
    ctx: &Ctx,
    matters: &Matters,
    section: &'static Section,
    door: &Door,
    standing: Standing,
) -> Result<FormPage, WebError> {
    let (matter, language) = (&door.matter, ctx.language);
    let offer = door.handing_in().ok_or(WebError::NotFound)?;
    let action = offer.action.key.clone();
    let form = door.form(matters, &action)?;
    let needs = questions::needs(form, &offer.action, language);
    let read = ctx.read().await?;
    let draft = matters.draft(read.connection(), read.keys(), &door.token, &form.key).await.map_err(wrong)?;
    let about = About { matter: &door.matter, card: door.card.as_ref() };
    let known = known::of(ctx, matters, &read, about, form).await?;
    drop(read);
    let draft_version = draft.as_ref().map_or(0, |draft| draft.version);
    let draft_revision = match (&standing.sent, &draft) {
        // What was sent is no state of the draft: words that the phone keeps stand beside it, and the person chooses.
        (Some(_), _) => "sent".to_owned(),
        (None, Some(draft)) => drafts::revision(draft.version, draft.at),
        (None, None) => drafts::revision(0, matter.clock.started),
    };
    // Nothing is answered but by a person: what is on record stands beside the question.
    let answers = standing.sent.or(draft.map(|draft| draft.answers)).unwrap_or_default();
    let shown =
        Shown { matter: matter.id, answers: &answers, known: &known, faults: &standing.faults, language };
    let questions = questions::questions(form, &shown);
    let child =
        door.card.as_ref().map(|card| Child::of(card, ctx.app.database.keys(), ctx.today(), language));
    let title = child::heading(child.as_ref(), matter);
    let danger = door.can(DANGER).then(|| door.form(matters, DANGER)).transpose()?;
    let danger_fault = standing.danger.as_ref().and_then(|(_, faults)| faults.first());
    let danger_fault = danger_fault.map(|fault| fault.fault.message().says(language).to_owned());
    let (reported, danger_faults) = standing.danger.unwrap_or_default();
    let plain = Shown {
        matter: matter.id,
        answers: &reported,
        known: &Known::default(),
        faults: &danger_faults,
        language,
    };
    let t = Texts(language);
    Ok(FormPage {
        shell: ctx.shell("/m", title.clone()).await?.at(ctx, &matter.area).on_record(),
        t,
        id: matter.id,
        href: section.href(matter.id),
        name: title,
        base: Seen::of(matter).to_json(),
        action,
        form_key: form.key.clone(),
        form_label: form.label.says(language).to_owned(),
        is_visit: section.kind == VISITS.kind,
        is_sample: form.sample,
        needs,
        draft_version,
        draft_revision,
        first_key: questions.first().map(|first| first.key.clone()).unwrap_or_default(),
        questions,
        fault_count: standing.faults.len(),
        refused: standing.refused,
        conflict: standing.conflict,
        can_report: danger.is_some(),
        danger_questions: danger.map(|form| questions::questions(form, &plain)).unwrap_or_default(),
        danger_fault,
        alerted_levels: alerted_levels(ctx, matters, door),
        first_number: numbers(ctx).find(|one| !one.dated.sample).map(|one| one.number.clone()),
    })
}

/// Who is told of immediate danger, in words: the roles of the levels that the workflow alerts.
fn alerted_levels(ctx: &Ctx, matters: &Matters, door: &Door) -> String {
    let Ok(workflow) = matters.workflow_of(&door.matter) else { return String::new() };
    let branches = door.offer(DANGER).into_iter().flat_map(|offer| &offer.action.branches);
    let mut levels: Vec<AreaLevel> = branches.flat_map(|branch| branch.alerts.iter().copied()).collect();
    levels.dedup();
    let roles = levels.iter().filter_map(|level| {
        let rung = workflow.ladder.iter().find(|rung| rung.level == *level)?;
        Some(ctx.app.roles.get(&rung.role)?.label.says(ctx.language))
    });
    roles.collect::<Vec<_>>().join(Texts(ctx.language).phone_comma())
}

/// The numbers to call in danger that hold today.
pub(crate) fn numbers(ctx: &Ctx) -> impl Iterator<Item = &EmergencyNumber> {
    let today = ctx.today();
    let program = ctx.app.programs.program(crate::PROGRAM);
    let all = program.into_iter().flat_map(|program| &program.routing.emergency_numbers);
    all.filter(move |number| number.dated.holds_on(today))
}

/// The answers of a page that was sent without script, and what cannot be read of them.
fn read_typed(
    _ctx: &Ctx,
    matters: &Matters,
    door: &Door,
    typed: &Typed,
) -> Result<(Answers, Vec<FieldFault>), WebError> {
    let action = door.handing_in().ok_or(WebError::NotFound)?.action.key.clone();
    Ok(answers_of(door.form(matters, &action)?, typed))
}

fn answers_of(form: &workflow::Form, typed: &Typed) -> (Answers, Vec<FieldFault>) {
    let fields = form.fields().flat_map(|field| {
        let values = typed.values(&field.key);
        values.map(|value| (field.key.clone(), value.to_owned())).collect::<Vec<_>>()
    });
    form.read_pairs(&fields.collect::<Vec<_>>())
}

/// Takes a form without script: pictures are attached, then the answers are handed in, all in one transaction.
pub(crate) async fn hand_in(
    ctx: Ctx,
    matters: Matters,
    section: &'static Section,
    id: MatterId,
    sent: Form<Reader>,
) -> PageResult {
    let Form { input, typed } = sent;
    let read = ctx.read().await?;
    let door = Door::open(&ctx, &matters, &read, section, id).await?;
    drop(read);
    let Some(offer) = door.handing_in() else {
        return moved_on(&ctx, &matters, section, &door, &typed).await;
    };
    let action = offer.action.key.clone();
    let form = door.form(&matters, &action)?;
    let (mut answers, faults) = answers_of(form, &typed);
    if !faults.is_empty() {
        let standing = Standing { sent: Some(answers), faults, ..Standing::default() };
        return web::unprocessable(&page(&ctx, &matters, section, &door, standing).await?);
    }
    let pictures = match pictures(input, form).await {
        Ok(pictures) => pictures,
        Err(error) => {
            let Some(message) = error.message() else { return Err(wrong(error)) };
            let refused = Some(message.says(ctx.language).to_owned());
            let standing = Standing { sent: Some(answers), refused, ..Standing::default() };
            return web::unprocessable(&page(&ctx, &matters, section, &door, standing).await?);
        }
    };
    let write = ctx.write("minors.hand_in_at_door").await?;
    let (_, token) =
        matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await.map_err(wrong)?;
    for (field, picture) in pictures {
        let attached = matters.attach(&write, &ctx.actor, &token, &picture, "").await.map_err(wrong)?;
        match answers.values.entry(field).or_insert_with(|| Answer::Photos(Vec::new())) {
            Answer::Photos(photos) => photos.push(attached.id),
            _ => return Err(WebError::internal("a field of pictures holds something else")),
        }
    }
    let seen: Option<Seen> = serde_json::from_str(typed.value("matter_base")).ok();
    let asked =
        Asked { matter: id, action: &action, answers: Some(&answers), reason: None, seen: seen.as_ref() };
    match commands::carry_out(&write, &ctx, &matters, &token, &asked).await {
        Ok(done) => {
            let told = (&door.matter, action.as_str());
            commands::finish(&ctx, &matters, write, section, told, &done.matter).await
        }
        Err(MatterError::Refused(Refusal::FaultyAnswers(faults))) => {
            drop(write);
            forget_pictures(form, &mut answers);
            let standing = Standing { sent: Some(answers), faults, ..Standing::default() };
            web::unprocessable(&page(&ctx, &matters, section, &door, standing).await?)
        }
        Err(MatterError::Refused(Refusal::Unmet(message))) => {
            drop(write);
            forget_pictures(form, &mut answers);
            let refused = Some(message.says(ctx.language).to_owned());
            let standing = Standing { sent: Some(answers), refused, ..Standing::default() };
            web::unprocessable(&page(&ctx, &matters, section, &door, standing).await?)
        }
        Err(MatterError::Conflict(_) | MatterError::Refused(_)) => {
            drop(write);
            moved_on(&ctx, &matters, section, &door, &typed).await
        }
        Err(other) => Err(wrong(other)),
    }
}

/// The pictures were not kept with the rest: they are chosen again.
fn forget_pictures(form: &workflow::Form, answers: &mut Answers) {
    for field in form.fields().filter(|field| matches!(field.kind, FieldKind::Photos { .. })) {
        answers.values.remove(&field.key);
    }
}

/// The pictures that came with a form, by the field that asks for them.
async fn pictures(
    input: Option<Reader>,
    form: &workflow::Form,
) -> Result<Vec<(String, Picture)>, MatterError> {
    let mut pictures = Vec::new();
    let Some(mut reader) = input else { return Ok(pictures) };
    for field in form.fields() {
        let FieldKind::Photos { most } = field.kind else { continue };
        for file in reader.files(&field.key).into_iter().take(most) {
            pictures.push((field.key.clone(), Picture::read(file.bytes.to_vec()).await?));
        }
    }
    Ok(pictures)
}

/// Somebody else moved the matter on: both versions, nothing overwritten.
async fn moved_on(
    ctx: &Ctx,
    matters: &Matters,
    section: &'static Section,
    door: &Door,
    typed: &Typed,
) -> PageResult {
    let workflow = matters.workflow_of(&door.matter).map_err(wrong)?;
    let form = workflow.forms.iter().find(|form| form.fields().any(|field| typed.has(&field.key)));
    let answers = form.map(|form| answers_of(form, typed).0);
    let read = ctx.read().await?;
    let door = Door::open(ctx, matters, &read, section, door.matter.id).await?;
    let rows = commands::both(ctx, matters, &read, &door, form, answers.as_ref()).await?;
    drop(read);
    if door.handing_in().is_some_and(|offer| offer.refusal.is_none()) {
        let standing = Standing { sent: answers, conflict: Some(Both { rows }), ..Standing::default() };
        return web::overtaken(&page(ctx, matters, section, &door, standing).await?);
    }
    matter::overtaken(ctx, section, &door.matter, Both { rows }).await
}

/// Takes an action of one tap without script: accept, return, danger.
pub(crate) async fn act(
    ctx: Ctx,
    matters: Matters,
    section: &'static Section,
    id: MatterId,
    sent: Form<Reader>,
) -> PageResult {
    let typed = sent.typed;
    let action = typed.value("matter_action").to_owned();
    let write = ctx.write("minors.act_at_door").await?;
    let (matter, token) = match matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await {
        Ok(found) => found,
        Err(error) => {
            drop(write);
            let late = late(&ctx, &matters, id, &action, &typed).await?;
            return late.ok_or_else(|| wrong(error));
        }
    };
    if matter.kind != section.kind {
        return Err(WebError::NotFound);
    }
    let form = form_of(&matters, &matter, &action)?;
    let (answers, faults) = match form.map(|form| answers_of(form, &typed)) {
        Some((answers, faults)) => (Some(answers), faults),
        None => (None, Vec::new()),
    };
    if !faults.is_empty() {
        drop(write);
        let sent = (answers.unwrap_or_default(), faults);
        return danger_again(&ctx, &matters, section, id, sent).await;
    }
    let reason = give_back::reason(&ctx, &typed);
    let seen: Option<Seen> = serde_json::from_str(typed.value("matter_base")).ok();
    let asked = Asked {
        matter: id,
        action: &action,
        answers: answers.as_ref(),
        reason: reason.as_deref(),
        seen: seen.as_ref(),
    };
    match commands::carry_out(&write, &ctx, &matters, &token, &asked).await {
        Ok(done) => {
            let told = (&matter, action.as_str());
            commands::finish(&ctx, &matters, write, section, told, &done.matter).await
        }
        Err(MatterError::Refused(refusal @ Refusal::NeedsReason(_))) => {
            drop(write);
            let missing = Texts(ctx.language).return_missing().to_owned();
            let fault =
                if reason.is_none() { missing } else { refusal.message().says(ctx.language).to_owned() };
            give_back::again(&ctx, &matters, section, id, typed, fault).await
        }
        Err(MatterError::Refused(Refusal::FaultyAnswers(faults))) => {
            drop(write);
            danger_again(&ctx, &matters, section, id, (answers.unwrap_or_default(), faults)).await
        }
        Err(MatterError::Refused(Refusal::Closed | Refusal::NoSuchAction)) => {
            drop(write);
            let late = late(&ctx, &matters, id, &action, &typed).await?;
            late.ok_or_else(|| wrong(MatterError::Refused(Refusal::Closed)))
        }
        Err(MatterError::Conflict(_)) => {
            drop(write);
            if let Some(done) = late(&ctx, &matters, id, &action, &typed).await? {
                return Ok(done);
            }
            let read = ctx.read().await?;
            let door = Door::open(&ctx, &matters, &read, section, id).await?;
            let rows = commands::both(&ctx, &matters, &read, &door, form, answers.as_ref()).await?;
            drop(read);
            matter::overtaken(&ctx, section, &door.matter, Both { rows }).await
        }
        Err(other) => Err(wrong(other)),
    }
}

/// Word of danger from a page that is older than what others did since: it arrives all the same. `None` for anything else,
/// of which the person is shown how it stands.
async fn late(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    action: &str,
    typed: &Typed,
) -> Result<Option<Response>, WebError> {
    let Ok(seen) = serde_json::from_str::<Seen>(typed.value("matter_base")) else { return Ok(None) };
    if action != DANGER {
        return Ok(None);
    }
    let write = ctx.write("minors.act_at_door").await?;
    let written = Written { matter: id, action, seen: &seen, at: ctx.now };
    let Some(at_door) = AtDoor::open(ctx, matters, &write, written).await.map_err(wrong)? else {
        return Ok(None);
    };
    let (answers, faults) = answers_of(at_door.form(matters).map_err(wrong)?, typed);
    if !faults.is_empty() {
        return Err(wrong(MatterError::Refused(Refusal::FaultyAnswers(faults))));
    }
    let said = at_door.deliver(ctx, matters, &write, &answers).await.map_err(wrong)?;
    ctx.save_saying(write, "/m", said).await.map(Some)
}

/// The sheet that reports danger again, open, with what was chosen and what is wrong. Danger is the one form that is
/// handed in from a sheet.
async fn danger_again(
    ctx: &Ctx,
    matters: &Matters,
    section: &'static Section,
    id: MatterId,
    (answers, faults): (Answers, Vec<FieldFault>),
) -> PageResult {
    let read = ctx.read().await?;
    let door = Door::open(ctx, matters, &read, section, id).await?;
    drop(read);
    if !door.can(DANGER) || door.handing_in().is_none() {
        return Err(wrong(MatterError::Refused(Refusal::FaultyAnswers(faults))));
    }
    let standing = Standing { danger: Some((answers, faults)), ..Standing::default() };
    web::unprocessable(&page(ctx, matters, section, &door, standing).await?)
}

/// The form that an action of the matter's stage hands in, if any.
pub(crate) fn form_of<'a>(
    matters: &'a Matters,
    matter: &Matter,
    action: &str,
) -> Result<Option<&'a workflow::Form>, WebError> {
    if matter.phase() == Phase::Closed {
        return Ok(None);
    }
    let stage = matters.stage_of(matter).map_err(wrong)?;
    let key = stage.actions.get(action).and_then(|one| one.form.as_deref());
    let workflow = matters.workflow_of(matter).map_err(wrong)?;
    Ok(key.and_then(|key| workflow.forms.get(key)))
}
