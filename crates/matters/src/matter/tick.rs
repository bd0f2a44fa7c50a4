//! What the clock brings: reminders, climbs of what is late, and pauses that end.

use base::{Entropy, MatterId, Moment, OperationId};
use serde_json::Map;
use store::{ActorRef, Database, Operation, Write};
use workflow::Effect;

use super::act::Surroundings;
use super::carry::Change;
use super::repo;
use crate::{MatterError, Matters, notices};

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Holders that were reminded.
    pub reminded: u32,
    /// Matters that climbed a rung.
    pub climbed: u32,
    /// Matters that are late with nobody above.
    pub still_late: u32,
    /// Pauses that ended.
    pub resumed: u32,
    /// Matters that could not be ticked; each stands in the log, and is tried again at the next tick.
    pub failed: u32,
    /// Whether there was more than one tick takes; the next one goes on.
    pub more: bool,
}

/// Matters in one transaction, and transactions in one tick.
const BATCH: u64 = 50;
const BATCHES_AT_MOST: usize = 200;

/// How long after a tick the next one follows, in milliseconds.
const TICK_EVERY_MILLISECONDS: i64 = 60_000;

/// Enqueues the next tick, unless one waits already. Called where a matter is opened, so that from the first one on
/// somebody looks at the clocks.
pub(crate) async fn enqueue_next(write: &Write) -> Result<(), MatterError> {
    let at = write.at().plus_milliseconds(TICK_EVERY_MILLISECONDS);
    Ok(write.enqueue_unless_waiting(crate::TICK_JOB, "next", &(), at).await?)
}

impl Matters {
    /// A tick, with old notices swept, and the next one enqueued: first, so that a tick that fails does not end the row; and also when no
    /// matter is open, since one may just be being opened.
    pub(crate) async fn keep_ticking(&self, database: &Database, now: Moment) -> Result<Ticked, MatterError> {
        let write = database.write(system_operation(database.entropy(), "matters.tick", now)).await?;
        enqueue_next(&write).await?;
        notices::prune(&write).await?;
        write.save().await?;
        self.tick(database, now).await
    }

    /// Does all that is due at `now` on every matter. Doing it twice does it once: what is done moves a matter's next
    /// moment on, in the same transaction.
    ///
    /// A batch that fails is done matter by matter, so that one that cannot be ticked holds up no other.
    pub async fn tick(&self, database: &Database, now: Moment) -> Result<Ticked, MatterError> {
        let mut ticked = Ticked::default();
        let mut failed: Vec<MatterId> = Vec::new();
        for _ in 0..BATCHES_AT_MOST {
            let read = database.read().await?;
            let due = repo::due(read.connection(), now, &failed, BATCH).await?;
            drop(read);
            if due.is_empty() {
                return Ok(ticked);
            }
            match self.tick_batch(database, &due, now).await {
                Ok(done) => ticked.add(done),
                Err(_) => {
                    for id in due {
                        match self.tick_batch(database, &[id], now).await {
                            Ok(done) => ticked.add(done),
                            Err(error) => {
                                tracing::error!(matter = %id, %error, "a matter could not be ticked");
                                ticked.failed += 1;
                                failed.push(id);
                            }
                        }
                    }
                }
            }
        }
        ticked.more = true;
        Ok(ticked)
    }

    async fn tick_batch(
        &self,
        database: &Database,
        due: &[MatterId],
        now: Moment,
    ) -> Result<Ticked, MatterError> {
        let operation = system_operation(database.entropy(), "matters.tick", now);
        let write = database.write(operation).await?;
        let mut ticked = Ticked::default();
        for id in due {
            ticked.add(self.tick_one(&write, *id, now).await?);
        }
        write.save().await?;
        Ok(ticked)
    }

    async fn tick_one(&self, write: &Write, id: MatterId, now: Moment) -> Result<Ticked, MatterError> {
        let mut matter = repo::to_change(write, id).await?;
        let workflow = self.workflow_of(&matter)?;
        let surroundings = Surroundings::read(self, write.connection(), write.keys(), &matter).await?;
        let effects = workflow::tick(workflow, &surroundings.state(&matter), now, self.calendar())?;
        let mut ticked = Ticked::default();
        let mut event = None;
        for effect in &effects {
            let (count, kind) = match effect {
                Effect::Resumed => (&mut ticked.resumed, "matters.resumed"),
                Effect::Reminded => (&mut ticked.reminded, "matters.reminded"),
                Effect::Climbed { .. } => (&mut ticked.climbed, "matters.climbed"),
                Effect::StillLate => (&mut ticked.still_late, "matters.still_late"),
                _ => continue,
            };
            *count += 1;
            event = Some(kind);
        }
        // Another node was here first: the matter has nothing to do any more.
        let Some(event) = event else { return Ok(ticked) };
        self.carry_out(write, &mut matter, effects, None, Change { event, said: Map::new() }).await?;
        Ok(ticked)
    }
}

impl Ticked {
    fn add(&mut self, other: Self) {
        self.reminded += other.reminded;
        self.climbed += other.climbed;
        self.still_late += other.still_late;
        self.resumed += other.resumed;
        self.failed += other.failed;
    }
}

/// An operation that no person asked for.
fn system_operation(entropy: &Entropy, name: &'static str, at: Moment) -> Operation {
    Operation { id: OperationId(entropy.uuid(at)), name, actor: ActorRef::SYSTEM, at }
}
