//! Opening matters.

use std::collections::{BTreeMap, HashMap};

use base::{AreaPath, MatterId, Moment, OrganisationId, PersonId, PostId, Severity};
use serde_json::{Value, json};
use store::{Event, Write};
use workflow::{Arrival, HolderWanted, MatterState, Workflow};

use super::holders::{Entering, Held, Holders, fit_post};
use super::model::{Matter, MatterWords};
use super::repo::{self, TaskKind};
use super::{numbers, tick};
use crate::notices::{self, NoticeKind};
use crate::{MatterError, Matters};

/// A matter that is to be opened, under the present version of its program.
#[derive(Debug, Clone)]
pub struct NewMatter {
    /// The program.
    pub program: String,
    /// Key of the kind.
    pub kind: String,
    /// The matter that it comes from, if any.
    pub parent: Option<MatterId>,
    /// The kind of that matter: a case that a lead brought skips the discovery.
    pub opened_from: Option<String>,
    /// The person it is about.
    pub subject: Option<PersonId>,
    /// Where it belongs.
    pub area: AreaPath,
    /// How grave it is.
    pub severity: Severity,
    /// What brings it, as a word of the program.
    pub origin: String,
    /// What is said of it; sealed.
    pub words: MatterWords,
    /// By when its first stage is to be left, where that is not the workflow's to say: a planned visit.
    pub due: Option<Moment>,
    /// The post that opens it; `None` for the system.
    pub opener: Option<PostId>,
    /// The post that is to hold it first, where that is not the workflow's to say.
    pub holder: Option<PostId>,
    /// The organisation that it is referred to.
    pub organisation: Option<OrganisationId>,
}

/// Matters opened in one call at most: a caller with more opens them in several transactions.
pub const OPENED_AT_MOST: usize = 5_000;

impl Matters {
    /// Opens one matter.
    ///
    /// # Errors
    /// `NobodyToHold`; `UnfitHolder`; `NobodyAtOrganisation`; `Refused` if the program has no such kind.
    pub async fn open(&self, write: &Write, new: NewMatter) -> Result<Matter, MatterError> {
        let opened = self.open_many(write, vec![new]).await?;
        opened.into_iter().next().ok_or_else(|| MatterError::internal("nothing was opened"))
    }

    /// Opens matters, in their order, each with its number, clock, holder, task, journal entry and notice.
    ///
    /// # Errors
    /// As [`Matters::open`]; then nothing may be saved. `Store` for more than [`OPENED_AT_MOST`].
    pub async fn open_many(&self, write: &Write, new: Vec<NewMatter>) -> Result<Vec<Matter>, MatterError> {
        if new.len() > OPENED_AT_MOST {
            return Err(MatterError::internal(format_args!(
                "at most {OPENED_AT_MOST} matters are opened at once"
            )));
        }
        let mut numbers = self.numbers_for(write, &new).await?;
        let mut holders = Holders::default();
        let mut opened = Vec::with_capacity(new.len());
        for new in new {
            let (version, workflow) = self.present(&new.program)?;
            let number = numbers.get_mut(&new.kind).and_then(Vec::pop);
            let number = number.ok_or(MatterError::Refused(workflow::Refusal::UnknownStage))?;
            opened.push(self.lay_out(write, workflow, version, number, new, &mut holders).await?);
        }
        repo::insert(write, &opened).await?;
        let tasks = opened.iter().map(|matter| (matter.id, matter.holder, matter.stage.clone()));
        repo::open_tasks(write, TaskKind::Handle, tasks.collect::<Vec<_>>()).await?;
        write.record_all(opened.iter().map(opened_event).collect()).await?;
        let told = opened.iter().filter(|matter| Some(matter.holder) != write.actor().post);
        let told: Vec<_> = told.map(|matter| (matter, matter.holder, NoticeKind::Assigned)).collect();
        notices::send(self, write, &told).await?;
        tick::enqueue_next(write).await?;
        Ok(opened)
    }

