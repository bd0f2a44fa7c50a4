//! `shouwang link`: two files against each other, or one against itself, without a database. What it does is `linkage::Files`.

mod output;
mod watching;

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use linkage::{
    AtThreshold, ClusterBy, ClustersBefore, Evaluation, Files, FilesFault, Labels, LinkOptions, Model, Pair,
    PassedOver, Report, Source, TrainOptions,
};

use crate::import::Words;
use crate::say;

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
    /// How pairs make persons: never two valid numbers in one, or whatever a chain of pairs holds together.
    #[arg(long, value_enum, default_value_t = Growth::Persons, requires = "clusters")]
    clusters_by: Growth,
    /// The clusters of an earlier run: whoever was called something is called so again.
    #[arg(long, requires = "clusters", value_name = "CLUSTERS")]
    clusters_before: Option<PathBuf>,
    /// Pairs below this probability are left out.
    #[arg(long, default_value_t = 0.5)]
    threshold: f64,
    /// Each row in one pair at most, the most probable first.
    #[arg(long, conflicts_with = "dedupe")]
    one_to_one: bool,
    /// A page of HTML about the run: who was compared, what was learnt, how sure it is. No value of a row stands in it.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Who each row is (`record_id,true_id`), for the report to say how right the pairs are.
    #[arg(long, requires = "report")]
    truth: Option<PathBuf>,
    /// The language that the report opens in.
    #[arg(long, value_enum, default_value_t = Words::Zh)]
    language: Words,
}

/// How pairs make clusters.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Growth {
    /// The most probable pairs first, and never two valid numbers that differ in one.
    Persons,
    /// Connected components.
    Links,
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
        /// As a drawing (SVG).
        #[arg(long, conflicts_with = "json")]
        svg: bool,
        /// The language of the words.
        #[arg(long, value_enum, default_value_t = Words::Zh)]
        language: Words,
    },
    /// Learn a model from the files and write it: `--model` takes it, with `--as-given` to weigh by it as it is.
    Train {
        #[command(flatten)]
        files: FilesArguments,
        /// Pairs of which somebody has said what they are: `left_id,right_id,label`, 1 for one person and 0 for two.
        #[arg(long)]
        labels: Option<PathBuf>,
        /// Where the model goes.
        #[arg(long)]
        out: PathBuf,
    },
    /// Look one record up in a file: who may it be?
    Lookup {
        /// The file on record.
        #[arg(long)]
        right: PathBuf,
        /// A shipped model or the path of one, as written by `train`; its shares are taken as they are.
        #[arg(long, default_value = "cn-person")]
        model: PathBuf,
        /// Most candidates that are shown.
        #[arg(long, default_value_t = 5)]
        most: usize,
        /// As one line of JSON.
        #[arg(long)]
        json: bool,
        /// The language of the words.
        #[arg(long, value_enum, default_value_t = Words::Zh)]
        language: Words,
        /// What the record says: `name=张三 birth_date=2013-03-06`, by the names of the model's columns.
        #[arg(required = true, value_name = "COLUMN=VALUE")]
        record: Vec<String>,
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
    /// A shipped model (cn-person, western-person, organisation), or the path of one (TOML, docs/linkage.md).
    #[arg(long, default_value = "cn-person")]
    model: PathBuf,
    /// Take the model's shares as they are, instead of learning them from the files.
    #[arg(long)]
    as_given: bool,
    /// Where drawing for the learning begins: the same seed gives the same pairs.
    #[arg(long, default_value_t = TrainOptions::default().seed)]
    seed: u64,
    /// Most megabytes of memory that the run may take; it stops before it takes more.
    #[arg(long, value_name = "MB")]
    memory_mb: Option<u64>,
    /// Refuse files with columns that the model does not know, instead of naming them.
    #[arg(long)]
    strict: bool,
}

/// Links the files.
///
/// # Errors
/// When a file cannot be read, linked or written: the error says which, where, and what to do.
pub fn link(arguments: &Arguments) -> Result<()> {
    watching::end_on_interrupt();
    match &arguments.command {
        Some(Command::Explain { files, left_id, right_id, json, svg, language }) => {
            let explained = learnt(files)?.explain(left_id, right_id);
            let explained = explained.with_context(|| {
                say(
                    format!("首列中没有“{left_id}”或“{right_id}”：请按文件中的写法给出编号"),
                    format!(
                        "`{left_id}` or `{right_id}` is in no first column: give the ids as the files have them"
                    ),
                )
            })?;
            if *json {
                println!("{}", serde_json::to_string(&explained)?);
            } else if *svg {
                print!("{}", explained.to_svg(*language == Words::Zh));
            } else {
                print!("{}", explained.to_text(*language == Words::Zh));
            }
            Ok(())
        }
        Some(Command::Train { files, labels, out }) => train(files, labels.as_deref(), out),
        Some(Command::Lookup { right, model, most, json, language, record }) => {
            let found = look_up(right, model, record, *most)?;
            if *json {
                println!("{}", serde_json::to_string(&found)?);
                return Ok(());
            }
            if found.is_empty() {
                println!("{}", say("在册文件中没有相近的记录。", "Nobody on record is like this."));
            }
            for explained in found {
                println!("{}  {:.6}", explained.right_id, explained.probability);
                print!("{}", explained.to_text(*language == Words::Zh));
            }
            Ok(())
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
            Ok(())
        }
        None => link_files(arguments),
    }
}

