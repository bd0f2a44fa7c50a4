//! Generated workflows and forms: whatever can be read runs to its end, and no matter is ever without a holder and a
//! next moment while it is open.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{
    Act, ActorFacts, Answer, Answers, Clock, Effect, FieldKind, Form, Forms, HolderWanted, MatterState,
    Refusal, Workflow, decide, open, tick,
};
use base::{AccountId, AreaLevel, Day, Moment, PostId, Severity, WorkCalendar};
use proptest::prelude::*;
use uuid::Uuid;

/// What a generated field is made of: its kind, whether it is required, and whether it hangs on the first field.
#[derive(Debug, Clone)]
struct FieldPlan {
    kind: usize,
    required: bool,
    hangs: bool,
}

/// What a generated stage is made of. It always has one action without a condition that leads to the next stage.
#[derive(Debug, Clone)]
struct StagePlan {
    holder: usize,
    deadline: usize,
    fields: Vec<FieldPlan>,
    back: Option<usize>,
    skipped: bool,
    another_person: bool,
}

fn field() -> impl Strategy<Value = FieldPlan> {
    (0..7_usize, any::<bool>(), any::<bool>()).prop_map(|(kind, required, hangs)| FieldPlan {
        kind,
        required,
        hangs,
    })
}

fn stage() -> impl Strategy<Value = StagePlan> {
    let fields = prop::collection::vec(field(), 0..6);
    let flags = (prop::option::of(0..6_usize), any::<bool>(), any::<bool>());
    (0..5_usize, 0..4_usize, fields, flags).prop_map(
        |(holder, deadline, fields, (back, skipped, another_person))| StagePlan {
            holder,
            deadline,
            fields,
            back,
            skipped,
            another_person,
        },
    )
}

const KINDS: [&str; 7] = ["choice", "choices", "text", "number", "date", "photos", "person"];

fn forms_text(stages: &[StagePlan]) -> String {
    let mut text = "version = \"1\"\neffective_from = \"2026-01-01\"\n".to_owned();
    for (number, stage) in stages.iter().enumerate() {
        let label = r#"label = { zh = "项", en = "Item" }"#;
        let _ =
            write!(text, "[[form]]\nkey = \"f{number}\"\n{label}\n[[form.section]]\nkey = \"s\"\n{label}\n");
        let options = r#"options = [{ key = "a", label = { zh = "甲", en = "A" }, points = 1 }, { key = "b", label = { zh = "乙", en = "B" } }]"#;
        let _ = write!(
            text,
            "[[form.section.field]]\nkey = \"lead\"\n{label}\nkind = \"choice\"\nrequired = true\n{options}\n"
        );
        for (place, field) in stage.fields.iter().enumerate() {
            let kind = KINDS[field.kind];
            let _ = write!(
                text,
                "[[form.section.field]]\nkey = \"q{place}\"\n{label}\nkind = \"{kind}\"\nrequired = {}\n",
                field.required
            );
            match field.kind {
                0 | 1 => text.extend([options, "\n"]),
                3 => text.push_str("least = -3\nmost = 12\n"),
                _ => {}
            }
            if field.hangs {
                text.push_str("show_when = { field = \"lead\", is = [\"a\"] }\n");
            }
        }
        text.push_str("[form.scoring]\nlevels = [{ from = 0, severity = \"low\", label = { zh = \"低\", en = \"Low\" } }, { from = 1, severity = \"urgent\", label = { zh = \"急\", en = \"Urgent\" } }]\n");
    }
    text
}

