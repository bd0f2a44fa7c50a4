//! The clock of a stage: when it was entered, when it is due, when somebody is reminded, and how far a late matter
//! has climbed. A running clock always has a next moment; a stopped one has the end of its pause.

use base::{AreaLevel, Moment, WorkCalendar};
use serde::{Deserialize, Serialize};

use crate::model::Run;
use crate::{Effect, Kind, MatterState, Period, Refusal, Workflow};

/// The clock of a matter in its present stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// When the stage was entered.
    pub started: Moment,
    /// When the stage is to be left.
    pub due: Moment,
    /// When the holder is reminded; `None` once that is done.
    pub remind_at: Option<Moment>,
    /// When the matter climbs (again), or is called late again where nobody is above.
    pub climb_at: Moment,
    /// The level that it has climbed to.
    pub climbed_to: Option<AreaLevel>,
    /// Set while the clock stands.
    pub pause: Option<Pause>,
    /// How long it stood in this stage before that, in milliseconds. Clocks that were kept before this was counted have
    /// stood for nothing.
    #[serde(default)]
    pub stood_milliseconds: i64,
}

/// A stop of the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Moment,
    /// When it ends by itself.
    pub until: Moment,
    /// Key of the reason.
    pub reason: String,
}

impl Clock {
    /// The next moment at which [`tick`] has something to do.
    pub fn next(&self) -> Moment {
        match &self.pause {
            Some(pause) => pause.until,
            None => self.remind_at.map_or(self.climb_at, |remind_at| remind_at.min(self.climb_at)),
        }
    }

    /// Whether the stage is overdue at `now`. A stopped clock is never late.
    pub fn is_late(&self, now: Moment) -> bool {
        self.pause.is_none() && now >= self.due
    }

    /// The clock of a stage that is entered at `now` and due at `due`.
    pub(crate) fn start(
        run: &Run,
        state: &MatterState<'_>,
        due: Moment,
        now: Moment,
        calendar: &WorkCalendar,
    ) -> Self {
        let reminder = run.remind_before.of(state.severity).before(due, now, calendar);
        Self {
            started: now,
            due,
            // A reminder at the moment of entry would say what the entry says already.
            remind_at: (now < reminder && reminder < due).then_some(reminder),
            climb_at: due,
            climbed_to: None,
            pause: None,
            stood_milliseconds: 0,
        }
    }

    /// The same clock, due at `due` at the latest: where one act takes another back, the two must not put a deadline off.
    #[must_use]
    pub fn due_at_latest(self, due: Moment) -> Self {
        if self.due <= due {
            return self;
        }
        Self { due, climb_at: due, remind_at: self.remind_at.filter(|remind_at| *remind_at < due), ..self }
    }

    /// The same clock, stopped.
    pub(crate) fn stopped(&self, reason: &str, now: Moment, until: Moment) -> Self {
        let pause = Some(Pause { since: now, until, reason: reason.to_owned() });
        Self { pause, ..self.clone() }
    }

    /// The same clock, running again at `now`: what was left when it stopped is left again. A deadline in working
    /// days gets back its working days, others their hours.
    pub(crate) fn resumed(
        &self,
        pause: &Pause,
        period: Period,
        now: Moment,
        calendar: &WorkCalendar,
    ) -> Self {
        let shift = |at: Moment| match period {
            _ if at <= pause.since => at,
            Period::WorkingDays(_) => {
                let left = calendar.working_days_between(pause.since.day(), at.day());
                let time_of_day = at.milliseconds_since(at.day().start());
                let day = calendar.working_day_after(now.day(), left);
                day.start().plus_milliseconds(time_of_day).max(now)
            }
            Period::Minutes(_) | Period::Hours(_) | Period::Days(_) => {
                at.plus_milliseconds(now.milliseconds_since(pause.since))
            }
        };
        Self {
            started: self.started,
            due: shift(self.due),
            remind_at: self.remind_at.map(shift),
            climb_at: shift(self.climb_at),
            climbed_to: self.climbed_to,
            pause: None,
            stood_milliseconds: self
                .stood_milliseconds
                .saturating_add(now.milliseconds_since(pause.since).max(0)),
        }
    }

    /// The same clock after a change of severity: due at the new deadline counted from now, where that is earlier.
    pub(crate) fn hastened(&self, due: Moment, remind_at: Moment, now: Moment) -> Self {
        if due >= self.due {
            return self.clone();
        }
        let remind_at = (now < remind_at && remind_at < due).then_some(remind_at);
        Self { due, remind_at, climb_at: due.min(self.climb_at), ..self.clone() }
    }
}

/// What is due on a matter at `now`: the end of a pause, a reminder, a climb. Doing it twice does it once, since the
/// new clock is past it. At most one climb at a time, however long nobody looked.
pub fn tick(
    workflow: &Workflow,
    state: &MatterState<'_>,
    now: Moment,
    calendar: &WorkCalendar,
) -> Result<Vec<Effect>, Refusal> {
    let kind = workflow.kind(state.kind).ok_or(Refusal::UnknownStage)?;
    let stage = kind.stages.get(state.stage).ok_or(Refusal::UnknownStage)?;
    let (Some(run), Some(clock)) = (&stage.run, state.clock) else { return Ok(Vec::new()) };
    let mut clock = clock.clone();
    let mut effects = Vec::new();
    if let Some(pause) = clock.pause.clone() {
        if now < pause.until {
            return Ok(effects);
        }
        clock = clock.resumed(&pause, run.deadline.of(state.severity), now, calendar);
        effects.push(Effect::Resumed);
    }
    if now >= clock.climb_at {
        clock.remind_at = None;
        effects.push(climb(workflow, kind, state.holder_level, &mut clock));
        let wait = kind.climbs_every.of(state.severity).after(now, calendar);
        clock.climb_at = wait.max(now.plus_milliseconds(1));
    } else if clock.remind_at.is_some_and(|remind_at| now >= remind_at) {
        clock.remind_at = None;
        effects.push(Effect::Reminded);
    }
    if !effects.is_empty() {
        effects.push(Effect::Clock(clock));
    }
    Ok(effects)
}

/// One rung up from where the matter stands, or another call where it stands at the top.
fn climb(workflow: &Workflow, kind: &Kind, holder_level: Option<AreaLevel>, clock: &mut Clock) -> Effect {
    let reached = clock.climbed_to.or(holder_level);
    let next = kind.ladder.iter().copied().find(|level| reached.is_none_or(|reached| *level < reached));
    match next.and_then(|level| workflow.role_at(level).map(|role| (level, role))) {
        Some((level, role)) => {
            clock.climbed_to = Some(level);
            Effect::Climbed { to: level, role: role.to_owned() }
        }
        None => Effect::StillLate,
    }
}
