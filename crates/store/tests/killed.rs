//! What a process leaves behind that is killed in the middle (`kill -9`): nothing that was not saved, no lock, and its
//! job to be taken up by another.

#![cfg(test)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::{Entropy, ManualClock, OperationId, SharedClock};
use store::jobs::{JobKind, Runner};
use store::testing::{START, TestDatabase};
use store::{ActorRef, Database, Event, Operation, journal, lease};

store::on_both! { store::migrations() =>
    a_transaction_of_a_killed_process_is_gone,
    a_job_of_a_killed_process_is_taken_over,
    two_processes_write_in_turn,
}

/// Tells the child what to do, on which database, in which folder.
const TASK: &str = "SHOUWANG_TEST_TASK";
const URL: &str = "SHOUWANG_TEST_URL";
const FOLDER: &str = "SHOUWANG_TEST_FOLDER";

/// What the child says when it is where it is to be killed.
const READY: &str = "the child is ready";

/// Starts this very program as another process, which does `task` in the test `child` below.
fn start(database: &TestDatabase, task: &str) -> Child {
    let url = match database.url() {
        store::DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        store::DatabaseUrl::Postgres(url) => url.clone(),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(TASK, task)
        .env(URL, url)
        .env(FOLDER, database.folder())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_until_ready(child: &mut Child) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(
        lines.map_while(Result::ok).any(|line| line.contains(READY)),
        "the child ended before it was ready"
    );
}

/// Ends the child as `kill -9` does.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The other process. Without a task it is a test that has nothing to do.
#[tokio::test]
async fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let (url, folder) = (std::env::var(URL).unwrap(), std::env::var(FOLDER).unwrap());
    let clock: SharedClock = Arc::new(ManualClock::new(START));
    let entropy = Entropy::from_seed(99);
    let database =
        Database::open(&url.parse().unwrap(), Path::new(&folder), entropy, Arc::clone(&clock)).await.unwrap();
    match task.as_str() {
        "hold" => {
            let _lease = lease::try_take(&database, "importer").await.unwrap().unwrap();
            let write = begin(&database).await;
            write.record_all(vec![happened(); 1_000]).await.unwrap();
            println!("{READY}");
            std::future::pending::<()>().await;
        }
        "work" => {
            let hang = JobKind::new("test.hang", |(): (), _job| async {
                println!("{READY}");
                std::future::pending::<anyhow::Result<()>>().await
            });
            let runner = Runner::new(database, clock, (), vec![hang], Vec::new()).await.unwrap();
            runner.settle().await.unwrap();
        }
        "write" => {
            for _round in 0..ROUNDS {
                let write = begin(&database).await;
                write.record(happened()).await.unwrap();
                write.save().await.unwrap();
            }
            println!("{READY}");
        }
        other => panic!("no such task: {other}"),
    }
}

const ROUNDS: u64 = 200;

fn happened() -> Event {
    Event { kind: "test.happened", ..Event::default() }
}

async fn begin(database: &Database) -> store::Write {
    let id = OperationId(database.entropy().uuid(START));
    let operation = Operation { id, name: "test.write", actor: ActorRef::SYSTEM, at: START };
    database.write(operation).await.unwrap()
}

async fn entries(database: &Database) -> u64 {
    journal::sequence(database).await.unwrap();
    let read = database.read().await.unwrap();
    journal::verify(&read, database.machine_now(), &[], &[]).await.unwrap().entries
}

/// A server notices a little later that a client is gone, so its locks are asked for again, for ten seconds at most.
async fn taken_in_time(database: &Database, name: &str) -> bool {
    for _try in 0..500 {
        if lease::try_take(database, name).await.unwrap().is_some() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

async fn a_transaction_of_a_killed_process_is_gone(database: TestDatabase) {
    let mut child = start(&database, "hold");
    wait_until_ready(&mut child);
    assert!(lease::try_take(&database, "importer").await.unwrap().is_none(), "the child has it");
    kill(child);

    let write = database.begin("test.after").await;
    write.record(happened()).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(entries(&database).await, 1, "nothing of the killed transaction is there");
    assert!(taken_in_time(&database, "importer").await, "its lease is free");
}

async fn a_job_of_a_killed_process_is_taken_over(database: TestDatabase) {
    let write = database.begin("test.enqueue").await;
    write.enqueue("test.hang", &(), write.at()).await.unwrap();
    write.save().await.unwrap();
    let mut child = start(&database, "work");
    wait_until_ready(&mut child);

    let attempts = Arc::new(Mutex::new(Vec::new()));
    let job = JobKind::new("test.hang", |attempts: Arc<Mutex<Vec<i32>>>, job| async move {
        attempts.lock().unwrap().push(job.attempt);
        Ok(())
    });
    let context = Arc::clone(&attempts);
    let runner = Runner::new(database.database(), database.shared_clock(), context, vec![job], Vec::new())
        .await
        .unwrap();
    runner.settle().await.unwrap();
    assert!(attempts.lock().unwrap().is_empty(), "the child is at it");
    kill(child);
    for _try in 0..500 {
        if runner.settle().await.unwrap().done > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(*attempts.lock().unwrap(), [2], "the try of the child counts");
}

/// A process that writes without pause must not starve another: SQLite alone lets the one that waits try again after
/// random pauses.
async fn two_processes_write_in_turn(database: TestDatabase) {
    let mut child = start(&database, "write");
    for _round in 0..ROUNDS {
        let write = begin(&database).await;
        write.record(happened()).await.unwrap();
        write.save().await.unwrap();
    }
    wait_until_ready(&mut child);
    child.wait().unwrap();
    assert_eq!(entries(&database).await, 2 * ROUNDS);
}
