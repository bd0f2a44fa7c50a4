//! What is kept of a screening: the decision with its reasons, and what a lead stands on.

use std::collections::BTreeSet;

use base::{DeliveryId, IndicatorId, Label, MatterId, Moment, PersonId, Severity, SourceRowId};
use rules::{Bearer, Facts, IndicatorFact, Ruleset, Screening};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::place::Placed;

/// Why a person has the points that they have. Sealed; never changed once it is written, so that a rule that changes
/// later alters no decision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Explanation {
    /// The rules that counted, in the order of the rules.
    pub reasons: Vec<Reason>,
    /// From how many points on each level is reached, the gravest first, and whether the figure is the product's own.
    pub thresholds: Vec<(Severity, i64, bool)>,
    /// What the reasons rest on, as [`element`] writes it.
    pub used: BTreeSet<String>,
    /// All that was known when the rules were asked, whether it counted or not: what comes back unchanged is no news,
    /// under whatever rules.
    pub known: BTreeSet<String>,
    /// What told the community of the lead, where the child's own address did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed: Option<Placed>,
    /// Reasons that the lead stood on and whose source no longer gives them: they stay to be read, and count for nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<Retired>,
}

/// A reason that a source gave and gives no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// The reason as it was.
    pub reason: Reason,
    /// Since when it is not given.
    pub since: Moment,
}

/// One rule that counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Key of the rule.
    pub rule: String,
    /// Its name.
    pub label: Label,
    /// Its points.
    pub points: i64,
    /// Whether the points are the product's own.
    pub sample: bool,
    /// The indicators that it rests on. Of a rule about the household there are none.
    pub grounds: Vec<Ground>,
    /// The row that says with whom the person lives, for a rule about the household.
    pub household_row: Option<SourceRowId>,
}

/// An indicator that a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its kind.
    pub kind: String,
    /// Its day as text, 2024-11-14, if it has one.
    pub day: Option<String>,
    /// Its number, if it has one.
    pub number: Option<i64>,
    /// The row that says so.
    pub row: SourceRowId,
    /// Of whom it is said; `None` is the child.
    pub bearer: Option<PersonId>,
    /// What it is known by, as [`element`] writes it.
    pub element: String,
}

impl Ground {
    fn of(indicator: &IndicatorFact) -> Self {
        Self {
            indicator: indicator.id,
            kind: indicator.kind.clone(),
            day: indicator.day.map(|day| day.to_string()),
            number: indicator.number,
            row: indicator.source,
            bearer: match indicator.bearer {
                Bearer::Person => None,
                Bearer::Guardian(person) | Bearer::Household(person) => Some(person),
            },
            element: element(indicator),
        }
    }
}

/// What an indicator is known by, whichever version of whichever row says it: of whom, what, when, how much. A row that
/// is corrected in another column brings the same element again.
pub fn element(indicator: &IndicatorFact) -> String {
    let of = match indicator.bearer {
        Bearer::Person => "self".to_owned(),
        Bearer::Guardian(person) | Bearer::Household(person) => person.to_string(),
    };
    let day = indicator.day.map(|day| day.to_string()).unwrap_or_default();
    let number = indicator.number.map(|number| number.to_string()).unwrap_or_default();
    format!("{of}|{}|{day}|{number}", indicator.kind)
}

/// What a household is known by: the counts that rules ask for.
fn home_element(facts: &Facts) -> String {
    let guardians = facts.guardians.unwrap_or(-1);
    facts.household.map_or_else(
        || format!("home|unknown|{guardians}"),
        |home| {
            format!("home|{}|{}|{}|{}|{guardians}", home.parents, home.adults, home.elders, home.strangers)
        },
    )
}

impl Explanation {
    /// The reasons of `screening`, which the rules gave for `facts`. `household_row` says with whom the person lives.
    pub fn of(
        screening: &Screening,
        facts: &Facts,
        ruleset: &Ruleset,
        household_row: Option<SourceRowId>,
    ) -> Self {
        let home = home_element(facts);
        let mut known: BTreeSet<String> = facts.indicators.iter().map(element).collect();
        known.insert(home.clone());
        let mut used = BTreeSet::new();
        let reasons = screening.hits.iter().map(|hit| {
            let grounds = hit
                .indicators
                .iter()
                .filter_map(|used| facts.indicators.iter().find(|indicator| indicator.id == used.id));
            let grounds: Vec<Ground> = grounds.map(Ground::of).collect();
            if grounds.is_empty() {
                used.insert(home.clone());
            }
            used.extend(grounds.iter().map(|ground| ground.element.clone()));
            Reason {
                rule: hit.rule.clone(),
                label: hit.label.clone(),
                points: hit.points,
                sample: hit.sample,
                household_row: household_row.filter(|_| grounds.is_empty()),
                grounds,
            }
        });
        let reasons = reasons.collect();
        let thresholds = ruleset.thresholds.iter();
        let thresholds = thresholds.map(|one| (one.severity, one.at_least, one.dated.sample)).collect();
        Self { reasons, thresholds, used, known, placed: None, retired: Vec::new() }
    }

