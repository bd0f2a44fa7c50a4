//! A hash table in many parts. A table that is full moves everything it holds into one of twice the size: of tens of
//! millions that takes a second, of the share in one part less than a millisecond, and the rest stays where it is.

use hashbrown::HashTable;
use hashbrown::hash_table::OccupiedEntry;
use rayon::prelude::*;

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

/// Many things, dealt out by the parts where they belong, to be put in on all processors.
#[derive(Debug)]
pub(super) struct Dealt<T>(Vec<Vec<(u64, T)>>);

/// Groups of parts next to each other: more than processors, so that none of these waits for another.
const GROUPS: usize = 16;
const PARTS_IN_GROUP: usize = PARTS / GROUPS;

impl<T: Copy + Send + Sync> Dealt<T> {
    pub(super) fn new() -> Self {
        Self(std::iter::repeat_with(Vec::new).take(GROUPS).collect())
    }

    pub(super) fn add(&mut self, hash: u64, thing: T) {
        if let Some(group) = self.0.get_mut(part_of(hash) / PARTS_IN_GROUP) {
            group.push((hash, thing));
        }
    }

    /// Puts everything into its part of `parts`, one for each part there is.
    pub(super) fn put<P: Send>(&self, parts: &mut [P], put: impl Fn(&mut P, u64, T) + Sync) {
        parts.par_chunks_mut(PARTS_IN_GROUP).zip(&self.0).for_each(|(parts, group)| {
            for (hash, thing) in group {
                if let Some(part) = parts.get_mut(part_of(*hash) % PARTS_IN_GROUP) {
                    put(part, *hash, *thing);
                }
            }
        });
    }
}

impl<T: Copy + Send + Sync> Parts<T> {
    /// As [`Parts::insert`] for many things.
    pub(super) fn insert_all(&mut self, dealt: &Dealt<T>, hash_of: impl Fn(&T) -> u64 + Sync) {
        dealt.put(&mut self.parts, |part, hash, thing| {
            part.insert_unique(hash, thing, &hash_of);
        });
    }

    /// The parts themselves, for [`Dealt::put`].
    pub(super) fn parts_mut(&mut self) -> &mut [HashTable<T>] {
        &mut self.parts
    }
}
