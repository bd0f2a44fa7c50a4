//! What a pair of rows weighs: the mathematics of `score`, on numbers of values instead of values.

use rayon::prelude::*;
use smallvec::SmallVec;

use super::borrowed::Lent;
use super::postings::PartSides;
use super::sides::Sides;
use crate::compare::{self, CROSS, CROSS_BOTH, Relations};
use crate::keys::KeyHash;
use crate::model::{
    Borrowed, Calibration, ColumnKind, Comparison, Level, Model, Teacher, Test, Zone, is_among,
};
use crate::table::lexicon::stands_in_lexicon;
use crate::table::{Cell, Lexicons, Row, RowNumber, Table};
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
pub(super) struct Frequencies(Vec<Counts>);

/// The counts of one rule.
#[derive(Debug, Clone)]
enum Counts {
    /// By number of value.
    ByCode(Vec<u32>),
    /// For values that stand in the rows.
    ByKey(KeyCounts),
}

/// How many rows have each key: a key stands as often as rows have it.
#[derive(Debug, Clone)]
struct KeyCounts {
    keys: Vec<KeyHash>,
    /// Where the keys with each beginning begin.
    beginnings: Vec<u32>,
}

/// Bits of a key that are its beginning.
const BEGINNING_BITS: u32 = 16;

