//! Deadlines that the responsibility list states for a duty: by when a referral is answered, and by when it is done. They
//! go before those of the workflow's stages, which hold for referrals without a duty.

use base::Moment;
use policy::Duty;
use store::Write;
use workflow::{Effect, HolderWanted};

use super::repo;
use crate::matter::Surroundings;
use crate::{Matter, MatterError, Matters};

impl Matters {
    /// The duty with this key, in the version of the program that a matter runs under.
    pub(crate) fn duty_of(&self, matter: &Matter, key: &str) -> Option<&Duty> {
        let program = self.programs().version(&matter.program, &matter.program_version)?;
        program.routing.duty(key).map(|(_, duty)| duty)
    }

    /// Of the effects of an act on a referral with a duty, lets the stage that is entered be due when the duty is to be
    /// done; a stage of the sender's, who has the referral back, is due by the workflow.
    pub(crate) async fn keep_duty(
        &self,
        write: &Write,
        matter: &Matter,
        surroundings: &Surroundings,
        effects: &mut [Effect],
    ) -> Result<(), MatterError> {
        if matter.organisation.is_none() {
            return Ok(());
        }
        let Some(detail) = repo::details(write.connection(), &[matter.id]).await?.pop() else {
            return Ok(());
        };
        let Some(duty) = detail.duty.and_then(|key| self.duty_of(matter, &key)) else { return Ok(()) };
        let due: Moment = duty.done_within.after(write.at(), self.calendar());
        let workflow = self.workflow_of(matter)?;
        for effect in effects {
            if let Effect::Entered(entered) = effect
                && entered.holder == HolderWanted::Organisation
            {
                let state = surroundings.state(matter);
                let (stage, at) = (&entered.stage, write.at());
                entered.clock = workflow::due_by(workflow, &state, stage, due, at, self.calendar())?;
            }
        }
        Ok(())
    }
}
