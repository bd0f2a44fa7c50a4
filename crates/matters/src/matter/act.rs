//! Acting on a matter, and what can be done at all.

use std::collections::BTreeMap;

use access::{Actor, Sight};
use base::{AreaLevel, AreaPath, Day, MatterId, Moment, PersonId, PostId, Severity};
use sea_orm::sea_query::Condition;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::{Map, json};
use store::{Keys, StoreError, Write};
use workflow::{Act, ActorFacts, Answers, Child, Effect, MatterState, Refusal, StageAction, Workflow};

use super::carry::Change;
use super::{Matter, MatterToken, repo};
use crate::timeline::TAKEN_BACK;
use crate::{MatterError, Matters, answers, attachments};

/// What a person wants done.
#[derive(Debug, Clone, Copy)]
pub struct Acting<'a> {
    /// Key of the action of the present stage.
    pub action: &'a str,
    /// The answers, where it hands in a form.
    pub answers: Option<&'a Answers>,
    /// The reason, where it asks for one.
    pub reason: Option<&'a str>,
    /// The post that is to hold the matter next, where the actor may name it.
    pub holder: Option<PostId>,
    /// The version of the matter that the person saw.
    pub version: i32,
}

/// What came of an act.
#[derive(Debug)]
pub struct Acted {
    /// The matter as it is now.
    pub matter: Matter,
    /// Matters that were opened from it: the case that a danger opens.
    pub opened: Vec<Matter>,
}

/// An action of the present stage, as a person is offered it.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The action.
    pub action: StageAction,
    /// Why this person cannot take it, if so: the button is then shown with the reason, or left out.
    pub refusal: Option<Refusal>,
}

/// What a decision must know of a matter beside the matter.
pub(crate) struct Surroundings {
    pub answers: BTreeMap<String, Answers>,
    pub children: Vec<Child>,
    pub born: Option<Day>,
    pub grounds: Vec<String>,
}

impl Surroundings {
    pub async fn read(
        matters: &Matters,
        connection: &DatabaseTransaction,
        keys: &Keys,
        matter: &Matter,
    ) -> Result<Self, MatterError> {
        let workflow = matters.workflow_of(matter)?;
        let answers = answers::latest(connection, keys, matter.id).await?;
        let answers = answers.into_iter().map(|(form, answer)| (form, answer.filled.answers)).collect();
        let stage = workflow.stage(&matter.kind, &matter.stage);
        let asks_age = stage.is_some_and(workflow::Stage::asks_age);
        let born = match matter.subject.filter(|_| asks_age) {
            Some(subject) => born(connection, keys, subject).await?,
            None => None,
        };
        let grounds = match matters.grounds_of(&matter.kind) {
            Some(read) if stage.is_some_and(workflow::Stage::asks_grounds) => {
                read(connection, keys, matter.id).await?
            }
            _ => Vec::new(),
        };
        Ok(Self { answers, children: repo::child_facts(connection, matter.id).await?, born, grounds })
    }

    pub fn state<'a>(&'a self, matter: &'a Matter) -> MatterState<'a> {
        MatterState {
            kind: &matter.kind,
            stage: &matter.stage,
            severity: matter.severity,
            holder: matter.holder,
            holder_level: matter.holder_level,
            opener: matter.opener,
            grounds: &self.grounds,
            opened_from: matter.opened_from.as_deref(),
            clock: matter.closed_at.is_none().then_some(&matter.clock),
            answers: &self.answers,
            entered_by: matter.entered_by,
            entered_level: matter.entered_level,
            children: &self.children,
            born: self.born,
        }
    }
}

