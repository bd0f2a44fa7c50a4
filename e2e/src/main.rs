//! `cargo xtask prove`: plays the story on both databases.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use e2e::browser::{Driver, Screen};
use e2e::look::report;
use e2e::story::{Kind, Settings, Story};
use e2e::tour::{ACCOUNTS, Leg, tour};

#[derive(Parser)]
#[command(name = "e2e", about = "The product as people use it")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play the story from a spreadsheet to a closed case.
    Prove {
        /// From it come the spreadsheet and the moments of the power cuts; without it, one is drawn and printed.
        #[arg(long)]
        seed: Option<u64>,
        /// How many people live in the city.
        #[arg(long, default_value_t = 20_000)]
        persons: u32,
        /// On which database; both without it.
        #[arg(long)]
        database: Option<Kind>,
        /// Where the pictures go.
        #[arg(long, default_value = "target/prove")]
        pictures: PathBuf,
        /// Play in this folder and leave it there afterwards.
        #[arg(long, hide = true)]
        folder: Option<PathBuf>,
    },
    /// Make the pictures of the README.
    Screenshots {
        /// How many people live in the city.
        #[arg(long, default_value_t = 10_000)]
        persons: u32,
        /// From it comes the city.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// Where the pictures go.
        #[arg(long, default_value = "docs/pictures")]
        pictures: PathBuf,
    },
    /// Ask for the pages of a demo city at a fixed rate, and say how long the answers took.
    Load {
        /// How many people live in the city.
        #[arg(long, default_value_t = 100_000)]
        persons: u32,
        /// Requests a second.
        #[arg(long, default_value_t = 100)]
        rate: u32,
        /// How long.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Walk over every page of a demo city that is served already, and say what is wrong with it.
    Look {
        /// Where it is served.
        #[arg(long)]
        origin: String,
        /// Only this account.
        #[arg(long)]
        login: Option<String>,
        /// In English.
        #[arg(long)]
        english: bool,
        /// On the other screen than the one that the account works on.
        #[arg(long)]
        other_screen: bool,
        /// Where the pictures go.
        #[arg(long)]
        pictures: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Prove { seed, persons, database, pictures, folder } => {
            let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
            println!("seed {seed}");
            let kinds = database.map_or_else(|| vec![Kind::Sqlite, Kind::Postgres], |kind| vec![kind]);
            for kind in kinds {
                let pictures = pictures.join(format!("{kind:?}").to_lowercase());
                play(kind, Settings { seed, persons, pictures }, folder.as_deref())
                    .await
                    .with_context(|| format!("on {kind:?}"))?;
            }
            Ok(())
        }
        Command::Screenshots { persons, seed, pictures } => e2e::readme::make(persons, seed, &pictures).await,
        Command::Load { persons, rate, seconds } => {
            let folder = tempfile::tempdir()?;
            e2e::pages_load::measure(persons, folder.path(), &e2e::load::Load { rate, seconds }).await
        }
        Command::Look { origin, login, english, other_screen, pictures } => {
            let language = if english { "en" } else { "zh-CN" };
            let turned = |screen: Screen| if screen == Screen::Desk { Screen::Phone } else { Screen::Desk };
            let legs: Vec<Leg> = ACCOUNTS
                .into_iter()
                .filter(|(account, _)| login.as_deref().is_none_or(|login| login == *account))
                .map(|(login, screen)| Leg {
                    login,
                    language,
                    screen: if other_screen { turned(screen) } else { screen },
                })
                .collect();
            let tour = tour(&Driver::start().await?, &origin, &legs, pictures.as_ref()).await?;
            println!("{} kinds of pages", tour.opened.len());
            println!("{}", report(&tour.faults));
            ensure!(tour.faults.is_empty(), "{} pages have faults", tour.faults.len());
            Ok(())
        }
    }
}

async fn play(kind: Kind, settings: Settings, folder: Option<&Path>) -> Result<()> {
    let began = std::time::Instant::now();
    let fresh = tempfile::tempdir()?;
    let mut story = Story::begin(&settings, folder.unwrap_or(fresh.path()), kind).await?;
    story.play().await?;
    println!("{kind:?}: played in {:.0?}; pictures in {}", began.elapsed(), settings.pictures.display());
    Ok(())
}
