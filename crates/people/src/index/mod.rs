//! The live index: every person on record in memory, for candidates and for search (design §4, Search).
//!
//! It proposes; the database decides: what it finds is looked up with the reader's scope, and a link is made in a
//! transaction that holds the writer. It follows the database by the writer's revision: whoever asks it first reads
//! the persons that changed since, so that it is never behind the snapshot of the asker, on any node, and nobody has
//! to tell it anything. Persons whose delivery is not published are in it as well, for linking; a search does not find
//! them, because the database does not show them.

mod engine;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use base::PersonId;
use linkage::{LiveIndex, Model, ReadRecord};
use rayon::prelude::*;
use sea_orm::ConnectionTrait;
use store::{Keys, StoreError};
use uuid::Uuid;

pub use engine::{Scored, Weighed};

use crate::persons::{Master, Number, Person, PersonState, repo};
use crate::rows::RowValues;

/// Candidates that are weighed for a row, at most.
const CANDIDATES_AT_MOST: usize = 8;

/// Persons that are read at a time when the index follows the database.
const PAGE_PERSONS: u64 = 20_000;

/// The index. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct PeopleIndex {
    model: Arc<Model>,
    held: Arc<RwLock<Held>>,
    /// One reader at a time brings it up to date.
    following: Arc<tokio::sync::Mutex<()>>,
}

/// A person as the index holds them.
type Entry = (ReadRecord, Option<Number>);

/// Somebody who may be added: read once, to be scored and to be put in, and not in the index.
#[derive(Debug, Clone)]
pub struct Newcomer {
    id: PersonId,
    read: ReadRecord,
}

impl Newcomer {
    /// Who it is.
    pub fn id(&self) -> PersonId {
        self.id
    }
}

struct Held {
    live: LiveIndex,
    numbers: HashMap<PersonId, Number>,
    /// Everything up to this revision is in it.
    revision: i64,
}

impl PeopleIndex {
    /// An empty index for `model`. It fills itself when it is asked first.
    pub fn new(model: Model) -> Self {
        let live = LiveIndex::new(model.clone());
        let model = Arc::new(model);
        let held = Held { live, numbers: HashMap::new(), revision: -1 };
        Self { model, held: Arc::new(RwLock::new(held)), following: Arc::default() }
    }

    /// The model that weighs.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The version of the model, as links keep it: `cn-person 3`.
    pub fn model_version(&self) -> String {
        format!("{} {}", self.model.key(), self.model.version())
    }

    /// Reads what changed since it was last asked, as far as the snapshot of `connection` shows it, and returns the
    /// revision of that snapshot.
    pub async fn follow(&self, connection: &impl ConnectionTrait, keys: &Keys) -> Result<i64, StoreError> {
        let _turn = self.following.lock().await;
        let newest = repo::revision(connection).await?;
        let mut revision = self.read().revision;
        if revision >= newest {
            return Ok(newest);
        }
        // Everything of `revision` is in already: begin behind its last id.
        let mut after = Uuid::max();
        loop {
            let page = repo::changed_since(connection, revision, after, PAGE_PERSONS).await?;
            let Some(last) = page.last() else { break };
            (revision, after) = (last.revision, last.id.0);
            self.take(keys, &page)?;
        }
        let mut held = self.write();
        held.revision = held.revision.max(newest);
        Ok(newest)
    }

    /// Takes over what the database says of `persons`.
    fn take(&self, keys: &Keys, persons: &[Person]) -> Result<(), StoreError> {
        let opened: Vec<(PersonId, Option<Entry>)> = persons
            .par_iter()
            .map(|person| {
                if person.state == PersonState::Merged {
                    return Ok((person.id, None));
                }
                let master = person.master(keys)?;
                let number = master.document.as_ref().map(|document| Number::of(keys, &document.value));
                let record = engine::record_of_person(person.id, &master);
                Ok((person.id, Some((ReadRecord::new(&self.model, &record), number))))
            })
            .collect::<Result<_, StoreError>>()?;
        let mut held = self.write();
        for (id, found) in opened {
            match found {
                Some((read, number)) => held.put(id, &read, number),
                None => held.forget(id),
            }
        }
        Ok(())
    }

