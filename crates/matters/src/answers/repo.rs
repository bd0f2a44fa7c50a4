//! Finding and writing answers.

use std::collections::BTreeMap;

use base::{AccountId, MatterId, Moment};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::Keys;
use uuid::Uuid;
use workflow::{Answers, Filled};

use super::model::{DRAFT, Draft, HANDED_IN, HandedIn, LATE, LateFilled, TABLE};
use crate::MatterError;

/// Answers of one matter that are read at once: far more than a case has steps.
const READ_AT_MOST: u64 = 500;

#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    form: String,
    stage: String,
    program_version: String,
    account_id: Option<Uuid>,
    saved_at: i64,
    pub version: i32,
    sealed: Vec<u8>,
}

fn select(matter: MatterId, state: &str) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id", "form", "stage", "program_version", "account_id", "saved_at", "version", "sealed"])
        .from(TABLE)
        .and_where(Expr::col("matter_id").eq(matter.0))
        .and_where(Expr::col("state").eq(state))
        .limit(READ_AT_MOST);
    select
}

async fn rows(connection: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<Row>, MatterError> {
    let rows = connection.query_all(select).await?;
    Ok(rows.iter().map(|row| Row::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

impl Row {
    fn handed_in(self, keys: &Keys) -> Result<HandedIn, MatterError> {
        let filled: Filled = keys.open(TABLE, self.id, &self.sealed)?;
        Ok(self.with(filled, None))
    }

    fn late(self, keys: &Keys) -> Result<HandedIn, MatterError> {
        let late: LateFilled = keys.open(TABLE, self.id, &self.sealed)?;
        Ok(self.with(late.filled, Some(late.written)))
    }

    fn with(self, filled: Filled, written: Option<Moment>) -> HandedIn {
        HandedIn {
            id: self.id,
            form: self.form,
            stage: self.stage,
            program_version: self.program_version,
            account: self.account_id.map(AccountId),
            at: Moment(self.saved_at),
            filled,
            written,
        }
    }

    pub fn draft(self, keys: &Keys) -> Result<Draft, MatterError> {
        let answers: Answers = keys.open(TABLE, self.id, &self.sealed)?;
        Ok(Draft {
            form: self.form,
            account: self.account_id.map(AccountId),
            at: Moment(self.saved_at),
            version: self.version,
            answers,
        })
    }
}

/// Everything that was handed in on a matter, oldest first.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matter: MatterId,
) -> Result<Vec<HandedIn>, MatterError> {
    let mut select = select(matter, HANDED_IN);
    select.order_by("id", Order::Asc);
    rows(connection, &select).await?.into_iter().map(|row| row.handed_in(keys)).collect()
}

/// What arrived when a matter had gone on, oldest first.
pub(crate) async fn late(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matter: MatterId,
) -> Result<Vec<HandedIn>, MatterError> {
    let mut select = select(matter, LATE);
    select.order_by("id", Order::Asc);
    rows(connection, &select).await?.into_iter().map(|row| row.late(keys)).collect()
}

/// The latest answers to each form that were handed in on a matter.
pub(crate) async fn latest(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matter: MatterId,
) -> Result<BTreeMap<String, HandedIn>, MatterError> {
    let all = all(connection, keys, matter).await?;
    Ok(all.into_iter().map(|answer| (answer.form.clone(), answer)).collect())
}

/// The draft of a form, if there is one.
pub(super) async fn draft(
    connection: &impl ConnectionTrait,
    matter: MatterId,
    form: &str,
) -> Result<Option<Row>, MatterError> {
    let mut select = select(matter, DRAFT);
    select.and_where(Expr::col("form").eq(form)).order_by("id", Order::Desc);
    Ok(rows(connection, &select).await?.into_iter().next())
}
