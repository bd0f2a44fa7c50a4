//! The two databases. Everything in which they differ when they are opened, begun and locked stands here and nowhere
//! else.

mod postgres;
mod sqlite;
mod turn;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use crate::StoreError;

pub(crate) use postgres::lock_number;

/// How long a reader or writer waits for its turn before the answer is `Busy`.
const WAIT_FOR_TURN: Duration = Duration::from_secs(30);

/// The file of a database that is kept in the data folder.
pub const SQLITE_FILE_NAME: &str = "shouwang.db";

/// Where the rows are: `sqlite:<path>` or `postgres://user@host/database`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database; the text may hold a password.
    Postgres(String),
}

impl DatabaseUrl {
    /// The SQLite file in `data_folder`: what is used when nothing else is configured.
    pub fn in_folder(data_folder: &Path) -> Self {
        Self::Sqlite(data_folder.join(SQLITE_FILE_NAME))
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.trim_start_matches("//").is_empty() => {
                let path = path.strip_prefix("//").unwrap_or(path);
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            _ => Err(StoreError::Refused(
                "the database URL must begin with sqlite: (a file) or postgres: (a server), as in \
                 sqlite:./shouwang-data/shouwang.db or postgres://shouwang@localhost/shouwang"
                    .to_owned(),
            )),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Self::Postgres(_) => formatter.write_str("postgres:…"),
        }
    }
}

/// An open database: many readers, and writers as many as it bears (SQLite: one).
pub(crate) struct Engine {
    readers: DatabaseConnection,
    reader_count: u32,
    writers: DatabaseConnection,
    turn: Option<turn::Turn>,
    locks: Locks,
    /// Whether what is saved is on the disk before its writer goes on.
    waits_for_disk: AtomicBool,
}

/// Where leases are kept.
pub(crate) enum Locks {
    /// Files in this folder.
    Files(PathBuf),
    /// Advisory locks of a session of its own.
    Session(Box<postgres::LockSession>),
}

/// The right to write, kept until the transaction has ended.
pub(crate) struct TurnHeld {
    _turn: Option<turn::TurnHeld>,
}

impl Engine {
    pub(crate) async fn open(
        url: &DatabaseUrl,
        data_folder: &Path,
        reader_count: u32,
    ) -> Result<Self, StoreError> {
        match url {
            DatabaseUrl::Sqlite(path) => sqlite::open(path, data_folder, reader_count).await,
            DatabaseUrl::Postgres(text) => postgres::open(text, reader_count).await,
        }
    }

    /// Opens a transaction that sees one snapshot and cannot write.
    pub(crate) async fn begin_read(&self) -> Result<DatabaseTransaction, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// Opens a transaction that writes; on SQLite after everybody who asked before.
    pub(crate) async fn begin_write(&self) -> Result<(TurnHeld, DatabaseTransaction), StoreError> {
        let turn = match &self.turn {
            Some(turn) => Some(turn.take().await?),
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: turn.is_some().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.writers.begin_with_options(options).await?;
        if turn.is_none() && !self.waits_for_disk.load(Ordering::Relaxed) {
            transaction.execute_unprepared("SET LOCAL synchronous_commit TO off").await?;
        }
        Ok((TurnHeld { _turn: turn }, transaction))
    }

    /// Says whether what is saved must be on the disk before its writer goes on. Without it the database stays whole
    /// whatever happens, but the machine's power must last for what was saved in the moments before.
    pub(crate) async fn set_waits_for_disk(&self, waits: bool) -> Result<(), StoreError> {
        if let Some(turn) = &self.turn {
            let _turn = turn.take().await?;
            // There is one writing connection, so the setting holds for whatever is written.
            let level = if waits { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" };
            self.writers.execute_unprepared(level).await?;
            if waits {
                // What was saved meanwhile is on the disk from here on.
                self.writers.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await?;
            }
        } else if waits {
            // A commit that waits takes those before it with it, and this makes one.
            self.writers.execute_unprepared("SELECT pg_current_xact_id()").await?;
        }
        self.waits_for_disk.store(waits, Ordering::Relaxed);
        Ok(())
    }

    /// Makes every reader look at the schema anew. SQLite does so by itself when a statement runs, but takes a column
    /// that was not there when the statement was prepared for a text in double quotes and names it so.
    pub(crate) async fn renew_readers(&self) -> Result<(), StoreError> {
        if self.turn.is_none() {
            return Ok(());
        }
        let mut all = Vec::new();
        for _reader in 0..self.reader_count {
            let reader = self.readers.begin().await?;
            reader.execute_unprepared("SELECT count(*) FROM sqlite_master").await?;
            all.push(reader);
        }
        Ok(())
    }

    pub(crate) fn locks(&self) -> &Locks {
        &self.locks
    }

    /// Closes every connection; on SQLite the last one writes the log back into the file.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.readers.close_by_ref().await?;
        self.writers.close_by_ref().await?;
        Ok(())
    }
}
