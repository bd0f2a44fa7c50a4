//! What the services of this crate need beside a transaction, and what programs hang on to them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use access::{Actor, Clearance, FieldClass, Roles, Scope};
use axum::http::StatusCode;
use base::{Label, MatterId, WorkCalendar};
use futures::future::BoxFuture;
use policy::Programs;
use sea_orm::DatabaseTransaction;
use store::{Keys, Read, StoreError, Write};
use web::{Ctx, PageResult, Rule, WebError};
use workflow::{Kind, Stage, Workflow};

use crate::notices::{Channel, InProduct};
use crate::panel::{Ask, Seen};
use crate::{Matter, MatterError, MatterWords};

/// The services of matters: made once at start, cheap to clone, handed to every module that works with matters.
#[derive(Clone)]
pub struct Matters(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    programs: Arc<Programs>,
    roles: Arc<Roles>,
    calendar: WorkCalendar,
    consequences: BTreeMap<&'static str, Follow>,
    channels: Vec<Arc<dyn Channel>>,
    /// The pages of each kind of matter that has its own.
    pages: BTreeMap<&'static str, KindPage>,
}

/// Where a kind of matter has its page, and how that is shown again when what was sent from it cannot be taken.
#[derive(Debug, Clone, Copy)]
pub struct KindPage {
    /// The kind: `lead`.
    pub kind: &'static str,
    /// The address without the matter's id: `/leads`.
    pub path: &'static str,
    /// Who may open the page. Whoever else sees the matter reads it on the page of any matter.
    pub rule: Rule,
    /// Shows the page of a matter with what was typed and what is wrong with it. Without it the page of any matter
    /// does.
    pub again: Option<ShowAgain>,
    /// Says in a line of a list what matters of the kind are about. Without it the matter's own words do.
    pub lines: Option<SayLines>,
    /// Reads what a matter of the kind stands on now, for the conditions of its workflow. Without it there is nothing.
    pub grounds: Option<ReadGrounds>,
}

/// What a matter stands on now: keys of the rules that speak for it. Whoever acts, since a condition asks and nobody is
/// shown it.
pub type ReadGrounds =
    for<'a> fn(&'a DatabaseTransaction, &'a Keys, MatterId) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;

/// What these matters of one kind are about, each in a few words, as the reader may know it; none for a matter of which
/// there is nothing to say.
pub type SayLines = for<'a> fn(
    &'a Ctx,
    &'a Read,
    &'a [&'a Matter],
) -> BoxFuture<'a, Result<HashMap<MatterId, String>, WebError>>;

/// Shows the page of a matter that has been looked up, with a status.
pub type ShowAgain = for<'a> fn(&'a Ctx, &'a Matters, Seen, Ask<'a>, StatusCode) -> BoxFuture<'a, PageResult>;

/// What a program does when a branch of its workflow emits a word: in the same transaction, after the matter has moved.
pub type Follow = Arc<
    dyn for<'a> Fn(&'a Matters, &'a Write, &'a Matter) -> BoxFuture<'a, Result<(), MatterError>>
        + Send
        + Sync,
>;

/// A word of `emits` in a workflow, and what is done at it.
#[derive(Clone)]
pub struct Consequence {
    /// The word: `open_file`.
    pub word: &'static str,
    /// What is done.
    pub follow: Follow,
}

impl Consequence {
    /// `follow` is done at `word`. It is a closure that returns a boxed future, since it borrows the transaction:
    /// `Consequence::new("open_file", |matters, write, matter| Box::pin(open_file(matters, write, matter)))`.
    pub fn new<F>(word: &'static str, follow: F) -> Self
    where
        F: for<'a> Fn(&'a Matters, &'a Write, &'a Matter) -> BoxFuture<'a, Result<(), MatterError>>
            + Send
            + Sync
            + 'static,
    {
        Self { word, follow: Arc::new(follow) }
    }
}

impl Matters {
    /// The services over the programs, roles and working calendar of this installation. `consequences` are what the
    /// programs do at the words of their workflows.
    pub fn new(
        programs: Arc<Programs>,
        roles: Arc<Roles>,
        calendar: WorkCalendar,
        consequences: impl IntoIterator<Item = Consequence>,
    ) -> Self {
        let consequences = consequences.into_iter().map(|one| (one.word, one.follow)).collect();
        Self(Arc::new(Inner {
            programs,
            roles,
            calendar,
            consequences,
            channels: vec![Arc::new(InProduct)],
            pages: BTreeMap::new(),
        }))
    }

    /// The same services, whose notices also go through `channel`. The one in the product always comes first.
    #[must_use]
    pub fn with_channel(self, channel: Arc<dyn Channel>) -> Self {
        let mut inner = Inner::clone(&self.0);
        inner.channels.push(channel);
        Self(Arc::new(inner))
    }

    /// The same services, which know where the pages of kinds of matter are.
    #[must_use]
    pub fn with_pages(self, pages: impl IntoIterator<Item = KindPage>) -> Self {
        let mut inner = Inner::clone(&self.0);
        inner.pages.extend(pages.into_iter().map(|page| (page.kind, page)));
        Self(Arc::new(inner))
    }

    /// How it is read what matters of a kind stand on, if they stand on anything.
    pub(crate) fn grounds_of(&self, kind: &str) -> Option<ReadGrounds> {
        self.0.pages.get(kind).and_then(|page| page.grounds)
    }

    /// How the page of a matter's kind is shown again, if it has one of its own.
    pub(crate) fn again(&self, matter: &Matter) -> Option<ShowAgain> {
        self.0.pages.get(matter.kind.as_str()).and_then(|page| page.again)
    }

