//! Who hears of the journal on the page of jobs: how far each has come, what it could not take, and the way on.

use serde_json::json;
use store::journal::{self, RefusalState};
use store::{Event, Read};
use web::components::{Alert, Badge, Tone};
use web::{Ctx, Form, PageResult, Path, WebError, show};

use crate::Texts;

/// Entries behind which a listener is said to lag.
const BEHIND_FROM: i64 = 100;

/// How far a listener has heard.
pub(super) struct Listening {
    pub key: String,
    pub name: String,
    pub number: i64,
    pub behind: i64,
}

impl Listening {
    pub fn of(ctx: &Ctx, lag: journal::Lag) -> Self {
        let name = ctx.word(&lag.listener).to_owned();
        Self { key: lag.listener, name, number: lag.number, behind: lag.behind }
    }

    pub fn lags(&self) -> bool {
        self.behind >= BEHIND_FROM
    }
}

/// An entry that a listener could not take.
pub(super) struct Refused {
    pub listener: String,
    pub name: String,
    pub number: i64,
    pub event: String,
    pub state: Badge,
    pub attempts: i32,
    /// For how long it has been refused.
    pub since: String,
    pub error: String,
    pub asks_for_a_person: bool,
}

/// What was refused and not taken since, newest first.
pub(super) async fn refused(ctx: &Ctx, read: &Read) -> Result<Vec<Refused>, WebError> {
    let t = Texts(ctx.language);
    let machine_now = ctx.app.machine_now();
    let mut rows = Vec::new();
    for refusal in journal::refusals(read).await? {
        let kind = journal::entry(read, refusal.entry).await?.kind;
        let asks_for_a_person = refusal.asks_for_a_person();
        let state = match refusal.state {
            RefusalState::Failing if asks_for_a_person => {
                Badge::new(Tone::Urgent, "alert-octagon", t.refused_stuck())
            }
            RefusalState::Failing => Badge::new(Tone::Medium, "clock", t.refused_failing()),
            RefusalState::SetAside => Badge::new(Tone::Low, "archive", t.refused_aside()),
            RefusalState::Again => Badge::new(Tone::Info, "refresh", t.refused_again()),
        };
        rows.push(Refused {
            name: ctx.word(&refusal.listener).to_owned(),
            listener: refusal.listener,
            number: refusal.number,
            event: ctx.word(&kind).to_owned(),
            state,
            attempts: refusal.attempts,
            since: show::span(machine_now.milliseconds_since(refusal.since).max(0), ctx.language),
            error: refusal.error,
            asks_for_a_person,
        });
    }
    Ok(rows)
}

/// What is said above the page when a listener stands still.
pub(super) fn stuck(t: Texts, refused: &[Refused]) -> Option<Alert> {
    let stuck = refused.iter().filter(|refused| refused.asks_for_a_person).count();
    (stuck > 0).then(|| {
        Alert::new(Tone::Urgent, t.listeners_stuck(stuck), t.listeners_stuck_detail())
            .link(t.listeners_stuck_show(), "#refused")
    })
}

/// Has an entry offered to its listener again at once.
pub(super) async fn retry(
    ctx: Ctx,
    Path((listener, number)): Path<(String, i64)>,
    _: Form<()>,
) -> PageResult {
    let write = ctx.write("admin.retry_entry").await?;
    journal::retry(&write, &listener, number).await?;
    let after = json!({ "listener": listener, "number": number });
    write.record(Event { kind: "admin.entry_retried", after, ..Event::default() }).await?;
    ctx.save_saying(write, "/admin/jobs", Texts(ctx.language).said_entry_retried()).await
}

/// Sets an entry aside that its listener cannot take, on record: those behind it are heard.
pub(super) async fn skip(ctx: Ctx, Path((listener, number)): Path<(String, i64)>, _: Form<()>) -> PageResult {
    let write = ctx.write("admin.skip_entry").await?;
    journal::set_aside(&write, &listener, number).await?;
    let after = json!({ "listener": listener, "number": number });
    write.record(Event { kind: "admin.entry_skipped", after, ..Event::default() }).await?;
    ctx.save_saying(write, "/admin/jobs", Texts(ctx.language).said_entry_skipped()).await
}
