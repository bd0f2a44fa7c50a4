//! What this crate hands to the binary.

use base::Label;
use people::People;
use store::jobs::{Job, JobKind};
use web::{Action, App, Figure, MenuItem, Module, places};

use crate::{Matters, inbox, notices, panel};

/// What the journal and the list of jobs call what happens here.
mod records {
    texts::module!("matters-records");
}

/// The job that does what clocks bring: reminders, climbs, ends of pauses. It is enqueued when the first matter is opened,
/// and from then on by itself, once a minute.
pub const TICK_JOB: &str = "matters.tick";

/// The module.
pub fn module(people: &People, matters: &Matters) -> Module {
    let readers = inbox::READERS;
    let notices = Action {
        name: "matters.notices",
        place: places::NOTICES,
        icon: "bell",
        label: Label::new("通知", "Notices"),
        href: "/notices",
        rule: readers,
        figure: Some(UNREAD),
    };
    let menu = MenuItem {
        place: 20,
        icon: "inbox",
        label: Label::new("待办", "Inbox"),
        href: "/inbox",
        rule: readers,
        figure: Some(MY_OPEN),
    };
    Module {
        migrations: crate::migrations(),
        jobs: jobs(matters),
        pages: panel::pages().merge(inbox::pages()).with(matters.clone()).with(people.clone()),
        menu: vec![menu],
        actions: vec![notices],
        figures: figures(),
        words: Some(|language, key| records::Texts(language).named(key)),
        ..Module::new("matters")
    }
}

/// Open matters of the actor's post that they may see: what 我的待办 lists.
const MY_OPEN: &str = "matters.my_open";
/// Unread notices of the actor's post.
const UNREAD: &str = "matters.unread_notices";

fn figures() -> Vec<Figure> {
    vec![
        Figure { name: MY_OPEN, read: |ctx, read| Box::pin(async move { inbox::mine(ctx, read).await }) },
        Figure {
            name: UNREAD,
            read: |ctx, read| {
                Box::pin(async move {
                    let Some(post) = ctx.actor.post else { return Ok(0) };
                    Ok(notices::unread(read.connection(), post).await?)
                })
            },
        },
    ]
}

fn jobs(matters: &Matters) -> Vec<JobKind<App>> {
    let ticking = matters.clone();
    let tick = JobKind::new(TICK_JOB, move |app: App, job: Job| {
        let matters = ticking.clone();
        async move {
            matters.keep_ticking(&app.database, job.at).await?;
            Ok(())
        }
    });
    // Deadlines climb while an import runs.
    vec![tick.short()]
}
