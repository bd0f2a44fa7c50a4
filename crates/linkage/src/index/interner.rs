//! Values that many records share, kept once and counted.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};

use super::parts::Parts;
use super::segments::Segments;
use crate::mixing::{SEED, mix};

/// Values by number. Number zero is nobody's, so that an empty place in a row is zero.
#[derive(Debug, Clone)]
pub(super) struct Interner<T> {
    entries: Segments<Entry<T>>,
    numbers: Parts<u32>,
    free: Vec<u32>,
}

/// A value and how often it is used. Nobody uses a number that is free.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry<T> {
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

impl<T> Entry<T> {
    /// The value, where somebody uses it.
    pub(super) fn value(&self) -> Option<&T> {
        (self.uses > 0).then_some(&self.value)
    }
}

/// The value of a number in `entries`; none for zero and for a free one.
pub(super) fn value_of<T: Clone + Default>(entries: &Segments<Entry<T>>, number: u32) -> Option<&T> {
    entries.item(number)?.first()?.value()
}

impl<T: Hash + Eq + Default + Clone> Interner<T> {
    pub(super) fn new() -> Self {
        let mut entries = Segments::new(1);
        entries.push();
        Self { entries, numbers: Parts::default(), free: Vec::new() }
    }

    /// The number of `value`, which is counted once more; `make` gives it to keep if it is new.
    pub(super) fn add<Q>(&mut self, value: &Q, make: impl FnOnce(&Q) -> T) -> u32
    where
        T: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.add_used(value, 1, make)
    }

    /// The number of `value`, which is counted `uses` times more.
    pub(super) fn add_used<Q>(&mut self, value: &Q, uses: u32, make: impl FnOnce(&Q) -> T) -> u32
    where
        T: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let Self { entries, numbers, free } = self;
        let hash = hash_of(value);
        let is_it = |number: &u32| value_of(entries, *number).is_some_and(|found| found.borrow() == value);
        if let Some(number) = numbers.find(hash, is_it).copied() {
            if let Some([entry]) = entries.item_mut(number) {
                entry.uses = entry.uses.saturating_add(uses);
            }
            return number;
        }
        let number = free.pop().unwrap_or_else(|| entries.push());
        if let Some([entry]) = entries.item_mut(number) {
            *entry = Entry { value: make(value), uses };
        }
        let hash_at = |number: &u32| value_of(entries, *number).map_or(0, |value| hash_of(value.borrow()));
        numbers.insert(hash, number, hash_at);
        number
    }

    /// How often the value of a number is used.
    pub(super) fn uses(&self, number: u32) -> u32 {
        self.entries.item(number).and_then(<[_]>::first).map_or(0, |entry| entry.uses)
    }

    /// Whether a number stands for a value, as all do from 1 on while none has been taken out.
    pub(super) fn is_value(&self, number: u32) -> bool {
        number != 0 && (number as usize) < self.entries.len()
    }

    /// Counts the value once less, and forgets it when nobody has it any more.
    pub(super) fn remove(&mut self, number: u32) {
        let Some([entry]) = self.entries.item_mut(number) else { return };
        match entry.uses {
            0 => {}
            1 => {
                let Entry { value, .. } = std::mem::take(entry);
                if let Some(found) = self.numbers.find_entry(hash_of(&value), |other| *other == number) {
                    found.remove();
                }
                self.free.push(number);
            }
            _ => entry.uses -= 1,
        }
    }

    /// The value of a number; none for zero.
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        value_of(&self.entries, number)
    }

    /// All entries, to be taken along and read with [`value_of`].
    pub(super) fn entries(&self) -> &Segments<Entry<T>> {
        &self.entries
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.entries.memory_bytes() + self.numbers.memory_bytes() + self.free.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shared_counted_and_forgotten() {
        let mut names: Interner<Box<str>> = Interner::new();
        let one = names.add("张三", |text| text.into());
        assert_eq!(names.add("张三", |text| text.into()), one);
        let other = names.add("李四", |text| text.into());
        assert_ne!(one, other);
        names.remove(one);
        assert_eq!(names.get(one).map(AsRef::as_ref), Some("张三"));
        names.remove(one);
        assert_eq!(names.get(one), None);
        assert_eq!(names.add("王五", |text| text.into()), one, "the place is used again");
        assert_eq!(names.entries().len(), 3);
        assert_eq!(names.get(0), None);
    }
}
