//! `cargo xtask demo`: from a clone to a city that one can log in to.

use anyhow::Result;

use crate::run::{cargo, finish};
use crate::{assets, machine};

/// Fetches what is missing, builds for release and hands `arguments` on to `shouwang demo`.
///
/// # Errors
/// When something cannot be installed, built or started: the error names the command.
pub fn demo(arguments: &[String]) -> Result<()> {
    machine::require(&[machine::NODE])?;
    assets::build()?;
    println!("Building the product (release). The first time takes about ten minutes on two cores.");
    finish(&mut cargo(&["build", "--release", "--package", "shouwang"]))?;
    let mut run = cargo(&["run", "--quiet", "--release", "--package", "shouwang", "--", "demo"]);
    finish(run.args(arguments))
}
