//! Finding and writing receipts.

use access::Actor;
use base::{MatterId, Moment};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::Write;
use store::bulk::{Target, insert_rows};
use uuid::Uuid;

use crate::MatterError;

const TABLE: &str = "receipt";

/// What a command was answered with.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The id that the phone gave the command.
    pub id: Uuid,
    /// What it was, as a word of whoever answers: `act`, `draft`.
    pub command: String,
    /// The matter.
    pub matter: Option<MatterId>,
    /// When it was done.
    pub recorded_at: Moment,
    answer: Value,
}

impl Receipt {
    /// The answer.
    ///
    /// # Errors
    /// `Store` if it has another shape: the command was of another kind than is asked for now.
    pub fn answer<T: DeserializeOwned>(&self) -> Result<T, MatterError> {
        T::deserialize(&self.answer).map_err(|error| MatterError::Store(error.into()))
    }
}

/// The receipt of the command `id`, if it was done before: then `write` has nothing left to do. Otherwise nobody else
/// can do it until `write` ends. Ask before anything else of the command is done.
///
/// # Errors
/// `NotFound` for a command of another account: its answer is not for this one.
pub async fn find(write: &Write, actor: &Actor, id: Uuid) -> Result<Option<Receipt>, MatterError> {
    write.lock(&format!("matters.receipt.{id}")).await?;
    let select = Query::select()
        .columns(["account_id", "command", "matter_id", "recorded_at", "sealed"])
        .from(TABLE)
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    let Some(row) = write.connection().query_one(&select).await? else { return Ok(None) };
    let account: Option<Uuid> = row.try_get("", "account_id")?;
    if account != actor.account.map(|account| account.0) {
        return Err(MatterError::NotFound);
    }
    let sealed: Vec<u8> = row.try_get("", "sealed")?;
    Ok(Some(Receipt {
        id,
        command: row.try_get("", "command")?,
        matter: row.try_get::<Option<Uuid>>("", "matter_id")?.map(MatterId),
        recorded_at: Moment(row.try_get("", "recorded_at")?),
        answer: write.keys().open(TABLE, id, &sealed)?,
    }))
}

/// Keeps what the command `id` is answered with, in the transaction that does it.
pub async fn keep(
    write: &Write,
    actor: &Actor,
    id: Uuid,
    command: &str,
    matter: Option<MatterId>,
    answer: &impl Serialize,
) -> Result<(), MatterError> {
    let columns = ["id", "account_id", "command", "matter_id", "recorded_at", "sealed"];
    let row: [sea_orm::Value; 6] = [
        id.into(),
        actor.account.map(|account| account.0).into(),
        command.into(),
        matter.map(|matter| matter.0).into(),
        write.at().0.into(),
        write.keys().seal(TABLE, id, answer)?.into(),
    ];
    insert_rows(write.connection(), Target { table: TABLE, columns: &columns }, [row]).await?;
    Ok(())
}
