//! Sending a referral out, and what is known of those that were sent.

use std::collections::HashMap;

use access::Actor;
use access::organisations::{self, Organisation};
use base::{Day, MatterId, OrganisationId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::{Map, Value, json};
use store::{Event, Write};
use workflow::{Act, Answers, Filled, Form, Holder, Kind, Refusal, Stage, StageAction, Workflow};

use super::model::{NO_LONGER_STANDING, ReferralDetail};
use super::repo;
use crate::matter::carry::Change;
use crate::matter::{self, Surroundings};
use crate::{Matter, MatterError, MatterToken, MatterWords, Matters, NewMatter, answers};

/// A referral that is to be sent.
#[derive(Debug, Clone)]
pub struct Referring<'a> {
    /// To whom: [`Matters::destination`] proposes.
    pub organisation: OrganisationId,
    /// Key of the duty that it is sent for; it then answers and is done by the deadlines that the list states.
    pub duty: Option<&'a str>,
    /// What the organisation reads: all that it is told of the person and what is asked of it.
    pub words: MatterWords,
    /// What it is told of the person: answers to the form that the kind of referrals names for this. Empty, it is told
    /// nothing.
    pub told: Answers,
    /// The referral of the same matter that came back, failed or was withdrawn, of which this one takes the place.
    pub previous: Option<MatterId>,
    /// The version of the referring matter that the person saw.
    pub version: i32,
}

impl Matters {
    /// Refers what is to be done on a matter to an organisation (转介), and returns the referral.
    ///
    /// # Errors
    /// `NoReferralsNow` in a stage that sends none; `NotAllowed`; `Refused` with `NotHeld`, `Closed`, `NeedsReason` for
    /// words without a title, `FaultyAnswers`; `NobodyAtOrganisation`; `NotFound` for an unknown duty, a closed organisation, or a
    /// `previous` that is no referral of this matter which can be sent again; `Conflict`.
    pub async fn refer(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        referring: Referring<'_>,
    ) -> Result<Matter, MatterError> {
        let mut from = self.at_hand(write, actor, token, referring.version).await?;
        let workflow = self.workflow_of(&from)?;
        let kind = referral_kind(workflow).ok_or(MatterError::NoReferralsNow)?.key.clone();
        let previous = self.check_refer(write, actor, &from, &kind, &referring).await?;
        let told = self.told(&from, &referring.told, write.at().day())?;
        let organisation = organisations::get(write.connection(), referring.organisation).await?;
        if organisation.closed_at.is_some() {
            return Err(MatterError::NotFound);
        }
        let duty = match referring.duty {
            Some(key) => Some(self.duty_of(&from, key).ok_or(MatterError::NotFound)?),
            None => None,
        };
        let new = NewMatter {
            program: from.program.clone(),
            kind,
            parent: Some(from.id),
            opened_from: Some(from.kind.clone()),
            subject: from.subject,
            area: from.area,
            severity: from.severity,
            origin: from.kind.clone(),
            words: referring.words,
            due: duty.map(|duty| duty.answer_within.after(write.at(), self.calendar())),
            opener: actor.post,
            holder: None,
            organisation: Some(organisation.id),
        };
        let referral = self.open(write, new).await?;
        if let Some((form, filled)) = told {
            answers::hand_in(write, &referral, &form, &filled, Some(actor)).await?;
        }
        let detail = ReferralDetail {
            matter: referral.id,
            organisation: organisation.id,
            department: duty.map(|duty| duty.department.clone()).or(organisation.department),
            duty: duty.map(|duty| duty.key.clone()),
            state: referral.stage.clone(),
            previous: referring.previous,
        };
        repo::insert(write, &detail).await?;
        from.changed_at = write.at();
        matter::repo::update(write, &mut from).await?;
        write.record(referred(&from, &referral, &detail)).await?;
        if let Some(previous) = previous {
            self.replace(write, actor, previous).await?;
        }
        Ok(referral)
    }

    /// The form by which whoever refers something from `from` says what the organisation is told of the person.
    pub(crate) fn telling_form(&self, from: &Matter) -> Result<Option<&Form>, MatterError> {
        let workflow = self.workflow_of(from)?;
        let form = referral_kind(workflow).and_then(|kind| kind.tells.as_deref());
        Ok(form.and_then(|form| workflow.forms.get(form)))
    }

    /// What is kept of what the organisation is told, if it is told anything.
    fn told(
        &self,
        from: &Matter,
        told: &Answers,
        today: Day,
    ) -> Result<Option<(String, Filled)>, MatterError> {
        let Some(form) = self.telling_form(from)? else { return Ok(None) };
        let filled = form.fill(told, today).map_err(Refusal::FaultyAnswers)?;
        Ok((!filled.answers.values.is_empty()).then(|| (form.key.clone(), filled)))
    }

    /// Ends the referral that another one takes the place of, where it still waits for its sender.
    async fn replace(&self, write: &Write, actor: &Actor, previous: Matter) -> Result<(), MatterError> {
        let Some(action) = self.stage_of(&previous)?.actions.values().find(|action| action.by_another) else {
            return Ok(());
        };
        let key = action.key.clone();
        let act = Act::Take { action: &key, answers: None, reason: None, holder: None };
        let said = Map::from_iter([("action".to_owned(), json!(key))]);
        self.decide_and_carry(write, actor, previous, &act, Change { event: "matters.acted", said }).await?;
        Ok(())
    }

