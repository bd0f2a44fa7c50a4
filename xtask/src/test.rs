//! `cargo xtask test`: every test, on both databases and in a real browser, ending with how many passed.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, finish};
use crate::{assets, machine};

/// How many tests a run counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    /// Adds what one line of `cargo test` says, if it says anything.
    fn add(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test result:") {
            self.passed += number_before(rest, " passed");
            self.failed += number_before(rest, " failed");
        }
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .and_then(|head| head.rsplit(' ').next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

/// Runs all tests, or those that `arguments` (handed on to `cargo test`) choose.
///
/// # Errors
/// When something cannot be installed or built, when a test fails, or when no test ran at all.
pub fn test(arguments: &[String]) -> Result<()> {
    machine::require(&[machine::NODE, machine::POSTGRES, machine::BROWSER, machine::TYPEFACE])?;
    assets::build()?;
    // The tests of `e2e` start the product as a process.
    finish(&mut cargo(&["build", "--package", "shouwang"]))?;
    let mut run = cargo(&["test", "--no-fail-fast"]);
    if !arguments.iter().any(|argument| argument == "-p" || argument == "--package") {
        run.arg("--workspace");
    }
    let mut child =
        run.args(arguments).stdout(Stdio::piped()).spawn().context("could not start cargo test")?;
    let output = child.stdout.take().context("cargo test has no output")?;
    let mut count = Count::default();
    for line in BufReader::new(output).lines() {
        let line = line.context("could not read what cargo test prints")?;
        count.add(&line);
        println!("{line}");
    }
    let status = child.wait().context("could not wait for cargo test")?;
    println!("\n{} passed, {} failed", count.passed, count.failed);
    if !status.success() || count.failed > 0 {
        bail!("tests failed (cargo test ended with {status})");
    }
    if count.passed == 0 {
        bail!("no test ran: the filter matches none");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_added_over_test_programs() {
        let mut count = Count::default();
        count.add("running 3 tests");
        count.add(
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        count.add("test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s");
    }
}
