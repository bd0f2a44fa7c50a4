//! The clock as an argument (design: time is never read, it is handed in).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::Moment;

/// Where the time comes from. The machine's clock is read in one place only, in the binary.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Moment;
}

/// A clock that is shared between requests and jobs.
pub type SharedClock = Arc<dyn Clock>;

/// A clock that stands until it is set: for tests, and for playing a past.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: Moment) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Sets the clock to `now`.
    pub fn set(&self, now: Moment) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Moves the clock on by `milliseconds`.
    pub fn advance_milliseconds(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}
