//! The binary: configuration, wiring, commands. What the product does is in the crates below; this one reads the
//! machine's clock and randomness, which nothing else does, and hands them on.

mod application;
mod configuration;
mod demo;
mod import;
mod link;
mod log;
mod machine;
mod pages;
mod serve;
mod tongue;
mod user;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use store::Database;
use store::journal::Head;

use application::Application;
use configuration::Configuration;
use tongue::say;

/// An import allocates by the million, SQLite with it (its C code is given the same allocator): the system's own takes a
/// third of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Serve the pages and run the jobs, until SIGTERM or Ctrl-C.
    Serve(serve::Arguments),
    /// Make a synthetic city, hand its departments' files in, play its past, and serve it.
    Demo(demo::Arguments),
    /// Measure linking and screening on cities that are made for it.
    #[command(hide = true)]
    Measure(demo::Measuring),
    /// Run the jobs only, until SIGTERM or Ctrl-C: beside a `serve` on the same PostgreSQL.
    Work,
    /// Make and manage accounts.
    User {
        #[command(subcommand)]
        command: user::Command,
    },
    /// List every address of the product with who may ask for it.
    Pages(pages::Arguments),
    /// Bring the database to this version's tables.
    Migrate,
    /// Take a delivery of a feed in: exit code 0 when it was taken (rejected rows included), 2 when the file as a
    /// whole could not be.
    Import(import::Arguments),
    /// Link two files: which rows are about one person. Needs no database.
    Link(Box<link::Arguments>),
    /// Work with the journal.
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
}

#[derive(Subcommand)]
enum Audit {
    /// Follow the chain of the journal and name the first entry that is not as it was written.
    Verify {
        /// A head that an earlier check printed and that was kept elsewhere; may be given several times. It shows whether
        /// the end of the journal was cut off or written anew.
        #[arg(long = "head", value_name = "NUMBER:HASH")]
        heads: Vec<Head>,
    },
}

impl Command {
    /// Whether it has nothing to say of a place where nothing is: made there, an empty installation would look like
    /// one that is sound.
    fn needs_installation(&self) -> bool {
        match self {
            Self::Audit { .. } | Self::Work => true,
            Self::User { command } => command.needs_installation(),
            _ => false,
        }
    }

    /// Whether it works in bulk while people may be waiting for answers of another process on the same machine.
    fn gives_way(&self) -> bool {
        matches!(self, Self::Import(_) | Self::Work)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Before there are other threads, which inherit it.
    if arguments.command.gives_way() {
        machine::give_way();
    }
    machine::give_way_in_bulk();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ran = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => {
            Err(anyhow::Error::new(error).context(say("系统不给线程", "the machine gives no threads")))
        }
    };
    match ran {
        Ok(code) => code,
        // A message for a person on a terminal; the exit code is for the program that called.
        Err(error) => {
            eprintln!("shouwang: {}", tongue::told(&error, tongue::of_terminal()));
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    log::start();
    if let Command::Link(arguments) = &arguments.command {
        link::link(arguments)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut configuration = Configuration::read(arguments.configuration.as_deref(), arguments.data)?;
    if let Command::Measure(measuring) = &arguments.command {
        demo::measure(&configuration, measuring).await?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Demo(arguments) = arguments.command {
        configuration.is_demo = true;
        Box::pin(demo::demo(&configuration, arguments)).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut rehearsal = None;
    if !configuration.is_installed()? {
        if arguments.command.needs_installation() {
            bail!(nothing_there(&configuration));
        }
        if let Command::Import(import) = &arguments.command
            && import.is_rehearsal()
        {
            let folder = rehearsal_folder()?;
            configuration.data_folder.clone_from(&folder);
            rehearsal = Some(folder);
        }
    }
    let ran = run_in(&configuration, arguments.command).await;
    if let Some(folder) = rehearsal {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("the folder of the rehearsal {} cannot be removed", folder.display()))?;
    }
    ran
}

/// A folder for rehearsing where there is no installation: it is removed, and where one was asked for there is nothing.
fn rehearsal_folder() -> Result<std::path::PathBuf> {
    let folder = std::env::temp_dir().join(format!("shouwang-rehearsal-{}", std::process::id()));
    std::fs::create_dir(&folder)
        .with_context(|| format!("the folder of the rehearsal {} cannot be made", folder.display()))?;
    Ok(folder)
}

fn nothing_there(configuration: &Configuration) -> String {
    let folder = configuration.data_folder.display();
    say(
        format!("{folder} 中没有已安装的守望，请核对 --data（或 SHOUWANG_DATA_DIR、SHOUWANG_DATABASE_URL）"),
        format!(
            "there is no installation in {folder}; check --data (or SHOUWANG_DATA_DIR, SHOUWANG_DATABASE_URL)"
        ),
    )
}

async fn run_in(configuration: &Configuration, command: Command) -> Result<ExitCode> {
    let application = Application::open(configuration).await?;
    let code = match command {
        Command::Serve(arguments) => {
            let listener = serve::listen(configuration, arguments).await?;
            serve::serve(&application, listener).await?;
            ExitCode::SUCCESS
        }
        // Handled above: they open installations of their own, or none.
        Command::Demo(_) | Command::Measure(_) | Command::Link(_) => ExitCode::SUCCESS,
        Command::Work => {
            serve::work(&application).await?;
            ExitCode::SUCCESS
        }
        Command::User { command } => {
            user::run(&application.app, command).await?;
            ExitCode::SUCCESS
        }
        Command::Pages(arguments) => {
            pages::print(&application, &arguments)?;
            ExitCode::SUCCESS
        }
        Command::Migrate => {
            println!("{}", say("数据库已是本版本。", "The database is up to date."));
            ExitCode::SUCCESS
        }
        Command::Import(arguments) => {
            import::import(&application, &arguments).await?;
            ExitCode::SUCCESS
        }
        Command::Audit { command: Audit::Verify { heads } } => {
            verify(&application.app.database, &heads).await?
        }
    };
    application
        .app
        .database
        .close()
        .await
        .with_context(|| say("数据库没有正常关闭", "the database did not close"))?;
    Ok(code)
}

async fn verify(database: &Database, kept: &[Head]) -> Result<ExitCode> {
    let read = database.read().await.with_context(|| say("读不了数据库", "the database cannot be read"))?;
    let verdict = admin::verify_journal(&read, database.machine_now(), kept)
        .await
        .with_context(|| say("读不了日志", "the journal cannot be read"))?;
    if let Some(fault) = verdict.fault {
        let chinese = format!("日志不完整：{fault}");
        println!("{}", say(chinese, format!("The journal is not sound: {fault}.")));
        return Ok(ExitCode::FAILURE);
    }
    let entries = verdict.entries;
    let chinese = format!("日志完整，共 {entries} 条。");
    println!("{}", say(chinese, format!("The journal is sound: {entries} entries.")));
    for head in kept {
        let number = head.number;
        let chinese = format!("第 {number} 条与留存的一致。");
        println!("{}", say(chinese, format!("It holds entry {number} as it was kept.")));
    }
    if let Some(head) = verdict.head {
        println!("{}", say(format!("末条 {head}"), format!("Its head is {head}")));
        println!(
            "{}",
            say(
                "请抄存到别处：以后用 `audit verify --head 序号:校验值` 可查末尾是否被截。",
                "Keep it elsewhere: `audit verify --head NUMBER:HASH` shows later whether the end was cut off.",
            )
        );
    }
    Ok(ExitCode::SUCCESS)
}
