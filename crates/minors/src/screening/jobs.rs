//! Hearing of new rows, and the job that screens whom they touched.

use access::Scope;
use base::{DeliveryId, MatterId, Moment, PersonId};
use matters::Matters;
use people::import::{DELIVERY_PUBLISHED, Published};
use people::links::{PERSONS_RENEWED, Renewed};
use serde::{Deserialize, Serialize};
use store::jobs::{GiveUp, Job, JobKind};
use store::journal::{Entry, Listener};
use store::{ActorRef, Operation};
use web::App;

use super::service::{Cause, Screened, Screener};
use super::{repo, round};
use crate::PROGRAM;

/// The job that screens persons.
pub const SCREEN_JOB: &str = "minors.screen_persons";

/// Persons whose children are looked for together: the members of a household come in several batches of a delivery, and
/// each child is to be asked about once.
const TOUCHED_AT_A_TIME: usize = 200_000;

/// Children for whom nobody answered, that are screened together.
const UNANSWERED_AT_A_TIME: u64 = 10_000;

/// The journal's word for somebody who takes a post: `{from, …}`.
const TENURE_BEGUN: &str = "access.tenure_begun";

/// Whom it screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenJob {
    /// Everybody whom a published delivery touched.
    Delivery(DeliveryId),
    /// These, whose rows a person moved.
    Persons(Vec<PersonId>),
    /// Those for whose place nobody answered when they were screened.
    Unanswered,
}

/// The jobs of screening.
pub fn jobs(matters: &Matters) -> Vec<JobKind<App>> {
    let all = round::job(matters);
    let matters = matters.clone();
    let touched = JobKind::new(SCREEN_JOB, move |app: App, job: Job| {
        let matters = matters.clone();
        async move {
            // For whom nobody answers yet is no failure: in a new office nobody holds a post. They are kept, and looked at
            // again as soon as somebody does.
            let screened = run(&app, &matters, &job).await?;
            tracing::info!(?screened, "screened");
            Ok(())
        }
    });
    vec![touched, all]
}

/// What is heard: that a delivery is published, that rows were moved by hand, and that somebody takes a post. Hearing it twice screens twice, which
/// does nothing the second time.
pub fn listeners() -> Vec<Listener<App>> {
    vec![Listener::new(
        "minors.screen_persons",
        &[DELIVERY_PUBLISHED, PERSONS_RENEWED, TENURE_BEGUN],
        |app: App, entry: Entry| hear(app, entry),
    )]
}

async fn hear(app: App, entry: Entry) -> anyhow::Result<()> {
    let Some((job, from)) = heard(&entry)? else { return Ok(()) };
    if job == ScreenJob::Unanswered {
        let read = app.database.read().await?;
        if repo::unanswered(read.connection(), None, 1).await?.is_empty() {
            return Ok(());
        }
    }
    let operation = Operation {
        id: entry.operation,
        name: "minors.hear_of_rows",
        actor: ActorRef::SYSTEM,
        at: app.now(),
    };
    let write = app.database.write(operation).await?;
    let from = from.unwrap_or(write.at()).max(write.at());
    // Many who take their posts at once make one job; who will take one later makes one for then.
    let key = match job {
        ScreenJob::Unanswered if from == write.at() => "unanswered".to_owned(),
        _ => entry.id.to_string(),
    };
    write.enqueue_once(SCREEN_JOB, &key, &job, from).await?;
    write.save().await?;
    Ok(())
}

/// Whom an entry asks to screen, and from when on.
fn heard(entry: &Entry) -> anyhow::Result<Option<(ScreenJob, Option<Moment>)>> {
    #[derive(Deserialize)]
    struct Begun {
        from: Moment,
    }
    let Some(payload) = &entry.payload else { return Ok(None) };
    if entry.kind == DELIVERY_PUBLISHED {
        let published = Published::deserialize(&payload.after)?;
        return Ok(Some((ScreenJob::Delivery(published.delivery), None)));
    }
    if entry.kind == TENURE_BEGUN {
        return Ok(Some((ScreenJob::Unanswered, Some(Begun::deserialize(&payload.after)?.from))));
    }
    Ok(Some((ScreenJob::Persons(Renewed::deserialize(&payload.after)?.persons), None)))
}

