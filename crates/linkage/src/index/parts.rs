//! A hash table in many parts. A table that is full moves everything it holds into one of twice the size: of tens of
//! millions that takes a second, of the share in one part less than a millisecond, and the rest stays where it is.

use hashbrown::HashTable;
use hashbrown::hash_table::OccupiedEntry;

/// A table of small things, found by their hash.
#[derive(Debug, Clone)]
pub(super) struct Parts<T> {
    parts: Vec<HashTable<T>>,
}

/// Parts of a table, a power of two. Two hundred million keys are a hundred thousand in each.
pub(super) const PARTS: usize = 1 << 11;
/// Where the bits of a hash stand that choose the part. The table within goes by the lowest and the highest ones.
const PART_BITS_AT: u32 = 32;

/// The part where a hash belongs.
pub(super) fn part_of(hash: u64) -> usize {
    usize::try_from(hash >> PART_BITS_AT).unwrap_or(0) % PARTS
}

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self { parts: std::iter::repeat_with(HashTable::new).take(PARTS).collect() }
    }
}

impl<T> Parts<T> {
    pub(super) fn find(&self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&T> {
        self.parts.get(part_of(hash))?.find(hash, is_it)
    }

    pub(super) fn find_mut(&mut self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&mut T> {
        self.parts.get_mut(part_of(hash))?.find_mut(hash, is_it)
    }

    pub(super) fn find_entry(
        &mut self,
        hash: u64,
        is_it: impl FnMut(&T) -> bool,
    ) -> Option<OccupiedEntry<'_, T>> {
        self.parts.get_mut(part_of(hash))?.find_entry(hash, is_it).ok()
    }

    /// Adds a thing that is not in yet; `hash_of` is asked for all those of its part when they have to move.
    pub(super) fn insert(&mut self, hash: u64, value: T, hash_of: impl Fn(&T) -> u64) {
        if let Some(part) = self.parts.get_mut(part_of(hash)) {
            part.insert_unique(hash, value, hash_of);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.parts.iter().flat_map(HashTable::iter)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.allocation_size() + size_of::<HashTable<T>>()).sum()
    }
}