    /// What these matters are about, as the kinds say it that have something to say.
    pub async fn lines(
        &self,
        ctx: &Ctx,
        read: &Read,
        matters: &[&Matter],
    ) -> Result<HashMap<MatterId, String>, WebError> {
        let mut said = HashMap::new();
        for page in self.0.pages.values() {
            let own: Vec<&Matter> = matters.iter().copied().filter(|one| one.kind == page.kind).collect();
            if let Some(lines) = page.lines.filter(|_| !own.is_empty()) {
                said.extend(lines(ctx, read, &own).await?);
            }
        }
        Ok(said)
    }

    /// The matter as `actor` may read it. What somebody wrote about a child, its heading among that, is narrative: whoever
    /// sees none of that sees number, stage, clock and holder.
    #[must_use]
    pub fn worded_for(&self, actor: &Actor, matter: &Matter) -> Matter {
        let mut shown = matter.clone();
        if self.roles().clearance(actor, FieldClass::Narrative) != Clearance::Full {
            shown.words = MatterWords::default();
        }
        shown
    }

    /// Where a matter's own page is; that of any matter where no program has one for its kind.
    pub fn path_of(&self, matter: &Matter) -> String {
        let path = self.0.pages.get(matter.kind.as_str()).map_or("/matters", |page| page.path);
        format!("{path}/{}", matter.id)
    }

    /// Where a matter is read by whoever asks: its own page, else, where that is not theirs to open, the page of any
    /// matter.
    pub fn path_for(&self, ctx: &Ctx, matter: &Matter) -> String {
        match self.0.pages.get(matter.kind.as_str()) {
            Some(page) if ctx.admits(page.rule) => self.path_of(matter),
            _ => format!("/matters/{}", matter.id),
        }
    }

    /// Whether every word that a workflow emits is known here; the first that is not, named for whoever starts the
    /// program. A word that nobody hears would be a consequence that never comes.
    pub fn check(&self) -> Result<(), String> {
        for program in self.0.programs.all() {
            if let Some(word) =
                program.workflow.emitted().find(|word| !self.0.consequences.contains_key(word))
            {
                return Err(format!(
                    "programs/{}/workflow.toml emits `{word}`, which no part of this program does; use one of: {}",
                    program.key,
                    self.0.consequences.keys().copied().collect::<Vec<_>>().join(", ")
                ));
            }
        }
        Ok(())
    }

    /// The programs.
    pub fn programs(&self) -> &Programs {
        &self.0.programs
    }

    /// The roles.
    pub fn roles(&self) -> &Roles {
        &self.0.roles
    }

    /// The working calendar that deadlines go by.
    pub fn calendar(&self) -> &WorkCalendar {
        &self.0.calendar
    }

    /// What is done at a word of a workflow.
    pub(crate) fn consequence(&self, word: &str) -> Option<&Follow> {
        self.0.consequences.get(word)
    }

    /// Where notices go.
    pub(crate) fn channels(&self) -> &[Arc<dyn Channel>] {
        &self.0.channels
    }

    /// The workflow that a matter runs under: that of the version it was opened under, whatever the files say now.
    pub fn workflow_of(&self, matter: &Matter) -> Result<&Workflow, MatterError> {
        self.workflow(&matter.program, &matter.program_version)
    }

    /// The workflow of one version of a program.
    pub fn workflow(&self, program: &str, version: &str) -> Result<&Workflow, MatterError> {
        let program = self.0.programs.version(program, version);
        program.map(|program| &program.workflow).ok_or(MatterError::Refused(workflow::Refusal::UnknownStage))
    }

    /// The kind of a matter, with its stages.
    pub fn kind_of(&self, matter: &Matter) -> Result<&Kind, MatterError> {
        let kind = self.workflow_of(matter)?.kind(&matter.kind);
        kind.ok_or(MatterError::Refused(workflow::Refusal::UnknownStage))
    }

    /// The stage that a matter is in.
    pub fn stage_of(&self, matter: &Matter) -> Result<&Stage, MatterError> {
        let stage = self.kind_of(matter)?.stages.get(&matter.stage);
        stage.ok_or(MatterError::Refused(workflow::Refusal::UnknownStage))
    }

    /// The name of an outcome of a matter's kind.
    pub fn outcome_of(&self, matter: &Matter) -> Option<&Label> {
        self.kind_of(matter).ok()?.outcomes.get(matter.outcome.as_deref()?)
    }

    /// Keys of every kind of matter of every program.
    pub fn kinds(&self) -> Vec<&str> {
        kinds_of(&self.0.programs)
    }

    /// The matters that an actor may see.
    pub fn scope(&self, actor: &Actor) -> Scope {
        self.0.roles.scope_of_kinds(actor, access::READ, "kind", &self.kinds())
    }

    /// Whether the actor's role works on matters of this kind at all. Which of them, and how, is the workflow's to say:
    /// both have to allow an act.
    pub(crate) fn works_on(&self, actor: &Actor, kind: &str) -> bool {
        ["handle", "dispatch", "approve", "decide"]
            .into_iter()
            .any(|verb| self.0.roles.may(actor, verb, kind))
    }
}

/// The kinds of matter of these programs, each once.
pub(crate) fn kinds_of(programs: &Programs) -> Vec<&str> {
    let kinds = programs.all().flat_map(|program| program.workflow.kinds());
    let mut kinds: Vec<&str> = kinds.map(|kind| kind.key.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

impl std::fmt::Debug for Matters {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Matters(…)")
    }
}
