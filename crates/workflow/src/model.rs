//! Workflows as they are after reading: kinds of matter, their stages, and what may be done in each.

mod check;
mod read;

use std::collections::BTreeMap;

use base::{AreaLevel, Day, Label, Severity};
use indexmap::IndexMap;

use crate::{Answers, Condition, Deadline, Form, Forms, Known, Period};

/// The workflow of a program (`workflow.toml`), with the forms it uses.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Version of the file, as it declares it.
    pub version: String,
    /// The day from which it applies.
    pub effective_from: Day,
    /// Which role answers for matters at each level, from the community up.
    pub ladder: Vec<Rung>,
    /// The forms.
    pub forms: Forms,
    kinds: IndexMap<String, Kind>,
}

/// A rung of the ladder that late matters climb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// The level.
    pub level: AreaLevel,
    /// The role that answers at this level.
    pub role: String,
}

/// A kind of matter: lead, case, visit, referral.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its key.
    pub key: String,
    /// Its name.
    pub label: Label,
    /// The letters before the numbers of its matters: XS for 线索.
    pub number: String,
    /// The stage in which a matter begins.
    pub first: String,
    /// The levels that a late matter climbs through, from the lowest.
    pub ladder: Vec<AreaLevel>,
    /// How long after a climb the next one follows while the matter is still late.
    pub climbs_every: Deadline,
    /// The form by which whoever opens such a matter says what its holder is told of the person; the holder sees the
    /// answers and nothing else of the matter that it hangs on.
    pub tells: Option<String>,
    /// When the clock may be stopped, if at all.
    pub pause: Option<PauseRule>,
    /// Who may hand a matter to another post, whatever its stage.
    pub assign: AssignRule,
    /// How a matter can end, by key.
    pub outcomes: IndexMap<String, Label>,
    /// The stages, in the order in which they are shown.
    pub stages: IndexMap<String, Stage>,
}

/// Who may hand a matter to another post.
#[derive(Debug, Clone)]
pub struct AssignRule {
    /// The roles; they hold the matter, or stand above who does.
    pub roles: Vec<String>,
    /// Fewest letters of the reason.
    pub reason_least: usize,
}

/// When a clock may be stopped.
#[derive(Debug, Clone)]
pub struct PauseRule {
    /// Roles that may stop and resume it.
    pub roles: Vec<String>,
    /// How long at most at a time.
    pub longest: Period,
    /// How long at most in all while the matter is in one stage, however often it is stopped there.
    pub in_all: Period,
    /// Accepted reasons, by key.
    pub reasons: IndexMap<String, Label>,
    /// Severities at which the clock is never stopped.
    pub not_for: Vec<Severity>,
}

/// A stage of a kind.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its key.
    pub key: String,
    /// Its name.
    pub label: Label,
    /// What to do in it.
    pub guidance: Option<Label>,
    /// Laws and documents behind it.
    pub sources: Vec<String>,
    /// Whether its figures are ours: shown as 样例.
    pub sample: bool,
    /// Name of the icon that stands for it.
    pub icon: String,
    /// Whether it is shown among the steps of the matter.
    pub step: bool,
    /// Forms of which the latest that was handed in stands open before whoever decides in it.
    pub shows: Vec<String>,
    /// What whoever works in it is to be warned of.
    pub warnings: Vec<Warning>,
    /// Whether referrals can be sent out while it runs.
    pub refers: bool,
    /// Whether the clock may be stopped in it.
    pub pausable: bool,
    /// Holder, deadline and reminder; an end has none.
    pub run: Option<Run>,
    /// When it is passed over, and where to.
    pub skip: Option<Skip>,
    /// What can be done in it, by key.
    pub actions: IndexMap<String, StageAction>,
}

/// What an open stage always has.
#[derive(Debug, Clone)]
pub struct Run {
    /// Who holds the matter while it runs.
    pub holder: Holder,
    /// By when it is to be left.
    pub deadline: Deadline,
    /// How long before that the holder is reminded.
    pub remind_before: Deadline,
}

