//! `shouwang import FEED FILE`: takes a delivery in, from file to published rows, and says what became of each row.

use std::path::{Path, PathBuf};

use access::Actor;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use people::import::{self, FILE_BYTES_AT_MOST, File, ImportReport, Options};
use policy::feeds::Feed;
use web::Language;

use crate::application::Application;
use crate::tongue::{self, in_words};

/// Rejected rows that are listed one by one on a terminal; all of them are in the JSON and on the delivery's page.
const REJECTIONS_SHOWN: usize = 20;

/// What is imported, and how.
#[derive(Args)]
pub struct Arguments {
    /// A shipped feed (grid, disabled, school), or the path of a TOML description.
    feed: String,
    /// The file: CSV or XLSX.
    file: PathBuf,
    /// Say what would happen, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// End with one line of JSON on standard output.
    #[arg(long)]
    json: bool,
    /// The language of reasons.
    #[arg(long, value_enum, default_value_t = Words::Zh)]
    language: Words,
}

impl Arguments {
    /// Whether nothing is to be written.
    pub fn is_rehearsal(&self) -> bool {
        self.dry_run
    }
}

/// The languages by their codes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Words {
    /// 中文
    Zh,
    /// English
    En,
}

/// Imports the file.
///
/// # Errors
/// When the file as a whole cannot be taken: the error says why and what to do. Rejected rows are no error.
pub async fn import(application: &Application, arguments: &Arguments) -> Result<()> {
    let language = match arguments.language {
        Words::Zh => Language::Chinese,
        Words::En => Language::English,
    };
    let bytes = read(&arguments.file, language)?;
    // Only the name goes on record, never the folder of somebody's machine.
    let name = arguments.file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let file = File { name, bytes: &bytes };
    let options = Options { dry_run: arguments.dry_run, language };
    let Application { app, people, .. } = application;
    let actor = Actor::system();
    let taken = if is_path(&arguments.feed) {
        let feed = describe(Path::new(&arguments.feed), language)?;
        import::run_described(people, app, &actor, &feed, file, options).await
    } else {
        import::run(people, app, &actor, &arguments.feed, file, options).await
    };
    let report = taken.map_err(|error| match error {
        import::ImportError::Store(error) => anyhow!(error).context("the delivery was not taken"),
        error => anyhow!(error.says(language)),
    })?;
    // Before what follows, so that whoever kills that has the figures: the delivery is published.
    show(&report, arguments)?;
    if !arguments.dry_run {
        // The delivery is taken whatever becomes of what follows: in a new installation nobody holds a post yet, to
        // whom a lead could go, and a disk may be full by now.
        match application.settle().await {
            Ok(0) => {}
            Ok(failed) => eprintln!(
                "shouwang: the delivery is in; {failed} of the jobs that follow could not be done yet and will be tried again"
            ),
            Err(error) => eprintln!(
                "shouwang: the delivery is in; the jobs that follow could not be done yet and will be tried again: {error:#}"
            ),
        }
    }
    Ok(())
}

/// The bytes of the file. One that is too large is refused before it is in memory.
fn read(path: &Path, language: Language) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path).map_err(|error| unreadable(path, &error, language))?.len();
    if size > FILE_BYTES_AT_MOST {
        let path = path.display();
        bail!(in_words(
            language,
            format!("{path} 有 {size} 字节，一次最多 {FILE_BYTES_AT_MOST}，请分成几份"),
            format!("{path} has {size} bytes; at most {FILE_BYTES_AT_MOST} are taken: split it"),
        ));
    }
    std::fs::read(path).map_err(|error| unreadable(path, &error, language))
}

/// That a file cannot be read, why, and what to do, in the language that was asked for.
fn unreadable(path: &Path, error: &std::io::Error, language: Language) -> anyhow::Error {
    let why = tongue::of_system(error, language);
    let path = path.display();
    anyhow!(in_words(language, format!("读不了 {path}：{why}"), format!("{path} cannot be read: {why}")))
}

/// Whether `feed` is the path of a description: the key of a feed has neither a folder nor an ending.
fn is_path(feed: &str) -> bool {
    let path = Path::new(feed);
    path.extension().is_some() || path.components().count() > 1
}

fn describe(path: &Path, language: Language) -> Result<Feed> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error, language))?;
    Feed::parse(&text).map_err(|faults| {
        let lines: Vec<String> = faults
            .iter()
            .map(|fault| format!("\n  {}:{}: {}. {}.", path.display(), fault.line, fault.message, fault.mend))
            .collect();
        anyhow!("the description of the feed is not usable:{}", lines.concat())
    })
}

fn show(report: &ImportReport, arguments: &Arguments) -> Result<()> {
    // Beside the answer, never in it: what is read by a program stays one line.
    for note in &report.notes {
        eprintln!("shouwang: {note}");
    }
    if arguments.json {
        println!("{}", serde_json::to_string(report).context("the report cannot be written")?);
        return Ok(());
    }
    let figures = serde_json::to_value(report.figures).context("the report cannot be written")?;
    for (name, figure) in figures.as_object().into_iter().flatten() {
        println!("{name:>12}  {figure}");
    }
    for rejection in report.rejections.iter().take(REJECTIONS_SHOWN) {
        println!("row {}: {} {}", rejection.row, rejection.column, rejection.reason);
    }
    if report.rejections.len() > REJECTIONS_SHOWN {
        println!("… and {} more; --json lists all of them", report.rejections.len() - REJECTIONS_SHOWN);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_the_key_of_a_feed() {
        for path in ["hotline.toml", "Hotline.TOML", "./hotline", "feeds/hotline", "/etc/hotline"] {
            assert!(is_path(path), "{path}");
        }
        for key in ["grid", "school", "nofeed"] {
            assert!(!is_path(key), "{key}");
        }
    }
}
