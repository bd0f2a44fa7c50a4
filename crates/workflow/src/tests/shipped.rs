//! The shipped program for minors: its files are sound, and a lead and a case run through them as the field expects.

use std::collections::BTreeMap;

use crate::{
    Act, ActorFacts, Answer, Answers, Arrival, Candidate, Child, Clock, Effect, Entered, Forms, Hold,
    HolderWanted, MatterState, Refusal, Workflow, decide, offers, open, regrade, tick, warnings,
};
use base::{AccountId, AreaLevel, Day, Moment, PostId, Severity, WorkCalendar};
use uuid::Uuid;

mod door;
mod holding;

fn shipped() -> Workflow {
    let forms = Forms::parse(include_str!("../../../../programs/minors/forms.toml")).unwrap();
    Workflow::parse(include_str!("../../../../programs/minors/workflow.toml"), forms).unwrap()
}

/// Tuesday 24 November 2026, ten in the morning.
fn now() -> Moment {
    "2026-11-24".parse::<Day>().unwrap().start().plus_hours(10)
}

fn post(number: u128) -> PostId {
    PostId(Uuid::from_u128(number))
}

/// A matter in memory: what a store would keep of it.
struct Matter {
    kind: &'static str,
    opened_from: Option<&'static str>,
    grounds: Vec<String>,
    stage: String,
    severity: Severity,
    level: Option<AreaLevel>,
    clock: Option<Clock>,
    answers: BTreeMap<String, Answers>,
    entered_by: Option<AccountId>,
    entered_level: Option<AreaLevel>,
    children: Vec<Child>,
    born: Option<Day>,
    outcome: Option<String>,
}

const DIRECTOR: (u128, &str, AreaLevel) = (1, "child_director", AreaLevel::Community);
const SUPERVISOR: (u128, &str, AreaLevel) = (2, "child_supervisor", AreaLevel::Subdistrict);
const DISTRICT: (u128, &str, AreaLevel) = (3, "district_officer", AreaLevel::District);

fn actor(who: (u128, &'static str, AreaLevel)) -> ActorFacts<'static> {
    ActorFacts {
        account: AccountId(Uuid::from_u128(100 + who.0)),
        post: post(who.0),
        role: who.1,
        level: Some(who.2),
        covers: true,
    }
}

fn holder_of(level: AreaLevel) -> PostId {
    match level {
        AreaLevel::Community => post(1),
        AreaLevel::Subdistrict => post(2),
        AreaLevel::District => post(3),
        AreaLevel::City => post(4),
    }
}

/// A department's contact, who stands beside the ladder.
fn contact() -> ActorFacts<'static> {
    ActorFacts { post: post(9), role: "department_contact", level: None, covers: false, ..actor(DIRECTOR) }
}

impl Matter {
    fn open(
        workflow: &Workflow,
        kind: &'static str,
        opened_from: Option<&'static str>,
        severity: Severity,
    ) -> Self {
        let mut matter = Self {
            kind,
            opened_from,
            grounds: Vec::new(),
            stage: String::new(),
            severity,
            level: None,
            clock: None,
            answers: BTreeMap::new(),
            entered_by: None,
            entered_level: None,
            children: Vec::new(),
            born: None,
            outcome: None,
        };
        let entered = open(workflow, &matter.state(), None, now(), &WorkCalendar::shipped()).unwrap();
        matter.enter(entered);
        matter
    }

    fn state(&self) -> MatterState<'_> {
        MatterState {
            kind: self.kind,
            stage: &self.stage,
            severity: self.severity,
            holder: self.level.map_or(post(9), holder_of),
            holder_level: self.level,
            opener: None,
            grounds: &self.grounds,
            opened_from: self.opened_from,
            clock: self.clock.as_ref(),
            answers: &self.answers,
            entered_by: self.entered_by,
            entered_level: self.entered_level,
            children: &self.children,
            born: self.born,
        }
    }

    fn enter(&mut self, entered: Entered) {
        match entered.holder {
            HolderWanted::Role { level, .. } => self.level = Some(level),
            HolderWanted::Organisation => self.level = None,
            HolderWanted::Named { level, .. } => self.level = level.or(self.level),
            HolderWanted::Keep | HolderWanted::Opener => {}
        }
        self.stage = entered.stage;
        self.clock = Some(entered.clock);
    }

    fn apply(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect.clone() {
                Effect::Answered { form, filled } => {
                    self.answers.insert(form, filled.answers);
                }
                Effect::Graded(severity) => self.severity = severity,
                Effect::Entered(entered) => self.enter(entered),
                Effect::Closed { stage, outcome } => {
                    self.stage = stage;
                    self.outcome = Some(outcome);
                    self.clock = None;
                }
                Effect::Clock(clock) => self.clock = Some(clock),
                _ => {}
            }
        }
    }

    fn act(
        &mut self,
        workflow: &Workflow,
        action: &str,
        answers: Option<&Answers>,
        who: (u128, &'static str, AreaLevel),
    ) -> Result<Vec<Effect>, Refusal> {
        let reason = Some("情况已经核实，理由充分，同意办理");
        let act = Act::Take { action, answers, reason, holder: None };
        let actor = actor(who);
        let decision = decide(workflow, &self.state(), &act, &actor, now(), &WorkCalendar::shipped())?;
        self.apply(&decision.effects);
        self.entered_by = Some(actor.account);
        self.entered_level = actor.level;
        Ok(decision.effects)
    }
}

