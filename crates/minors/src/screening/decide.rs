//! What follows from a screening, given what was decided before. Pure.
//!
//! Three rules hold it together. What was known at an earlier decision is no news, under whatever rules: so a lead that
//! was closed as "no risk" does not come back, a second run changes nothing, and new rules alter no old decision. A lead
//! becomes graver by itself, never lighter: that is for a person to say. And nothing is ever withdrawn by itself.
//!
//! What its source took back and gives again is no news, and yet it counts again: for the lead that is open, and after a
//! lead that was dismissed while it was not given, for then nobody weighed it.

use std::collections::BTreeSet;

use base::Severity;
use rules::Ruleset;

use super::model::Found;

/// What was decided before of a person.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The lead that is open.
    pub lead: Option<OpenLead>,
    /// Whether somebody is on it already: a case is open, or a visit of the child's file is planned.
    pub has_case: bool,
    /// All that was known at leads that have ended, and at what was noted at cases; of a lead that was dismissed without a
    /// look at the door, what was still said on that day.
    pub settled: BTreeSet<String>,
}

/// A lead that is open.
#[derive(Debug, Clone)]
pub struct OpenLead {
    /// How grave it is held to be.
    pub severity: Severity,
    /// What it stands on.
    pub used: BTreeSet<String>,
    /// What it stood on before and was no longer said when its points were given.
    pub gone: BTreeSet<String>,
    /// All that was known when its points were given.
    pub known: BTreeSet<String>,
    /// Whether nobody has gone to the child yet.
    pub nobody_has_gone: bool,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Nothing,
    /// A lead is opened.
    Open(Severity),
    /// What is new, or is said again, joins the lead; what is no longer said leaves it at the same time.
    Join {
        /// What is new.
        fresh: BTreeSet<String>,
        /// What the lead had stood on and is said again.
        returned: BTreeSet<String>,
        /// What the lead stood on and is no longer said.
        lost: BTreeSet<String>,
        /// The graver level that it rises to.
        rises_to: Option<Severity>,
        /// Whether what it stands on now reaches no level and nobody was sent yet.
        withdrawable: bool,
    },
    /// The lead stands on less than it did.
    Mark {
        /// What is no longer said.
        lost: BTreeSet<String>,
        /// Whether what is left reaches no level and nobody was sent yet: a person is asked to dismiss it.
        withdrawable: bool,
    },
    /// What is new is noted at the case, or at the next visit of the file.
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
        let returned: BTreeSet<String> = explanation.used.intersection(&lead.gone).cloned().collect();
        let withdrawable = found.level.is_none() && lead.nobody_has_gone;
        if !fresh.is_empty() || !returned.is_empty() {
            let rises_to = found.level.filter(|level| *level > lead.severity);
            return Step::Join { fresh, returned, lost, rises_to, withdrawable };
        }
        if !lost.is_empty() {
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

#[cfg(test)]
mod tests {
    use base::{IndicatorId, Label, PersonId, SourceRowId};
    use uuid::Uuid;

    use super::super::model::{Explanation, Ground, Reason};
    use super::*;

    fn ruleset() -> Ruleset {
        let programs = policy::Programs::load(None).unwrap();
        programs.program(crate::PROGRAM).unwrap().rules.clone()
    }

    fn set(elements: &[&str]) -> BTreeSet<String> {
        elements.iter().map(|&element| element.to_owned()).collect()
    }

    /// What the rules make of these elements, each worth so many points; `also` is known and counts for nothing.
    fn found(parts: &[(&str, i64)], also: &[&str], rules: &Ruleset) -> Found {
        let reasons: Vec<Reason> = parts
            .iter()
            .map(|(element, points)| Reason {
                rule: (*element).to_owned(),
                label: Label::new("甲", "a"),
                points: *points,
                sample: true,
                household_row: None,
                grounds: vec![Ground {
                    indicator: IndicatorId(Uuid::nil()),
                    kind: (*element).to_owned(),
                    day: None,
                    number: None,
                    row: SourceRowId(Uuid::nil()),
                    bearer: None,
                    element: (*element).to_owned(),
                }],
            })
            .collect();
        let points = parts.iter().map(|(_, points)| points).sum();
        let used: BTreeSet<String> = parts.iter().map(|(element, _)| (*element).to_owned()).collect();
        let known = used.iter().cloned().chain(set(also)).collect();
        Found {
            person: PersonId(Uuid::nil()),
            rules_version: "1".to_owned(),
            points,
            level: rules.severity(points),
            explanation: Explanation { reasons, used, known, ..Explanation::default() },
        }
    }

    fn lead(used: &[&str], also: &[&str]) -> Standing {
        let known = set(used).into_iter().chain(set(also)).collect();
        let lead = OpenLead {
            severity: Severity::Low,
            used: set(used),
            gone: BTreeSet::new(),
            known,
            nobody_has_gone: true,
        };
        Standing { lead: Some(lead), ..Standing::default() }
    }

    #[test]
    fn what_reaches_a_level_opens_a_lead_and_what_does_not_opens_none() {
        let rules = ruleset();
        let nobody = Standing::default();
        assert_eq!(
            decide(&found(&[("harm", 80)], &[], &rules), &nobody, &rules),
            Step::Open(Severity::Urgent)
        );
        assert_eq!(decide(&found(&[("migrant", 2)], &[], &rules), &nobody, &rules), Step::Nothing);
    }

    #[test]
    fn what_was_settled_does_not_come_back_nor_with_a_trifle() {
        let rules = ruleset();
        let settled = Standing { settled: set(&["orphan"]), ..Standing::default() };
        assert_eq!(decide(&found(&[("orphan", 40)], &[], &rules), &settled, &rules), Step::Nothing);
        let trifle = found(&[("orphan", 40), ("migrant", 2)], &[], &rules);
        assert_eq!(decide(&trifle, &settled, &rules), Step::Nothing);
        let grave = found(&[("orphan", 40), ("violence", 60)], &[], &rules);
        assert_eq!(decide(&grave, &settled, &rules), Step::Open(Severity::Urgent));
    }

    #[test]
    fn new_rules_on_old_facts_alter_nothing() {
        let rules = ruleset();
        // The lead stood on one fact; another was known and counted for nothing under the rules of that day.
        let standing = lead(&["orphan"], &["migrant"]);
        let now = found(&[("orphan", 40), ("migrant", 30)], &[], &rules);
        assert_eq!(decide(&now, &standing, &rules), Step::Nothing);
        // A rule that ended makes nothing disappear that is still said.
        let now = found(&[], &["orphan", "migrant"], &rules);
        assert_eq!(decide(&now, &standing, &rules), Step::Nothing);
    }

    #[test]
    fn a_lead_becomes_graver_by_itself_and_never_lighter() {
        let rules = ruleset();
        let standing = lead(&["orphan"], &[]);
        let graver = found(&[("orphan", 40), ("violence", 60)], &[], &rules);
        let fresh = set(&["violence"]);
        let none = BTreeSet::new;
        let rises_to = Some(Severity::Urgent);
        let joined = Step::Join { fresh, returned: none(), lost: none(), rises_to, withdrawable: false };
        assert_eq!(decide(&graver, &standing, &rules), joined);
        let less = found(&[], &[], &rules);
        let marked = Step::Mark { lost: set(&["orphan"]), withdrawable: true };
        assert_eq!(decide(&less, &standing, &rules), marked);
    }

    #[test]
    fn what_is_said_again_counts_again_beside_what_is_lost() {
        let rules = ruleset();
        // It stood on harm, which is gone, and stands on being an orphan; both were known.
        let mut standing = lead(&["orphan"], &["harm"]);
        let again = found(&[("harm", 80)], &[], &rules);
        assert_eq!(
            decide(&again, &standing, &rules),
            Step::Mark { lost: set(&["orphan"]), withdrawable: false },
            "what was known and never counted is no return"
        );
        standing.lead.as_mut().unwrap().gone = set(&["harm"]);
        let back = Step::Join {
            fresh: BTreeSet::new(),
            returned: set(&["harm"]),
            lost: set(&["orphan"]),
            rises_to: Some(Severity::Urgent),
            withdrawable: false,
        };
        assert_eq!(decide(&again, &standing, &rules), back);
    }

    #[test]
    fn whoever_is_on_it_already_is_told_instead() {
        let rules = ruleset();
        let standing = Standing { has_case: true, ..Standing::default() };
        let noted = Step::Note { fresh: set(&["harm"]) };
        assert_eq!(decide(&found(&[("harm", 80)], &[], &rules), &standing, &rules), noted);
    }
}
