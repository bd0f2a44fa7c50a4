//! `cargo xtask bench`: measures what the product promises, and writes the figures with their commands to
//! `docs/performance.md`. A figure belongs to a machine: beside it stands a floor measured in the same run.

use std::fmt::Write as _;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, command, workspace};
use crate::{assets, linkage, machine};

/// One program that measures and prints.
struct Measure {
    /// What one asks for: `cargo xtask bench import`.
    key: &'static str,
    /// Its heading in the report.
    title: &'static str,
    /// What it must reach, in words.
    bar: &'static str,
    run: Run,
    /// Whether the product's own binary has to be built first.
    product: bool,
}

/// How a measure is run.
enum Run {
    /// A program of the workspace, by cargo's arguments.
    Cargo(&'static [&'static str]),
    /// A task of this crate, which prints as it goes and returns what it said.
    Task(fn() -> Result<String>),
    /// The same, too long to run unless it is named.
    LongTask(fn() -> Result<String>),
}

const LOOKUP: &[&str] = &["run", "--release", "--quiet", "--package", "linkage", "--example", "lookup_city"];

const MEASURES: &[Measure] = &[
    Measure {
        key: "store",
        title: "Sealing and writing rows",
        bar: "the floor that the import stands on",
        run: Run::Cargo(&["run", "--release", "--quiet", "--package", "store", "--example", "speed"]),
        product: false,
    },
    Measure {
        key: "import",
        title: "Taking 100,000 grid rows in",
        bar: "at least 20,000 rows a second: read, checked, sealed, linked, published",
        run: Run::Cargo(&["run", "--release", "--quiet", "--package", "people", "--example", "import_speed"]),
        product: false,
    },
    Measure {
        key: "lookup",
        title: "Looking people up among a million while others write",
        bar: "median at most 0.3 ms, p99 at most 2 ms, with 1,000 inserts a second going on",
        run: Run::Cargo(LOOKUP),
        product: false,
    },
    Measure {
        key: "lookup-large",
        title: "Twenty million people in the live index",
        bar: "at most 8 GB; loaded from its snapshot in at most 60 s",
        run: Run::LongTask(|| printed("lookup-large", &[LOOKUP, &["20000000"]].concat())),
        product: false,
    },
    Measure {
        key: "screening",
        title: "Screening 200,000 people with 400,000 indicators",
        bar: "at most 2 s, in memory",
        run: Run::Cargo(&["run", "--release", "--quiet", "--package", "rules", "--example", "screen_city"]),
        product: false,
    },
    Measure {
        key: "quality",
        title: "Linking and screening on three fresh cities",
        bar: "links: precision at least .99, recall at least .85; at least .8 of the children at risk among leads that are at most 5 % of all children",
        run: Run::Cargo(&[
            "run",
            "--release",
            "--quiet",
            "--package",
            "shouwang",
            "--",
            "--data",
            "target/quality",
            "measure",
        ]),
        product: false,
    },
    Measure {
        key: "pages",
        title: "Pages of the demo city under 100 requests a second",
        bar: "p99 per page at most 50 ms; at most 200 ms while an import runs",
        run: Run::Cargo(&["run", "--release", "--quiet", "--package", "e2e", "--", "load"]),
        product: true,
    },
    Measure {
        key: "linkage",
        title: "Linking files beside Splink",
        bar: "ten times as fast as Splink; F1 .998, .997 and .997 on the three feeds of 100,000 people, .996 on a million; recall at precision .999 at least .99; FEBRL 4 .9996",
        run: Run::Task(linkage::everyday),
        product: false,
    },
    Measure {
        key: "linkage-large",
        title: "Linking five million people beside Splink",
        bar: "ten times as fast as Splink; F1 .996; at most 2.5 GB",
        run: Run::LongTask(linkage::large),
        product: false,
    },
];

/// Runs the measures that `keys` name, or all, and writes those sections of the report anew.
///
/// # Errors
/// When a key is unknown, or a program does not build or fails.
pub fn bench(keys: &[String]) -> Result<()> {
    machine::require(&[machine::NODE])?;
    assets::build()?;
    if let Some(unknown) = keys.iter().find(|key| MEASURES.iter().all(|measure| measure.key != **key)) {
        let known: Vec<&str> = MEASURES.iter().map(|measure| measure.key).collect();
        bail!("there is no measure `{unknown}`; there are: {}", known.join(", "));
    }
    for measure in
        MEASURES.iter().filter(|measure| keys.is_empty() || keys.iter().any(|key| key == measure.key))
    {
        println!("== {}", measure.title);
        if measure.product {
            crate::run::finish(&mut cargo(&["build", "--release", "--quiet", "--package", "shouwang"]))?;
        }
        let said = match measure.run {
            Run::Task(task) => task()?,
            Run::LongTask(task) if !keys.is_empty() => task()?,
            Run::LongTask(_) => continue,
            Run::Cargo(arguments) => printed(measure.key, arguments)?,
        };
        write_section(measure, &said)?;
    }
    Ok(())
}

/// Runs a program of the workspace, and returns what it printed.
fn printed(key: &str, arguments: &[&str]) -> Result<String> {
    let output = cargo(arguments).stderr(Stdio::inherit()).output().context("cargo does not start")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("{said}");
    if !output.status.success() {
        bail!("the measure `{key}` ended with {}", output.status);
    }
    Ok(said)
}

/// Puts one section in place of its predecessor in `docs/performance.md`.
fn write_section(measure: &Measure, said: &str) -> Result<()> {
    let path = workspace().join("docs/performance.md");
    let report = std::fs::read_to_string(&path).unwrap_or_else(|_| {
        "# Performance\n\nWritten by `cargo xtask bench`; a section is replaced when it is measured again.\n".to_owned()
    });
    let mut section = String::new();
    let day = command("date", &["+%Y-%m-%d"]).output().context("the machine has no date")?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    writeln!(section, "## {}\n", measure.title)?;
    writeln!(
        section,
        "To reach: {}. `cargo xtask bench {}`, {}, {cores} cores.\n",
        measure.bar,
        measure.key,
        String::from_utf8_lossy(day.stdout.trim_ascii())
    )?;
    writeln!(section, "```text\n{}\n```", said.trim_end())?;
    std::fs::write(&path, replace_section(&report, measure.title, &section))
        .context("docs/performance.md cannot be written")
}

/// `report` with `section` in the place of the one with the same heading, or at its end.
fn replace_section(report: &str, title: &str, section: &str) -> String {
    let heading = format!("## {title}\n");
    let (before, after) = match report.split_once(&heading) {
        Some((before, rest)) => {
            (before, rest.find("\n## ").and_then(|at| rest.get(at + 1..)).unwrap_or_default())
        }
        None => (report, ""),
    };
    let between = if after.is_empty() { "" } else { "\n" };
    format!("{}\n\n{section}{between}{after}", before.trim_end())
}

#[cfg(test)]
mod tests {
    use super::replace_section;

    #[test]
    fn a_section_replaces_its_predecessor_and_no_other() {
        let first = replace_section("# Performance\n", "Import", "## Import\n\n1\n");
        let both = replace_section(&first, "Pages", "## Pages\n\n2\n");
        assert_eq!(both, "# Performance\n\n## Import\n\n1\n\n## Pages\n\n2\n");
        assert_eq!(
            replace_section(&both, "Import", "## Import\n\n3\n"),
            "# Performance\n\n## Import\n\n3\n\n## Pages\n\n2\n"
        );
    }
}
