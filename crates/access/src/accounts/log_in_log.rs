//! The log-in log: who came, when, from where, and what became of it (design §9). Kept apart from the journal, which
//! tells what was done once inside. The Cybersecurity Law (网络安全法 art. 21) has such logs kept for six months at least.

use base::{AccountId, Moment};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use store::{Read, Write};
use uuid::Uuid;

use crate::AccessError;

const TABLE: &str = "login_record";

/// The most records on one page.
const PAGE_AT_MOST: u64 = 200;

/// The most characters of an address that are kept.
const ADDRESS_LIMIT: usize = 64;

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The person is in.
    LoggedIn,
    /// Name or password was wrong, or the account is disabled or has no password.
    Refused,
    /// The name was locked.
    Locked,
    /// The person left.
    LoggedOut,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 4] = [Self::LoggedIn, Self::Refused, Self::Locked, Self::LoggedOut];

    /// The word of this outcome in the database and in filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::Refused => "refused",
            Self::Locked => "locked",
            Self::LoggedOut => "logged_out",
        }
    }

    /// The outcome with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// One line of the log-in log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogInRecord {
    /// Its id.
    pub id: Uuid,
    /// The account, if the login name was known. What was typed for an unknown one is not kept: it may be a password.
    pub account: Option<AccountId>,
    /// What became of it.
    pub outcome: Outcome,
    /// When, in real time.
    pub at: Moment,
    /// From where.
    pub address: String,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    address: String,
}

/// Adds a line.
pub(super) async fn append(
    write: &Write,
    account: Option<Uuid>,
    outcome: Outcome,
    address: &str,
) -> Result<(), AccessError> {
    let id = write.new_id();
    let address = address.chars().take(ADDRESS_LIMIT).collect();
    let sealed = write.keys().seal(TABLE, id, &Sealed { address })?;
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(["id", "account_id", "outcome", "at", "sealed"])
        .values_panic([
            id.into(),
            account.into(),
            outcome.word().into(),
            write.machine_now().0.into(),
            sealed.into(),
        ])
        .to_owned();
    write.connection().execute(&insert).await?;
    Ok(())
}

/// A page of at most `limit` lines, newest first, of one account or of all; `before` is the last one of the page before.
pub async fn records(
    read: &Read,
    account: Option<AccountId>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<LogInRecord>, AccessError> {
    let mut select = Query::select();
    select
        .columns(["id", "account_id", "outcome", "at", "sealed"])
        .from(TABLE)
        .order_by("id", Order::Desc)
        .limit(limit.clamp(1, PAGE_AT_MOST));
    if let Some(account) = account {
        select.and_where(Expr::col("account_id").eq(account.0));
    }
    if let Some(before) = before {
        select.and_where(Expr::col("id").lt(before));
    }
    let mut found = Vec::new();
    for row in read.connection().query_all(&select).await? {
        let (id, outcome): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "outcome")?);
        let sealed: Sealed = read.keys().open(TABLE, id, &row.try_get::<Vec<u8>>("", "sealed")?)?;
        found.push(LogInRecord {
            id,
            account: row.try_get::<Option<Uuid>>("", "account_id")?.map(AccountId),
            outcome: Outcome::from_word(&outcome)
                .ok_or_else(|| AccessError::internal("a log-in record has an unknown outcome"))?,
            at: Moment(row.try_get("", "at")?),
            address: sealed.address,
        });
    }
    Ok(found)
}
