//! What a run over files was like, as one page: whom rules brought together, what the model learnt, how sure it is, which
//! rows it can never link, and how right it was where the truth is known. Rows are named by their ids; no value of a row
//! stands in it.

mod page;

use base::Label;
use hashbrown::HashMap;
use rayon::prelude::*;

use crate::batch::{Files, Pair};
use crate::evaluate::Evaluation;

/// Precisions for which the zones are foretold.
const PRECISIONS: [f64; 5] = [0.9, 0.95, 0.99, 0.999, 0.9999];
/// A row whose best pair is less probable than this is nobody's to review.
const REVIEWED_FROM: f64 = 0.05;
/// Bars of the distribution of probabilities.
const BARS: usize = 20;
/// Most rows that are named.
const MOST_NAMED: usize = 24;

/// What one page tells.
#[derive(Debug, Clone)]
pub struct Report {
    /// The model's short name and version, and what it is called.
    pub model: (String, String, Label),
    /// Whether its shares were learnt from these files.
    pub is_learnt: bool,
    /// Rows of the left and the right file.
    pub rows: (usize, usize),
    /// Whether one file was linked with itself.
    pub is_one_file: bool,
    /// Pairs below this were not written.
    pub threshold: f64,
    /// How many pairs reach the threshold, and how many left rows stand in them.
    pub linked: (u64, u64),
    /// Pairs by probability, in equal steps from 0 to 1.
    pub distribution: Vec<u64>,
    /// What becomes of the rows, for several precisions that one may wish.
    pub zones: Vec<ZoneLine>,
    /// What the model's comparisons are worth.
    pub shares: Vec<Shares>,
    /// Whom each rule brings together.
    pub blocking: Vec<BlockingRule>,
    /// Rows that say too little to be linked with anything.
    pub unlinkable: Unlinkable,
    /// How right the pairs are, where the truth is known.
    pub evaluation: Option<Evaluation>,
}

/// What becomes of the rows when links are to have a wished precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZoneLine {
    /// The precision that is wished.
    pub precision: f64,
    /// The lowest threshold at which the pairs above it are expected to have it; `None` where no pair is sure enough.
    pub threshold: Option<f64>,
    /// Pairs above the threshold.
    pub links: u64,
    /// How many of these are expected to be wrong.
    pub wrong: f64,
    /// Left rows that are left for a person to look at: their best pair is below the threshold and not hopeless.
    pub review_rows: u64,
    /// How many of those are expected to have the right pair.
    pub review_right: f64,
}

/// One comparison and its levels.
#[derive(Debug, Clone)]
pub struct Shares {
    /// What it is called.
    pub label: Label,
    /// Its levels, in the model's order.
    pub levels: Vec<LevelShare>,
}

/// How often a level is seen.
#[derive(Debug, Clone)]
pub struct LevelShare {
    /// What it is called.
    pub label: Label,
    /// Between two rows of one person.
    pub matched: f64,
    /// Between strangers.
    pub chance: f64,
    /// Between two members of a household.
    pub household: f64,
    /// Whether its weight goes by how common the value is.
    pub by_frequency: bool,
}

/// Whom one rule brings together.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockingRule {
    /// What the model calls it.
    pub name: String,
    /// Most rows under one key.
    pub most: usize,
    /// Left rows that have a key.
    pub rows: u64,
    /// Pairs that it brings.
    pub pairs: u64,
    /// About how many of these no earlier rule brings.
    pub new_pairs: u64,
    /// Keys with more rows than the rule takes: none of their rows are compared.
    pub passed_over: u64,
    /// The largest keys.
    pub largest: Vec<Block>,
}

/// The rows under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// How many rows of the right file it has.
    pub rows: u64,
    /// The id of the first of them.
    pub example: String,
}

/// Left rows that would not be linked even with themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unlinkable {
    /// How many.
    pub rows: u64,
    /// The ids of some.
    pub examples: Vec<String>,
}