/// When a person was born, by the present record; whoever acts, since a rule asks and nobody is shown it.
async fn born(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    subject: PersonId,
) -> Result<Option<Day>, MatterError> {
    let present = match people::persons::repo::resolve(connection, subject).await {
        Ok(present) => present,
        Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let found = people::persons::repo::by_ids(connection, &[present], Condition::all()).await?.pop();
    let master = found.map(|person| person.master(keys)).transpose()?;
    Ok(master.and_then(|master| master.birth).map(|birth| birth.value))
}

/// What the workflow is told of an actor. A role that stands on the ladder works at the level of its post's area; any
/// other (a department) stands beside it.
pub(crate) fn facts<'a>(
    workflow: &Workflow,
    matter: &Matter,
    actor: &'a Actor,
) -> Result<ActorFacts<'a>, MatterError> {
    let (Some(account), Some(post)) = (actor.account, actor.post) else {
        return Err(MatterError::NotAllowed);
    };
    let level = level_on_ladder(workflow, &actor.role, &actor.area);
    let covers = level.is_some() && matter.area.is_within(&actor.area);
    Ok(ActorFacts { account, post, role: &actor.role, level, covers })
}

/// The level at which a role works in an area: that of the area where the role stands on the ladder, else none.
pub(super) fn level_on_ladder(workflow: &Workflow, role: &str, area: &AreaPath) -> Option<AreaLevel> {
    workflow.ladder.iter().any(|rung| rung.role == role).then(|| area.level())
}

impl Matters {
    /// What an actor can do with a matter now, in the order of the workflow. Empty once it has ended.
    pub async fn offers(
        &self,
        connection: &DatabaseTransaction,
        keys: &Keys,
        actor: &Actor,
        matter: &Matter,
    ) -> Result<Vec<Offer>, MatterError> {
        if !self.works_on(actor, &matter.kind) {
            return Ok(Vec::new());
        }
        let surroundings = Surroundings::read(self, connection, keys, matter).await?;
        self.offers_in(&surroundings, actor, matter)
    }

    /// As [`Matters::offers`], where its surroundings were read already.
    pub(crate) fn offers_in(
        &self,
        surroundings: &Surroundings,
        actor: &Actor,
        matter: &Matter,
    ) -> Result<Vec<Offer>, MatterError> {
        if !self.works_on(actor, &matter.kind) {
            return Ok(Vec::new());
        }
        let workflow = self.workflow_of(matter)?;
        let actor = facts(workflow, matter, actor)?;
        let offers = workflow::offers(workflow, &surroundings.state(matter), &actor).into_iter();
        Ok(offers.map(|(action, refusal)| Offer { action: action.clone(), refusal }).collect())
    }

    /// Does what a person wants done: decides by the workflow that the matter runs under, carries it out, and does what
    /// follows, all in `write`.
    ///
    /// # Errors
    /// `Refused` with the workflow's reason; `Conflict` with the matter as it is, if somebody else moved it on since
    /// `acting.version`; `NotAllowed`; `UnfitHolder`; `ForeignAttachment`; as [`Matters::open`] for what follows.
    pub async fn act(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        acting: &Acting<'_>,
    ) -> Result<Acted, MatterError> {
        self.act_by(write, actor, token, acting, None).await
    }

    /// As [`Matters::act`], for an act that takes another one back: the matter is due at `due` at the latest, so that
    /// doing and undoing does not put a deadline off. That it was taken back is its reason; it is kept as such and told in
    /// the words of whoever reads it, so `acting` brings none.
    ///
    /// # Errors
    /// Those of [`Matters::act`].
    pub async fn take_back(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        acting: &Acting<'_>,
        due: Moment,
    ) -> Result<Acted, MatterError> {
        self.act_by(write, actor, token, acting, Some(due)).await
    }

