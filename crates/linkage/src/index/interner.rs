//! Values that many records share, kept once and counted.

use std::hash::{Hash, Hasher};

use hashbrown::HashTable;

use crate::mixing::{SEED, mix};

/// Values by number. Number zero is nobody's, so that an empty place in a row is zero.
#[derive(Debug, Clone)]
pub(super) struct Interner<T> {
    entries: Vec<Entry<T>>,
    numbers: HashTable<u32>,
    free: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Entry<T> {
    value: T,
    uses: u32,
}

/// Hashes by [`mix`], so that the table is the same on every run.
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self.0 = mix(self.0, bytes.len() as u64);
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = mix(self.0, u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = mix(self.0, value);
    }
}

fn hash_of<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut mixer = Mixer(SEED);
    value.hash(&mut mixer);
    mixer.finish()
}

impl<T: Hash + Eq + Default> Interner<T> {
    pub(super) fn new() -> Self {
        Self {
            entries: vec![Entry { value: T::default(), uses: 0 }],
            numbers: HashTable::new(),
            free: Vec::new(),
        }
    }

    /// The number of `value`, which is counted once more.
    pub(super) fn add(&mut self, value: T) -> u32 {
        let Self { entries, numbers, free } = self;
        let hash = hash_of(&value);
        let at = |number: u32| entries.get(number as usize);
        if let Some(number) =
            numbers.find(hash, |number| at(*number).is_some_and(|entry| entry.value == value)).copied()
        {
            if let Some(entry) = entries.get_mut(number as usize) {
                entry.uses += 1;
            }
            return number;
        }
        let entry = Entry { value, uses: 1 };
        let number = free.pop().unwrap_or_else(|| u32::try_from(entries.len()).unwrap_or(0));
        match entries.get_mut(number as usize) {
            Some(place) => *place = entry,
            None => entries.push(entry),
        }
        numbers.insert_unique(hash, number, |number| {
            entries.get(*number as usize).map_or(0, |entry| hash_of(&entry.value))
        });
        number
    }

    /// Counts the value once less, and forgets it when nobody has it any more.
    pub(super) fn remove(&mut self, number: u32) {
        let Some(entry) = self.entries.get_mut(number as usize).filter(|entry| entry.uses > 0) else {
            return;
        };
        entry.uses -= 1;
        if entry.uses == 0 {
            let value = std::mem::take(&mut entry.value);
            if let Ok(found) = self.numbers.find_entry(hash_of(&value), |other| *other == number) {
                found.remove();
            }
            self.free.push(number);
        }
    }

    /// The value of a number; the empty value for zero.
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.entries.get(number as usize).filter(|entry| entry.uses > 0).map(|entry| &entry.value)
    }

    /// All values in use with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..)
            .zip(&self.entries)
            .filter(|(_, entry)| entry.uses > 0)
            .map(|(number, entry)| (number, &entry.value))
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry<T>>()
            + self.numbers.allocation_size()
            + self.free.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shared_counted_and_forgotten() {
        let mut names: Interner<Box<str>> = Interner::new();
        let one = names.add("张三".into());
        assert_eq!(names.add("张三".into()), one);
        let other = names.add("李四".into());
        assert_ne!(one, other);
        names.remove(one);
        assert_eq!(names.get(one).map(AsRef::as_ref), Some("张三"));
        names.remove(one);
        assert_eq!(names.get(one), None);
        assert_eq!(names.add("王五".into()), one, "the place is used again");
        assert_eq!(names.iter().count(), 2);
        assert_eq!(names.get(0), None);
    }
}
