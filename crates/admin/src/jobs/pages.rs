//! `/admin/jobs`.

use std::sync::LazyLock;

use askama::Template;
use base::WorkCalendar;
use base::calendar::Reach;
use serde::Deserialize;
use store::jobs::{self, Filter, State, Summary};
use store::{Event, journal};
use uuid::Uuid;
use web::components::{Alert, Badge, EmptyState, Pager, Tab, Tabs, Tone};
use web::{Ctx, Form, PageResult, Pages, Path, Query, Rule, Shell, Typed, operation_number, show};

use super::listeners::{self, Listening, Refused};
use crate::Texts;
use crate::section::{ROWS, Section, address};

/// Who may put back what stopped.
const MANAGE: Rule = Rule::May(&[("manage", "job")]);

/// The work calendar, for saying when it ends.
static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(WorkCalendar::shipped);

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new()
        .get("/admin/jobs", Rule::May(&[("read", "job")]), list)
        .post("/admin/jobs/{id}/revive", MANAGE, revive)
        .post("/admin/jobs/listeners/{listener}/{number}/retry", MANAGE, listeners::retry)
        .post("/admin/jobs/listeners/{listener}/{number}/skip", MANAGE, listeners::skip)
}

#[derive(Template)]
#[template(path = "jobs/templates/list.html")]
struct JobList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    states: Tabs,
    alerts: Vec<Alert>,
    filter: Typed,
    /// Keys of kinds with their words.
    kinds: Vec<(String, String)>,
    listeners: Vec<Listening>,
    refused: Vec<Refused>,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
    may_manage: bool,
}

/// One job.
struct Row {
    id: Uuid,
    kind: String,
    name: String,
    state: Badge,
    due: String,
    attempts: i32,
    enqueued: String,
    finished: String,
    operation: String,
    error: Option<String>,
    is_dead: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    state: Option<String>,
    kind: Option<String>,
    before: Option<Uuid>,
}

fn state_of(text: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| state.as_text() == text)
}

fn state_name(t: Texts, state: State) -> &'static str {
    match state {
        State::Waiting => t.job_waiting(),
        State::Running => t.job_running(),
        State::Done => t.job_done(),
        State::Dead => t.job_dead(),
    }
}

fn badge(t: Texts, state: State) -> Badge {
    let (tone, icon) = match state {
        State::Waiting => (Tone::Info, "clock"),
        State::Running => (Tone::Info, "refresh"),
        State::Done => (Tone::Ok, "circle-check"),
        State::Dead => (Tone::Urgent, "alert-octagon"),
    };
    Badge::new(tone, icon, state_name(t, state))
}

async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let counts = jobs::counts(read.connection()).await?;
    let state = wanted.state.as_deref().and_then(state_of);
    let mut kinds: Vec<String> = counts.iter().map(|count| count.kind.clone()).collect();
    kinds.dedup();
    let kind = wanted.kind.filter(|kind| kinds.contains(kind));
    let filter = Filter { kind: kind.clone(), state };
    let mut found = jobs::list(&read, &filter, wanted.before, ROWS + 1).await?;
    let lags = journal::lags(read.connection()).await?;
    let refused = listeners::refused(&ctx, &read).await?;
    drop(read);
    let more = found.len() as u64 > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let kind = kind.unwrap_or_default();
    let query = |state: Option<State>, before: String| {
        let state = state.map_or("", State::as_text).to_owned();
        address("/admin/jobs", &[("state", state), ("kind", kind.clone()), ("before", before)])
    };
    let of_kind = |count: &&jobs::Count| kind.is_empty() || count.kind == kind;
    let in_state = |wanted: Option<State>| {
        let counted = counts.iter().filter(of_kind);
        counted
            .filter(|count| wanted.is_none_or(|wanted| count.state == wanted))
            .map(|count| count.jobs)
            .sum()
    };
    let tab = |wanted: Option<State>| Tab {
        label: wanted.map_or(t.job_all(), |state| state_name(t, state)).to_owned(),
        href: query(wanted, String::new()),
        count: Some(in_state(wanted)),
        is_active: wanted == state,
    };
    let states = std::iter::once(None).chain(State::ALL.map(Some)).map(tab).collect();
    let dead: u64 = in_state(Some(State::Dead));
    let dead = (dead > 0 && state != Some(State::Dead)).then(|| {
        Alert::new(Tone::Urgent, t.jobs_dead(dead), t.jobs_dead_detail())
            .link(t.jobs_dead_show(), query(Some(State::Dead), String::new()))
    });
    let alerts = dead.into_iter().chain(listeners::stuck(t, &refused)).chain(calendar(&ctx)).collect();
    let next = found.last().filter(|_| more).map(|last| query(state, last.id.to_string()));
    let first = wanted.before.map(|_| query(state, String::new()));
    let rows: Vec<Row> = found.into_iter().map(|job| row(&ctx, job)).collect();
    web::page(&JobList {
        shell: Section::Jobs.shell(&ctx, t.jobs_title()).await?,
        t,
        tabs: Section::Jobs.tabs(&ctx).await?,
        states: Tabs { label: t.field_state().to_owned(), tabs: states },
        alerts,
        filter: Typed::filled(
            ctx.language,
            [("kind", kind.as_str()), ("state", state.map_or("", State::as_text))],
        ),
        kinds: kinds.into_iter().map(|kind| (kind.clone(), ctx.word(&kind).to_owned())).collect(),
        listeners: lags.into_iter().map(|lag| Listening::of(&ctx, lag)).collect(),
        refused,
        pager: Pager::new(rows.len(), in_state(state), first, next, ctx.language),
        rows,
        empty: EmptyState {
            icon: "circle-check",
            title: t.jobs_empty().to_owned(),
            detail: t.jobs_empty_detail().to_owned(),
            link: None,
        },
        may_manage: ctx.may("manage", "job"),
    })
}

/// What is said of a work calendar that ends soon, or has ended.
fn calendar(ctx: &Ctx) -> Option<Alert> {
    let t = Texts(ctx.language);
    match CALENDAR.reach(ctx.today()) {
        Reach::Enough => None,
        Reach::EndsOn(until) => {
            let title = t.calendar_ends(show::full_day(until));
            Some(Alert::new(Tone::Medium, title, t.calendar_detail()))
        }
        Reach::Ended => Some(Alert::new(Tone::Urgent, t.calendar_ended(), t.calendar_detail())),
    }
}

fn row(ctx: &Ctx, job: Summary) -> Row {
    let t = Texts(ctx.language);
    Row {
        id: job.id,
        name: ctx.word(&job.kind).to_owned(),
        kind: job.kind,
        state: badge(t, job.state),
        due: show::when(job.not_before, ctx.now),
        attempts: job.attempts,
        enqueued: show::full(job.enqueued_at),
        finished: job.finished_at.map(show::full).unwrap_or_default(),
        operation: operation_number(job.operation),
        error: job.error,
        is_dead: job.state == State::Dead,
    }
}

/// Puts a dead job back into the queue, on record.
async fn revive(ctx: Ctx, Path(id): Path<Uuid>, _: Form<()>) -> PageResult {
    let write = ctx.write("admin.revive_job").await?;
    jobs::revive(&write, id).await?;
    let after = serde_json::json!({ "job": id });
    write.record(Event { kind: "admin.job_revived", after, ..Event::default() }).await?;
    ctx.save_saying(write, "/admin/jobs?state=waiting", Texts(ctx.language).said_job_revived()).await
}