/// Links the files and writes what was found.
fn link_files(arguments: &Arguments) -> Result<()> {
    if !(0.0..=1.0).contains(&arguments.threshold) {
        bail!(
            "{}",
            say(
                format!("--threshold 为 {}：请给 0 到 1 的概率", arguments.threshold),
                format!("--threshold is {}: give a probability from 0 to 1", arguments.threshold),
            )
        );
    }
    let out = arguments.out.as_deref().context("give --out")?;
    keep_inputs(arguments)?;
    let before = match &arguments.clusters_before {
        // Asked before the run, so that a fault in it costs no run.
        Some(path) => ClustersBefore::read(plain(path)?)
            .map_err(|fault| anyhow!("{}: {}", path.display(), say(fault.in_chinese(), fault.to_string())))?,
        None => ClustersBefore::default(),
    };
    let files = learnt(&arguments.files)?;
    // A report tells of the doubtful pairs as well.
    let least = if arguments.report.is_some() {
        arguments.threshold.min(LEAST_REPORTED)
    } else {
        arguments.threshold
    };
    let linked = files.link_told(LinkOptions { threshold: least, one_to_one: arguments.one_to_one });
    name_passed_over(&linked.passed_over);
    let pairs: Vec<Pair> =
        linked.pairs.iter().copied().filter(|pair| pair.probability >= arguments.threshold).collect();
    if let Some(path) = &arguments.report {
        let evaluation = match &arguments.truth {
            Some(truth) => Some(held_against(&files, &linked.pairs, truth, &arguments.files)?),
            None => None,
        };
        let is_learnt = !arguments.files.as_given;
        let report = Report::new(&files, &linked.pairs, arguments.threshold, is_learnt, evaluation);
        let page = report.to_html(arguments.language == Words::Zh);
        output::write(path, |out| Ok(std::io::Write::write_all(out, page.as_bytes())?))?;
    }
    if let Some(path) = &arguments.clusters {
        let by = match arguments.clusters_by {
            Growth::Persons => ClusterBy::Persons,
            Growth::Links => ClusterBy::Links,
        };
        let clusters = files.clusters(&pairs, by, &before);
        output::write(path, |out| Ok(files.write_clusters(&clusters, out)?))?;
    }
    output::write(out, |out| Ok(files.write(&pairs, out)?))?;
    eprintln!(
        "{}",
        say(
            format!("比对  得概率不低于 {} 的 {} 对", arguments.threshold, pairs.len()),
            format!("linked  {} pairs of a probability of {} and more", pairs.len(), arguments.threshold),
        )
    );
    Ok(())
}

/// Pairs below this probability are in no report either.
const LEAST_REPORTED: f64 = 0.001;

/// Says which rules met keys with more rows than they take.
fn name_passed_over(rules: &[PassedOver]) {
    for PassedOver { rule, rows, largest, most } in rules {
        eprintln!(
            "{}",
            say(
                format!(
                    "提示  规则 {rule}：{rows} 行的键下有多于 {most} 行（最多 {largest} 行），按此规则不比（--report 可看是哪些）"
                ),
                format!(
                    "note    rule {rule}: {rows} rows have a key with more than {most} rows (up to {largest}); by this rule they are not compared (--report tells which)"
                ),
            )
        );
    }
}

/// How right pairs are.
fn held_against(
    files: &Files,
    pairs: &[Pair],
    truth: &Path,
    arguments: &FilesArguments,
) -> Result<Evaluation> {
    let mut written = Vec::new();
    files.write(pairs, &mut written)?;
    let left = arguments.left.as_deref().or(arguments.dedupe.as_deref()).context("give --left")?;
    let right = arguments.right.as_deref().map(plain).transpose()?;
    linkage::evaluate(written.as_slice(), plain(truth)?, plain(left)?, right)
        .context("the pairs cannot be held against the truth")
}

/// Learns a model and writes it.
fn train(arguments: &FilesArguments, labels: Option<&Path>, out: &Path) -> Result<()> {
    if arguments.as_given {
        bail!(
            "{}",
            say(
                "train 与 --as-given 不能同用：前者要学，后者不学",
                "train learns, --as-given does not: leave it out"
            )
        );
    }
    let mut files = read(arguments, model(&arguments.model)?)?;
    let labels = match labels {
        Some(path) => files
            .read_labels(plain(path)?)
            .map_err(|fault| anyhow!("{}: {}", path.display(), say(fault.in_chinese(), fault.to_string())))?,
        None => Labels::default(),
    };
    files.train_with(TrainOptions { seed: arguments.seed, ..TrainOptions::default() }, &labels);
    let text = files.model().to_toml();
    output::write(out, |out| Ok(std::io::Write::write_all(out, text.as_bytes())?))?;
    let (same, different) = labels.counts();
    eprintln!(
        "{}",
        say(
            format!("学习  已写出模型，标注的对：{same} 对同一人，{different} 对不同人"),
            format!("learnt  the model is written; labelled pairs: {same} of one person, {different} of two"),
        )
    );
    Ok(())
}

