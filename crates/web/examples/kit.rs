//! Serves the page of components on a free port, for looking at it: `cargo run -p web --example kit`. It prints the
//! address and ends with the terminal.

use std::path::PathBuf;
use std::sync::Arc;

use access::Roles;
use base::{AreaTree, Day, Entropy, ManualClock, Moment, SharedClock};
use store::{Database, DatabaseUrl};
use web::{App, Site};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder: PathBuf = std::env::temp_dir().join(format!("shouwang-kit-{}", std::process::id()));
    // The time of the mock-ups, so that pictures can be laid beside them.
    let day = Day::new(2024, 11, 14).map_or(Moment(0), Day::start);
    let clock: SharedClock = Arc::new(ManualClock::new(day.plus_minutes(10 * 60 + 24)));
    let entropy = Entropy::from_seed(1);
    let url = DatabaseUrl::in_folder(&folder);
    let database = Database::open(&url, &folder, entropy.clone(), Arc::clone(&clock)).await?;
    database.migrate(&web::migrations(&[])).await?;
    let programs = policy::Programs::load(None).map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    let app = App {
        database,
        clock,
        entropy,
        programs: Arc::new(programs),
        roles: Arc::new(Roles::new([])),
        areas: web::Areas::new(AreaTree::shipped()),
        site: Arc::new(Site { is_demo: true, is_secure: false }),
    };
    web::assets::check().map_err(anyhow::Error::msg)?;
    let assembly = web::assemble(app, Vec::new())?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/components", listener.local_addr()?);
    axum::serve(listener, assembly.router).await?;
    Ok(())
}