impl KeyCounts {
    fn new(mut keys: Vec<KeyHash>) -> Self {
        keys.sort_unstable();
        let mut beginnings = vec![0_u32; (1 << BEGINNING_BITS) + 1];
        for key in &keys {
            if let Some(count) = beginnings.get_mut((key >> (KeyHash::BITS - BEGINNING_BITS)) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut beginnings {
            sum += *count;
            *count = sum;
        }
        Self { keys, beginnings }
    }

    fn of(&self, key: KeyHash) -> u32 {
        let beginning = (key >> (KeyHash::BITS - BEGINNING_BITS)) as usize;
        let bound = |at: usize| self.beginnings.get(at).map_or(0, |place| *place as usize);
        let within = self.keys.get(bound(beginning)..bound(beginning + 1)).unwrap_or_default();
        let first = within.partition_point(|found| *found < key);
        let equal = within.get(first..).unwrap_or_default().iter().take_while(|found| **found == key);
        u32::try_from(equal.count()).unwrap_or(u32::MAX)
    }
}

impl Frequencies {
    /// Counts the rows of `table`.
    pub(super) fn new(model: &Model, sides: &Sides, table: &Table) -> Self {
        let counted = |place: usize| {
            let levels = model.comparisons.iter().flat_map(|comparison| &comparison.levels);
            levels.filter_map(|level| level.frequency).any(|found| found == place)
        };
        let counts = (0..model.rules.len()).into_par_iter().map(|place| {
            let part = model.rules.get(place).and_then(|rule| rule.parts.first());
            let Some(part) = part.filter(|_| counted(place)) else { return Counts::ByCode(Vec::new()) };
            let kind = part.columns.first().map(|column| table.layout.kind(*column));
            match kind {
                Some(kind) if stands_in_lexicon(kind) => {
                    Counts::ByCode(count(table, &part.columns, sides.all(kind, part.aspect)))
                }
                Some(_) => Counts::ByKey(count_keys(table, &PartSides::new(part, sides, model))),
                None => Counts::ByCode(Vec::new()),
            }
        });
        Self(counts.collect())
    }

    fn of(&self, rule: usize, part: &PartSides<'_>, cell: Cell) -> u32 {
        match (self.0.get(rule), cell) {
            (Some(Counts::ByCode(counts)), Cell::Code(code)) => {
                counts.get(code as usize).copied().unwrap_or(0)
            }
            (Some(Counts::ByKey(counts)), cell) => counts.of(part.of(cell)),
            _ => 0,
        }
    }
}

/// The keys of the values that rows have in the columns of a part, each once for each row.
fn count_keys(table: &Table, part: &PartSides<'_>) -> KeyCounts {
    let mut keys: Vec<KeyHash> = Vec::with_capacity(table.len());
    let mut seen: SmallVec<[KeyHash; 8]> = SmallVec::new();
    for row in table.numbers() {
        seen.clear();
        for key in part.all(table.row(row)) {
            if !seen.contains(&key) {
                seen.push(key);
            }
        }
        keys.extend_from_slice(&seen);
    }
    KeyCounts::new(keys)
}

/// For each value, how many rows have a value with the same side in one of `columns`.
fn count(table: &Table, columns: &[usize], hashes: &[KeyHash]) -> Vec<u32> {
    let mut by_side: HashMap<KeyHash, u32> = HashMap::new();
    let places: usize = columns.iter().map(|column| table.layout.most(*column)).sum();
    let codes = |row: RowNumber| {
        let cells = columns.iter().flat_map(move |column| table.row(row).column(*column));
        cells.filter_map(|cell| if let Cell::Code(code) = cell { Some(code as usize) } else { None })
    };
    if places <= 1 {
        // A row has one value: rows are counted by value, and values by side.
        let mut by_value = vec![0_u32; hashes.len()];
        for code in table.numbers().flat_map(codes) {
            if let Some(count) = by_value.get_mut(code) {
                *count += 1;
            }
        }
        for (side, count) in hashes.iter().zip(by_value).filter(|(side, count)| **side != 0 && *count != 0) {
            *by_side.entry(*side).or_default() += count;
        }
    } else {
        for row in table.numbers() {
            let mut seen: SmallVec<[KeyHash; 8]> = SmallVec::new();
            for code in codes(row) {
                let side = hashes.get(code).copied().unwrap_or(0);
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
    /// For each rule its first part, by which values are counted.
    counted_by: Vec<Option<PartSides<'batch>>>,
    /// The comparisons, in the model's order.
    outcomers: Vec<Outcomer>,
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
        sides: &'batch Sides,
        frequencies: &'batch Frequencies,
        right_rows: usize,
    ) -> Self {
        let counted_by =
            model.rules.iter().map(|rule| rule.parts.first().map(|part| PartSides::new(part, sides, model)));
        let outcomers = model.comparisons.iter().map(|comparison| Outcomer::new(model, comparison));
        let records = (right_rows as f64).max(model.prior.least_records);
        let prior = (model.prior.known_share / records).log2();
        let household_prior = (model.prior.household_others / records).log2();
        Self {
            model,
            lexicons,
            frequencies,
            counted_by: counted_by.collect(),
            outcomers: outcomers.collect(),
            records,
            prior,
            household_prior,
        }
    }

    /// The outcomes of all comparisons of two rows, into `outcomes`.
    pub(super) fn compare(&self, left: Row<'_>, right: Row<'_>, outcomes: &mut Outcomes) {
        outcomes.clear();
        for (comparison, outcomer) in self.model.comparisons.iter().zip(&self.outcomers) {
            let found = outcomer.outcome(self.model, self.lexicons, left, right);
            let level = found.and_then(|(level, _)| outcomer.levels.get(level));
            let Some(((place, cell), level)) = found.zip(level) else {
                outcomes.push(Outcome { level: MISSING, implied: false, unlent: false, log_chance: 0.0 });
                continue;
            };
            let log_chance = match level.frequency {
                None => level.log_chance,
                Some(rule) => self.log_frequency(level.chance, rule, cell),
            };
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
        let says = |row: Row<'_>| row.column(sign).next().is_some();
        if let Some(outcome) =
            outcomes.get_mut(borrowed.number_comparison).filter(|_| !says(left) && !says(right))
        {
            outcome.unlent = true;
        }
    }

    /// What outcomes weigh together: log2 of the odds of one person against all else.
    pub(super) fn weigh(&self, outcomes: &[Outcome]) -> f64 {
        let total = self.sums(outcomes, None).total();
        let Some(teacher) = &self.model.teacher else { return total };
        let rest = self.weigh_rest(teacher, outcomes);
        let Calibration { scale, offset } = self.model.calibration;
        total - rest + scale * rest + offset
    }

    /// What all but the teacher weighs, before calibration.
    pub(super) fn weigh_rest(&self, teacher: &Teacher, outcomes: &[Outcome]) -> f64 {
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
    pub(super) fn explanations(&self, outcomes: &[Outcome]) -> (f64, f64) {
        let Sums { matched, chance, household } = self.sums(outcomes, None);
        let (matched, household) = ((matched - chance).exp2(), (household - chance).exp2());
        let all = 1.0 + matched + household;
        if all.is_finite() { (matched / all, household / all) } else { (1.0, 0.0) }
    }

    /// log2 of how probable outcomes are under each explanation, the explanation's own share included; one comparison may
    /// be left out, and with it nothing is implied.
    fn sums(&self, outcomes: &[Outcome], without: Option<usize>) -> Sums {
        let mut sums = Sums { matched: self.prior, chance: 0.0, household: self.household_prior };
        for (place, (outcome, outcomer)) in outcomes.iter().zip(&self.outcomers).enumerate() {
            let is_implied = outcome.implied && without.is_none();
            if is_implied || outcome.level == MISSING || without == Some(place) {
                continue;
            }
            let Some(level) = outcomer.levels.get(usize::from(outcome.level)) else { continue };
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

    /// log2 of how often strangers show a level that counts how common its value is.
    fn log_frequency(&self, chance: f64, rule: usize, cell: Cell) -> f64 {
        let ballast = self.model.prior.ballast_records;
        let part = self.counted_by.get(rule).and_then(Option::as_ref);
        let count = part.map_or(0, |part| self.frequencies.of(rule, part, cell));
        ((f64::from(count) + ballast * chance) / (self.records + ballast)).log2()
    }
}

/// One comparison of the model, with what is asked of it for each pair close together.
#[derive(Debug, Clone)]
pub(super) struct Outcomer {
    kind: ColumnKind,
    column: usize,
    cross: Option<usize>,
    levels: Vec<PackedLevel>,
}

/// A level, as far as pairs are weighed by it.
#[derive(Debug, Clone, Copy)]
struct PackedLevel {
    /// Relations at which it holds; [`ELSE`] for one that always does, none where `test` has to be asked.
    holds_at: Relations,
    test: Test,
    log_match: f64,
    log_chance: f64,
    log_household: f64,
    chance: f64,
    frequency: Option<usize>,
}

/// A relation that any two values have.
const ELSE: Relations = 1 << 29;

impl Outcomer {
    pub(super) fn new(model: &Model, comparison: &Comparison) -> Self {
        let kind = model.columns.get(comparison.column).map_or(ColumnKind::Text, |column| column.kind);
        let packed = |level: &Level| PackedLevel {
            holds_at: match level.test {
                Test::Relation(bits) => bits,
                Test::Otherwise => ELSE,
                _ => 0,
            },
            test: level.test,
            log_match: level.log_match,
            log_chance: level.chance.log2(),
            log_household: level.log_household,
            chance: level.chance,
            frequency: level.frequency,
        };
        let levels = comparison.levels.iter().map(packed).collect();
        Self { kind, column: comparison.column, cross: comparison.cross, levels }
    }

    /// The best level over all pairs of values and the left value that brought it; `None` when a side says nothing.
    pub(super) fn outcome(
        &self,
        model: &Model,
        lexicons: &Lexicons,
        left: Row<'_>,
        right: Row<'_>,
    ) -> Option<(usize, Cell)> {
        let mut best: Option<(usize, Cell)> = None;
        for one in left.column(self.column) {
            for other in right.column(self.column) {
                let relations = lexicons.relations(&model.characters, self.kind, one, other);
                let Some(relations) = relations.map(|relations| relations | ELSE) else { continue };
                let before = best.map_or(usize::MAX, |(level, _)| level);
                let found = self.levels.iter().take(before).position(|level| {
                    level.holds_at & relations != 0
                        || (level.holds_at == 0 && self.asked(level.test, lexicons, one, other))
                });
                best = found.map(|level| (level, one)).or(best);
            }
        }
        let Some(cross) = self.cross else { return best };
        let (ours, theirs) = (left.places(self.column), right.places(self.column));
        let (our_cross, their_cross) = (left.places(cross), right.places(cross));
        for (bits, one, other) in
            [(CROSS, ours, their_cross), (CROSS, our_cross, theirs), (CROSS_BOTH, our_cross, their_cross)]
        {
            let Some(one) = one.shared(other) else { continue };
            let before = best.map_or(usize::MAX, |(level, _)| level);
            let found = self.levels.iter().take(before).position(|level| level.holds_at & bits != 0);
            best = found.map(|level| (level, one)).or(best);
        }
        best
    }

    /// Whether two texts pass a test that relations do not answer.
    fn asked(&self, test: Test, lexicons: &Lexicons, one: Cell, other: Cell) -> bool {
        let (Cell::Code(one), Cell::Code(other)) = (one, other) else { return false };
        let Some((one, other)) = lexicons.of(self.kind).texts(one, other) else { return false };
        compare::text_holds(test, one, other)
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

fn is_implied(comparison: &Comparison, before: &[Outcome]) -> bool {
    comparison.implied_by.iter().any(|(place, levels)| shows(before, *place, *levels))
}

/// Whether the comparison at `place` came out at one of `levels`; [`MISSING`] is none of them.
fn shows(outcomes: &[Outcome], place: usize, levels: u32) -> bool {
    outcomes.get(place).is_some_and(|outcome| is_among(levels, usize::from(outcome.level)))
}
