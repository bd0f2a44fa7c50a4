//! What follows from a screening, given what was decided before. Pure.
//!
//! Three rules hold it together. What was known at an earlier decision is no news, under whatever rules: so a lead that
//! was closed as "no risk" does not come back, a second run changes nothing, and new rules alter no old decision. A lead
//! becomes graver by itself, never lighter: that is for a person to say. And nothing is ever withdrawn by itself.

use std::collections::BTreeSet;

use base::Severity;
use rules::Ruleset;

use super::model::Found;

/// What was decided before of a person.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The lead that is open.
    pub lead: Option<OpenLead>,
    /// Whether a case is open.
    pub has_case: bool,
    /// All that was known at leads that have ended, and at what was noted at cases.
    pub settled: BTreeSet<String>,
}

/// A lead that is open.
#[derive(Debug, Clone)]
pub struct OpenLead {
    /// How grave it is held to be.
    pub severity: Severity,
    /// What it stands on.
    pub used: BTreeSet<String>,
    /// All that was known when its points were given.
    pub known: BTreeSet<String>,
    /// Whether nobody was sent yet.
    pub awaits_dispatch: bool,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Nothing,
    /// A lead is opened.
    Open(Severity),
    /// What is new joins the lead.
    Join {
        /// What is new.
        fresh: BTreeSet<String>,
        /// What the lead stood on and is no longer said.
        lost: BTreeSet<String>,
        /// The graver level that it rises to.
        rises_to: Option<Severity>,
    },
    /// The lead stands on less than it did.
    Mark {
        /// What is no longer said.
        lost: BTreeSet<String>,
        /// Whether what is left reaches no level and nobody was sent yet: a person is asked to dismiss it.
        withdrawable: bool,
    },
    /// What is new is noted at the case.
    Note {
        /// What is new.
        fresh: BTreeSet<String>,
    },
}

/// What follows from `found`.
pub fn decide(found: &Found, standing: &Standing, ruleset: &Ruleset) -> Step {
    let explanation = &found.explanation;
    if let Some(lead) = &standing.lead {
        let fresh: BTreeSet<String> =
            explanation.used.iter().filter(|element| !lead.known.contains(*element)).cloned().collect();
        let lost: BTreeSet<String> =
            lead.used.iter().filter(|element| !explanation.known.contains(*element)).cloned().collect();
        if !fresh.is_empty() {
            let rises_to = found.level.filter(|level| *level > lead.severity);
            return Step::Join { fresh, lost, rises_to };
        }
        if !lost.is_empty() {
            let withdrawable = found.level.is_none() && lead.awaits_dispatch;
            return Step::Mark { lost, withdrawable };
        }
        return Step::Nothing;
    }
    let Some(level) = found.level else { return Step::Nothing };
    let fresh: BTreeSet<String> =
        explanation.used.iter().filter(|element| !standing.settled.contains(*element)).cloned().collect();
    // What is new must carry a lead by itself: two points more are no reason to knock at a door again.
    if fresh.is_empty() || ruleset.severity(explanation.points_on(&fresh)).is_none() {
        return Step::Nothing;
    }
    if standing.has_case { Step::Note { fresh } } else { Step::Open(level) }
}
