//! Who could hold a stage of the shipped workflow, and what becomes of what a department could not do.

use super::*;

/// What a department could not do, or only in part, is no success, and is whoever sent it's to settle.
#[test]
fn what_a_department_could_not_do_is_not_done() {
    let workflow = shipped();
    for (result, stage) in [("solved", "ended"), ("partly", "undone"), ("impossible", "undone")] {
        let mut referral = Matter::open(&workflow, "referral", Some("case"), Severity::High);
        referral.stage = "handling".into();
        let said = [("result", result), ("what", "孩子不在本区就读，查无学籍"), ("done_on", "2026-11-24")];
        let act = Act::Take {
            action: "finish",
            answers: Some(&answers(&workflow, "referral_result", &said)),
            reason: None,
            holder: None,
        };
        let contact = contact();
        let decision =
            decide(&workflow, &referral.state(), &act, &contact, now(), &WorkCalendar::shipped()).unwrap();
        referral.apply(&decision.effects);
        assert_eq!(referral.stage, stage, "{result}");
        assert_eq!(referral.outcome.as_deref(), (result == "solved").then_some("done"));
        if stage == "undone" {
            let wanted = decision.effects.iter().find_map(|effect| match effect {
                Effect::Entered(entered) => Some(&entered.holder),
                _ => None,
            });
            assert_eq!(wanted, Some(&HolderWanted::Opener));
            let can = offers(&workflow, &referral.state(), &actor(SUPERVISOR)).into_iter();
            let can = can.filter(|(_, refusal)| refusal.is_none()).map(|(action, _)| action.key.as_str());
            assert_eq!(can.collect::<Vec<_>>(), ["cover", "drop"], "sending it again is taken with that");
            let reason = Act::Take { action: "drop", answers: None, reason: Some("短"), holder: None };
            let at = (now(), WorkCalendar::shipped());
            let short = decide(&workflow, &referral.state(), &reason, &actor(SUPERVISOR), at.0, &at.1);
            assert_eq!(short, Err(Refusal::NeedsReason(10)), "dropping it is said why");
        }
    }
}

const CITY: (u128, &str, AreaLevel) = (4, "city_officer", AreaLevel::City);

/// Over every stage of every kind, and whoever brought the matter there: a post that could hold it has an action there
/// that it may take, and one of the ladder or of a department always could.
#[test]
fn whoever_could_hold_a_stage_can_act_in_it_and_somebody_always_could() {
    let workflow = shipped();
    let ladder = [DIRECTOR, SUPERVISOR, DISTRICT, CITY];
    for kind in workflow.kinds() {
        for stage in kind.stages.values().filter(|stage| !stage.ends()) {
            for bringer in [None, Some(DIRECTOR), Some(SUPERVISOR), Some(DISTRICT), Some(CITY)] {
                let mut matter = Matter::open(&workflow, "case", Some("lead"), Severity::High);
                matter.stage = stage.key.clone();
                matter.entered_by = bringer.map(|who| actor(who).account);
                matter.entered_level = bringer.map(|who| who.2);
                let arrival = Arrival { by: matter.entered_by, level: matter.entered_level };
                let mut holders = Vec::new();
                for who in ladder {
                    let accounts = [actor(who).account];
                    let candidate = Candidate { role: who.1, level: Some(who.2), accounts: &accounts };
                    if stage.hold(arrival, &candidate) != Hold::Whole {
                        continue;
                    }
                    matter.level = Some(who.2);
                    let state = MatterState { kind: &kind.key, ..matter.state() };
                    let mut can = offers(&workflow, &state, &actor(who)).into_iter();
                    let acts = can.any(|(action, refusal)| {
                        refusal.is_none() && !action.names_holder && !action.raises_alarm()
                    });
                    assert!(acts, "{} could hold {} {} and do nothing", who.1, kind.key, stage.key);
                    holders.push(who.1);
                }
                let contact = Candidate { role: "department_contact", level: None, accounts: &[] };
                let is_departments = stage.hold(arrival, &contact) == Hold::Whole;
                // Nobody but the city itself stands above the city, and a request is decided on by somebody else.
                let is_own = bringer == Some(CITY);
                assert!(
                    !holders.is_empty() || is_departments || is_own,
                    "{} {} comes to nobody from {bringer:?}",
                    kind.key,
                    stage.key
                );
            }
        }
    }
    let closure = workflow.stage("case", "closure").unwrap();
    let asked = Arrival { by: Some(actor(SUPERVISOR).account), level: Some(AreaLevel::Subdistrict) };
    let held = |who: (u128, &str, AreaLevel), arrival: Arrival| {
        let accounts = [actor((who.0, "", who.2)).account];
        closure.hold(arrival, &Candidate { role: who.1, level: Some(who.2), accounts: &accounts })
    };
    assert_eq!(held(SUPERVISOR, asked), Hold::Nothing, "whoever asked does not decide");
    assert_eq!(held(DISTRICT, asked), Hold::Whole);
    let stood_in = Arrival { by: Some(actor(DISTRICT).account), ..asked };
    assert_eq!(held(DISTRICT, stood_in), Hold::Nothing, "nor from another post of the same person");
    assert_eq!(held(CITY, stood_in), Hold::Whole);
    let from_district = Arrival { level: Some(AreaLevel::District), ..asked };
    assert_eq!(held(DISTRICT, from_district), Hold::Nothing, "nor somebody of the same level");
}

#[test]
fn whoever_asked_for_closure_may_not_approve_even_a_level_up() {
    let workflow = shipped();
    let mut case = Matter::open(&workflow, "case", Some("lead"), Severity::Low);
    case.stage = "closure".into();
    case.level = Some(AreaLevel::District);
    case.entered_by = Some(actor(DISTRICT).account);
    case.entered_level = Some(AreaLevel::Subdistrict);
    assert_eq!(case.act(&workflow, "approve", None, DISTRICT), Err(Refusal::SamePerson));
    case.entered_by = None;
    case.entered_level = Some(AreaLevel::District);
    assert_eq!(case.act(&workflow, "approve", None, DISTRICT), Err(Refusal::NotAbove));
}
