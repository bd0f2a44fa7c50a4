//! Carrying out what the workflow decided: the matter as it is afterwards, its tasks, its journal, who is told, and
//! what follows.

use access::Actor;
use access::posts;
use base::{AccountId, AreaLevel, MatterId, PersonId, PostId, Severity};
use serde_json::{Map, Value, json};
use store::{Event, Write};
use workflow::{Arrival, Clock, Effect, Entered, StageAction, Workflow};

use super::Matter;
use super::holders::{self, Entering, Holders};
use super::open::NewMatter;
use super::repo::{self, TaskKind};
use crate::answers;
use crate::notices::{self, NoticeKind};
use crate::{MatterError, Matters, referrals};

/// What a change is called in the journal, and what is to be said of it beside its effects.
pub(crate) struct Change {
    /// The kind of the entry.
    pub event: &'static str,
    /// What the person said and chose, for the timeline: action, reason.
    pub said: Map<String, Value>,
}

/// What came of a change beside the change itself.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    /// Matters that were opened from this one.
    pub opened: Vec<Matter>,
}

impl Matters {
    /// Carries `effects` out on `matter`, which was read in this transaction, and writes it down. The actor is whoever
    /// decided; `None` is the clock.
    pub(crate) async fn carry_out(
        &self,
        write: &Write,
        matter: &mut Matter,
        effects: Vec<Effect>,
        actor: Option<&Actor>,
        change: Change,
    ) -> Result<Carried, MatterError> {
        let before = outline(matter);
        let asker = self.asker(write, matter, &change.said).await?;
        let mut course = Course { said: change.said, ..Course::default() };
        for effect in effects {
            self.carry_one(write, matter, effect, actor, &mut course).await?;
        }
        matter.changed_at = write.at();
        repo::update(write, matter).await?;
        self.keep_referral(write, matter, &mut course.told).await?;
        let answer = if matter.closed_at.is_some() { NoticeKind::Approved } else { NoticeKind::SentBack };
        for post in asker {
            // Whoever has it back need not be told twice.
            course.told.retain(|told| *told != (post, NoticeKind::Assigned));
            course.told.push((post, answer));
        }
        let after =
            outline(matter).into_iter().chain(std::mem::take(&mut course.said)).collect::<Map<_, _>>();
        let event = Event {
            kind: change.event,
            subject: matter.subject,
            matter: Some(matter.id),
            area: Some(matter.area),
            before: Value::Object(before),
            after: Value::Object(after),
        };
        write.record(event).await?;
        let own_post = actor.and_then(|actor| actor.post);
        let told = course.told.iter().filter(|(post, _)| Some(*post) != own_post);
        let told: Vec<_> = told.map(|(post, kind)| (&*matter, *post, *kind)).collect();
        notices::send(self, write, &told).await?;
        self.follow(write, matter, course).await
    }

    /// The posts of whoever asked for what this act decides on (结案申请): they are told how it was decided, wherever the
    /// matter goes.
    async fn asker(
        &self,
        write: &Write,
        matter: &Matter,
        said: &Map<String, Value>,
    ) -> Result<Vec<PostId>, MatterError> {
        let Some(account) = matter.entered_by else { return Ok(Vec::new()) };
        let action = said.get("action").and_then(Value::as_str);
        let action = action.and_then(|key| self.stage_of(matter).ok()?.actions.get(key));
        if !action.is_some_and(StageAction::decides) {
            return Ok(Vec::new());
        }
        let held = posts::present_posts(write.connection(), account, write.at()).await?;
        let fits = |post: &&posts::Post| {
            Some(post.area.level()) == matter.entered_level && matter.area.is_within(&post.area)
        };
        Ok(held.iter().filter(fits).map(|post| post.id).collect())
    }

