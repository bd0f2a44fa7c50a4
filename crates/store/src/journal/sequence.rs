//! Numbering and chaining what is committed.

use base::{Moment, OperationId, hexadecimal};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};

use super::TABLE;
use super::list::{rows, select};
use crate::database::Database;
use crate::operation::{ActorRef, Operation};
use crate::{StoreError, bulk};

/// Entries numbered in one transaction.
const BATCH: u64 = 500;

/// Hexadecimal digits of a hash.
const HASH_DIGITS: usize = 2 * blake3::OUT_LEN;

/// The end of the chain: what is exported daily, because a chain cannot show that its tail was cut off.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// The number of the last entry.
    pub number: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

/// Why a text is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a head is written NUMBER:HASH, as `audit verify` prints it: a number from 1 and 64 hexadecimal digits"
)]
pub struct NotAHead;

impl std::fmt::Display for Head {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.number, self.hash)
    }
}

impl std::str::FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (number, hash) = text.trim().split_once([':', '：']).ok_or(NotAHead)?;
        let Ok(number) = number.trim().parse::<i64>() else { return Err(NotAHead) };
        let hash = hash.trim().to_ascii_lowercase();
        let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if number > 0 && is_hash { Ok(Self { number, hash }) } else { Err(NotAHead) }
    }
}

/// The end of the chain; `None` while nothing is numbered.
pub async fn head(connection: &impl ConnectionTrait) -> Result<Option<Head>, StoreError> {
    Ok(last(connection).await?.map(|(number, hash)| Head { number, hash: hexadecimal(&hash) }))
}

/// Numbers and hashes the committed entries that have no number yet; returns how many. The caller holds the lease
/// `journal`; should two run all the same, the unique index on the number refuses the second.
pub async fn sequence(database: &Database) -> Result<u64, StoreError> {
    let mut numbered = 0;
    loop {
        if !has_unnumbered(database).await? {
            return Ok(numbered);
        }
        numbered += sequence_batch(database).await?;
    }
}

/// Asked outside a writing transaction, so that an idle sequencer never takes the writer's turn.
async fn has_unnumbered(database: &Database) -> Result<bool, StoreError> {
    let read = database.read().await?;
    let any =
        Query::select().column("id").from(TABLE).and_where(Expr::col("number").is_null()).limit(1).to_owned();
    Ok(read.connection().query_one(&any).await?.is_some())
}

async fn sequence_batch(database: &Database) -> Result<u64, StoreError> {
    let now = database.machine_now();
    let write = database.write(operation(database, now)).await?;
    write.lock("store.journal").await?;
    let mut unnumbered = select(false);
    unnumbered.and_where(Expr::col("number").is_null()).order_by("id", Order::Asc).limit(BATCH);
    let (mut number, mut hash) = last(write.connection()).await?.unwrap_or_default();
    let mut updates: Vec<Vec<sea_orm::Value>> = Vec::new();
    for row in rows(write.connection(), &unnumbered, false).await? {
        number += 1;
        hash = row.hash(write.keys(), number, &hash);
        updates.push(vec![row.entry.id.into(), number.into(), hash.clone().into()]);
    }
    let count = bulk::update_rows(write.connection(), TABLE, "id", &["number", "hash"], updates).await?;
    write.save().await?;
    database.numbered().notify_waiters();
    Ok(count)
}

fn operation(database: &Database, now: Moment) -> Operation {
    Operation {
        id: OperationId(database.entropy().uuid(now)),
        name: "store.number_journal",
        actor: ActorRef::SYSTEM,
        at: now,
    }
}

/// Number and hash of the last entry of the chain.
async fn last(connection: &impl ConnectionTrait) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    let select = Query::select()
        .columns(["number", "hash"])
        .from(TABLE)
        .and_where(Expr::col("number").is_not_null())
        .order_by("number", Order::Desc)
        .limit(1)
        .to_owned();
    match connection.query_one(&select).await? {
        Some(row) => Ok(Some((row.try_get("", "number")?, row.try_get("", "hash")?))),
        None => Ok(None),
    }
}
