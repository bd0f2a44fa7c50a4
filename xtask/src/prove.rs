//! `cargo xtask prove` and `cargo xtask screenshots`: the story of the product, played by people in a real browser.

use anyhow::Result;

use crate::run::{cargo, finish};
use crate::{assets, machine};

/// Builds the product for release and plays the story on both databases; `arguments` go on to it (`--seed 7`).
///
/// # Errors
/// When something cannot be installed or built, or the story breaks off: the error says where.
pub fn prove(arguments: &[String]) -> Result<()> {
    play("prove", arguments)
}

/// Makes the pictures of the README from the demo city.
///
/// # Errors
/// As [`prove`].
pub fn screenshots(arguments: &[String]) -> Result<()> {
    play("screenshots", arguments)
}

fn play(what: &str, arguments: &[String]) -> Result<()> {
    machine::require(&[machine::NODE, machine::POSTGRES, machine::BROWSER, machine::TYPEFACE])?;
    assets::build()?;
    finish(&mut cargo(&["build", "--release", "--package", "shouwang", "--package", "e2e"]))?;
    finish(cargo(&["run", "--quiet", "--release", "--package", "e2e", "--", what]).args(arguments))
}
