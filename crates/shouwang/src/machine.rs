//! The machine's clock and randomness: read here and nowhere else.

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
