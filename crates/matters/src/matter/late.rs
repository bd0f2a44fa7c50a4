//! What was written at a door without signal and arrives after the matter went on: somebody else has it by now, or it has
//! ended. It is never lost and overwrites nothing. Word of danger is acted on at once, by the branch of the workflow that
//! it would have taken where it was written; anything else is laid beside the matter for whoever has it now, and moves
//! nothing by itself.

use access::Actor;
use access::posts::{self, Post};
use base::{AccountId, AreaLevel, MatterId, Moment, PostId};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};
use store::{Event, Keys, Write};
use workflow::{Act, ActorFacts, Answers, Clock, Effect, Filled, MatterState, Refusal};

use super::act::{Surroundings, level_on_ladder};
use super::carry::{Change, Course, in_its_stage, known_as, told_from};
use super::{Matter, holders, repo};
use crate::answers;
use crate::notices::{self, NoticeKind};
use crate::{MatterError, Matters};

/// Proof that an account had a matter to do at some time. Nothing of the matter may be shown by it: it may be somebody
/// else's now, at a place that is not the holder's of then.
#[derive(Debug, Clone)]
pub struct HeldOnce {
    matter: Matter,
    post: Post,
}

impl HeldOnce {
    /// The matter as it stands, to decide by, not to show.
    pub fn matter(&self) -> &Matter {
        &self.matter
    }
}

/// A form that was written when the matter was in another state.
#[derive(Debug, Clone, Copy)]
pub struct Late<'a> {
    /// The action by which it was handed in.
    pub action: &'a str,
    /// The stage in which its writer saw the matter.
    pub stage: &'a str,
    /// The answers.
    pub answers: &'a Answers,
    /// When it was written, by the writer's own clock.
    pub written: Moment,
}

/// What came of a form that arrived late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// The same answers of the same person are there already: nothing was done.
    Known,
    /// It lies beside the matter, and whoever has to do with it now was told.
    HandedOn {
        /// Whether the matter has ended.
        is_ended: bool,
    },
    /// Word of danger: those above were told, and a matter was opened or took it on.
    Alarmed {
        /// Whether one was opened.
        is_opened: bool,
    },
}

impl Matters {
    /// Whether the actor's account had the matter `id` to do at some time, whoever has it now.
    ///
    /// # Errors
    /// `NotFound` when it never had, or there is no such matter.
    pub async fn held_once(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        actor: &Actor,
        id: MatterId,
    ) -> Result<HeldOnce, MatterError> {
        let account = actor.account.ok_or(MatterError::NotFound)?;
        let post = held_on(connection, account, id).await?.ok_or(MatterError::NotFound)?;
        let post = posts::by_ids(connection, &[post]).await?.pop().ok_or(MatterError::NotFound)?;
        Ok(HeldOnce { matter: repo::by_id(connection, keys, id).await?, post })
    }