fn workflow_text(stages: &[StagePlan]) -> String {
    let mut text = "version = \"1\"\neffective_from = \"2026-01-01\"\n".to_owned();
    for (level, role) in
        [("community", "one"), ("subdistrict", "two"), ("district", "three"), ("city", "four")]
    {
        let _ = write!(text, "[[ladder]]\nlevel = \"{level}\"\nrole = \"{role}\"\n");
    }
    let roles = r#"["one", "two", "three", "four"]"#;
    let _ = write!(
        text,
        "[[kind]]\nkey = \"thing\"\nlabel = {{ zh = \"事\", en = \"Thing\" }}\nnumber = \"T\"\nfirst = \"s0\"\nclimbs_every = \"1 working day\"\nassign = {{ roles = {roles}, reason_least = 1 }}\n[[kind.outcome]]\nkey = \"over\"\nlabel = {{ zh = \"完\", en = \"Over\" }}\n"
    );
    let last = stages.len() - 1;
    for (number, stage) in stages.iter().enumerate() {
        let holder = ["community", "subdistrict", "district", "above", "keep"][stage.holder];
        let deadline = [
            "\"1 hour\"",
            "\"2 working days\"",
            "\"9 days\"",
            "{ urgent = \"2 hours\", high = \"1 day\", medium = \"3 working days\", low = \"30 days\" }",
        ][stage.deadline];
        let _ = write!(
            text,
            "[[kind.stage]]\nkey = \"s{number}\"\nlabel = {{ zh = \"段\", en = \"Stage\" }}\nholder = \"{holder}\"\ndeadline = {deadline}\nremind_before = \"1 hour\"\n"
        );
        if stage.skipped && number < last {
            let _ =
                writeln!(text, "skip = {{ when = {{ severity = [\"urgent\"] }}, to = \"s{}\" }}", number + 1);
        }
        let on = if number == last {
            "to = \"end\", outcome = \"over\"".to_owned()
        } else {
            format!("to = \"s{}\"", number + 1)
        };
        let back = stage.back.map(|back| back.min(number)).map_or(String::new(), |back| {
            format!("{{ when = {{ field = \"f{number}.lead\", is = [\"b\"] }}, to = \"s{back}\" }}, ")
        });
        let guards = if stage.another_person { "guards = [\"another_person\"]\n" } else { "" };
        let _ = write!(
            text,
            "[[kind.stage.action]]\nkey = \"go\"\nlabel = {{ zh = \"办\", en = \"Go\" }}\nroles = {roles}\nform = \"f{number}\"\n{guards}then = [{back}{{ {on} }}]\n"
        );
    }
    text.push_str("[[kind.stage]]\nkey = \"end\"\nlabel = { zh = \"完\", en = \"End\" }\nends = true\n");
    text
}

/// Complete answers, with the leading field as wanted.
fn answers(form: &Form, lead: &str) -> Answers {
    let mut answers = Answers::default();
    for field in form.fields() {
        let answer = match &field.kind {
            FieldKind::Choice { .. } if field.key == "lead" => Answer::Choice(lead.to_owned()),
            FieldKind::Choice { options } => Answer::Choice(options[0].key.clone()),
            FieldKind::Choices { options } => Answer::Choices(vec![options[1].key.clone()]),
            FieldKind::Text { .. } => Answer::Text("写了几个字".into()),
            FieldKind::Number { least, .. } => Answer::Number(*least),
            FieldKind::Date { .. } => Answer::Date(Day::new(2026, 1, 1).unwrap()),
            FieldKind::Photos { .. } => Answer::Photos(vec![Uuid::from_u128(7).into()]),
            FieldKind::Person => Answer::Person(Uuid::from_u128(8).into()),
        };
        answers.values.insert(field.key.clone(), answer);
    }
    answers
}

struct Run<'a> {
    workflow: &'a Workflow,
    calendar: WorkCalendar,
    now: Moment,
    stage: String,
    severity: Severity,
    level: AreaLevel,
    clock: Option<Clock>,
    answers: BTreeMap<String, Answers>,
    entered_by: Option<AccountId>,
}

fn post_at(level: AreaLevel) -> PostId {
    PostId(Uuid::from_u128(level as u128 + 1))
}

fn role_at(level: AreaLevel) -> &'static str {
    match level {
        AreaLevel::Community => "one",
        AreaLevel::Subdistrict => "two",
        AreaLevel::District => "three",
        AreaLevel::City => "four",
    }
}

