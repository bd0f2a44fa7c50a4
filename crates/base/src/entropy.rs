//! Randomness as an argument: one seeded source, from which ids, keys and tokens are drawn.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

use crate::Moment;

/// A shared source of random bytes. The binary seeds it from the operating system; tests and the demo city seed it
/// with a number, so that a run can be repeated byte for byte.
#[derive(Debug, Clone)]
pub struct Entropy(Arc<Mutex<ChaCha20Rng>>);

impl Entropy {
    /// A source that always yields the same bytes for the same `seed`.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// A source that starts from 32 bytes of the operating system's randomness.
    pub fn from_bytes(seed: [u8; 32]) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    /// The next `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // A poisoned lock holds a generator that is still sound: the panic was in somebody else's code.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A UUID v7 of the moment `now` (RFC 9562): sorts by time, so that appends stay at the end of an index.
    pub fn uuid(&self, now: Moment) -> Uuid {
        let milliseconds = u64::try_from(now.0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &self.bytes::<10>()).into_uuid()
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
    }
}
