//! `shouwang link`: two files against each other, or one against itself, without a database. What it does is `linkage::Files`.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use linkage::{FileFault, Files, FilesFault, LinkOptions, Model, Source, TrainOptions};
use policy::Programs;

/// What is linked, and how.
#[derive(Args)]
#[command(group = clap::ArgGroup::new("files").required(true).args(["left", "dedupe"]))]
pub struct Arguments {
    /// The file whose rows are looked for: CSV in UTF-8 with a header, the first column is the id.
    #[arg(long, requires = "right")]
    left: Option<PathBuf>,
    /// The file that they are looked for in.
    #[arg(long, requires = "left")]
    right: Option<PathBuf>,
    /// One file whose rows are looked for in itself.
    #[arg(long, conflicts_with_all = ["right", "one_to_one"])]
    dedupe: Option<PathBuf>,
    /// Where the persons of that file go: `record_id,cluster_id`.
    #[arg(long, requires = "dedupe")]
    clusters: Option<PathBuf>,
    /// Where the pairs go: `left_id,right_id,probability`.
    #[arg(long)]
    out: PathBuf,
    /// A shipped model (cn-person, western-person), or the path of one (TOML, docs/linkage.md).
    #[arg(long, default_value = "cn-person")]
    model: PathBuf,
    /// Pairs below this probability are left out.
    #[arg(long, default_value_t = 0.5)]
    threshold: f64,
    /// Each row in one pair at most, the most probable first.
    #[arg(long)]
    one_to_one: bool,
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
    if !(0.0..=1.0).contains(&arguments.threshold) {
        bail!("--threshold is {}: give a probability from 0 to 1", arguments.threshold);
    }
    let model = model(&arguments.model)?;
    let mut files = read(arguments, model)?;
    if !arguments.as_given {
        files.train(TrainOptions { seed: arguments.seed, ..TrainOptions::default() });
    }
    let options = LinkOptions { threshold: arguments.threshold, one_to_one: arguments.one_to_one };
    let pairs = files.link(options);
    write(&arguments.out, |out| files.write(&pairs, out))?;
    eprintln!("linked  {} pairs of a probability of {} and more", pairs.len(), arguments.threshold);
    if let Some(path) = &arguments.clusters {
        write(path, |out| files.write_clusters(&files.clusters(&pairs), out))?;
    }
    Ok(())
}

/// Reads the two files, or the one.
fn read(arguments: &Arguments, model: Model) -> Result<Files> {
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
    File::open(path)
        .map(Source::of_file)
        .with_context(|| format!("{} cannot be read: name a CSV file", path.display()))
}

/// The shipped model of this name, or that of a file.
fn model(path: &Path) -> Result<Model> {
    let programs = Programs::load(None).map_err(|faults| told(&faults))?;
    if let Some(model) = path.to_str().and_then(|key| programs.model(key)) {
        return Ok(model.clone());
    }
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("{} cannot be read: name a shipped model or a file (docs/linkage.md)", path.display())
    })?;
    Model::parse(&text).map_err(|faults| told(&faults).context(format!("{} is no model", path.display())))
}

/// All faults, a line each.
fn told<T: ToString>(faults: &[T]) -> anyhow::Error {
    anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
