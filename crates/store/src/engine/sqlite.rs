//! SQLite: one file, one writer at a time over all processes, readers that never wait.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use sea_orm::SqlxSqliteConnector;
use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::turn::Turn;
use super::{Engine, Locks, WAIT_FOR_TURN};
use crate::StoreError;

/// Pages of the write-ahead log after which it is written back into the file: 16 MiB. An import writes the same pages of
/// its indexes in many transactions; the longer the log, the fewer of them go to the file more than once, but the longer
/// everybody waits who wants to write while that happens.
const CHECKPOINT_PAGES: u32 = 4_096;

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
    make_private(path)?;
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

/// Makes the file, if it is not there, so that nobody but its owner reads it; the log beside it takes the same rights.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
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
