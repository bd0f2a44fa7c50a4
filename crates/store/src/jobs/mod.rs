//! Jobs: what follows from a transaction, done after it.
//!
//! A job is put into the table in the transaction that it follows from, so that neither happens without the other. It
//! is run at least once, so it must be idempotent. A job that fails is tried again with growing pauses, and after
//! `ATTEMPTS_AT_MOST` tries it is dead and waits for a person. Any number of processes take jobs; who takes one holds the
//! lease of its worker, and when that lease is free the worker has died and its jobs are taken up by others at once.

mod claim;
mod enqueue;
mod list;
mod runner;

use std::sync::Arc;

use base::{Moment, OperationId};
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::StoreError;
use crate::schema::Migration;

pub(crate) use enqueue::{enqueue, enqueue_once, waits};
pub use list::{Count, Filter, State, Summary, counts, dead, list, revive};
pub use runner::{Runner, Settled};

/// The table, which is also what payloads and errors are bound to.
const TABLE: &str = "job";

/// Tries before a job is dead.
pub const ATTEMPTS_AT_MOST: i32 = 8;

/// The pause after the first failure, in milliseconds; each further one is four times as long, up to the longest.
const FIRST_PAUSE_MILLISECONDS: i64 = 5_000;
const LONGEST_PAUSE_MILLISECONDS: i64 = 3_600_000;

/// Bytes of a job's sealed payload at most: it names what to do, the matter itself lies in tables.
pub const PAYLOAD_BYTES_AT_MOST: usize = 64 << 10;

/// Bytes of a failure's text that are kept.
const ERROR_BYTES_AT_MOST: usize = 2_000;

/// How long a done job can be seen, in milliseconds.
const DONE_KEPT_MILLISECONDS: i64 = 7 * 86_400_000;

pub(crate) fn migrations() -> Vec<Migration> {
    vec![Migration {
        name: "store.0002_job",
        up: |schema| {
            schema.create_table(TABLE, |table| {
                table.id();
                table.text("kind");
                table.text("state");
                table.text("wait_key").optional();
                table.moment("not_before");
                table.integer("attempts");
                table.text("worker").optional();
                table.uuid("operation");
                table.moment("enqueued_at");
                table.moment("finished_at").optional();
                table.bytes("payload");
                table.bytes("error").optional();
            });
            schema.index(TABLE, &["state", "not_before", "id"]);
            schema.index(TABLE, &["kind", "state"]);
            schema.unique_index(TABLE, &["kind", "wait_key"]);
        },
    }]
}

/// A job as it is being run.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Which try this is; 1 is the first.
    pub attempt: i32,
    /// The operation that it follows from.
    pub operation: OperationId,
    /// When it is run, by the office's clock.
    pub at: Moment,
    payload: serde_json::Value,
}

impl Job {
    /// What it was enqueued with.
    ///
    /// # Errors
    /// `Internal` if that has another shape.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        Ok(T::deserialize(&self.payload)?)
    }
}

type Run<C> = dyn Fn(C, Job) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync;

/// A kind of job and what it does.
pub struct JobKind<C> {
    /// `crate.verb_noun`, as it is enqueued.
    pub name: &'static str,
    /// Whether it has a seat of its own, that those which take long cannot hold.
    is_short: bool,
    run: Arc<Run<C>>,
}

impl<C> Clone for JobKind<C> {
    fn clone(&self) -> Self {
        Self { name: self.name, is_short: self.is_short, run: Arc::clone(&self.run) }
    }
}

impl<C> JobKind<C> {
    /// A kind of job that calls `run` with the context (the app) and the job. An error is tried again later, unless
    /// it is `GiveUp`.
    pub fn new<F, R>(name: &'static str, run: F) -> Self
    where
        F: Fn(C, Job) -> R + Send + Sync + 'static,
        R: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Self { name, is_short: false, run: Arc::new(move |context, job| Box::pin(run(context, job))) }
    }

    /// Says that its jobs take moments and are waited for (what a clock brings): they are run beside those that take
    /// long, whatever these do.
    #[must_use]
    pub fn short(self) -> Self {
        Self { is_short: true, ..self }
    }
}

/// A failure that trying again will not mend: the job is dead at once.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct GiveUp(pub String);

/// The pause behind failure number `attempts`.
fn pause_milliseconds(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 20)).unwrap_or(20) * 2;
    FIRST_PAUSE_MILLISECONDS.saturating_mul(1_i64 << doublings.min(40)).min(LONGEST_PAUSE_MILLISECONDS)
}
