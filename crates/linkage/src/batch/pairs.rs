//! Which rows are one person: candidates by shared keys, their weights, and the choice among them.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering as AtomicOrdering};

use hashbrown::HashSet;
use rayon::prelude::*;

use super::Files;
use super::postings::{KeyMaker, OneKeys, Postings, Wanted};
use super::watch::Stage;
use super::weigh::{Outcomes, Weigher, Weight};
use crate::keys::KeyHash;
use crate::model::{KeyRule, Zone};
use crate::table::{Row, RowNumber};

/// How the rows are linked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkOptions {
    /// Pairs below this probability are left out.
    pub threshold: f64,
    /// Whether each row is in one pair at most.
    pub one_to_one: bool,
}

/// Two rows that may be one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Row of the left file, from 0.
    pub left: RowNumber,
    /// Row of the right file, from 0.
    pub right: RowNumber,
    /// How probable it is that both are one person, 0 to 1.
    pub probability: f64,
}

impl Pair {
    /// Where it stands in a list by rows.
    fn place(&self) -> (RowNumber, RowNumber) {
        (self.left, self.right)
    }

    /// The most probable first, of equal ones the earlier rows.
    pub(super) fn by_probability(&self, other: &Self) -> Ordering {
        other.probability.total_cmp(&self.probability).then_with(|| self.place().cmp(&other.place()))
    }
}

/// What a run found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Linked {
    /// The pairs, by left row, then by right row.
    pub pairs: Vec<Pair>,
    /// Rules that met keys with more rows than they take.
    pub passed_over: Vec<PassedOver>,
}

/// A rule that met keys with more rows than it takes: such rows are not compared by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// What the model calls the rule.
    pub rule: String,
    /// Left rows with such a key.
    pub rows: u64,
    /// Right rows under the largest such key.
    pub largest: u64,
    /// How many rows the rule takes.
    pub most: usize,
}

/// Most pairs that one row is compared in, over all rules: the bound on its time.
pub(super) const MOST_PAIRS: usize = 4_000;
/// Rows that one task looks up.
const ROWS_AT_ONCE: usize = 1_024;

/// The candidates of one left row.
#[derive(Default)]
struct Scratch {
    seen: Seen,
    weights: Vec<(RowNumber, Weight)>,
    outcomes: Outcomes,
}

/// Finds right rows by the keys of left rows, for as many rules and rows as it was made for.
pub(super) struct Lookup<'files> {
    files: &'files Files,
    makers: Vec<KeyMaker<'files>>,
    /// For each rule, the rows whose key was passed over, and the size of the largest.
    passed_over: Vec<(AtomicU64, AtomicU64)>,
    /// The first rule that is counted so: rows that ask earlier ones again were counted before.
    counted_from: usize,
    postings: Vec<Option<Postings>>,
}

impl<'files> Lookup<'files> {
    /// One that finds nothing yet.
    pub(super) fn new(files: &'files Files) -> Self {
        let makers: Vec<_> =
            files.model.rules.iter().map(|rule| KeyMaker::new(rule, &files.sides, &files.model)).collect();
        let postings = makers.iter().map(|_| None).collect();
        let passed_over = makers.iter().map(|_| Default::default()).collect();
        Self { files, makers, passed_over, counted_from: 0, postings }
    }

    /// Makes it find what the left `rows` ask for by `rules`.
    pub(super) fn find_by(&mut self, rules: Range<usize>, rows: &[RowNumber]) {
        let files = self.files;
        let Files { model, left, right, .. } = files;
        let makers = &self.makers;
        let build = |place: usize| {
            let maker =
                makers.get(place).filter(|_| model.rules.get(place).is_some_and(|rule| rule.finds))?;
            let one_keys = files.right_keys(place, maker)?;
            Some(Postings::build(maker, right, one_keys, &Wanted::new(maker, left, rows)))
        };
        let built: Vec<_> = rules.clone().into_par_iter().map(build).collect();
        for (place, built) in rules.zip(built) {
            if let Some(postings) = self.postings.get_mut(place) {
                *postings = built;
            }
        }
    }

