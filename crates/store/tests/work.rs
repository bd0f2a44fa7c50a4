//! Jobs and leases: enqueued with their transaction, run once things are due, tried again, given up, taken over.

#![cfg(test)]

use std::sync::{Arc, Mutex};

use base::Clock as _;
use serde::{Deserialize, Serialize};
use store::jobs::{self, ATTEMPTS_AT_MOST, Filter, GiveUp, JobKind, Runner, Settled, State};
use store::lease;
use store::testing::TestDatabase;
use store::{Database, StoreError};

store::on_both! { store::migrations() =>
    a_job_is_part_of_its_transaction,
    a_job_is_run_when_it_is_due,
    jobs_with_one_key_are_one_while_it_waits,
    a_job_that_fails_is_tried_again_with_growing_pauses_and_then_dead,
    a_job_that_gives_up_is_dead_at_once_and_can_be_revived,
    a_job_that_panics_has_failed,
    a_job_may_enqueue_others,
    each_job_is_run_once_by_many_runners,
    done_jobs_are_taken_away_after_a_week,
    two_jobs_with_one_name_are_refused,
    a_runner_stops_when_told_and_finishes_what_runs,
    a_short_job_does_not_wait_for_those_that_take_long,
    a_lease_is_held_by_one,
}

type Log = Arc<Mutex<Vec<String>>>;

#[derive(Clone)]
struct App {
    database: Database,
    log: Log,
}

#[derive(Serialize, Deserialize)]
struct Note {
    text: String,
}

fn note(text: &str) -> Note {
    Note { text: text.to_owned() }
}

fn kinds() -> Vec<JobKind<App>> {
    vec![
        JobKind::new("test.note", |app: App, job| async move {
            app.log.lock().unwrap().push(job.payload::<Note>()?.text);
            Ok(())
        }),
        JobKind::new("test.fail", |_app, job| async move { anyhow::bail!("try {} failed", job.attempt) }),
        JobKind::new("test.give_up", |_app, _job| async move {
            Err(GiveUp("there is no such thing".to_owned()).into())
        }),
        JobKind::new("test.panic", |_app, _job| async move { panic!("out of order") }),
        JobKind::new("test.chain", |app: App, job| async move {
            let left: u32 = job.payload()?;
            app.log.lock().unwrap().push(left.to_string());
            if left > 0 {
                let operation = store::Operation {
                    id: job.operation,
                    name: "test.chain",
                    actor: store::ActorRef::SYSTEM,
                    at: job.at,
                };
                let write = app.database.write(operation).await?;
                write.enqueue("test.chain", &(left - 1), job.at).await?;
                write.save().await?;
            }
            Ok(())
        }),
    ]
}

async fn runner(database: &TestDatabase) -> (Runner<App>, Log) {
    let log = Log::default();
    (runner_on(database, database.database(), &log).await, log)
}

async fn runner_on(test: &TestDatabase, database: Database, log: &Log) -> Runner<App> {
    let app = App { database: database.clone(), log: Arc::clone(log) };
    Runner::new(database, test.shared_clock(), app, kinds(), Vec::new()).await.unwrap()
}

async fn enqueue(database: &TestDatabase, kind: &'static str, payload: &impl Serialize) {
    let write = database.begin("test.enqueue").await;
    write.enqueue(kind, payload, write.at()).await.unwrap();
    write.save().await.unwrap();
}

async fn all(database: &TestDatabase) -> Vec<jobs::Summary> {
    jobs::list(&database.read().await.unwrap(), &Filter::default(), None, 500).await.unwrap()
}

async fn a_job_is_part_of_its_transaction(database: TestDatabase) {
    let write = database.begin("test.forget").await;
    write.enqueue("test.note", &note("never"), write.at()).await.unwrap();
    drop(write);
    enqueue(&database, "test.note", &note("now")).await;
    let (runner, log) = runner(&database).await;
    assert_eq!(runner.settle().await.unwrap(), Settled { done: 1, ..Settled::default() });
    assert_eq!(*log.lock().unwrap(), ["now"]);
    let count = jobs::counts(database.read().await.unwrap().connection()).await.unwrap();
    assert_eq!(count, [jobs::Count { kind: "test.note".to_owned(), state: State::Done, jobs: 1 }]);
}

async fn a_job_is_run_when_it_is_due(database: TestDatabase) {
    let write = database.begin("test.enqueue").await;
    write.enqueue("test.note", &note("in an hour"), write.at().plus_hours(1)).await.unwrap();
    write.enqueue("test.note", &note("in a minute"), write.at().plus_minutes(1)).await.unwrap();
    write.save().await.unwrap();
    let (runner, log) = runner(&database).await;
    runner.settle().await.unwrap();
    assert!(log.lock().unwrap().is_empty());
    database.clock().advance_milliseconds(3_600_000);
    runner.settle().await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["in a minute", "in an hour"], "the one that was due first comes first");
}

