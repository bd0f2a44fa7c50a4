//! Learning a model from the files themselves, without labels.
//!
//! What the model file says is where learning begins and what it falls back on where the files say too little. Two
//! steps: how often strangers agree (u) from pairs drawn at random; then how often two rows of one person agree (m), and
//! two members of one household (h), by expectation and maximisation over the candidates of a sample of rows (Dempster,
//! Laird and Rubin 1977; for linkage Winkler 1988). Strangers' shares stay fixed in the second step: the candidates are
//! chosen by what they share, so they cannot teach what strangers share.

use rayon::prelude::*;

use super::Files;
use super::pairs::{MOST_PAIRS, Seen};
use super::weigh::{MISSING, Outcome, Outcomes, Weigher};
use crate::mixing::mix;
use crate::model::{Comparison, Level, Model};
use crate::table::RowNumber;

/// How a model is learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainOptions {
    /// Left rows whose candidates are looked at.
    pub rows: usize,
    /// Pairs drawn at random.
    pub random_pairs: usize,
    /// Rounds of expectation and maximisation.
    pub rounds: usize,
    /// Where drawing begins: the same seed gives the same model.
    pub seed: u64,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self { rows: 10_000, random_pairs: 200_000, rounds: 12, seed: 1 }
    }
}

/// How many pairs the model file's shares count as, when shares of one person's rows and of households are estimated.
const MODEL_PAIRS: f64 = 20.0;
/// The least share of a level: what was never seen is rare, not impossible.
const LEAST_SHARE: f64 = 1e-9;
/// Rows or pairs that one task looks at.
const AT_ONCE: usize = 256;

/// The outcomes of many pairs.
type Sample = Vec<Outcomes>;

impl Files {
    /// Learns the model's shares from the files and scores by them from now on.
    pub fn train(&mut self, options: TrainOptions) {
        if self.is_empty() {
            return;
        }
        let strangers = self.random_pairs(options);
        learn_chances(&mut self.model, &strangers);
        let step = self.left.len().div_ceil(options.rows.max(1)).max(1);
        let rows: Vec<RowNumber> = self.left.numbers().step_by(step).collect();
        let sample = self.candidate_pairs(&rows);
        for _ in 0..options.rounds {
            let counts = expect(&self.model, &self.weigher(), &sample);
            maximise(&mut self.model, &counts, rows.len());
        }
    }

    /// The outcomes of pairs drawn at random: strangers, but for a few.
    fn random_pairs(&self, options: TrainOptions) -> Sample {
        let weigher = self.weigher();
        let (left, right) = (self.left.len() as u64, self.right.len() as u64);
        let draw = |number: u64, below: u64| {
            RowNumber::try_from((u128::from(mix(options.seed, number)) * u128::from(below)) >> 64).unwrap_or(0)
        };
        let numbers: Vec<u64> = (0..options.random_pairs as u64).collect();
        let of_chunk = |numbers: &[u64]| {
            let compare = |number: &u64| {
                let (one, other) = (draw(number * 2, left), draw(number * 2 + 1, right));
                let mut outcomes = Outcomes::new();
                weigher.compare(self.left.row(one), self.right.row(other), &mut outcomes);
                outcomes
            };
            numbers.iter().map(compare).collect::<Vec<_>>()
        };
        numbers.par_chunks(AT_ONCE).flat_map_iter(of_chunk).collect()
    }

    /// The outcomes of all candidates of `rows`, whichever rule finds them.
    fn candidate_pairs(&self, rows: &[RowNumber]) -> Sample {
        let weigher = self.weigher();
        let makers = self.key_makers();
        let of_chunk = |rows: &[RowNumber]| {
            let mut sample = Vec::new();
            let mut seen = Seen::default();
            for left in rows {
                seen.clear();
                let row = self.left.row(*left);
                for ((rule, maker), postings) in self.model.rules.iter().zip(&makers).zip(&self.postings) {
                    if let Some(postings) = postings {
                        seen.gather(&maker.keys(row), postings, rule.most);
                    }
                }
                for right in seen.rows().iter().take(MOST_PAIRS) {
                    let mut outcomes = Outcomes::new();
                    weigher.compare(row, self.right.row(*right), &mut outcomes);
                    sample.push(outcomes);
                }
            }
            sample
        };
        rows.par_chunks(AT_ONCE).flat_map_iter(of_chunk).collect()
    }
}

