//! The decision: may this be done, where does it lead, and what follows.

use std::collections::BTreeMap;

use base::{AccountId, AreaLevel, Day, Moment, PostId, Severity, WorkCalendar};

use crate::holding::{Arrival, check_guard};
use crate::refusal::MOST_REASON_LETTERS;
use crate::{
    Answers, Branch, Child, Clock, Deadline, Filled, Holder, Kind, Known, PauseRule, Refusal, Stage,
    StageAction, Warning, Who, Workflow,
};

/// What is known of a matter when a decision about it is taken.
#[derive(Debug, Clone, Copy)]
pub struct MatterState<'a> {
    /// Key of its kind.
    pub kind: &'a str,
    /// Key of its stage.
    pub stage: &'a str,
    /// How grave it is.
    pub severity: Severity,
    /// The post that holds it.
    pub holder: PostId,
    /// The level at which that post works; `None` for a department or organisation.
    pub holder_level: Option<AreaLevel>,
    /// The post that opened it; `None` when the system did.
    pub opener: Option<PostId>,
    /// What it stands on now: keys of the rules that speak for it.
    pub grounds: &'a [String],
    /// The kind of the matter that it was opened from.
    pub opened_from: Option<&'a str>,
    /// The clock; `None` once the matter has ended.
    pub clock: Option<&'a Clock>,
    /// The latest answers that were handed in, by form.
    pub answers: &'a BTreeMap<String, Answers>,
    /// Who brought it into its stage; `None` when the system did.
    pub entered_by: Option<AccountId>,
    /// The level at which that person works.
    pub entered_level: Option<AreaLevel>,
    /// The matters that hang on it, each combination of kind and outcome once.
    pub children: &'a [Child],
    /// When the person was born whom it is about, if that is known.
    pub born: Option<Day>,
}

/// What is known of the person who acts.
#[derive(Debug, Clone, Copy)]
pub struct ActorFacts<'a> {
    /// The account.
    pub account: AccountId,
    /// The post that the person acts from.
    pub post: PostId,
    /// Key of the post's role.
    pub role: &'a str,
    /// The level at which the post works; `None` for a department or organisation.
    pub level: Option<AreaLevel>,
    /// Whether the matter's place lies in the post's area.
    pub covers: bool,
}

/// What a person wants to do.
#[derive(Debug, Clone, Copy)]
pub enum Act<'a> {
    /// An action of the stage.
    Take {
        /// Its key.
        action: &'a str,
        /// The answers to the form that it hands in.
        answers: Option<&'a Answers>,
        /// The reason, where it asks for one.
        reason: Option<&'a str>,
        /// The post that is to hold the matter next, where the actor may name it.
        holder: Option<PostId>,
    },
    /// Hand the matter to another post, in the stage it is in and with the clock it has.
    Assign {
        /// The post.
        holder: PostId,
        /// Why.
        reason: &'a str,
    },
    /// Stop the clock.
    Pause {
        /// Key of the reason.
        reason: &'a str,
        /// When it runs again by itself.
        until: Moment,
    },
    /// Let the clock run again.
    Resume,
}

/// What was decided. The effects are to be done in their order, in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is to be written down.
    pub effects: Vec<Effect>,
}

/// One thing that follows from a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A form was handed in.
    Answered {
        /// Key of the form.
        form: String,
        /// The answers and their score.
        filled: Filled,
    },
    /// The matter's severity changes.
    Graded(Severity),
    /// A stage is entered.
    Entered(Entered),
    /// Another post holds the matter; the caller checks that it may.
    Assigned(PostId),
    /// The matter ends.
    Closed {
        /// Key of the end.
        stage: String,
        /// Key of the outcome.
        outcome: String,
    },
    /// A matter of this kind is opened from this one.
    Opens(String),
    /// The level is told at once.
    Alerts(AreaLevel),
    /// The program does what it knows under this word.
    Emits(String),
    /// The clock is stopped.
    Paused,
    /// The clock runs again.
    Resumed,
    /// The holder is reminded of the deadline.
    Reminded,
    /// The matter is late and goes before the next level as well.
    Climbed {
        /// The level.
        to: AreaLevel,
        /// The role that answers there.
        role: String,
    },
    /// The matter is late and nobody is above: whom it has climbed to is told again.
    StillLate,
    /// The clock is now this.
    Clock(Clock),
}

/// A stage that is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Its key.
    pub stage: String,
    /// Stages that were passed over on the way.
    pub passed: Vec<String>,
    /// Who is to hold the matter.
    pub holder: HolderWanted,
    /// Its clock.
    pub clock: Clock,
}

