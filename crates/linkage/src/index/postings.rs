//! Which rows stand under a key, and how many.

use hashbrown::HashTable;

use super::rows::Slot;
use crate::keys::KeyHash;
use crate::mixing::mix;
use smallvec::SmallVec;

/// One key with what stands under it: eight bytes, since there are some ten for each record.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: KeyHash,
    /// A single row; or, with the highest bit set, the number of a list; or, for a rule that only counts, the count.
    value: u32,
}

/// The bit that tells a list's number from a row.
const LIST: u32 = 1 << 31;

/// Rows in rising order. Most keys that are shared are shared by a household.
type List = SmallVec<[Slot; 4]>;

/// All keys of all rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Postings {
    entries: HashTable<Entry>,
    lists: Vec<List>,
    free: Vec<u32>,
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

impl Postings {
    /// Puts a row under a key, or counts it.
    pub(super) fn add(&mut self, key: KeyHash, slot: Slot, finds: bool) {
        let Self { entries, lists, free } = self;
        let Some(entry) = entries.find_mut(hash(key), |entry| entry.key == key) else {
            let value = if finds { slot } else { 1 };
            entries.insert_unique(hash(key), Entry { key, value }, |entry| hash(entry.key));
            return;
        };
        if !finds {
            entry.value = entry.value.saturating_add(1);
        } else if entry.value & LIST == 0 {
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

    /// Takes a row from under a key, or counts one less.
    pub(super) fn remove(&mut self, key: KeyHash, slot: Slot, finds: bool) {
        let Ok(mut found) = self.entries.find_entry(hash(key), |entry| entry.key == key) else { return };
        let entry = found.get_mut();
        if !finds {
            entry.value = entry.value.saturating_sub(1);
            if entry.value == 0 {
                found.remove();
            }
        } else if entry.value & LIST == 0 {
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

    /// The rows under a key of a rule that finds.
    pub(crate) fn find(&self, key: KeyHash) -> Found<'_> {
        match self.entries.find(hash(key), |entry| entry.key == key) {
            None => Found::Nothing,
            Some(entry) if entry.value & LIST == 0 => Found::One(entry.value),
            Some(entry) => self
                .lists
                .get((entry.value & !LIST) as usize)
                .map_or(Found::Nothing, |list| Found::Several(list)),
        }
    }

    /// How many rows stand under a key.
    pub(crate) fn count(&self, key: KeyHash, finds: bool) -> u32 {
        if finds {
            return match self.find(key) {
                Found::Nothing => 0,
                Found::One(_) => 1,
                Found::Several(list) => u32::try_from(list.len()).unwrap_or(u32::MAX),
            };
        }
        self.entries.find(hash(key), |entry| entry.key == key).map_or(0, |entry| entry.value)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let spilled: usize = self
            .lists
            .iter()
            .filter(|list| list.spilled())
            .map(|list| list.capacity() * size_of::<Slot>())
            .sum();
        self.entries.allocation_size()
            + self.lists.capacity() * size_of::<List>()
            + spilled
            + self.free.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(postings.entries.is_empty());
        assert_eq!(postings.free.len(), postings.lists.len());
    }

    #[test]
    fn a_rule_that_only_counts_counts() {
        let mut postings = Postings::default();
        postings.add(40, 1, false);
        postings.add(40, 1, false);
        assert_eq!(postings.count(40, false), 2);
        postings.remove(40, 1, false);
        postings.remove(40, 2, false);
        postings.remove(40, 3, false);
        assert_eq!(postings.count(40, false), 0);
        assert!(postings.entries.is_empty());
    }
}