    /// One effect: on the matter in memory, on its tasks and papers at once.
    async fn carry_one(
        &self,
        write: &Write,
        matter: &mut Matter,
        effect: Effect,
        actor: Option<&Actor>,
        course: &mut Course,
    ) -> Result<(), MatterError> {
        match effect {
            Effect::Answered { form, filled } => {
                let answer = answers::hand_in(write, matter, &form, &filled, actor).await?;
                course.said.insert("form".into(), json!(form));
                course.said.insert("answer".into(), json!(answer));
            }
            Effect::Graded(severity) => matter.severity = severity,
            Effect::Entered(entered) => {
                course.said.insert("passed".into(), json!(entered.passed));
                self.enter(write, matter, entered, actor, &mut course.told).await?;
            }
            Effect::Assigned(post) => {
                let entering = in_its_stage(self.workflow_of(matter)?, matter, write);
                let held = holders::fit_post(write.connection(), &entering, post, matter).await?;
                (matter.holder, matter.holder_level) = (held.post, held.level);
                repo::close_tasks(write, matter.id, Some(TaskKind::Handle)).await?;
                open_task(write, TaskKind::Handle, matter, held.post).await?;
                course.told.push((held.post, NoticeKind::Assigned));
            }
            Effect::Closed { stage, outcome } => {
                (matter.stage, matter.outcome, matter.closed_at) = (stage, Some(outcome), Some(write.at()));
                matter.clock.pause = None;
                mark_entered(matter, actor);
                repo::close_tasks(write, matter.id, None).await?;
            }
            Effect::Opens(kind) => course.opens.push(kind),
            Effect::Alerts(level) => course.alerts.push(level),
            Effect::Emits(word) => course.emits.push(word),
            Effect::Paused | Effect::Resumed => {}
            Effect::Reminded => course.told.push((matter.holder, NoticeKind::Reminder)),
            Effect::Climbed { to, .. } => self.climb(write, matter, to, &mut course.told).await?,
            Effect::StillLate => {
                let supervisors = repo::supervisors(write.connection(), matter.id).await?;
                course.told.extend(supervisors.into_iter().map(|post| (post, NoticeKind::StillLate)));
                course.told.push((matter.holder, NoticeKind::StillLate));
            }
            Effect::Clock(clock) => take_clock(matter, clock),
        }
        Ok(())
    }

    /// A stage is entered: its holder has the task now, and whoever supervised the stage before has done so.
    async fn enter(
        &self,
        write: &Write,
        matter: &mut Matter,
        entered: Entered,
        actor: Option<&Actor>,
        told: &mut Vec<(PostId, NoticeKind)>,
    ) -> Result<(), MatterError> {
        let (by, level) = brought_by(actor);
        let entering = Entering {
            stage: &entered.stage,
            arrival: Arrival { by, level },
            ..in_its_stage(self.workflow_of(matter)?, matter, write)
        };
        let mut holders = Holders::default();
        let held = holders.wanted(write.connection(), &entering, matter, &entered.holder).await?;
        if held.post != matter.holder {
            told.push((held.post, NoticeKind::Assigned));
        }
        (matter.holder, matter.holder_level) = (held.post, held.level);
        matter.stage = entered.stage;
        matter.soon_at = entered.clock.remind_at.unwrap_or(entered.clock.due);
        matter.clock = entered.clock;
        mark_entered(matter, actor);
        repo::close_tasks(write, matter.id, None).await?;
        open_task(write, TaskKind::Handle, matter, held.post).await?;
        Ok(())
    }

    /// A late matter goes before the level `to` as well: its post supervises, the holder stays.
    async fn climb(
        &self,
        write: &Write,
        matter: &Matter,
        to: AreaLevel,
        told: &mut Vec<(PostId, NoticeKind)>,
    ) -> Result<(), MatterError> {
        let entering = in_its_stage(self.workflow_of(matter)?, matter, write);
        let post = holders::watcher(write.connection(), &entering, to, &matter.area).await?;
        told.push((matter.holder, NoticeKind::Late));
        let supervisors = repo::supervisors(write.connection(), matter.id).await?;
        if post != matter.holder && !supervisors.contains(&post) {
            open_task(write, TaskKind::Supervise, matter, post).await?;
            told.push((post, NoticeKind::Climbed));
        }
        Ok(())
    }