/// Who holds a matter in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The role that answers at this level for the place of the matter.
    Level(AreaLevel),
    /// The level above the one that held it before.
    Above,
    /// Whoever held it before.
    Keep,
    /// The organisation that it was referred to.
    Organisation,
    /// The post that opened it.
    Opener,
}

/// When a stage is passed over.
#[derive(Debug, Clone)]
pub struct Skip {
    /// The condition.
    pub when: Condition,
    /// The stage that is entered instead.
    pub to: String,
    /// Whether it then counts as done, since what it asks for is on record already, rather than as left out.
    pub done: bool,
}

/// What a person can do in a stage.
#[derive(Debug, Clone)]
pub struct StageAction {
    /// Its key, unique in the stage.
    pub key: String,
    /// The verb on the button.
    pub label: Label,
    /// Roles that may do it.
    pub roles: Vec<String>,
    /// Whose it is to do.
    pub who: Who,
    /// What else must hold of the actor.
    pub guards: Vec<Guard>,
    /// Kinds of which no matter that hangs on this one may be open.
    pub no_open: Vec<String>,
    /// What must hold of the matter for it to be taken with these answers.
    pub needs: Vec<Need>,
    /// Key of the form that it hands in.
    pub form: Option<String>,
    /// Fewest letters of the reason it asks for; none is asked without.
    pub reason_least: Option<usize>,
    /// Whether the actor may name the post that holds the matter next.
    pub names_holder: bool,
    /// Whether it is taken by what is done elsewhere, and never by itself: with the referral that is sent in its place.
    pub by_another: bool,
    /// Where it leads: the first whose condition holds. The last has none.
    pub branches: Vec<Branch>,
}

/// What must hold for an action to be taken, over and above complete answers.
#[derive(Debug, Clone)]
pub struct Need {
    /// When it is asked for; always, without.
    pub when: Option<Condition>,
    /// What must hold.
    pub holds: Condition,
    /// What is missing and what to do, for whoever is refused.
    pub message: Label,
}

/// What whoever works on a matter must not overlook.
#[derive(Debug, Clone)]
pub struct Warning {
    /// When it is said.
    pub when: Condition,
    /// What is said, and what to do.
    pub message: Label,
}

impl StageAction {
    /// Whether it turns down what was asked for, or gives it back: it takes a reason and nothing else, and decides on
    /// nothing that somebody asked for.
    pub fn turns_down(&self) -> bool {
        self.reason_least.is_some() && self.form.is_none() && !self.names_holder && !self.decides()
    }

    /// Whether it decides on what somebody else asked for.
    pub fn decides(&self) -> bool {
        self.guards.contains(&Guard::AnotherPerson)
    }

    /// Whether a level above would be told at once with these answers, by form.
    pub fn alarms_with(&self, answers: &BTreeMap<String, Answers>) -> bool {
        let known = Known { forms: Some(answers), ..Known::default() };
        let fits = |branch: &&Branch| branch.when.as_ref().is_none_or(|condition| condition.holds(&known));
        self.branches.iter().find(fits).is_some_and(|branch| !branch.alerts.is_empty())
    }

    /// Whether a level above is told at once wherever it leads: word of danger, which waits for no clock.
    pub fn raises_alarm(&self) -> bool {
        !self.branches.is_empty() && self.branches.iter().all(|branch| !branch.alerts.is_empty())
    }
}

/// Whose an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The holder's, or that of a level above which the place belongs to.
    Holder,
    /// The opener's, or that of any permitted role which the place belongs to.
    Opener,
}

/// A condition on the actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Not the person who brought the matter into this stage.
    AnotherPerson,
    /// A level above that person's.
    LevelAbove,
}