fn answers(workflow: &Workflow, form: &str, pairs: &[(&str, &str)]) -> Answers {
    let pairs: Vec<_> = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (answers, faults) = workflow.forms.get(form).unwrap().read_pairs(&pairs);
    assert_eq!(faults, []);
    answers
}

#[test]
fn the_shipped_files_are_sound_and_the_check_is_short() {
    let workflow = shipped();
    let kinds: Vec<_> = workflow.kinds().map(|kind| (kind.key.as_str(), kind.steps().count())).collect();
    assert_eq!(kinds, [("lead", 3), ("case", 9), ("visit", 1), ("referral", 2)]);
    assert!(workflow.forms.get("check").unwrap().fields().count() <= 15);
    let assessment = workflow.forms.get("assessment").unwrap();
    let per_section: Vec<_> = assessment.sections.iter().map(|section| section.fields.len()).collect();
    assert_eq!(per_section, [6, 5, 5, 4, 1, 2]);
    let words: std::collections::BTreeSet<_> = workflow.emitted().collect();
    assert_eq!(
        words.into_iter().collect::<Vec<_>>(),
        ["find_category", "open_file", "plan_follow_up", "plan_visit"]
    );
}

#[test]
fn no_form_asks_for_more_than_it_shows_when_the_child_was_not_seen() {
    let workflow = shipped();
    let form = workflow.forms.get("check").unwrap();
    let given = answers(&workflow, "check", &[("seen", "no"), ("injury", "new")]);
    let shown: Vec<_> = form.shown(&given).into_iter().map(|field| field.key.as_str()).collect();
    assert_eq!(shown, ["seen", "whereabouts", "photos", "result", "note"]);
}

#[test]
fn immediate_danger_closes_the_lead_opens_a_case_and_tells_the_district() {
    let workflow = shipped();
    let mut lead = Matter::open(&workflow, "lead", None, Severity::High);
    assert_eq!((lead.stage.as_str(), lead.level), ("dispatch", Some(AreaLevel::Subdistrict)));
    assert_eq!(lead.act(&workflow, "dispatch", None, DIRECTOR), Err(Refusal::WrongRole));
    lead.act(&workflow, "dispatch", None, SUPERVISOR).unwrap();
    assert_eq!((lead.stage.as_str(), lead.level), ("accept", Some(AreaLevel::Community)));
    lead.act(&workflow, "accept", None, DIRECTOR).unwrap();
    let seen = [
        ("seen", "yes"),
        ("at_home", "mother"),
        ("injury", "new"),
        ("manner", "afraid"),
        ("spoke_alone", "yes"),
    ];
    let rest =
        [("care", "barely"), ("school", "attends"), ("result", "danger"), ("category", "guardianship")];
    let mut pairs: Vec<_> = seen.into_iter().chain(rest).collect();
    let incomplete = answers(&workflow, "check", &pairs);
    let refusal = lead.act(&workflow, "submit", Some(&incomplete), DIRECTOR).unwrap_err();
    assert!(
        matches!(&refusal, Refusal::FaultyAnswers(faults) if faults.len() == 1 && faults[0].field == "danger")
    );
    pairs.push(("danger", "violence"));
    let check = answers(&workflow, "check", &pairs);
    let effects = lead.act(&workflow, "submit", Some(&check), DIRECTOR).unwrap();
    assert_eq!(lead.outcome.as_deref(), Some("danger"));
    let follows: Vec<_> =
        effects.into_iter().filter(|effect| !matches!(effect, Effect::Answered { .. })).collect();
    assert_eq!(
        follows,
        [
            Effect::Graded(Severity::Urgent),
            Effect::Closed { stage: "done".into(), outcome: "danger".into() },
            Effect::Opens("case".into()),
            Effect::Alerts(AreaLevel::Subdistrict),
            Effect::Alerts(AreaLevel::District),
            Effect::Emits("open_file".into()),
        ]
    );
    assert_eq!(lead.act(&workflow, "submit", Some(&check), DIRECTOR), Err(Refusal::Closed));
}