    /// Adds to `seen` the right rows that share a key of one rule with a left row.
    pub(super) fn gather(&self, place: usize, row: Row<'_>, seen: &mut Seen) {
        let postings = self.postings.get(place).and_then(Option::as_ref);
        let maker = self.makers.get(place);
        if let (Some(postings), Some(maker), Some(rule)) =
            (postings, maker, self.files.model.rules.get(place))
        {
            let passed_over = seen.gather(&maker.keys(row), postings, rule.most);
            if passed_over > 0
                && place >= self.counted_from
                && let Some((rows, largest)) = self.passed_over.get(place)
            {
                rows.fetch_add(1, AtomicOrdering::Relaxed);
                largest.fetch_max(passed_over as u64, AtomicOrdering::Relaxed);
            }
        }
    }

    /// The rules that met keys with more rows than they take.
    fn told(&self) -> Vec<PassedOver> {
        let rules = self.files.model.rules.iter().zip(&self.passed_over);
        let told = |(rule, (rows, largest)): (&KeyRule, &(AtomicU64, AtomicU64))| PassedOver {
            rule: rule.name.clone(),
            rows: rows.load(AtomicOrdering::Relaxed),
            largest: largest.load(AtomicOrdering::Relaxed),
            most: rule.most,
        };
        rules.map(told).filter(|rule| rule.rows > 0).collect()
    }
}

/// Rows in the order in which they were found, each once.
#[derive(Default)]
pub(super) struct Seen {
    rows: Vec<RowNumber>,
    /// Filled once there are too many to go through.
    known: HashSet<RowNumber>,
}

/// Up to this many rows are gone through one by one.
const FEW_ROWS: usize = 24;

impl Seen {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.known.clear();
    }

    fn add(&mut self, row: RowNumber) {
        if self.rows.len() < FEW_ROWS {
            if !self.rows.contains(&row) {
                self.rows.push(row);
            }
            return;
        }
        if self.known.is_empty() {
            self.known.extend(self.rows.iter().copied());
        }
        if self.known.insert(row) {
            self.rows.push(row);
        }
    }

    /// Adds the rows under `keys`. A key with more rows than `most` is passed over as a whole: which of its rows were
    /// taken would depend on their order.
    /// Returns how many rows the largest such key has, zero where none was passed over.
    pub(super) fn gather(&mut self, keys: &[KeyHash], postings: &Postings, most: usize) -> usize {
        let mut passed_over = 0;
        for key in keys {
            let rows = postings.rows(*key);
            if rows.len() <= most {
                rows.for_each(|row| self.add(row));
            } else {
                passed_over = passed_over.max(rows.len());
            }
        }
        passed_over
    }

    /// The rows found so far.
    pub(super) fn rows(&self) -> &[RowNumber] {
        &self.rows
    }
}

impl Files {
    /// All pairs of a left and a right row that reach the threshold, by left row, then by right row. The same whatever
    /// the number of threads.
    pub fn link(&self, options: LinkOptions) -> Vec<Pair> {
        self.link_told(options).pairs
    }

    /// As [`Files::link`], and which rules met keys with more rows than they take.
    pub fn link_told(&self, options: LinkOptions) -> Linked {
        let decisive = self.model.rules.iter().rposition(|rule| rule.decisive).map_or(0, |last| last + 1);
        let all: Vec<RowNumber> = self.left.numbers().collect();
        let mut lookup = Lookup::new(self);
        lookup.find_by(0..decisive, &all);
        // Most rows have a sure link by then; only the others ask the rest of the rules.
        let (mut pairs, rest) = self.link_rows(&lookup, 0..decisive, &all, options);
        lookup.find_by(decisive..self.model.rules.len(), &rest);
        lookup.counted_from = decisive;
        pairs.extend(self.link_rows(&lookup, 0..self.model.rules.len(), &rest, options).0);
        if self.is_one_file {
            pairs = undirected(pairs);
        } else {
            pairs.sort_by_key(Pair::place);
        }
        let passed_over = lookup.told();
        Linked { pairs: if options.one_to_one { one_to_one(pairs) } else { pairs }, passed_over }
    }