/// Who is to hold a matter: what the caller turns into a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderWanted {
    /// The post of this role for the matter's place at this level.
    Role {
        /// The level.
        level: AreaLevel,
        /// The role.
        role: String,
    },
    /// This post, as the actor named it; the caller checks that it may hold it.
    Named {
        /// The post.
        post: PostId,
        /// The level at which it is expected, `None` for any.
        level: Option<AreaLevel>,
    },
    /// Whoever holds it.
    Keep,
    /// The organisation that it was referred to.
    Organisation,
    /// The post that opened it.
    Opener,
}

/// Opens a matter: the first stage that is not passed over. `due` overrides the stage's deadline (a planned visit).
pub fn open(
    workflow: &Workflow,
    state: &MatterState<'_>,
    due: Option<Moment>,
    now: Moment,
    calendar: &WorkCalendar,
) -> Result<Entered, Refusal> {
    let kind = workflow.kind(state.kind).ok_or(Refusal::UnknownStage)?;
    let entry = Entry { workflow, kind, state, now, calendar, lowered_from: None };
    let Effect::Entered(mut entered) = entry.enter(&kind.first, None, None)? else {
        return Err(Refusal::UnknownStage);
    };
    if let Some(due) = due {
        entered.clock = due_by(workflow, state, &entered.stage, due, now, calendar)?;
    }
    Ok(entered)
}

/// The clock of a stage that is entered at `now` and, against its own deadline, is to be left by `due`: a planned visit,
/// a referral whose duty states by when it is done. `due` is at least a moment ahead.
pub fn due_by(
    workflow: &Workflow,
    state: &MatterState<'_>,
    stage: &str,
    due: Moment,
    now: Moment,
    calendar: &WorkCalendar,
) -> Result<Clock, Refusal> {
    let stage = workflow.stage(state.kind, stage).ok_or(Refusal::UnknownStage)?;
    let run = stage.run.as_ref().ok_or(Refusal::Closed)?;
    Ok(Clock::start(run, state, due.max(now.plus_milliseconds(1)), now, calendar))
}

/// Whether the actor holds the matter, or stands above its holder in the line of its place: who may steer it.
pub fn steers(state: &MatterState<'_>, actor: &ActorFacts<'_>) -> bool {
    is_theirs(state, Who::Holder, actor)
}

/// Decides on an act. Nothing is changed; the effects say what is to be.
pub fn decide(
    workflow: &Workflow,
    state: &MatterState<'_>,
    act: &Act<'_>,
    actor: &ActorFacts<'_>,
    now: Moment,
    calendar: &WorkCalendar,
) -> Result<Decision, Refusal> {
    let kind = workflow.kind(state.kind).ok_or(Refusal::UnknownStage)?;
    let stage = kind.stages.get(state.stage).ok_or(Refusal::UnknownStage)?;
    let entry = Entry { workflow, kind, state, now, calendar, lowered_from: None };
    match *act {
        Act::Take { action, answers, reason, holder } => {
            let action = stage.actions.get(action).ok_or(if stage.ends() {
                Refusal::Closed
            } else {
                Refusal::NoSuchAction
            })?;
            may(workflow, state, action, actor)?;
            entry.take(action, answers, reason, holder)
        }
        Act::Assign { holder, reason } => entry.assign(holder, reason, actor),
        Act::Pause { reason, until } => entry.pause(stage, reason, until, actor),
        Act::Resume => entry.resume(stage, actor),
    }
}

/// What whoever works on a matter in its present stage is to be warned of.
pub fn warnings<'a>(workflow: &'a Workflow, state: &MatterState<'_>, now: Moment) -> Vec<&'a Warning> {
    let stage = workflow.stage(state.kind, state.stage);
    let known = known(state, now);
    let warnings = stage.into_iter().flat_map(|stage| &stage.warnings);
    warnings.filter(|warning| warning.when.holds(&known)).collect()
}

/// The actions of the present stage, each with the refusal that the actor would meet before any form is looked at.
pub fn offers<'a>(
    workflow: &'a Workflow,
    state: &MatterState<'_>,
    actor: &ActorFacts<'_>,
) -> Vec<(&'a StageAction, Option<Refusal>)> {
    let stage = workflow.stage(state.kind, state.stage);
    let actions = stage.into_iter().flat_map(|stage| stage.actions.values());
    let actions = actions.filter(|action| !action.by_another);
    actions.map(|action| (action, may(workflow, state, action, actor).err())).collect()
}

