//! What this crate hands to the binary.

use store::jobs::{Job, JobKind};
use web::{App, Module};

use crate::{Matters, panel};

/// The job that does what clocks bring: reminders, climbs, ends of pauses. It is enqueued when a matter is opened, and
/// by itself as long as any matter is open.
pub const TICK_JOB: &str = "matters.tick";

/// The module.
pub fn module(matters: &Matters) -> Module {
    Module {
        migrations: crate::migrations(),
        jobs: jobs(matters),
        pages: panel::pages().with(matters.clone()),
        ..Module::new("matters")
    }
}

fn jobs(matters: &Matters) -> Vec<JobKind<App>> {
    let ticking = matters.clone();
    vec![JobKind::new(TICK_JOB, move |app: App, job: Job| {
        let matters = ticking.clone();
        async move {
            matters.keep_ticking(&app.database, job.at).await?;
            Ok(())
        }
    })]
}
