//! Learning a model from the files themselves, without labels.
//!
//! What the model file says is where learning begins and what it falls back on where the files say too little. Two
//! steps: how often strangers agree (u) from pairs drawn at random; then how often two rows of one person agree (m), and
//! two members of one household (h), by expectation and maximisation over the candidates of a sample of rows (Dempster,
//! Laird and Rubin 1977; for linkage Winkler 1988). Strangers' shares stay fixed in the second step: the candidates are
//! chosen by what they share, so they cannot teach what strangers share.

use rayon::prelude::*;

use super::Files;
use super::borrowed::Lent;
use super::labels::Labels;
use super::pairs::{Lookup, MOST_PAIRS, Seen};
use super::watch::Stage;
use super::weigh::{MISSING, Outcome, Outcomes, Weigher};
use crate::mixing::mix;
use crate::model::{Calibration, Comparison, KeyRule, Level, Model, Teacher};
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
        Self { rows: 10_000, random_pairs: 40_000, rounds: 12, seed: 1 }
    }
}

/// Learning ends when no share moves by more bits than this.
const SETTLED_BITS: f64 = 0.02;
/// How many pairs the model file's shares count as, when shares are estimated.
const MODEL_PAIRS: f64 = 20.0;
/// How probable it may be that two rows drawn at random are one person's or one household's.
const MOST_ACQUAINTED: f64 = 0.5;
/// The least share of a level: what was never seen is rare, not impossible.
const LEAST_SHARE: f64 = 1e-9;
/// Rows that one task looks at.
const AT_ONCE: usize = 256;
/// Pairs drawn at random that one task looks at.
const DRAWN_AT_ONCE: u64 = 2_048;

/// The candidates of some rows with their outcomes, those of one pair behind those of another.
#[derive(Default)]
struct Sample {
    candidates: Vec<Candidate>,
    outcomes: Vec<Outcome>,
}

/// One candidate of a [`Sample`].
struct Candidate {
    left: RowNumber,
    /// Whether it is found without the teacher's help.
    is_lesson: bool,
    lent: Lent,
}

impl Files {
    /// Learns the model's shares from the files and scores by them from now on.
    pub fn train(&mut self, options: TrainOptions) {
        self.train_with(options, &Labels::default());
    }

    /// As [`Files::train`], with pairs of which somebody has said what they are: what these show of one person and of a
    /// household counts as it was said, not as the model takes it.
    pub fn train_with(&mut self, options: TrainOptions, labels: &Labels) {
        if self.is_empty() {
            return;
        }
        self.watch.tell(Stage::Train, 0.0);
        let strangers = self.strangers(options);
        learn_chances(&mut self.model, &strangers);
        let step = self.left.len().div_ceil(options.rows.max(1)).max(1);
        let rows: Vec<RowNumber> = self.left.numbers().step_by(step).collect();
        self.watch.tell(Stage::Train, 0.3);
        let samples = self.candidates_of(&rows);
        self.watch.tell(Stage::Train, 0.8);
        let labelled = self.labelled(labels);
        for _ in 0..options.rounds {
            let mut counts = expect(&self.model, &self.weigher(), &samples);
            count_labels(&mut counts, &self.weigher(), &labelled);
            if maximise(&mut self.model, &counts, rows.len()) < SETTLED_BITS {
                break;
            }
        }
        if let Some(teacher) = self.model.teacher.clone() {
            let lessons = self.lessons(&teacher, &samples);
            self.model.calibration = calibrate(&lessons);
        }
        self.watch.tell(Stage::Train, 1.0);
    }

    /// The outcomes of labelled pairs.
    fn labelled(&self, labels: &Labels) -> Vec<(Outcomes, bool)> {
        let weigher = self.weigher();
        let of_pair = |(left, right, is_same): &(RowNumber, RowNumber, bool)| {
            let mut outcomes = Outcomes::new();
            weigher.compare(self.left.row(*left), self.right.row(*right), &mut outcomes);
            (outcomes, *is_same)
        };
        labels.0.iter().map(of_pair).collect()
    }

