//! Planning beside writing: the next batches of a delivery are planned on the other cores while one is written.
//!
//! Batches are cut from the order of the file and planned one after another, each by all that are before it and by
//! nothing else, whether or not they are written yet: the same file gives the same persons whatever the number of cores
//! and however fast the disk.
//!
//! A few batches may stand ready, so that neither waits for the other when one of them is slow for a moment. Whoever
//! was made for a batch that is not written is forgotten by the index (`plan::Made`).

use std::collections::VecDeque;
use std::sync::Arc;

use store::StoreError;
use tokio::task::JoinHandle;

use super::ahead::{AHEAD_STEPS, Ahead, Planned};
use super::apply::BATCH_ROWS;
use super::hands::Hands;
use super::plan::{Plan, Stamp};
use super::{Joined, Taken, Turn};

/// Batches that stand ready at most.
const READY_AT_MOST: usize = 3;

/// A batch that is planned and not yet written.
pub(super) struct Ready {
    /// What is written.
    pub(super) plan: Plan,
    /// How many steps it has.
    pub(super) steps: usize,
}

/// The batches behind the one that is being written.
pub(super) struct Planning {
    ready: VecDeque<Ready>,
    /// The planner when it rests.
    resting: Option<Planner>,
    /// The planner at work, on a task of its own.
    at_work: Option<JoinHandle<Answer>>,
}

/// What the planner comes back with, and the planner itself, in the order in which they are let go: nobody else has the
/// turn before those who were made in vain are forgotten.
type Answer = (Result<Option<Ready>, StoreError>, Planner);

/// Who plans, and how far it came.
struct Planner {
    hands: Hands,
    stamp: Stamp,
    taken: Arc<Taken>,
    left: Arc<Vec<Joined>>,
    from: usize,
    /// What the batches so far decided, whether or not they are written yet.
    planned: Planned,
    ahead: Option<Ahead>,
    /// Held until the planner is done, also when whoever writes broke off.
    _turn: Turn,
}

impl Planning {
    /// Plans `left` from its beginning. Nothing is begun before it is asked for.
    pub(super) fn of(
        (hands, turn): (&Hands, &Turn),
        stamp: Stamp,
        taken: &Arc<Taken>,
        left: Vec<Joined>,
    ) -> Self {
        let planner = Planner {
            hands: hands.clone(),
            stamp,
            taken: Arc::clone(taken),
            left: Arc::new(left),
            from: 0,
            planned: Planned::default(),
            ahead: None,
            _turn: turn.clone(),
        };
        Self { ready: VecDeque::new(), resting: Some(planner), at_work: None }
    }

    /// Whether anything is ready or may become so.
    pub(super) fn is_going_on(&self) -> bool {
        !self.ready.is_empty() || self.at_work.is_some() || self.resting.is_some()
    }

    /// Takes the next batch that is ready, and lets the planner go on.
    pub(super) fn take(&mut self) -> Option<Ready> {
        let ready = self.ready.pop_front();
        self.go_on();
        ready
    }

    /// Waits until the planner is done with what it is at. Never ends while it rests.
    pub(super) async fn wait(&mut self) -> Result<(), StoreError> {
        let Some(at_work) = &mut self.at_work else { return std::future::pending().await };
        let (planned, planner) = at_work.await.map_err(StoreError::internal)?;
        self.at_work = None;
        if let Some(ready) = planned? {
            self.ready.push_back(ready);
            self.resting = Some(planner);
            self.go_on();
        }
        Ok(())
    }

    /// Lets go of batches that will not be written, and waits for the planner, so that whoever was made for them is
    /// forgotten when this returns.
    pub(super) async fn give_up(&mut self) {
        self.resting = None;
        self.ready.clear();
        if let Some(at_work) = self.at_work.take() {
            drop(at_work.await);
        }
    }

    fn go_on(&mut self) {
        if self.ready.len() < READY_AT_MOST
            && let Some(planner) = self.resting.take()
        {
            self.at_work = Some(tokio::spawn(planner.next()));
        }
    }
}

impl Planner {
    async fn next(mut self) -> Answer {
        let planned = self.plan().await;
        (planned, self)
    }

    /// Plans the batch behind the last one; `None` when there is none.
    async fn plan(&mut self) -> Result<Option<Ready>, StoreError> {
        let steps = self.left.get(self.from..).unwrap_or_default();
        let count = steps.len().min(BATCH_ROWS);
        if count == 0 {
            return Ok(None);
        }
        let range = self.from..self.from + count;
        self.stamp.at = self.hands.clock.now();
        let of = (&self.hands, &self.stamp, &self.taken, &self.left);
        // The first look is short: where others write people all the time, it may be in vain.
        let reach = if self.from == 0 { BATCH_ROWS } else { AHEAD_STEPS };
        let ahead = Ahead::reaching(&range, reach, self.ahead.take(), &self.planned, of).await?;
        let (plan, ahead) = ahead.plan(range, of).await?;
        self.planned.add(&plan);
        self.ahead = Some(ahead);
        self.from += count;
        Ok(Some(Ready { plan, steps: count }))
    }
}
