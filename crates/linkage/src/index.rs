//! The live index: records packed into rows, the keys under which they meet, and how common each value is.

mod interner;
mod parts;
mod postings;
mod rows;
mod search;
mod segments;
mod snapshot;

use std::sync::Arc;

use uuid::Uuid;

use crate::keys::{self, KeyHash};
use crate::model::{Model, Zone};
use crate::read::{self, Reading};
use crate::record::Record;
use crate::score::{Candidate, Scorer};

pub(crate) use postings::{Found, Postings};
pub(crate) use rows::{Rows, Slot};

pub use search::Searcher;
pub use snapshot::SnapshotFault;

/// A record as its model reads it: two thirds of the work of putting it in, done without holding the index.
#[derive(Debug, Clone)]
pub struct ReadRecord {
    id: Uuid,
    reading: Reading,
}

impl ReadRecord {
    /// Reads `record` by `model`, which must be that of the index.
    pub fn new(model: &Model, record: &Record) -> Self {
        Self { id: record.id, reading: read::read(model, record) }
    }
}

/// All records of a model in memory: a look-up among them takes microseconds.
///
/// # Concurrency
/// Reading takes `&self`, writing `&mut self`, and the type is `Send + Sync`: put it into an `RwLock` and many readers
/// run beside each other while one writer waits its turn. The lock stands outside so that a batch of look-ups, or a
/// look-up and the insert that follows from it, can be one critical section. A write takes some ten microseconds.
///
/// # Same in, same out
/// What a look-up returns depends on the records in the index only, never on the order in which they came, on threads
/// or on the machine.
#[derive(Debug, Clone)]
pub struct LiveIndex {
    model: Arc<Model>,
    rows: Rows,
    postings: Postings,
}

impl LiveIndex {
    /// An index without records.
    pub fn new(model: Model) -> Self {
        let rows = Rows::new(&model);
        Self { model: Arc::new(model), rows, postings: Postings::default() }
    }

    /// The model that it scores by.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it holds the record `id`.
    pub fn contains(&self, id: Uuid) -> bool {
        self.rows.slot_of(id).is_some()
    }

    /// Puts a record in, in the place of the one with the same id if there is one. Returns whether it was new.
    pub fn insert(&mut self, record: &Record) -> bool {
        self.insert_read(&ReadRecord::new(&self.model, record))
    }

    /// Puts a record in the place of the one with the same id. Returns whether there was one; otherwise nothing changes.
    pub fn update(&mut self, record: &Record) -> bool {
        let known = self.contains(record.id);
        if known {
            self.insert(record);
        }
        known
    }

    /// Takes the record `id` out. Returns whether it was there.
    pub fn remove(&mut self, id: Uuid) -> bool {
        let Some(slot) = self.rows.slot_of(id) else { return false };
        let reading = self.rows.reading(&self.model, slot);
        for (key, finds) in keys_of(&self.model, &reading) {
            self.postings.remove(key, slot, finds);
        }
        self.rows.remove(slot);
        true
    }

    /// As [`LiveIndex::insert`], for a record that was read before.
    pub fn insert_read(&mut self, read: &ReadRecord) -> bool {
        let was_known = self.remove(read.id);
        let slot = self.rows.add(read.id, &read.reading);
        for (key, finds) in keys_of(&self.model, &read.reading) {
            self.postings.add(key, slot, finds);
        }
        !was_known
    }

    /// Who in the index `record` may be: at most `limit` candidates of the model's `listed` weight and more, the
    /// weightiest first, candidates of one weight by id. The record's own id plays no part.
    pub fn score(&self, record: &Record, limit: usize) -> Vec<Candidate> {
        let reading = read::read(&self.model, record);
        self.scorer().candidates(&reading, limit)
    }

    /// As [`LiveIndex::score`], for a record that was read before.
    pub fn score_read(&self, read: &ReadRecord, limit: usize) -> Vec<Candidate> {
        self.scorer().candidates(&read.reading, limit)
    }

    /// Compares `record` with the record `id` of the index, however little they have in common. `None` if there is none.
    pub fn compare(&self, record: &Record, id: Uuid) -> Option<Candidate> {
        let slot = self.rows.slot_of(id)?;
        let reading = read::read(&self.model, record);
        Some(self.scorer().candidate(&reading, slot))
    }

    /// In which zone a candidate of this index lies.
    pub fn zone(&self, candidate: &Candidate) -> Zone {
        candidate.zone(&self.model)
    }

    /// How many bytes it holds on to, counted from its tables (the allocator's own share is not in it).
    pub fn memory_bytes(&self) -> usize {
        self.rows.memory_bytes() + self.postings.memory_bytes()
    }

    pub(crate) fn scorer(&self) -> Scorer<'_> {
        Scorer::new(&self.model, &self.rows, &self.postings)
    }
}

/// All keys of a record, each with whether its rule finds by it.
fn keys_of(model: &Model, reading: &Reading) -> impl Iterator<Item = (KeyHash, bool)> {
    model.rules.iter().enumerate().flat_map(move |(place, rule)| {
        keys::keys(place, rule, reading).into_iter().map(|key| (key, rule.finds))
    })
}