impl Report {
    /// Puts together what is known of a run. `pairs` are those of [`Files::link`] with a threshold near zero, so that the
    /// doubtful ones are there; `threshold` is the one that was asked for.
    pub fn new(
        files: &Files,
        pairs: &[Pair],
        threshold: f64,
        is_learnt: bool,
        evaluation: Option<Evaluation>,
    ) -> Self {
        let model = files.model();
        let best = best_of_rows(pairs);
        let linked_rows = best.iter().filter(|best| **best >= threshold).count() as u64;
        let links = pairs.iter().filter(|pair| pair.probability >= threshold).count() as u64;
        Self {
            model: (model.key().to_owned(), model.version().to_owned(), model.label().clone()),
            is_learnt,
            rows: files.len(),
            is_one_file: files.is_one_file(),
            threshold,
            linked: (links, linked_rows),
            distribution: distribution(pairs),
            zones: zones(pairs, &best),
            shares: shares(files),
            blocking: files.blocking(),
            unlinkable: files.unlinkable(threshold),
            evaluation,
        }
    }
}

/// The probability of the best pair of each left row that has one.
fn best_of_rows(pairs: &[Pair]) -> Vec<f64> {
    let mut best: HashMap<u32, f64> = HashMap::new();
    for pair in pairs {
        let known = best.entry(pair.left).or_insert(0.0);
        *known = known.max(pair.probability);
    }
    let mut best: Vec<f64> = best.into_values().collect();
    best.sort_by(f64::total_cmp);
    best
}

fn distribution(pairs: &[Pair]) -> Vec<u64> {
    let mut bars = vec![0; BARS];
    for pair in pairs {
        let place = (0..BARS).rev().find(|bar| pair.probability * BARS as f64 >= *bar as f64).unwrap_or(0);
        if let Some(bar) = bars.get_mut(place) {
            *bar += 1;
        }
    }
    bars
}

fn zones(pairs: &[Pair], best: &[f64]) -> Vec<ZoneLine> {
    let mut sorted: Vec<f64> = pairs.iter().map(|pair| pair.probability).collect();
    sorted.sort_by(|one, other| other.total_cmp(one));
    let line = |precision: f64| {
        let (mut sum, mut taken, mut right, mut threshold) = (0.0, 0_u64, 0.0, None);
        for (probability, count) in sorted.iter().zip(1_u64..) {
            sum += probability;
            // What is more likely wrong than right is never taken, however sure the others are.
            if sum >= precision * count as f64 && *probability >= 0.5 {
                (taken, right, threshold) = (count, sum, Some(*probability));
            }
        }
        let upper = threshold.unwrap_or(f64::INFINITY);
        let asked = best.iter().filter(|best| (REVIEWED_FROM..upper).contains(*best));
        let (review_rows, review_right) =
            asked.fold((0, 0.0), |(rows, right), best| (rows + 1, right + best));
        ZoneLine {
            precision,
            threshold,
            links: taken,
            wrong: (taken as f64 - right).max(0.0),
            review_rows,
            review_right,
        }
    };
    PRECISIONS.into_iter().map(line).collect()
}

fn shares(files: &Files) -> Vec<Shares> {
    let comparisons = files.model().comparisons.iter().map(|comparison| {
        let levels = comparison.levels.iter().map(|level| LevelShare {
            label: level.label.clone(),
            matched: level.log_match.exp2(),
            chance: level.chance,
            household: level.log_household.exp2(),
            by_frequency: level.frequency.is_some(),
        });
        Shares { label: comparison.label.clone(), levels: levels.collect() }
    });
    comparisons.collect()
}

impl Files {
    /// Whom each of the model's rules would bring together: without weighing anything, so before a run.
    pub fn blocking(&self) -> Vec<BlockingRule> {
        let new_pairs = self.new_pairs();
        let places: Vec<usize> = (0..self.model().rules.len()).filter(|place| self.finds(*place)).collect();
        let of_rule = |place: &usize| {
            let rule = self.model().rules.get(*place)?;
            let size = self.block_sizes(*place, rule.most)?;
            let example =
                |block: &(u64, u32)| Block { rows: block.0, example: self.right_id(block.1).to_owned() };
            Some(BlockingRule {
                name: rule.name.clone(),
                most: rule.most,
                rows: size.rows,
                pairs: size.pairs,
                new_pairs: new_pairs.get(*place).copied().unwrap_or(0).min(size.pairs),
                passed_over: size.passed_over,
                largest: size.largest.iter().map(example).collect(),
            })
        };
        places.par_iter().filter_map(of_rule).collect()
    }

    /// Left rows that say too little to reach `threshold` even with a row that says the same.
    pub fn unlinkable(&self, threshold: f64) -> Unlinkable {
        let rows = self.rows_below(threshold);
        Unlinkable {
            rows: rows.len() as u64,
            examples: rows.iter().take(MOST_NAMED).map(|row| self.left_id(*row).to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
