//! Fellegi–Sunter with a household: what a pair of records weighs, field by field (docs/linkage.md has the derivation).
//!
//! Three explanations compete for what is seen of a pair: both records are one person's (m); they are strangers' (u);
//! they are two members' of one household (h), who share surname, phone, address and, twins, the birth date. The total is
//! log2 of the odds of the first against the other two together. Shown field by field are the weights log2 m/u, then what
//! the household takes off.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use uuid::Uuid;

use crate::compare::{self, Sides};
use crate::index::{Found, Postings};
use crate::index::{Rows, Slot};
use crate::keys::{self, Keys};
use crate::model::{Comparison, Guard, Key, Level, Model, Zone, is_among};
use crate::read::{Reading, Value, Values};

/// What one field says of a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldWeight {
    /// The comparison, by its key in the model.
    pub field: Key,
    /// Its outcome: a level of the comparison, `missing` or `implied`.
    pub level: Key,
    /// Bits for (positive) or against (negative) the two being one person.
    pub weight: f64,
}

/// A record of the index that the one looked up may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its id.
    pub id: Uuid,
    /// log2 of the odds that both are one person: `prior_weight`, all `fields` and `household_weight` added up.
    pub total_weight: f64,
    /// The same as a probability.
    pub probability: f64,
    /// Where the total starts: log2 of the odds before anything is compared.
    pub prior_weight: f64,
    /// What is taken off because another member of the household would agree as well; zero or below.
    pub household_weight: f64,
    /// Each comparison of the model, in its order.
    pub fields: Vec<FieldWeight>,
    /// Guards of the model that hold, and `rival` where another candidate stands as near.
    pub guards: Vec<Key>,
}

impl Candidate {
    /// In which zone it lies: by its weight, raised and lowered by its guards. What a guard forbids outranks what
    /// another one demands.
    pub fn zone(&self, model: &Model) -> Zone {
        let by_weight = if self.total_weight >= model.zones.link {
            Zone::Link
        } else if self.total_weight >= model.zones.review {
            Zone::Review
        } else {
            Zone::New
        };
        let holding = || model.guards.iter().filter(|guard| self.guards.contains(&guard.key));
        let raised = holding().map(|guard| guard.at_least).fold(by_weight, Zone::max);
        let lowered = holding().map(|guard| guard.at_most).fold(raised, Zone::min);
        if self.guards.contains(&model.fixed.rival) { lowered.min(Zone::Review) } else { lowered }
    }
}

/// The outcome of one comparison, by number.
#[derive(Debug, Clone, Copy)]
struct FieldOutcome {
    /// `None` when a side says nothing.
    level: Option<usize>,
    implied: bool,
    weight: f64,
}

/// A pair's outcomes and total, before it is put into words.
#[derive(Debug, Clone)]
struct Pair {
    slot: Slot,
    total: f64,
    household: f64,
    fields: SmallVec<[FieldOutcome; 12]>,
}

/// Scores by a model against an index.
pub(crate) struct Scorer<'index> {
    model: &'index Model,
    rows: &'index Rows,
    postings: &'index Postings,
    /// Size of the index, or the least that the model counts on.
    records: f64,
    prior: f64,
    /// log2 of how many household members there are among all pairs.
    household_prior: f64,
}

/// Most pairs that one look-up compares, over all rules: the bound on its time.
const MOST_PAIRS: usize = 4_000;

impl<'index> Scorer<'index> {
    pub(crate) fn new(model: &'index Model, rows: &'index Rows, postings: &'index Postings) -> Self {
        let records = (rows.len() as f64).max(model.prior.least_records);
        let prior = (model.prior.known_share / records).log2();
        let household_prior = (model.prior.household_others / records).log2();
        Self { model, rows, postings, records, prior, household_prior }
    }

    /// The candidates of a record, the best first.
    pub(crate) fn candidates(&self, query: &Reading, limit: usize) -> Vec<Candidate> {
        let mut pairs = self.pairs(query);
        pairs.sort_by(|one, other| {
            other
                .total
                .total_cmp(&one.total)
                .then_with(|| self.rows.id_of(one.slot).cmp(&self.rows.id_of(other.slot)))
        });
        let has_rival = self.has_rival(&pairs);
        let kept = pairs.iter().filter(|pair| pair.total >= self.model.zones.listed || self.is_raised(pair));
        let mut candidates: Vec<Candidate> = kept.take(limit).map(|pair| self.worded(pair)).collect();
        if let Some(best) = candidates.first_mut().filter(|_| has_rival) {
            best.guards.push(self.model.fixed.rival.clone());
        }
        candidates
    }

    /// One candidate, however little it has in common with the record.
    pub(crate) fn candidate(&self, query: &Reading, slot: Slot) -> Candidate {
        self.worded(&self.pair(query, slot))
    }

