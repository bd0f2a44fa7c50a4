//! Which rows stand under a key, and how many.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Place;
use smallvec::SmallVec;

use super::parts::{Dealt, PARTS, Parts, part_of};
use super::rows::Slot;
use crate::keys::KeyHash;
use crate::mixing::mix;

/// One key with what stands under it: eight bytes, since there are some six for each record.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: KeyHash,
    /// A single row; or, with the highest bit set, the number of a list.
    value: u32,
}

/// The bit that tells a list's number from a row.
const LIST: u32 = 1 << 31;

/// Rows in rising order. Most keys that are shared are shared by a household. A key that very many share has a long list,
/// of which only the length is asked: whoever looks up passes it over (`most` of its rule), and what changes it moves four
/// bytes for each row behind the place, a millisecond for five million.
type List = SmallVec<[Slot; 4]>;

/// All keys of all rules. Rules that find and rules that only count are kept apart: keys are hashes, and where two meet
/// a row that was found by chance is compared in vain, but a count is not a row.
#[derive(Debug, Clone)]
pub(crate) struct Postings {
    parts: Vec<Part>,
    counts: Parts<Count>,
}

/// The keys whose hashes begin alike, and their rows.
#[derive(Debug, Clone, Default)]
struct Part {
    entries: HashTable<Entry>,
    lists: Vec<List>,
    free: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    key: KeyHash,
    rows: u32,
}

/// What stands under a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'index> {
    Nothing,
    One(Slot),
    Several(&'index [Slot]),
}

fn hash(key: KeyHash) -> u64 {
    mix(0, u64::from(key))
}

impl Default for Postings {
    fn default() -> Self {
        Self { parts: vec![Part::default(); PARTS], counts: Parts::default() }
    }
}

impl Postings {
    /// Puts a row under a key, or counts it.
    pub(super) fn add(&mut self, key: KeyHash, slot: Slot, finds: bool) {
        if finds {
            if let Some(part) = self.parts.get_mut(part_of(hash(key))) {
                part.add(key, slot);
            }
        } else if let Some(part) = self.counts.parts_mut().get_mut(part_of(hash(key))) {
            count_one(part, key);
        }
    }

    /// Puts many rows under their keys, on all processors.
    pub(super) fn add_all(&mut self, keyed: &Keyed) {
        keyed.found.put(&mut self.parts, |part, _, (key, slot)| part.add(key, slot));
        keyed.counted.put(self.counts.parts_mut(), |part, _, key| count_one(part, key));
    }

    /// Takes a row from under a key, or counts one less.
    pub(super) fn remove(&mut self, key: KeyHash, slot: Slot, finds: bool) {
        if finds {
            if let Some(part) = self.parts.get_mut(part_of(hash(key))) {
                part.remove(key, slot);
            }
        } else if let Some(mut found) = self.counts.find_entry(hash(key), |count| count.key == key) {
            let count = found.get_mut();
            count.rows = count.rows.saturating_sub(1);
            if count.rows == 0 {
                found.remove();
            }
        }
    }

    /// The rows under a key of a rule that finds.
    pub(crate) fn find(&self, key: KeyHash) -> Found<'_> {
        self.parts.get(part_of(hash(key))).map_or(Found::Nothing, |part| part.find(key))
    }

    /// How many rows stand under a key.
    pub(crate) fn count(&self, key: KeyHash, finds: bool) -> u32 {
        if !finds {
            return self.counts.find(hash(key), |count| count.key == key).map_or(0, |count| count.rows);
        }
        match self.find(key) {
            Found::Nothing => 0,
            Found::One(_) => 1,
            Found::Several(list) => u32::try_from(list.len()).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.parts.iter().map(Part::memory_bytes).sum::<usize>() + self.counts.memory_bytes()
    }
}

fn count_one(counts: &mut HashTable<Count>, key: KeyHash) {
    match counts.entry(hash(key), |count| count.key == key, |count| hash(count.key)) {
        Place::Occupied(mut found) => {
            let count = found.get_mut();
            count.rows = count.rows.saturating_add(1);
        }
        Place::Vacant(place) => {
            place.insert(Count { key, rows: 1 });
        }
    }
}

impl Part {
    fn add(&mut self, key: KeyHash, slot: Slot) {
        let Self { entries, lists, free } = self;
        let mut found = match entries.entry(hash(key), |entry| entry.key == key, |entry| hash(entry.key)) {
            Place::Occupied(found) => found,
            Place::Vacant(place) => {
                place.insert(Entry { key, value: slot });
                return;
            }
        };
        let entry = found.get_mut();
        if entry.value & LIST == 0 {
            let first = entry.value;
            if first == slot {
                return;
            }
            let number = free.pop().unwrap_or_else(|| {
                lists.push(List::new());
                u32::try_from(lists.len() - 1).unwrap_or(0)
            });
            if let Some(list) = lists.get_mut(number as usize) {
                list.clear();
                list.extend([first.min(slot), first.max(slot)]);
            }
            entry.value = LIST | number;
        } else if let Some(list) = lists.get_mut((entry.value & !LIST) as usize)
            && let Err(place) = list.binary_search(&slot)
        {
            list.insert(place, slot);
        }
    }

