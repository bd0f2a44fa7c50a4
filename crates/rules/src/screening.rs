//! Screening: what the rules make of one person.
//!
//! A screening is a proposal to look, never a finding: a person confirms before anybody is visited (design §1.3).

use base::{Day, IndicatorId, Label, Severity, SourceRowId};

use crate::evaluate::{Deaf, Prepared, Trace, Used};
use crate::{Facts, Rule, Ruleset};

/// What the rules make of one person, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screening {
    /// The version of the rules.
    pub version: String,
    /// The sum of the points; never below zero.
    pub points: i64,
    /// The level that the points reach; `None` below the lowest, and no lead follows.
    pub severity: Option<Severity>,
    /// Each rule that counted, in the order of the file.
    pub hits: Vec<Hit>,
}

/// A rule that counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule's key.
    pub rule: String,
    /// The rule's name on screen.
    pub label: Label,
    /// The points that it gave.
    pub points: i64,
    /// Whether the points are the product's own.
    pub sample: bool,
    /// The indicators that it rests on; none for a rule on age and household alone.
    pub indicators: Vec<UsedIndicator>,
}

/// An indicator that a hit rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedIndicator {
    /// The indicator.
    pub id: IndicatorId,
    /// The source row that says it.
    pub source: SourceRowId,
}

/// Points and level without the reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grade {
    /// The sum of the points; never below zero.
    pub points: i64,
    /// The level that the points reach, if any.
    pub severity: Option<Severity>,
}

/// The rules in force on one day: made once, asked for every person.
#[derive(Debug, Clone)]
pub struct InForce<'a> {
    ruleset: &'a Ruleset,
    rules: Vec<&'a Rule>,
    today: Day,
}

/// What the rules in force on `today` make of one person.
pub fn evaluate(ruleset: &Ruleset, facts: &Facts, today: Day) -> Screening {
    ruleset.on(today).evaluate(facts)
}

impl Ruleset {
    /// The rules in force on `today`.
    pub fn on(&self, today: Day) -> InForce<'_> {
        let rules = self.rules.iter().filter(|rule| rule.dated.holds_on(today)).collect();
        InForce { ruleset: self, rules, today }
    }
}

impl InForce<'_> {
    /// Points and level of one person, with every reason.
    pub fn evaluate(&self, facts: &Facts) -> Screening {
        let prepared = self.prepared(facts);
        let mut hits = Vec::new();
        if self.applies(&prepared) {
            for rule in &self.rules {
                let mut used = Used::default();
                if let Some(points) = points_of(rule, &prepared, &mut used) {
                    hits.push(hit(rule, points, facts, &used));
                }
            }
        }
        let points = hits.iter().map(|hit| hit.points).sum::<i64>().max(0);
        let version = self.ruleset.version.clone();
        Screening { version, points, severity: self.ruleset.severity(points), hits }
    }

    /// Points and level of one person: the same as [`InForce::evaluate`], without the reasons and many times as fast.
    pub fn grade(&self, facts: &Facts) -> Grade {
        let prepared = self.prepared(facts);
        if !self.applies(&prepared) {
            return Grade::default();
        }
        let sum: i64 = self.rules.iter().filter_map(|rule| points_of(rule, &prepared, &mut Deaf)).sum();
        let points = sum.max(0);
        Grade { points, severity: self.ruleset.severity(points) }
    }

    fn prepared<'f>(&self, facts: &'f Facts) -> Prepared<'f> {
        Prepared::new(facts, self.today, |kind| self.ruleset.kind(kind))
    }

    fn applies(&self, prepared: &Prepared<'_>) -> bool {
        self.ruleset.applies.holds(prepared, &mut Deaf) == Some(true)
    }
}

/// The points that a rule gives; `None` when it does not hold, when that is not known, or when it gives none.
fn points_of<T: Trace>(rule: &Rule, prepared: &Prepared<'_>, trace: &mut T) -> Option<i64> {
    rule.condition.holds(prepared, trace).filter(|holds| *holds)?;
    let points = match (&rule.amount, rule.cap) {
        (Some(amount), Some(cap)) => {
            let times = amount.value(prepared, trace)?.max(0);
            rule.points.saturating_mul(times).clamp(-cap, cap)
        }
        _ => rule.points,
    };
    (points != 0).then_some(points)
}

fn hit(rule: &Rule, points: i64, facts: &Facts, used: &Used) -> Hit {
    let indicators = used.0.iter().filter_map(|place| facts.indicators.get(*place));
    Hit {
        rule: rule.key.clone(),
        label: rule.label.clone(),
        points,
        sample: rule.dated.sample,
        indicators: indicators.map(|one| UsedIndicator { id: one.id, source: one.source }).collect(),
    }
}

#[cfg(test)]
mod tests;
