//! SQLite: one file, one writer at a time over all processes, readers that never wait.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sea_orm::SqlxSqliteConnector;
use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Engine, Locks, WAIT_FOR_TURN};
use crate::StoreError;

/// Pages of the write-ahead log after which it is written back into the file: 64 MiB. An import writes the same pages of
/// its indexes in many transactions; the longer the log, the fewer of them go to the file more than once.
const CHECKPOINT_PAGES: u32 = 16_384;

/// Memory for pages of the one writer, in KiB: the indexes that an import touches everywhere stay in it.
const WRITER_CACHE_KIBIBYTES: u32 = 65_536;
/// Memory for pages of each reader, in KiB.
const READER_CACHE_KIBIBYTES: u32 = 16_000;

pub(super) async fn open(path: &Path, data_folder: &Path, reader_count: u32) -> Result<Engine, StoreError> {
    std::fs::create_dir_all(data_folder)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let locks = lock_folder(path);
    std::fs::create_dir_all(&locks)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(WAIT_FOR_TURN)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    let turn = Turn::new(&locks)?;
    // Two processes that make the file at once would both change its journal mode; the turn keeps them apart.
    let held = turn.take().await?;
    let cached = |kibibytes: u32| options.clone().pragma("cache_size", format!("-{kibibytes}"));
    let writers = pool(1).connect_with(cached(WRITER_CACHE_KIBIBYTES)).await?;
    drop(held);
    let readers =
        pool(reader_count).connect_with(cached(READER_CACHE_KIBIBYTES).pragma("query_only", "on")).await?;
    Ok(Engine {
        reader_count,
        readers: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
        writers: SqlxSqliteConnector::from_sqlx_sqlite_pool(writers),
        turn: Some(turn),
        locks: Locks::Files(locks),
        waits_for_disk: AtomicBool::new(true),
    })
}

/// A pool whose connections are kept for good and are not asked whether they live: the file does not go away.
fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(size)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(WAIT_FOR_TURN)
}

/// The lock files lie beside the database file, because that is what they protect.
fn lock_folder(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".locks");
    PathBuf::from(name)
}

/// The writer's turn. SQLite lets those who wait try again after random pauses, so that a process which writes
/// without pause (an import) starves the others. Two file locks make it a queue: who wants to write holds `queue`
/// while waiting for `writer`, so that the one who has just written comes after. The kernel frees both when a process
/// dies.
pub(crate) struct Turn(Arc<Mutex<TurnFiles>>);

struct TurnFiles {
    queue: File,
    writer: File,
}

/// The writer's turn, until it is dropped.
pub(crate) struct TurnHeld(OwnedMutexGuard<TurnFiles>);

impl Turn {
    fn new(folder: &Path) -> Result<Self, StoreError> {
        let open =
            |name: &str| OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(name));
        let files = TurnFiles { queue: open("queue.lock")?, writer: open("writer.lock")? };
        Ok(Self(Arc::new(Mutex::new(files))))
    }

    /// Waits until it is this caller's turn, in the order of asking within the process.
    pub(crate) async fn take(&self) -> Result<TurnHeld, StoreError> {
        let waiting = async {
            let files = Arc::clone(&self.0).lock_owned().await;
            if files.queue.try_lock().is_ok() {
                if files.writer.try_lock().is_ok() {
                    let held = TurnHeld(files);
                    held.0.queue.unlock()?;
                    return Ok(held);
                }
                files.queue.unlock()?;
            }
            // The thread waits on even when its caller has given up; then nobody takes what it returns, and dropping
            // that gives the turn on.
            let waiting = tokio::task::spawn_blocking(move || {
                files.queue.lock()?;
                files.writer.lock()?;
                let held = TurnHeld(files);
                held.0.queue.unlock()?;
                Ok::<_, std::io::Error>(held)
            });
            Ok(waiting.await.map_err(StoreError::internal)??)
        };
        match tokio::time::timeout(WAIT_FOR_TURN, waiting).await {
            Ok(held) => held,
            Err(_elapsed) => Err(StoreError::Busy),
        }
    }
}

impl Drop for TurnHeld {
    fn drop(&mut self) {
        if let Err(error) = self.0.writer.unlock() {
            tracing::error!(%error, "the writer's turn could not be given on");
        }
    }
}