/// The assessment of the mock-up, with `custody` as given.
fn assessment(workflow: &Workflow, custody: &str) -> Answers {
    answers(
        workflow,
        "assessment",
        &[
            ("age_band", "six_to_thirteen"),
            ("health", "good"),
            ("mind", "afraid"),
            ("schooling", "often_absent"),
            ("behaviour", "unclear"),
            ("registration", "resident"),
            ("injury", "new"),
            ("sexual", "none"),
            ("neglect", "barely"),
            ("offender_near", "yes"),
            ("repeated", "often"),
            ("daily_care", "often"),
            ("violence", "marks"),
            ("reaction", "hesitates"),
            ("custody", custody),
            ("other_carer", "外祖母"),
            ("income", "tight"),
            ("housing", "crowded"),
            ("guardian_state", "drugs"),
            ("support", "weak"),
            ("category", "guardianship"),
            ("heard", "yes"),
            ("wish", "想和外婆住"),
        ],
    )
}

fn referral(outcome: Option<&str>) -> Child {
    let stage = if outcome.is_some() { "ended" } else { "handling" };
    Child { kind: "referral".into(), stage: stage.into(), outcome: outcome.map(str::to_owned) }
}

/// A referral that waits for whoever sent it.
fn waiting(stage: &str) -> Child {
    Child { stage: stage.into(), ..referral(None) }
}

#[test]
fn nobody_comes_of_age_before_the_day() {
    let workflow = shipped();
    let mut case = Matter::open(&workflow, "case", Some("lead"), Severity::Low);
    let grown_up = [("ground", "adult"), ("summary", "已满十八周岁，交接完毕"), ("told", "child")];
    let grown_up = answers(&workflow, "closure", &grown_up);
    let moved = [("ground", "moved"), ("summary", "迁回老家，已移交当地"), ("told", "child")];
    let moved = answers(&workflow, "closure", &moved);
    let born = |year, month, day| Some(Day::new(year, month, day).unwrap());
    // It is 24 November 2026. Whose birth is in no register is taken at the word of two people.
    for (born, ground, goes) in [
        (born(2015, 3, 2), &grown_up, false),
        (born(2008, 11, 25), &grown_up, false),
        (born(2008, 11, 24), &grown_up, true),
        (None, &grown_up, true),
        (born(2015, 3, 2), &moved, true),
    ] {
        (case.stage, case.level, case.born) = ("review".into(), Some(AreaLevel::Subdistrict), born);
        let asked = case.act(&workflow, "request_closure", Some(ground), SUPERVISOR);
        match asked {
            Ok(_) => assert!(goes && case.stage == "closure", "{born:?}"),
            Err(Refusal::Unmet(why)) => assert!(!goes && why.zh.contains("十八"), "{born:?}: {why:?}"),
            Err(other) => panic!("{born:?}: {other}"),
        }
    }
    // What was asked before a birth was put right is not approved either.
    (case.stage, case.level, case.born) = ("closure".into(), Some(AreaLevel::District), born(2015, 3, 2));
    (case.entered_by, case.entered_level) = (None, Some(AreaLevel::Subdistrict));
    case.answers.insert("closure".into(), grown_up);
    assert!(matches!(case.act(&workflow, "approve", None, DISTRICT), Err(Refusal::Unmet(_))));
}

