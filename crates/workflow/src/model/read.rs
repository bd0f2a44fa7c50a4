//! Reading `workflow.toml`: from its text to kinds and stages, each key, label, period and condition checked where it
//! stands. What concerns several stages at once is checked in `check`.

use std::ops::Range;

use base::{AreaLevel, Label, Severity};
use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{
    AssignRule, Branch, Guard, Holder, Kind, Need, PauseRule, Run, Rung, Skip, Stage, StageAction, Warning,
    Who, Workflow,
};
use crate::condition::{FieldName, RawCondition};
use crate::fault::Faults;
use crate::form::read::{check_key, check_label, read_effective_from};
use crate::period::RawDeadline;
use crate::{Condition, Deadline, Forms, Period, WorkflowFault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorkflow {
    version: String,
    effective_from: Spanned<String>,
    ladder: Vec<RawRung>,
    #[serde(default)]
    kind: Vec<RawKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRung {
    level: AreaLevel,
    role: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKind {
    pub(super) key: Spanned<String>,
    label: Spanned<Label>,
    number: Spanned<String>,
    pub(super) first: Spanned<String>,
    ladder: Option<Vec<AreaLevel>>,
    climbs_every: Spanned<RawDeadline>,
    assign: RawAssign,
    pub(super) tells: Option<Spanned<String>>,
    pause: Option<RawPause>,
    #[serde(default)]
    outcome: Vec<RawNamed>,
    #[serde(default)]
    pub(super) stage: Vec<RawStage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPause {
    roles: Vec<String>,
    longest: Spanned<String>,
    in_all: Option<Spanned<String>>,
    reasons: Vec<RawNamed>,
    #[serde(default)]
    not_for: Vec<Severity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNamed {
    key: Spanned<String>,
    label: Spanned<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAssign {
    roles: Spanned<Vec<String>>,
    reason_least: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStage {
    pub(super) key: Spanned<String>,
    label: Spanned<Label>,
    guidance: Option<Spanned<Label>>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    sample: bool,
    icon: Option<String>,
    step: Option<bool>,
    #[serde(default)]
    pub(super) shows: Vec<Spanned<String>>,
    #[serde(default)]
    warning: Vec<RawWarning>,
    #[serde(default)]
    refers: bool,
    pausable: Option<bool>,
    #[serde(default)]
    ends: bool,
    holder: Option<Spanned<String>>,
    deadline: Option<Spanned<RawDeadline>>,
    remind_before: Option<Spanned<RawDeadline>>,
    pub(super) skip: Option<Spanned<RawSkip>>,
    #[serde(default)]
    pub(super) action: Vec<RawAction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSkip {
    when: RawCondition,
    pub(super) to: Spanned<String>,
    #[serde(default)]
    done: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWarning {
    when: Spanned<RawCondition>,
    message: Spanned<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNeed {
    when: Option<RawCondition>,
    holds: Spanned<RawCondition>,
    message: Spanned<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAction {
    pub(super) key: Spanned<String>,
    label: Spanned<Label>,
    roles: Spanned<Vec<String>>,
    #[serde(default)]
    who: RawWho,
    #[serde(default)]
    guards: Vec<RawGuard>,
    #[serde(default)]
    pub(super) no_open: Vec<Spanned<String>>,
    #[serde(default)]
    needs: Vec<RawNeed>,
    pub(super) form: Option<Spanned<String>>,
    reason_least: Option<usize>,
    #[serde(default)]
    names_holder: bool,
    #[serde(default)]
    by_another: bool,
    pub(super) then: Spanned<Vec<RawBranch>>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum RawWho {
    #[default]
    Holder,
    Opener,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum RawGuard {
    AnotherPerson,
    LevelAbove,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBranch {
    pub(super) when: Option<Spanned<RawCondition>>,
    pub(super) to: Spanned<String>,
    pub(super) outcome: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) stays: bool,
    within: Option<Spanned<RawDeadline>>,
    rises_to: Option<Severity>,
    #[serde(default)]
    pub(super) opens: Vec<Spanned<String>>,
    #[serde(default)]
    alerts: Vec<AreaLevel>,
    #[serde(default)]
    emits: Vec<Spanned<String>>,
}

impl Workflow {
    /// Reads and checks `workflow.toml` over the program's forms; all faults at once, in the order of their lines.
    pub fn parse(text: &str, forms: Forms) -> Result<Self, Vec<WorkflowFault>> {
        let mut faults = Faults::of(text);
        let raw: RawWorkflow = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                faults.add_syntax(&error);
                return Err(faults.finish(()).err().unwrap_or_default());
            }
        };
        let effective_from = read_effective_from(&raw.effective_from, &mut faults);
        let ladder: Vec<Rung> =
            raw.ladder.into_iter().map(|rung| Rung { level: rung.level, role: rung.role }).collect();
        if ladder.is_empty()
            || !ladder.windows(2).all(|pair| matches!(pair, [low, high] if low.level > high.level))
        {
            let mend = "list community, subdistrict, district, city in this order, each at most once";
            faults.add(&raw.effective_from.span(), "the ladder is empty or not in order", mend);
        }
        let mut kinds = IndexMap::new();
        for raw in &raw.kind {
            let kind = raw.read(&ladder, &forms, &mut faults);
            if kinds.insert(kind.key.clone(), kind).is_some() {
                faults.add(&raw.key.span(), "the kind stands twice", "give one of them another key");
            }
        }
        let workflow = Self { version: raw.version, effective_from, ladder, forms, kinds };
        super::check::check(&workflow, &raw.kind, &mut faults);
        faults.finish(workflow)
    }
}

fn read_deadline(raw: &Spanned<RawDeadline>, faults: &mut Faults) -> Deadline {
    match raw.as_ref().read() {
        Ok(deadline) => deadline,
        Err(text) => {
            faults.add(&raw.span(), format!("{text:?} is no period"), PERIODS);
            Deadline::same(Period::Days(1))
        }
    }
}

const PERIODS: &str =
    "write \"30 minutes\", \"2 hours\", \"3 working days\" or \"7 days\", at most ten years";

fn read_named(list: &[RawNamed], faults: &mut Faults) -> IndexMap<String, Label> {
    let mut read = IndexMap::new();
    for named in list {
        let key = check_key(&named.key, faults);
        if read.insert(key, check_label(&named.label, faults)).is_some() {
            faults.add(&named.key.span(), "the key stands twice", "give one of them another key");
        }
    }
    read
}

impl RawKind {
    fn read(&self, rungs: &[Rung], forms: &Forms, faults: &mut Faults) -> Kind {
        let at = self.key.span();
        let number = self.number.as_ref();
        if !(1..=4).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_uppercase()) {
            faults.add(
                &self.number.span(),
                "the letters of the number are wrong",
                "use 1 to 4 capital letters: XS",
            );
        }
        let all: Vec<AreaLevel> = rungs.iter().map(|rung| rung.level).collect();
        let ladder = self.ladder.clone().unwrap_or_else(|| all.clone());
        let ordered = ladder.windows(2).all(|pair| matches!(pair, [low, high] if low > high));
        if ladder.is_empty() || !ordered || ladder.iter().any(|level| !all.contains(level)) {
            let mend = "list levels of the program's ladder from the lowest, each once";
            faults.add(&at, "the ladder of the kind is wrong", mend);
        }
        let mut stages = IndexMap::new();
        for raw in &self.stage {
            let stage = raw.read(rungs, forms, faults);
            if stages.insert(stage.key.clone(), stage).is_some() {
                faults.add(&raw.key.span(), "the stage stands twice", "give one of them another key");
            }
        }
        if self.assign.roles.as_ref().is_empty() {
            faults.add(&self.assign.roles.span(), "nobody may hand matters over", "name at least one role");
        }
        Kind {
            key: check_key(&self.key, faults),
            label: check_label(&self.label, faults),
            number: number.clone(),
            first: self.first.as_ref().clone(),
            ladder,
            climbs_every: read_deadline(&self.climbs_every, faults),
            assign: AssignRule {
                roles: self.assign.roles.as_ref().clone(),
                reason_least: self.assign.reason_least,
            },
            tells: self.tells.as_ref().map(|form| form.as_ref().clone()),
            pause: self.pause.as_ref().map(|raw| raw.read(faults)),
            outcomes: read_named(&self.outcome, faults),
            stages,
        }
    }
}

impl RawPause {
    fn read(&self, faults: &mut Faults) -> PauseRule {
        let mut period = |text: &Spanned<String>, name: &str| {
            Period::read(text.as_ref()).unwrap_or_else(|| {
                faults.add(&text.span(), format!("{name} is no period"), PERIODS);
                Period::Days(1)
            })
        };
        let longest = period(&self.longest, "longest");
        // A file that states no sum has none to give away: it is what one stop may take.
        let in_all = self.in_all.as_ref().map_or(longest, |text| period(text, "in_all"));
        if self.roles.is_empty() || self.reasons.is_empty() {
            let mend = "name who may stop the clock, and for what reasons, or delete the table";
            faults.add(&self.longest.span(), "the pause has no roles or no reasons", mend);
        }
        PauseRule {
            roles: self.roles.clone(),
            longest,
            in_all,
            reasons: read_named(&self.reasons, faults),
            not_for: self.not_for.clone(),
        }
    }
}

impl RawStage {
    fn read(&self, rungs: &[Rung], forms: &Forms, faults: &mut Faults) -> Stage {
        let at = self.key.span();
        let skip = self.skip.as_ref().and_then(|raw| {
            let (at, raw) = (raw.span(), raw.as_ref());
            let when = read_condition(&raw.when, &at, forms, faults)?;
            Some(Skip { when, to: raw.to.as_ref().clone(), done: raw.done })
        });
        let mut actions = IndexMap::new();
        for raw in &self.action {
            let action = raw.read(forms, faults);
            if actions.insert(action.key.clone(), action).is_some() {
                faults.add(&raw.key.span(), "the action stands twice", "give one of them another key");
            }
        }
        Stage {
            key: check_key(&self.key, faults),
            label: check_label(&self.label, faults),
            guidance: self.guidance.as_ref().map(|label| check_label(label, faults)),
            sources: self.sources.clone(),
            sample: self.sample,
            icon: self.icon.clone().unwrap_or_else(|| "circle-dot".to_owned()),
            step: self.step.unwrap_or(!self.ends),
            shows: self.shows.iter().map(|form| form.as_ref().clone()).collect(),
            warnings: self.warning.iter().filter_map(|raw| raw.read(forms, faults)).collect(),
            refers: self.refers,
            pausable: self.pausable.unwrap_or(!self.ends),
            run: self.read_run(&at, rungs, faults),
            skip,
            actions,
        }
    }

    /// What an open stage must have, and an end must not.
    fn read_run(&self, at: &Range<usize>, rungs: &[Rung], faults: &mut Faults) -> Option<Run> {
        if self.ends {
            if self.holder.is_some()
                || self.deadline.is_some()
                || !self.action.is_empty()
                || self.skip.is_some()
            {
                let mend = "delete holder, deadline, skip and actions, or delete ends";
                faults.add(at, "an end cannot be worked on", mend);
            }
            return None;
        }
        let (Some(holder), Some(deadline), Some(remind_before)) =
            (&self.holder, &self.deadline, &self.remind_before)
        else {
            let mend =
                "give holder, deadline and remind_before, so that nobody is ever without; or ends = true";
            faults.add(at, "the stage lacks a holder, a deadline or a reminder", mend);
            return None;
        };
        if self.action.is_empty() {
            faults.add(at, "nothing can be done in the stage", "add an action that leads on");
        }
        Some(Run {
            holder: read_holder(holder, rungs, faults),
            deadline: read_deadline(deadline, faults),
            remind_before: read_deadline(remind_before, faults),
        })
    }
}

fn read_holder(raw: &Spanned<String>, rungs: &[Rung], faults: &mut Faults) -> Holder {
    let level = match raw.as_ref().as_str() {
        "above" => return Holder::Above,
        "keep" => return Holder::Keep,
        "organisation" => return Holder::Organisation,
        "opener" => return Holder::Opener,
        "community" => AreaLevel::Community,
        "subdistrict" => AreaLevel::Subdistrict,
        "district" => AreaLevel::District,
        "city" => AreaLevel::City,
        other => {
            let mend = "use community, subdistrict, district, city, above, keep, organisation or opener";
            faults.add(&raw.span(), format!("{other} holds nothing"), mend);
            return Holder::Keep;
        }
    };
    if !rungs.iter().any(|rung| rung.level == level) {
        faults.add(&raw.span(), "no role answers at this level", "add the level to the ladder");
    }
    Holder::Level(level)
}

/// A condition of a workflow speaks of fields as `form.field`.
fn read_condition(
    raw: &RawCondition,
    at: &Range<usize>,
    forms: &Forms,
    faults: &mut Faults,
) -> Option<Condition> {
    let lookup = |name: &FieldName| forms.get(name.form.as_deref()?)?.field(&name.field);
    raw.read(at, &lookup, faults)
}

impl RawAction {
    fn read(&self, forms: &Forms, faults: &mut Faults) -> StageAction {
        if self.roles.as_ref().is_empty() {
            faults.add(&self.roles.span(), "nobody may take the action", "name at least one role");
        }
        let branches = self.then.as_ref().iter().map(|raw| raw.read(forms, faults)).collect();
        let needs = self.needs.iter().filter_map(|raw| raw.read(forms, faults)).collect();
        StageAction {
            key: check_key(&self.key, faults),
            label: check_label(&self.label, faults),
            roles: self.roles.as_ref().clone(),
            who: match self.who {
                RawWho::Holder => Who::Holder,
                RawWho::Opener => Who::Opener,
            },
            guards: self
                .guards
                .iter()
                .map(|guard| match guard {
                    RawGuard::AnotherPerson => Guard::AnotherPerson,
                    RawGuard::LevelAbove => Guard::LevelAbove,
                })
                .collect(),
            no_open: self.no_open.iter().map(|kind| kind.as_ref().clone()).collect(),
            needs,
            form: self.form.as_ref().map(|form| form.as_ref().clone()),
            reason_least: self.reason_least,
            names_holder: self.names_holder,
            by_another: self.by_another,
            branches,
        }
    }
}

impl RawWarning {
    fn read(&self, forms: &Forms, faults: &mut Faults) -> Option<Warning> {
        let when = read_condition(self.when.as_ref(), &self.when.span(), forms, faults)?;
        Some(Warning { when, message: check_label(&self.message, faults) })
    }
}

impl RawNeed {
    fn read(&self, forms: &Forms, faults: &mut Faults) -> Option<Need> {
        let at = self.holds.span();
        let message = check_label(&self.message, faults);
        let holds = read_condition(self.holds.as_ref(), &at, forms, faults)?;
        let when = match &self.when {
            Some(raw) => Some(read_condition(raw, &at, forms, faults)?),
            None => None,
        };
        Some(Need { when, holds, message })
    }
}

impl RawBranch {
    fn read(&self, forms: &Forms, faults: &mut Faults) -> Branch {
        let when =
            self.when.as_ref().and_then(|raw| read_condition(raw.as_ref(), &raw.span(), forms, faults));
        Branch {
            when,
            to: self.to.as_ref().clone(),
            stays: self.stays,
            within: self.within.as_ref().map(|within| read_deadline(within, faults)),
            outcome: self.outcome.as_ref().map(|outcome| outcome.as_ref().clone()),
            rises_to: self.rises_to,
            opens: self.opens.iter().map(|kind| kind.as_ref().clone()).collect(),
            alerts: self.alerts.clone(),
            emits: self.emits.iter().map(|word| check_key(word, faults)).collect(),
        }
    }
}