    fn remove(&mut self, key: KeyHash, slot: Slot) {
        let Ok(mut found) = self.entries.find_entry(hash(key), |entry| entry.key == key) else { return };
        let entry = found.get_mut();
        if entry.value & LIST == 0 {
            if entry.value == slot {
                found.remove();
            }
        } else if let Some(list) = self.lists.get_mut((entry.value & !LIST) as usize) {
            if let Ok(place) = list.binary_search(&slot) {
                list.remove(place);
            }
            if let [last] = list.as_slice() {
                self.free.push(entry.value & !LIST);
                entry.value = *last;
                *list = List::new();
            }
        }
    }

    fn find(&self, key: KeyHash) -> Found<'_> {
        match self.entries.find(hash(key), |entry| entry.key == key) {
            None => Found::Nothing,
            Some(entry) if entry.value & LIST == 0 => Found::One(entry.value),
            Some(entry) => self
                .lists
                .get((entry.value & !LIST) as usize)
                .map_or(Found::Nothing, |list| Found::Several(list)),
        }
    }

    fn memory_bytes(&self) -> usize {
        let spilled = self.lists.iter().filter(|list| list.spilled());
        let spilled: usize = spilled.map(|list| list.capacity() * size_of::<Slot>()).sum();
        size_of::<Self>()
            + self.entries.allocation_size()
            + self.lists.capacity() * size_of::<List>()
            + spilled
            + self.free.capacity() * 4
    }
}

/// Keys of many rows.
#[derive(Debug)]
pub(super) struct Keyed {
    found: Dealt<(KeyHash, Slot)>,
    counted: Dealt<KeyHash>,
}

impl Keyed {
    pub(super) fn new() -> Self {
        Self { found: Dealt::new(), counted: Dealt::new() }
    }

    /// Notes a row under a key.
    pub(super) fn add(&mut self, key: KeyHash, slot: Slot, finds: bool) {
        if finds {
            self.found.add(hash(key), (key, slot));
        } else {
            self.counted.add(hash(key), key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn rows_stand_in_order_and_leave_nothing_behind() {
        let mut postings = Postings::default();
        for slot in [5, 2, 9, 2, 7, 1] {
            postings.add(40, slot, true);
        }
        assert!(matches!(postings.find(40), Found::Several([1, 2, 5, 7, 9])));
        assert_eq!(postings.count(40, true), 5);
        for slot in [9, 1, 5, 3, 2] {
            postings.remove(40, slot, true);
        }
        assert!(matches!(postings.find(40), Found::One(7)));
        postings.remove(40, 7, true);
        assert!(matches!(postings.find(40), Found::Nothing));
        let part = &postings.parts[part_of(hash(40))];
        assert!(part.entries.is_empty());
        assert_eq!(part.free.len(), part.lists.len());
    }

    #[test]
    fn a_rule_that_only_counts_counts_and_a_key_that_finds_is_another() {
        let mut postings = Postings::default();
        postings.add(40, 1, false);
        postings.add(40, 1, false);
        assert_eq!(postings.count(40, false), 2);
        for slot in [7, 8] {
            postings.add(40, slot, true);
        }
        assert_eq!(postings.count(40, false), 2);
        assert!(matches!(postings.find(40), Found::Several([7, 8])));
        postings.remove(40, 1, false);
        postings.remove(40, 2, false);
        postings.remove(40, 3, false);
        assert_eq!((postings.count(40, false), postings.count(40, true)), (0, 2));
        assert_eq!(postings.counts.iter().count(), 0);
    }

    proptest! {
        #[test]
        fn many_rows_at_once_stand_as_they_do_one_by_one(
            added in prop::collection::vec((0_u32..40, 0_u32..60, prop::bool::weighted(0.8)), 0..400),
            removed in prop::collection::vec((0_u32..40, 0_u32..60), 0..200),
        ) {
            let (mut single, mut together, mut keyed) = (Postings::default(), Postings::default(), Keyed::new());
            let mut rows: BTreeMap<KeyHash, BTreeSet<Slot>> = BTreeMap::new();
            let mut counts: BTreeMap<KeyHash, u32> = BTreeMap::new();
            for (key, slot, finds) in added {
                single.add(key, slot, finds);
                keyed.add(key, slot, finds);
                if finds {
                    rows.entry(key).or_default().insert(slot);
                } else {
                    *counts.entry(key).or_default() += 1;
                }
            }
            together.add_all(&keyed);
            for (key, slot) in removed {
                single.remove(key, slot, true);
                together.remove(key, slot, true);
                rows.entry(key).or_default().remove(&slot);
            }
            for key in 0..40 {
                let expected: Vec<Slot> = rows.remove(&key).unwrap_or_default().into_iter().collect();
                for postings in [&single, &together] {
                    let found = match postings.find(key) {
                        Found::Nothing => Vec::new(),
                        Found::One(slot) => vec![slot],
                        Found::Several(list) => list.to_vec(),
                    };
                    prop_assert_eq!(&found, &expected);
                    prop_assert_eq!(postings.count(key, false), counts.get(&key).copied().unwrap_or(0));
                }
            }
        }
    }
}
