//! `shouwang link`: two files against each other, without a database. What it does is `linkage::Files`.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use linkage::{Files, LinkOptions, Model, Source, TrainOptions};
use policy::Programs;

/// What is linked, and how.
#[derive(Args)]
pub struct Arguments {
    /// The file whose rows are looked for: CSV in UTF-8 with a header, the first column is the id.
    #[arg(long)]
    left: PathBuf,
    /// The file that they are looked for in.
    #[arg(long)]
    right: PathBuf,
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
    let (left, right) = (open(&arguments.left)?, open(&arguments.right)?);
    let mut files = Files::read(model, Source::of_file(left), Source::of_file(right)).map_err(|fault| {
        let path = if fault.is_left() { &arguments.left } else { &arguments.right };
        anyhow!("{}: {fault}", path.display())
    })?;
    let (left_rows, right_rows) = files.len();
    eprintln!("read    {left_rows} rows on the left, {right_rows} on the right");
    if !arguments.as_given {
        files.train(TrainOptions { seed: arguments.seed, ..TrainOptions::default() });
    }
    let options = LinkOptions { threshold: arguments.threshold, one_to_one: arguments.one_to_one };
    let pairs = files.link(options);
    let out = File::create(&arguments.out)
        .with_context(|| format!("{} cannot be written", arguments.out.display()))?;
    files
        .write(&pairs, BufWriter::new(out))
        .with_context(|| format!("{} cannot be written", arguments.out.display()))?;
    eprintln!("linked  {} pairs of a probability of {} and more", pairs.len(), arguments.threshold);
    Ok(())
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("{} cannot be read: name a CSV file", path.display()))
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
