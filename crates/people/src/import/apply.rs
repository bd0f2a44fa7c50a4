//! Applying: the rows of a delivery are written in transactions of their own, each of which stores how far it came.
//!
//! A killed process leaves whole transactions behind. Whoever goes on compares the delivery with its feed again and
//! finds left exactly what was left, in the same order (`merge`, property test). Nobody sees any of it before it is
//! published.
//!
//! While one batch is written the next ones are planned on the other cores (`planning`). Should anybody else have
//! created or linked people in between, or should a write fail, what was planned is thrown away, the index forgets it,
//! and planning begins again with what is left.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;

use base::SourceRowId;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::{StoreError, Write};

use super::hands::Hands;
use super::plan::Stamp;
use super::planning::{Planning, Ready};
use super::taken::{LOOK_ALIKES_AT_MOST, looks_like_a_rejected_row};
use super::write::write_plan;
use super::{Comparison, Current, Digest, Step, Taken, Turn, must_be_confirmed};
use crate::deliveries::repo::{self, Change};
use crate::deliveries::{Delivery, DeliveryState, HeldState};
use crate::persons;

/// Rows in one transaction: about 20 ms of writing (design §4 allows 5,000 and 50 ms). On a busy machine it is a multiple
/// of that, which whoever looks at a file meanwhile waits.
pub const BATCH_ROWS: usize = 1_000;

/// How often planning begins again because others write people at the same time.
const BEGINNINGS_AT_MOST: usize = 20;

/// A delivery that is being applied.
pub struct Applying {
    hands: Hands,
    turn: Turn,
    taken: Arc<Taken>,
    delivery: Delivery,
    ordinal: i32,
    /// The revision of the people on which what is planned rests.
    revision: i64,
    planning: Planning,
    beginnings: usize,
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
    /// Begins to apply `delivery`, or goes on where it was left. The caller has made sure that no other delivery is half
    /// applied.
    pub async fn begin(
        hands: Hands,
        turn: Turn,
        delivery: Delivery,
        taken: Arc<Taken>,
    ) -> Result<Self, StoreError> {
        let comparison = compare(&hands, delivery.feed_id, &taken).await?;
        Self::begin_with(hands, turn, delivery, taken, comparison).await
    }

    /// As [`Applying::begin`], with what the caller found when it compared `taken` with the feed in the same turn.
    pub async fn begin_with(
        hands: Hands,
        turn: Turn,
        mut delivery: Delivery,
        taken: Arc<Taken>,
        comparison: Comparison,
    ) -> Result<Self, StoreError> {
        if delivery.state != DeliveryState::Applying {
            start(&hands, &mut delivery, &comparison).await?;
        }
        let read = hands.database.read().await?;
        let revision = hands.index.follow(read.connection(), read.keys()).await?;
        let ordinal = repo::batches(read.connection(), delivery.id).await?;
        drop(read);
        let planning = planning_of(&hands, &turn, &delivery, &taken, comparison)?;
        Ok(Self { hands, turn, taken, delivery, ordinal, revision, planning, beginnings: 0 })
    }

    /// The delivery as it stands.
    pub fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Writes the next batch that is ready, while those behind it are planned; the first time it waits for one. Returns
    /// whether anything is left.
    pub async fn step(&mut self) -> Result<bool, StoreError> {
        match self.write_next().await {
            Ok(()) => Ok(self.planning.is_going_on()),
            Err(error) => {
                self.planning.give_up().await;
                if !matches!(error, StoreError::Conflict | StoreError::Duplicate) {
                    return Err(error);
                }
                self.begin_again().await?;
                Ok(true)
            }
        }
    }

    async fn write_next(&mut self) -> Result<(), StoreError> {
        let Some(ready) = self.planning.take() else {
            return if self.planning.is_going_on() { self.planning.wait().await } else { Ok(()) };
        };
        let known = (self.ordinal, self.revision);
        let mut writing = pin!(write_ready(&self.hands, &mut self.delivery, known, ready));
        let (written, planned) = loop {
            tokio::select! {
                written = &mut writing => break (written, Ok(())),
                planned = self.planning.wait() => {
                    if planned.is_err() {
                        // What is being written is brought to its end first.
                        break (writing.await, planned);
                    }
                }
            }
        };
        self.revision = written?;
        self.ordinal += 1;
        self.beginnings = 0;
        planned
    }

    /// Compares anew and goes on with what is left.
    async fn begin_again(&mut self) -> Result<(), StoreError> {
        self.beginnings += 1;
        if self.beginnings > BEGINNINGS_AT_MOST {
            return Err(StoreError::Busy);
        }
        let read = self.hands.database.read().await?;
        self.delivery = repo::delivery(read.connection(), self.delivery.id).await?;
        self.ordinal = repo::batches(read.connection(), self.delivery.id).await?;
        self.revision = self.hands.index.follow(read.connection(), read.keys()).await?;
        drop(read);
        let comparison = compare(&self.hands, self.delivery.feed_id, &self.taken).await?;
        self.planning = planning_of(&self.hands, &self.turn, &self.delivery, &self.taken, comparison)?;
        Ok(())
    }
}

/// Plans what `comparison` leaves to be done.
fn planning_of(
    hands: &Hands,
    turn: &Turn,
    delivery: &Delivery,
    taken: &Arc<Taken>,
    comparison: Comparison,
) -> Result<Planning, StoreError> {
    let holds_missing = delivery.held == Some(HeldState::Waiting);
    let mut left = comparison.steps;
    left.retain(|joined| match joined.step {
        Step::Unchanged { .. } => false,
        Step::Missing { .. } => !holds_missing,
        Step::Added { .. } | Step::Updated { .. } => true,
    });
    let number =
        delivery.number.ok_or_else(|| StoreError::internal("a delivery is applied without a number"))?;
    let stamp = Stamp {
        delivery: delivery.id,
        number,
        feed_id: delivery.feed_id,
        organisation: delivery.organisation,
        city: hands.city,
        at: hands.clock.now(),
    };
    Ok(Planning::of((hands, turn), stamp, taken, left))
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

/// Writes a batch in one transaction, with how far it comes, if nobody wrote people since revision `known`. Returns the
/// revision that it is.
async fn write_ready(
    hands: &Hands,
    delivery: &mut Delivery,
    (ordinal, known): (i32, i64),
    ready: Ready,
) -> Result<i64, StoreError> {
    let Ready { mut plan, steps } = ready;
    // The index forgets them unless they are written.
    let made = std::mem::take(&mut plan.made);
    let write = hands.write("people.apply_batch").await?;
    let revision = persons::repo::take_writer_unseen(&write).await?;
    // What was looked up holds as long as nobody else wrote people. The index cannot tell: whoever searches meanwhile
    // brings it up to date with others.
    if revision != known + 1 {
        return Err(StoreError::Conflict);
    }
    let mut figures = delivery.figures.unwrap_or_default();
    figures.linked += plan.linked;
    figures.review += plan.asked;
    figures.new_persons += made.count();
    let rows = delivery.rows_applied + i64::try_from(steps).unwrap_or(0);
    repo::insert_batch(&write, delivery.id, ordinal, &plan.batch).await?;
    write_plan(&write, plan, revision).await?;
    let change = Change { figures: Some(figures), applied: Some(rows), ..Change::default() };
    repo::change(&write, delivery, change).await?;
    // Until the index is told that it has these already, nobody is to read them into it from the database: a number that
    // a batch behind this one gave to one of them would be lost.
    let still = hands.index.stand_still().await;
    write.save().await?;
    made.keep();
    hands.index.is_at(revision);
    drop(still);
    Ok(revision)
}
