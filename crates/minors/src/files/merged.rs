//! Files of a child who was two persons on record until somebody found out: one goes on, the others are closed into it.
//! Nothing is moved: when the merge is undone, each child has their own file, and the one that was closed is opened again,
//! or nobody would visit its child any more.

use base::PersonId;
use matters::Matters;
use people::links::PERSONS_RENEWED;
use people::persons;
use serde::Deserialize;
use serde_json::json;
use store::journal::{Entry, Listener};
use store::{ActorRef, Operation, StoreError, Write};
use web::App;

use super::model::{ChildFile, FileState};
use super::{repo, service};

/// Why a file that another goes on for was closed. No word of the dictionary: no person chooses it.
pub(super) const CLOSED_AS_MERGED: &str = "merged";

/// What is heard of persons: that two became one, or one became two again.
pub(super) fn listener(matters: &Matters) -> Listener<App> {
    let matters = matters.clone();
    Listener::new("minors.files_of_merged", &[PERSONS_RENEWED], move |app: App, entry: Entry| {
        hear(app, matters.clone(), entry)
    })
}

async fn hear(app: App, matters: Matters, entry: Entry) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Renewed {
        persons: Vec<PersonId>,
    }
    let Some(payload) = &entry.payload else { return Ok(()) };
    let renewed: Renewed = serde_json::from_value(payload.after.clone())?;
    for person in renewed.persons {
        let operation = Operation {
            id: entry.operation,
            name: "minors.join_files",
            actor: ActorRef::SYSTEM,
            at: app.now(),
        };
        let write = app.database.write(operation).await?;
        let file = one_file(&write, person).await?;
        // No other file goes on for it: it was parted from the one into which it was closed.
        let parted = file.filter(|file| file.close_reason.as_deref() == Some(CLOSED_AS_MERGED));
        if let Some(file) = parted {
            service::open_parted(&matters, &write, file).await?;
        }
        write.save().await?;
    }
    Ok(())
}

/// The one file of a child, with the categories and the level of those that are closed into it. `None` if there is none.
pub(super) async fn one_file(write: &Write, person: PersonId) -> Result<Option<ChildFile>, StoreError> {
    let ids = persons::repo::ids_of(write.connection(), person).await?;
    let Some(present) = ids.first() else { return Ok(None) };
    // Two checks of one child may end at once; there is one file.
    write.lock(&format!("minors.file.{present}")).await?;
    let mut files = repo::of_ids(write.connection(), &ids).await?.into_iter();
    let Some(mut kept) = files.next() else { return Ok(None) };
    let others: Vec<ChildFile> = files.filter(|other| other.state == FileState::Open).collect();
    if others.is_empty() {
        return Ok(Some(kept));
    }
    for mut other in others {
        take_over(write, &mut kept, &other).await?;
        service::close(write, &mut other, CLOSED_AS_MERGED).await?;
    }
    repo::update(write, &mut kept).await?;
    Ok(Some(kept))
}

/// The categories that hold, and the graver level.
async fn take_over(write: &Write, kept: &mut ChildFile, other: &ChildFile) -> Result<(), StoreError> {
    let categories = repo::categories(write.connection(), write.keys(), other.id).await?;
    for category in categories.into_iter().filter(|category| category.until.is_none()) {
        if repo::holds(write.connection(), kept.id, &category.category).await? {
            continue;
        }
        repo::add_category(write, kept.id, &category.category, category.matter, &category.ground).await?;
        let after = json!({ "category": category.category });
        service::tell(write, "minors.category_added", kept, category.matter, after).await?;
    }
    if other.level > kept.level {
        service::grade(write, kept, other.level, None, "").await?;
    }
    Ok(())
}