async fn run(app: &App, matters: &Matters, job: &Job) -> anyhow::Result<Screened> {
    let program = app.programs.program(PROGRAM);
    let program = program.ok_or_else(|| GiveUp(format!("programs/{PROGRAM} is missing")))?;
    let screener = Screener { database: &app.database, program, matters };
    let operation =
        Operation { id: job.operation, name: "minors.screen_persons", actor: ActorRef::SYSTEM, at: job.at };
    match job.payload::<ScreenJob>()? {
        ScreenJob::Delivery(delivery) => {
            let cause = Cause { operation, delivery: Some(delivery) };
            screen_delivery(app, &screener, &cause, delivery).await
        }
        ScreenJob::Persons(persons) => {
            let cause = Cause { operation, delivery: None };
            let persons = hand_on(app, matters, &cause, persons).await?;
            Ok(screener.screen(&cause, &persons).await?)
        }
        ScreenJob::Unanswered => {
            let cause = Cause { operation, delivery: None };
            screen_unanswered(app, &screener, &cause).await
        }
    }
}

/// Screens again for whom nobody answered, and keeps those for whom nobody does still.
async fn screen_unanswered(app: &App, screener: &Screener<'_>, cause: &Cause) -> anyhow::Result<Screened> {
    let mut all = Screened::default();
    let mut after = None;
    loop {
        let read = app.database.read().await?;
        let persons = repo::unanswered(read.connection(), after, UNANSWERED_AT_A_TIME).await?;
        drop(read);
        let Some(last) = persons.last() else { return Ok(all) };
        after = Some(*last);
        all += screener.screen(cause, &persons).await?;
        let write = app.database.write(cause.operation.clone()).await?;
        repo::answered(&write, &persons).await?;
        write.save().await?;
    }
}

async fn screen_delivery(
    app: &App,
    screener: &Screener<'_>,
    cause: &Cause,
    delivery: DeliveryId,
) -> anyhow::Result<Screened> {
    let mut all = Screened::default();
    let mut waiting: Vec<PersonId> = Vec::new();
    for ordinal in 0.. {
        let read = app.database.read().await?;
        let Some(touched) = people::touched(&read, delivery, ordinal).await? else { break };
        drop(read);
        waiting.extend(touched);
        if waiting.len() >= TOUCHED_AT_A_TIME {
            all += screener.screen(cause, &std::mem::take(&mut waiting)).await?;
        }
    }
    all += screener.screen(cause, &waiting).await?;
    Ok(all)
}

/// Who the persons are now: the leads of one who was found to be another become that one's, and those of one who is
/// nobody else after all are theirs again.
async fn hand_on(
    app: &App,
    matters: &Matters,
    cause: &Cause,
    persons: Vec<PersonId>,
) -> anyhow::Result<Vec<PersonId>> {
    let write = app.database.write(cause.operation.clone()).await?;
    let (connection, keys) = (write.connection(), write.keys());
    let mut present = Vec::with_capacity(persons.len());
    for person in persons {
        let now = people::persons::repo::resolve(connection, person).await?;
        if now == person {
            for known_as in people::persons::repo::ids_of(connection, person).await? {
                let about = matters.about(connection, keys, &Scope::of_system(), known_as).await?;
                let about: Vec<MatterId> = about.into_iter().map(|matter| matter.id).collect();
                repo::hand_back(&write, person, &about).await?;
            }
        } else {
            repo::hand_on(&write, person, now).await?;
        }
        if !present.contains(&now) {
            present.push(now);
        }
    }
    write.save().await?;
    Ok(present)
}
