//! Progress bars on a terminal; plain lines where there is none.

use std::io::{IsTerminal, Write, stderr};

use base::{Moment, SharedClock};

/// How wide a bar is, in characters.
const WIDTH: usize = 30;

/// The bars of one run, with the time that each step took.
pub struct Progress {
    clock: SharedClock,
    begun: Moment,
    is_terminal: bool,
}

impl Progress {
    /// Begins to count. `clock` is the machine's.
    pub fn new(clock: SharedClock) -> Self {
        Self { begun: clock.now(), clock, is_terminal: stderr().is_terminal() }
    }

    /// Shows that `done` of `all` are done.
    pub fn show(&self, step: &str, done: usize, all: usize) {
        if !self.is_terminal {
            return;
        }
        let filled = (done * WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
        let bar: String = (0..WIDTH).map(|place| if place < filled { '█' } else { '░' }).collect();
        let percent = (done * 100).checked_div(all).unwrap_or(100);
        let _ = write!(stderr(), "\r\u{1b}[K{bar} {percent:>3} %  {step}");
    }

    /// Says that a step is done.
    pub fn done(&self, step: &str) {
        let seconds = self.clock.now().milliseconds_since(self.begun) as f64 / 1_000.0;
        let begin = if self.is_terminal { "\r\u{1b}[K" } else { "" };
        let _ = writeln!(stderr(), "{begin}{seconds:>6.1} s  {step}");
    }
}
