//! What came of it: the result in one line, what happened at once because of it, whom to call, and what was handed in.

use askama::Template;
use base::MatterId;
use matters::answers::HandedIn;
use matters::notices::NoticeKind;
use matters::{Matter, Matters, Phase};
use store::Read;
use web::{Ctx, PageResult, Shell, WebError, Worded as _, operation_number, show as shown};
use workflow::{Answer, Answers};

use super::Texts;
use super::door::{Door, names_of, wrong};
use super::form::numbers;
use super::questions::{self, Said};
use super::section::{Section, VISITS};

/// The kind of matter that danger opens.
const CASE: &str = "case";

/// Something that happened at once.
struct Line {
    text: String,
    note: String,
}

/// A number to call.
struct Number {
    label: String,
    digits: String,
    is_sample: bool,
}

#[derive(Template)]
#[template(path = "phone/templates/outcome.html")]
struct OutcomePage {
    shell: Shell,
    t: Texts,
    number: String,
    look: &'static str,
    icon: &'static str,
    title: String,
    detail: String,
    is_danger: bool,
    numbers: Vec<Number>,
    done: Vec<Line>,
    answers: Vec<Said>,
    photos: Vec<String>,
}

/// What came of a matter that has ended. One that has not leads to its page.
pub(crate) async fn show(ctx: Ctx, matters: Matters, section: &'static Section, id: MatterId) -> PageResult {
    let read = ctx.read().await?;
    let door = Door::open(&ctx, &matters, &read, section, id).await?;
    if door.matter.phase() != Phase::Closed {
        return Ok(web::see_other(&section.href(id)));
    }
    let page = page(&ctx, &matters, &read, section, &door).await?;
    drop(read);
    door.put_on_record(&ctx, "check", "answers").await?;
    web::page(&page)
}

async fn page(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    section: &'static Section,
    door: &Door,
) -> Result<OutcomePage, WebError> {
    let (matter, t) = (&door.matter, Texts(ctx.language));
    let handed_in = matters.answers(read.connection(), read.keys(), &door.token).await.map_err(wrong)?;
    let handed_in = handed_in.into_values().max_by_key(|one| one.at);
    let workflow = matters.workflow_of(matter).map_err(wrong)?;
    let form = handed_in.as_ref().and_then(|one| workflow.forms.get(&one.form));
    let answers = form.zip(handed_in.as_ref());
    let answers = answers.map(|(form, one)| questions::said(form, &one.filled.answers, ctx.language));
    let outcome = matter.outcome.as_deref().unwrap_or_default();
    let told = told(ctx, matters, matter);
    let is_danger = outcome == "danger";
    let title = if section.kind == VISITS.kind { t.visit_title() } else { t.lead_title() };
    Ok(OutcomePage {
        shell: ctx.shell("/m", title).await?.at(ctx, &matter.area).on_record(),
        t,
        number: matter.number.clone(),
        look: if is_danger { "danger" } else { "ok" },
        icon: if is_danger { "urgent" } else { "circle-check" },
        title: told.0,
        detail: told.1,
        is_danger,
        numbers: if is_danger { numbers(ctx).map(|one| number(ctx, one)).collect() } else { Vec::new() },
        done: done(ctx, matters, read, door, handed_in.as_ref()).await?,
        answers: answers.unwrap_or_default(),
        photos: handed_in.map(|one| photos(matter.id, &one.filled.answers)).unwrap_or_default(),
    })
}

fn number(ctx: &Ctx, one: &policy::EmergencyNumber) -> Number {
    Number {
        label: one.label.says(ctx.language).to_owned(),
        digits: one.number.clone(),
        is_sample: one.dated.sample,
    }
}

