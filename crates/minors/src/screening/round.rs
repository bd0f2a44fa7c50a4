//! The round over all children: for those whom no new row touches. Rules get a new version, a birthday tips a rule of age,
//! the days that a rule looks back have passed; none of that changes a row.
//!
//! Which children a day tips hangs on every rule, on births that are sealed, and on those who live with them; so all are
//! asked about, each night, and at once when the version is one that was not screened with. A lead that was decided stays
//! as it is, under whatever rules ([`super::decide`]): what comes of a round is new leads, and news for those open.

use base::Moment;
use matters::Matters;
use store::jobs::{GiveUp, Job, JobKind};
use store::{ActorRef, Operation, StoreError};
use web::App;

use super::gather;
use super::repo::{self, Round};
use super::service::{Cause, Screened, Screener};
use crate::PROGRAM;

/// The job that takes the round on.
pub const ROUND_JOB: &str = "minors.screen_everybody";

/// There is one round at a time.
const KEY: &str = "next";

/// Children of one step, after which whoever waits has their turn.
const CHILDREN_OF_A_STEP: u64 = 5_000;

/// The hour of the night at which a round begins.
const HOUR: i64 = 2;

/// The job of the round.
pub(super) fn job(matters: &Matters) -> JobKind<App> {
    let matters = matters.clone();
    JobKind::new(ROUND_JOB, move |app: App, job: Job| {
        let matters = matters.clone();
        async move {
            let operation =
                Operation { id: job.operation, name: ROUND_JOB, actor: ActorRef::SYSTEM, at: job.at };
            go_on(&app, &matters, operation).await
        }
    })
}

/// Has the round made now, if today's with these rules is not done yet, and each night from then on. Whoever serves an
/// office asks for it at the start; who plays a past does not, or each night of it would be one.
///
/// # Errors
/// As the database.
pub async fn begin_round(app: &App, operation: Operation) -> Result<(), StoreError> {
    let write = app.database.write(operation).await?;
    write.enqueue_once(ROUND_JOB, KEY, &(), write.at()).await?;
    write.save().await
}

async fn go_on(app: &App, matters: &Matters, operation: Operation) -> anyhow::Result<()> {
    // The next one first, so that a step that fails for good does not end the row.
    let write = app.database.write(operation.clone()).await?;
    write.enqueue_unless_waiting(ROUND_JOB, KEY, &(), next_night(write.at())).await?;
    write.save().await?;
    let Some(screened) = step(app, matters, &operation, CHILDREN_OF_A_STEP).await? else { return Ok(()) };
    tracing::info!(?screened, "screened children whom nothing touched");
    Ok(begin_round(app, operation).await?)
}

/// Takes the round one step of at most `at_most` children on, and says what came of it; `None` when today's is done. A
/// step that is killed is taken again, which does once what it does.
///
/// # Errors
/// As the database; gives up when there is no such program.
pub(super) async fn step(
    app: &App,
    matters: &Matters,
    operation: &Operation,
    at_most: u64,
) -> anyhow::Result<Option<Screened>> {
    let program = app.programs.program(PROGRAM);
    let program = program.ok_or_else(|| GiveUp(format!("programs/{PROGRAM} is missing")))?;
    let today = operation.at.day();
    let read = app.database.read().await?;
    let last = repo::round(read.connection(), PROGRAM).await?;
    // One that was broken off goes on where it was, unless the rules are others by now.
    let is_present =
        |round: &Round| round.version == program.version && (round.done_at.is_none() || round.day >= today);
    let mut round = last.filter(is_present).unwrap_or_else(|| Round {
        version: program.version.clone(),
        day: today,
        after: None,
        done_at: None,
    });
    if round.done_at.is_some() {
        return Ok(None);
    }
    let since = gather::eldest_birth_month(today);
    let children = people::homes::all_born_since(&read, round.after, since, at_most).await?;
    drop(read);
    let screener = Screener { database: &app.database, program, matters };
    let cause = Cause { operation: operation.clone(), delivery: None };
    let screened = screener.screen_children(&cause, &children).await?;
    let is_last = u64::try_from(children.len()).unwrap_or(u64::MAX) < at_most;
    round.after = children.last().copied().or(round.after);
    round.done_at = is_last.then_some(operation.at);
    let write = app.database.write(operation.clone()).await?;
    repo::keep_round(&write, PROGRAM, &round).await?;
    write.save().await?;
    Ok(Some(screened))
}

fn next_night(now: Moment) -> Moment {
    now.day().tomorrow().start().plus_hours(HOUR)
}
