//! Publishing: one row, and the job that follows from it.
//!
//! The job makes the master records anew of everybody who has other rows too, and then says in the journal that the
//! delivery is published: who hears that finds everything in place.

use base::{DeliveryId, PersonId};
use serde::{Deserialize, Serialize};
use store::{Event, StoreError, Write};

use super::Turn;
use super::hands::Hands;
use crate::deliveries::repo::{self, Change};
use crate::deliveries::{Delivery, DeliveryState, HeldState, Horizon};
use crate::persons;

/// The job that follows from publishing.
pub const RENEW_JOB: &str = "people.renew_persons";

/// The journal's word for a published delivery: `{delivery, feed, number, persons}`.
pub const DELIVERY_PUBLISHED: &str = "people.delivery_published";

/// Persons whose master records are made anew in one transaction.
const RENEWED_AT_A_TIME: usize = 500;

/// What the job is enqueued with, and what the event says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its feed, by key.
    pub feed: String,
    /// Its number.
    pub number: i64,
    /// Persons whose rows changed; filled in by the job.
    #[serde(default)]
    pub persons: u64,
}

/// Publishes an applied delivery.
pub async fn publish(hands: &Hands, mut delivery: Delivery) -> Result<Delivery, StoreError> {
    let write = hands.write("people.publish_delivery").await?;
    let feed = feed_of(&write, delivery.feed_id).await?;
    let figures = delivery.figures.unwrap_or_default();
    // A delivery whose held retirements were confirmed brings only those the second time.
    let (added, gone) = match delivery.held {
        Some(HeldState::Retired) => (0, figures.gone),
        Some(_) => (figures.accepted, 0),
        None => (figures.accepted, figures.gone),
    };
    let rows = feed.current_rows + i64::try_from(added).unwrap_or(0) - i64::try_from(gone).unwrap_or(0);
    repo::publish(&write, &delivery, rows).await?;
    repo::change(&write, &mut delivery, Change { state: Some(DeliveryState::Done), ..Change::default() })
        .await?;
    let number = delivery.number.unwrap_or_default();
    let payload = Published { delivery: delivery.id, feed: feed.feed, number, persons: 0 };
    write.enqueue(RENEW_JOB, &payload, write.at()).await?;
    write.save().await?;
    Ok(delivery)
}

async fn feed_of(write: &Write, feed_id: i32) -> Result<repo::FeedState, StoreError> {
    let feeds = repo::feeds(write.connection()).await?;
    feeds
        .into_iter()
        .find(|feed| feed.id == feed_id)
        .ok_or_else(|| StoreError::internal("a delivery belongs to no feed"))
}

/// The job: renews whom the delivery touched and tells the journal. Idempotent: renewing twice gives the same, and
/// hearing of a delivery twice is what listeners must bear.
pub async fn renew(hands: &Hands, mut published: Published) -> Result<(), StoreError> {
    // An import beside it would plan in vain time and again.
    let turn = Turn::take(&hands.database).await?;
    let mut persons = 0;
    for ordinal in 0.. {
        let read = hands.database.read().await?;
        let Some(batch) = repo::batch(read.connection(), published.delivery, ordinal).await? else { break };
        drop(read);
        persons += u64::try_from(batch.touched.len()).unwrap_or(0);
        for chunk in batch.to_renew.chunks(RENEWED_AT_A_TIME) {
            let chunk: Vec<PersonId> = chunk.iter().copied().map(PersonId).collect();
            let write = hands.write("people.renew_persons").await?;
            let revision = persons::repo::take_writer(&write).await?;
            let horizon = Horizon::read(write.connection()).await?;
            persons::repo::renew(&write, &chunk, horizon, hands.city, revision).await?;
            write.save().await?;
        }
    }
    turn.end().await;
    published.persons = persons;
    let write = hands.write("people.renew_persons").await?;
    write
        .record(Event {
            kind: DELIVERY_PUBLISHED,
            after: serde_json::to_value(&published)?,
            ..Event::default()
        })
        .await?;
    write.save().await
}

/// Has a delivery applied once more, its held retirements let go: the rows that it does not name are marked gone. The
/// caller enqueues the import.
pub async fn confirm_retirements(write: &Write, delivery: &mut Delivery) -> Result<(), StoreError> {
    if delivery.state != DeliveryState::Done || delivery.held != Some(HeldState::Waiting) {
        return Err(StoreError::Conflict);
    }
    persons::repo::take_writer(write).await?;
    let number = persons::repo::next_number(write).await?;
    let change = Change {
        state: Some(DeliveryState::Applying),
        number: Some(number),
        held: Some(HeldState::Retired),
        applied: Some(0),
        ..Change::default()
    };
    repo::change(write, delivery, change).await
}

/// Lets the rows stand that a delivery did not name.
pub async fn keep_rows(write: &Write, delivery: &mut Delivery) -> Result<(), StoreError> {
    if delivery.state != DeliveryState::Done || delivery.held != Some(HeldState::Waiting) {
        return Err(StoreError::Conflict);
    }
    repo::change(write, delivery, Change { held: Some(HeldState::Kept), ..Change::default() }).await
}
