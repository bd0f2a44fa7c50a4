//! A form sent twice is done once.
//!
//! Each page's forms carry a random key. Key, address and content together make the receipt's id, which the first
//! transaction of the request inserts: if it is there already the transaction is given up and the first answer is given
//! again. Because the receipt is saved with what the form did, a process that dies between click and answer leaves
//! either both or neither. The receipt also keeps the sentence in which the next page says what was done: a cookie of a
//! minute names the receipt, so that neither the sentence nor a word of it stands in an address.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::AccountId;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::bulk::{Target, insert_rows};
use store::{Database, Migration, StoreError, Write};
use uuid::Uuid;

use super::{Body, TOKEN_FIELD};
use crate::error::WebError;
use crate::visit::Visit;

/// How long a receipt is kept: longer than any page stays open. In hours.
const KEPT_HOURS: i64 = 72;

/// The tables of this crate.
pub(crate) fn migrations() -> Vec<Migration> {
    vec![
        Migration {
            name: "web.0001_forms",
            up: |schema| {
                schema.create_table("form_receipt", |table| {
                    table.id();
                    table.uuid("operation_id");
                    table.moment("recorded_at");
                    table.text("location").optional();
                });
                schema.index("form_receipt", &["recorded_at"]);
                schema.create_table("parked_form", |table| {
                    table.id();
                    table.uuid("account_id");
                    table.moment("parked_at");
                    table.sealed();
                });
                schema.index("parked_form", &["parked_at"]);
            },
        },
        Migration {
            name: "web.0002_said",
            up: |schema| {
                schema.add_column("form_receipt", |table| {
                    table.sealed().optional();
                });
            },
        },
    ]
}

/// What became of a form that is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// Where the first answer led.
    pub location: Option<String>,
}

/// The receipt's id: a keyed hash of who, where, under which key and what. The token is left out, it may have changed.
pub(crate) fn key(database: &Database, visit: &Visit, once: &str, path: &str, body: &Body) -> Uuid {
    let account = visit.actor.as_ref().and_then(|actor| actor.account);
    let mut content = format!("{account:?}\n{once}\n{path}\n").into_bytes();
    for (name, value) in body.fields.iter().filter(|(name, _)| name != TOKEN_FIELD) {
        content.extend_from_slice(format!("{}:{name}{}:{value}", name.len(), value.len()).as_bytes());
    }
    for file in &body.files {
        content.extend_from_slice(format!("{}:{}", file.file_name, file.bytes.len()).as_bytes());
        content.extend_from_slice(&file.bytes);
    }
    let hash = database.keys().hash_bytes("web.form_receipt", &content);
    hash.try_into().map(Uuid::from_bytes).unwrap_or_default()
}

/// Takes the form `key` in `write`. `Some` if it was done before; `write` is then given up.
pub(crate) async fn take(
    database: &Database,
    write: Write,
    key: Uuid,
) -> Result<Result<Write, Receipt>, StoreError> {
    let target = Target { table: "form_receipt", columns: &["id", "operation_id", "recorded_at"] };
    let row = [key.into(), write.operation().id.0.into(), write.machine_now().0.into()];
    match insert_rows(write.connection(), target, [row]).await {
        Ok(_) => {
            // One form in 256 sweeps: there is no need for a job.
            if key.as_bytes().last() == Some(&0) {
                prune(&write).await?;
            }
            Ok(Ok(write))
        }
        Err(StoreError::Duplicate) => {
            drop(write);
            Ok(Err(find(database, key).await?.unwrap_or(Receipt { location: None })))
        }
        Err(error) => Err(error),
    }
}

/// The receipt of the form `key`, if it was done before.
pub(crate) async fn find(database: &Database, key: Uuid) -> Result<Option<Receipt>, StoreError> {
    let read = database.read().await?;
    let select =
        Query::select().column("location").from("form_receipt").and_where(Expr::col("id").eq(key)).to_owned();
    let Some(row) = read.connection().query_one(&select).await? else { return Ok(None) };
    Ok(Some(Receipt { location: row.try_get("", "location")? }))
}

/// Saves `write` and leads to `location`, which the receipt of the form `key` remembers together with what the next page
/// says was done, to whom did it alone. The location is an address of ours: ids, never anything personal.
pub(crate) async fn finish(
    write: Write,
    key: Option<Uuid>,
    location: &str,
    said: Option<&str>,
) -> Result<Response, WebError> {
    if let Some(key) = key {
        let account = write.operation().actor.account;
        let sealed = said.map(|said| write.keys().seal("form_receipt", key, &(account, said))).transpose()?;
        let update = Query::update()
            .table("form_receipt")
            .value("location", location)
            .value("sealed", sealed)
            .and_where(Expr::col("id").eq(key))
            .to_owned();
        write.connection().execute(&update).await?;
    }
    write.save().await?;
    Ok(see_other(location))
}

/// Keeps a sentence under a receipt of its own, for an answer that is not that of a form.
pub(crate) async fn keep_said(write: &Write, said: &str) -> Result<Uuid, StoreError> {
    let id = write.new_id();
    let account = write.operation().actor.account;
    let sealed = write.keys().seal("form_receipt", id, &(account, said))?;
    let target = Target { table: "form_receipt", columns: &["id", "operation_id", "recorded_at", "sealed"] };
    let row = [id.into(), write.operation().id.0.into(), write.machine_now().0.into(), sealed.into()];
    insert_rows(write.connection(), target, [row]).await?;
    Ok(id)
}

/// What the receipt `key` has to say to `account` on the page after its form; `None` when there is nothing, no such
/// receipt, or when it is somebody else's: a phone passes from hand to hand.
pub(crate) async fn said(
    database: &Database,
    key: Uuid,
    account: AccountId,
) -> Result<Option<String>, StoreError> {
    let read = database.read().await?;
    let select =
        Query::select().column("sealed").from("form_receipt").and_where(Expr::col("id").eq(key)).to_owned();
    let Some(row) = read.connection().query_one(&select).await? else { return Ok(None) };
    let Some(sealed) = row.try_get::<Option<Vec<u8>>>("", "sealed")? else { return Ok(None) };
    // A receipt of an earlier version does not say whose it is, so it says nothing.
    let kept = read.keys().open::<(Option<AccountId>, String)>("form_receipt", key, &sealed).ok();
    Ok(kept.filter(|(owner, _)| *owner == Some(account)).map(|(_, said)| said))
}

/// 303 to `location`.
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_unshown) => {
            WebError::internal("an address to lead to holds characters of another script").into_response()
        }
    }
}

/// Deletes receipts and parked forms that nobody will ask for any more.
async fn prune(write: &Write) -> Result<(), StoreError> {
    let machine_now = write.machine_now();
    let receipts = Query::delete()
        .from_table("form_receipt")
        .and_where(Expr::col("recorded_at").lt(machine_now.plus_hours(-KEPT_HOURS).0))
        .to_owned();
    write.connection().execute(&receipts).await?;
    let parked = Query::delete()
        .from_table("parked_form")
        .and_where(Expr::col("parked_at").lt(machine_now.plus_minutes(-super::parked::KEPT_MINUTES).0))
        .to_owned();
    write.connection().execute(&parked).await?;
    Ok(())
}
