//! Applying: the rows of a delivery are written in transactions of their own, each of which stores how far it came.
//!
//! A killed process leaves whole transactions behind. Whoever goes on compares the delivery with its feed again and
//! finds left exactly what was left (`merge`, property test), behind the last key. Nobody sees any of it before it is
//! published.
//!
//! While one batch is written the next is planned on the other core. Should anybody else have created or linked people
//! in between, or should a write fail, what was planned is thrown away, the index forgets it, and planning begins
//! again behind the last key.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use base::{PersonId, SourceRowId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::{StoreError, Write};

use super::ahead::Ahead;
use super::hands::Hands;
use super::plan::{Plan, Stamp};
use super::taken::{LOOK_ALIKES_AT_MOST, looks_like_a_rejected_row};
use super::write::write_plan;
use super::{Comparison, Current, Digest, Joined, Step, Taken, batch_end, must_be_confirmed};
use crate::deliveries::repo::{self, Change};
use crate::deliveries::{Delivery, DeliveryState, HeldState};
use crate::persons;

/// Rows in one transaction: about 40 ms of writing (design §4 allows 5,000 and 50 ms).
pub const BATCH_ROWS: usize = 2_000;

/// How often planning begins again because others write people at the same time.
const BEGINNINGS_AT_MOST: usize = 20;

/// A delivery that is being applied.
pub struct Applying {
    hands: Hands,
    taken: Arc<Taken>,
    delivery: Delivery,
    /// What is left to be done, in the order of the keys.
    left: Arc<Vec<Joined>>,
    /// Where planning stands in it.
    planned_to: usize,
    /// Rows of the delivery that need no work, by which progress is counted.
    unchanged: i64,
    ordinal: i32,
    ready: Option<Ready>,
    ahead: Option<Ahead>,
    beginnings: usize,
}

/// A batch that is planned and not yet written.
struct Ready {
    plan: Plan,
    last_key: Digest,
    steps: usize,
    numbers: HashMap<Digest, PersonId>,
}

/// Compares `taken` with what the feed holds now.
pub async fn compare(hands: &Hands, feed_id: i32, taken: &Arc<Taken>) -> Result<Comparison, StoreError> {
    let read = hands.database.read().await?;
    let current = crate::rows::repo::current_rows(read.connection(), feed_id).await?;
    let may_stay = look_alikes(&read, taken, &current).await?;
    let taken = Arc::clone(taken);
    tokio::task::spawn_blocking(move || taken.compare(&current, &may_stay))
        .await
        .map_err(StoreError::internal)
}

/// Rows of the feed that stay because a rejected row without a readable key may be their successor.
async fn look_alikes(
    read: &store::Read,
    taken: &Taken,
    current: &[Current],
) -> Result<HashSet<SourceRowId>, StoreError> {
    let rejected: Vec<&[String]> =
        taken.set_aside.iter().filter(|row| row.key.is_none()).map(|row| row.cells.as_slice()).collect();
    if rejected.is_empty() || !taken.retires() {
        return Ok(HashSet::new());
    }
    let named: HashSet<Digest> = taken.incoming.iter().map(|row| row.key).collect();
    let missing: Vec<SourceRowId> = current
        .iter()
        .filter(|row| !named.contains(&row.key))
        .map(|row| row.id)
        .take(LOOK_ALIKES_AT_MOST)
        .collect();
    let mut may_stay = HashSet::new();
    for row in crate::rows::repo::by_ids(read.connection(), &missing).await? {
        let sealed = crate::rows::repo::open(read.keys(), &row)?;
        if looks_like_a_rejected_row(&rejected, &sealed.cells) {
            may_stay.insert(row.id);
        }
    }
    Ok(may_stay)
}

impl Applying {
    /// Begins to apply `delivery`, or goes on where it was left. The caller holds the import lease and has made sure
    /// that no other delivery is half applied.
    pub async fn begin(hands: Hands, delivery: Delivery, taken: Arc<Taken>) -> Result<Self, StoreError> {
        let comparison = compare(&hands, delivery.feed_id, &taken).await?;
        Self::begin_with(hands, delivery, taken, comparison).await
    }

