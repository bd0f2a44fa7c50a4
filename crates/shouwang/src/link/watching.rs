//! How far a run is, for whoever waits at a terminal, and the memory that it may take.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use linkage::{Stage, Watch};

use super::output;
use crate::say;

/// How often the line is written anew.
const TOLD_EVERY: Duration = Duration::from_millis(100);
/// How often the memory of the process is looked at.
const LOOKED_EVERY: Duration = Duration::from_millis(20);
/// Exit code after Ctrl-C, as shells have it.
const STOPPED: i32 = 130;

/// The bounds of a run, and a line on a terminal that tells how far it is.
pub fn watch(memory_mb: Option<u64>) -> Watch {
    let memory_bytes = memory_mb.map(|limit| limit << 20);
    if let Some(limit_bytes) = memory_bytes {
        guard(limit_bytes);
    }
    if !std::io::stderr().is_terminal() {
        return Watch::new(memory_bytes, |_stage, _share| {});
    }
    let line = Mutex::new(Line { stage: None, began: Instant::now(), told: None });
    Watch::new(memory_bytes, move |stage, share| {
        if let Ok(mut line) = line.lock() {
            line.tell(stage, share);
        }
    })
}

struct Line {
    stage: Option<Stage>,
    began: Instant,
    told: Option<Instant>,
}

impl Line {
    fn tell(&mut self, stage: Stage, share: f64) {
        let now = Instant::now();
        if self.stage != Some(stage) {
            *self = Self { stage: Some(stage), began: now, told: None };
        }
        let is_end = share >= 1.0;
        if !is_end && self.told.is_some_and(|told| now.duration_since(told) < TOLD_EVERY) {
            return;
        }
        self.told = Some(now);
        let what = match stage {
            Stage::ReadRight => say("读取在册文件", "reading the file on record"),
            Stage::ReadLeft => say("读取待查文件", "reading the rows to look for"),
            Stage::Train => say("学习", "learning"),
            Stage::Link => say("比对", "linking"),
        };
        let gone = now.duration_since(self.began).as_secs_f64();
        let left = if share > 0.02 { gone * (1.0 - share) / share } else { 0.0 };
        let share = (share * 100.0).clamp(0.0, 100.0);
        let rest = if left >= 1.0 {
            say(format!("约剩 {left:.0} 秒"), format!("about {left:.0} s left"))
        } else {
            String::new()
        };
        let mut terminal = std::io::stderr();
        // A line that cannot be written is not missed. Erased before, and at the end for what is told next.
        let line = if is_end && stage == Stage::Link {
            "\r\u{1b}[K".to_owned()
        } else {
            format!("\r\u{1b}[K{what} {share:3.0} %  {rest}")
        };
        let _told = terminal.write_all(line.as_bytes());
        let _told = terminal.flush();
    }
}

/// Ends the process before it takes more memory than it may: what is counted of the tables says early that it will, this
/// keeps it from doing so.
fn guard(limit_bytes: u64) {
    let look = move || {
        loop {
            std::thread::sleep(LOOKED_EVERY);
            if let Some(bytes) = resident_bytes().filter(|bytes| *bytes > limit_bytes) {
                let (taken, limit) = (bytes >> 20, limit_bytes >> 20);
                eprintln!(
                    "shouwang: {}",
                    say(
                        format!(
                            "已用内存 {taken} MB，超过 --memory-mb {limit}，已停止，未写出任何文件：请放宽限制，或分批比对"
                        ),
                        format!(
                            "{taken} MB of memory are in use, more than --memory-mb {limit}; stopped, and nothing was written: allow more, or link the files in parts"
                        ),
                    )
                );
                output::give_up(2);
            }
        }
    };
    // Without a thread for it the counted limit still holds.
    let _guard = std::thread::Builder::new().name("memory".to_owned()).spawn(look);
}

/// What the process holds of the machine's memory, where the system tells it.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Ends the run cleanly when somebody presses Ctrl-C.
pub fn end_on_interrupt() {
    tokio::spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("\nshouwang: {}", say("已停止，未写出任何文件", "stopped, and nothing was written"));
            output::give_up(STOPPED);
        }
    });
}