/// The result, and what to do next.
fn told(ctx: &Ctx, matters: &Matters, matter: &Matter) -> (String, String) {
    let t = Texts(ctx.language);
    let (title, detail) = match matter.outcome.as_deref().unwrap_or_default() {
        "not_found" => (t.done_not_found(), t.done_not_found_next()),
        "no_risk" => (t.done_no_risk(), t.done_no_risk_next()),
        "in_difficulty" => (t.done_in_difficulty(), ""),
        "danger" => (t.done_danger(), t.done_danger_next()),
        "fine" => (t.done_fine(), ""),
        "concern" => (t.done_concern(), ""),
        "not_met" => (t.done_not_met(), ""),
        "cancelled" => (t.done_cancelled(), ""),
        "dismissed" => (t.done_dismissed(), ""),
        // An outcome that is new in the data is named as the data name it.
        _ => {
            let label = matters.outcome_of(matter).map(|label| label.says(ctx.language));
            (label.unwrap_or(t.done_title()), "")
        }
    };
    (title.to_owned(), detail.to_owned())
}

/// What happened at once: case, file, whom it was told, the next visit, the receipt.
async fn done(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    door: &Door,
    handed_in: Option<&HandedIn>,
) -> Result<Vec<Line>, WebError> {
    let (matter, t, language) = (&door.matter, Texts(ctx.language), ctx.language);
    let (connection, keys) = (read.connection(), read.keys());
    let plain = |text: String| Line { text, note: String::new() };
    let mut done = Vec::new();
    let scope = matters.scope(&ctx.actor);
    let children = matters.children(connection, keys, &scope, matter.id).await.map_err(wrong)?;
    let about = match matter.subject {
        Some(subject) => matters.about(connection, keys, &scope, subject).await.map_err(wrong)?,
        None => Vec::new(),
    };
    let opened = children.iter().find(|one| one.kind == CASE);
    let joined = about.iter().find(|one| one.kind == CASE && one.closed_at.is_none());
    match (opened, joined, matter.outcome.as_deref()) {
        (Some(case), _, _) => done.push(plain(t.done_case_opened(&case.number))),
        (None, Some(case), Some("danger")) => done.push(plain(t.done_case_joined(&case.number))),
        _ => {}
    }
    // An alert is about what was opened or took the danger on: the case, of whose alerts those of this end are told.
    let case = opened.or(joined.filter(|_| matter.outcome.as_deref() == Some("danger")));
    let of_case = match case {
        Some(case) => Some(matters.look_up(connection, keys, &ctx.actor, case.id).await.map_err(wrong)?.1),
        None => None,
    };
    let token = of_case.as_ref().unwrap_or(&door.token);
    let alerts = matters.told_of(connection, token, NoticeKind::Alert).await.map_err(wrong)?;
    let alerts: Vec<_> = alerts.into_iter().filter(|alert| Some(alert.at) == matter.closed_at).collect();
    let posts: Vec<_> = alerts.iter().map(|notice| notice.post).collect();
    for (name, notice) in names_of(ctx, read, &posts).await?.into_iter().zip(&alerts) {
        let note = t.done_alerted_at(shown::time(notice.at));
        done.push(Line { text: t.done_alerted(name), note });
    }
    if matter.kind == "lead" && matches!(matter.outcome.as_deref(), Some("in_difficulty" | "danger")) {
        done.push(plain(t.done_file_opened().to_owned()));
    }
    if let Some(visit) = about.iter().find(|one| one.kind == VISITS.kind && one.closed_at.is_none()) {
        let when = shown::near(visit.clock.due, ctx.now, language);
        done.push(plain(t.done_next_visit(when)));
    }
    if let Some(handed_in) = handed_in {
        let number = operation_number(base::OperationId(handed_in.id));
        done.push(plain(t.done_receipt(shown::near(handed_in.at, ctx.now, language), number)));
    }
    Ok(done)
}

/// Where the pictures of answers are shown.
pub(crate) fn photos(matter: MatterId, answers: &Answers) -> Vec<String> {
    let pictures = answers.values.values().filter_map(|answer| match answer {
        Answer::Photos(photos) => Some(photos),
        _ => None,
    });
    pictures.flatten().map(|photo| format!("/m/photos/{matter}/{photo}")).collect()
}
