//! How large the blocks are that rules make, and which rows say too little: what is told before and beside a run.

use std::ops::Range;

use hashbrown::HashSet;
use rayon::prelude::*;

use super::Files;
use super::borrowed::Lent;
use super::pairs::{Lookup, Seen};
use super::postings::{KeyMaker, Postings, Wanted};
use super::weigh::Outcomes;
use crate::keys::KeyHash;
use crate::table::RowNumber;

/// Most left rows that are asked which rule brings what is new.
const SAMPLE_ROWS: usize = 20_000;
/// How many of the largest blocks are named.
const LARGEST: usize = 5;
/// Rows that one task looks at.
const AT_ONCE: usize = 1_024;

/// The blocks of one rule, together.
#[derive(Debug, Default)]
pub(crate) struct BlockSizes {
    /// Left rows with a key.
    pub(crate) rows: u64,
    pub(crate) pairs: u64,
    /// Keys that are passed over.
    pub(crate) passed_over: u64,
    /// Rows under the largest keys, and the first row under each.
    pub(crate) largest: Vec<(u64, RowNumber)>,
}

impl Files {
    /// Whether a rule finds candidates, and does not only count.
    pub(crate) fn finds(&self, place: usize) -> bool {
        self.model.rules.get(place).is_some_and(|rule| rule.finds)
    }

    /// The id of a left row.
    pub(crate) fn left_id(&self, row: RowNumber) -> &str {
        self.left.id(row)
    }

    /// The id of a right row.
    pub(crate) fn right_id(&self, row: RowNumber) -> &str {
        self.right.id(row)
    }

    /// The sizes of the blocks of a rule that takes at most `most` rows under one key.
    pub(crate) fn block_sizes(&self, place: usize, most: usize) -> Option<BlockSizes> {
        let maker = KeyMaker::new(self.model.rules.get(place)?, &self.sides, &self.model);
        let rows: Vec<RowNumber> = self.left.numbers().collect();
        let postings = {
            let wanted = Wanted::new(&maker, &self.left, &rows);
            Postings::build(&maker, &self.right, self.right_keys(place, &maker)?, &wanted)
        };
        let mut sizes = BlockSizes::default();
        let mut passed_over: HashSet<KeyHash> = HashSet::new();
        let mut known: Vec<(u64, KeyHash, RowNumber)> = Vec::new();
        for row in rows {
            let keys = maker.keys(self.left.row(row));
            sizes.rows += u64::from(!keys.is_empty());
            for key in keys {
                let mut under = postings.rows(key);
                let count = under.len();
                if count > most {
                    passed_over.insert(key);
                } else {
                    // A row of one file finds itself as well.
                    sizes.pairs += (count - usize::from(self.is_one_file && count > 0)) as u64;
                }
                let count = count as u64;
                let least = known.last().map_or(0, |(count, ..)| *count);
                let is_large = count > 1 && (known.len() < LARGEST || count > least);
                if is_large && !known.iter().any(|(_, found, _)| *found == key) {
                    known.push((count, key, under.next().unwrap_or(0)));
                    known.sort_by(|one, other| other.0.cmp(&one.0).then(one.2.cmp(&other.2)));
                    known.truncate(LARGEST);
                }
            }
        }
        if self.is_one_file {
            // Each pair is found from both its rows.
            sizes.pairs /= 2;
        }
        sizes.passed_over = passed_over.len() as u64;
        sizes.largest = known.into_iter().map(|(count, _, row)| (count, row)).collect();
        Some(sizes)
    }

    /// About how many pairs each rule brings that no earlier one does, from a sample of the left rows.
    pub(crate) fn new_pairs(&self) -> Vec<u64> {
        let all: Range<usize> = 0..self.model.rules.len();
        let step = self.left.len().div_ceil(SAMPLE_ROWS).max(1);
        let rows: Vec<RowNumber> = self.left.numbers().step_by(step).collect();
        let mut lookup = Lookup::new(self);
        lookup.find_by(all.clone(), &rows);
        let of_chunk = |rows: &[RowNumber]| {
            let mut counts = vec![0_u64; all.len()];
            let mut seen = Seen::default();
            for row in rows {
                seen.clear();
                let mut before = 0;
                for (place, count) in counts.iter_mut().enumerate() {
                    lookup.gather(place, self.left.row(*row), &mut seen);
                    let others = |found: &[RowNumber]| {
                        found.iter().filter(|other| !self.is_one_file || *other != row).count()
                    };
                    *count += others(seen.rows().get(before..).unwrap_or_default()) as u64;
                    before = seen.rows().len();
                }
            }
            counts
        };
        let nothing = || vec![0_u64; all.len()];
        let add = |mut one: Vec<u64>, other: Vec<u64>| {
            for (one, other) in one.iter_mut().zip(other) {
                *one += other;
            }
            one
        };
        let counts = rows.par_chunks(AT_ONCE).map(of_chunk).reduce(nothing, add);
        let halves = if self.is_one_file { 2 } else { 1 };
        counts.into_iter().map(|count| count * step as u64 / halves).collect()
    }

    /// Left rows whose weight against themselves stays below the weight of a probability of `threshold`.
    pub(crate) fn rows_below(&self, threshold: f64) -> Vec<RowNumber> {
        let weigher = self.weigher();
        let least = (threshold / (1.0 - threshold).max(f64::MIN_POSITIVE)).log2();
        let rows: Vec<RowNumber> = self.left.numbers().collect();
        let of_chunk = |rows: &[RowNumber]| {
            let mut outcomes = Outcomes::new();
            let mut found = Vec::new();
            for row in rows {
                let values = self.left.row(*row);
                if weigher.pair(values, values, Lent::Nothing, &mut outcomes).total < least {
                    found.push(*row);
                }
            }
            found
        };
        rows.par_chunks(AT_ONCE).flat_map_iter(of_chunk).collect()
    }
}