    /// As [`Applying::begin`], with what the caller found when it compared `taken` with the feed under the same lease.
    pub async fn begin_with(
        hands: Hands,
        mut delivery: Delivery,
        taken: Arc<Taken>,
        comparison: Comparison,
    ) -> Result<Self, StoreError> {
        if delivery.state != DeliveryState::Applying {
            start(&hands, &mut delivery, &comparison).await?;
        }
        let read = hands.database.read().await?;
        hands.index.follow(read.connection(), read.keys()).await?;
        let ordinal = repo::batches(read.connection(), delivery.id).await?;
        drop(read);
        let mut applying = Self {
            hands,
            taken,
            delivery,
            left: Arc::default(),
            planned_to: 0,
            unchanged: 0,
            ordinal,
            ready: None,
            ahead: None,
            beginnings: 0,
        };
        applying.set_left(comparison);
        Ok(applying)
    }

    /// The delivery as it stands.
    pub fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Writes the batch that is ready and plans the one behind it. Returns whether anything is left.
    pub async fn step(&mut self) -> Result<bool, StoreError> {
        let ready = self.ready.take();
        let mut doomed: Vec<PersonId> =
            ready.as_ref().map(|ready| ready.plan.new_persons.clone()).unwrap_or_default();
        let overlay = ready.as_ref().map(|ready| ready.numbers.clone()).unwrap_or_default();
        let planning = plan_next(
            self.hands.clone(),
            self.stamp()?,
            Arc::clone(&self.taken),
            Arc::clone(&self.left),
            self.planned_to,
            overlay,
            self.ahead.take(),
        );
        let (written, planned) =
            tokio::join!(write_ready(&self.hands, &mut self.delivery, self.ordinal, ready), planning);
        if let Ok(Some((planned, _))) = &planned {
            doomed.extend(&planned.plan.new_persons);
        }
        match (written, planned) {
            (Ok(is_written), Ok(planned)) => {
                self.ordinal += i32::from(is_written);
                (self.ready, self.ahead) = planned.unzip();
                self.planned_to += self.ready.as_ref().map_or(0, |ready| ready.steps);
                Ok(self.ready.is_some())
            }
            (Err(StoreError::Conflict | StoreError::Duplicate), _) | (Ok(_), Err(StoreError::Conflict)) => {
                self.hands.index.forget(&doomed);
                self.begin_again().await?;
                Ok(true)
            }
            (Err(error), _) | (Ok(_), Err(error)) => {
                self.hands.index.forget(&doomed);
                Err(error)
            }
        }
    }

    /// Compares anew and goes on behind the last key.
    async fn begin_again(&mut self) -> Result<(), StoreError> {
        self.beginnings += 1;
        if self.beginnings > BEGINNINGS_AT_MOST {
            return Err(StoreError::Busy);
        }
        let read = self.hands.database.read().await?;
        self.delivery = repo::delivery(read.connection(), self.delivery.id).await?;
        self.ordinal = repo::batches(read.connection(), self.delivery.id).await?;
        self.hands.index.follow(read.connection(), read.keys()).await?;
        drop(read);
        let comparison = compare(&self.hands, self.delivery.feed_id, &self.taken).await?;
        (self.ready, self.ahead) = (None, None);
        self.set_left(comparison);
        Ok(())
    }

    fn set_left(&mut self, comparison: Comparison) {
        let all = comparison.steps.len();
        let mut left = comparison.steps;
        let last_key = self.delivery.last_key;
        let holds_missing = self.delivery.held == Some(HeldState::Waiting);
        left.retain(|joined| {
            last_key.is_none_or(|last| joined.key > last)
                && match joined.step {
                    Step::Unchanged { .. } => false,
                    Step::Missing { .. } => !holds_missing,
                    Step::Added { .. } | Step::Updated { .. } => true,
                }
        });
        self.unchanged = i64::try_from(all - left.len()).unwrap_or(0);
        self.left = Arc::new(left);
        self.planned_to = 0;
    }

