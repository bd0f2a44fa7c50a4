//! What a pair of rows weighs: the mathematics of `score`, on numbers of values instead of values.

use rayon::prelude::*;
use smallvec::SmallVec;

use super::borrowed::Lent;
use super::sides::Sides;
use crate::compare::{self, CROSS, CROSS_BOTH};
use crate::model::{Borrowed, Calibration, Comparison, Level, Model, Teacher, Test, Zone, is_among};
use crate::table::{Code, Lexicons, Row, Table};
use hashbrown::HashMap;

/// The outcome of one comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    /// The level, or [`MISSING`].
    pub(super) level: u8,
    pub(super) implied: bool,
    /// Whether it cannot come from one household: an equal number that nobody can have lent.
    pub(super) unlent: bool,
    /// log2 of how often strangers show it, with the value's own frequency.
    pub(super) log_chance: f64,
}

/// Level of a comparison of which one side says nothing.
pub(super) const MISSING: u8 = u8::MAX;

/// The outcomes of all comparisons, in the model's order.
pub(super) type Outcomes = SmallVec<[Outcome; 12]>;

/// How common values are in a table: for each rule that a level counts by, the rows with each value's side.
#[derive(Debug, Clone)]
pub(super) struct Frequencies(Vec<Vec<u32>>);

impl Frequencies {
    /// Counts the rows of `table`.
    pub(super) fn new(model: &Model, sides: &Sides, table: &Table) -> Self {
        let counted = |place: usize| {
            let levels = model.comparisons.iter().flat_map(|comparison| &comparison.levels);
            levels.filter_map(|level| level.frequency).any(|found| found == place)
        };
        let counts = (0..model.rules.len()).into_par_iter().map(|place| {
            let part = model.rules.get(place).and_then(|rule| rule.parts.first());
            let kind = part.and_then(|part| part.columns.first()).map(|column| table.layout.kind(*column));
            match part.zip(kind).filter(|_| counted(place)) {
                None => Vec::new(),
                Some((part, kind)) => count(table, &part.columns, sides.all(kind, part.aspect)),
            }
        });
        Self(counts.collect())
    }

    fn of(&self, rule: usize, code: Code) -> u32 {
        self.0.get(rule).and_then(|counts| counts.get(code as usize)).copied().unwrap_or(0)
    }
}

/// For each value, how many rows have a value with the same side in one of `columns`.
fn count(table: &Table, columns: &[usize], hashes: &[u64]) -> Vec<u32> {
    let mut by_side: HashMap<u64, u32> = HashMap::new();
    let places: usize = columns.iter().map(|column| table.layout.places(*column).len()).sum();
    if places <= 1 {
        // A row has one value: rows are counted by value, and values by side.
        let mut by_value = vec![0_u32; hashes.len()];
        for code in table
            .numbers()
            .flat_map(|row| columns.iter().flat_map(move |column| table.row(row).column(*column)))
        {
            if let Some(count) = by_value.get_mut(*code as usize) {
                *count += 1;
            }
        }
        for (side, count) in hashes.iter().zip(by_value).filter(|(side, count)| **side != 0 && *count != 0) {
            *by_side.entry(*side).or_default() += count;
        }
    } else {
        for row in table.numbers().map(|row| table.row(row)) {
            let mut seen: SmallVec<[u64; 8]> = SmallVec::new();
            for code in columns.iter().flat_map(|column| row.column(*column)) {
                let side = hashes.get(*code as usize).copied().unwrap_or(0);
                if side != 0 && !seen.contains(&side) {
                    seen.push(side);
                    *by_side.entry(side).or_default() += 1;
                }
            }
        }
    }
    hashes.iter().map(|side| by_side.get(side).copied().unwrap_or(0)).collect()
}

/// Weighs pairs of a left and a right row.
pub(super) struct Weigher<'batch> {
    pub(super) model: &'batch Model,
    lexicons: &'batch Lexicons,
    frequencies: &'batch Frequencies,
    /// Rows of the right table, or the least that the model counts on.
    pub(super) records: f64,
    prior: f64,
    household_prior: f64,
}

