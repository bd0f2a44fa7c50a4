//! `shouwang link`: two files against each other, or one against itself, without a database. What it does is `linkage::Files`.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use linkage::{
    AtThreshold, Evaluation, FileFault, Files, FilesFault, LinkOptions, Model, Source, TrainOptions,
};

use crate::import::Words;

/// What is linked, and how.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    files: FilesArguments,
    /// Where the pairs go: `left_id,right_id,probability`.
    #[arg(long, required = true)]
    out: Option<PathBuf>,
    /// Where the persons of one file go: `record_id,cluster_id`.
    #[arg(long, requires = "dedupe")]
    clusters: Option<PathBuf>,
    /// Pairs below this probability are left out.
    #[arg(long, default_value_t = 0.5)]
    threshold: f64,
    /// Each row in one pair at most, the most probable first.
    #[arg(long, conflicts_with = "dedupe")]
    one_to_one: bool,
}

/// What else can be done with files.
#[derive(Subcommand)]
enum Command {
    /// Say why two rows weigh what they weigh.
    Explain {
        #[command(flatten)]
        files: FilesArguments,
        /// The id of the left row (or of one row of the one file).
        left_id: String,
        /// The id of the right row.
        right_id: String,
        /// As one line of JSON.
        #[arg(long)]
        json: bool,
        /// The language of the words.
        #[arg(long, value_enum, default_value_t = Words::Zh)]
        language: Words,
    },
    /// Hold pairs against the truth: precision, recall and F1.
    Evaluate {
        /// The pairs: `left_id,right_id,probability`.
        #[arg(long)]
        pairs: PathBuf,
        /// Who each row is: `record_id,true_id`.
        #[arg(long)]
        truth: PathBuf,
        /// The left file, or the one file.
        #[arg(long)]
        left: PathBuf,
        /// The right file; without it the pairs are of one file.
        #[arg(long)]
        right: Option<PathBuf>,
        /// As one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Which files, and by which model.
#[derive(Args)]
#[command(group = clap::ArgGroup::new("files").required(true).args(["left", "dedupe"]))]
struct FilesArguments {
    /// The file whose rows are looked for: CSV in UTF-8 with a header, the first column is the id.
    #[arg(long, requires = "right")]
    left: Option<PathBuf>,
    /// The file that they are looked for in.
    #[arg(long, requires = "left")]
    right: Option<PathBuf>,
    /// One file whose rows are looked for in itself.
    #[arg(long, conflicts_with = "right")]
    dedupe: Option<PathBuf>,
    /// A shipped model (cn-person, western-person), or the path of one (TOML, docs/linkage.md).
    #[arg(long, default_value = "cn-person")]
    model: PathBuf,
    /// Take the model's shares as they are, instead of learning them from the files.
    #[arg(long)]
    as_given: bool,
    /// Where drawing for the learning begins: the same seed gives the same pairs.
    #[arg(long, default_value_t = TrainOptions::default().seed)]
    seed: u64,
}

/// Links the files.
///
/// # Errors
/// When a file cannot be read, linked or written: the error says which, where, and what to do.
pub fn link(arguments: &Arguments) -> Result<()> {
    match &arguments.command {
        Some(Command::Explain { files, left_id, right_id, json, language }) => {
            let explained = learnt(files)?.explain(left_id, right_id);
            let explained = explained.with_context(|| {
                format!(
                    "`{left_id}` or `{right_id}` is in no first column: give the ids as the files have them"
                )
            })?;
            if *json {
                println!("{}", serde_json::to_string(&explained)?);
            } else {
                print!("{}", explained.to_text(*language == Words::Zh));
            }
            return Ok(());
        }
        Some(Command::Evaluate { pairs, truth, left, right, json }) => {
            let right = right.as_deref().map(plain).transpose()?;
            let found = linkage::evaluate(plain(pairs)?, plain(truth)?, plain(left)?, right);
            let found = found.context("the pairs cannot be held against the truth")?;
            if *json {
                println!("{}", serde_json::to_string(&found)?);
            } else {
                show(&found);
            }
            return Ok(());
        }
        None => {}
    }
    if !(0.0..=1.0).contains(&arguments.threshold) {
        bail!("--threshold is {}: give a probability from 0 to 1", arguments.threshold);
    }
    let out = arguments.out.as_deref().context("give --out")?;
    keep_inputs(arguments)?;
    let files = learnt(&arguments.files)?;
    let options = LinkOptions { threshold: arguments.threshold, one_to_one: arguments.one_to_one };
    let pairs = files.link(options);
    write(out, |out| files.write(&pairs, out))?;
    eprintln!("linked  {} pairs of a probability of {} and more", pairs.len(), arguments.threshold);
    if let Some(path) = &arguments.clusters {
        write(path, |out| files.write_clusters(&files.clusters(&pairs), out))?;
    }
    Ok(())
}

/// Refuses to write over a file that is read.
fn keep_inputs(arguments: &Arguments) -> Result<()> {
    let files = &arguments.files;
    let same = |one: &Path, other: &Path| match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    };
    for written in [&arguments.out, &arguments.clusters].into_iter().flatten() {
        let mut inputs = [&files.left, &files.right, &files.dedupe].into_iter().flatten();
        if inputs.any(|input| same(input, written)) {
            bail!("{} is read and written: give another file for what is written", written.display());
        }
    }
    Ok(())
}

/// The files, read, with a model that was learnt from them unless it is to be taken as it is.
fn learnt(arguments: &FilesArguments) -> Result<Files> {
    let mut files = read(arguments, model(&arguments.model)?)?;
    if !arguments.as_given {
        files.train(TrainOptions { seed: arguments.seed, ..TrainOptions::default() });
    }
    Ok(files)
}

/// Figures for a terminal.
fn show(found: &Evaluation) {
    println!(
        "{} true pairs, {} listed, {:.5} of the true ones among them",
        found.true_pairs, found.listed_pairs, found.candidate_recall
    );
    let line = |name: &str, at: &AtThreshold| {
        println!(
            "{name:<10} {:.6}  {:>9} pairs  precision {:.5}  recall {:.5}  F1 {:.5}",
            at.threshold, at.pairs, at.precision, at.recall, at.f1
        );
    };
    found.best.iter().for_each(|best| line("best", best));
    found.at.iter().for_each(|at| line("at", at));
    for (least, at) in &found.recall_at_precision {
        match at {
            Some(at) => line(&format!("P ≥ {least}"), at),
            None => println!("P ≥ {least}: at no threshold"),
        }
    }
}

/// Reads the two files, or the one.
fn read(arguments: &FilesArguments, model: Model) -> Result<Files> {
    let told = |path: &Path, fault: FilesFault| anyhow!("{}: {fault}", path.display());
    match (&arguments.left, &arguments.right, &arguments.dedupe) {
        (Some(left), Some(right), _) => {
            let files = Files::read(model, open(left)?, open(right)?);
            let files = files.map_err(|fault| told(if fault.is_left() { left } else { right }, fault))?;
            let (left_rows, right_rows) = files.len();
            eprintln!("read    {left_rows} rows on the left, {right_rows} on the right");
            Ok(files)
        }
        (.., Some(path)) => {
            let files = Files::read_one(model, open(path)?).map_err(|fault| told(path, fault))?;
            eprintln!("read    {} rows", files.len().0);
            Ok(files)
        }
        _ => bail!("give --left and --right, or --dedupe"),
    }
}

fn write(path: &Path, content: impl FnOnce(BufWriter<File>) -> Result<(), FileFault>) -> Result<()> {
    let what = || format!("{} cannot be written", path.display());
    content(BufWriter::new(File::create(path).with_context(what)?)).with_context(what)
}

fn open(path: &Path) -> Result<Source<File>> {
    plain(path).map(Source::of_file)
}

fn plain(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("{} cannot be read: name a CSV file", path.display()))
}

/// The shipped model of this name, or that of a file. Only the model is read: linking files needs no programs.
fn model(path: &Path) -> Result<Model> {
    let shipped = policy::Files::shipped().map_err(|faults| told(&faults))?;
    let text = match path.to_str().and_then(|key| shipped.get(&format!("linkage/{key}.toml"))) {
        Some(text) => text.to_owned(),
        None => std::fs::read_to_string(path).with_context(|| {
            format!("{} cannot be read: name a shipped model or a file (docs/linkage.md)", path.display())
        })?,
    };
    Model::parse(&text).map_err(|faults| told(&faults).context(format!("{} is no model", path.display())))
}

/// All faults, a line each.
fn told<T: ToString>(faults: &[T]) -> anyhow::Error {
    anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