    fn stamp(&self) -> Result<Stamp, StoreError> {
        let number = self
            .delivery
            .number
            .ok_or_else(|| StoreError::internal("a delivery is applied without a number"))?;
        Ok(Stamp {
            delivery: self.delivery.id,
            number,
            feed_id: self.delivery.feed_id,
            organisation: self.delivery.organisation,
            city: self.hands.city,
            at: self.hands.clock.now(),
        })
    }
}

/// Gives the delivery its number, settles its figures, and says that it is being applied.
async fn start(hands: &Hands, delivery: &mut Delivery, comparison: &Comparison) -> Result<(), StoreError> {
    let write = hands.write("people.begin_delivery").await?;
    persons::repo::take_writer(&write).await?;
    let number = persons::repo::next_number(&write).await?;
    overtake(&write, delivery.feed_id).await?;
    let held =
        must_be_confirmed(comparison.figures.gone, comparison.held_before).then_some(HeldState::Waiting);
    let change = Change {
        state: Some(DeliveryState::Applying),
        number: Some(number),
        figures: Some(comparison.figures),
        held,
        ..Change::default()
    };
    repo::change(&write, delivery, change).await?;
    write.save().await
}

/// Held retirements of earlier deliveries of the feed no longer wait: this one says itself what is gone.
async fn overtake(write: &Write, feed_id: i32) -> Result<(), StoreError> {
    let update = Query::update()
        .table("delivery")
        .values([("held", HeldState::Overtaken.word().into()), ("version", Expr::col("version").add(1))])
        .and_where(Expr::col("feed_id").eq(feed_id))
        .and_where(Expr::col("held").eq(HeldState::Waiting.word()))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}

/// Plans the steps from `from` on; `None` when there are none. `overlay` are numbers of the batch that is being
/// written meanwhile, `ahead` is what was looked up already.
async fn plan_next(
    hands: Hands,
    stamp: Stamp,
    taken: Arc<Taken>,
    left: Arc<Vec<Joined>>,
    from: usize,
    overlay: HashMap<Digest, PersonId>,
    ahead: Option<Ahead>,
) -> Result<Option<(Ready, Ahead)>, StoreError> {
    let steps = left.get(from..).unwrap_or_default();
    let count = batch_end(steps, BATCH_ROWS);
    let Some(last_key) = steps.get(..count).and_then(<[Joined]>::last).map(|joined| joined.key) else {
        return Ok(None);
    };
    let range = from..from + count;
    let of = (&hands, &stamp, &taken, &left);
    let ahead = Ahead::reaching(&range, ahead, &overlay, of).await?;
    let (plan, ahead) = ahead.plan(range, of).await?;
    let numbers = plan.numbers.iter().map(|(number, person)| (number.digest, *person)).collect();
    Ok(Some((Ready { plan, last_key, steps: count, numbers }, ahead)))
}

/// Writes a batch in one transaction, with how far it comes. Returns whether there was one.
async fn write_ready(
    hands: &Hands,
    delivery: &mut Delivery,
    ordinal: i32,
    ready: Option<Ready>,
) -> Result<bool, StoreError> {
    let Some(ready) = ready else { return Ok(false) };
    let write = hands.write("people.apply_batch").await?;
    let revision = persons::repo::take_writer(&write).await?;
    if revision != hands.index.revision() + 1 {
        return Err(StoreError::Conflict);
    }
    let mut figures = delivery.figures.unwrap_or_default();
    figures.linked += ready.plan.linked;
    figures.review += ready.plan.asked;
    figures.new_persons += super::taken::count(ready.plan.new_persons.len());
    let rows = delivery.rows_applied + i64::try_from(ready.steps).unwrap_or(0);
    repo::insert_batch(&write, delivery.id, ordinal, &ready.plan.batch).await?;
    write_plan(&write, ready.plan, revision).await?;
    let change =
        Change { figures: Some(figures), applied: Some((Some(ready.last_key), rows)), ..Change::default() };
    repo::change(&write, delivery, change).await?;
    write.save().await?;
    hands.index.is_at(revision);
    Ok(true)
}
