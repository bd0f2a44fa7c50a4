//! The binary: configuration, wiring, commands. What the product does is in the crates below; this one reads the
//! machine's clock and randomness, which nothing else does, and hands them on.

mod configuration;
mod machine;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use store::{Database, Migration, journal};

use configuration::Configuration;

/// 守望 Shouwang: finds the children and elders who need help before they ask.
#[derive(Parser)]
#[command(name = "shouwang", version)]
struct Arguments {
    /// The folder of database and keys; outranks SHOUWANG_DATA_DIR and the configuration file.
    #[arg(long, global = true)]
    data: Option<std::path::PathBuf>,
    /// The configuration file. Without it `shouwang.toml` is read where it exists.
    #[arg(long, global = true)]
    configuration: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database to this version's tables.
    Migrate,
    /// Work with the journal.
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
}

#[derive(Subcommand)]
enum Audit {
    /// Follow the chain of the journal and name the first entry that is not as it was written.
    Verify,
}

/// Everybody's tables, in the order of the arrows.
fn migrations() -> Vec<Migration> {
    let mut all = store::migrations();
    all.extend(access::migrations());
    all
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(code) => code,
        // A message for a person on a terminal; the exit code is for the program that called.
        Err(error) => {
            eprintln!("shouwang: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    let configuration = Configuration::read(arguments.configuration.as_deref(), arguments.data)?;
    let database = open(&configuration).await?;
    let code = match arguments.command {
        Command::Migrate => migrate(&database).await?,
        Command::Audit { command: Audit::Verify } => verify(&database).await?,
    };
    database.close().await.context("the database did not close")?;
    Ok(code)
}

async fn open(configuration: &Configuration) -> Result<Database> {
    std::fs::create_dir_all(&configuration.data_folder)
        .with_context(|| format!("the data folder {} cannot be made", configuration.data_folder.display()))?;
    let url = configuration.database_url()?;
    Database::open(&url, &configuration.data_folder, machine::entropy()?, machine::clock())
        .await
        .context("the database cannot be opened")
}

async fn migrate(database: &Database) -> Result<ExitCode> {
    let applied =
        database.migrate(&migrations()).await.context("the database cannot be brought to this version")?;
    for name in &applied {
        println!("applied {name}");
    }
    println!("{} migrations applied; the database is up to date.", applied.len());
    Ok(ExitCode::SUCCESS)
}

async fn verify(database: &Database) -> Result<ExitCode> {
    database.migrate(&migrations()).await.context("the database cannot be brought to this version")?;
    let read = database.read().await.context("the database cannot be read")?;
    let verdict =
        journal::verify(&read, database.machine_now(), &[]).await.context("the journal cannot be read")?;
    if let Some(fault) = verdict.fault {
        println!("The journal is not sound: {fault}.");
        return Ok(ExitCode::FAILURE);
    }
    println!("The journal is sound: {} entries.", verdict.entries);
    Ok(ExitCode::SUCCESS)
}