/// Whether the actor may take the action at all.
fn may(
    workflow: &Workflow,
    state: &MatterState<'_>,
    action: &StageAction,
    actor: &ActorFacts<'_>,
) -> Result<(), Refusal> {
    let Some(clock) = state.clock else { return Err(Refusal::Closed) };
    if !action.roles.iter().any(|role| role == actor.role) {
        return Err(Refusal::WrongRole);
    }
    if !is_theirs(state, action.who, actor) {
        return Err(Refusal::NotHeld);
    }
    if clock.pause.is_some() && !action.raises_alarm() {
        return Err(Refusal::Paused);
    }
    let arrival = Arrival { by: state.entered_by, level: state.entered_level };
    for guard in &action.guards {
        check_guard(*guard, arrival, Some(actor.account), actor.level)?;
    }
    let is_open = |kind: &&String| state.children.iter().any(|child| child.kind == **kind && child.is_open());
    let open = action.no_open.iter().find(is_open);
    match open.and_then(|kind| workflow.kind(kind)) {
        Some(kind) => Err(Refusal::OpenChildren(kind.label.clone())),
        None => Ok(()),
    }
}

/// Whether a matter is the actor's to act on.
fn is_theirs(state: &MatterState<'_>, who: Who, actor: &ActorFacts<'_>) -> bool {
    match who {
        Who::Holder => {
            let above =
                matches!((actor.level, state.holder_level), (Some(actor), Some(holder)) if actor < holder);
            actor.post == state.holder || (actor.covers && above)
        }
        Who::Opener => Some(actor.post) == state.opener || actor.covers,
    }
}

/// What a condition may look at.
fn known<'a>(state: &MatterState<'a>, now: Moment) -> Known<'a> {
    Known {
        current: None,
        forms: Some(state.answers),
        severity: Some(state.severity),
        grounds: state.grounds,
        opened_from: state.opened_from,
        children: state.children,
        age: state.born.map(|born| born.age_on(now.day())),
        lowered_from: None,
    }
}

/// What every way of changing a matter needs.
struct Entry<'a> {
    workflow: &'a Workflow,
    kind: &'a Kind,
    state: &'a MatterState<'a>,
    now: Moment,
    calendar: &'a WorkCalendar,
    /// The level that the points of the form that is handed in give, where a person has set a milder one.
    lowered_from: Option<Severity>,
}

