//! One story from a spreadsheet to a closed case, played by people in browsers, with power cuts in between.
//!
//! What belongs here: the chapters, in the order in which they happen, each a file. A chapter says what a person does and
//! what must then be seen; how a hand does it is in `hand`.

mod case;
mod cast;
mod delivery;
mod door;
mod end;
mod lead;
mod office;
mod review;
pub mod sheet;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use store::DatabaseUrl;
use store::testing::EmptyDatabase;

use crate::browser::{Browser, Driver};
use crate::product::Product;
use cast::Seats;
use sheet::{Place, Sheet};

/// The password of the demo city's own accounts.
pub const DEMO_PASSWORD: &str = "watch-over-one-another";

/// Where the data are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// In a file of the product's folder.
    Sqlite,
    /// In a PostgreSQL server.
    Postgres,
}

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
    // The day on which it is played, as a date field has it.
    day: String,
    // Every address so far that names a person or a matter.
    visited: RefCell<BTreeSet<String>>,
    // The lead's id, and the paths of the child's file and case, once they are there.
    lead: String,
    file: String,
    case: String,
    // The server that keeps the database, unless it is a file of the product's folder.
    server: Option<EmptyDatabase>,
    // The number of the visit that the file plans first.
    visit: String,
}

/// Addresses that name a person or a matter begin so.
const NAMING: [&str; 11] = [
    "/leads/",
    "/files/",
    "/cases/",
    "/referrals/",
    "/matters/",
    "/m/leads/",
    "/m/visits/",
    "/deliveries/",
    "/rows/",
    "/review/",
    "/persons/",
];

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
    /// Makes the demo city in `folder` on a fresh database of this kind, and serves it.
    ///
    /// # Errors
    /// When the city cannot be made or served.
    pub async fn begin(settings: &Settings, folder: &Path, kind: Kind) -> Result<Self> {
        let server = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(store::testing::empty_postgres().await),
        };
        let url = match server.as_ref().map(EmptyDatabase::url) {
            Some(DatabaseUrl::Postgres(url)) => url.clone(),
            _ => format!("sqlite:{}", folder.join("shouwang.db").display()),
        };
        let mut product = Product::new(folder, &url)?;
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
        let today = today()?;
        Ok(Self {
            driver: Driver::start().await?,
            product,
            seats: Seats::new(),
            sheet: sheet::make(settings.seed, &place, today)?,
            place,
            other_district: other_district.context("there is another district")?.to_owned(),
            seed: settings.seed,
            pictures: settings.pictures.clone(),
            day: format!("{}-{:02}-{:02}", today.0, today.1, today.2),
            visited: RefCell::default(),
            lead: String::new(),
            file: String::new(),
            case: String::new(),
            server,
            visit: String::new(),
        })
    }

    /// Plays it to its end.
    ///
    /// # Errors
    /// Where the story breaks off: the chapter, and what the page said.
    pub async fn play(&mut self) -> Result<()> {
        self.everybody_comes_in().await.context("everybody comes in")?;
        self.the_clerk_hands_a_sheet_in().await.context("the clerk hands a sheet in")?;
        self.one_row_is_decided().await.context("one row is decided")?;
        self.the_supervisor_dispatches().await.context("the supervisor dispatches")?;
        self.the_director_checks().await.context("the director checks")?;
        self.file_and_case_are_there().await.context("file and case are there")?;
        self.every_step_is_taken().await.context("every step is taken")?;
        self.a_deadline_climbs().await.context("a deadline climbs")?;
        self.the_district_closes().await.context("the district closes")?;
        self.the_neighbour_finds_nothing().await.context("the neighbour finds nothing")?;
        self.nothing_lies_open().await.context("nothing lies open")?;
        self.the_journal_is_sound().await.context("the journal is sound")
    }

    /// Keeps in mind where somebody is, if that names a person or a matter, and where that page leads about them.
    async fn note(&self, login: &str) -> Result<()> {
        let browser = self.seat(login)?;
        let mut paths = browser.addresses().await?;
        paths.push(browser.path().await?);
        self.keep(&paths);
        Ok(())
    }

    fn keep(&self, paths: &[String]) {
        let bare = paths.iter().filter_map(|path| path.split(['?', '#']).next());
        let naming = bare.filter(|path| NAMING.iter().any(|head| path.starts_with(head)));
        self.visited.borrow_mut().extend(naming.map(str::to_owned));
    }

    /// The power fails `milliseconds` from now, and the server is started again.
    async fn power_fails(&mut self, milliseconds: u64) -> Result<()> {
        tokio::time::sleep(std::time::Duration::from_millis(milliseconds)).await;
        self.product.kill().await?;
        self.product.serve().await
    }

    fn seat(&self, login: &str) -> Result<&Browser> {
        self.seats.get(login).ok_or_else(|| anyhow!("{login} has not come in"))
    }

    /// A picture of what somebody sees, which is also the sign that the story has come so far.
    async fn picture(&self, browser: &Browser, name: &str) -> Result<()> {
        println!("  {name}");
        self.keep(&[browser.path().await?]);
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

/// The day of this machine, which the demo city ends on: year, month, day.
///
/// # Errors
/// When the machine has no date.
pub fn today() -> Result<(i32, u32, u32)> {
    let output = std::process::Command::new("date").arg("+%Y %m %d").env("TZ", "Asia/Shanghai").output();
    let output = output.context("the machine has no date")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut parts = text.split_whitespace();
    let mut next = || parts.next().ok_or_else(|| anyhow!("“{text}” is no day"));
    Ok((next()?.parse()?, next()?.parse()?, next()?.parse()?))
}
