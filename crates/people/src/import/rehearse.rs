//! A dry run: everything is read, compared, weighed and decided, and nothing is written.

use std::collections::HashMap;
use std::sync::Arc;

use base::PersonId;
use store::StoreError;

use super::ahead::{AHEAD_STEPS, Ahead};
use super::apply::{BATCH_ROWS, compare};
use super::hands::Hands;
use super::plan::{Made, Stamp};
use super::{Digest, Step, Taken, batch_end};
use crate::deliveries::{Figures, repo};

/// The figures that applying `taken` would have. The caller has the turn, so that nobody links to a person who is
/// only imagined.
pub async fn rehearse(hands: &Hands, feed: &str, taken: &Arc<Taken>) -> Result<Figures, StoreError> {
    let read = hands.database.read().await?;
    let feed_id = repo::feed(read.connection(), feed).await?.map_or(0, |state| state.id);
    hands.index.follow(read.connection(), read.keys()).await?;
    drop(read);
    let comparison = compare(hands, feed_id, taken).await?;
    let mut figures = comparison.figures;
    let mut steps = comparison.steps;
    steps.retain(|joined| matches!(joined.step, Step::Added { .. } | Step::Updated { .. }));
    let steps = Arc::new(steps);
    let stamp = Stamp {
        delivery: base::DeliveryId(hands.database.entropy().uuid(hands.clock.now())),
        number: i64::MAX,
        feed_id,
        organisation: None,
        city: hands.city,
        at: hands.clock.now(),
    };
    let mut imagined = Vec::new();
    let outcome = rehearse_steps(hands, &stamp, taken, &steps, &mut figures, &mut imagined).await;
    drop(imagined);
    outcome?;
    Ok(figures)
}

async fn rehearse_steps(
    hands: &Hands,
    stamp: &Stamp,
    taken: &Arc<Taken>,
    steps: &Arc<Vec<super::Joined>>,
    figures: &mut Figures,
    imagined: &mut Vec<Made>,
) -> Result<(), StoreError> {
    let mut numbers: HashMap<Digest, PersonId> = HashMap::new();
    let of = (hands, stamp, taken, steps);
    let mut ahead = None;
    let mut from = 0;
    while from < steps.len() {
        let to = from + batch_end(steps.get(from..).unwrap_or_default(), BATCH_ROWS);
        // Nothing is written: what was given away before must outlive what was looked up.
        let reaching = Ahead::reaching(&(from..to), AHEAD_STEPS, ahead.take(), &numbers, of).await?;
        let (plan, reached) = reaching.plan(from..to, of).await?;
        figures.linked += plan.linked;
        figures.review += plan.asked;
        figures.new_persons += plan.made.count();
        numbers.extend(plan.numbers.iter().map(|(number, person)| (number.digest, *person)));
        imagined.push(plan.made);
        ahead = Some(reached);
        from = to;
    }
    Ok(())
}
