//! What was written at a door without signal and is sent when the matter is somebody else's, or has ended: it arrives all
//! the same, and the phone is told in plain words what became of it.

use std::collections::BTreeMap;

use base::{MatterId, Moment};
use matters::{Arrived, HeldOnce, Late, MatterError, Matters};
use store::Write;
use web::Ctx;
use workflow::{Answers, Form, StageAction};

use super::Texts;
use super::seen::Seen;

/// A form of a matter that went on meanwhile.
pub(crate) struct Written<'a> {
    /// The matter.
    pub matter: MatterId,
    /// The action.
    pub action: &'a str,
    /// What its writer saw of the matter.
    pub seen: &'a Seen,
    /// When it was written, by the phone's clock.
    pub at: Moment,
}

/// A late form whose sender may deliver it.
pub(crate) struct AtDoor<'a> {
    held: HeldOnce,
    written: Written<'a>,
}

impl<'a> AtDoor<'a> {
    /// Whether this is a form that its sender may deliver late: they held the matter once, and it hands a form in. `None` if
    /// not: it is then answered as anything that cannot be done.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open(
        ctx: &Ctx,
        matters: &Matters,
        write: &Write,
        written: Written<'a>,
    ) -> Result<Option<Self>, MatterError> {
        let held = matters.held_once(write.connection(), write.keys(), &ctx.actor, written.matter).await;
        let held = match held {
            Ok(held) => held,
            Err(MatterError::NotFound) => return Ok(None),
            Err(other) => return Err(other),
        };
        let late = Self { held, written };
        let is_form = late.action(matters)?.is_some_and(|action| action.form.is_some());
        Ok(is_form.then_some(late))
    }

    fn action<'m>(&self, matters: &'m Matters) -> Result<Option<&'m StageAction>, MatterError> {
        let matter = self.held.matter();
        let stage = matters.workflow_of(matter)?.stage(&matter.kind, &self.written.seen.stage);
        Ok(stage.and_then(|stage| stage.actions.get(self.written.action)))
    }

    /// The form that it hands in.
    ///
    /// # Errors
    /// `NotFound` if the workflow has none.
    pub fn form<'m>(&self, matters: &'m Matters) -> Result<&'m Form, MatterError> {
        let key = self.action(matters)?.and_then(|action| action.form.as_deref());
        let forms = &matters.workflow_of(self.held.matter())?.forms;
        key.and_then(|key| forms.get(key)).ok_or(MatterError::NotFound)
    }

    /// Whether the matter is the sender's own to do still, in another step: then they can go on themselves, and are asked.
    /// Word of danger asks nobody.
    pub fn is_theirs(&self, ctx: &Ctx, matters: &Matters, answers: &Answers) -> Result<bool, MatterError> {
        let matter = self.held.matter();
        if matter.closed_at.is_some() || Some(matter.holder) != ctx.actor.post {
            return Ok(false);
        }
        Ok(!self.raises_alarm(matters, answers)?)
    }

    fn raises_alarm(&self, matters: &Matters, answers: &Answers) -> Result<bool, MatterError> {
        let form = self.form(matters)?;
        let action = self.action(matters)?;
        let known = BTreeMap::from([(form.key.clone(), answers.clone())]);
        Ok(action.is_some_and(|action| action.raises_alarm() || action.alarms_with(&known)))
    }

    /// Delivers it, and says what became of it.
    ///
    /// # Errors
    /// Those of [`Matters::arrive_late`].
    pub async fn deliver(
        &self,
        ctx: &Ctx,
        matters: &Matters,
        write: &Write,
        answers: &Answers,
    ) -> Result<String, MatterError> {
        let late = Late {
            action: self.written.action,
            stage: &self.written.seen.stage,
            answers,
            written: self.written.at,
        };
        let arrived = matters.arrive_late(write, &ctx.actor, &self.held, &late).await?;
        let t = Texts(ctx.language);
        Ok(match arrived {
            Arrived::Known => t.late_known(),
            Arrived::HandedOn { is_ended: false } => t.late_handed_on(),
            Arrived::HandedOn { is_ended: true } => t.late_ended(),
            Arrived::Alarmed { is_opened: true } => t.late_danger_opened(),
            Arrived::Alarmed { is_opened: false } => t.late_danger_joined(),
        }
        .to_owned())
    }
}
