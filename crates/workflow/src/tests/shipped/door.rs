//! The check at the door, as the shipped forms ask for it.

use super::*;

/// Answers of somebody who saw a child that is well, with `changes` made.
fn check_with(workflow: &Workflow, changes: &[(&str, &str)]) -> Answers {
    let well = [
        ("seen", "yes"),
        ("at_home", "mother"),
        ("injury", "none"),
        ("manner", "calm"),
        ("spoke_alone", "yes"),
        ("care", "enough"),
        ("school", "attends"),
        ("result", "no_risk"),
    ];
    let is_kept = |key: &str| changes.iter().all(|(changed, _)| *changed != key);
    let pairs: Vec<_> =
        well.into_iter().filter(|(key, _)| is_kept(key)).chain(changes.iter().copied()).collect();
    answers(workflow, "check", &pairs)
}

fn at_the_door(workflow: &Workflow) -> Matter {
    let mut lead = Matter::open(workflow, "lead", None, Severity::Urgent);
    lead.act(workflow, "dispatch", None, SUPERVISOR).unwrap();
    lead.act(workflow, "accept", None, DIRECTOR).unwrap();
    lead
}

#[test]
fn no_risk_against_signs_of_harm_is_asked_back_and_confirmed_by_the_level_above() {
    let workflow = shipped();
    let signs: [&[(&str, &str)]; 5] = [
        &[("injury", "new")],
        &[("manner", "afraid")],
        &[("care", "lacking")],
        &[("seen", "refused")],
        &[("seen", "no"), ("whereabouts", "nobody_home")],
    ];
    for sign in signs {
        let mut lead = at_the_door(&workflow);
        let silent = check_with(&workflow, sign);
        let refusal = lead.act(&workflow, "submit", Some(&silent), DIRECTOR).unwrap_err();
        assert!(
            matches!(&refusal, Refusal::FaultyAnswers(faults) if faults.len() == 1 && faults[0].field == "why_no_risk"),
            "{sign:?}: {refusal:?}"
        );
        let said = [sign, &[("why_no_risk", "昨天骑车摔伤，已就医，母亲在旁")]].concat();
        lead.act(&workflow, "submit", Some(&check_with(&workflow, &said)), DIRECTOR).unwrap();
        assert_eq!((lead.stage.as_str(), lead.level), ("confirm", Some(AreaLevel::Subdistrict)), "{sign:?}");
        assert!(lead.act(&workflow, "confirm", None, DIRECTOR).is_err(), "nobody confirms their own");
        lead.act(&workflow, "confirm", None, SUPERVISOR).unwrap();
        assert_eq!(lead.outcome.as_deref(), Some("no_risk"));
    }
    let mut lead = at_the_door(&workflow);
    lead.act(&workflow, "submit", Some(&check_with(&workflow, &[])), DIRECTOR).unwrap();
    assert_eq!(lead.outcome.as_deref(), Some("no_risk"), "a child that is well ends the lead");
}

#[test]
fn whoever_was_seen_was_found() {
    let workflow = shipped();
    for seen in ["yes", "refused"] {
        let found = check_with(&workflow, &[("seen", seen), ("result", "not_found")]);
        let refusal = at_the_door(&workflow).act(&workflow, "submit", Some(&found), DIRECTOR).unwrap_err();
        assert!(matches!(&refusal, Refusal::Unmet(message) if message.zh.contains("未找到")), "{refusal:?}");
    }
    let gone = check_with(&workflow, &[("seen", "no"), ("whereabouts", "moved"), ("result", "not_found")]);
    let mut lead = at_the_door(&workflow);
    lead.act(&workflow, "submit", Some(&gone), DIRECTOR).unwrap();
    assert_eq!(lead.outcome.as_deref(), Some("not_found"));
}
