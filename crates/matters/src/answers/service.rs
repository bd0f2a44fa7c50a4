//! Saving drafts, and handing in.

use std::collections::BTreeMap;

use access::Actor;
use base::{MatterId, Moment, Severity};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value, json};
use store::bulk::{Target, insert_rows};
use store::{Event, Keys, StoreError, Write};
use uuid::Uuid;
use workflow::{Answers, FieldFault, Filled, Refusal};

use super::model::{DRAFT, Draft, HANDED_IN, HandedIn, LATE, LateFilled, TABLE};
use super::repo;
use crate::matter::{Matter, MatterToken};
use crate::{MatterError, Matters, attachments};

/// A draft that is to be saved.
#[derive(Debug, Clone, Copy)]
pub struct Saving<'a> {
    /// Key of the form.
    pub form: &'a str,
    /// The answers so far.
    pub answers: &'a Answers,
    /// The version of the draft that the writer began from; 0 when there was none.
    pub version: i32,
}

/// What became of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is kept, in this version.
    Kept(i32),
    /// Somebody else saved first; theirs is here, and nothing of it was overwritten.
    Overtaken(Box<Draft>),
}

impl Matters {
    /// Keeps what has been written of a form, complete or not.
    ///
    /// # Errors
    /// `Refused` with `FaultyAnswers` for values that no field can hold, with `NoSuchAction` for a form that the present
    /// stage does not hand in, with `NotHeld` for a matter that is not the actor's to work on.
    pub async fn save_draft(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        saving: &Saving<'_>,
    ) -> Result<Saved, MatterError> {
        let connection = write.connection();
        let matter = crate::matter::repo::by_id(connection, write.keys(), MatterId(token.id())).await?;
        self.check_draft(write, actor, &matter, saving).await?;
        attachments::check_all_of(connection, matter.id, saving.answers.attachments()).await?;
        // Two first drafts of one form would both be kept, and one of them never be read.
        write.lock(&format!("matters.draft.{}.{}", matter.id, saving.form)).await?;
        let present = repo::draft(connection, matter.id, saving.form).await?;
        let version = match present {
            Some(row) if row.version != saving.version => {
                return Ok(Saved::Overtaken(Box::new(row.draft(write.keys())?)));
            }
            Some(row) => {
                let sealed = write.keys().seal(TABLE, row.id, saving.answers)?;
                let values = [
                    ("sealed", sealed.into()),
                    ("saved_at", write.at().0.into()),
                    ("account_id", actor.account.map(|id| id.0).into()),
                ];
                match write.edit(TABLE, row.id, saving.version, values).await {
                    Ok(()) => saving.version.saturating_add(1),
                    Err(StoreError::Conflict) => {
                        let row = repo::draft(connection, matter.id, saving.form).await?;
                        let row = row.ok_or(MatterError::NotFound)?;
                        return Ok(Saved::Overtaken(Box::new(row.draft(write.keys())?)));
                    }
                    Err(other) => return Err(other.into()),
                }
            }
            None => {
                let row = NewRow { form: saving.form, state: DRAFT, score: None };
                insert(write, &matter, &row, actor.account.map(|id| id.0), saving.answers).await?;
                1
            }
        };
        let event = Event {
            kind: "matters.draft_saved",
            subject: matter.subject,
            matter: Some(matter.id),
            area: Some(matter.area),
            before: Value::Null,
            after: json!({ "form": saving.form, "version": version }),
        };
        write.record(event).await?;
        Ok(Saved::Kept(version))
    }

    /// Whether the actor may write this form on this matter now, and whether its values can be held.
    async fn check_draft(
        &self,
        write: &Write,
        actor: &Actor,
        matter: &Matter,
        saving: &Saving<'_>,
    ) -> Result<(), MatterError> {
        if matter.closed_at.is_some() {
            return Err(Refusal::Closed.into());
        }
        let workflow = self.workflow_of(matter)?;
        let form = workflow.forms.get(saving.form).ok_or(Refusal::NoSuchAction)?;
        let offers = self.offers(write.connection(), write.keys(), actor, matter).await?;
        let offer = offers.iter().find(|offer| offer.action.form.as_deref() == Some(saving.form));
        match offer.map(|offer| &offer.refusal) {
            None => return Err(Refusal::NoSuchAction.into()),
            Some(Some(refusal @ (Refusal::NotHeld | Refusal::WrongRole))) => {
                return Err(refusal.clone().into());
            }
            // What only stands in the way of handing in (a paused clock, an open referral) does not stop the writing.
            Some(_) => {}
        }
        let faults: Vec<FieldFault> = form.draft_faults(saving.answers, write.at().day());
        if faults.is_empty() { Ok(()) } else { Err(Refusal::FaultyAnswers(faults).into()) }
    }

