//! A session that ended while somebody was typing: what was typed is kept sealed for two hours, its sender logs in, and
//! the page that they come back to has it in its form again ([`crate::ctx::Visitor::typed`]).
//!
//! Only the account to which the form was given gets it back: the form's token says which that was, and is made with the
//! secret of the session that ended. Files are not kept; the page asks for them again.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use base::{AccountId, Moment};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use store::bulk::{Target, insert_rows};
use store::{ActorRef, Database, Operation, StoreError};
use uuid::Uuid;

use super::{Body, TOKEN_FIELD, is_form};
use crate::app::App;
use crate::error::WebError;
use crate::session::Secret;
use crate::visit::Visit;

/// The query field that names a parked form.
pub(crate) const PARKED_FIELD: &str = "parked";
/// How long a form is kept, in minutes.
pub(crate) const KEPT_MINUTES: i64 = 120;

/// What was typed, waiting for its sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedForm {
    /// The address that the form was sent to.
    pub action: String,
    /// What was typed.
    pub fields: Vec<(String, String)>,
    /// Whether files must be chosen again.
    pub has_lost_files: bool,
}

/// Keeps the form of a request that nobody's session stands behind any more. Returns the page to come back to after
/// logging in; `None` if there is nothing to keep or it cannot be told whose it is.
pub(crate) async fn park(app: &App, visit: &Visit, request: Request) -> Result<Option<String>, WebError> {
    // A form that was given to nobody in particular has nobody to go back to, and is not read.
    if !is_form(request.headers()) || matches!(visit.secret, Secret::Visitor(_)) {
        return Ok(None);
    }
    let action = request.uri().path().to_owned();
    let page = referring_page(request.headers()).unwrap_or_else(|| action.clone());
    let body = Body::read_words(request).await?;
    let token = body.value(TOKEN_FIELD).unwrap_or_default();
    let Some(Some(account)) = visit.secret.form_owner(app.database.keys(), token) else { return Ok(None) };
    let has_lost_files = !body.files.is_empty();
    let fields = body.fields.into_iter().filter(|(name, _)| is_kept(name)).collect();
    let id = keep(&app.database, visit, account, &ParkedForm { action, fields, has_lost_files }).await?;
    let joint = if page.contains('?') { '&' } else { '?' };
    Ok(Some(format!("{page}{joint}{PARKED_FIELD}={id}")))
}

/// What the page carries unseen is of no use later, and a password is kept nowhere: its fields are named so.
fn is_kept(name: &str) -> bool {
    !name.starts_with('_') && !name.starts_with("password")
}

async fn keep(
    database: &Database,
    visit: &Visit,
    account: AccountId,
    form: &ParkedForm,
) -> Result<Uuid, StoreError> {
    let operation =
        Operation { id: visit.operation, name: "web.park_form", actor: ActorRef::SYSTEM, at: visit.now };
    let write = database.write(operation).await?;
    let id = write.new_id();
    let sealed = write.keys().seal("parked_form", id, form)?;
    let target = Target { table: "parked_form", columns: &["id", "account_id", "parked_at", "sealed"] };
    let row = [id.into(), account.0.into(), write.machine_now().0.into(), sealed.into()];
    insert_rows(write.connection(), target, [row]).await?;
    write.save().await?;
    Ok(id)
}

/// The parked form `id`, if it is this account's and not too old.
pub(crate) async fn open(
    database: &Database,
    id: Uuid,
    account: AccountId,
    machine_now: Moment,
) -> Result<Option<ParkedForm>, StoreError> {
    let read = database.read().await?;
    let select = Query::select()
        .column("sealed")
        .from("parked_form")
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("account_id").eq(account.0))
        .and_where(Expr::col("parked_at").gte(machine_now.plus_minutes(-KEPT_MINUTES).0))
        .to_owned();
    let Some(row) = read.connection().query_one(&select).await? else { return Ok(None) };
    let sealed: Vec<u8> = row.try_get("", "sealed")?;
    read.keys().open("parked_form", id, &sealed).map(Some)
}

/// Path and query of the page that sent a request, if it is one of ours.
fn referring_page(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let page: Uri = text(header::REFERER)?.parse().ok()?;
    let host = text(header::HOST)?;
    if page.authority()?.as_str() != host {
        return None;
    }
    let query: Vec<&str> = page
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("parked="))
        .collect();
    let path = page.path();
    Some(if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_ours_is_come_back_to() {
        let page = |referer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "office.example:8080".parse().unwrap());
            headers.insert(header::REFERER, referer.parse().unwrap());
            referring_page(&headers)
        };
        assert_eq!(
            page("http://office.example:8080/leads/1?tab=2&parked=9"),
            Some("/leads/1?tab=2".to_owned())
        );
        assert_eq!(page("http://office.example:8080/leads/1?parked=9"), Some("/leads/1".to_owned()));
        assert_eq!(page("http://elsewhere.example/leads/1"), None);
    }
}
