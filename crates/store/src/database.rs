//! The database: opened once, cloned freely, read and written in transactions.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::{Entropy, Moment, SharedClock};
use tokio::sync::Notify;

use crate::engine::{DatabaseUrl, Engine};
use crate::keys::{self, Keys};
use crate::operation::Operation;
use crate::read::Read;
use crate::schema::Migration;
use crate::write::Write;
use crate::{StoreError, migration};

/// Readers at a time in one process. Each has a thread of its own on SQLite and a connection on PostgreSQL.
const READER_COUNT: u32 = 8;

/// How long who waits for the work of others sleeps when nothing in its own process wakes it.
pub(crate) const LOOK_AROUND: Duration = Duration::from_millis(500);

/// The open database with its keys. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Open>);

struct Open {
    engine: Engine,
    keys: Keys,
    entropy: Entropy,
    clock: SharedClock,
    data_folder: PathBuf,
    recorded: Notify,
    numbered: Notify,
    enqueued: Notify,
}

impl Database {
    /// Opens the database at `url`, makes the SQLite file and the master key in `data_folder` where there is nothing
    /// yet, and reads the keys. `clock` is the machine's own time, never the office's shifted one. `entropy` must come
    /// from the operating system for anything that is kept: a seed used twice would seal two rows with one nonce.
    ///
    /// # Errors
    /// `Refused` if the master key is missing, damaged or another one; `Internal` if there is no such server.
    pub async fn open(
        url: &DatabaseUrl,
        data_folder: &Path,
        entropy: Entropy,
        clock: SharedClock,
    ) -> Result<Self, StoreError> {
        std::fs::create_dir_all(data_folder)?;
        let engine = Engine::open(url, data_folder, READER_COUNT).await?;
        let (turn, transaction) = engine.begin_write().await?;
        migration::lay_ground(&transaction).await?;
        let keys = keys::load(&transaction, data_folder, &entropy, clock.now()).await?;
        transaction.commit().await?;
        drop(turn);
        Ok(Self(Arc::new(Open {
            engine,
            keys,
            entropy,
            clock,
            data_folder: data_folder.to_owned(),
            recorded: Notify::new(),
            numbered: Notify::new(),
            enqueued: Notify::new(),
        })))
    }

    /// Brings the schema up to `wanted`: `store::migrations()` first, then each crate's list in the order of the
    /// arrows. Returns the names that were applied now.
    ///
    /// # Errors
    /// `Refused` if the database was made by a newer version or a name stands twice.
    pub async fn migrate(&self, wanted: &[Migration]) -> Result<Vec<&'static str>, StoreError> {
        let (_turn, transaction) = self.0.engine.begin_write().await?;
        let names = migration::apply(&transaction, wanted, self.machine_now()).await?;
        transaction.commit().await?;
        if !names.is_empty() {
            self.0.engine.renew_readers().await?;
        }
        Ok(names)
    }

    /// Those of `wanted` that are not applied; refuses as `migrate` does. For programs that must not change a schema.
    pub async fn pending_migrations(&self, wanted: &[Migration]) -> Result<Vec<&'static str>, StoreError> {
        let read = self.read().await?;
        let missing = migration::missing(read.connection(), wanted).await?;
        Ok(missing.into_iter().map(|migration| migration.name).collect())
    }

    /// Opens a transaction that sees one snapshot (from its first query on) and cannot write.
    pub async fn read(&self) -> Result<Read, StoreError> {
        Ok(Read::new(self.0.engine.begin_read().await?, self.0.keys.clone()))
    }

    /// Opens a transaction that writes. Nothing is kept unless it is saved.
    pub async fn write(&self, operation: Operation) -> Result<Write, StoreError> {
        let (turn, transaction) = self.0.engine.begin_write().await?;
        Ok(Write::new(self.clone(), transaction, turn, operation))
    }

    /// Says whether [`Write::save`] returns when what was saved is on the disk, as it does at first, or before. Without
    /// it the database stays whole if the power fails, but may have forgotten the last moments: for making what would
    /// be made anew then, and for nothing that anybody was answered.
    pub async fn set_waits_for_disk(&self, waits: bool) -> Result<(), StoreError> {
        self.0.engine.set_waits_for_disk(waits).await
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The source of randomness that the database was opened with.
    pub fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    /// The folder with the master key.
    pub fn data_folder(&self) -> &Path {
        &self.0.data_folder
    }

    /// The machine's own time.
    pub fn machine_now(&self) -> Moment {
        self.0.clock.now()
    }

    /// Ends every connection. Without it they end when the last clone is dropped, at a moment nobody waits for.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.0.engine.close().await
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// Wakes who waits for entries of the journal, in this process.
    pub(crate) fn recorded(&self) -> &Notify {
        &self.0.recorded
    }

    /// Wakes who waits for numbered entries of the journal, in this process.
    pub(crate) fn numbered(&self) -> &Notify {
        &self.0.numbered
    }

    /// Wakes who waits for jobs, in this process.
    pub(crate) fn enqueued(&self) -> &Notify {
        &self.0.enqueued
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Database(…)")
    }
}