/// Sets how often strangers show each level whose share is not counted from the values themselves.
fn learn_chances(model: &mut Model, sample: &[Outcomes]) {
    for (place, comparison) in model.comparisons.iter_mut().enumerate() {
        let seen = sample.iter().filter_map(|outcomes| outcomes.get(place)).filter(|outcome| outcome.level != MISSING);
        let mut counts = vec![0.0; comparison.levels.len()];
        for outcome in seen {
            if let Some(count) = counts.get_mut(usize::from(outcome.level)) {
                *count += 1.0;
            }
        }
        let all: f64 = counts.iter().sum();
        // Each share of the model weighs as much as the pairs that would show it once.
        let shares: Vec<f64> = comparison
            .levels
            .iter()
            .zip(&counts)
            .map(|(level, count)| (count + 1.0) / (all + 1.0 / level.chance.max(LEAST_SHARE)))
            .collect();
        let sum: f64 = shares.iter().sum();
        for (level, share) in comparison.levels.iter_mut().zip(shares) {
            level.chance = (share / sum).max(LEAST_SHARE);
        }
    }
}

/// For each comparison and level: expected pairs of one person, and of two members of one household.
#[derive(Debug, Clone, PartialEq)]
struct Counts {
    levels: Vec<Vec<(f64, f64)>>,
    matched: f64,
    household: f64,
}

impl Counts {
    fn new(model: &Model) -> Self {
        let levels = model.comparisons.iter().map(|comparison| vec![(0.0, 0.0); comparison.levels.len()]);
        Self { levels: levels.collect(), matched: 0.0, household: 0.0 }
    }

    fn add(&mut self, outcomes: &[Outcome], matched: f64, household: f64) {
        self.matched += matched;
        self.household += household;
        for (levels, outcome) in self.levels.iter_mut().zip(outcomes) {
            if let Some(level) = levels.get_mut(usize::from(outcome.level)) {
                level.0 += matched;
                level.1 += household;
            }
        }
    }

    fn and(mut self, other: &Self) -> Self {
        self.matched += other.matched;
        self.household += other.household;
        for (ours, theirs) in self.levels.iter_mut().flatten().zip(other.levels.iter().flatten()) {
            ours.0 += theirs.0;
            ours.1 += theirs.1;
        }
        self
    }
}

/// The expectation: how probable each explanation of each pair is, added up by level.
fn expect(model: &Model, weigher: &Weigher<'_>, sample: &[Outcomes]) -> Counts {
    let of_chunk = |sample: &[Outcomes]| {
        let mut counts = Counts::new(model);
        for outcomes in sample {
            let (matched, household) = weigher.explanations(outcomes);
            counts.add(outcomes, matched, household);
        }
        counts
    };
    // Chunks of one size, added up in their order: the sums are the same whatever the number of threads.
    let chunks: Vec<Counts> = sample.par_chunks(AT_ONCE * 64).map(of_chunk).collect();
    chunks.iter().fold(Counts::new(model), Counts::and)
}

/// The maximisation: the shares that explain the counts best, held to the model's where counts are few.
fn maximise(model: &mut Model, counts: &Counts, rows: usize) {
    for (comparison, counts) in model.comparisons.iter_mut().zip(&counts.levels) {
        let of = |side: fn(&(f64, f64)) -> f64, share: fn(&Level) -> f64, comparison: &Comparison| {
            shares(counts.iter().map(side), comparison.levels.iter().map(share))
        };
        let matched = of(|count| count.0, |level| level.log_match, comparison);
        let household = of(|count| count.1, |level| level.log_household, comparison);
        for ((level, matched), household) in comparison.levels.iter_mut().zip(matched).zip(household) {
            level.log_match = matched;
            level.log_household = household;
        }
    }
    let rows = rows as f64;
    model.prior.known_share = (counts.matched / rows).clamp(LEAST_SHARE, 1.0);
    model.prior.household_others = counts.household / rows;
}

/// log2 of shares by counts and by what they were before.
fn shares(counts: impl Iterator<Item = f64> + Clone, before: impl Iterator<Item = f64>) -> Vec<f64> {
    let all: f64 = counts.clone().sum();
    let share = |(count, log_before): (f64, f64)| {
        ((count + MODEL_PAIRS * log_before.exp2()) / (all + MODEL_PAIRS)).max(LEAST_SHARE).log2()
    };
    counts.zip(before).map(share).collect()
}
