//! PostgreSQL 15 and later: readers see one snapshot, writers run side by side.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::atomic::AtomicBool;

use sea_orm::SqlxPostgresConnector;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sea_orm::sqlx::{self, ConnectOptions, Connection};
use tokio::sync::Mutex;

use super::{Engine, Locks, WAIT_FOR_TURN};
use crate::StoreError;

/// Writers at a time in one process.
const WRITER_COUNT: u32 = 8;

pub(super) async fn open(url: &str, reader_count: u32) -> Result<Engine, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_fault| {
            // The parser's text may quote the password.
            StoreError::Refused(
                "the database URL cannot be read; it should look like postgres://user@host/database"
                    .to_owned(),
            )
        })?
        .application_name("shouwang")
        .disable_statement_logging();
    reach(&options).await?;
    let reading = options.clone().options([
        ("default_transaction_isolation", "repeatable read"),
        ("default_transaction_read_only", "on"),
    ]);
    Ok(Engine {
        reader_count,
        readers: SqlxPostgresConnector::from_sqlx_postgres_pool(
            pool(reader_count).connect_with(reading).await?,
        ),
        writers: SqlxPostgresConnector::from_sqlx_postgres_pool(
            pool(WRITER_COUNT).connect_with(options.clone()).await?,
        ),
        turn: None,
        locks: Locks::Session(Box::new(LockSession {
            options,
            state: Mutex::new(SessionState { connection: None, held: HashSet::new() }),
        })),
        waits_for_disk: AtomicBool::new(true),
    })
}

/// Asks for one connection first: a pool tries on for half a minute and then says no more than that it got none.
async fn reach(options: &PgConnectOptions) -> Result<(), StoreError> {
    let connection = options.connect().await.map_err(|error| {
        // What the server or the system says names host, user and database at most.
        StoreError::Refused(format!(
            "the database server cannot be used: {error}. See that it runs and takes connections, and that host, port, user, \
             password and database are right in SHOUWANG_DATABASE_URL"
        ))
    })?;
    Ok(connection.close().await?)
}

/// A broken connection is found by the statement that meets it and is then thrown away, so none is asked beforehand.
fn pool(size: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(size).test_before_acquire(false).acquire_timeout(WAIT_FOR_TURN)
}

/// A session of its own whose advisory locks are the leases: the server frees them when the session ends, also when
/// the process was killed.
pub(crate) struct LockSession {
    options: PgConnectOptions,
    state: Mutex<SessionState>,
}

struct SessionState {
    connection: Option<PgConnection>,
    /// An advisory lock can be taken twice by one session, a lease cannot: what is held here is refused here.
    held: HashSet<String>,
}

impl LockSession {
    /// Takes the lock `name` if nobody has it.
    pub(crate) async fn try_take(&self, name: &str) -> Result<bool, StoreError> {
        let mut state = self.state.lock().await;
        if state.connection.is_some() && state.held.contains(name) && state.is_alive().await {
            return Ok(false);
        }
        let connection = match &mut state.connection {
            Some(connection) => connection,
            none => none.insert(self.options.connect().await?),
        };
        let taken: Result<bool, sqlx::Error> = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(lock_number(name))
            .fetch_one(connection)
            .await;
        match taken {
            Ok(taken) => {
                if taken {
                    state.held.insert(name.to_owned());
                }
                Ok(taken)
            }
            Err(error) => {
                state.lose();
                Err(error.into())
            }
        }
    }

    /// Whether the lock `name`, taken before, is still this session's.
    pub(crate) async fn is_held(&self, name: &str) -> bool {
        let mut state = self.state.lock().await;
        state.held.contains(name) && state.is_alive().await
    }

    /// Gives the lock `name` back.
    pub(crate) async fn give_back(&self, name: &str) {
        let mut state = self.state.lock().await;
        if !state.held.remove(name) {
            return;
        }
        if let Some(connection) = &mut state.connection {
            let unlocked = sqlx::query("SELECT pg_advisory_unlock($1)")
                .bind(lock_number(name))
                .execute(connection)
                .await;
            if unlocked.is_err() {
                state.lose();
            }
        }
    }
}

impl SessionState {
    /// Asks the server whether the session lives; when it does not, every lock of it is gone.
    async fn is_alive(&mut self) -> bool {
        let alive = match &mut self.connection {
            Some(connection) => connection.ping().await.is_ok(),
            None => false,
        };
        if !alive {
            self.lose();
        }
        alive
    }

    fn lose(&mut self) {
        self.connection = None;
        self.held.clear();
    }
}

/// An advisory lock is a number; the name's digest is one. Two names that meet (once in 2³² pairs of names) would
/// only wait for each other.
pub(crate) fn lock_number(name: &str) -> i64 {
    blake3::hash(name.as_bytes()).as_bytes().first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes))
}