    /// All pairs that share a key. Rules are asked in the model's order; a decisive one that has brought a sure link
    /// ends the search.
    fn pairs(&self, query: &Reading) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut seen: Vec<Slot> = Vec::new();
        for (place, rule) in self.model.rules.iter().enumerate().filter(|(_, rule)| rule.finds) {
            let before = seen.len();
            self.gather(keys::keys(place, rule, query), rule.most, &mut seen);
            let fresh = seen.get(before..).unwrap_or_default();
            pairs.extend(fresh.iter().map(|slot| self.pair(query, *slot)));
            let sure = rule.decisive
                && pairs.iter().any(|pair| pair.total >= self.model.zones.link && !self.is_lowered(pair));
            if sure || pairs.len() >= MOST_PAIRS {
                break;
            }
        }
        pairs
    }

    /// Adds the rows under `keys` that are not in `seen` yet. A key with more rows than `most` tells nothing and is
    /// passed over as a whole: which of its rows were taken would depend on the order of their coming.
    fn gather(&self, keys: Keys, most: usize, seen: &mut Vec<Slot>) {
        for key in keys {
            let single;
            let rows = match self.postings.find(key) {
                Found::One(slot) => {
                    single = [slot];
                    &single[..]
                }
                Found::Several(rows) if rows.len() <= most => rows,
                Found::Nothing | Found::Several(_) => continue,
            };
            for slot in rows {
                if !seen.contains(slot) {
                    seen.push(*slot);
                }
            }
        }
    }

    fn pair(&self, query: &Reading, slot: Slot) -> Pair {
        let columns: SmallVec<[Values; 12]> =
            (0..self.model.columns.len()).map(|column| self.rows.values(self.model, slot, column)).collect();
        let other = |column: usize| columns.get(column).map_or(&[][..], SmallVec::as_slice);
        let mut fields: SmallVec<[FieldOutcome; 12]> = SmallVec::new();
        let (mut matched, mut chance, mut household) = (0.0, 0.0, 0.0);
        for comparison in &self.model.comparisons {
            let empty = &[][..];
            let sides = Sides {
                query: query.column(comparison.column),
                query_cross: comparison.cross.map_or(empty, |cross| query.column(cross)),
                other: other(comparison.column),
                other_cross: comparison.cross.map_or(empty, other),
            };
            let found = compare::outcome(&self.model.characters, comparison, &sides);
            let level = found.and_then(|found| comparison.levels.get(found.level));
            let Some((found, level)) = found.zip(level) else {
                fields.push(FieldOutcome { level: None, implied: false, weight: 0.0 });
                continue;
            };
            let log_chance = self.log_chance(level, found.value);
            let weight = level.log_match - log_chance;
            let implied = weight > 0.0 && is_implied(comparison, &fields);
            if !implied {
                matched += level.log_match;
                chance += log_chance;
                household += level.log_household;
            }
            fields.push(FieldOutcome {
                level: Some(found.level),
                implied,
                weight: if implied { 0.0 } else { weight },
            });
        }
        // −log2(1 + 2^x) with x = log2 of the odds of a household against strangers.
        let odds = self.household_prior + household - chance;
        let household = -(odds.exp2().ln_1p() / std::f64::consts::LN_2);
        Pair { slot, total: self.prior + matched - chance + household, household, fields }
    }

    /// log2 of how often strangers show this level: the model's figure, or how common the value is here.
    fn log_chance(&self, level: &Level, value: &Value) -> f64 {
        let counted = level.frequency.and_then(|place| {
            let rule = self.model.rules.get(place)?;
            let key = keys::counting_key(place, rule.parts.first()?, value)?;
            Some(f64::from(self.postings.count(key, rule.finds)))
        });
        let Some(count) = counted else { return level.chance.log2() };
        let ballast = self.model.prior.ballast_records;
        ((count + ballast * level.chance) / (self.records + ballast)).log2()
    }

    fn guards<'pair>(&self, pair: &'pair Pair) -> impl Iterator<Item = &'index Guard> + use<'index, 'pair> {
        let holds = |(comparison, levels): &(usize, u32)| {
            let level = pair.fields.get(*comparison).and_then(|field| field.level);
            level.is_some_and(|level| is_among(*levels, level))
        };
        self.model.guards.iter().filter(move |guard| guard.when.iter().all(holds))
    }

    fn is_lowered(&self, pair: &Pair) -> bool {
        self.guards(pair).any(|guard| guard.at_most < Zone::Link)
    }

    fn is_raised(&self, pair: &Pair) -> bool {
        self.guards(pair).any(|guard| guard.at_least > Zone::New)
    }

    /// Whether a second candidate stands so near the best that the weights cannot tell which it is, and is another
    /// person: a twin, a namesake. Two rows of one person are no rivals.
    fn has_rival(&self, pairs: &[Pair]) -> bool {
        let [best, rest @ ..] = pairs else { return false };
        if best.total < self.model.zones.link {
            return false;
        }
        let near = rest.iter().take_while(|pair| pair.total > best.total - self.model.zones.rival_margin);
        let mut near = near.filter(|pair| pair.total >= self.model.zones.review).take(MOST_RIVALS).peekable();
        if near.peek().is_none() {
            return false;
        }
        let best_reading = self.rows.reading(self.model, best.slot);
        near.any(|pair| {
            let between = self.pair(&best_reading, pair.slot);
            between.total < self.model.zones.link || self.is_lowered(&between)
        })
    }

    fn worded(&self, pair: &Pair) -> Candidate {
        let fields = self.model.comparisons.iter().zip(&pair.fields).map(|(comparison, field)| {
            let level = match field.level.and_then(|level| comparison.levels.get(level)) {
                None => &self.model.fixed.missing,
                Some(_) if field.implied => &self.model.fixed.implied,
                Some(level) => &level.key,
            };
            FieldWeight { field: comparison.key.clone(), level: level.clone(), weight: field.weight }
        });
        Candidate {
            id: self.rows.id_of(pair.slot),
            total_weight: pair.total,
            probability: 1.0 / (1.0 + (-pair.total).exp2()),
            prior_weight: self.prior,
            household_weight: pair.household,
            fields: fields.collect(),
            guards: self.guards(pair).map(|guard| guard.key.clone()).collect(),
        }
    }
}

/// Most candidates that are weighed against the best one.
const MOST_RIVALS: usize = 4;

/// Whether an earlier comparison's outcome makes this one's agreement follow by itself.
fn is_implied(comparison: &Comparison, before: &[FieldOutcome]) -> bool {
    comparison.implied_by.iter().any(|(place, levels)| {
        before.get(*place).and_then(|field| field.level).is_some_and(|level| is_among(*levels, level))
    })
}