impl Entry<'_> {
    fn take(
        &self,
        action: &StageAction,
        answers: Option<&Answers>,
        reason: Option<&str>,
        holder: Option<PostId>,
    ) -> Result<Decision, Refusal> {
        check_reason(action.reason_least, reason)?;
        let mut effects = Vec::new();
        let mut known_answers = self.state.answers.clone();
        let mut severity = self.state.severity;
        let mut lowered_from = None;
        if let Some(form) = self.workflow.form_of(action) {
            let filled = form
                .fill(answers.ok_or(Refusal::NeedsForm)?, self.now.day())
                .map_err(Refusal::FaultyAnswers)?;
            known_answers.insert(form.key.clone(), filled.answers.clone());
            let level = filled.score.as_ref().map(|score| score.level);
            let by_rule = filled.score.as_ref().map(|score| score.by_rule);
            lowered_from = by_rule.filter(|by_rule| level.is_some_and(|level| level < *by_rule));
            effects.push(Effect::Answered { form: form.key.clone(), filled });
            if let Some(level) = level.filter(|level| *level != severity) {
                severity = level;
                effects.push(Effect::Graded(level));
            }
        }
        let state = MatterState { answers: &known_answers, severity, ..*self.state };
        let entry = Entry { state: &state, lowered_from, ..*self };
        entry.check_needs(action)?;
        let branch = entry.branch(action)?;
        let rises_to = branch.rises_to.filter(|level| *level > severity);
        effects.extend(rises_to.map(Effect::Graded));
        let risen = MatterState { severity: rises_to.unwrap_or(severity), ..state };
        let entry = Entry { state: &risen, lowered_from, ..*self };
        let holder = holder.filter(|_| action.names_holder);
        if branch.stays {
            effects.extend(entry.stay()?);
        } else {
            effects.push(match entry.enter(&branch.to, holder, branch.within.as_ref())? {
                Effect::Closed { stage, .. } => {
                    let outcome = branch.outcome.clone().unwrap_or_else(|| stage.clone());
                    Effect::Closed { stage, outcome }
                }
                entered => entered,
            });
        }
        effects.extend(branch.opens.iter().cloned().map(Effect::Opens));
        effects.extend(branch.alerts.iter().copied().map(Effect::Alerts));
        effects.extend(branch.emits.iter().cloned().map(Effect::Emits));
        Ok(Decision { effects })
    }

    /// Whether everything holds that the action asks for beside its form.
    fn check_needs(&self, action: &StageAction) -> Result<(), Refusal> {
        let known = self.known();
        let unmet = action.needs.iter().find(|need| {
            let is_asked = need.when.as_ref().is_none_or(|when| when.holds(&known));
            is_asked && !need.holds.holds(&known)
        });
        unmet.map_or(Ok(()), |need| Err(Refusal::Unmet(need.message.clone())))
    }

    /// The first branch whose condition holds; the last has none (checked when the file was read).
    fn branch<'b>(&self, action: &'b StageAction) -> Result<&'b Branch, Refusal> {
        let known = self.known();
        let fits = |branch: &&Branch| branch.when.as_ref().is_none_or(|condition| condition.holds(&known));
        action.branches.iter().find(fits).ok_or(Refusal::NoSuchAction)
    }

    fn known(&self) -> Known<'_> {
        Known { lowered_from: self.lowered_from, ..known(self.state, self.now) }
    }

    /// Enters a stage, or the one that is entered in its place; an end closes the matter.
    fn enter(
        &self,
        stage: &str,
        named: Option<PostId>,
        within: Option<&Deadline>,
    ) -> Result<Effect, Refusal> {
        let mut passed = Vec::new();
        let mut stage = self.kind.stages.get(stage).ok_or(Refusal::UnknownStage)?;
        // A chain of skips has no circle (checked when the file was read); the bound holds all the same.
        for _ in 0..self.kind.stages.len() {
            match &stage.skip {
                Some(skip) if skip.when.holds(&self.known()) => {
                    passed.push(stage.key.clone());
                    stage = self.kind.stages.get(&skip.to).ok_or(Refusal::UnknownStage)?;
                }
                _ => break,
            }
        }
        let Some(run) = &stage.run else {
            return Ok(Effect::Closed { stage: stage.key.clone(), outcome: stage.key.clone() });
        };
        let due = run.deadline.of(self.state.severity).after(self.now, self.calendar);
        let within = within.map(|within| within.of(self.state.severity).after(self.now, self.calendar));
        let due = within.map_or(due, |within| within.min(due));
        Ok(Effect::Entered(Entered {
            stage: stage.key.clone(),
            passed,
            holder: self.holder(run.holder, named),
            clock: Clock::start(run, self.state, due, self.now, self.calendar),
        }))
    }

    /// The clock of a stage that is not left: it goes on, and sooner only where the matter has become graver.
    fn stay(&self) -> Result<Option<Effect>, Refusal> {
        let clock = self.state.clock.ok_or(Refusal::Closed)?;
        let stage = self.kind.stages.get(self.state.stage).ok_or(Refusal::UnknownStage)?;
        let run = stage.run.as_ref().ok_or(Refusal::Closed)?;
        let due = run.deadline.of(self.state.severity).after(self.now, self.calendar);
        let remind_at = run.remind_before.of(self.state.severity).before(due, self.now, self.calendar);
        let hastened = clock.hastened(due, remind_at, self.now);
        Ok((hastened != *clock).then_some(Effect::Clock(hastened)))
    }

    fn holder(&self, holder: Holder, named: Option<PostId>) -> HolderWanted {
        let level = match holder {
            Holder::Level(level) => Some(level),
            Holder::Above => {
                let held = self.state.holder_level.unwrap_or(AreaLevel::Community);
                Some(held.above().unwrap_or(AreaLevel::City))
            }
            Holder::Keep | Holder::Organisation | Holder::Opener => None,
        };
        if let Some(post) = named {
            return HolderWanted::Named { post, level };
        }
        match (holder, level) {
            (Holder::Organisation, _) => HolderWanted::Organisation,
            (Holder::Opener, _) => HolderWanted::Opener,
            (_, Some(level)) => match self.workflow.role_at(level) {
                Some(role) => HolderWanted::Role { level, role: role.to_owned() },
                None => HolderWanted::Keep,
            },
            (_, None) => HolderWanted::Keep,
        }
    }

    fn assign(&self, holder: PostId, reason: &str, actor: &ActorFacts<'_>) -> Result<Decision, Refusal> {
        if self.state.clock.is_none() {
            return Err(Refusal::Closed);
        }
        let rule = &self.kind.assign;
        self.may_steer(&rule.roles, actor)?;
        check_reason(Some(rule.reason_least), Some(reason))?;
        Ok(Decision { effects: vec![Effect::Assigned(holder)] })
    }

    fn pause(
        &self,
        stage: &Stage,
        reason: &str,
        until: Moment,
        actor: &ActorFacts<'_>,
    ) -> Result<Decision, Refusal> {
        let clock = self.state.clock.ok_or(Refusal::Closed)?;
        let rule = self.kind.pause.as_ref().filter(|_| stage.pausable);
        let rule = rule.filter(|rule| !rule.not_for.contains(&self.state.severity));
        let rule = rule.ok_or(Refusal::NoSuchAction)?;
        self.may_steer(&rule.roles, actor)?;
        if clock.pause.is_some() {
            return Err(Refusal::Paused);
        }
        if !rule.reasons.contains_key(reason) {
            return Err(Refusal::NoSuchPauseReason);
        }
        let latest = pause_at_latest(rule, clock, self.now, self.calendar)?;
        if until <= self.now || until > latest {
            return Err(Refusal::PauseTooLong(latest));
        }
        Ok(Decision { effects: vec![Effect::Paused, Effect::Clock(clock.stopped(reason, self.now, until))] })
    }

    fn resume(&self, stage: &Stage, actor: &ActorFacts<'_>) -> Result<Decision, Refusal> {
        let clock = self.state.clock.ok_or(Refusal::Closed)?;
        let run = stage.run.as_ref().ok_or(Refusal::Closed)?;
        let rule = self.kind.pause.as_ref().ok_or(Refusal::NoSuchAction)?;
        self.may_steer(&rule.roles, actor)?;
        let pause = clock.pause.as_ref().ok_or(Refusal::NotPaused)?;
        let clock = clock.resumed(pause, run.deadline.of(self.state.severity), self.now, self.calendar);
        Ok(Decision { effects: vec![Effect::Resumed, Effect::Clock(clock)] })
    }

    fn may_steer(&self, roles: &[String], actor: &ActorFacts<'_>) -> Result<(), Refusal> {
        if !roles.iter().any(|role| role == actor.role) {
            return Err(Refusal::WrongRole);
        }
        if is_theirs(self.state, Who::Holder, actor) { Ok(()) } else { Err(Refusal::NotHeld) }
    }
}

