//! Checking the chain.

use base::Moment;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};

use super::TABLE;
use super::entry::digest;
use super::list::select;
use super::sequence::Head;
use crate::StoreError;
use crate::read::Read;

/// How long an entry may be without a number, in milliseconds of the machine's time.
pub const UNNUMBERED_AT_MOST_MILLISECONDS: i64 = 60_000;

const BATCH: u64 = 1_000;

/// What a check of the journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Entries of the chain that were read.
    pub entries: u64,
    /// The last entry that is sound.
    pub head: Option<Head>,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
}

/// What is wrong with the journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The hash of this entry does not follow from its content and the entry before: one of them was altered.
    #[error("entry {number} was altered, or the one before it was: its hash does not follow")]
    BrokenLink {
        /// Its number.
        number: i64,
    },
    /// An entry was taken out.
    #[error("entry {number} is missing")]
    MissingNumber {
        /// The first number that is missing.
        number: i64,
    },
    /// The payload of this entry is not the one that was recorded.
    #[error("the payload of entry {number} was altered")]
    AlteredPayload {
        /// Its number.
        number: i64,
    },
    /// The chain does not contain an exported head: its tail was cut off or written anew.
    #[error(
        "entry {number} is not the one that was exported: the end of the journal was cut off or written anew"
    )]
    OtherHead {
        /// The number of the exported head.
        number: i64,
    },
    /// A listener has heard an entry that is not there any more: the tail was cut off.
    #[error(
        "entry {number} was there once, since a listener has heard it: the end of the journal was cut off"
    )]
    CutOff {
        /// The highest number that was heard.
        number: i64,
    },
    /// There is no entry at all, but there is what cannot have come about without one.
    #[error("it holds no entry, and {witness} shows that it held some: it was emptied")]
    Emptied {
        /// The table that is not empty.
        witness: &'static str,
    },
    /// Entries wait for a number for too long: no sequencer runs, or entries were put in from outside.
    #[error("{count} entries have had no number for more than 60 seconds, the oldest since {oldest:?}")]
    Unnumbered {
        /// How many.
        count: u64,
        /// When the oldest was written.
        oldest: Moment,
    },
}

/// Checks the whole chain. `machine_now` is the machine's own time; `exported` are heads that were kept elsewhere;
/// `witnesses` are tables of which no row comes about without an entry.
pub async fn verify(
    read: &Read,
    machine_now: Moment,
    exported: &[Head],
    witnesses: &[&'static str],
) -> Result<Verdict, StoreError> {
    let mut verdict = Verdict { entries: 0, head: None, fault: None };
    let (mut number, mut hash) = (0, Vec::new());
    loop {
        let mut page = select(true);
        page.column("hash")
            .and_where(Expr::col("number").gt(number))
            .order_by("number", Order::Asc)
            .limit(BATCH);
        let found = read.connection().query_all(&page).await?;
        if found.is_empty() {
            break;
        }
        for result in &found {
            let row = super::entry::Row::read(result, true)?;
            number += 1;
            if row.entry.number != Some(number) {
                verdict.fault = Some(Fault::MissingNumber { number });
                return Ok(verdict);
            }
            let expected = row.hash(read.keys(), number, &hash);
            let stored: Option<Vec<u8>> = result.try_get("", "hash")?;
            if stored.as_ref() != Some(&expected) {
                verdict.fault = Some(Fault::BrokenLink { number });
                return Ok(verdict);
            }
            if row.sealed_payload.is_some_and(|payload| digest(&payload) != row.digest) {
                verdict.fault = Some(Fault::AlteredPayload { number });
                return Ok(verdict);
            }
            hash = expected;
            let head = Head { number, hash: base::hexadecimal(&hash) };
            if exported.iter().any(|other| other.number == number && other.hash != head.hash) {
                verdict.fault = Some(Fault::OtherHead { number });
                return Ok(verdict);
            }
            verdict.entries += 1;
            verdict.head = Some(head);
        }
    }
    if let Some(cut) = exported.iter().map(|head| head.number).filter(|head| *head > number).min() {
        verdict.fault = Some(Fault::OtherHead { number: cut });
        return Ok(verdict);
    }
    verdict.fault = match cut_off(read, number, witnesses).await? {
        Some(cut) => Some(cut),
        None => unnumbered(read, machine_now).await?,
    };
    Ok(verdict)
}

/// What the rest of the database shows of entries behind the `last` one that is there.
async fn cut_off(read: &Read, last: i64, witnesses: &[&'static str]) -> Result<Option<Fault>, StoreError> {
    let any = |table: &'static str| Query::select().expr(Expr::val(1)).from(table).limit(1).to_owned();
    if read.connection().query_one(&any(TABLE)).await?.is_none() {
        for witness in witnesses {
            if read.connection().query_one(&any(witness)).await?.is_some() {
                return Ok(Some(Fault::Emptied { witness }));
            }
        }
    }
    let heard =
        Query::select().expr_as(Expr::col("number").max(), "number").from("journal_cursor").to_owned();
    let row = read.connection().query_one(&heard).await?;
    let heard: Option<i64> = row.map_or(Ok(None), |row| row.try_get("", "number"))?;
    Ok(heard.filter(|heard| *heard > last).map(|number| Fault::CutOff { number }))
}

async fn unnumbered(read: &Read, machine_now: Moment) -> Result<Option<Fault>, StoreError> {
    let limit = machine_now.plus_milliseconds(-UNNUMBERED_AT_MOST_MILLISECONDS);
    let select = Query::select()
        .expr_as(Expr::col("id").count(), "count")
        .expr_as(Expr::col("recorded_at").min(), "oldest")
        .from(TABLE)
        .and_where(Expr::col("number").is_null())
        .and_where(Expr::col("recorded_at").lt(limit.0))
        .to_owned();
    let Some(row) = read.connection().query_one(&select).await? else { return Ok(None) };
    let count: i64 = row.try_get("", "count")?;
    let oldest: Option<i64> = row.try_get("", "oldest")?;
    Ok(oldest.map(|oldest| Fault::Unnumbered { count: count.unsigned_abs(), oldest: Moment(oldest) }))
}
