//! Which rows of a table stand under a key: one sorted list for each rule, built once, read by many threads.

use super::sides::Sides;
use crate::keys::KeyHash;
use crate::mixing::{SEED, mix, upper};
use crate::model::{Aspect, KeyRule, Model, Part};
use crate::read::Value;
use crate::table::lexicon::key_side;
use crate::table::{Cell, Row, RowNumber, Table};
use smallvec::SmallVec;

/// Most bits of a key that choose its bucket: 64 million buckets.
const MOST_BUCKET_BITS: u32 = 26;
/// Most keys that one rule makes of one row.
const MOST_KEYS: usize = 16;

/// The keys that one rule makes of a row, without repeats.
pub(super) type RowKeys = SmallVec<[KeyHash; 4]>;

/// Makes the keys of one rule.
pub(super) struct KeyMaker<'batch> {
    parts: SmallVec<[PartSides<'batch>; 4]>,
}

/// One part of a rule: its columns, and how the side of a value is had.
pub(super) struct PartSides<'batch> {
    columns: &'batch [usize],
    aspect: Aspect,
    /// By number of value; empty for values that stand in the row.
    hashes: &'batch [KeyHash],
}

impl<'batch> PartSides<'batch> {
    pub(super) fn new(part: &'batch Part, sides: &'batch Sides, model: &Model) -> Self {
        let kind = part.columns.first().and_then(|column| model.columns.get(*column));
        let hashes = kind.map_or(&[][..], |column| sides.all(column.kind, part.aspect));
        Self { columns: &part.columns, aspect: part.aspect, hashes }
    }

    /// The side of a value; zero where it has none.
    pub(super) fn of(&self, cell: Cell) -> KeyHash {
        match cell {
            Cell::Code(code) => self.hashes.get(code as usize).copied().unwrap_or(0),
            Cell::Number(number) => key_side(&Value::Number(number), self.aspect),
            Cell::Phone(phone) => key_side(&Value::Phone(phone), self.aspect),
            Cell::Day(day) => key_side(&Value::Day(day), self.aspect),
            Cell::Address(address) => key_side(&Value::Address(address), self.aspect),
        }
    }

    /// The sides of a row's values.
    pub(super) fn all<'row>(&'row self, row: Row<'row>) -> impl Iterator<Item = KeyHash> + use<'row, 'batch> {
        let cells = self.columns.iter().flat_map(move |column| row.column(*column));
        cells.map(|cell| self.of(cell)).filter(|side| *side != 0)
    }
}

impl<'batch> KeyMaker<'batch> {
    pub(super) fn new(rule: &'batch KeyRule, sides: &'batch Sides, model: &Model) -> Self {
        Self { parts: rule.parts.iter().map(|part| PartSides::new(part, sides, model)).collect() }
    }

    /// The keys of a row; none when a part is missing.
    pub(super) fn keys(&self, row: Row<'_>) -> RowKeys {
        match self.only_key(row) {
            OnlyKey::None => RowKeys::new(),
            OnlyKey::One(key) => RowKeys::from_slice(&[key]),
            OnlyKey::Several => self.all_keys(row),
        }
    }

    /// The key where each part has one value, as most have.
    fn only_key(&self, row: Row<'_>) -> OnlyKey {
        let mut hash = SEED;
        for part in &self.parts {
            let mut only = 0;
            for column in part.columns {
                for cell in row.column(*column) {
                    let side = part.of(cell);
                    if side != 0 && std::mem::replace(&mut only, side) != 0 {
                        return OnlyKey::Several;
                    }
                }
            }
            if only == 0 {
                return OnlyKey::None;
            }
            hash = mix(hash, u64::from(only));
        }
        OnlyKey::One(upper(hash))
    }

    fn all_keys(&self, row: Row<'_>) -> RowKeys {
        let mut hashes: SmallVec<[u64; 4]> = SmallVec::from_slice(&[SEED]);
        for part in &self.parts {
            let mut joined: SmallVec<[u64; 4]> = SmallVec::new();
            for side in part.all(row) {
                let room = MOST_KEYS - joined.len().min(MOST_KEYS);
                joined.extend(hashes.iter().map(|hash| mix(*hash, u64::from(side))).take(room));
            }
            hashes = joined;
            if hashes.is_empty() {
                break;
            }
        }
        let mut keys: RowKeys = hashes.into_iter().map(upper).collect();
        if keys.len() > 1 {
            keys.sort_unstable();
            keys.dedup();
        }
        keys
    }
}

enum OnlyKey {
    None,
    One(KeyHash),
    Several,
}

/// The key that one rule makes of each row of a table, where it makes one. Rows are gone over several times, each time in
/// the order in which they stand: only the first time are their values looked at.
#[derive(Debug, Clone)]
pub(super) struct OneKeys(Vec<KeyHash>);

/// A row without a key.
const NO_KEY: KeyHash = 0;
/// A row with several keys, or with one that looks like these two.
const SEVERAL_KEYS: KeyHash = KeyHash::MAX;

impl OneKeys {
    pub(super) fn new(maker: &KeyMaker<'_>, table: &Table) -> Self {
        let one_key = |row| match maker.only_key(table.row(row)) {
            OnlyKey::None => NO_KEY,
            OnlyKey::One(NO_KEY) | OnlyKey::Several => SEVERAL_KEYS,
            OnlyKey::One(key) => key,
        };
        Self(table.numbers().map(one_key).collect())
    }

