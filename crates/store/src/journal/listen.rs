//! Listeners: readers of the numbered journal with a stored place.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base::OperationId;
use futures::future::BoxFuture;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use uuid::Uuid;

use super::entry::Entry;
use super::refusal::{self, RefusalState, Standing};
use crate::StoreError;
use crate::bulk::{Target, upsert_rows};
use crate::database::{Database, LOOK_AROUND};
use crate::operation::{ActorRef, Operation};
use crate::read::Read;

/// Entries looked through at a time.
const BATCH: u64 = 200;

type Handle<C> = dyn Fn(C, Entry) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync;

/// Another program's business: called for each numbered entry of its kinds, in order, at least once. It must be
/// idempotent, and quick: what takes long or may fail is a job that it enqueues, because an entry that fails is offered
/// again and holds up those behind it, until a person sets it aside.
pub struct Listener<C> {
    /// `crate.verb_noun`; its place is stored under this name.
    pub name: &'static str,
    /// The kinds of entry it hears of.
    pub kinds: &'static [&'static str],
    handle: Arc<Handle<C>>,
}

impl<C> Clone for Listener<C> {
    fn clone(&self) -> Self {
        Self { name: self.name, kinds: self.kinds, handle: Arc::clone(&self.handle) }
    }
}

impl<C> Listener<C> {
    /// A listener that calls `handle` with the context (the app) and the entry, payload included.
    pub fn new<F, R>(name: &'static str, kinds: &'static [&'static str], handle: F) -> Self
    where
        F: Fn(C, Entry) -> R + Send + Sync + 'static,
        R: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Self { name, kinds, handle: Arc::new(move |context, entry| Box::pin(handle(context, entry))) }
    }
}

/// How far a listener has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    /// The listener.
    pub listener: String,
    /// The number up to which it has heard.
    pub number: i64,
    /// Numbered entries that it has not looked at yet.
    pub behind: i64,
}

/// How far each listener that ever stored its place has come.
pub async fn lags(connection: &impl ConnectionTrait) -> Result<Vec<Lag>, StoreError> {
    let head = super::head(connection).await?.map_or(0, |head| head.number);
    let select = Query::select()
        .columns(["listener", "number"])
        .from("journal_cursor")
        .order_by("listener", Order::Asc)
        .to_owned();
    let mut lags = Vec::new();
    for row in connection.query_all(&select).await? {
        let number: i64 = row.try_get("", "number")?;
        lags.push(Lag { listener: row.try_get("", "listener")?, number, behind: head - number });
    }
    Ok(lags)
}

/// Waits until the journal may have grown: this process numbered entries, or half a second went by (another may have).
/// For what follows the journal on every node by `after`.
pub async fn wait(database: &Database) {
    let _ = tokio::time::timeout(LOOK_AROUND, database.numbered().notified()).await;
}

/// What one process remembers between two rounds, so that entries of no interest need not be stored as heard.
#[derive(Default)]
pub(crate) struct Deliveries {
    looked_through: HashMap<&'static str, i64>,
}

/// How an offer ended.
enum Offered {
    Taken,
    Refused,
}