/// See [`Weigher::sums`].
struct Sums {
    matched: f64,
    chance: f64,
    household: f64,
}

impl Sums {
    fn total(&self) -> f64 {
        let odds = self.household - self.chance;
        self.matched - self.chance - odds.exp2().ln_1p() / std::f64::consts::LN_2
    }
}

/// What a pair weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weight {
    /// log2 of the odds that both are one person.
    pub(super) total: f64,
    /// Whether a guard keeps it from being linked, or from being passed over.
    pub(super) at_most: Zone,
    pub(super) at_least: Zone,
}

impl<'batch> Weigher<'batch> {
    pub(super) fn new(
        model: &'batch Model,
        lexicons: &'batch Lexicons,
        frequencies: &'batch Frequencies,
        right_rows: usize,
    ) -> Self {
        let records = (right_rows as f64).max(model.prior.least_records);
        let prior = (model.prior.known_share / records).log2();
        let household_prior = (model.prior.household_others / records).log2();
        Self { model, lexicons, frequencies, records, prior, household_prior }
    }

    /// The outcomes of all comparisons of two rows, into `outcomes`.
    pub(super) fn compare(&self, left: Row<'_>, right: Row<'_>, outcomes: &mut Outcomes) {
        outcomes.clear();
        for comparison in &self.model.comparisons {
            let found = self.outcome(comparison, left, right);
            let level = found.and_then(|(level, _)| comparison.levels.get(level));
            let Some(((place, code), level)) = found.zip(level) else {
                outcomes.push(Outcome { level: MISSING, implied: false, unlent: false, log_chance: 0.0 });
                continue;
            };
            let log_chance = self.log_chance(level, code);
            let implied = level.log_match > log_chance && is_implied(comparison, outcomes);
            let level = u8::try_from(place).unwrap_or(MISSING);
            outcomes.push(Outcome { level, implied, unlent: false, log_chance });
        }
        self.mark_unlent(left, right, outcomes);
    }

    /// A number is lent where somebody has a guardian; elsewhere two members of a household share it as strangers do.
    fn mark_unlent(&self, left: Row<'_>, right: Row<'_>, outcomes: &mut Outcomes) {
        let Some((borrowed, sign)) =
            self.model.borrowed.as_ref().and_then(|found| Some((found, found.sign?)))
        else {
            return;
        };
        let says = |row: Row<'_>| row.column(sign).iter().any(|code| *code != 0);
        if let Some(outcome) =
            outcomes.get_mut(borrowed.number_comparison).filter(|_| !says(left) && !says(right))
        {
            outcome.unlent = true;
        }
    }

    /// What outcomes weigh together: log2 of the odds of one person against all else.
    pub(super) fn weigh(&self, outcomes: &Outcomes) -> f64 {
        let total = self.sums(outcomes, None).total();
        let Some(teacher) = &self.model.teacher else { return total };
        let rest = self.weigh_rest(teacher, outcomes);
        let Calibration { scale, offset } = self.model.calibration;
        total - rest + scale * rest + offset
    }

    /// What all but the teacher weighs, before calibration.
    pub(super) fn weigh_rest(&self, teacher: &Teacher, outcomes: &Outcomes) -> f64 {
        self.sums(outcomes, Some(teacher.comparison)).total()
    }

    /// The same where the number, and perhaps the birth date, may be somebody else's: what the rest weighs is another
    /// way to the same person.
    fn weigh_borrowed(&self, borrowed: &Borrowed, lent: Lent, outcomes: &Outcomes) -> f64 {
        self.weigh(&without_lent(borrowed, lent, outcomes)) + borrowed.log_share
    }

