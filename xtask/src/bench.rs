//! `cargo xtask bench`: measures what the product promises, and writes the figures with their commands to
//! `docs/performance.md`. A figure belongs to a machine: beside it stands a floor measured in the same run.

use std::fmt::Write as _;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, command, workspace};
use crate::{assets, machine};

/// One program that measures and prints.
struct Measure {
    /// What one asks for: `cargo xtask bench import`.
    key: &'static str,
    /// Its heading in the report.
    title: &'static str,
    /// What it must reach, in words.
    bar: &'static str,
    /// The cargo arguments that run it.
    run: &'static [&'static str],
    /// Whether the product's own binary has to be built first.
    product: bool,
}

const MEASURES: &[Measure] = &[
    Measure {
        key: "store",
        title: "Sealing and writing rows",
        bar: "the floor that the import stands on",
        run: &["run", "--release", "--quiet", "--package", "store", "--example", "speed"],
        product: false,
    },
    Measure {
        key: "import",
        title: "Taking 100,000 grid rows in",
        bar: "at least 20,000 rows a second: read, checked, sealed, linked, published",
        run: &["run", "--release", "--quiet", "--package", "people", "--example", "import_speed"],
        product: false,
    },
    Measure {
        key: "screening",
        title: "Screening 200,000 people with 400,000 indicators",
        bar: "at most 2 s, in memory",
        run: &["run", "--release", "--quiet", "--package", "rules", "--example", "screen_city"],
        product: false,
    },
    Measure {
        key: "quality",
        title: "Linking and screening on three fresh cities",
        bar: "links: precision at least .99, recall at least .85; at least .8 of the children at risk among leads that are at most 5 % of all children",
        run: &[
            "run",
            "--release",
            "--quiet",
            "--package",
            "shouwang",
            "--",
            "--data",
            "target/quality",
            "measure",
        ],
        product: false,
    },
    Measure {
        key: "pages",
        title: "Pages of the demo city under 100 requests a second",
        bar: "p99 per page at most 50 ms; at most 200 ms while an import runs",
        run: &["run", "--release", "--quiet", "--package", "e2e", "--", "load"],
        product: true,
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
        let output = cargo(measure.run).stderr(Stdio::inherit()).output().context("cargo does not start")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{said}");
        if !output.status.success() {
            bail!("the measure `{}` ended with {}", measure.key, output.status);
        }
        write_section(measure, &said)?;
    }
    Ok(())
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
