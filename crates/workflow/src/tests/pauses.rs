//! However often a clock is stopped and started again in one stage, it stands no longer than the kind allows in all.

use std::collections::BTreeMap;

use base::{AccountId, AreaLevel, Day, Moment, PostId, Severity, WorkCalendar};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    Act, ActorFacts, Clock, Effect, Forms, MatterState, PauseRule, Refusal, Workflow, decide,
    pause_at_latest, tick,
};

const HOUR: i64 = 3_600_000;

/// A thing of one stage that is due in two days, whose clock may stand three days at a time and `in_all` in all.
fn workflow(in_all: &str) -> Workflow {
    let text = format!(
        r#"
version = "1"
effective_from = "2026-01-01"
[[ladder]]
level = "community"
role = "one"
[[kind]]
key = "thing"
label = {{ zh = "事", en = "Thing" }}
number = "T"
first = "work"
climbs_every = "1 day"
assign = {{ roles = ["one"], reason_least = 1 }}
[kind.pause]
roles = ["one"]
longest = "3 days"
{in_all}
reasons = [{{ key = "away", label = {{ zh = "外出", en = "Away" }} }}]
[[kind.outcome]]
key = "over"
label = {{ zh = "完", en = "Over" }}
[[kind.stage]]
key = "work"
label = {{ zh = "办", en = "Work" }}
holder = "community"
deadline = "2 days"
remind_before = "1 hour"
[[kind.stage.action]]
key = "go"
label = {{ zh = "办", en = "Go" }}
roles = ["one"]
then = [{{ to = "end", outcome = "over" }}]
[[kind.stage]]
key = "end"
label = {{ zh = "完", en = "End" }}
ends = true
"#
    );
    let forms = Forms::parse("version = \"1\"\neffective_from = \"2026-01-01\"\n").unwrap();
    Workflow::parse(&text, forms).unwrap_or_else(|faults| panic!("{faults:?}"))
}

struct Run<'a> {
    workflow: &'a Workflow,
    calendar: WorkCalendar,
    now: Moment,
    clock: Clock,
    /// What the clock stood, counted beside it.
    stood: i64,
}

impl<'a> Run<'a> {
    fn new(workflow: &'a Workflow) -> Self {
        let (calendar, now) = (WorkCalendar::shipped(), Day::new(2026, 3, 2).unwrap().start());
        let answers = BTreeMap::new();
        let entered = crate::open(workflow, &state(None, &answers), None, now, &calendar).unwrap();
        Self { workflow, calendar, now, clock: entered.clock, stood: 0 }
    }

    fn rule(&self) -> &'a PauseRule {
        self.workflow.kind("thing").unwrap().pause.as_ref().unwrap()
    }

    fn act(&mut self, act: &Act<'_>) -> Result<(), Refusal> {
        let answers = BTreeMap::new();
        let state = state(Some(&self.clock), &answers);
        let actor = ActorFacts {
            account: AccountId(Uuid::from_u128(1)),
            post: PostId(Uuid::from_u128(2)),
            role: "one",
            level: Some(AreaLevel::Community),
            covers: true,
        };
        let effects = decide(self.workflow, &state, act, &actor, self.now, &self.calendar)?.effects;
        self.take(&effects);
        Ok(())
    }

    fn pause(&mut self, hours: i64) -> Result<(), Refusal> {
        self.act(&Act::Pause { reason: "away", until: self.now.plus_hours(hours) })
    }

    fn take(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Clock(clock) = effect {
                self.clock = clock.clone();
            }
        }
    }

    /// Lets time go by, an hour at a time as whoever ticks sees it.
    fn wait(&mut self, hours: i64) {
        for _ in 0..hours {
            self.stood += if self.clock.pause.is_some() { HOUR } else { 0 };
            self.now = self.now.plus_hours(1);
            let answers = BTreeMap::new();
            let effects =
                tick(self.workflow, &state(Some(&self.clock), &answers), self.now, &self.calendar).unwrap();
            self.take(&effects);
        }
    }
}