    /// Reads somebody who may be one of those who are here, or may have to be added, without holding the index.
    pub fn newcomer(&self, id: PersonId, master: &Master) -> Newcomer {
        Newcomer { id, read: ReadRecord::new(&self.model, &engine::record_of_person(id, master)) }
    }

    /// Adds a person who is about to be written. If that is not kept, [`PeopleIndex::forget`] them.
    pub fn insert(&self, newcomer: &Newcomer, number: Option<Number>) {
        self.write().put(newcomer.id, &newcomer.read, number);
    }

    /// Says that the person is known by `number` from now on.
    pub fn set_number(&self, id: PersonId, number: Option<Number>) {
        let mut held = self.write();
        match number {
            Some(number) => held.numbers.insert(id, number),
            None => held.numbers.remove(&id),
        };
    }

    /// Takes persons out who were never kept.
    pub fn forget(&self, persons: &[PersonId]) {
        let mut held = self.write();
        for person in persons {
            held.forget(*person);
        }
    }

    /// While the guard is held, nobody reads anything from the database into the index.
    pub async fn stand_still(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.following.lock().await
    }

    /// The index is known to agree with `revision`, because its writer made it so.
    pub fn is_at(&self, revision: i64) {
        let mut held = self.write();
        held.revision = held.revision.max(revision);
    }

    /// Who each of `newcomers` may be of those who are here, the heaviest first. Whoever has to write waits for one look-up,
    /// not for all of them; who wants one state for all makes it [stand still](Self::stand_still).
    pub fn score(&self, newcomers: &[&Newcomer]) -> Vec<Vec<Scored>> {
        let score = |newcomer: &&Newcomer| {
            let held = self.read();
            let candidates = held.live.score_read(&newcomer.read, CANDIDATES_AT_MOST);
            candidates.iter().map(|candidate| engine::scored(candidate, held.live.zone(candidate))).collect()
        };
        newcomers.par_iter().map(score).collect()
    }

    /// What speaks for and against `row` being about `person`, whatever it weighs; `None` if the person is not here.
    pub fn compare(&self, row: &RowValues, person: PersonId) -> Option<Scored> {
        let record = engine::record_of_row(row);
        let held = self.read();
        let candidate = held.live.compare(&record, person.0)?;
        Some(engine::scored(&candidate, held.live.zone(&candidate)))
    }

    /// The usable number by which `person` is known.
    pub fn number_of(&self, person: PersonId) -> Option<Number> {
        self.read().numbers.get(&person).copied()
    }

    /// Whether both name and birth of `row` speak against it being about `person`, or one does and the other is silent.
    /// A number alone does not join these: it may have been typed into the wrong line.
    pub fn name_and_birth_conflict(&self, row: &RowValues, person: PersonId) -> bool {
        let record = engine::record_of_row(row);
        let held = self.read();
        let Some(candidate) = held.live.compare(&record, person.0) else { return false };
        let weight = |field: &str| {
            candidate
                .fields
                .iter()
                .find(|found| found.field.as_str() == field)
                .map_or(0.0, |found| found.weight)
        };
        let (name, birth) = (weight("name"), weight("birth"));
        name < 0.0 && birth <= 0.0
    }

    /// Persons whom `text` may mean: a name, pinyin, part of a number, a phone. At most `limit`, the likeliest first.
    pub fn search(&self, text: &str, limit: usize) -> Vec<PersonId> {
        // A search reads everything: it takes that along, and nobody waits for it.
        let searcher = self.read().live.searcher();
        searcher.search(text, limit).into_iter().map(PersonId).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        // A poisoned lock means that a thread broke off between two plain inserts: what is there can be read.
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn put(&mut self, id: PersonId, read: &ReadRecord, number: Option<Number>) {
        self.live.insert_read(read);
        match number {
            Some(number) => self.numbers.insert(id, number),
            None => self.numbers.remove(&id),
        };
    }

    fn forget(&mut self, id: PersonId) {
        self.live.remove(id.0);
        self.numbers.remove(&id);
    }
}

impl std::fmt::Debug for PeopleIndex {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PeopleIndex(…)")
    }
}

#[cfg(test)]
pub(crate) mod tests;
