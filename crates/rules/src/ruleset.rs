//! The points table of a program: `rules.toml`.

use std::collections::HashMap;

use base::{Day, Label, Severity};

use crate::check::{self, Declared};
use crate::document::{self, Fields};
use crate::facts::FACTS;
use crate::program::{Flag, Number};
use crate::syntax::Refusal;
use crate::{Dated, Fault};

/// The most rules that a file can have.
const MAXIMUM_RULES: usize = 500;
/// The most points, either way, that a rule can give.
const MAXIMUM_POINTS: i64 = 1_000;

/// The rules by which people are screened, checked and ready to be asked.
#[derive(Debug, Clone)]
pub struct Ruleset {
    /// The version that the file declares.
    pub version: String,
    /// The facts that the rules use.
    pub facts: Vec<DeclaredFact>,
    /// The indicators that the rules use.
    pub indicators: Vec<DeclaredIndicator>,
    /// The rules in the order of the file.
    pub rules: Vec<Rule>,
    /// From how many points on a level is reached, the gravest first.
    pub thresholds: Vec<Threshold>,
    /// Whom the rules are for at all.
    pub(crate) applies: Flag,
    kinds: HashMap<String, usize>,
}

/// A fact of a person that rules use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredFact {
    /// Its name in conditions.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
}

/// An indicator that rules use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredIndicator {
    /// Its kind, as feeds name it.
    pub kind: String,
    /// Its name on screen.
    pub label: Label,
    /// Whether it carries a number.
    pub number: bool,
    /// The line of the file that declares it.
    pub line: u32,
}

/// One line of the points table.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name in data, which leads keep.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
    /// Its condition as written.
    pub when: String,
    /// The points that it gives; negative for what protects. With `each`, for each unit of it.
    pub points: i64,
    /// What the points are multiplied by, as written.
    pub each: Option<String>,
    /// The most that the rule can give, either way; with `each` only.
    pub cap: Option<i64>,
    /// Since when, until when, and who says so.
    pub dated: Dated,
    pub(crate) condition: Flag,
    pub(crate) amount: Option<Number>,
}

/// From how many points on a level is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The level.
    pub severity: Severity,
    /// The least points.
    pub at_least: i64,
    /// Since when, and who says so.
    pub dated: Dated,
}

impl Ruleset {
    /// Reads `rules.toml`.
    ///
    /// # Errors
    /// Every fault of the file: its shape, and each condition that is no condition, names what is not declared, or
    /// compares what cannot be compared.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        document::read(text, read)
    }

    /// The rule with this key that holds on `day`.
    pub fn rule(&self, key: &str, day: Day) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.key == key && rule.dated.holds_on(day))
    }

    /// The level that is reached with `points`; `None` below the lowest.
    pub fn severity(&self, points: i64) -> Option<Severity> {
        self.thresholds
            .iter()
            .find(|threshold| points >= threshold.at_least)
            .map(|threshold| threshold.severity)
    }

    /// Place of an indicator's kind in [`Ruleset::indicators`].
    pub(crate) fn kind(&self, kind: &str) -> Option<usize> {
        self.kinds.get(kind).copied()
    }
}

fn read(fields: &Fields<'_>) -> Option<Ruleset> {
    let version = fields.text("version");
    let facts = read_facts(fields);
    let indicators = read_indicators(fields);
    let declared = Declared {
        facts: facts.iter().map(|fact| fact.key.clone()).collect(),
        indicators: indicators.iter().map(|one| (one.kind.clone(), one.number)).collect(),
    };
    let applies =
        fields.text("applies").and_then(|text| noted(fields, "applies", check::condition(&text, &declared)));
    let entries = fields.entries("rule");
    if entries.is_empty() || entries.len() > MAXIMUM_RULES {
        let message = format!("there are {} rules", entries.len());
        fields.fault("rule", message, format!("Write from 1 to {MAXIMUM_RULES} tables [[rule]]"));
    }
    let rules: Vec<Option<Rule>> =
        entries.iter().take(MAXIMUM_RULES).map(|entry| read_rule(entry, &declared)).collect();
    refuse_overlaps(&entries, &rules);
    let thresholds = read_thresholds(fields);
    let kinds = indicators.iter().enumerate().map(|(place, one)| (one.kind.clone(), place)).collect();
    Some(Ruleset {
        version: version?,
        facts,
        indicators,
        rules: rules.into_iter().collect::<Option<_>>()?,
        thresholds: thresholds?,
        applies: applies?,
        kinds,
    })
}