impl Deliveries {
    /// Offers `listener` what it has not heard yet; returns how many entries it took. An entry that it cannot take is
    /// noted and ends the round: it is offered again after a pause. The caller holds its lease.
    pub(crate) async fn deliver<C: Clone>(
        &mut self,
        database: &Database,
        context: &C,
        listener: &Listener<C>,
    ) -> Result<u64, StoreError> {
        let (stored, refused) = standing(database, listener.name).await?;
        let mut taken = offer_again(database, context, listener, &refused).await?;
        let remembered = self.looked_through.get(listener.name).copied().unwrap_or(0);
        let mut place = Ord::max(remembered, stored);
        loop {
            let entries = numbered_after(database, place).await?;
            let Some(last) = entries.last().and_then(|entry| entry.number) else { return Ok(taken) };
            let mut heard = 0;
            for entry in entries.into_iter().filter(|entry| listener.kinds.contains(&entry.kind.as_str())) {
                let number = entry.number.unwrap_or(place);
                let before = refused.get(&number);
                let waits = match before {
                    Some(before) if before.state != RefusalState::Failing => {
                        place = number;
                        continue;
                    }
                    Some(before) => before.next > database.machine_now(),
                    None => false,
                };
                let is_taken = !waits
                    && matches!(offer(database, context, listener, entry.id, before).await?, Offered::Taken);
                if !is_taken {
                    if heard > 0 {
                        store_place(database, listener.name, place).await?;
                    }
                    return Ok(taken + heard);
                }
                place = number;
                heard += 1;
            }
            place = last;
            self.looked_through.insert(listener.name, place);
            if heard > 0 || place - stored > i64::try_from(BATCH).unwrap_or(0) {
                store_place(database, listener.name, place).await?;
            }
            taken += heard;
        }
    }
}

/// Offers what was set aside and is to be tried once more.
async fn offer_again<C: Clone>(
    database: &Database,
    context: &C,
    listener: &Listener<C>,
    refused: &BTreeMap<i64, Standing>,
) -> Result<u64, StoreError> {
    let mut taken = 0;
    for before in refused.values().filter(|before| before.state == RefusalState::Again) {
        let offered = offer(database, context, listener, before.entry, Some(before)).await?;
        taken += u64::from(matches!(offered, Offered::Taken));
    }
    Ok(taken)
}

/// Offers one entry, and notes a refusal. A panic is a refusal like any other: it must not end the loop that numbers the
/// journal.
async fn offer<C: Clone>(
    database: &Database,
    context: &C,
    listener: &Listener<C>,
    entry: Uuid,
    before: Option<&Standing>,
) -> Result<Offered, StoreError> {
    let read = database.read().await?;
    let entry = super::entry(&read, entry).await?;
    drop(read);
    let handling = (listener.handle)(context.clone(), entry.clone());
    let outcome = match tokio::spawn(handling).await {
        Ok(outcome) => outcome,
        Err(panic) => Err(anyhow::anyhow!("the listener broke off: {panic}")),
    };
    match (outcome, before) {
        (Ok(()), Some(_)) => {
            refusal::forget(database, listener.name, entry.number.unwrap_or_default()).await?;
            Ok(Offered::Taken)
        }
        (Ok(()), None) => Ok(Offered::Taken),
        (Err(error), before) => {
            refusal::note(database, listener.name, &entry, before, &error).await?;
            Ok(Offered::Refused)
        }
    }
}

/// Up to where a listener has heard, and what it has refused.
async fn standing(database: &Database, listener: &str) -> Result<(i64, BTreeMap<i64, Standing>), StoreError> {
    let read = database.read().await?;
    Ok((stored_place(&read, listener).await?, refusal::of_listener(read.connection(), listener).await?))
}

async fn numbered_after(database: &Database, number: i64) -> Result<Vec<Entry>, StoreError> {
    let read = database.read().await?;
    super::after(read.connection(), number, BATCH).await
}

async fn stored_place(read: &Read, listener: &str) -> Result<i64, StoreError> {
    let select = Query::select()
        .column("number")
        .from("journal_cursor")
        .and_where(Expr::col("listener").eq(listener))
        .to_owned();
    match read.connection().query_one(&select).await? {
        Some(row) => Ok(row.try_get("", "number")?),
        None => Ok(0),
    }
}

async fn store_place(database: &Database, listener: &str, number: i64) -> Result<(), StoreError> {
    let now = database.machine_now();
    let operation = Operation {
        id: OperationId(database.entropy().uuid(now)),
        name: "store.move_listener",
        actor: ActorRef::SYSTEM,
        at: now,
    };
    let write = database.write(operation).await?;
    let target = Target { table: "journal_cursor", columns: &["listener", "number"] };
    upsert_rows(write.connection(), target, &["listener"], [[listener.into(), number.into()]]).await?;
    write.save().await
}