    /// Keeps the state by which the organisation sees its referral, and tells whoever sent it.
    async fn keep_referral(
        &self,
        write: &Write,
        matter: &Matter,
        told: &mut Vec<(PostId, NoticeKind)>,
    ) -> Result<(), MatterError> {
        if matter.organisation.is_none() {
            return Ok(());
        }
        if referrals::repo::keep_state(write, matter).await?
            && let Some(parent) = matter.parent
        {
            let parent = repo::by_id(write.connection(), write.keys(), parent).await?;
            // Whoever has the referral back is told once.
            told.retain(|one| *one != (parent.holder, NoticeKind::Assigned));
            told.push((parent.holder, NoticeKind::ReferralMoved));
            write.record(referral_moved(&parent, matter)).await?;
        }
        Ok(())
    }

    /// What follows in the same transaction: matters opened from this one, levels told, and the program's own part.
    pub(super) async fn follow(
        &self,
        write: &Write,
        matter: &Matter,
        course: Course,
    ) -> Result<Carried, MatterError> {
        let mut carried = Carried::default();
        let mut taken_on = None;
        for kind in course.opens {
            let (other, is_new) = self.open_from(write, matter, kind).await?;
            taken_on.get_or_insert_with(|| other.clone());
            if is_new {
                carried.opened.push(other);
            }
        }
        let workflow = self.workflow_of(matter)?;
        let mut told = Vec::new();
        for level in course.alerts {
            let entering = in_its_stage(workflow, matter, write);
            let post = holders::watcher(write.connection(), &entering, level, &matter.area).await?;
            if !told.contains(&post) {
                told.push(post);
            }
        }
        // Whoever is alerted goes on with what was opened or took this on; this matter may have ended with the alert.
        let about = taken_on.as_ref().unwrap_or(matter);
        let told: Vec<_> = told.into_iter().map(|post| (about, post, NoticeKind::Alert)).collect();
        notices::send(self, write, &told).await?;
        for word in course.emits {
            let consequence = self.consequence(&word);
            let follow =
                consequence.ok_or_else(|| MatterError::internal(format_args!("nobody hears `{word}`")))?;
            follow(self, write, matter).await?;
        }
        Ok(carried)
    }

    /// Opens a matter of `kind` from `matter`; where the person, under whichever id, has an open one of that kind already,
    /// that one takes the news: it rises to the same severity and its holder is told. Two cases of one child would be worked twice.
    /// Returns the matter that takes this on, and whether it was opened now.
    async fn open_from(
        &self,
        write: &Write,
        matter: &Matter,
        kind: String,
    ) -> Result<(Matter, bool), MatterError> {
        if let Some(subject) = matter.subject {
            let connection = write.connection();
            let ids = known_as(write, subject).await?;
            // Two matters of one child may end at once, and what neither has saved the other does not find.
            if let Some(present) = ids.first() {
                write.lock(&format!("matters.open.{}.{kind}.{present}", matter.program)).await?;
            }
            let open = repo::open_of(connection, write.keys(), &matter.program, &kind, &ids).await?;
            if let Some(mut open) = open {
                self.join(write, &mut open, matter).await?;
                return Ok((open, false));
            }
        }
        let new = NewMatter {
            program: matter.program.clone(),
            kind,
            parent: Some(matter.id),
            opened_from: Some(matter.kind.clone()),
            subject: matter.subject,
            area: matter.area,
            severity: matter.severity,
            origin: matter.kind.clone(),
            words: matter.words.clone(),
            due: None,
            opener: write.actor().post,
            holder: None,
            organisation: None,
        };
        Ok((self.open(write, new).await?, true))
    }

    /// News of `from` for the matter `open` about the same person.
    async fn join(&self, write: &Write, open: &mut Matter, from: &Matter) -> Result<(), MatterError> {
        let severity: Severity = open.severity.max(from.severity);
        let effects = self.regrade_effects(write, open, severity).await?;
        let change = Change { event: "matters.joined", said: told_from(from) };
        // A change of severity opens nothing further, so this goes no deeper than one step.
        Box::pin(self.carry_out(write, open, effects, None, change)).await?;
        notices::send(self, write, &[(&*open, open.holder, NoticeKind::Joined)]).await
    }
}