    /// For each row the best candidate that is found without the teacher's help, where the teacher knows whether it is
    /// the right one: what the rest weighs against the other candidates, and whether it is.
    fn lessons(&self, teacher: &Teacher, samples: &[Sample]) -> Vec<(f64, bool)> {
        let weigher = self.weigher();
        let width = self.model.comparisons.len().max(1);
        let of_sample = |sample: &Sample| {
            let pairs = sample.candidates.iter().zip(sample.outcomes.chunks_exact(width));
            let lesson = |(candidate, outcomes): (&Candidate, &[Outcome])| {
                let level = outcomes.get(teacher.comparison).map_or(MISSING, |outcome| outcome.level);
                let verdict = if candidate.lent == Lent::Nothing { teacher.verdict(level) } else { None };
                Lesson { left: candidate.left, weight: weigher.weigh_rest(teacher, outcomes), verdict }
            };
            let lessons: Vec<Lesson> =
                pairs.filter(|(candidate, _)| candidate.is_lesson).map(lesson).collect();
            let best = lessons.chunk_by(|one, other| one.left == other.left).filter_map(best_lesson);
            best.collect::<Vec<_>>()
        };
        samples.par_iter().flat_map_iter(of_sample).collect()
    }

    /// How many pairs drawn at random show each level of each comparison: strangers, but for a few.
    fn strangers(&self, options: TrainOptions) -> Vec<Vec<u32>> {
        let weigher = self.weigher();
        let (left, right) = (self.left.len() as u64, self.right.len() as u64);
        let draw = |number: u64, below: u64| {
            RowNumber::try_from((u128::from(mix(options.seed, number)) * u128::from(below)) >> 64)
                .unwrap_or(0)
        };
        let pairs = (options.random_pairs as u64).min(left.saturating_mul(right));
        let nothing = || -> Vec<Vec<u32>> {
            self.model.comparisons.iter().map(|comparison| vec![0; comparison.levels.len()]).collect()
        };
        let of_chunk = |chunk: u64| {
            let mut counts = nothing();
            let mut outcomes = Outcomes::new();
            for number in chunk * DRAWN_AT_ONCE..((chunk + 1) * DRAWN_AT_ONCE).min(pairs) {
                let (one, other) = (draw(number * 2, left), draw(number * 2 + 1, right));
                if self.is_one_file && one == other {
                    continue;
                }
                weigher.compare(self.left.row(one), self.right.row(other), &mut outcomes);
                // In small files some pairs drawn are one person's: they are no strangers.
                let (matched, household) = weigher.explanations(&outcomes);
                if matched + household >= MOST_ACQUAINTED {
                    continue;
                }
                for (counts, outcome) in counts.iter_mut().zip(&outcomes) {
                    if let Some(count) = counts.get_mut(usize::from(outcome.level)) {
                        *count += 1;
                    }
                }
            }
            counts
        };
        let add = |mut one: Vec<Vec<u32>>, other: Vec<Vec<u32>>| {
            one.iter_mut().flatten().zip(other.iter().flatten()).for_each(|(one, other)| *one += other);
            one
        };
        (0..pairs.div_ceil(DRAWN_AT_ONCE)).into_par_iter().map(of_chunk).reduce(nothing, add)
    }

    /// All candidates of `rows`, whichever rule finds them, with their outcomes, in the order of the rows.
    fn candidates_of(&self, rows: &[RowNumber]) -> Vec<Sample> {
        let weigher = self.weigher();
        let column = self.model.teacher.as_ref().and_then(|teacher| {
            self.model.comparisons.get(teacher.comparison).map(|comparison| comparison.column)
        });
        let asks_teacher = |rule: &KeyRule| {
            rule.parts.iter().flat_map(|part| &part.columns).any(|found| Some(*found) == column)
        };
        let (asking, plain): (Vec<usize>, Vec<usize>) = (0..self.model.rules.len())
            .partition(|place| self.model.rules.get(*place).is_some_and(asks_teacher));
        let mut lookup = Lookup::new(self);
        lookup.find_by(0..self.model.rules.len(), rows);
        let of_chunk = |rows: &[RowNumber]| {
            let mut sample = Sample::default();
            let (mut seen, mut outcomes) = (Seen::default(), Outcomes::new());
            for left in rows {
                seen.clear();
                let row = self.left.row(*left);
                for place in &plain {
                    lookup.gather(*place, row, &mut seen);
                }
                let lessons = seen.rows().len();
                for place in &asking {
                    lookup.gather(*place, row, &mut seen);
                }
                for (place, right) in seen.rows().iter().enumerate().take(MOST_PAIRS) {
                    if self.is_one_file && right == left {
                        continue;
                    }
                    weigher.compare(row, self.right.row(*right), &mut outcomes);
                    let lent = self.loans.of_pair(*left, *right);
                    sample.candidates.push(Candidate { left: *left, is_lesson: place < lessons, lent });
                    sample.outcomes.extend_from_slice(&outcomes);
                }
            }
            sample
        };
        rows.par_chunks(AT_ONCE).map(of_chunk).collect()
    }
}