fn state<'a>(clock: Option<&'a Clock>, answers: &'a BTreeMap<String, crate::Answers>) -> MatterState<'a> {
    MatterState {
        kind: "thing",
        stage: "work",
        severity: Severity::Low,
        holder: PostId(Uuid::from_u128(2)),
        holder_level: Some(AreaLevel::Community),
        opener: None,
        grounds: &[],
        opened_from: None,
        clock,
        answers,
        entered_by: None,
        entered_level: None,
        children: &[],
        born: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_stops_of_a_stage_together_keep_the_bound(
        steps in prop::collection::vec((0..3_u8, 1..80_i64), 1..60),
    ) {
        let workflow = workflow("in_all = \"10 days\"");
        let mut run = Run::new(&workflow);
        let most = 10 * 24 * HOUR;
        for (step, hours) in steps {
            match step {
                0 => run.wait(hours),
                1 => match run.pause(hours) {
                    Ok(()) => {}
                    Err(Refusal::PauseTooLong(latest)) => prop_assert!(
                        hours > 72 || run.stood + hours * HOUR > most,
                        "{hours} hours are refused up to {latest:?} after {} hours", run.stood / HOUR
                    ),
                    Err(Refusal::PausedEnough(_)) => prop_assert!(run.stood > most - 24 * HOUR),
                    Err(other) => prop_assert_eq!(other, Refusal::Paused),
                },
                _ => drop(run.act(&Act::Resume)),
            }
            let until = run.clock.pause.as_ref().map_or(run.now, |pause| pause.until);
            let still_to_stand = until.milliseconds_since(run.now).max(0);
            prop_assert!(run.stood + still_to_stand <= most, "it stands {} hours", run.stood / HOUR);
            if run.clock.pause.is_none() {
                prop_assert_eq!(run.clock.stood_milliseconds, run.stood);
                // What is left of the two days is never more than two days.
                prop_assert!(run.clock.due <= run.clock.started.plus_hours(48).plus_milliseconds(run.stood));
            }
        }
    }
}

#[test]
fn one_stop_after_the_other_comes_to_an_end_with_words_that_say_so() {
    let workflow = workflow("in_all = \"5 working days\"");
    let mut run = Run::new(&workflow);
    let mut stops = 0;
    let refused = loop {
        let latest = match pause_at_latest(run.rule(), &run.clock, run.now, &run.calendar) {
            Ok(latest) => latest,
            Err(refused) => break refused,
        };
        let hours = latest.milliseconds_since(run.now) / HOUR;
        run.pause(hours).unwrap();
        run.wait(hours);
        stops += 1;
        assert!(stops < 20, "it never ends");
    };
    assert!(stops > 1, "one stop does not use up all");
    assert_eq!(run.pause(2), Err(refused.clone()));
    assert_eq!(refused.key(), "paused_enough");
    let message = refused.message();
    assert!(message.zh.contains("5 个工作日") && message.en.contains("5 working days"), "{message:?}");
    // Monday to Monday: five working days with the week-end between.
    assert!(run.stood <= 7 * 24 * HOUR, "{} hours", run.stood / HOUR);
}

#[test]
fn a_file_without_a_sum_allows_one_stop_in_all_and_an_old_clock_has_stood_for_nothing() {
    let workflow = workflow("");
    let rule = workflow.kind("thing").unwrap().pause.as_ref().unwrap();
    assert_eq!(rule.in_all, rule.longest);
    let run = Run::new(&workflow);
    let mut kept = serde_json::to_value(&run.clock).unwrap();
    kept.as_object_mut().unwrap().remove("stood_milliseconds").unwrap();
    let old: Clock = serde_json::from_value(kept).unwrap();
    assert_eq!(old, run.clock);
    assert_eq!(
        pause_at_latest(rule, &old, run.now, &run.calendar),
        Ok(run.now.plus_hours(72)),
        "it may be stopped as before"
    );
}

#[test]
fn a_clock_is_never_stopped_at_a_severity_that_says_so() {
    let grave = workflow("in_all = \"5 working days\"\nnot_for = [\"low\", \"urgent\"]");
    assert_eq!(Run::new(&grave).pause(2), Err(Refusal::NoSuchAction));
    let other = workflow("in_all = \"5 working days\"\nnot_for = [\"urgent\"]");
    assert_eq!(Run::new(&other).pause(2), Ok(()));
}
