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

/// The level of a lead, what speaks for it, what the door says, and whether one person may end it so.
type Ending<'a> = (Severity, &'a [&'a str], &'a [(&'a str, &'a str)], bool);

#[test]
fn signs_among_the_grounds_take_a_second_look_whatever_ends_the_lead() {
    let workflow = shipped();
    let not_found = [("seen", "no"), ("whereabouts", "nobody_home"), ("result", "not_found")];
    let cases: [Ending<'_>; 6] = [
        (Severity::Medium, &["absence"], &[], true),
        (Severity::Urgent, &[], &[], true),
        (Severity::Medium, &["absence", "sibling_harmed"], &[], false),
        (Severity::Medium, &["absence"], &not_found, true),
        (Severity::High, &["violence"], &not_found, false),
        (Severity::Urgent, &[], &not_found, false),
    ];
    for (severity, grounds, said, alone) in cases {
        let mut lead = at_the_door(&workflow);
        lead.severity = severity;
        lead.grounds = grounds.iter().map(|key| (*key).to_owned()).collect();
        lead.act(&workflow, "submit", Some(&check_with(&workflow, said)), DIRECTOR).unwrap();
        assert_eq!(lead.outcome.is_some(), alone, "{severity:?} {grounds:?} {said:?}");
        let outcome = if said.is_empty() { "no_risk" } else { "not_found" };
        if !alone {
            assert_eq!((lead.stage.as_str(), lead.level), ("confirm", Some(AreaLevel::Subdistrict)));
            lead.act(&workflow, "confirm", None, SUPERVISOR).unwrap();
        }
        assert_eq!(lead.outcome.as_deref(), Some(outcome), "{severity:?} {grounds:?}");
    }
}

#[test]
fn a_second_look_finds_difficulty_where_the_check_found_none() {
    let workflow = shipped();
    for (needed, opens) in [("yes", vec![Effect::Opens("case".into())]), ("no", vec![])] {
        let mut lead = at_the_door(&workflow);
        lead.grounds = vec!["harm".to_owned()];
        lead.act(&workflow, "submit", Some(&check_with(&workflow, &[])), DIRECTOR).unwrap();
        let found = [("category", "guardianship"), ("case_needed", needed), ("why", "老师照片上有新伤")];
        let found = answers(&workflow, "second_look", &found);
        assert!(lead.act(&workflow, "in_difficulty", Some(&found), DIRECTOR).is_err(), "a level above looks");
        let effects = lead.act(&workflow, "in_difficulty", Some(&found), SUPERVISOR).unwrap();
        assert_eq!(lead.outcome.as_deref(), Some("in_difficulty"));
        let opened: Vec<_> = effects.iter().filter(|one| matches!(one, Effect::Opens(_))).cloned().collect();
        assert_eq!(opened, opens);
        assert!(effects.contains(&Effect::Emits("open_file".into())));
    }
}

#[test]
fn an_urgent_lead_or_case_is_not_turned_down_by_one_person() {
    let workflow = shipped();
    for (kind, from, turn_down, second) in
        [("lead", None, "dismiss", "confirm_dismissal"), ("case", Some("lead"), "decline", "confirm_decline")]
    {
        let mut mild = Matter::open(&workflow, kind, from, Severity::High);
        mild.act(&workflow, turn_down, None, SUPERVISOR).unwrap();
        assert!(mild.outcome.is_some(), "{kind}");
        let mut grave = Matter::open(&workflow, kind, from, Severity::Urgent);
        grave.act(&workflow, turn_down, None, SUPERVISOR).unwrap();
        assert_eq!((grave.stage.as_str(), grave.level), (second, Some(AreaLevel::District)));
        assert!(grave.act(&workflow, "confirm", None, SUPERVISOR).is_err(), "nobody confirms their own");
        grave.act(&workflow, "confirm", None, DISTRICT).unwrap();
        assert!(grave.outcome.is_some(), "{kind}");
    }
    let mut lead = Matter::open(&workflow, "lead", None, Severity::High);
    lead.grounds = vec!["violence".to_owned()];
    lead.act(&workflow, "dismiss", None, SUPERVISOR).unwrap();
    assert_eq!(lead.stage, "confirm_dismissal", "a sign among its grounds");
    lead.act(&workflow, "send_back", None, DISTRICT).unwrap();
    assert_eq!(lead.stage, "dispatch");
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
    lead.severity = Severity::High;
    lead.act(&workflow, "submit", Some(&gone), DIRECTOR).unwrap();
    assert_eq!(lead.outcome.as_deref(), Some("not_found"));
}