    /// Version and workflow of a program as the files stand.
    fn present(&self, program: &str) -> Result<(&str, &Workflow), MatterError> {
        let program = self.programs().program(program);
        let program = program.ok_or(MatterError::Refused(workflow::Refusal::UnknownStage))?;
        Ok((&program.version, &program.workflow))
    }

    /// Numbers for each kind, the first at the end of its list.
    async fn numbers_for(
        &self,
        write: &Write,
        new: &[NewMatter],
    ) -> Result<HashMap<String, Vec<String>>, MatterError> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for new in new {
            *counts.entry((&new.program, &new.kind)).or_default() += 1;
        }
        let mut numbers = HashMap::new();
        for ((program, kind), count) in counts {
            let (_, workflow) = self.present(program)?;
            let found = workflow.kind(kind).ok_or(MatterError::Refused(workflow::Refusal::UnknownStage))?;
            let mut reserved = numbers::reserve(write, &found.number, count).await?;
            reserved.reverse();
            numbers.insert(kind.to_owned(), reserved);
        }
        Ok(numbers)
    }

    /// The matter as it stands in its first stage.
    async fn lay_out(
        &self,
        write: &Write,
        workflow: &Workflow,
        version: &str,
        number: String,
        new: NewMatter,
        holders: &mut Holders,
    ) -> Result<Matter, MatterError> {
        let at = write.at();
        let nothing = BTreeMap::new();
        let state = MatterState {
            kind: &new.kind,
            stage: "",
            severity: new.severity,
            holder: new.opener.unwrap_or(PostId(uuid::Uuid::nil())),
            holder_level: None,
            opener: new.opener,
            grounds: &[],
            opened_from: new.opened_from.as_deref(),
            clock: None,
            answers: &nothing,
            entered_by: write.actor().account,
            entered_level: None,
            children: &[],
            born: None,
        };
        let entered = workflow::open(workflow, &state, new.due, at, self.calendar())?;
        let mut matter = Matter {
            id: MatterId(write.new_id()),
            program: new.program.clone(),
            program_version: version.to_owned(),
            kind: new.kind.clone(),
            parent: new.parent,
            opened_from: new.opened_from.clone(),
            number,
            subject: new.subject,
            area: new.area,
            stage: entered.stage,
            severity: new.severity,
            outcome: None,
            origin: new.origin.clone(),
            holder: state.holder,
            holder_level: None,
            organisation: new.organisation,
            opener: new.opener,
            entered_by: write.actor().account,
            entered_level: None,
            opened_at: at,
            changed_at: at,
            closed_at: None,
            soon_at: entered.clock.remind_at.unwrap_or(entered.clock.due),
            clock: entered.clock,
            version: 1,
            words: new.words,
        };
        let held = first_holder(write, workflow, &matter, new.holder, &entered.holder, holders).await?;
        (matter.holder, matter.holder_level) = (held.post, held.level);
        Ok(matter)
    }
}

async fn first_holder(
    write: &Write,
    workflow: &Workflow,
    matter: &Matter,
    named: Option<PostId>,
    wanted: &HolderWanted,
    holders: &mut Holders,
) -> Result<Held, MatterError> {
    let connection = write.connection();
    let arrival = Arrival { by: matter.entered_by, level: matter.entered_level };
    let entering = Entering { workflow, kind: &matter.kind, stage: &matter.stage, arrival, at: write.at() };
    match named {
        Some(post) => fit_post(connection, &entering, post, matter).await,
        // There is nobody yet who could keep it.
        None if *wanted == HolderWanted::Keep => {
            holders.wanted(connection, &entering, matter, &HolderWanted::Opener).await
        }
        None => holders.wanted(connection, &entering, matter, wanted).await,
    }
}

fn opened_event(matter: &Matter) -> Event {
    Event {
        kind: "matters.opened",
        subject: matter.subject,
        matter: Some(matter.id),
        area: Some(matter.area),
        before: Value::Null,
        after: json!({
            "kind": matter.kind,
            "number": matter.number,
            "version": matter.program_version,
            "stage": matter.stage,
            "severity": matter.severity,
            "origin": matter.origin,
            "parent": matter.parent,
            "holder": matter.holder,
            "due": matter.clock.due,
        }),
    }
}