/// Looks one record up: the best candidates, each with its explanation.
fn look_up(right: &Path, by: &Path, record: &[String], most: usize) -> Result<Vec<linkage::Explanation>> {
    let mut cells = vec![("record_id", "1")];
    for cell in record {
        let (name, value) = cell.split_once('=').with_context(|| {
            say(
                format!("“{cell}”不是 列名=值：请写成 name=张三"),
                format!("`{cell}` is no COLUMN=VALUE: write name=张三"),
            )
        })?;
        cells.push((name, value));
    }
    let line = |of: fn(&(&str, &str)) -> String| cells.iter().map(of).collect::<Vec<_>>().join(",");
    let left = format!("{}\n{}\n", line(|cell| quote(cell.0)), line(|cell| quote(cell.1)));
    let files = Files::read(model(by)?, Source::new(left.as_bytes()), open(right)?);
    let files = files.map_err(|fault| {
        let place =
            if fault.is_left() { say("所给记录", "the record") } else { right.display().to_string() };
        told_file(&place, &fault)
    })?;
    let (ignored, _) = files.ignored_columns();
    if !ignored.is_empty() {
        bail!(
            "{}",
            say(
                format!("模型不认识这些列：{}", ignored.join("、")),
                format!("the model knows no such columns: {}", ignored.join(", ")),
            )
        );
    }
    let mut pairs = files.link(LinkOptions { threshold: 0.0, one_to_one: false });
    pairs.sort_by(|one, other| {
        other.probability.total_cmp(&one.probability).then(one.right.cmp(&other.right))
    });
    Ok(pairs.iter().take(most).map(|pair| files.explain_pair(pair)).collect())
}

/// A cell of CSV, whatever it holds.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Refuses to write over a file that is read.
fn keep_inputs(arguments: &Arguments) -> Result<()> {
    let files = &arguments.files;
    let same = |one: &Path, other: &Path| match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    };
    for written in [&arguments.out, &arguments.clusters, &arguments.report].into_iter().flatten() {
        let inputs = [&files.left, &files.right, &files.dedupe, &arguments.truth];
        let mut inputs = inputs.into_iter().flatten();
        if inputs.any(|input| same(input, written)) {
            let path = written.display();
            bail!(
                "{}",
                say(
                    format!("{path} 既要读又要写：请另给一个写出的文件"),
                    format!("{path} is read and written: give another file for what is written"),
                )
            );
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

/// Reads the two files, or the one, and names the columns that are not looked at.
fn read(arguments: &FilesArguments, model: Model) -> Result<Files> {
    let watch = watching::watch(arguments.memory_mb);
    let told = |path: &Path, fault: FilesFault| told_file(&path.display().to_string(), &fault);
    let (left_path, right_path, files) = match (&arguments.left, &arguments.right, &arguments.dedupe) {
        (Some(left), Some(right), _) => {
            let files = Files::read_watched(model, open(left)?, open(right)?, watch);
            (left, right, files.map_err(|fault| told(if fault.is_left() { left } else { right }, fault))?)
        }
        (.., Some(path)) => {
            let files = Files::read_one_watched(model, open(path)?, watch);
            (path, path, files.map_err(|fault| told(path, fault))?)
        }
        _ => bail!("give --left and --right, or --dedupe"),
    };
    let (left_rows, right_rows) = files.len();
    let (chinese, english) = if files.is_one_file() {
        (format!("读取  {left_rows} 行"), format!("read    {left_rows} rows"))
    } else {
        (
            format!("读取  左 {left_rows} 行，右 {right_rows} 行"),
            format!("read    {left_rows} rows on the left, {right_rows} on the right"),
        )
    };
    eprintln!("{}", say(chinese, english));
    let (left_ignored, right_ignored) = files.ignored_columns();
    let right_ignored = if files.is_one_file() { &[] } else { right_ignored };
    for (path, ignored) in [(left_path, left_ignored), (right_path, right_ignored)] {
        if ignored.is_empty() {
            continue;
        }
        let path = path.display();
        let said = say(
            format!("{path}：模型不认识这些列，不看：{}", ignored.join("、")),
            format!("{path}: columns that the model does not know are not looked at: {}", ignored.join(", ")),
        );
        if arguments.strict {
            bail!("{said}");
        }
        eprintln!("{}", say(format!("提示  {said}"), format!("note    {said}")));
    }
    Ok(files)
}

/// What is wrong with a file, in the language of the terminal.
fn told_file(place: &str, fault: &FilesFault) -> anyhow::Error {
    anyhow!("{place}: {}", say(fault.fault().in_chinese(), fault.fault().to_string()))
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
