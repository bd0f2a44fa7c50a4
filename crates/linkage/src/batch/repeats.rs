//! Which of many values come more than once, told in two bits each: what is to be held against each other is sought among
//! these only.

/// Sometimes yes for a value that comes once, never no for one that comes again. Values are known by their hashes.
pub(super) struct Repeats {
    once: Vec<u64>,
    again: Vec<u64>,
    shift: u32,
}

/// Bits for each value.
const BITS_PER_VALUE: usize = 16;
/// Most bits of a hash that choose its bit: two maps of 128 MiB.
const MOST_BITS: u32 = 30;

impl Repeats {
    /// One for as many values.
    pub(super) fn new(values: usize) -> Self {
        let size = values.saturating_mul(BITS_PER_VALUE);
        let bits = (usize::BITS - size.leading_zeros()).clamp(6, MOST_BITS);
        let words = (1_usize << bits).div_ceil(64);
        Self { once: vec![0; words], again: vec![0; words], shift: u64::BITS - bits }
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let bit = hash >> self.shift;
        (usize::try_from(bit / 64).unwrap_or(0), 1 << (bit % 64))
    }

    pub(super) fn add(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        if let (Some(once), Some(again)) = (self.once.get_mut(word), self.again.get_mut(word)) {
            *again |= *once & bit;
            *once |= bit;
        }
    }

    pub(super) fn may_repeat(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.again.get(word).is_some_and(|word| word & bit != 0)
    }
}