/// What the event of news that joins a matter says of where it came from.
pub(super) fn told_from(from: &Matter) -> Map<String, Value> {
    Map::from_iter([("from".to_owned(), json!(from.id)), ("number".to_owned(), json!(from.number))])
}

/// The ids under which a person is known, the present one first: two children may have turned out to be one.
pub(super) async fn known_as(write: &Write, subject: PersonId) -> Result<Vec<PersonId>, MatterError> {
    let ids = people::persons::repo::ids_of(write.connection(), subject).await?;
    Ok(if ids.is_empty() { vec![subject] } else { ids })
}

/// What a change brings with it, gathered while it is carried out.
#[derive(Default)]
pub(super) struct Course {
    /// For the journal.
    said: Map<String, Value>,
    /// Who is told.
    told: Vec<(PostId, NoticeKind)>,
    pub(super) opens: Vec<String>,
    pub(super) alerts: Vec<AreaLevel>,
    pub(super) emits: Vec<String>,
}

async fn open_task(write: &Write, kind: TaskKind, matter: &Matter, post: PostId) -> Result<(), MatterError> {
    let tasks: [(MatterId, PostId, String); 1] = [(matter.id, post, matter.stage.clone())];
    Ok(repo::open_tasks(write, kind, tasks).await?)
}

fn mark_entered(matter: &mut Matter, actor: Option<&Actor>) {
    (matter.entered_by, matter.entered_level) = brought_by(actor);
}

/// Who brings a matter into a stage, and the level at which that person works.
fn brought_by(actor: Option<&Actor>) -> (Option<AccountId>, Option<AreaLevel>) {
    let level = actor.filter(|actor| actor.post.is_some()).map(|actor| actor.area.level());
    (actor.and_then(|actor| actor.account), level)
}

/// The stage that a matter is in, for whoever is to hold it there.
pub(super) fn in_its_stage<'a>(workflow: &'a Workflow, matter: &'a Matter, write: &Write) -> Entering<'a> {
    let arrival = Arrival { by: matter.entered_by, level: matter.entered_level };
    Entering { workflow, kind: &matter.kind, stage: &matter.stage, arrival, at: write.at() }
}

/// Takes a clock over. The moment of the reminder stays known after it was given.
fn take_clock(matter: &mut Matter, clock: Clock) {
    if let Some(remind_at) = clock.remind_at {
        matter.soon_at = remind_at;
    } else if matter.clock.due != clock.due {
        matter.soon_at = matter.soon_at.min(clock.due);
    }
    matter.clock = clock;
}

/// What the timeline of the referring matter says of a referral that moved on.
fn referral_moved(parent: &Matter, referral: &Matter) -> Event {
    Event {
        kind: "matters.referral_moved",
        subject: parent.subject,
        matter: Some(parent.id),
        area: Some(parent.area),
        before: Value::Null,
        after: json!({
            "referral": referral.id,
            "number": referral.number,
            "kind": referral.kind,
            "organisation": referral.organisation,
            "stage": referral.stage,
            "outcome": referral.outcome,
        }),
    }
}

/// What the journal says of a matter before and after a change.
fn outline(matter: &Matter) -> Map<String, Value> {
    Map::from_iter([
        ("stage".to_owned(), json!(matter.stage)),
        ("severity".to_owned(), json!(matter.severity)),
        ("holder".to_owned(), json!(matter.holder)),
        ("outcome".to_owned(), json!(matter.outcome)),
        ("due".to_owned(), json!(matter.closed_at.is_none().then_some(matter.clock.due))),
        ("paused_until".to_owned(), json!(matter.clock.pause.as_ref().map(|pause| pause.until))),
        ("climbed_to".to_owned(), json!(matter.clock.climbed_to)),
    ])
}