    async fn act_by(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        acting: &Acting<'_>,
        due_at_most: Option<Moment>,
    ) -> Result<Acted, MatterError> {
        let matter = self.at_hand(write, actor, token, acting.version).await?;
        if self.stage_of(&matter)?.actions.get(acting.action).is_some_and(|action| action.by_another) {
            return Err(Refusal::NoSuchAction.into());
        }
        if let Some(answers) = acting.answers {
            attachments::check_all_of(write.connection(), matter.id, answers.attachments()).await?;
        }
        let is_taken_back = due_at_most.is_some();
        let act = Act::Take {
            action: acting.action,
            answers: acting.answers,
            reason: if is_taken_back { Some(TAKEN_BACK) } else { acting.reason },
            holder: acting.holder,
        };
        let mut said = Map::new();
        said.insert("action".into(), json!(acting.action));
        if is_taken_back {
            said.insert(TAKEN_BACK.into(), json!(true));
        } else if let Some(reason) = acting.reason.map(str::trim).filter(|reason| !reason.is_empty()) {
            said.insert("reason".into(), json!(reason));
        }
        let change = Change { event: "matters.acted", said };
        self.decide_and_carry_by(write, actor, matter, &act, change, due_at_most).await
    }

    /// The matter of a token as a person saw it.
    pub(crate) async fn at_hand(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        version: i32,
    ) -> Result<Matter, MatterError> {
        if token.sight() < Sight::Referral {
            return Err(MatterError::NotFound);
        }
        let matter = repo::to_change(write, MatterId(token.id())).await?;
        if !self.works_on(actor, &matter.kind) {
            return Err(MatterError::NotAllowed);
        }
        if matter.version != version {
            return Err(MatterError::Conflict(Box::new(matter)));
        }
        Ok(matter)
    }

    /// Asks the workflow, and does what it says.
    pub(crate) async fn decide_and_carry(
        &self,
        write: &Write,
        actor: &Actor,
        matter: Matter,
        act: &Act<'_>,
        change: Change,
    ) -> Result<Acted, MatterError> {
        self.decide_and_carry_by(write, actor, matter, act, change, None).await
    }

    async fn decide_and_carry_by(
        &self,
        write: &Write,
        actor: &Actor,
        mut matter: Matter,
        act: &Act<'_>,
        change: Change,
        due_at_most: Option<Moment>,
    ) -> Result<Acted, MatterError> {
        let workflow = self.workflow_of(&matter)?;
        let surroundings = Surroundings::read(self, write.connection(), write.keys(), &matter).await?;
        let facts = facts(workflow, &matter, actor)?;
        let state = surroundings.state(&matter);
        let mut effects =
            workflow::decide(workflow, &state, act, &facts, write.at(), self.calendar())?.effects;
        self.keep_duty(write, &matter, &surroundings, &mut effects).await?;
        if let Some(due) = due_at_most {
            for effect in &mut effects {
                if let Effect::Entered(entered) = effect {
                    entered.clock = entered.clock.clone().due_at_latest(due);
                }
            }
        }
        let carried = self.carry_out(write, &mut matter, effects, Some(actor), change).await?;
        Ok(Acted { matter, opened: carried.opened })
    }

    /// Raises or lowers the severity of an open matter for a reason that no form brought: a new indicator on a lead.
    /// `reason` is a word of the program, for the timeline.
    pub async fn regrade(
        &self,
        write: &Write,
        id: MatterId,
        severity: Severity,
        reason: &str,
    ) -> Result<Matter, MatterError> {
        let mut matter = repo::by_id(write.connection(), write.keys(), id).await?;
        let effects = self.regrade_effects(write, &matter, severity).await?;
        if effects.is_empty() {
            return Ok(matter);
        }
        let said = Map::from_iter([("reason".to_owned(), json!(reason))]);
        self.carry_out(write, &mut matter, effects, None, Change { event: "matters.regraded", said }).await?;
        Ok(matter)
    }

    pub(crate) async fn regrade_effects(
        &self,
        write: &Write,
        matter: &Matter,
        severity: Severity,
    ) -> Result<Vec<Effect>, MatterError> {
        let workflow = self.workflow_of(matter)?;
        let surroundings = Surroundings::read(self, write.connection(), write.keys(), matter).await?;
        let state = surroundings.state(matter);
        Ok(workflow::regrade(workflow, &state, severity, write.at(), self.calendar())?)
    }
}