async fn jobs_with_one_key_are_one_while_it_waits(database: TestDatabase) {
    let write = database.begin("test.enqueue").await;
    let now = write.at();
    for (key, text, hours) in
        [("one", "later", 2), ("one", "sooner", 0), ("one", "much later", 9), ("two", "other", 0)]
    {
        write.enqueue_once("test.note", key, &note(text), now.plus_hours(hours)).await.unwrap();
    }
    write.save().await.unwrap();
    let (runner, log) = runner(&database).await;
    runner.settle().await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["later", "other"], "one job, at the earliest moment");

    let write = database.begin("test.enqueue").await;
    write.enqueue_once("test.note", "one", &note("anew"), now).await.unwrap();
    write.save().await.unwrap();
    runner.settle().await.unwrap();
    assert_eq!(log.lock().unwrap().last().unwrap(), "anew", "a job that has begun takes nothing more up");
}

async fn a_job_that_fails_is_tried_again_with_growing_pauses_and_then_dead(database: TestDatabase) {
    enqueue(&database, "test.fail", &()).await;
    let (runner, _log) = runner(&database).await;
    let mut pauses = Vec::new();
    for attempt in 1..=ATTEMPTS_AT_MOST {
        let settled = runner.settle().await.unwrap();
        assert_eq!(settled, Settled { failed: 1, ..Settled::default() });
        let job = all(&database).await.remove(0);
        assert_eq!(job.attempts, attempt);
        assert_eq!(job.error.as_deref(), Some(format!("try {attempt} failed").as_str()));
        if attempt < ATTEMPTS_AT_MOST {
            assert_eq!(job.state, State::Waiting);
            pauses.push(job.not_before.milliseconds_since(database.clock().now()));
            database.clock().set(job.not_before);
        } else {
            assert_eq!(job.state, State::Dead);
        }
    }
    assert_eq!(pauses, [5_000, 20_000, 80_000, 320_000, 1_280_000, 3_600_000, 3_600_000]);
    database.clock().advance_milliseconds(86_400_000);
    assert_eq!(runner.settle().await.unwrap(), Settled::default());
}

async fn a_job_that_gives_up_is_dead_at_once_and_can_be_revived(database: TestDatabase) {
    enqueue(&database, "test.give_up", &()).await;
    let (runner, _log) = runner(&database).await;
    runner.settle().await.unwrap();
    let dead = Filter { state: Some(State::Dead), ..Filter::default() };
    let job = jobs::list(&database.read().await.unwrap(), &dead, None, 10).await.unwrap().remove(0);
    assert_eq!((job.attempts, job.error.as_deref()), (1, Some("there is no such thing")));

    let write = database.begin("test.revive").await;
    jobs::revive(&write, job.id).await.unwrap();
    assert!(
        matches!(jobs::revive(&write, job.id).await, Err(StoreError::NotFound)),
        "it is not dead any more"
    );
    write.save().await.unwrap();
    assert_eq!(runner.settle().await.unwrap().failed, 1);
}

async fn a_job_that_panics_has_failed(database: TestDatabase) {
    enqueue(&database, "test.panic", &()).await;
    let (runner, _log) = runner(&database).await;
    assert_eq!(runner.settle().await.unwrap().failed, 1);
    assert!(all(&database).await[0].error.as_ref().unwrap().contains("out of order"));
}

async fn a_job_may_enqueue_others(database: TestDatabase) {
    enqueue(&database, "test.chain", &3).await;
    let (runner, log) = runner(&database).await;
    assert_eq!(runner.settle().await.unwrap().done, 4);
    assert_eq!(*log.lock().unwrap(), ["3", "2", "1", "0"]);
}

async fn each_job_is_run_once_by_many_runners(database: TestDatabase) {
    let write = database.begin("test.enqueue").await;
    for number in 0..40 {
        write.enqueue("test.note", &note(&number.to_string()), write.at()).await.unwrap();
    }
    write.save().await.unwrap();
    let log = Log::default();
    let one = runner_on(&database, database.database(), &log).await;
    let two = runner_on(&database, database.open_again(2).await, &log).await;
    let three = runner_on(&database, database.open_again(3).await, &log).await;
    let (one, two, three) = tokio::join!(one.settle(), two.settle(), three.settle());
    assert_eq!(one.unwrap().done + two.unwrap().done + three.unwrap().done, 40);
    let mut numbers: Vec<u32> = log.lock().unwrap().iter().map(|number| number.parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..40).collect::<Vec<_>>());
}

async fn done_jobs_are_taken_away_after_a_week(database: TestDatabase) {
    enqueue(&database, "test.note", &note("old")).await;
    let (runner, log) = runner(&database).await;
    runner.settle().await.unwrap();
    database.clock().advance_milliseconds(7 * 86_400_000);
    runner.settle().await.unwrap();
    assert_eq!(all(&database).await.len(), 1);
    database.clock().advance_milliseconds(1);
    runner.settle().await.unwrap();
    assert_eq!(all(&database).await.len(), 0);
    drop(log);
}

