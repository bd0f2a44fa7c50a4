//! Looking ahead: what the next batches need of the database, asked for all of them at once.
//!
//! Each transaction that is written empties the readers' memory of pages, and the owners of numbers lie all over their
//! table: asked batch by batch, the same pages are read from the log again and again. What is planned meanwhile is added
//! here, and nobody else writes people without being noticed before a batch is written (`apply`).

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use base::PersonId;
use store::StoreError;

use super::apply::BATCH_ROWS;
use super::hands::Hands;
use super::lookups::{Lookups, look_up};
use super::plan::{Plan, Stamp, numbers_of, plan};
use super::{Digest, Joined, Taken};
use crate::persons::Number;

/// Steps that are looked up together: ten batches.
pub(super) const AHEAD_STEPS: usize = 10 * BATCH_ROWS;

/// What was planned since planning began and may not be written yet: what the database is asked meanwhile, it may know
/// already or not. What it answers counts together with this, so that it does not matter.
#[derive(Debug, Default)]
pub(super) struct Planned {
    /// Numbers that were given away.
    numbers: HashMap<Digest, PersonId>,
    /// Pairs of persons about whom somebody is asked.
    asked: HashSet<(PersonId, PersonId)>,
}

impl Planned {
    /// Adds what `plan` decides.
    pub(super) fn add(&mut self, plan: &Plan) {
        self.numbers.extend(plan.numbers.iter().map(|(number, person)| (number.digest, *person)));
        self.asked.extend(&plan.asked_about);
    }
}

/// The answers for a range of steps.
pub(super) struct Ahead {
    range: Range<usize>,
    /// The usable numbers of the rows, one place for each step.
    numbers: Vec<Option<Number>>,
    lookups: Lookups,
}

impl Ahead {
    /// Answers that hold for `range`: those of `ahead` as far as they reach, else new ones, for `reach` steps.
    /// `planned` is what the steps before the range came to.
    pub(super) async fn reaching(
        range: &Range<usize>,
        reach: usize,
        ahead: Option<Self>,
        planned: &Planned,
        (hands, stamp, taken, steps): (&Hands, &Stamp, &Arc<Taken>, &Arc<Vec<Joined>>),
    ) -> Result<Self, StoreError> {
        if let Some(ahead) = ahead.filter(|ahead| ahead.holds(range)) {
            return Ok(ahead);
        }
        let end = steps.len().min(range.end.max(range.start + reach));
        let range = range.start..end;
        let keys = hands.database.keys().clone();
        let (rows, of, at) = (Arc::clone(taken), Arc::clone(steps), range.clone());
        let numbers =
            tokio::task::spawn_blocking(move || numbers_of(&keys, &rows, of.get(at).unwrap_or_default()))
                .await
                .map_err(StoreError::internal)?;
        let asked: Vec<Number> = numbers.iter().flatten().copied().collect();
        let read = hands.database.read().await?;
        let asking = steps.get(range.clone()).unwrap_or_default();
        let mut lookups = look_up(read.connection(), stamp.feed_id, taken, asking, &asked).await?;
        for number in &asked {
            if let Some(person) = planned.numbers.get(&number.digest) {
                lookups.owners.insert(number.digest, *person);
            }
        }
        lookups.asked.extend(&planned.asked);
        Ok(Self { range, numbers, lookups })
    }

    /// Plans `range` of `steps`, on a thread of its own, and keeps what the next ranges need to know of it.
    pub(super) async fn plan(
        mut self,
        range: Range<usize>,
        (hands, stamp, taken, steps): (&Hands, &Stamp, &Arc<Taken>, &Arc<Vec<Joined>>),
    ) -> Result<(Plan, Self), StoreError> {
        let (hands, stamp, taken, steps) = (hands.clone(), *stamp, Arc::clone(taken), Arc::clone(steps));
        tokio::task::spawn_blocking(move || {
            let sealing = (hands.database.keys(), hands.database.entropy());
            let first = range.start - self.range.start;
            let numbers = self.numbers.get(first..first + range.len()).unwrap_or_default();
            let steps = steps.get(range).unwrap_or_default();
            let plan = plan(&stamp, &taken, steps, numbers, &self.lookups, &hands.index, sealing)?;
            self.lookups.owners.extend(plan.numbers.iter().map(|(number, person)| (number.digest, *person)));
            self.lookups.asked.extend(&plan.asked_about);
            Ok((plan, self))
        })
        .await
        .map_err(StoreError::internal)?
    }

    fn holds(&self, range: &Range<usize>) -> bool {
        self.range.start <= range.start && range.end <= self.range.end
    }
}