/// A candidate, as far as calibration goes.
struct Lesson {
    left: RowNumber,
    weight: f64,
    /// Whether the teacher says that it is the same person; `None` where it says nothing.
    verdict: Option<bool>,
}

/// The best candidate of one row: log2 of its odds against nobody and against all who are somebody else.
fn best_lesson(candidates: &[Lesson]) -> Option<(f64, bool)> {
    let (place, best) =
        candidates.iter().enumerate().max_by(|(_, one), (_, other)| one.weight.total_cmp(&other.weight))?;
    let verdict = best.verdict?;
    let rivals = candidates.iter().enumerate().filter(|(rival, candidate)| {
        let is_best_again = verdict && candidate.verdict == Some(true);
        *rival != place && !is_best_again
    });
    let others: f64 = rivals.map(|(_, candidate)| candidate.weight.exp2()).sum();
    Some((best.weight - (1.0 + others).log2(), verdict))
}

/// The line through lessons that makes what the rest weighs true odds (logistic regression by Newton's method; Platt 1999
/// for the use). Nothing is changed where the lessons say too little.
fn calibrate(lessons: &[(f64, bool)]) -> Calibration {
    let before = Calibration::default();
    let same = lessons.iter().filter(|(_, is_same)| *is_same).count();
    if same < LEAST_LESSONS || lessons.len() - same < LEAST_LESSONS {
        return before;
    }
    let (mut scale, mut offset) = (before.scale, before.offset);
    for _ in 0..CALIBRATION_ROUNDS {
        // Gradient and curvature of the log likelihood, with one lesson's weight of belief in the line as it was.
        let (mut by_scale, mut by_offset) = (before.scale - scale, before.offset - offset);
        let (mut scale_scale, mut scale_offset, mut offset_offset) = (1.0, 0.0, 1.0);
        for (weight, is_same) in lessons {
            let weight = weight.clamp(-FARTHEST_BITS, FARTHEST_BITS);
            let line = 1.0 / (1.0 + (-(scale * weight + offset)).exp2());
            let said = TEACHER_ERRS + (1.0 - 2.0 * TEACHER_ERRS) * line;
            let slope = (1.0 - 2.0 * TEACHER_ERRS) * line * (1.0 - line);
            let trust = slope / (said * (1.0 - said));
            let missed = (f64::from(u8::from(*is_same)) - said) * trust;
            let sure = slope * trust * std::f64::consts::LN_2;
            by_scale += missed * weight;
            by_offset += missed;
            scale_scale += sure * weight * weight;
            scale_offset += sure * weight;
            offset_offset += sure;
        }
        let determinant = scale_scale * offset_offset - scale_offset * scale_offset;
        if determinant <= f64::EPSILON {
            return before;
        }
        scale += (by_scale * offset_offset - by_offset * scale_offset) / determinant;
        offset += (by_offset * scale_scale - by_scale * scale_offset) / determinant;
    }
    let is_sound = scale.is_finite() && offset.is_finite() && (LEAST_SCALE..=MOST_SCALE).contains(&scale);
    if is_sound { Calibration { scale, offset } } else { before }
}

/// How often the teacher is wrong: numbers are borrowed, and slip into other valid ones.
const TEACHER_ERRS: f64 = 0.005;
/// Fewest lessons of each outcome that a line is drawn through.
const LEAST_LESSONS: usize = 200;
const CALIBRATION_ROUNDS: usize = 20;
/// Weights beyond this many bits tell nothing more about the line.
const FARTHEST_BITS: f64 = 30.0;
/// A line steeper or flatter than this is a fault of the data.
const LEAST_SCALE: f64 = 0.3;
const MOST_SCALE: f64 = 3.0;

