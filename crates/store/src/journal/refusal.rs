//! Entries that a listener could not take: tried again with growing pauses, and after some tries shown to a person, who
//! mends the cause and has it tried at once, or sets the entry aside so that those behind it are heard.

use std::collections::BTreeMap;

use base::{Moment, OperationId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use uuid::Uuid;

use super::entry::Entry;
use crate::StoreError;
use crate::bulk::{Target, upsert_rows};
use crate::database::Database;
use crate::operation::{ActorRef, Operation};
use crate::read::Read;
use crate::write::Write;

/// The table, which is also what errors are bound to.
pub(super) const TABLE: &str = "journal_refusal";

/// Tries after which a person is asked; it is tried on all the same, since what is out of order may come right by itself.
pub const TRIES_BEFORE_A_PERSON: i32 = 4;
/// The pause after the first failure, in milliseconds; each further one is four times as long, up to the longest.
const FIRST_PAUSE_MILLISECONDS: i64 = 1_000;
const LONGEST_PAUSE_MILLISECONDS: i64 = 600_000;
/// Refusals that are listed at most: more of them have one cause.
const LISTED_AT_MOST: u64 = 100;
/// Bytes of a failure's text that are kept.
const ERROR_BYTES_AT_MOST: usize = 2_000;

/// How a refused entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalState {
    /// It is offered again and again, and holds up those behind it.
    Failing,
    /// Somebody set it aside; those behind it are heard.
    SetAside,
    /// It was set aside and is offered once more.
    Again,
}

impl RefusalState {
    const ALL: [Self; 3] = [Self::Failing, Self::SetAside, Self::Again];

    fn as_text(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::SetAside => "set_aside",
            Self::Again => "again",
        }
    }

    fn from_text(text: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.as_text() == text);
        found.ok_or_else(|| StoreError::internal("a refusal is in an unknown state"))
    }
}

/// An entry that a listener could not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The listener.
    pub listener: String,
    /// The entry's number.
    pub number: i64,
    /// The entry.
    pub entry: Uuid,
    /// How it stands.
    pub state: RefusalState,
    /// How often it was offered.
    pub attempts: i32,
    /// When it was first refused, by the machine's clock.
    pub since: Moment,
    /// Why the last try failed.
    pub error: String,
}

impl Refusal {
    /// Whether it is a person's turn: it failed often, and holds up what stands behind it.
    pub fn asks_for_a_person(&self) -> bool {
        self.state == RefusalState::Failing && self.attempts >= TRIES_BEFORE_A_PERSON
    }
}

/// What the deliverer must know of a refused entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub entry: Uuid,
    pub state: RefusalState,
    pub attempts: i32,
    pub since: Moment,
    pub next: Moment,
}

/// All that is refused or set aside, newest first.
pub async fn refusals(read: &Read) -> Result<Vec<Refusal>, StoreError> {
    let mut select = select();
    select.order_by("number", Order::Desc).limit(LISTED_AT_MOST);
    let mut found = Vec::new();
    for row in read.connection().query_all(&select).await? {
        let (entry, state): (Uuid, String) = (row.try_get("", "entry")?, row.try_get("", "state")?);
        let sealed: Vec<u8> = row.try_get("", "error")?;
        found.push(Refusal {
            listener: row.try_get("", "listener")?,
            number: row.try_get("", "number")?,
            entry,
            state: RefusalState::from_text(&state)?,
            attempts: row.try_get("", "attempts")?,
            since: Moment(row.try_get("", "since")?),
            error: read.keys().open(TABLE, entry, &sealed)?,
        });
    }
    Ok(found)
}

/// How many listeners stand still and ask for a person.
pub async fn stuck(connection: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("listener").count(), "count")
        .from(TABLE)
        .and_where(Expr::col("state").eq(RefusalState::Failing.as_text()))
        .and_where(Expr::col("attempts").gte(TRIES_BEFORE_A_PERSON))
        .to_owned();
    let row = connection.query_one(&select).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count.unsigned_abs())
}

/// Has an entry offered again at once, whether it fails or was set aside. The writer's journal entry wakes the runners.
///
/// # Errors
/// `NotFound` if the listener has taken it.
pub async fn retry(write: &Write, listener: &str, number: i64) -> Result<(), StoreError> {
    let aside = RefusalState::SetAside.as_text();
    let state = Expr::case(Expr::col("state").eq(aside), RefusalState::Again.as_text());
    let update = Query::update()
        .table(TABLE)
        .value("state", state.finally(Expr::col("state")))
        .value("next_at", 0_i64)
        .and_where(Expr::col("listener").eq(listener))
        .and_where(Expr::col("number").eq(number))
        .to_owned();
    at_least_one(write.connection().execute(&update).await?.rows_affected())
}

