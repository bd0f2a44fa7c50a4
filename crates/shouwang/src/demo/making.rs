//! The steps in which a demo city is made.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use base::{Day, ManualClock};
use city::deliver::{Delivered, deliver};
use city::files::{DepartmentFile, Feed};
use city::lives::{City, Settings};
use city::office::{DemoAccount, Office};

use super::progress::Progress;
use crate::application::Application;

/// Where the departments' files lie below the data folder, and where the truth about them.
const FILES: &str = "demo-files";
const TRUTH: &str = "demo-truth";

/// Makes the city in an empty database and returns who can log in.
pub async fn make(
    application: &Application,
    folder: &Path,
    persons: u32,
    seed: u64,
) -> Result<Vec<DemoAccount>> {
    let progress = Progress::new(crate::machine::clock());
    let today = application.app.now().day();
    let city = City::simulate(Settings { persons, seed, today }, &application.app.areas);
    progress.done(&format!("{} people in {} households live", city.persons.len(), city.households.len()));
    let clock = Arc::new(ManualClock::new(first_day(today).start().plus_hours(8)));
    let past = application.at(clock.clone());
    let watch = |done, all| progress.show("posts", done, all);
    let office = Office::found(&past.app, &city, &watch).await.map_err(|error| anyhow!(error))?;
    progress.done(&format!("{} posts are held", office.actors.len()));
    let (mut delivered, mut files) = (Vec::new(), Vec::new());
    for (feed, day) in deliveries(today) {
        clock.set(day.start().plus_hours(8));
        let (taken, file) = hand_in(&past, &office, &city, (feed, day), folder).await?;
        progress.done(&told(&taken, day));
        delivered.push(taken);
        files.push(file);
    }
    write_truth(folder, &city, &files)?;
    Ok(office.demo)
}

/// The first day of what is played: a year ago.
fn first_day(today: Day) -> Day {
    today.plus_days(-364)
}

/// What comes in when, the earliest first.
fn deliveries(today: Day) -> Vec<(Feed, Day)> {
    let first = first_day(today);
    vec![
        (Feed::Grid, first),
        (Feed::Disabled, first.plus_days(1)),
        (Feed::School, today.plus_days(-56)),
        (Feed::Grid, today.plus_days(-29)),
        (Feed::Disabled, today.plus_days(-28)),
        (Feed::School, today.plus_days(-25)),
        (Feed::School, today),
    ]
}

async fn hand_in(
    application: &Application,
    office: &Office,
    city: &City,
    what: (Feed, Day),
    folder: &Path,
) -> Result<(Delivered, DepartmentFile)> {
    let app = &application.app;
    let clerk = office.actor_at("feed_clerk", app.areas.city().city).context("the city has no feed clerk")?;
    let handed = deliver(app, &application.people, clerk, city, what, &folder.join(FILES)).await?;
    application.settle().await?;
    Ok(handed)
}

fn told(taken: &Delivered, day: Day) -> String {
    let figures = &taken.report.figures;
    format!(
        "{day} {}: {} rows, {} new, {} updated, {} linked, {} for review, {} set aside",
        taken.feed,
        figures.rows,
        figures.accepted,
        figures.updated,
        figures.linked,
        figures.review,
        figures.rejected
    )
}

fn write_truth(folder: &Path, city: &City, files: &[DepartmentFile]) -> Result<()> {
    let folder = folder.join(TRUTH);
    city::deliver::write(&folder, "rows.csv", city::truth::rows(files).as_bytes())?;
    city::deliver::write(&folder, "children.csv", city::truth::children(city).as_bytes())?;
    Ok(())
}