    /// The grounds of all reasons, each indicator once.
    pub fn grounds(&self) -> Vec<&Ground> {
        let mut seen = BTreeSet::new();
        let all = self.reasons.iter().flat_map(|reason| &reason.grounds);
        all.filter(|ground| seen.insert(ground.indicator)).collect()
    }

    /// Whether a rule of this key counts.
    pub fn counts(&self, rule: &str) -> bool {
        self.reasons.iter().any(|reason| reason.rule == rule)
    }

    /// The reasons that count no longer in `now` since something that they rest on is not said any more. A reason that a
    /// rule no longer counts, although all of it is still said, is none of them.
    pub fn lost_in<'a>(&'a self, now: &'a Self) -> impl Iterator<Item = &'a Reason> {
        let is_lost = move |reason: &&Reason| {
            if now.counts(&reason.rule) {
                return false;
            }
            if reason.grounds.is_empty() {
                let home = self.used.iter().find(|element| element.starts_with("home|"));
                return home.is_some_and(|home| !now.known.contains(home));
            }
            reason.grounds.iter().any(|ground| !now.known.contains(&ground.element))
        };
        self.reasons.iter().filter(is_lost)
    }

    /// The reasons that are retired when `now` takes the place of this, at the time `at`. One that counts again is none.
    pub fn retired_in(&self, now: &Self, at: Moment) -> Vec<Retired> {
        let before = self.retired.iter().filter(|one| !now.counts(&one.reason.rule)).cloned();
        let lost = self.lost_in(now).map(|reason| Retired { reason: reason.clone(), since: at });
        before.chain(lost).collect()
    }

    /// The points of the reasons that rest on one of `elements` at least.
    pub fn points_on(&self, elements: &BTreeSet<String>) -> i64 {
        let home = self.used.iter().find(|element| element.starts_with("home|"));
        let rests = |reason: &&Reason| {
            if reason.grounds.is_empty() {
                home.is_some_and(|home| elements.contains(home))
            } else {
                reason.grounds.iter().any(|ground| elements.contains(&ground.element))
            }
        };
        self.reasons.iter().filter(rests).map(|reason| reason.points).sum()
    }
}

/// What the rules make of one person now.
#[derive(Debug, Clone)]
pub struct Found {
    /// The person.
    pub person: PersonId,
    /// The version of the rules.
    pub rules_version: String,
    /// The points.
    pub points: i64,
    /// The level that they reach.
    pub level: Option<Severity>,
    /// Why.
    pub explanation: Explanation,
}

/// What a screening led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A lead was opened.
    Opened,
    /// What was new joined the lead that was open.
    Joined,
    /// What the open lead had stood on is said again.
    Returned,
    /// Something that the open lead stood on is no longer said.
    Marked,
    /// What was new was noted at the case that was open.
    Noted,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::Opened, Self::Joined, Self::Returned, Self::Marked, Self::Noted];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Joined => "joined",
            Self::Returned => "returned",
            Self::Marked => "marked",
            Self::Noted => "noted",
        }
    }

    /// The outcome with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// One screening that led to something, as it is kept for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreeningRecord {
    /// Its id.
    pub id: Uuid,
    /// The person.
    pub person: PersonId,
    /// The lead or case that it opened or joined.
    pub matter: MatterId,
    /// The delivery after which it was made; `None` when rows were moved by hand.
    pub delivery: Option<DeliveryId>,
    /// When.
    pub at: Moment,
    /// The version of the rules.
    pub rules_version: String,
    /// The points.
    pub points: i64,
    /// The level that they reach.
    pub level: Option<Severity>,
    /// What it led to.
    pub outcome: Outcome,
    /// Why; sealed.
    pub explanation: Explanation,
}

/// What a lead says of itself beside the matter: its present points and reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadDetail {
    /// The matter.
    pub matter: MatterId,
    /// The child.
    pub person: PersonId,
    /// The present points.
    pub points: i64,
    /// The version of the rules that gave them.
    pub rules_version: String,
    /// When they were given.
    pub screened_at: Moment,
    /// Since when what it stands on no longer reaches any level: a person is asked whether to dismiss it.
    pub withdrawable_since: Option<Moment>,
    /// Why; sealed.
    pub explanation: Explanation,
}

/// What a lead stands on, or stood on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadIndicator {
    /// Its id.
    pub id: Uuid,
    /// The lead.
    pub matter: MatterId,
    /// The indicator.
    pub indicator: IndicatorId,
    /// The row that says so.
    pub row: SourceRowId,
    /// When it joined the lead.
    pub joined_at: Moment,
    /// When it was no longer said, if so. It stays: marked, never deleted.
    pub ended_at: Option<Moment>,
    /// The ground itself; sealed.
    pub ground: Ground,
}
