//! A dry run: everything is read, compared, weighed and decided, and nothing is written.

use std::sync::Arc;

use store::StoreError;

use super::apply::compare;
use super::hands::Hands;
use super::plan::{Made, Stamp};
use super::planning::Planning;
use super::{Step, Taken, Turn};
use crate::deliveries::{Figures, repo};

/// The figures that applying `taken` would have. It needs the turn: nobody is to link to a person who is only imagined.
pub async fn rehearse(
    hands: &Hands,
    turn: &Turn,
    feed: &str,
    taken: &Arc<Taken>,
) -> Result<Figures, StoreError> {
    let read = hands.database.read().await?;
    let feed_id = repo::feed(read.connection(), feed).await?.map_or(0, |state| state.id);
    hands.index.follow(read.connection(), read.keys()).await?;
    drop(read);
    let comparison = compare(hands, feed_id, taken).await?;
    let mut figures = comparison.figures;
    let mut steps = comparison.steps;
    steps.retain(|joined| matches!(joined.step, Step::Added { .. } | Step::Updated { .. }));
    let stamp = Stamp {
        delivery: base::DeliveryId(hands.database.entropy().uuid(hands.clock.now())),
        number: i64::MAX,
        feed_id,
        organisation: None,
        city: hands.city,
        at: hands.clock.now(),
    };
    let mut planning = Planning::of((hands, turn), stamp, taken, steps);
    // Whoever is imagined must be found by the rows behind, until the end.
    let mut imagined: Vec<Made> = Vec::new();
    while planning.is_going_on() {
        let Some(ready) = planning.take() else {
            if planning.is_going_on() {
                planning.wait().await?;
            }
            continue;
        };
        figures.linked += ready.plan.linked;
        figures.review += ready.plan.asked;
        figures.new_persons += ready.plan.made.count();
        imagined.push(ready.plan.made);
    }
    Ok(figures)
}