async fn two_jobs_with_one_name_are_refused(database: TestDatabase) {
    let app = App { database: database.database(), log: Log::default() };
    let twice = [kinds(), kinds()].concat();
    let refused = Runner::new(database.database(), database.shared_clock(), app, twice, Vec::new()).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
}

async fn a_runner_stops_when_told_and_finishes_what_runs(database: TestDatabase) {
    let (started, has_started) = tokio::sync::oneshot::channel();
    let (may_end, end) = tokio::sync::oneshot::channel::<()>();
    let gates = Arc::new(Mutex::new(Some((started, end))));
    let slow = JobKind::new("test.slow", move |_context: (), _job| {
        let gates = gates.lock().unwrap().take();
        async move {
            if let Some((started, end)) = gates {
                started.send(()).unwrap();
                end.await?;
            }
            Ok(())
        }
    });
    let runner =
        Runner::new(database.database(), database.shared_clock(), (), vec![slow], Vec::new()).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(runner.run(async {
        stopped.await.unwrap();
    }));
    enqueue(&database, "test.slow", &()).await;
    has_started.await.unwrap();
    enqueue(&database, "test.slow", &()).await;
    stop.send(()).unwrap();
    may_end.send(()).unwrap();
    running.await.unwrap();
    let mut states: Vec<_> = all(&database).await.iter().map(|job| job.state).collect();
    states.sort_unstable();
    assert!(states.contains(&State::Done), "{states:?}");
    assert!(!states.contains(&State::Running), "{states:?}");
}

async fn a_short_job_does_not_wait_for_those_that_take_long(database: TestDatabase) {
    let (began, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let (end, ended) = tokio::sync::watch::channel(false);
    let long = JobKind::new("test.long", move |_context: (), _job| {
        let (began, mut ended) = (began.clone(), ended.clone());
        async move {
            began.send("long")?;
            ended.wait_for(|ended| *ended).await?;
            Ok(())
        }
    });
    let (ticked, mut ticks) = tokio::sync::mpsc::unbounded_channel();
    let tick = JobKind::new("test.tick", move |_context: (), _job| {
        let ticked = ticked.clone();
        async move { Ok(ticked.send(())?) }
    });
    let jobs = vec![long, tick.short()];
    let runner =
        Runner::new(database.database(), database.shared_clock(), (), jobs, Vec::new()).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(runner.run(async {
        stopped.await.unwrap();
    }));
    for _ in 0..3 {
        enqueue(&database, "test.long", &()).await;
    }
    for _seat in 0..2 {
        begun.recv().await.unwrap();
    }
    enqueue(&database, "test.tick", &()).await;
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(20), ticks.recv()).await;
    assert_eq!(in_time, Ok(Some(())), "both seats are held, and it has one of its own");
    assert!(begun.try_recv().is_err(), "the third long one waits for a seat");
    end.send(true).unwrap();
    stop.send(()).unwrap();
    running.await.unwrap();
}

async fn a_lease_is_held_by_one(database: TestDatabase) {
    let other = database.open_again(2).await;
    let lease = lease::try_take(&database, "importer").await.unwrap().unwrap();
    assert!(lease.is_held().await);
    assert!(lease::try_take(&database, "importer").await.unwrap().is_none(), "not twice in one process");
    assert!(lease::try_take(&other, "importer").await.unwrap().is_none(), "not in two processes");
    let another = lease::try_take(&other, "screener").await.unwrap();
    assert!(another.is_some());
    lease.release().await;
    let next = lease::try_take(&other, "importer").await.unwrap();
    assert!(next.is_some());
    assert!(lease::try_take(&database, "../importer").await.is_err(), "a name is no path");
}

/// A job that waits must not be taken between a transaction's saying "this one will do for me" and its commit: the job
/// would not see what that transaction wrote. On SQLite nobody can be in between.
#[tokio::test]
async fn a_job_that_another_transaction_relies_on_is_not_taken_before_its_commit() {
    let database = store::testing::postgres(&store::migrations()).await;
    let write = database.begin("test.enqueue").await;
    write.enqueue_once("test.note", "one", &note("first"), write.at()).await.unwrap();
    write.save().await.unwrap();

    let (runner, log) = runner(&database).await;
    let write = database.begin("test.enqueue").await;
    write.enqueue_once("test.note", "one", &note("second"), write.at().plus_hours(1)).await.unwrap();
    assert_eq!(runner.settle().await.unwrap().done, 0);
    write.save().await.unwrap();
    assert_eq!(runner.settle().await.unwrap().done, 1);
    assert_eq!(*log.lock().unwrap(), ["first"]);
}