impl Run<'_> {
    fn state(&self) -> MatterState<'_> {
        MatterState {
            kind: "thing",
            stage: &self.stage,
            severity: self.severity,
            holder: post_at(self.level),
            holder_level: Some(self.level),
            opener: None,
            grounds: &[],
            opened_from: None,
            clock: self.clock.as_ref(),
            answers: &self.answers,
            entered_by: self.entered_by,
            entered_level: None,
            children: &[],
            born: None,
        }
    }

    fn enter(&mut self, entered: crate::Entered) {
        if let HolderWanted::Role { level, .. } = entered.holder {
            self.level = level;
        }
        self.stage = entered.stage;
        self.clock = Some(entered.clock);
    }

    fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Answered { form, filled } => {
                    self.answers.insert(form, filled.answers);
                }
                Effect::Graded(severity) => self.severity = severity,
                Effect::Entered(entered) => self.enter(entered),
                Effect::Closed { stage, .. } => {
                    self.stage = stage;
                    self.clock = None;
                }
                Effect::Clock(clock) => self.clock = Some(clock),
                _ => {}
            }
        }
    }

    /// What must hold at every moment.
    fn check(&self) {
        let stage = self.workflow.stage("thing", &self.stage).expect("a stage of the workflow");
        assert_eq!(stage.ends(), self.clock.is_none(), "open and without a clock, or ended with one");
        if let Some(clock) = &self.clock {
            assert!(clock.next() > self.now, "an open matter has a next moment, and it lies ahead");
            assert!(self.workflow.role_at(self.level).is_some(), "somebody holds it");
        }
    }

    /// Time passes up to the next thing that is due, which is done.
    fn wait(&mut self) {
        let Some(clock) = &self.clock else { return };
        self.now = clock.next();
        let effects = tick(self.workflow, &self.state(), self.now, &self.calendar).unwrap();
        assert!(!effects.is_empty(), "what was announced is done");
        self.apply(effects);
        assert_eq!(tick(self.workflow, &self.state(), self.now, &self.calendar), Ok(vec![]), "twice is once");
    }

    fn act(&mut self, lead: &str) -> Result<(), Refusal> {
        let action = &self.workflow.stage("thing", &self.stage).unwrap().actions["go"];
        let answers = answers(self.workflow.form_of(action).unwrap(), lead);
        let account = AccountId(Uuid::from_u128(if self.entered_by == Some(Uuid::from_u128(1).into()) {
            2
        } else {
            1
        }));
        let actor = ActorFacts {
            account,
            post: post_at(self.level),
            role: role_at(self.level),
            level: Some(self.level),
            covers: true,
        };
        let act = Act::Take { action: "go", answers: Some(&answers), reason: None, holder: None };
        let decision = decide(self.workflow, &self.state(), &act, &actor, self.now, &self.calendar)?;
        self.apply(decision.effects);
        self.entered_by = Some(account);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_runs_to_its_end(
        stages in prop::collection::vec(stage(), 1..7),
        steps in prop::collection::vec(0..4_u8, 0..20),
        severity in 1..=4_i16,
    ) {
        let forms = Forms::parse(&forms_text(&stages)).expect("sound forms");
        let workflow = Workflow::parse(&workflow_text(&stages), forms).expect("a sound workflow");
        let mut run = Run {
            workflow: &workflow,
            calendar: WorkCalendar::shipped(),
            now: Day::new(2026, 3, 2).unwrap().start(),
            stage: String::new(),
            severity: Severity::from_rank(severity).unwrap(),
            level: AreaLevel::Subdistrict,
            clock: None,
            answers: BTreeMap::new(),
            entered_by: None,
        };
        let entered = open(&workflow, &run.state(), None, run.now, &run.calendar).unwrap();
        run.enter(entered);
        run.check();
        for step in steps {
            match step {
                0 => run.wait(),
                1 if run.clock.is_some() => run.act("b").unwrap(),
                _ if run.clock.is_some() => run.act("a").unwrap(),
                _ => {}
            }
            run.check();
        }
        for _ in 0..=stages.len() {
            if run.clock.is_some() {
                run.act("a").unwrap();
                run.check();
            }
        }
        prop_assert!(run.clock.is_none(), "after as many steps forward as there are stages, it has ended");
        prop_assert_eq!(run.act_after_end(), Err(Refusal::Closed));
    }
}

impl Run<'_> {
    fn act_after_end(&self) -> Result<(), Refusal> {
        let actor = ActorFacts {
            account: Uuid::from_u128(1).into(),
            post: post_at(self.level),
            role: "one",
            level: None,
            covers: true,
        };
        let act = Act::Take { action: "go", answers: None, reason: None, holder: None };
        decide(self.workflow, &self.state(), &act, &actor, self.now, &self.calendar).map(|_| ())
    }
}