    /// Takes a form that arrives late from somebody who held the matter when it was written.
    ///
    /// # Errors
    /// `Refused` with the workflow's reason, as if it had arrived in time; `ForeignAttachment`; as [`Matters::open`] for
    /// what a danger opens.
    pub async fn arrive_late(
        &self,
        write: &Write,
        actor: &Actor,
        held: &HeldOnce,
        late: &Late<'_>,
    ) -> Result<Arrived, MatterError> {
        let matter = repo::to_change(write, held.matter.id).await?;
        crate::attachments::check_all_of(write.connection(), matter.id, late.answers.attachments()).await?;
        let effects = self.as_then(write, actor, held, &matter, late).await?;
        let Some((form, filled)) = effects.iter().find_map(answered) else {
            return Err(Refusal::NoSuchAction.into());
        };
        if is_known(write, actor, &matter, form, &filled).await? {
            return Ok(Arrived::Known);
        }
        let written = late.written.clamp(matter.opened_at.min(write.at()), write.at());
        let said = Map::from_iter([
            ("action".to_owned(), json!(late.action)),
            ("written".to_owned(), json!(written)),
            ("written_in".to_owned(), json!(late.stage)),
        ]);
        let is_alarm = effects.iter().any(|effect| matches!(effect, Effect::Alerts(_)));
        let is_ended = matter.closed_at.is_some();
        if is_alarm && !is_ended {
            return self.end_in_alarm(write, actor, matter, effects, said).await;
        }
        let form = form.to_owned();
        let answer = answers::keep_late(write, &matter, &form, (filled, written), actor).await?;
        let after = said
            .into_iter()
            .chain([("form".to_owned(), json!(form)), ("answer".to_owned(), json!(answer))])
            .collect();
        write.record(beside("matters.late", &matter, after)).await?;
        if is_alarm {
            let (course, risen) = alarm_of(effects, &matter);
            let carried = self.follow(write, &risen, course).await?;
            self.tell_of_late(write, actor, &matter, vec![matter.holder]).await?;
            return Ok(Arrived::Alarmed { is_opened: !carried.opened.is_empty() });
        }
        let mut told = vec![matter.holder];
        if is_ended || Some(matter.holder) == actor.post {
            told.extend(self.above(write, &matter).await?);
        }
        self.tell_of_late(write, actor, &matter, told).await?;
        self.join_beside(write, actor, &matter, late).await?;
        Ok(Arrived::HandedOn { is_ended })
    }

    /// What the workflow would have done with the form where it was written, by whoever held the matter then.
    async fn as_then(
        &self,
        write: &Write,
        actor: &Actor,
        held: &HeldOnce,
        matter: &Matter,
        late: &Late<'_>,
    ) -> Result<Vec<Effect>, MatterError> {
        let workflow = self.workflow_of(matter)?;
        let then = Matter { stage: late.stage.to_owned(), ..matter.clone() };
        let surroundings = Surroundings::read(self, write.connection(), write.keys(), &then).await?;
        let clock = Clock { pause: None, ..matter.clock.clone() };
        let state = MatterState { holder: held.post.id, clock: Some(&clock), ..surroundings.state(&then) };
        let facts = ActorFacts {
            account: actor.account.ok_or(MatterError::NotAllowed)?,
            post: held.post.id,
            role: &held.post.role,
            level: level_on_ladder(workflow, &held.post.role, &held.post.area),
            covers: false,
        };
        let act = Act::Take { action: late.action, answers: Some(late.answers), reason: None, holder: None };
        Ok(workflow::decide(workflow, &state, &act, &facts, write.at(), self.calendar())?.effects)
    }

    /// Word of danger about a matter that is still open: it ends as it would have ended in time, and whoever had it is told.
    async fn end_in_alarm(
        &self,
        write: &Write,
        actor: &Actor,
        mut matter: Matter,
        mut effects: Vec<Effect>,
        said: Map<String, Value>,
    ) -> Result<Arrived, MatterError> {
        // The clock of the stage in which it was written is not the one that runs now.
        effects.retain(|effect| !matches!(effect, Effect::Clock(_)));
        let holder = matter.holder;
        let change = Change { event: "matters.acted", said };
        let carried = self.carry_out(write, &mut matter, effects, Some(actor), change).await?;
        self.tell_of_late(write, actor, &matter, vec![holder]).await?;
        Ok(Arrived::Alarmed { is_opened: !carried.opened.is_empty() })
    }

    /// The post above whoever held a matter last, which looks at what came in when nobody was at work on it any more.
    async fn above(&self, write: &Write, matter: &Matter) -> Result<Option<PostId>, MatterError> {
        let level = matter.holder_level.and_then(AreaLevel::above).unwrap_or(AreaLevel::District);
        let entering = in_its_stage(self.workflow_of(matter)?, matter, write);
        match holders::watcher(write.connection(), &entering, level, &matter.area).await {
            Ok(post) => Ok(Some(post)),
            // Nobody above is no reason to lose the report.
            Err(MatterError::NobodyToHold) => Ok(None),
            Err(other) => Err(other),
        }
    }