    /// Hands each row with each of its keys to `take`.
    fn each(&self, maker: &KeyMaker<'_>, table: &Table, mut take: impl FnMut(RowNumber, KeyHash)) {
        for (row, key) in table.numbers().zip(&self.0) {
            match *key {
                NO_KEY => {}
                SEVERAL_KEYS => {
                    for key in maker.keys(table.row(row)) {
                        take(row, key);
                    }
                }
                key => take(row, key),
            }
        }
    }
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
    /// The keys of a rule in `table`, known from `one_keys`, that `wanted` may have. Keys are hashes, so that their beginnings share them out evenly: entries are dealt
    /// into buckets by the beginning, and the few in each are sorted.
    pub(super) fn build(maker: &KeyMaker<'_>, table: &Table, one_keys: &OneKeys, wanted: &Wanted) -> Self {
        let expected = table.len().min(wanted.keys * 4);
        let bits = (usize::BITS - expected.leading_zeros()).clamp(1, MOST_BUCKET_BITS);
        let shift = 64 - bits;
        let bucket_of = |key: KeyHash| usize::try_from((u64::from(key) << 32) >> shift).unwrap_or(0);
        let mut made: Vec<u64> = Vec::new();
        let mut buckets = vec![0_u32; (1_usize << bits) + 1];
        one_keys.each(maker, table, |row, key| {
            if wanted.may_have(key) {
                made.push((u64::from(key) << 32) | u64::from(row));
                if let Some(count) = buckets.get_mut(bucket_of(key)) {
                    *count += 1;
                }
            }
        });
        let mut sum = 0;
        for count in &mut buckets {
            sum += *count;
            *count = sum;
        }
        // From the back, so that the ends become the beginnings and rows stay in their order.
        let mut entries = vec![0_u64; made.len()];
        for entry in made.into_iter().rev() {
            let Some(place) = buckets.get_mut(bucket_of(key_of(entry))) else { continue };
            *place -= 1;
            if let Some(slot) = entries.get_mut(*place as usize) {
                *slot = entry;
            }
        }
        for bounds in buckets.windows(2) {
            if let [from, to] = bounds
                && to - from > 1
                && let Some(bucket) = entries.get_mut(*from as usize..*to as usize)
            {
                bucket.sort_unstable();
            }
        }
        Self { entries, buckets, shift }
    }

    /// The rows under `key`.
    pub(super) fn rows(&self, key: KeyHash) -> impl ExactSizeIterator<Item = RowNumber> {
        let bucket = usize::try_from((u64::from(key) << 32) >> self.shift).unwrap_or(0);
        let bound = |at: usize| self.buckets.get(at).map_or(0, |place| *place as usize);
        let within = self.entries.get(bound(bucket)..bound(bucket + 1)).unwrap_or_default();
        // Nearly all buckets hold a handful of entries.
        let first = if within.len() <= FEW_ENTRIES {
            within.iter().take_while(|entry| key_of(**entry) < key).count()
        } else {
            within.partition_point(|entry| key_of(*entry) < key)
        };
        let within = within.get(first..).unwrap_or_default();
        let count = match within {
            [] => 0,
            [other, ..] if key_of(*other) != key => 0,
            _ => within.partition_point(|entry| key_of(*entry) == key),
        };
        within.get(..count).unwrap_or_default().iter().map(|entry| row_of(*entry))
    }
}

/// Up to this many entries are gone through one by one.
const FEW_ENTRIES: usize = 8;

fn key_of(entry: u64) -> KeyHash {
    upper(entry)
}

fn row_of(entry: u64) -> RowNumber {
    RowNumber::try_from(entry & u64::from(u32::MAX)).unwrap_or(RowNumber::MAX)
}

/// Which keys are looked for: never no to one that is, hardly ever yes to one that is not. Small enough to stay near the
/// processor, it keeps rows that nobody asks for out of the postings.
pub(super) struct Wanted {
    bits: Vec<u64>,
    shift: u32,
    keys: usize,
}

/// Bits of the filter for each key.
const FILTER_BITS_PER_KEY: usize = 32;
/// Most bits of a key that choose its bit: a filter of 128 MiB.
const MOST_FILTER_BITS: u32 = 30;

impl Wanted {
    /// The keys of `rows` of `table`.
    pub(super) fn new(maker: &KeyMaker<'_>, table: &Table, rows: &[RowNumber]) -> Self {
        let size = rows.len().saturating_mul(FILTER_BITS_PER_KEY);
        let bits = (usize::BITS - size.leading_zeros()).clamp(6, MOST_FILTER_BITS);
        let mut wanted =
            Self { bits: vec![0; (1_usize << bits).div_ceil(64)], shift: KeyHash::BITS - bits, keys: 0 };
        for key in rows.iter().flat_map(|row| maker.keys(table.row(*row))) {
            wanted.keys += 1;
            let (word, bit) = wanted.place(key);
            if let Some(word) = wanted.bits.get_mut(word) {
                *word |= bit;
            }
        }
        wanted
    }

    fn place(&self, key: KeyHash) -> (usize, u64) {
        let bit = key >> self.shift;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    fn may_have(&self, key: KeyHash) -> bool {
        let (word, bit) = self.place(key);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }
}