    /// Every candidate of every left row that the model lists, with its weight.
    #[cfg(test)]
    pub(super) fn all_candidates(&self) -> Vec<(RowNumber, RowNumber, f64)> {
        let (weigher, mut scratch) = (self.weigher(), Scratch::default());
        let rows: Vec<RowNumber> = self.left.numbers().collect();
        let mut lookup = Lookup::new(self);
        lookup.find_by(0..self.model.rules.len(), &rows);
        let mut all = Vec::new();
        for left in rows {
            self.candidates(&weigher, &lookup, 0..self.model.rules.len(), left, &mut scratch);
            scratch.weights.retain(|(_, weight)| weight.total >= self.model.zones.listed);
            scratch.weights.sort_by_key(|(right, _)| *right);
            all.extend(scratch.weights.iter().map(|(right, weight)| (left, *right, weight.total)));
        }
        all
    }

    /// The pairs of `rows` by some of the rules. Where these are not all, only rows with a sure link have pairs, and the
    /// others are named.
    fn link_rows(
        &self,
        lookup: &Lookup<'_>,
        rules: Range<usize>,
        rows: &[RowNumber],
        options: LinkOptions,
    ) -> (Vec<Pair>, Vec<RowNumber>) {
        let weigher = self.weigher();
        let are_all = rules.end == self.model.rules.len();
        let of_chunk = |rows: &[RowNumber]| {
            let mut scratch = Scratch::default();
            let (mut pairs, mut rest) = (Vec::new(), Vec::new());
            for row in rows {
                let is_sure = self.candidates(&weigher, lookup, rules.clone(), *row, &mut scratch);
                if is_sure || are_all {
                    self.choose(&weigher, *row, &mut scratch, options, &mut pairs);
                } else {
                    rest.push(*row);
                }
            }
            (pairs, rest)
        };
        let stage = if are_all { (0.5, 1.0) } else { (0.0, 0.5) };
        let done = AtomicUsize::new(0);
        let of_chunk = |chunk: &[RowNumber]| {
            let found = of_chunk(chunk);
            let done = done.fetch_add(chunk.len(), AtomicOrdering::Relaxed) + chunk.len();
            let share = done as f64 / rows.len().max(1) as f64;
            self.watch.tell(Stage::Link, stage.0 + (stage.1 - stage.0) * share);
            found
        };
        let chunks: Vec<_> = rows.par_chunks(ROWS_AT_ONCE).map(of_chunk).collect();
        let (pairs, rest): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
        (pairs.concat(), rest.concat())
    }

    /// The keys that the rule at `place` makes of the right rows.
    pub(super) fn right_keys(&self, place: usize, maker: &KeyMaker<'_>) -> Option<&OneKeys> {
        self.right_keys.get(place).map(|keys| keys.get_or_init(|| OneKeys::new(maker, &self.right)))
    }