    async fn tell_of_late(
        &self,
        write: &Write,
        actor: &Actor,
        matter: &Matter,
        posts: Vec<PostId>,
    ) -> Result<(), MatterError> {
        let others = posts.into_iter().filter(|post| Some(*post) != actor.post);
        let told: Vec<_> = others.map(|post| (matter, post, NoticeKind::LateReport)).collect();
        notices::send(self, write, &told).await
    }

    /// The open matter that the form could have opened, a case of the same person, hears of it as well.
    async fn join_beside(
        &self,
        write: &Write,
        actor: &Actor,
        matter: &Matter,
        late: &Late<'_>,
    ) -> Result<(), MatterError> {
        let Some(subject) = matter.subject else { return Ok(()) };
        let stage = self.workflow_of(matter)?.stage(&matter.kind, late.stage);
        let action = stage.and_then(|stage| stage.actions.get(late.action));
        let mut kinds: Vec<&String> =
            action.iter().flat_map(|action| &action.branches).flat_map(|branch| &branch.opens).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let ids = known_as(write, subject).await?;
        for kind in kinds {
            let (connection, keys) = (write.connection(), write.keys());
            let Some(open) = repo::open_of(connection, keys, &matter.program, kind, &ids).await? else {
                continue;
            };
            write.record(beside("matters.joined", &open, told_from(matter))).await?;
            self.tell_of_late(write, actor, &open, vec![open.holder]).await?;
        }
        Ok(())
    }
}

/// The post on which an account had a matter to do, the latest such one.
async fn held_on(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: MatterId,
) -> Result<Option<PostId>, MatterError> {
    let held = repo::held_by(connection, id).await?;
    let tenures = posts::tenures_of_account(connection, account).await?;
    let theirs = held.into_iter().find(|(post, from, until)| {
        // What was passed on in the moment in which it came was held for that moment.
        let until = until.map(|until| until.max(from.plus_milliseconds(1)));
        tenures.iter().any(|tenure| tenure.post == *post && tenure.overlaps(*from, until))
    });
    Ok(theirs.map(|(post, ..)| post))
}

fn answered(effect: &Effect) -> Option<(&str, Filled)> {
    match effect {
        Effect::Answered { form, filled } => Some((form, filled.clone())),
        _ => None,
    }
}

/// Whether the same person has handed in just this already.
async fn is_known(
    write: &Write,
    actor: &Actor,
    matter: &Matter,
    form: &str,
    filled: &Filled,
) -> Result<bool, MatterError> {
    let (connection, keys) = (write.connection(), write.keys());
    let in_time = answers::all(connection, keys, matter.id).await?;
    let late = answers::late(connection, keys, matter.id).await?;
    Ok(in_time.iter().chain(&late).any(|paper| {
        paper.account == actor.account && paper.form == form && paper.filled.answers == filled.answers
    }))
}

/// What follows of a danger where the matter itself has ended, and the matter as grave as the danger makes it.
fn alarm_of(effects: Vec<Effect>, matter: &Matter) -> (Course, Matter) {
    let (mut course, mut risen) = (Course::default(), matter.clone());
    for effect in effects {
        match effect {
            Effect::Graded(severity) => risen.severity = risen.severity.max(severity),
            Effect::Opens(kind) => course.opens.push(kind),
            Effect::Alerts(level) => course.alerts.push(level),
            Effect::Emits(word) => course.emits.push(word),
            _ => {}
        }
    }
    (course, risen)
}

fn beside(kind: &'static str, matter: &Matter, after: Map<String, Value>) -> Event {
    Event {
        kind,
        subject: matter.subject,
        matter: Some(matter.id),
        area: Some(matter.area),
        before: Value::Null,
        after: Value::Object(after),
    }
}
