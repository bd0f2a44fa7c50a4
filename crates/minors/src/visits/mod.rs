//! Visits of a file: planned by level, due, recorded.

use base::PostId;
use sea_orm::DatabaseTransaction;
use serde::Deserialize;
use serde_json::Value;
use store::journal::{Entry, Listener};
use store::{ActorRef, Operation};
use web::{App, Ctx, Kept, Pages, WebError};

use crate::files::{self, repo};

texts::module!("minors-visits");

/// The pages of visits.
pub fn pages() -> Pages {
    Pages::new()
}

/// What visits hear of matters: that a planned one lies with another post now.
pub fn listeners() -> Vec<Listener<App>> {
    let kinds = &["matters.assigned", "matters.acted"];
    vec![Listener::new("minors.visitor_of_file", kinds, |app: App, entry: Entry| hear(app, entry))]
}

/// Whoever has the visit sees the file, and whoever had it no longer: the file follows its visit.
async fn hear(app: App, entry: Entry) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Held {
        holder: Option<PostId>,
    }
    let holder = |value: &Value| Held::deserialize(value).ok().and_then(|held| held.holder);
    let (Some(payload), Some(visit)) = (&entry.payload, entry.matter) else { return Ok(()) };
    let Some(post) = holder(&payload.after) else { return Ok(()) };
    if holder(&payload.before) == Some(post) {
        return Ok(());
    }
    let operation = Operation {
        id: entry.operation,
        name: "minors.hand_over_file",
        actor: ActorRef::SYSTEM,
        at: app.now(),
    };
    let write = app.database.write(operation).await?;
    repo::hand_over(&write, visit, post).await?;
    write.save().await?;
    Ok(())
}

/// The files whose next visit a post has: who goes there sees the file, and would see it from wherever the post went.
pub(crate) async fn keeps(
    ctx: &Ctx,
    connection: &DatabaseTransaction,
    post: PostId,
) -> Result<Option<Kept>, WebError> {
    let files = repo::visited_by(connection, post).await?;
    let t = Texts(ctx.language);
    let filter = files::Filter { holder: Some(post), ..files::Filter::default() };
    Ok((files > 0).then(|| Kept {
        words: t.keeps_files(files),
        list: ctx.may("read", "file").then(|| (filter.href(), t.keeps_files_see().to_owned())),
    }))
}
