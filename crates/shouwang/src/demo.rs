//! `shouwang demo`: makes a synthetic city, hands its departments' files in, plays its past, and serves it. Everything
//! goes through the same services as anybody's data.

mod making;
mod progress;
mod reasons;

use std::path::Path;

use access::accounts::{self, AccountFilter};
use anyhow::{Context, Result, anyhow, bail};
use city::office::{DEMO_PASSWORD, DemoAccount};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::application::Application;
use crate::configuration::Configuration;
use crate::serve;
use crate::tongue::say;

/// What is written into the data folder once a demo city is ready.
const MARK: &str = "demo.toml";

/// Which city, and what to do with it.
#[derive(Args)]
pub struct Arguments {
    /// How many people live in it.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(500..=5_000_000))]
    persons: u32,
    /// The same seed gives the same city.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Address and port to listen on. Port 0 takes a free one.
    #[arg(long)]
    listen: Option<String>,
    /// Make the city and end.
    #[arg(long)]
    no_serve: bool,
}

/// Which cities to measure linking and screening on.
#[derive(Args)]
pub struct Measuring {
    /// How many people live in each.
    #[arg(long, default_value_t = 60_000, value_parser = clap::value_parser!(u32).range(500..=5_000_000))]
    persons: u32,
    /// The seed of the first; the next ones follow. Without it they are fresh.
    #[arg(long)]
    seed: Option<u64>,
    /// How many cities.
    #[arg(long, default_value_t = 3)]
    cities: u32,
    /// Print also what each rule brought.
    #[arg(long)]
    reasons: bool,
}

/// Makes cities in folders of their own below the data folder, and prints how well linking and screening did on each.
///
/// # Errors
/// When a folder holds something already, or whatever makes a city fails.
pub async fn measure(configuration: &Configuration, measuring: &Measuring) -> Result<()> {
    let folder = &configuration.data_folder;
    let first = match measuring.seed {
        Some(seed) => seed,
        None => u64::from_le_bytes(crate::machine::entropy()?.bytes()) >> 32,
    };
    for number in 0..u64::from(measuring.cities) {
        let seed = first.wrapping_add(number);
        let own = Configuration::read(None, Some(folder.join(format!("city-{seed}"))))?;
        let application = Application::open(&own).await?;
        refuse_others_data(&application, &own.data_folder).await?;
        let database = &application.app.database;
        database.set_waits_for_disk(false).await.context("the database cannot be set up")?;
        making::measure(&application, &own.data_folder, (measuring.persons, seed), measuring.reasons).await?;
        application.app.database.close().await.context("the database did not close")?;
        // Made above and of no more use.
        std::fs::remove_dir_all(&own.data_folder).context("the measured city cannot be removed")?;
    }
    Ok(())
}

/// The mark of a demo city that is ready.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    persons: u32,
    seed: u64,
}

/// Makes the city where it is not there yet, says how to log in, and serves it.
///
/// # Errors
/// When the data folder holds something else, or whatever makes the city fails.
pub async fn demo(configuration: &Configuration, arguments: Arguments) -> Result<()> {
    // Before a minute is spent on the city.
    let listener = if arguments.no_serve {
        None
    } else {
        Some(serve::listen(configuration, serve::Arguments { listen: arguments.listen }).await?)
    };
    let application = Application::open(configuration).await?;
    let wanted = Mark { persons: arguments.persons, seed: arguments.seed };
    let folder = &configuration.data_folder;
    match read_mark(folder)? {
        Some(mark) if mark == wanted => {
            println!("{}", say("演示城市已在。", "The demo city is there already."));
        }
        Some(Mark { persons, seed }) => {
            let folder = folder.display();
            bail!(say(
                format!(
                    "{folder} 里是 {persons} 人、种子 {seed} 的演示城市；请用 --data 换一个文件夹，或先删掉它"
                ),
                format!(
                    "{folder} holds the demo city of {persons} people from seed {seed}; choose another folder with --data, or remove it"
                ),
            ))
        }
        None => {
            refuse_others_data(&application, folder).await?;
            let database = &application.app.database;
            // A city that was not finished is made anew.
            database.set_waits_for_disk(false).await.context("the database cannot be set up")?;
            let made =
                Box::pin(making::make(&application, folder, arguments.persons, arguments.seed)).await?;
            database.set_waits_for_disk(true).await.context("the database cannot be set up")?;
            let text = toml::to_string(&wanted).context("the mark cannot be written")?;
            let accounts =
                toml::to_string(&Accounts { account: made }).context("the accounts cannot be written")?;
            city::deliver::write(folder, "demo-accounts.toml", accounts.as_bytes())?;
            city::deliver::write(folder, MARK, text.as_bytes())?;
        }
    }
    say_accounts(folder)?;
    if let Some(listener) = listener {
        serve::serve(&application, listener).await?;
    }
    application.app.database.close().await.context("the database did not close")
}

/// The accounts as they are kept beside the mark: a city that is there already is told of in the same words.
#[derive(Serialize, Deserialize)]
struct Accounts {
    account: Vec<DemoAccount>,
}

fn read_mark(folder: &Path) -> Result<Option<Mark>> {
    let path = folder.join(MARK);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            Ok(Some(toml::from_str(&text).with_context(|| format!("{} is not readable", path.display()))?))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Synthetic people never go among real ones, nor onto a city that was left half made.
async fn refuse_others_data(application: &Application, folder: &Path) -> Result<()> {
    let read = application.app.database.read().await?;
    let filter = AccountFilter { with_disabled: true, ..AccountFilter::default() };
    let first = accounts::list(&read, &filter, None, 1).await.map_err(|error| anyhow!(error))?;
    if !first.is_empty() {
        let folder = folder.display();
        bail!(say(
            format!("{folder} 里的不是演示城市，或是没做完的；请用 --data 换一个文件夹，或先删掉它"),
            format!(
                "{folder} holds an installation that is no demo city, or one that was not finished: choose another folder with --data, or remove it"
            ),
        ));
    }
    Ok(())
}

fn say_accounts(folder: &Path) -> Result<()> {
    let path = folder.join("demo-accounts.toml");
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let accounts: Accounts =
        toml::from_str(&text).with_context(|| format!("{} is not readable", path.display()))?;
    println!(
        "\n{}",
        say(
            format!("这里的人都是虚构的。账号如下，密码都是 {DEMO_PASSWORD}"),
            format!("Everybody here is made up. Accounts, all with the password {DEMO_PASSWORD}"),
        )
    );
    for account in accounts.account {
        println!("  {:<12} {:<20} {}", account.login, account.role, account.place);
    }
    println!();
    Ok(())
}