#[test]
fn a_case_runs_to_its_closure_by_another_person_a_level_above() {
    let workflow = shipped();
    let mut case = Matter::open(&workflow, "case", Some("lead"), Severity::Urgent);
    assert_eq!(case.stage, "acceptance", "a lead has reported already");
    let accepted = answers(&workflow, "acceptance", &[("classes", "poverty"), ("emergency", "no")]);
    case.act(&workflow, "accept", Some(&accepted), SUPERVISOR).unwrap();
    assert_eq!(case.stage, "assessment", "no emergency: the step is passed over");
    let mut assessed = assessment(&workflow, "possible");
    let score = workflow.forms.get("assessment").unwrap().score(&assessed).unwrap();
    assert_eq!((score.points, score.by_rule), (41, Severity::Urgent));
    assessed.level = Some(crate::LevelChoice { severity: Severity::High, reason: "短".into() });
    assert!(matches!(
        case.act(&workflow, "submit", Some(&assessed), SUPERVISOR),
        Err(Refusal::FaultyAnswers(faults)) if faults[0].field == "_level"
    ));
    assessed.level = Some(crate::LevelChoice {
        severity: Severity::High,
        reason: "已由外祖母安全照料，风险可控".into(),
    });
    let effects = case.act(&workflow, "submit", Some(&assessed), SUPERVISOR).unwrap();
    assert_eq!((case.stage.as_str(), case.severity), ("triage", Severity::High));
    let told = effects.contains(&Effect::Alerts(AreaLevel::District));
    assert!(
        told && effects.contains(&Effect::Alerts(AreaLevel::City)),
        "a level below red is told above: {effects:?}"
    );
    let triage =
        [("protections", "family"), ("referral", "sent"), ("summary", "转教育局安排复学，转妇联家庭教育")];
    let triage = answers(&workflow, "triage", &triage);
    // "Referred" is said of what was referred: not of nothing, and not of what has come back.
    for children in [vec![], vec![waiting("returned"), waiting("undone"), referral(Some("withdrawn"))]] {
        case.children = children;
        let refused = case.act(&workflow, "submit", Some(&triage), SUPERVISOR).unwrap_err();
        assert!(matches!(&refused, Refusal::Unmet(why) if why.zh.contains("无须转介")), "{refused:?}");
        assert_eq!(case.stage, "triage");
    }
    case.children = vec![referral(Some("sent_again")), referral(Some("done"))];
    case.act(&workflow, "submit", Some(&triage), SUPERVISOR).unwrap();
    let plan = [
        ("measures", "schooling"),
        ("goals", "三个月内恢复上学，母亲调整夜班"),
        ("agreed", "yes"),
        ("starts_on", "2026-12-01"),
    ];
    case.act(&workflow, "submit", Some(&answers(&workflow, "help_plan", &plan)), SUPERVISOR).unwrap();
    assert_eq!((case.stage.as_str(), case.level), ("intervention", Some(AreaLevel::District)));
    let intervention = [("kinds", "entrusted"), ("decided_on", "2026-11-24"), ("carer", "外祖母")];
    let intervention = answers(&workflow, "intervention", &intervention);
    assert_eq!(case.act(&workflow, "submit", Some(&intervention), SUPERVISOR), Err(Refusal::WrongRole));
    case.act(&workflow, "submit", Some(&intervention), DISTRICT).unwrap();
    assert_eq!((case.stage.as_str(), case.level), ("review", Some(AreaLevel::Subdistrict)));
    let closure = [("ground", "resolved"), ("summary", "风险消除，外祖母稳定照料"), ("told", "child")];
    let closure = answers(&workflow, "closure", &closure);
    // Neither while a department is at work nor while what it could not do is not settled.
    for child in [referral(None), waiting("undone"), waiting("returned")] {
        case.children = vec![referral(Some("done")), child];
        let asked = case.act(&workflow, "request_closure", Some(&closure), SUPERVISOR);
        assert!(matches!(asked, Err(Refusal::OpenChildren(_))), "{asked:?}");
    }
    case.children = vec![referral(Some("done")), referral(Some("covered")), referral(Some("dropped"))];
    case.act(&workflow, "request_closure", Some(&closure), SUPERVISOR).unwrap();
    assert_eq!((case.stage.as_str(), case.level), ("closure", Some(AreaLevel::District)));
    assert_eq!(case.act(&workflow, "approve", None, SUPERVISOR), Err(Refusal::WrongRole));
    let effects = case.act(&workflow, "approve", None, DISTRICT).unwrap();
    assert!(effects.contains(&Effect::Emits("plan_follow_up".into())));
    assert_eq!(case.outcome.as_deref(), Some("resolved"));
}