    pub(super) fn weigher(&self) -> Weigher<'_> {
        Weigher::new(&self.model, &self.lexicons, &self.sides, &self.frequencies, self.right.len())
    }

    /// Weighs all right rows that share a key with a left one. Rules are asked in the model's order; a decisive one that
    /// has brought a sure link ends the search. Returns whether it did.
    fn candidates(
        &self,
        weigher: &Weigher<'_>,
        lookup: &Lookup<'_>,
        rules: Range<usize>,
        left: RowNumber,
        scratch: &mut Scratch,
    ) -> bool {
        scratch.seen.clear();
        scratch.weights.clear();
        let row = self.left.row(left);
        for place in rules {
            let before = scratch.seen.rows.len();
            lookup.gather(place, row, &mut scratch.seen);
            for right in scratch.seen.rows.iter().skip(before) {
                if self.is_one_file && *right == left {
                    continue;
                }
                let lent = self.loans.of_pair(left, *right);
                let weight = weigher.pair(row, self.right.row(*right), lent, &mut scratch.outcomes);
                scratch.weights.push((*right, weight));
            }
            let is_sure =
                |weight: &Weight| weight.total >= self.model.zones.link && weight.at_most == Zone::Link;
            let is_decisive = self.model.rules.get(place).is_some_and(|rule| rule.decisive);
            if is_decisive && scratch.weights.iter().any(|(_, weight)| is_sure(weight)) {
                return true;
            }
            if scratch.weights.len() >= MOST_PAIRS {
                break;
            }
        }
        false
    }

    /// Turns weights into probabilities. Only one person can be the left row's: candidates that are two persons take
    /// from each other, rows of one person do not.
    fn choose(
        &self,
        weigher: &Weigher<'_>,
        left: RowNumber,
        scratch: &mut Scratch,
        options: LinkOptions,
        pairs: &mut Vec<Pair>,
    ) {
        scratch.weights.retain(|(_, weight)| weight.total >= self.model.zones.listed);
        scratch.weights.sort_by(|(one, weight), (other, other_weight)| {
            other_weight.total.total_cmp(&weight.total).then_with(|| one.cmp(other))
        });
        scratch.weights.truncate(MOST_RIVALS);
        let from = pairs.len();
        for (place, (right, weight)) in scratch.weights.iter().enumerate() {
            let mut others = 1.0;
            for (rival, (other, other_weight)) in scratch.weights.iter().enumerate() {
                if rival != place && !self.is_one_person(weigher, *right, *other, &mut scratch.outcomes) {
                    others += other_weight.total.exp2();
                }
            }
            let odds = weight.total.exp2();
            let probability = odds / (odds + others);
            if probability >= options.threshold {
                pairs.push(Pair { left, right: *right, probability });
            }
        }
        if let Some(fresh) = pairs.get_mut(from..) {
            fresh.sort_by_key(|pair| pair.right);
        }
    }

    /// Whether two right rows are one person's, as far as the weights tell.
    fn is_one_person(
        &self,
        weigher: &Weigher<'_>,
        one: RowNumber,
        other: RowNumber,
        outcomes: &mut Outcomes,
    ) -> bool {
        let lent = self.loans.of_right_rows(one, other);
        let weight = weigher.pair(self.right.row(one), self.right.row(other), lent, outcomes);
        weight.total >= self.model.zones.review && weight.at_most == Zone::Link
    }
}

/// Most candidates of one row that are weighed against each other.
const MOST_RIVALS: usize = 8;

/// Pairs of one file, the earlier row left. Each may have been found from both its rows; then the less sure of both
/// counts, since either row may know of a rival.
fn undirected(mut pairs: Vec<Pair>) -> Vec<Pair> {
    for pair in &mut pairs {
        (pair.left, pair.right) = (pair.left.min(pair.right), pair.left.max(pair.right));
    }
    pairs.sort_by(|one, other| {
        one.place().cmp(&other.place()).then_with(|| one.probability.total_cmp(&other.probability))
    });
    pairs.dedup_by_key(|pair| pair.place());
    pairs
}

/// The pairs in which each row stands once: the most probable first, of equal ones the earlier rows.
fn one_to_one(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.sort_by(Pair::by_probability);
    let (mut left, mut right) = (HashSet::new(), HashSet::new());
    pairs.retain(|pair| {
        let is_free = !left.contains(&pair.left) && !right.contains(&pair.right);
        if is_free {
            left.insert(pair.left);
            right.insert(pair.right);
        }
        is_free
    });
    pairs.sort_by_key(Pair::place);
    pairs
}
