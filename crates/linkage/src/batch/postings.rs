//! Which rows of a table stand under a key: one sorted list for each rule, built once, read by many threads.

use rayon::prelude::*;

use super::sides::Sides;
use crate::keys::KeyHash;
use crate::mixing::{SEED, mix, upper};
use crate::model::{KeyRule, Model};
use crate::table::{RowNumber, Table};
use smallvec::SmallVec;

/// Most keys that one rule makes of one row.
const MOST_KEYS: usize = 16;

/// The keys that one rule makes of a row, without repeats.
pub(super) type RowKeys = SmallVec<[KeyHash; 4]>;

/// The keys of `rule` for a row; none when a part is missing.
pub(super) fn keys_of(rule: &KeyRule, sides: &Sides, table: &Table, row: RowNumber) -> RowKeys {
    let row = table.row(row);
    let mut hashes: SmallVec<[u64; 4]> = SmallVec::from_slice(&[SEED]);
    for part in &rule.parts {
        let mut joined: SmallVec<[u64; 4]> = SmallVec::new();
        for column in &part.columns {
            let kind = table.layout.kind(*column);
            for side in row.column(*column).iter().filter_map(|code| sides.of(kind, part.aspect, *code)) {
                let room = MOST_KEYS - joined.len().min(MOST_KEYS);
                joined.extend(hashes.iter().map(|hash| mix(*hash, side)).take(room));
            }
        }
        hashes = joined;
    }
    let mut keys: RowKeys = hashes.into_iter().map(upper).collect();
    if keys.len() > 1 {
        keys.sort_unstable();
        keys.dedup();
    }
    keys
}

/// The rows under each key of one rule.
#[derive(Debug, Clone)]
pub(super) struct Postings {
    /// `key × 2³² + row`, rising.
    entries: Vec<u64>,
    /// Where the keys with each beginning begin.
    buckets: Vec<u32>,
    shift: u32,
}

impl Postings {
    /// All keys of `rule` in `table`.
    pub(super) fn build(rule: &KeyRule, sides: &Sides, table: &Table) -> Self {
        let of_row = |row: RowNumber| {
            let keys = keys_of(rule, sides, table, row);
            keys.into_iter().map(move |key| (u64::from(key) << 32) | u64::from(row))
        };
        let mut entries: Vec<u64> = table.numbers().into_par_iter().flat_map_iter(of_row).collect();
        entries.par_sort_unstable();
        let bits = usize::BITS - entries.len().leading_zeros();
        let shift = 64 - bits.clamp(1, 26);
        let mut buckets = vec![0_u32; (1_usize << (64 - shift)) + 1];
        for entry in &entries {
            let bucket = usize::try_from(entry >> shift).unwrap_or(0);
            if let Some(count) = buckets.get_mut(bucket + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut buckets {
            sum += *count;
            *count = sum;
        }
        Self { entries, buckets, shift }
    }

    /// The rows under `key`.
    pub(super) fn rows(&self, key: KeyHash) -> impl ExactSizeIterator<Item = RowNumber> {
        let bucket = usize::try_from((u64::from(key) << 32) >> self.shift).unwrap_or(0);
        let bound = |at: usize| self.buckets.get(at).map_or(0, |place| *place as usize);
        let within = self.entries.get(bound(bucket)..bound(bucket + 1)).unwrap_or_default();
        let first = within.partition_point(|entry| key_of(*entry) < key);
        let within = within.get(first..).unwrap_or_default();
        let count = within.partition_point(|entry| key_of(*entry) == key);
        within.get(..count).unwrap_or_default().iter().map(|entry| row_of(*entry))
    }

    /// How many pairs of rows each key would bring, summed over the keys with at most `most` rows, and how many keys
    /// have more.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.entries.len()
    }
}

fn key_of(entry: u64) -> KeyHash {
    upper(entry)
}

fn row_of(entry: u64) -> RowNumber {
    RowNumber::try_from(entry & u64::from(u32::MAX)).unwrap_or(RowNumber::MAX)
}

/// The postings of all rules that find, in the model's order; `None` for those that only count.
pub(super) fn build_all(model: &Model, sides: &Sides, table: &Table) -> Vec<Option<Postings>> {
    model.rules.iter().map(|rule| rule.finds.then(|| Postings::build(rule, sides, table))).collect()
}
