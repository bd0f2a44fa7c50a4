//! The steps in which a demo city is made: it lives, its office is founded, and then a year goes by, in which files are
//! handed in and everybody works.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use base::{AreaLevel, AreaPath, Day, ManualClock, PersonId};
use city::deliver::{Delivered, deliver};
use city::files::{DepartmentFile, Feed};
use city::lives::{City, Settings};
use city::office::{DemoAccount, Office};
use city::past::{Life, Past};
use city::quality::{self, Whose};

use super::progress::Progress;
use super::reasons;
use crate::application::Application;

/// Where the departments' files lie below the data folder, and where the truth about them.
const FILES: &str = "demo-files";
const TRUTH: &str = "demo-truth";
/// How long before now the past ends, in minutes: what was done a moment ago would look made up.
const QUIET_MINUTES: i64 = 20;

/// Makes the city in an empty database and returns who can log in.
pub async fn make(
    application: &Application,
    folder: &Path,
    persons: u32,
    seed: u64,
) -> Result<Vec<DemoAccount>> {
    let progress = Progress::new(crate::machine::clock());
    let now = application.app.now();
    let today = now.day();
    let city = simulate(application, persons, seed, &progress);
    let clock = Arc::new(ManualClock::new(first_day(today).start().plus_hours(8)));
    let then = application.at(clock.clone());
    let office = found(&then, &city, &progress).await?;
    let (mut delivered, mut files, mut whose) = (Vec::new(), Vec::new(), Whose::new());
    let mut past = Past::new(&then.app, &clock, &then.matters, &office, seed);
    for (feed, day, within) in deliveries(today, then.app.areas.city(), &office) {
        past.play(day.start().plus_hours(8).min(now), &life(&city, &whose, today)).await?;
        let (taken, file) = hand_in(&then, &office, &city, (feed, day, within), folder).await?;
        progress.done(&told(&taken, day));
        delivered.push(taken);
        files.push(file);
        // Nearly everybody stands in the grid's list; the others bring few persons of their own.
        if feed == Feed::Grid {
            whose = quality::whose(&then.app, &delivered).await.map_err(|error| anyhow!(error))?;
        }
    }
    past.play(now.plus_minutes(-QUIET_MINUTES), &life(&city, &whose, today)).await?;
    if let Some(home) = office.home {
        past.send_on(home, &life(&city, &whose, today)).await?;
    }
    let played = past.played();
    // Once at the end, and not each night of the year.
    then.begin().await?;
    do_what_follows(&then).await?;
    progress.done(&format!("a year has gone by: {} acts, {} referrals", played.acts, played.referrals));
    if played.refused > 0 {
        progress.done(&format!("{} acts were refused by the workflow", played.refused));
        for (what, times) in past.refusals() {
            progress.done(&format!("  {times} × {what}"));
        }
    }
    let leads = quality::leads(&then.app, &then.matters, &office).await?;
    let ended = leads.iter().filter(|lead| lead.closed_at.is_some()).count();
    progress.done(&format!("{} leads, {ended} of them ended", leads.len()));
    write_truth(folder, &city, &files)?;
    Ok(office.demo)
}

/// Makes a city, hands each department's file in once, and says how well linking and screening did.
/// With `says_reasons` also what each rule brought.
pub async fn measure(
    application: &Application,
    folder: &Path,
    (persons, seed): (u32, u64),
    says_reasons: bool,
) -> Result<()> {
    let progress = Progress::new(crate::machine::clock());
    let today = application.app.now().day();
    let city = simulate(application, persons, seed, &progress);
    let office = found(application, &city, &progress).await?;
    let mut delivered = Vec::new();
    for feed in Feed::ALL {
        let what = (feed, today, application.app.areas.city());
        let (taken, _) = hand_in(application, &office, &city, what, folder).await?;
        progress.done(&told(&taken, today));
        delivered.push(taken);
    }
    let whose = quality::whose(&application.app, &delivered).await.map_err(|error| anyhow!(error))?;
    let linking = quality::linking(&whose);
    let opened = quality::leads(&application.app, &application.matters, &office).await?;
    if says_reasons {
        reasons::print(application, &city, &whose, &opened).await?;
    }
    let leads: HashSet<PersonId> = opened.into_iter().filter_map(|matter| matter.subject).collect();
    let leads: Vec<PersonId> = leads.into_iter().collect();
    let screening = quality::screening(&city, &whose, &leads);
    println!(
        "seed {seed}, {} people: linking precision {:.4}, recall {:.4} ({} true pairs of rows); screening recall {:.3} ({} of {} children at risk), leads {:.2} % of {} children",
        city.persons.len(),
        linking.precision(),
        linking.recall(),
        linking.true_pairs,
        screening.recall(),
        screening.found,
        screening.at_risk,
        screening.leads_by_children() * 100.0,
        screening.children
    );
    Ok(())
}

fn simulate(application: &Application, persons: u32, seed: u64, progress: &Progress) -> City {
    let today = application.app.now().day();
    let city = City::simulate(Settings { persons, seed, today }, &application.app.areas);
    progress.done(&format!("{} people live in {} households", city.persons.len(), city.households.len()));
    city
}

async fn found(application: &Application, city: &City, progress: &Progress) -> Result<Office> {
    let watch = |done, all| progress.show("posts", done, all);
    let office = Office::found(&application.app, city, &watch).await.map_err(|error| anyhow!(error))?;
    progress.done(&format!("{} posts are held", office.actors.len()));
    Ok(office)
}

/// How the child that a person of the database is lives: what whoever knocks at the door finds.
fn life<'a>(city: &'a City, whose: &'a Whose, today: Day) -> impl Fn(PersonId) -> Option<Life> + 'a {
    move |person| whose.get(&person).and_then(|places| Life::of(city, *places.first()?, today))
}

/// The first day of what is played: a year ago.
fn first_day(today: Day) -> Day {
    today.plus_days(-364)
}

/// What comes in when, and of which area, the earliest first. The street in which the demo accounts work was a pilot
/// for a year; the whole city followed four weeks ago.
fn deliveries(today: Day, city: AreaPath, office: &Office) -> Vec<(Feed, Day, AreaPath)> {
    let first = first_day(today);
    let pilot = office.home.map_or(city, |home| home.cut_at(AreaLevel::Subdistrict));
    vec![
        (Feed::Grid, first, pilot),
        (Feed::Disabled, first.plus_days(1), pilot),
        (Feed::School, today.plus_days(-56), pilot),
        (Feed::Grid, today.plus_days(-29), city),
        (Feed::Disabled, today.plus_days(-28), city),
        (Feed::School, today.plus_days(-25), city),
        (Feed::School, today, city),
    ]
}

async fn hand_in(
    application: &Application,
    office: &Office,
    city: &City,
    what: (Feed, Day, AreaPath),
    folder: &Path,
) -> Result<(Delivered, DepartmentFile)> {
    let app = &application.app;
    let clerk = office.actor_at("feed_clerk", app.areas.city().city).context("the city has no feed clerk")?;
    let handed = deliver(app, &application.people, clerk, city, what, &folder.join(FILES)).await?;
    do_what_follows(application).await?;
    Ok(handed)
}

/// In a demo city every post is held, so whatever follows from a delivery can be done.
async fn do_what_follows(application: &Application) -> Result<()> {
    let failed = application.settle().await?;
    ensure!(failed == 0, "{failed} of the jobs that follow failed");
    Ok(())
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