fn read_facts(fields: &Fields<'_>) -> Vec<DeclaredFact> {
    let entries = fields.entries("fact");
    let offered: Vec<(&str, String)> = FACTS.iter().map(|(name, _)| (*name, (*name).to_owned())).collect();
    let read = entries.iter().filter_map(|entry| {
        let (key, label) = (entry.choice("key", &offered), entry.label("label"));
        entry.finish();
        Some((DeclaredFact { key: key?, label: label? }, entry.line_of("key")))
    });
    let read: Vec<(DeclaredFact, u32)> = read.collect();
    fields.refuse_twins("fact", read.iter().map(|(fact, line)| (fact.key.as_str(), *line)));
    read.into_iter().map(|(fact, _)| fact).collect()
}

fn read_indicators(fields: &Fields<'_>) -> Vec<DeclaredIndicator> {
    let entries = fields.entries("indicator");
    let read = entries.iter().filter_map(|entry| {
        let (kind, label, number) = (entry.key("kind"), entry.label("label"), entry.flag("number"));
        entry.finish();
        Some(DeclaredIndicator { kind: kind?, label: label?, number, line: entry.line_of("kind") })
    });
    let read: Vec<DeclaredIndicator> = read.collect();
    fields.refuse_twins("indicator", read.iter().map(|one| (one.kind.as_str(), one.line)));
    read
}

fn read_rule(entry: &Fields<'_>, declared: &Declared) -> Option<Rule> {
    let (key, label, when) = (entry.key("key"), entry.label("label"), entry.text("when"));
    let points = entry.integer("points", -MAXIMUM_POINTS..=MAXIMUM_POINTS);
    let each = entry.optional_text("each");
    let cap = entry.optional_integer("cap", 1..=MAXIMUM_POINTS);
    let dated = entry.dated();
    entry.finish();
    if points == Some(0) {
        entry.fault("points", "the rule gives no points", "Give it points, or remove it");
    }
    if each.is_some() != cap.is_some() {
        let mend = "Write both (points for each, up to cap), or neither";
        entry.fault(if each.is_some() { "each" } else { "cap" }, "`each` and `cap` belong together", mend);
    }
    let condition = when.as_deref().and_then(|text| noted(entry, "when", check::condition(text, declared)));
    let amount = each.as_deref().map(|text| noted(entry, "each", check::amount(text, declared)));
    Some(Rule {
        key: key?,
        label: label?,
        when: when?,
        points: points?,
        each,
        cap,
        dated: dated?,
        condition: condition?,
        // An `each` that is wrong has been noted; without one there is none.
        amount: amount.flatten(),
    })
}

/// What was checked, or each refusal noted at its line of the field `name`.
fn noted<T>(fields: &Fields<'_>, name: &'static str, checked: Result<T, Vec<Refusal>>) -> Option<T> {
    match checked {
        Ok(value) => Some(value),
        Err(refusals) => {
            for refusal in refusals {
                fields.fault_at(fields.line_inside(name, refusal.row), refusal.message, refusal.mend);
            }
            None
        }
    }
}

/// A rule may stand there again for another period, so that its points can change; on one day it holds once.
fn refuse_overlaps(entries: &[Fields<'_>], rules: &[Option<Rule>]) {
    for (place, (entry, rule)) in entries.iter().zip(rules).enumerate() {
        let Some(rule) = rule else { continue };
        let earlier = rules.iter().take(place).flatten();
        if earlier.filter(|other| other.key == rule.key).any(|other| other.dated.overlaps(&rule.dated)) {
            let message = format!("the rule `{}` holds twice on the same day", rule.key);
            entry.fault("key", message, "Give each rule its own key, or end the earlier one with `until`");
        }
    }
}

fn read_thresholds(fields: &Fields<'_>) -> Option<Vec<Threshold>> {
    let entries = fields.entries("threshold");
    let read = entries.iter().map(|entry| {
        let (severity, at_least) =
            (entry.severity("severity"), entry.integer("at_least", 1..=MAXIMUM_POINTS));
        let dated = entry.dated();
        entry.finish();
        Some(Threshold { severity: severity?, at_least: at_least?, dated: dated? })
    });
    let mut thresholds: Vec<Threshold> = read.collect::<Vec<_>>().into_iter().collect::<Option<_>>()?;
    thresholds.sort_by_key(|threshold| std::cmp::Reverse(threshold.severity));
    let each_once = thresholds.iter().map(|threshold| threshold.severity).eq(Severity::ALL);
    let falling = thresholds.windows(2).all(|pair| match pair {
        [graver, lesser] => graver.at_least > lesser.at_least,
        _ => true,
    });
    if !each_once || !falling {
        let mend = "Write one [[threshold]] for each of `urgent`, `high`, `medium`, `low`, each lower than the one before";
        fields.fault("threshold", "the thresholds do not fall from level to level", mend);
    }
    Some(thresholds)
}

#[cfg(test)]
mod tests;
