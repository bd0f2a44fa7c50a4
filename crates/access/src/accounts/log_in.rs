//! Logging in and out.
//!
//! An attempt is counted before its password is looked at, in a transaction of its own; the password is checked outside
//! any transaction; then the outcome is written. An unknown, disabled or passwordless account takes the same steps and
//! the same time as a wrong password and gets the same answer.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::{Database, Operation, Write};

use super::lock_out::LOCK_OUT;
use super::log_in_log::{self, Outcome};
use super::model::Account;
use super::password::Password;
use super::{repository, service};
use crate::AccessError;
use crate::sessions::{self, SessionToken};

/// Failures of login names are kept this long, in minutes: longer than they count, so that nothing is lost, and bounded,
/// so that guessed names do not fill the table.
const FAILURES_KEPT_MINUTES: i64 = 60;

/// Somebody at the door.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The login name as it was typed.
    pub login: String,
    /// The password as it was typed.
    pub password: Password,
    /// The address that it came from; goes into the log-in log, sealed.
    pub address: String,
}

/// Somebody who is in.
#[derive(Debug)]
pub struct LoggedIn {
    /// For the cookie. It is not stored; its hash is.
    pub token: SessionToken,
    /// Who it is.
    pub account: Account,
    /// Whether a post has been chosen already because there is just one.
    pub has_post: bool,
}

/// Logs somebody in. `operation` names the office's time, by which tenures count; lock-out and sessions go by the
/// machine's.
///
/// # Errors
/// `WrongCredentials` with the attempts that are left; `Locked` until when.
pub async fn log_in(
    database: &Database,
    operation: Operation,
    attempt: Attempt,
) -> Result<LoggedIn, AccessError> {
    let login = service::normal_login(&attempt.login);
    let counted = count_attempt(database, &operation, &login).await;
    let attempts_left = match counted {
        Ok(left) => left,
        Err(AccessError::Locked { until }) => {
            let write = database.write(operation).await?;
            let account = repository::row_by_login(write.connection(), &login).await?;
            log_in_log::append(&write, account.map(|row| row.id), Outcome::Locked, &attempt.address).await?;
            write.save().await?;
            return Err(AccessError::Locked { until });
        }
        Err(other) => return Err(other),
    };
    let read = database.read().await?;
    let row = repository::row_by_login(read.connection(), &login).await?;
    drop(read);
    let usable = row.as_ref().filter(|row| row.disabled_at.is_none());
    let hash = usable.and_then(super::model::Model::hash);
    let is_right = service::verify_password(attempt.password, hash).await?;

    let write = database.write(operation).await?;
    service::lock_login(&write, &login).await?;
    let now = repository::row_by_login(write.connection(), &login).await?;
    // The password may have been changed, or the account disabled, while this one was being checked.
    let unchanged = now.as_ref().map(|row| (&row.password_hash, row.disabled_at))
        == row.as_ref().map(|row| (&row.password_hash, row.disabled_at));
    let known = now.as_ref().map(|row| row.id);
    let Some(row) = now.filter(|_| is_right && unchanged) else {
        log_in_log::append(&write, known, Outcome::Refused, &attempt.address).await?;
        write.save().await?;
        return Err(AccessError::WrongCredentials { attempts_left });
    };
    let account = row.open(write.keys())?;
    service::clear_failures(&write, &account.login).await?;
    let (token, has_post) = sessions::open(&write, database.entropy(), account.id).await?;
    log_in_log::append(&write, Some(account.id.0), Outcome::LoggedIn, &attempt.address).await?;
    write.save().await?;
    Ok(LoggedIn { token, account, has_post })
}

/// Ends the session behind `token`, and says so in the log-in log. A session that has ended already is no error.
pub async fn log_out(write: &Write, token: &SessionToken, address: &str) -> Result<(), AccessError> {
    if let Some(account) = sessions::end(write, token).await? {
        log_in_log::append(write, Some(account.0), Outcome::LoggedOut, address).await?;
    }
    Ok(())
}

/// Counts an attempt for `login` and keeps the count; returns how many are left after it.
///
/// # Errors
/// `Locked`: then it is not counted.
pub(super) async fn count_attempt(
    database: &Database,
    operation: &Operation,
    login: &str,
) -> Result<i32, AccessError> {
    let write = database.write(operation.clone()).await?;
    let now = write.machine_now();
    let hash = repository::login_hash(write.keys(), login);
    // Two attempts at once must not read the same count.
    write.lock("access.login_failure").await?;
    let before = repository::failures(write.connection(), &hash).await?;
    let counted =
        LOCK_OUT.attempt(before, now).map_err(|locked| AccessError::Locked { until: locked.until })?;
    let forgotten = Query::delete()
        .from_table("login_failure")
        .and_where(Expr::col("last_at").lt(now.plus_minutes(-FAILURES_KEPT_MINUTES).0))
        .to_owned();
    write.connection().execute(&forgotten).await?;
    store::bulk::upsert_rows(
        write.connection(),
        store::bulk::Target { table: "login_failure", columns: &["login_hash", "count", "last_at"] },
        &["login_hash"],
        [[hash.into(), counted.count.into(), counted.last_at.0.into()]],
    )
    .await?;
    write.save().await?;
    Ok(LOCK_OUT.left(counted))
}