/// A review, as it found progress and risk, and what is to follow.
fn reviewed(workflow: &Workflow, progress: &str, risk: &str) -> Answers {
    let said = [("progress", progress), ("risk", risk), ("next", "continue"), ("note", "走访后写下的意见")];
    answers(workflow, "review", &said)
}

#[test]
fn not_needed_is_no_answer_beside_a_referral_that_stands() {
    let workflow = shipped();
    let mut case = Matter::open(&workflow, "case", Some("lead"), Severity::High);
    (case.stage, case.level) = ("triage".into(), Some(AreaLevel::Subdistrict));
    let none =
        [("protections", "family"), ("referral", "not_needed"), ("summary", "家庭已能照料，无须部门介入")];
    let none = answers(&workflow, "triage", &none);
    for child in [referral(None), referral(Some("done"))] {
        case.children = vec![referral(Some("withdrawn")), child];
        let refused = case.act(&workflow, "submit", Some(&none), SUPERVISOR).unwrap_err();
        assert!(matches!(&refused, Refusal::Unmet(why) if why.zh.contains("先撤回转介")), "{refused:?}");
    }
    case.children = vec![referral(Some("withdrawn"))];
    case.act(&workflow, "submit", Some(&none), SUPERVISOR).unwrap();
    assert_eq!(case.stage, "help_plan");
}

/// What a review that speaks against it makes of a closure, and of the next review.
#[test]
fn closure_against_the_latest_review_is_said_with_a_reason_and_the_next_review_comes_sooner() {
    let workflow = shipped();
    let calendar = WorkCalendar::shipped();
    let closure = |more: &[(&str, &str)]| {
        let all = [("ground", "resolved"), ("summary", "风险消除，外祖母稳定照料"), ("told", "child")];
        answers(&workflow, "closure", &[&all, more].concat())
    };
    for (progress, risk, speaks_against, days) in [
        ("none", "lower", true, 30),
        ("partly", "higher", true, 14),
        ("partly", "same", true, 30),
        ("reached", "gone", false, 60),
        ("partly", "lower", false, 60),
    ] {
        let mut case = Matter::open(&workflow, "case", Some("lead"), Severity::High);
        (case.stage, case.level) = ("review".into(), Some(AreaLevel::Subdistrict));
        let effects =
            case.act(&workflow, "submit", Some(&reviewed(&workflow, progress, risk)), SUPERVISOR).unwrap();
        let told = effects.contains(&Effect::Alerts(AreaLevel::District));
        assert_eq!(told, risk == "higher", "a risk that has risen is told to the district");
        assert_eq!(case.stage, "review");
        let due = case.clock.as_ref().unwrap().due;
        assert_eq!(due, crate::Period::Days(days).after(now(), &calendar), "{progress}, {risk}");
        let warned = |case: &Matter| warnings(&workflow, &case.state(), now()).len();
        assert_eq!(warned(&case), usize::from(speaks_against), "{progress}, {risk}");
        let plain = case.act(&workflow, "request_closure", Some(&closure(&[])), SUPERVISOR);
        if speaks_against {
            let refused = plain.unwrap_err();
            assert!(matches!(&refused, Refusal::Unmet(why) if why.zh.contains("评审")), "{refused:?}");
            let reason = [("against_review", "评审后父亲已离开本市，由祖母照料")];
            case.act(&workflow, "request_closure", Some(&closure(&reason)), SUPERVISOR).unwrap();
        } else {
            plain.unwrap();
        }
        assert_eq!(case.stage, "closure");
        assert_eq!(
            warned(&case),
            usize::from(speaks_against),
            "whoever decides is warned: {progress}, {risk}"
        );
        let shows = &workflow.stage("case", "closure").unwrap().shows;
        assert_eq!(shows, &["review"], "and reads the review");
    }
}

