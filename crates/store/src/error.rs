//! What can go wrong in here, by what the caller can do about it.

use sea_orm::sqlx;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr};

/// An error of the store. No variant carries a value of a row: not a name, not a number, not a key.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row is no longer the version that the writer had read: somebody else saved first. Read it again and show
    /// both.
    #[error("the record was changed by somebody else in the meantime")]
    Conflict,
    /// A row with the same unique key is there already.
    #[error("the record is there already")]
    Duplicate,
    /// There is no such row (or none that this reader may see: the two are not told apart).
    #[error("there is no such record")]
    NotFound,
    /// The database is taken: the lock was not had in time. The same call may succeed a moment later.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// More was handed in than the store takes at once.
    #[error("too large: at most {limit_bytes} bytes are taken")]
    TooLarge {
        /// The bound that was passed, in bytes.
        limit_bytes: u64,
    },
    /// The database cannot be opened as it is, and a person must decide: the text says what is wrong and the mend.
    #[error("{0}")]
    Refused(String),
    /// Anything that nobody can mend by acting otherwise.
    #[error("the store failed: {0:#}")]
    Internal(anyhow::Error),
}

impl StoreError {
    /// An internal error from any text.
    pub fn internal(message: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{message}"))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::RecordNotFound(_) => return Self::NotFound,
            DbErr::RecordNotUpdated => return Self::Conflict,
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => return Self::Busy,
            DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause))
            | DbErr::Conn(RuntimeErr::SqlxError(cause))
                if is_busy(cause) =>
            {
                return Self::Busy;
            }
            _ => {}
        }
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Duplicate;
        }
        // Only the text goes on: the source of a PostgreSQL error holds a DETAIL line with the values of the row.
        Self::internal(error)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_busy(&error) {
            return Self::Busy;
        }
        if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
            return Self::Duplicate;
        }
        Self::internal(error)
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        // serde's text may quote a value of the payload ("invalid type: string \"…\""), so only its place goes on.
        Self::internal(format_args!("a payload does not have the expected shape ({:?})", error.classify()))
    }
}

/// Whether `error` says that somebody else holds the lock: SQLITE_BUSY (5) and its extended codes, SQLITE_LOCKED (6),
/// and PostgreSQL's serialization failure, deadlock and lock-not-available (appendix A of its manual).
fn is_busy(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(cause) => {
            matches!(
                cause.code().as_deref(),
                Some("5" | "6" | "261" | "517" | "773" | "40001" | "40P01" | "55P03")
            )
        }
        _ => false,
    }
}