/// Sets a failing entry aside, so that the listener goes on behind it. It stays listed, and can be offered again.
///
/// # Errors
/// `NotFound` unless it failed as often as a person is asked for.
pub async fn set_aside(write: &Write, listener: &str, number: i64) -> Result<(), StoreError> {
    let update = Query::update()
        .table(TABLE)
        .value("state", RefusalState::SetAside.as_text())
        .and_where(Expr::col("listener").eq(listener))
        .and_where(Expr::col("number").eq(number))
        .and_where(Expr::col("state").eq(RefusalState::Failing.as_text()))
        .and_where(Expr::col("attempts").gte(TRIES_BEFORE_A_PERSON))
        .to_owned();
    at_least_one(write.connection().execute(&update).await?.rows_affected())
}

fn at_least_one(rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// What `listener` has refused, by number.
pub(super) async fn of_listener(
    connection: &impl ConnectionTrait,
    listener: &str,
) -> Result<BTreeMap<i64, Standing>, StoreError> {
    let mut select = select();
    select.and_where(Expr::col("listener").eq(listener));
    let mut found = BTreeMap::new();
    for row in connection.query_all(&select).await? {
        let state: String = row.try_get("", "state")?;
        let standing = Standing {
            entry: row.try_get("", "entry")?,
            state: RefusalState::from_text(&state)?,
            attempts: row.try_get("", "attempts")?,
            since: Moment(row.try_get("", "since")?),
            next: Moment(row.try_get("", "next_at")?),
        };
        found.insert(row.try_get("", "number")?, standing);
    }
    Ok(found)
}

/// Notes that `listener` could not take `entry`, and says it in the log: once at first, once when a person is asked. One
/// that was set aside and failed again stays aside.
pub(super) async fn note(
    database: &Database,
    listener: &'static str,
    entry: &Entry,
    before: Option<&Standing>,
    error: &anyhow::Error,
) -> Result<(), StoreError> {
    let now = database.machine_now();
    let attempts = before.map_or(0, |before| before.attempts) + 1;
    let is_aside = before.is_some_and(|before| before.state != RefusalState::Failing);
    let state = if is_aside { RefusalState::SetAside } else { RefusalState::Failing };
    let number = entry.number.unwrap_or_default();
    // The failure's text may quote what the entry holds: it is sealed in the table, not written into the log.
    match attempts {
        1 => {
            tracing::warn!(listener, number, "an entry of the journal could not be taken; it is tried again");
        }
        TRIES_BEFORE_A_PERSON => {
            tracing::error!(listener, number, "a listener stands still; the page of jobs says why");
        }
        _ => {}
    }
    let mut text = format!("{error:#}");
    text.truncate(text.floor_char_boundary(ERROR_BYTES_AT_MOST));
    let write = begin(database, "store.note_refusal").await?;
    let row = [
        listener.into(),
        number.into(),
        entry.id.into(),
        state.as_text().into(),
        attempts.into(),
        before.map_or(now, |before| before.since).0.into(),
        now.plus_milliseconds(pause_milliseconds(attempts)).0.into(),
        write.keys().seal(TABLE, entry.id, &text)?.into(),
    ];
    let target = Target {
        table: TABLE,
        columns: &["listener", "number", "entry", "state", "attempts", "since", "next_at", "error"],
    };
    upsert_rows(write.connection(), target, &["listener", "number"], [row]).await?;
    write.save().await
}

/// Forgets what `listener` has taken after all.
pub(super) async fn forget(database: &Database, listener: &str, number: i64) -> Result<(), StoreError> {
    let write = begin(database, "store.forget_refusal").await?;
    let delete = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("listener").eq(listener))
        .and_where(Expr::col("number").eq(number))
        .to_owned();
    write.connection().execute(&delete).await?;
    write.save().await
}

async fn begin(database: &Database, name: &'static str) -> Result<Write, StoreError> {
    let at = database.machine_now();
    let id = OperationId(database.entropy().uuid(at));
    database.write(Operation { id, name, actor: ActorRef::SYSTEM, at }).await
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["listener", "number", "entry", "state", "attempts", "since", "next_at", "error"])
        .from(TABLE);
    select
}

/// The pause behind failure number `attempts`.
fn pause_milliseconds(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 10)).unwrap_or(10) * 2;
    Ord::min(FIRST_PAUSE_MILLISECONDS.saturating_mul(1_i64 << doublings), LONGEST_PAUSE_MILLISECONDS)
}