    /// What a pair weighs, line by line: the lines add up to the total of [`Weigher::pair`].
    pub(super) fn lines(&self, left: Row<'_>, right: Row<'_>, lent: Lent) -> Vec<WeightLine> {
        let mut outcomes = Outcomes::new();
        self.compare(left, right, &mut outcomes);
        let mut share = None;
        if let Some(borrowed) = self.model.borrowed.as_ref().filter(|_| lent != Lent::Nothing)
            && self.weigh_borrowed(borrowed, lent, &outcomes) > self.weigh(&outcomes)
        {
            outcomes = without_lent(borrowed, lent, &outcomes);
            share = Some(borrowed.log_share);
        }
        let mut lines = vec![WeightLine { of: LineOf::Prior, weight: self.prior }];
        for (place, (outcome, comparison)) in outcomes.iter().zip(&self.model.comparisons).enumerate() {
            let level =
                comparison.levels.get(usize::from(outcome.level)).filter(|_| outcome.level != MISSING);
            let weight =
                level.filter(|_| !outcome.implied).map_or(0.0, |level| level.log_match - outcome.log_chance);
            let of = LineOf::Field { comparison: place, level: outcome.level, implied: outcome.implied };
            lines.push(WeightLine { of, weight });
        }
        let sums = self.sums(&outcomes, None);
        lines.push(WeightLine { of: LineOf::Household, weight: sums.total() - (sums.matched - sums.chance) });
        if let Some(teacher) = &self.model.teacher {
            let rest = self.weigh_rest(teacher, &outcomes);
            let Calibration { scale, offset } = self.model.calibration;
            lines.push(WeightLine { of: LineOf::Calibration, weight: (scale - 1.0) * rest + offset });
        }
        lines.extend(share.map(|weight| WeightLine { of: LineOf::Lent, weight }));
        lines
    }

    /// How probable it is that a pair is one person's, and that it is two members' of one household.
    pub(super) fn explanations(&self, outcomes: &Outcomes) -> (f64, f64) {
        let Sums { matched, chance, household } = self.sums(outcomes, None);
        let (matched, household) = ((matched - chance).exp2(), (household - chance).exp2());
        let all = 1.0 + matched + household;
        if all.is_finite() { (matched / all, household / all) } else { (1.0, 0.0) }
    }

    /// log2 of how probable outcomes are under each explanation, the explanation's own share included; one comparison may
    /// be left out, and with it nothing is implied.
    fn sums(&self, outcomes: &Outcomes, without: Option<usize>) -> Sums {
        let mut sums = Sums { matched: self.prior, chance: 0.0, household: self.household_prior };
        for (place, (outcome, comparison)) in outcomes.iter().zip(&self.model.comparisons).enumerate() {
            let is_implied = outcome.implied && without.is_none();
            if is_implied || outcome.level == MISSING || without == Some(place) {
                continue;
            }
            let Some(level) = comparison.levels.get(usize::from(outcome.level)) else { continue };
            sums.matched += level.log_match;
            sums.chance += outcome.log_chance;
            sums.household += if outcome.unlent { outcome.log_chance } else { level.log_household };
        }
        sums
    }

    /// The weight of a pair, with its guards.
    pub(super) fn pair(&self, left: Row<'_>, right: Row<'_>, lent: Lent, outcomes: &mut Outcomes) -> Weight {
        self.compare(left, right, outcomes);
        let mut total = self.weigh(outcomes);
        if let Some(borrowed) = self.model.borrowed.as_ref().filter(|_| lent != Lent::Nothing) {
            total = total.max(self.weigh_borrowed(borrowed, lent, outcomes));
        }
        let holds = |(comparison, levels): &(usize, u32)| shows(outcomes, *comparison, *levels);
        let holding = || self.model.guards.iter().filter(|guard| guard.when.iter().all(holds));
        Weight {
            total,
            at_most: holding().map(|guard| guard.at_most).fold(Zone::Link, Zone::min),
            at_least: holding().map(|guard| guard.at_least).fold(Zone::New, Zone::max),
        }
    }

    /// The best level over all pairs of values and the left value that brought it; `None` when a side says nothing.
    fn outcome(&self, comparison: &Comparison, left: Row<'_>, right: Row<'_>) -> Option<(usize, Code)> {
        Self::outcome_of(self.model, self.lexicons, comparison, left, right)
    }

