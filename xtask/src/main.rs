//! Commands for those who build. `cargo xtask demo` and `cargo xtask test` are the two that a newcomer needs.
//!
//! What belongs here: fetching what a fresh machine lacks, building, and starting other programs. What the product
//! does itself is in `crates/shouwang`.

mod assets;
mod bench;
mod demo;
mod linkage;
mod machine;
mod prove;
mod run;
mod test;

use clap::{Parser, Subcommand};

/// The commands of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", about = "Commands for those who build 守望 Shouwang")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// One command each; what stands after it is handed on.
#[derive(Subcommand)]
enum Command {
    /// Fetch what is missing, build (release), make the demo city, run the main job on it, serve it.
    Demo {
        /// Handed on to `shouwang demo` (`--persons 20000`, `--no-serve`, `--data DIR`, `--listen ADDRESS`).
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Fetch what the tests need, run them all, end with how many passed.
    Test {
        /// Handed on to `cargo test` (`-p base`, a name to filter by).
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Build style sheets, scripts and icons from npm packages into `crates/web/dist`.
    Assets,
    /// Measure what the product promises and write docs/performance.md; all of it, or what is named.
    Bench {
        /// Which measures: `import`, `pages`, …
        measures: Vec<String>,
    },
    /// Play the whole story in a real browser, on SQLite and on PostgreSQL, with kills in between.
    Prove {
        /// Handed on (`--seed 7`, `--persons 5000`, `--database sqlite`).
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Make the pictures of the README.
    Screenshots {
        /// Handed on (`--persons 5000`).
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Demo { arguments } => demo::demo(&arguments),
        Command::Test { arguments } => test::test(&arguments),
        Command::Assets => {
            machine::require(&[machine::NODE])?;
            assets::build()
        }
        Command::Bench { measures } => bench::bench(&measures),
        Command::Prove { arguments } => prove::prove(&arguments),
        Command::Screenshots { arguments } => prove::screenshots(&arguments),
    }
}
