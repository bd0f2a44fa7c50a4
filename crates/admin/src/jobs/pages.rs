//! `/admin/jobs`.

use askama::Template;
use serde::Deserialize;
use store::jobs::{self, Filter, State, Summary};
use store::{Event, journal};
use uuid::Uuid;
use web::components::{Alert, Badge, EmptyState, Pager, Tab, Tabs, Tone};
use web::{Ctx, Form, PageResult, Pages, Path, Query, Rule, Shell, Typed, operation_number, show};

use crate::Texts;
use crate::section::{ROWS, Section, address};

/// Entries behind which a listener is said to lag.
const BEHIND_FROM: i64 = 100;

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new().get("/admin/jobs", Rule::May(&[("read", "job")]), list).post(
        "/admin/jobs/{id}/revive",
        Rule::May(&[("manage", "job")]),
        revive,
    )
}

#[derive(Template)]
#[template(path = "jobs/templates/list.html")]
struct JobList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    states: Tabs,
    alert: Option<Alert>,
    filter: Typed,
    /// Keys of kinds with their words.
    kinds: Vec<(String, String)>,
    listeners: Vec<Listening>,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
    may_manage: bool,
}

/// How far a listener has heard.
struct Listening {
    key: String,
    name: String,
    number: i64,
    behind: i64,
}

impl Listening {
    fn of(ctx: &Ctx, lag: journal::Lag) -> Self {
        let name = ctx.word(&lag.listener).to_owned();
        Self { key: lag.listener, name, number: lag.number, behind: lag.behind }
    }

    fn lags(&self) -> bool {
        self.behind >= BEHIND_FROM
    }
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
    let listeners = journal::lags(read.connection()).await?;
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
    let alert = (dead > 0).then(|| {
        Alert::new(Tone::Urgent, t.jobs_dead(dead), t.jobs_dead_detail())
            .link(t.jobs_dead_show(), query(Some(State::Dead), String::new()))
    });
    let next = found.last().filter(|_| more).map(|last| query(state, last.id.to_string()));
    let first = wanted.before.map(|_| query(state, String::new()));
    let rows: Vec<Row> = found.into_iter().map(|job| row(&ctx, job)).collect();
    web::page(&JobList {
        shell: Section::Jobs.shell(&ctx, t.jobs_title()).await?,
        t,
        tabs: Section::Jobs.tabs(&ctx),
        states: Tabs { label: t.field_state().to_owned(), tabs: states },
        alert: alert.filter(|_| state != Some(State::Dead)),
        filter: Typed::filled(
            ctx.language,
            [("kind", kind.as_str()), ("state", state.map_or("", State::as_text))],
        ),
        kinds: kinds.into_iter().map(|kind| (kind.clone(), ctx.word(&kind).to_owned())).collect(),
        listeners: listeners.into_iter().map(|lag| Listening::of(&ctx, lag)).collect(),
        pager: Pager::uncounted(rows.len(), first, next, ctx.language),
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