/// Where an action leads, and what follows.
#[derive(Debug, Clone)]
pub struct Branch {
    /// When it is taken; always, without.
    pub when: Option<Condition>,
    /// The stage that is entered.
    pub to: String,
    /// The matter stays where it is and its clock goes on: what was handed in is no reason for more time.
    pub stays: bool,
    /// By when the stage is to be left at the latest, where that is sooner than its own deadline: what was sent back is
    /// not put off for as long as the stage takes anew.
    pub within: Option<Deadline>,
    /// How the matter ended, when that stage is an end.
    pub outcome: Option<String>,
    /// The severity that the matter rises to, where it is not that grave yet.
    pub rises_to: Option<Severity>,
    /// Kinds of matter that are opened from this one, at once.
    pub opens: Vec<String>,
    /// Levels that are told at once.
    pub alerts: Vec<AreaLevel>,
    /// Words for the program: what it does itself in the same transaction.
    pub emits: Vec<String>,
}

impl Workflow {
    /// The kind with this key.
    pub fn kind(&self, key: &str) -> Option<&Kind> {
        self.kinds.get(key)
    }

    /// All kinds, in the order of the file.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.values()
    }

    /// The stage of a kind.
    pub fn stage(&self, kind: &str, stage: &str) -> Option<&Stage> {
        self.kind(kind)?.stages.get(stage)
    }

    /// The form that an action hands in.
    pub fn form_of(&self, action: &StageAction) -> Option<&Form> {
        self.forms.get(action.form.as_deref()?)
    }

    /// The role that answers at `level`.
    pub fn role_at(&self, level: AreaLevel) -> Option<&str> {
        self.ladder.iter().find(|rung| rung.level == level).map(|rung| rung.role.as_str())
    }

    /// Every role that the workflow names, so that the reader of the program can check that each exists.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let actions =
            self.kinds().flat_map(|kind| kind.stages.values()).flat_map(|stage| stage.actions.values());
        let pauses = self.kinds().filter_map(|kind| kind.pause.as_ref());
        let assigns = self.kinds().flat_map(|kind| kind.assign.roles.iter().map(String::as_str));
        let ladder = self.ladder.iter().map(|rung| rung.role.as_str());
        ladder
            .chain(actions.flat_map(|action| action.roles.iter().map(String::as_str)))
            .chain(assigns)
            .chain(pauses.flat_map(|pause| pause.roles.iter().map(String::as_str)))
    }

    /// Every ground that a condition names, so that the reader of the program can check that each can speak for a matter.
    pub fn grounds(&self) -> impl Iterator<Item = &str> {
        self.kinds()
            .flat_map(|kind| kind.stages.values())
            .flat_map(Stage::conditions)
            .flat_map(Condition::grounds)
    }

    /// Every word that a branch hands to the program, so that the program can check that it knows each.
    pub fn emitted(&self) -> impl Iterator<Item = &str> {
        let stages = self.kinds().flat_map(|kind| kind.stages.values());
        let branches = stages.flat_map(|stage| stage.actions.values()).flat_map(|action| &action.branches);
        branches.flat_map(|branch| branch.emits.iter().map(String::as_str))
    }
}

impl Kind {
    /// The stages that are shown as steps.
    pub fn steps(&self) -> impl Iterator<Item = &Stage> {
        self.stages.values().filter(|stage| stage.step)
    }
}

impl Stage {
    /// All conditions that are asked about a matter in it.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let actions = self.actions.values();
        let branches =
            actions.clone().flat_map(|action| &action.branches).filter_map(|branch| branch.when.as_ref());
        let needs = actions.flat_map(|action| &action.needs);
        let needs = needs.flat_map(|need| need.when.iter().chain([&need.holds]));
        let skip = self.skip.iter().map(|skip| &skip.when);
        branches.chain(needs).chain(skip).chain(self.warnings.iter().map(|warning| &warning.when))
    }

    /// Whether a matter in it has ended.
    pub fn ends(&self) -> bool {
        self.run.is_none()
    }

    /// Whether what can be done in it hangs on how old the person is, so that only then somebody looks it up.
    pub fn asks_age(&self) -> bool {
        self.conditions().any(Condition::asks_age)
    }

    /// Whether what can be done in it hangs on what the matter stands on, so that only then somebody looks it up.
    pub fn asks_grounds(&self) -> bool {
        self.conditions().any(|condition| !condition.grounds().is_empty())
    }
}
