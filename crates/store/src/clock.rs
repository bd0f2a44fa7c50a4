//! The office's clock: the machine's time plus an offset that is kept in the database and only grows, so that in a demo
//! anyone can watch a deadline pass. Sessions, lock-out and leases use the machine's time.

use std::sync::atomic::{AtomicI64, Ordering};

use base::{Clock, Moment, SharedClock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

use crate::StoreError;
use crate::database::Database;
use crate::schema::Migration;
use crate::write::Write;

/// The one row of the table.
const ROW: i32 = 1;

pub(crate) fn migrations() -> Vec<Migration> {
    vec![Migration {
        name: "store.0004_clock",
        up: |schema| {
            schema.create_table("clock_offset", |table| {
                table.integer("id");
                table.big_integer("offset_milliseconds");
                table.primary_key(&["id"]);
            });
        },
    }]
}

/// The offset of the office's clock in milliseconds; 0 as long as nobody moved it.
pub async fn read(connection: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let select = Query::select()
        .column("offset_milliseconds")
        .from("clock_offset")
        .and_where(Expr::col("id").eq(ROW))
        .to_owned();
    match connection.query_one(&select).await? {
        Some(row) => Ok(row.try_get("", "offset_milliseconds")?),
        None => Ok(0),
    }
}

/// Moves the office's clock forward by `milliseconds` and returns the new offset.
///
/// # Errors
/// `Refused` if `milliseconds` is negative: what has happened cannot lie in the future.
pub async fn advance(write: &Write, milliseconds: i64) -> Result<i64, StoreError> {
    if milliseconds < 0 {
        return Err(StoreError::Refused("the clock can only be moved forward".to_owned()));
    }
    write.lock("store.clock").await?;
    let offset = read(write.connection()).await?.saturating_add(milliseconds);
    crate::bulk::upsert_rows(
        write.connection(),
        crate::bulk::Target { table: "clock_offset", columns: &["id", "offset_milliseconds"] },
        &["id"],
        [[ROW.into(), offset.into()]],
    )
    .await?;
    Ok(offset)
}

/// A clock that shows the machine's time plus the offset it was last told.
pub struct OfficeClock {
    machine: SharedClock,
    offset_milliseconds: AtomicI64,
}

impl OfficeClock {
    /// A clock without offset.
    pub fn new(machine: SharedClock) -> Self {
        Self { machine, offset_milliseconds: AtomicI64::new(0) }
    }

    /// Takes the offset over from the database: at start, after it was moved, and from time to time on other nodes.
    pub async fn refresh(&self, database: &Database) -> Result<(), StoreError> {
        let read = database.read().await?;
        self.offset_milliseconds.fetch_max(self::read(read.connection()).await?, Ordering::SeqCst);
        Ok(())
    }
}

impl Clock for OfficeClock {
    fn now(&self) -> Moment {
        self.machine.now().plus_milliseconds(self.offset_milliseconds.load(Ordering::SeqCst))
    }
}
