//! A writing transaction: all of it or nothing.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use base::Moment;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use serde::Serialize;
use uuid::Uuid;

use crate::database::Database;
use crate::engine::{self, TurnHeld};
use crate::keys::Keys;
use crate::operation::{ActorRef, Event, Operation};
use crate::{StoreError, jobs, journal};

/// An open writing transaction. `save` keeps it; dropping it in any other way rolls it back.
///
/// On PostgreSQL several run at once (READ COMMITTED): uniqueness is held by unique indexes, edited rows by their
/// `version`, anything else by `lock`.
#[must_use = "without `save` nothing is kept"]
pub struct Write {
    // The order of the fields matters: the transaction must be rolled back before the turn is given on.
    transaction: DatabaseTransaction,
    _turn: TurnHeld,
    database: Database,
    operation: Operation,
    ids_given: AtomicU32,
    recorded: AtomicBool,
    enqueued: AtomicBool,
}

impl Write {
    pub(crate) fn new(
        database: Database,
        transaction: DatabaseTransaction,
        turn: TurnHeld,
        operation: Operation,
    ) -> Self {
        Self {
            transaction,
            _turn: turn,
            database,
            operation,
            ids_given: AtomicU32::new(0),
            recorded: AtomicBool::new(false),
            enqueued: AtomicBool::new(false),
        }
    }

    /// What statements run on.
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The keys, to seal and open.
    pub fn keys(&self) -> &Keys {
        self.database.keys()
    }

    /// The operation that this transaction belongs to.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// The moment of the operation, by the office's clock.
    pub fn at(&self) -> Moment {
        self.operation.at
    }

    /// Who acts.
    pub fn actor(&self) -> ActorRef {
        self.operation.actor
    }

    /// The machine's own time, for what must not follow a moved clock.
    pub fn machine_now(&self) -> Moment {
        self.database.machine_now()
    }

    /// A fresh id. Those of one transaction sort in the order in which they were given (RFC 9562, 6.2, method 1: a
    /// counter of 18 bits behind the milliseconds), so that rows stand in the order of their making and are appended
    /// at one place of an index; 56 random bits keep transactions apart.
    pub fn new_id(&self) -> Uuid {
        let count = self.ids_given.fetch_add(1, Ordering::Relaxed);
        ordered_id(self.operation.at, count, self.database.entropy().bytes())
    }

    /// Writes `event` into the journal, as part of this transaction. Returns the entry's id.
    pub async fn record(&self, event: Event) -> Result<Uuid, StoreError> {
        self.recorded.store(true, Ordering::Relaxed);
        journal::append(self, event).await
    }

    /// As `record`, for many: one statement for each batch.
    pub async fn record_all(&self, events: Vec<Event>) -> Result<(), StoreError> {
        self.recorded.store(true, Ordering::Relaxed);
        journal::append_all(self, events).await
    }

    /// Puts a job of kind `job_kind` into the queue, as part of this transaction, to be run at `not_before` (by the
    /// office's clock) or later. Returns its id.
    pub async fn enqueue(
        &self,
        job_kind: &'static str,
        payload: &impl Serialize,
        not_before: Moment,
    ) -> Result<Uuid, StoreError> {
        self.wake_runners();
        jobs::enqueue(self, job_kind, payload, not_before).await
    }

    /// As `enqueue`, but while a job of this kind with the same `key` still waits, none is added: that one is run for
    /// both, at the earlier of the two moments and with the payload that it has. `key` must say nothing personal.
    pub async fn enqueue_once(
        &self,
        job_kind: &'static str,
        key: &str,
        payload: &impl Serialize,
        not_before: Moment,
    ) -> Result<(), StoreError> {
        self.wake_runners();
        jobs::enqueue_once(self, job_kind, key, payload, not_before).await
    }

    /// As `enqueue_once`, but a job that waits already is left as it is, and is not locked: on PostgreSQL no transaction
    /// waits for another one here unless there is no such job yet. For jobs that enqueue themselves again whatever they
    /// find, of which one must be there: one that is taken before this transaction is committed does not see it, but the
    /// one after it does.
    pub async fn enqueue_unless_waiting(
        &self,
        job_kind: &'static str,
        key: &str,
        payload: &impl Serialize,
        not_before: Moment,
    ) -> Result<(), StoreError> {
        if jobs::waits(self.connection(), job_kind, key).await? {
            return Ok(());
        }
        self.enqueue_once(job_kind, key, payload, not_before).await
    }

    /// Sets columns of a row that people edit, if it still is the `version` that the editor had read, and counts its
    /// version up.
    ///
    /// # Errors
    /// `Conflict` if somebody else saved first; `NotFound` if there is no such row.
    pub async fn edit(
        &self,
        table: &'static str,
        id: Uuid,
        version: i32,
        values: impl IntoIterator<Item = (&'static str, sea_orm::Value)>,
    ) -> Result<(), StoreError> {
        let mut update = Query::update();
        update.table(table).value("version", version.saturating_add(1)).and_where(Expr::col("id").eq(id));
        for (column, value) in values {
            update.value(column, value);
        }
        update.and_where(Expr::col("version").eq(version));
        if self.transaction.execute(&update).await?.rows_affected() > 0 {
            return Ok(());
        }
        let any = Query::select().column("id").from(table).and_where(Expr::col("id").eq(id)).to_owned();
        match self.transaction.query_one(&any).await? {
            Some(_) => Err(StoreError::Conflict),
            None => Err(StoreError::NotFound),
        }
    }

    /// Waits until no other transaction holds `name`, and holds it until this one ends. For what a unique index or a
    /// version cannot say. On SQLite there is one writer anyhow.
    pub async fn lock(&self, name: &str) -> Result<(), StoreError> {
        lock(&self.transaction, name).await
    }

    /// Wakes the runners when this transaction is saved.
    pub(crate) fn wake_runners(&self) {
        self.enqueued.store(true, Ordering::Relaxed);
    }

    /// Keeps everything that was written. When this returns it is on the disk.
    pub async fn save(self) -> Result<(), StoreError> {
        self.transaction.commit().await?;
        if self.recorded.load(Ordering::Relaxed) {
            self.database.recorded().notify_waiters();
        }
        if self.enqueued.load(Ordering::Relaxed) {
            self.database.enqueued().notify_waiters();
        }
        Ok(())
    }
}

/// Holds `name` until `transaction` ends.
pub(crate) async fn lock(transaction: &DatabaseTransaction, name: &str) -> Result<(), StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = Query::select()
            .expr(Func::cust("pg_advisory_xact_lock").arg(engine::lock_number(name)).cast_as("text"))
            .to_owned();
        transaction.query_one(&lock).await?;
    }
    Ok(())
}

/// A UUID v7: 48 bits of milliseconds, 18 bits of `count`, 56 bits of `random`.
fn ordered_id(at: Moment, count: u32, random: [u8; 7]) -> Uuid {
    let milliseconds = u64::try_from(at.0).unwrap_or(0).to_be_bytes();
    let [_, _, m0, m1, m2, m3, m4, m5] = milliseconds;
    let [r0, r1, r2, r3, r4, r5, r6] = random;
    // The upper 12 bits of the counter are the field `rand_a`, the lower 6 follow the variant.
    let [_, _, a_high, a_low] = (count >> 6 & 0xFFF).to_be_bytes();
    let [_, _, _, low] = (count & 0x3F).to_be_bytes();
    let (version, variant) = (0x70 | a_high, 0x80 | low);
    Uuid::from_bytes([m0, m1, m2, m3, m4, m5, version, a_low, variant, r0, r1, r2, r3, r4, r5, r6])
}