/// Sets how often strangers show each level whose share is not counted from the values themselves.
fn learn_chances(model: &mut Model, strangers: &[Vec<u32>]) {
    for (comparison, counts) in model.comparisons.iter_mut().zip(strangers) {
        let counts: Vec<f64> = counts.iter().copied().map(f64::from).collect();
        let all: f64 = counts.iter().sum();
        // Each share of the model weighs as much as the pairs that would show it once, and as much as a few pairs at least.
        let share = |(level, count): (&Level, &f64)| {
            let before = level.chance.max(LEAST_SHARE);
            (count + (MODEL_PAIRS * before).max(1.0)) / (all + MODEL_PAIRS.max(1.0 / before))
        };
        let shares: Vec<f64> = comparison.levels.iter().zip(&counts).map(share).collect();
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
fn expect(model: &Model, weigher: &Weigher<'_>, samples: &[Sample]) -> Counts {
    let width = model.comparisons.len().max(1);
    let of_sample = |sample: &Sample| {
        let mut counts = Counts::new(model);
        for outcomes in sample.outcomes.chunks_exact(width) {
            let (matched, household) = weigher.explanations(outcomes);
            counts.add(outcomes, matched, household);
        }
        counts
    };
    // Samples of one size, added up in their order: the sums are the same whatever the number of threads.
    let counts: Vec<Counts> = samples.par_iter().map(of_sample).collect();
    counts.iter().fold(Counts::new(model), Counts::and)
}

/// Adds labelled pairs to the counts by level. The prior stays what the sample says: people label what is hard.
fn count_labels(counts: &mut Counts, weigher: &Weigher<'_>, labelled: &[(Outcomes, bool)]) {
    let (matched_pairs, household_pairs) = (counts.matched, counts.household);
    for (outcomes, is_same) in labelled {
        let (matched, household) = weigher.explanations(outcomes);
        let household = household / (1.0 - matched).max(LEAST_SHARE);
        let (matched, household) = if *is_same { (1.0, 0.0) } else { (0.0, household.min(1.0)) };
        counts.add(outcomes, matched * LABEL_PAIRS, household * LABEL_PAIRS);
    }
    (counts.matched, counts.household) = (matched_pairs, household_pairs);
}

/// As how many pairs of the sample a labelled pair counts.
const LABEL_PAIRS: f64 = 5.0;

/// The maximisation: the shares that explain the counts best, held to the model's where counts are few. Returns by how
/// many bits the share that one person's rows have of a level moved most.
fn maximise(model: &mut Model, counts: &Counts, rows: usize) -> f64 {
    let mut moved: f64 = 0.0;
    for (comparison, counts) in model.comparisons.iter_mut().zip(&counts.levels) {
        let of = |side: fn(&(f64, f64)) -> f64, share: fn(&Level) -> f64, comparison: &Comparison| {
            shares(counts.iter().map(side), comparison.levels.iter().map(share))
        };
        let matched = of(|count| count.0, |level| level.log_match, comparison);
        let household = of(|count| count.1, |level| level.log_household, comparison);
        for ((level, matched), household) in comparison.levels.iter_mut().zip(matched).zip(household) {
            moved = moved.max((level.log_match - matched).abs());
            level.log_match = matched;
            level.log_household = household;
        }
    }
    let rows = rows as f64;
    model.prior.known_share = (counts.matched / rows).clamp(LEAST_SHARE, 1.0);
    model.prior.household_others = counts.household / rows;
    moved
}

/// log2 of shares by counts and by what they were before.
fn shares(counts: impl Iterator<Item = f64> + Clone, before: impl Iterator<Item = f64>) -> Vec<f64> {
    let all: f64 = counts.clone().sum();
    let share = |(count, log_before): (f64, f64)| {
        ((count + MODEL_PAIRS * log_before.exp2()) / (all + MODEL_PAIRS)).max(LEAST_SHARE).log2()
    };
    counts.zip(before).map(share).collect()
}