#[test]
fn what_is_late_climbs_one_rung_at_a_time_and_never_falls_silent() {
    let workflow = shipped();
    let calendar = WorkCalendar::shipped();
    let mut lead = Matter::open(&workflow, "lead", None, Severity::High);
    let clock = lead.clock.clone().unwrap();
    assert_eq!(clock.due, now().plus_hours(4));
    assert_eq!(tick(&workflow, &lead.state(), now(), &calendar), Ok(vec![]));
    let effects = tick(&workflow, &lead.state(), clock.next(), &calendar).unwrap();
    assert_eq!(effects.first(), Some(&Effect::Reminded));
    lead.apply(&effects);
    assert_eq!(tick(&workflow, &lead.state(), clock.next(), &calendar), Ok(vec![]), "twice is once");
    let mut told = Vec::new();
    for _ in 0..4 {
        let at = lead.clock.as_ref().unwrap().next();
        let effects = tick(&workflow, &lead.state(), at, &calendar).unwrap();
        lead.apply(&effects);
        told.push(effects.into_iter().next().unwrap());
    }
    let climbed = |to, role: &str| Effect::Climbed { to, role: role.into() };
    assert_eq!(told[0], climbed(AreaLevel::District, "district_officer"));
    assert_eq!(told[1], climbed(AreaLevel::City, "city_officer"));
    assert_eq!(told[2..], [Effect::StillLate, Effect::StillLate]);
}

#[test]
fn a_stopped_clock_gives_back_what_was_left() {
    let workflow = shipped();
    let calendar = WorkCalendar::shipped();
    let mut lead = Matter::open(&workflow, "lead", None, Severity::Low);
    let due = lead.clock.as_ref().unwrap().due;
    assert_eq!(due, now().plus_hours(48));
    let until = now().plus_hours(24 * 6);
    let pause = |reason, until| Act::Pause { reason, until };
    let decided = |act: &Act<'_>, lead: &Matter, at| {
        decide(&workflow, &lead.state(), act, &actor(SUPERVISOR), at, &calendar)
    };
    assert_eq!(decided(&pause("holiday", until), &lead, now()), Err(Refusal::NoSuchPauseReason));
    let latest = now().plus_hours(24 * 7);
    assert_eq!(
        decided(&pause("away", latest.plus_hours(1)), &lead, now()),
        Err(Refusal::PauseTooLong(latest))
    );
    let decision = decided(&pause("away", until), &lead, now()).unwrap();
    lead.apply(&decision.effects);
    assert_eq!(lead.act(&workflow, "dispatch", None, SUPERVISOR), Err(Refusal::Paused));
    assert_eq!(
        tick(&workflow, &lead.state(), due.plus_hours(1), &calendar),
        Ok(vec![]),
        "nothing climbs while it stands"
    );
    let effects = tick(&workflow, &lead.state(), until, &calendar).unwrap();
    assert_eq!(effects.first(), Some(&Effect::Resumed));
    lead.apply(&effects);
    // Stopped on a Tuesday with two working days left, resumed on the Monday after: due on Wednesday.
    assert_eq!(lead.clock.as_ref().unwrap().due, now().plus_hours(24 * 8));
    assert_eq!(decided(&Act::Resume, &lead, until), Err(Refusal::NotPaused));
}

#[test]
fn word_of_danger_waits_for_no_clock() {
    let workflow = shipped();
    // At the door, and where a result that what was seen speaks against waits for the level above.
    for (kind, times) in [("lead", 2), ("visit", 1)] {
        let stages = workflow.kind(kind).unwrap().stages.values();
        let alarms = stages.flat_map(|stage| stage.actions.values()).filter(|action| action.raises_alarm());
        assert_eq!(
            alarms.map(|action| action.key.as_str()).collect::<Vec<_>>(),
            vec!["danger"; times],
            "{kind}"
        );
    }
    let mut visit = Matter::open(&workflow, "visit", None, Severity::Low);
    let pause = Act::Pause { reason: "away", until: now().plus_hours(24 * 6) };
    let calendar = WorkCalendar::shipped();
    let decision = decide(&workflow, &visit.state(), &pause, &actor(SUPERVISOR), now(), &calendar).unwrap();
    visit.apply(&decision.effects);
    let danger = answers(&workflow, "danger", &[("danger", "violence")]);
    assert_eq!(visit.act(&workflow, "record", Some(&danger), SUPERVISOR), Err(Refusal::Paused));
    let effects = visit.act(&workflow, "danger", Some(&danger), SUPERVISOR).unwrap();
    assert!(effects.contains(&Effect::Opens("case".to_owned())), "{effects:?}");
}

