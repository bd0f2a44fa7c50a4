//! Randomness as an argument: one seeded source, from which ids, keys and tokens are drawn.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

use crate::Moment;

/// A shared source of random bytes. The binary seeds it from the operating system; tests and the demo city seed it
/// with a number, so that a run can be repeated byte for byte.
#[derive(Debug, Clone)]
pub struct Entropy(Arc<Mutex<Source>>);

#[derive(Debug)]
struct Source {
    generator: ChaCha20Rng,
    /// The millisecond of the last id, and where its counter stands.
    last: Option<(u64, u64)>,
}

/// Bits of an id that count within one millisecond: the 12 of `rand_a` and the first 30 of `rand_b`. The other 32 are
/// drawn for each id.
const COUNTER_BITS: u32 = 42;

impl Entropy {
    /// A source that always yields the same bytes for the same `seed`.
    pub fn from_seed(seed: u64) -> Self {
        Self::of(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A source that starts from 32 bytes of the operating system's randomness.
    pub fn from_bytes(seed: [u8; 32]) -> Self {
        Self::of(ChaCha20Rng::from_seed(seed))
    }

    fn of(generator: ChaCha20Rng) -> Self {
        Self(Arc::new(Mutex::new(Source { generator, last: None })))
    }

    /// The next `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.source().generator.fill_bytes(&mut bytes);
        bytes
    }

    /// A UUID v7 of the moment `now` (RFC 9562): sorts by time, and ids of one millisecond sort in the order in which
    /// they were drawn (section 6.2, method 1), so that appends stay at the end of an index however many there are.
    pub fn uuid(&self, now: Moment) -> Uuid {
        self.source().uuid(now)
    }

    /// The next `count` ids of the moment `now`, ascending: as many calls of [`Entropy::uuid`] with nobody in between.
    pub fn uuids(&self, now: Moment, count: usize) -> Vec<Uuid> {
        let mut source = self.source();
        (0..count).map(|_| source.uuid(now)).collect()
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        // A poisoned lock holds a generator that is still sound: the panic was in somebody else's code.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    fn uuid(&mut self, now: Moment) -> Uuid {
        let milliseconds = u64::try_from(now.0).unwrap_or(0);
        let counter = match self.last {
            Some((last, counter)) if last == milliseconds => counter + 1,
            // The highest bit is left free, so that no office fills the counter within a millisecond.
            _ => self.generator.next_u64() >> (u64::BITS - COUNTER_BITS + 1),
        };
        self.last = Some((milliseconds, counter));
        let tail = u128::from(self.generator.next_u32());
        // Behind the version stand 12 bits, behind the variant 62: the builder overwrites the bits of both.
        let [high, low] = [counter >> 30, counter & ((1 << 30) - 1)];
        let bits = u128::from(high) << 64 | u128::from(low) << 32 | tail;
        let [_, _, _, _, _, _, random @ ..] = bits.to_be_bytes();
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_ids_and_ids_sort_by_time() {
        let (one, other) = (Entropy::from_seed(7), Entropy::from_seed(7));
        let first = one.uuid(Moment(1_000));
        assert_eq!(first, other.uuid(Moment(1_000)));
        assert!(first < one.uuid(Moment(1_001)));
        assert_eq!(first.get_version_num(), 7);
        assert_eq!(first.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn ids_of_one_millisecond_sort_in_the_order_of_drawing() {
        let entropy = Entropy::from_seed(7);
        let mut ids = entropy.uuids(Moment(1_000), 5_000);
        ids.push(entropy.uuid(Moment(1_000)));
        assert!(ids.is_sorted_by(|one, other| one < other));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        // The next source of the same millisecond counts from elsewhere.
        assert_ne!(Entropy::from_seed(8).uuid(Moment(1_000)).as_u128() >> 32, ids[0].as_u128() >> 32);
    }
}
