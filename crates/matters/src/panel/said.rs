//! What the page after an act says: in one sentence what was done, and where the matter is now. Whoever has handed a
//! matter on would otherwise land on a list that has one line less, and wonder.

use base::PostId;
use web::{Ctx, WebError, Worded as _};

use super::Texts;
use super::history::level_name;
use super::names::{Names, Wanted};
use crate::{Matter, Matters};

/// An act that has been carried out, to be told.
pub(super) struct Told<'a> {
    pub ctx: &'a Ctx,
    pub matters: &'a Matters,
    /// The matter as it is now.
    pub matter: &'a Matter,
    /// Whether who acted still sees it.
    pub is_seen: bool,
    /// The matter as it was, where a stage was asked to be left.
    pub before: Option<&'a Matter>,
}

impl Told<'_> {
    /// An action of the workflow: 「退回」已办.
    pub async fn acted(&self, action: &str) -> Result<String, WebError> {
        let Self { ctx, matters, matter, .. } = *self;
        let (t, what) = (Texts(ctx.language), self.what()?);
        let said = if let Some(outcome) = matters.outcome_of(matter) {
            t.said_ended(action, what, outcome.says(ctx.language))
        } else {
            let stage = matters.stage_of(matter)?.label.says(ctx.language);
            if self.before.is_some_and(|before| stays(before, matter)) {
                let due = web::show::near(matter.clock.due, ctx.now, ctx.language);
                return Ok(self.with_whereabouts(t.said_stays(
                    action,
                    what,
                    stage,
                    due,
                    self.told_levels()?,
                )));
            }
            t.said_moved(action, what, stage, self.post(matter.holder).await?)
        };
        Ok(self.with_whereabouts(said))
    }

    /// The levels that were told because the matter stays where it is.
    fn told_levels(&self) -> Result<String, WebError> {
        let t = Texts(self.ctx.language);
        let branches = self.matters.stage_of(self.matter)?.actions.values().flat_map(|one| &one.branches);
        let levels = branches.filter(|branch| branch.stays).flat_map(|branch| &branch.alerts);
        let mut names: Vec<&str> = levels.map(|level| level_name(t, *level)).collect();
        names.dedup();
        Ok(names.join(self.ctx.language.choose("、", ", ")))
    }

    /// The matter was handed to another post.
    pub async fn assigned(&self) -> Result<String, WebError> {
        let holder = self.post(self.matter.holder).await?;
        let said = Texts(self.ctx.language).said_assigned(self.what()?, holder);
        Ok(self.with_whereabouts(said))
    }

    /// The clock was stopped.
    pub fn paused(&self) -> Result<String, WebError> {
        let t = Texts(self.ctx.language);
        let until = self.matter.clock.pause.as_ref().map(|pause| pause.until);
        let until = until.map(|until| web::show::full_day(until.day())).unwrap_or_default();
        Ok(t.said_paused(self.what()?, until))
    }

    /// The clock runs again.
    pub fn resumed(&self) -> Result<String, WebError> {
        let due = web::show::near(self.matter.clock.due, self.ctx.now, self.ctx.language);
        Ok(Texts(self.ctx.language).said_resumed(self.what()?, due))
    }

    /// Kind and number.
    fn what(&self) -> Result<String, WebError> {
        let kind = self.matters.kind_of(self.matter)?.label.says(self.ctx.language);
        Ok(format!("{kind} {}", self.matter.number))
    }

    async fn post(&self, id: PostId) -> Result<String, WebError> {
        if self.ctx.actor.post == Some(id) {
            return Ok(Texts(self.ctx.language).said_you().to_owned());
        }
        let read = self.ctx.read().await?;
        let wanted = Wanted { posts: vec![id], ..Wanted::default() };
        let names = Names::read(&read, &self.ctx.app, self.ctx.language, &wanted, self.ctx.now).await?;
        Ok(names.post(id).line(self.ctx.language))
    }

    fn with_whereabouts(&self, said: String) -> String {
        let t = Texts(self.ctx.language);
        if self.is_seen { said } else { format!("{said}{}", t.said_gone()) }
    }
}

/// Whether an act left the matter in its stage with its clock going on.
fn stays(before: &Matter, after: &Matter) -> bool {
    before.stage == after.stage && before.clock.started == after.clock.started
}

/// The sentence after the action `action` of `before`, which is `matter` now: for pages that act by themselves.
///
/// # Errors
/// Those of the database.
pub async fn acted(
    ctx: &Ctx,
    matters: &Matters,
    before: &Matter,
    action: &str,
    (matter, is_seen): (&Matter, bool),
) -> Result<String, WebError> {
    let action = action_name(ctx, matters, before, action);
    Told { ctx, matters, matter, is_seen, before: Some(before) }.acted(&action).await
}

/// The name of an action in the stage that `matter` stands in before it is taken.
pub(super) fn action_name(ctx: &Ctx, matters: &Matters, matter: &Matter, action: &str) -> String {
    let stage = matters.stage_of(matter).ok();
    let action = stage.and_then(|stage| stage.actions.get(action));
    action.map(|action| action.label.says(ctx.language).to_owned()).unwrap_or_default()
}