    /// The draft of a form of a matter, if there is one.
    pub async fn draft(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        token: &MatterToken,
        form: &str,
    ) -> Result<Option<Draft>, MatterError> {
        let row = repo::draft(connection, MatterId(token.id()), form).await?;
        row.map(|row| row.draft(keys)).transpose()
    }

    /// The latest answers to each form that were handed in on a matter.
    pub async fn answers(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        token: &MatterToken,
    ) -> Result<BTreeMap<String, HandedIn>, MatterError> {
        repo::latest(connection, keys, MatterId(token.id())).await
    }

    /// What arrived when the matter had gone on, oldest first: it lies beside what was handed in, and moved nothing but a
    /// danger's own consequences.
    pub async fn late_answers(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        token: &MatterToken,
    ) -> Result<Vec<HandedIn>, MatterError> {
        repo::late(connection, keys, MatterId(token.id())).await
    }

    /// Everything that was handed in on a matter, oldest first, earlier answers to the same form among it.
    pub async fn all_answers(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        token: &MatterToken,
    ) -> Result<Vec<HandedIn>, MatterError> {
        repo::all(connection, keys, MatterId(token.id())).await
    }
}

/// Keeps answers that arrived when the matter had gone on, with when they were written. Returns the row's id. The draft of
/// whoever has the matter now is not theirs, and stays.
pub(crate) async fn keep_late(
    write: &Write,
    matter: &Matter,
    form: &str,
    (filled, written): (Filled, Moment),
    actor: &Actor,
) -> Result<Uuid, MatterError> {
    let score = filled.score.as_ref().map(|score| (score.points, score.level));
    let row = NewRow { form, state: LATE, score };
    insert(write, matter, &row, actor.account.map(|id| id.0), &LateFilled { filled, written }).await
}

/// Keeps answers that the workflow has taken; the draft that they grew from is gone. Returns the row's id.
pub(crate) async fn hand_in(
    write: &Write,
    matter: &Matter,
    form: &str,
    filled: &Filled,
    actor: Option<&Actor>,
) -> Result<Uuid, MatterError> {
    let drafts = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("matter_id").eq(matter.id.0))
        .and_where(Expr::col("form").eq(form))
        .and_where(Expr::col("state").eq(DRAFT))
        .to_owned();
    write.connection().execute(&drafts).await?;
    let score = filled.score.as_ref().map(|score| (score.points, score.level));
    let row = NewRow { form, state: HANDED_IN, score };
    let account = actor.and_then(|actor| actor.account).map(|id| id.0);
    insert(write, matter, &row, account, filled).await
}

struct NewRow<'a> {
    form: &'a str,
    state: &'static str,
    score: Option<(i32, Severity)>,
}

const COLUMNS: [&str; 12] = [
    "id",
    "matter_id",
    "form",
    "stage",
    "program_version",
    "state",
    "account_id",
    "saved_at",
    "points",
    "severity",
    "version",
    "sealed",
];

async fn insert(
    write: &Write,
    matter: &Matter,
    row: &NewRow<'_>,
    account: Option<Uuid>,
    sealed: &impl serde::Serialize,
) -> Result<Uuid, MatterError> {
    let id = write.new_id();
    let sealed = write.keys().seal(TABLE, id, sealed)?;
    let values: [sea_orm::Value; 12] = [
        id.into(),
        matter.id.0.into(),
        row.form.into(),
        matter.stage.clone().into(),
        matter.program_version.clone().into(),
        row.state.into(),
        account.into(),
        write.at().0.into(),
        row.score.map(|(points, _)| points).into(),
        row.score.map(|(_, level)| i32::from(level.rank())).into(),
        1.into(),
        sealed.into(),
    ];
    insert_rows(write.connection(), Target { table: TABLE, columns: &COLUMNS }, [values]).await?;
    Ok(id)
}