#[test]
fn a_stopped_clock_runs_again_when_the_lead_becomes_graver() {
    let workflow = shipped();
    let calendar = WorkCalendar::shipped();
    let mut lead = Matter::open(&workflow, "lead", None, Severity::Low);
    let pause = Act::Pause { reason: "away", until: now().plus_hours(24 * 6) };
    let decision = decide(&workflow, &lead.state(), &pause, &actor(SUPERVISOR), now(), &calendar).unwrap();
    lead.apply(&decision.effects);
    let at = now().plus_hours(2);
    let milder = regrade(&workflow, &lead.state(), Severity::Low, at, &calendar).unwrap();
    assert_eq!(milder, [], "the same is no news");
    let effects = regrade(&workflow, &lead.state(), Severity::Urgent, at, &calendar).unwrap();
    assert!(effects.contains(&Effect::Resumed), "{effects:?}");
    lead.apply(&effects);
    let clock = lead.clock.as_ref().unwrap();
    assert_eq!((clock.pause.as_ref(), clock.due), (None, now().plus_hours(3)));
}

#[test]
fn a_graver_lead_is_due_sooner_and_a_milder_one_not_later() {
    let workflow = shipped();
    let calendar = WorkCalendar::shipped();
    let mut lead = Matter::open(&workflow, "lead", None, Severity::Low);
    let effects =
        regrade(&workflow, &lead.state(), Severity::Urgent, now().plus_hours(2), &calendar).unwrap();
    lead.apply(&effects);
    assert_eq!((lead.severity, lead.clock.as_ref().unwrap().due), (Severity::Urgent, now().plus_hours(3)));
    let effects =
        regrade(&workflow, &lead.state(), Severity::Medium, now().plus_hours(2), &calendar).unwrap();
    assert_eq!(effects, [Effect::Graded(Severity::Medium)]);
}

#[test]
fn a_department_acts_on_its_referral_and_the_sender_may_withdraw_it() {
    let workflow = shipped();
    let referral = Matter::open(&workflow, "referral", Some("case"), Severity::High);
    assert_eq!((referral.stage.as_str(), referral.level), ("offered", None));
    let contact = contact();
    let other = ActorFacts { post: post(8), ..contact };
    let allowed = |who: &ActorFacts<'_>| -> Vec<_> {
        let offered = offers(&workflow, &referral.state(), who);
        offered
            .into_iter()
            .map(|(action, refusal)| (action.key.clone(), refusal.map(|refusal| refusal.key())))
            .collect()
    };
    let row = |accept, reject, withdraw| {
        vec![("accept".to_owned(), accept), ("reject".to_owned(), reject), ("withdraw".to_owned(), withdraw)]
    };
    assert_eq!(allowed(&contact), row(None, None, Some("wrong_role")));
    assert_eq!(allowed(&other), row(Some("not_held"), Some("not_held"), Some("wrong_role")));
    assert_eq!(allowed(&actor(SUPERVISOR)), row(Some("wrong_role"), Some("wrong_role"), None));
    let effects = tick(&workflow, &referral.state(), now().plus_hours(24), &WorkCalendar::shipped()).unwrap();
    let climbed = Effect::Climbed { to: AreaLevel::Subdistrict, role: "child_supervisor".into() };
    assert_eq!(effects.first(), Some(&climbed), "a late department goes before whoever leads the case");
}

#[test]
fn answers_keep_their_shape_through_pairs_and_json() {
    let workflow = shipped();
    let form = workflow.forms.get("check").unwrap();
    let json = serde_json::json!({ "seen": "yes", "at_home": ["stranger", "mother"], "note": "门牌已改" });
    let (from_json, faults) = form.read_json(json.as_object().unwrap());
    assert_eq!(faults, []);
    let expected = Answer::Choices(vec!["mother".into(), "stranger".into()]);
    assert_eq!(from_json.values.get("at_home"), Some(&expected), "in the order of the form");
    let pairs = [
        ("seen", "yes"),
        ("at_home", "mother"),
        ("at_home", "stranger"),
        ("note", " 门牌已改 "),
        ("_token", "x"),
    ];
    assert_eq!(answers(&workflow, "check", &pairs), from_json);
    let (_, faults) = form.read_pairs(&[("wrong".into(), "x".into()), ("at_home".into(), "dog".into())]);
    assert_eq!(faults.len(), 2);
}