    /// Whether the actor may refer anything from this matter now; returns the referral that is sent again, if one is.
    async fn check_refer(
        &self,
        write: &Write,
        actor: &Actor,
        from: &Matter,
        kind: &str,
        referring: &Referring<'_>,
    ) -> Result<Option<Matter>, MatterError> {
        self.may_refer(write.connection(), write.keys(), actor, from).await?;
        if referring.words.title.trim().is_empty() {
            return Err(Refusal::NeedsReason(1).into());
        }
        let Some(previous) = referring.previous else { return Ok(None) };
        let previous = matter::repo::by_id(write.connection(), write.keys(), previous).await?;
        let fits = previous.parent == Some(from.id) && previous.kind == kind;
        if fits && self.may_be_sent_again(&previous) {
            Ok(Some(previous))
        } else {
            Err(MatterError::NotFound)
        }
    }

    /// Whether another referral may take the place of this one: it came back or failed and waits for its sender, or was
    /// withdrawn.
    pub(crate) fn may_be_sent_again(&self, referral: &Matter) -> bool {
        match &referral.outcome {
            Some(outcome) => NO_LONGER_STANDING.contains(&outcome.as_str()),
            None => self.waits_for_sender(referral),
        }
    }

    /// Whether a referral has come back or failed, and whoever sent it has to say what becomes of it.
    pub(crate) fn waits_for_sender(&self, referral: &Matter) -> bool {
        let by_another = |stage: &Stage| stage.actions.values().any(|action: &StageAction| action.by_another);
        referral.closed_at.is_none() && self.stage_of(referral).is_ok_and(by_another)
    }

    /// Whether the actor may refer something from this matter now: what the button goes by.
    ///
    /// # Errors
    /// As [`Matters::refer`].
    pub async fn may_refer(
        &self,
        connection: &DatabaseTransaction,
        keys: &store::Keys,
        actor: &Actor,
        from: &Matter,
    ) -> Result<(), MatterError> {
        if from.closed_at.is_some() {
            return Err(Refusal::Closed.into());
        }
        let workflow = self.workflow_of(from)?;
        let kind = referral_kind(workflow).ok_or(MatterError::NoReferralsNow)?;
        if !self.stage_of(from)?.refers {
            return Err(MatterError::NoReferralsNow);
        }
        if !self.works_on(actor, &from.kind) || !self.roles().may(actor, "open", &kind.key) {
            return Err(MatterError::NotAllowed);
        }
        let surroundings = Surroundings::read(self, connection, keys, from).await?;
        let facts = matter::facts(workflow, from, actor)?;
        if workflow::steers(&surroundings.state(from), &facts) {
            Ok(())
        } else {
            Err(Refusal::NotHeld.into())
        }
    }

    /// The organisation that has a duty of the responsibility list where the matter is; `None` if it is not set up yet.
    ///
    /// # Errors
    /// `NotFound` for a duty that the list does not have.
    pub async fn destination(
        &self,
        connection: &impl ConnectionTrait,
        matter: &Matter,
        duty: &str,
    ) -> Result<Option<Organisation>, MatterError> {
        let duty = self.duty_of(matter, duty).ok_or(MatterError::NotFound)?;
        Ok(organisations::for_department(connection, &duty.department, &matter.area).await?)
    }

    /// To whom these referrals were sent, and what for, by the matter's id. Of matters that the caller has looked up.
    pub async fn referral_details(
        &self,
        connection: &impl ConnectionTrait,
        matters: &[Matter],
    ) -> Result<HashMap<MatterId, ReferralDetail>, MatterError> {
        let referrals = matters.iter().filter(|matter| matter.organisation.is_some());
        let ids: Vec<MatterId> = referrals.map(|matter| matter.id).collect();
        let details = repo::details(connection, &ids).await?;
        Ok(details.into_iter().map(|detail| (detail.matter, detail)).collect())
    }
}

/// The kind of matter that is held by the organisation to which it was referred.
pub(crate) fn referral_kind(workflow: &Workflow) -> Option<&Kind> {
    workflow.kinds().find(|kind| {
        let first = kind.stages.get(&kind.first).and_then(|stage| stage.run.as_ref());
        first.is_some_and(|run| run.holder == Holder::Organisation)
    })
}

/// What the timeline of the referring matter says.
fn referred(from: &Matter, referral: &Matter, detail: &ReferralDetail) -> Event {
    let after = Map::from_iter([
        ("referral".to_owned(), json!(referral.id)),
        ("number".to_owned(), json!(referral.number)),
        ("organisation".to_owned(), json!(detail.organisation)),
        ("duty".to_owned(), json!(detail.duty)),
        ("previous".to_owned(), json!(detail.previous)),
    ]);
    Event {
        kind: "matters.referred",
        subject: from.subject,
        matter: Some(from.id),
        area: Some(from.area),
        before: Value::Null,
        after: Value::Object(after),
    }
}
