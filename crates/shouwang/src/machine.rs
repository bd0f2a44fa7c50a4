//! The machine's clock, randomness and processors: asked here and nowhere else.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use base::{Clock, Entropy, Moment, SharedClock};
use rand::TryRng;
use rand::rngs::SysRng;

/// The machine's clock.
struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's time")]
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        Moment(i64::try_from(since).unwrap_or(i64::MAX))
    }
}

/// The machine's clock, to be handed on.
pub fn clock() -> SharedClock {
    Arc::new(MachineClock)
}

/// Randomness from the operating system. Keys and nonces stand on it, so nothing starts without it.
pub fn entropy() -> Result<Entropy> {
    let mut seed = [0; 32];
    SysRng.try_fill_bytes(&mut seed).context("the operating system gives no randomness")?;
    Ok(Entropy::from_bytes(seed))
}

/// How much less of the processor a thread gets that gives way, by the measure of `nice`: a tenth beside one that does not,
/// and all of it while nobody else wants any.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Lets this thread, and those that it starts from now on, give way to others on the machine. (On Linux niceness is a
/// thread's; elsewhere it would be the whole process's, and nothing is done.)
pub fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "work in bulk does not give way");
    }
}

/// Lets what is computed in bulk on all cores (an import, a screening) give way to answers to people.
pub fn give_way_in_bulk() {
    if let Err(error) = rayon::ThreadPoolBuilder::new().start_handler(|_thread| give_way()).build_global() {
        tracing::debug!(%error, "work in bulk does not give way");
    }
}
