//! Who saved a record first, when two people edit it: read from the journal.

use base::Moment;
use serde_json::Value;
use store::{Read, journal};
use web::components::{Conflict, ConflictRow};
use web::{Ctx, WebError, show};

use crate::Texts;

/// Entries that are looked through for the last change: the other person saved a moment ago.
const LOOKED_THROUGH: u64 = 100;

/// What somebody else saved beside what was typed. `key` is the field of the entries that names the record, `id` its
/// value.
pub async fn conflict(
    ctx: &Ctx,
    read: &Read,
    kinds: &[&str],
    (key, id): (&str, String),
    rows: Vec<ConflictRow>,
) -> Result<Conflict, WebError> {
    let t = Texts(ctx.language);
    let (who, at) = last(read, kinds, key, &id).await?.unwrap_or((None, ctx.now));
    let who = who.unwrap_or_else(|| t.saved_by_somebody().to_owned());
    Ok(Conflict::new(who, show::when(at, ctx.now), rows, ctx.language))
}

async fn last(
    read: &Read,
    kinds: &[&str],
    key: &str,
    id: &str,
) -> Result<Option<(Option<String>, Moment)>, WebError> {
    let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let filter = journal::Filter { kinds, ..journal::Filter::default() };
    let entries = journal::list(read, &filter, None, LOOKED_THROUGH).await?;
    let is_it = |entry: &&journal::Entry| {
        let after = entry.payload.as_ref().map(|payload| &payload.after);
        after.and_then(|after| after.get(key)).and_then(Value::as_str) == Some(id)
    };
    let Some(entry) = entries.iter().find(is_it) else { return Ok(None) };
    let who = match entry.actor.account {
        Some(account) => access::accounts::names(read, &[account]).await?.remove(&account),
        None => None,
    };
    Ok(Some((who, entry.at)))
}

/// One field in both versions.
pub fn row(label: &str, theirs: impl Into<String>, mine: impl Into<String>) -> ConflictRow {
    ConflictRow { label: label.to_owned(), theirs: theirs.into(), mine: mine.into() }
}