/// Until when a clock that is stopped now may stand: as long as one stop may take, and no longer than is left of what all
/// stops in this stage may take together. What it stood already counts as if it had stood up to now without a break.
///
/// # Errors
/// `PausedEnough` when nothing is left of that.
pub fn pause_at_latest(
    rule: &PauseRule,
    clock: &Clock,
    now: Moment,
    calendar: &WorkCalendar,
) -> Result<Moment, Refusal> {
    let as_if_since = now.plus_milliseconds(clock.stood_milliseconds.saturating_neg());
    let in_all = rule.in_all.after(as_if_since, calendar);
    let latest = rule.longest.after(now, calendar).min(in_all);
    // Stops end with a day. Of what is used up but for some hours of today, nothing can be taken.
    let is_used_up = latest <= now || (clock.stood_milliseconds > 0 && latest.day() <= now.day());
    if is_used_up { Err(Refusal::PausedEnough(rule.in_all)) } else { Ok(latest) }
}

fn check_reason(least: Option<usize>, reason: Option<&str>) -> Result<(), Refusal> {
    let letters = reason.map_or(0, |reason| reason.trim().chars().count());
    if letters < least.unwrap_or(0) || letters > MOST_REASON_LETTERS {
        return Err(Refusal::NeedsReason(least.unwrap_or(0)));
    }
    Ok(())
}

/// The effects of a change of severity that no form brought: a new indicator on an open lead. A graver matter is due
/// at the new deadline counted from now, where that is earlier, and its clock runs again if it stood: nobody stopped it
/// knowing this. A milder one keeps its deadline.
pub fn regrade(
    workflow: &Workflow,
    state: &MatterState<'_>,
    severity: Severity,
    now: Moment,
    calendar: &WorkCalendar,
) -> Result<Vec<Effect>, Refusal> {
    let clock = state.clock.ok_or(Refusal::Closed)?;
    let stage = workflow.stage(state.kind, state.stage).ok_or(Refusal::UnknownStage)?;
    let run = stage.run.as_ref().ok_or(Refusal::Closed)?;
    if severity == state.severity {
        return Ok(Vec::new());
    }
    let mut effects = vec![Effect::Graded(severity)];
    if severity > state.severity {
        let mut clock = clock.clone();
        if let Some(pause) = clock.pause.clone() {
            clock = clock.resumed(&pause, run.deadline.of(state.severity), now, calendar);
            effects.push(Effect::Resumed);
        }
        let due = run.deadline.of(severity).after(now, calendar);
        let remind_at = run.remind_before.of(severity).before(due, now, calendar);
        effects.push(Effect::Clock(clock.hastened(due, remind_at, now)));
    }
    Ok(effects)
}
