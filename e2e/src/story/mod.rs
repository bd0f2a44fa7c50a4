//! One story from a spreadsheet to a closed case, played by people in browsers, with power cuts in between.
//!
//! What belongs here: the chapters, in the order in which they happen, each a file. A chapter says what a person does and
//! what must then be seen; how a hand does it is in `hand`.

mod cast;
mod delivery;
mod office;
pub mod sheet;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::browser::{Browser, Driver};
use crate::product::Product;
use cast::Seats;
use sheet::{Place, Sheet};

/// The password of the demo city's own accounts.
pub const DEMO_PASSWORD: &str = "watch-over-one-another";

/// What is to be played.
#[derive(Debug, Clone)]
pub struct Settings {
    /// From it come the spreadsheet and the moments of the power cuts.
    pub seed: u64,
    /// How many people live in the city.
    pub persons: u32,
    /// Where the pictures go.
    pub pictures: PathBuf,
}

/// The story, as far as it has come.
pub struct Story {
    driver: Driver,
    product: Product,
    seats: Seats,
    sheet: Sheet,
    place: Place,
    other_district: String,
    seed: u64,
    pictures: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Accounts {
    account: Vec<Account>,
}

#[derive(Debug, Deserialize)]
struct Account {
    login: String,
    place: String,
}

impl Story {
    /// Makes the demo city in `folder` on the database at `database_url`, and serves it.
    ///
    /// # Errors
    /// When the city cannot be made or served.
    pub async fn begin(settings: &Settings, folder: &Path, database_url: &str) -> Result<Self> {
        let mut product = Product::new(folder, database_url)?;
        let (persons, seed) = (settings.persons.to_string(), settings.seed.to_string());
        product.say(&["demo", "--no-serve", "--persons", &persons, "--seed", &seed]).await?;
        let accounts = std::fs::read_to_string(folder.join("demo-accounts.toml"))
            .context("there are no demo accounts")?;
        let accounts: Accounts = toml::from_str(&accounts)?;
        let director = accounts.account.iter().find(|account| account.login == "director");
        let place = place_of(&director.context("no demo account is a director's")?.place)?;
        let other_district = ["罗湖区", "盐田区"].into_iter().find(|other| *other != place.district);
        product.serve().await?;
        std::fs::create_dir_all(&settings.pictures)?;
        Ok(Self {
            driver: Driver::start().await?,
            product,
            seats: Seats::new(),
            sheet: sheet::make(settings.seed, &place, today()?)?,
            place,
            other_district: other_district.context("there is another district")?.to_owned(),
            seed: settings.seed,
            pictures: settings.pictures.clone(),
        })
    }

    /// Plays it to its end.
    ///
    /// # Errors
    /// Where the story breaks off: the chapter, and what the page said.
    pub async fn play(&mut self) -> Result<()> {
        self.everybody_comes_in().await.context("everybody comes in")?;
        self.the_clerk_hands_a_sheet_in().await.context("the clerk hands a sheet in")?;
        Ok(())
    }

    fn seat(&self, login: &str) -> Result<&Browser> {
        self.seats.get(login).ok_or_else(|| anyhow!("{login} has not come in"))
    }

    async fn picture(&self, browser: &Browser, name: &str) -> Result<()> {
        let path = self.pictures.join(format!("{name}.png"));
        std::fs::write(path, browser.picture().await?).context("the picture cannot be kept")
    }
}

/// A place as the demo names it: 龙岗区 坂田街道 大发埔社区.
fn place_of(text: &str) -> Result<Place> {
    let mut names = text.split_whitespace().rev();
    let (community, subdistrict, district) = (names.next(), names.next(), names.next());
    match (district, subdistrict, community) {
        (Some(district), Some(subdistrict), Some(community)) => Ok(Place {
            district: district.to_owned(),
            subdistrict: subdistrict.to_owned(),
            community: community.to_owned(),
        }),
        _ => Err(anyhow!("“{text}” names no community")),
    }
}

/// The day of this machine, which the demo city ends on.
fn today() -> Result<(i32, u32, u32)> {
    let output = std::process::Command::new("date").arg("+%Y %m %d").env("TZ", "Asia/Shanghai").output();
    let output = output.context("the machine has no date")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut parts = text.split_whitespace();
    let mut next = || parts.next().ok_or_else(|| anyhow!("“{text}” is no day"));
    Ok((next()?.parse()?, next()?.parse()?, next()?.parse()?))
}