    pub(super) fn outcome_of(
        model: &Model,
        lexicons: &Lexicons,
        comparison: &Comparison,
        left: Row<'_>,
        right: Row<'_>,
    ) -> Option<(usize, Code)> {
        let kind = model.columns.get(comparison.column)?.kind;
        let lexicon = lexicons.of(kind)?;
        let (ours, theirs) = (left.column(comparison.column), right.column(comparison.column));
        let mut best: Option<(usize, Code)> = None;
        for one in ours.iter().copied().filter(|code| *code != 0) {
            for other in theirs.iter().copied().filter(|code| *code != 0) {
                let Some(relations) = lexicon.relations(&model.characters, one, other) else { continue };
                let holds = |test: Test| match test {
                    Test::Relation(bits) => relations & bits != 0,
                    Test::Otherwise => true,
                    Test::JaroWinkler(least) => lexicon
                        .texts(one, other)
                        .is_some_and(|(one, other)| compare::jaro_winkler_of(one, other) >= least),
                    Test::Edits(most) => lexicon
                        .texts(one, other)
                        .is_some_and(|(one, other)| compare::edits_of(one, other) <= most),
                };
                let before = best.map_or(usize::MAX, |(level, _)| level);
                let found = comparison.levels.iter().take(before).position(|level| holds(level.test));
                best = found.map(|level| (level, one)).or(best);
            }
        }
        let Some(cross) = comparison.cross else { return best };
        let (our_cross, their_cross) = (left.column(cross), right.column(cross));
        for (bits, one) in [
            (CROSS, shared(ours, their_cross)),
            (CROSS, shared(our_cross, theirs)),
            (CROSS_BOTH, shared(our_cross, their_cross)),
        ] {
            let Some(one) = one else { continue };
            let before = best.map_or(usize::MAX, |(level, _)| level);
            let mut levels = comparison.levels.iter().take(before);
            let found =
                levels.position(|level| matches!(level.test, Test::Relation(test) if test & bits != 0));
            best = found.map(|level| (level, one)).or(best);
        }
        best
    }

    fn log_chance(&self, level: &Level, code: Code) -> f64 {
        let Some(rule) = level.frequency else { return level.chance.log2() };
        let ballast = self.model.prior.ballast_records;
        let count = f64::from(self.frequencies.of(rule, code));
        ((count + ballast * level.chance) / (self.records + ballast)).log2()
    }
}

/// The outcomes as if a lent number, and the birth date taken from it, were not there.
fn without_lent(borrowed: &Borrowed, lent: Lent, outcomes: &Outcomes) -> Outcomes {
    let mut rest = outcomes.clone();
    rest.iter_mut().for_each(|outcome| outcome.implied = false);
    let birth = borrowed.birth.filter(|_| lent == Lent::NumberAndBirth).map(|(_, place)| place);
    for place in [Some(borrowed.number_comparison), birth].into_iter().flatten() {
        if let Some(outcome) = rest.get_mut(place) {
            outcome.level = MISSING;
        }
    }
    rest
}

/// One line of what a pair weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WeightLine {
    pub(super) of: LineOf,
    /// In bits.
    pub(super) weight: f64,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineOf {
    /// Where the total starts.
    Prior,
    /// A comparison, its level, and whether that follows from another one.
    Field { comparison: usize, level: u8, implied: bool },
    /// What a household would explain as well.
    Household,
    /// What learning says of all but the teacher together.
    Calibration,
    /// The price of taking the number for lent.
    Lent,
}

/// The first of our values that is one of theirs.
fn shared(ours: &[Code], theirs: &[Code]) -> Option<Code> {
    ours.iter().copied().find(|code| *code != 0 && theirs.contains(code))
}

fn is_implied(comparison: &Comparison, before: &Outcomes) -> bool {
    comparison.implied_by.iter().any(|(place, levels)| shows(before, *place, *levels))
}

/// Whether the comparison at `place` came out at one of `levels`; [`MISSING`] is none of them.
fn shows(outcomes: &Outcomes, place: usize, levels: u32) -> bool {
    outcomes.get(place).is_some_and(|outcome| is_among(levels, usize::from(outcome.level)))
}
