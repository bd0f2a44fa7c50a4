//! How far a run is, and how much memory it may take.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::FileFault;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the file that is searched, or the one file.
    ReadRight,
    /// Reading the file whose rows are looked for.
    ReadLeft,
    /// Learning the model's shares.
    Train,
    /// Looking up and weighing rows.
    Link,
}

/// What is called as a run goes on: with the stage, and the share of it that is done.
type Call = Arc<dyn Fn(Stage, f64) + Send + Sync>;

/// Bounds of a run, and whom it tells how far it is.
#[derive(Clone, Default)]
pub struct Watch {
    /// Most bytes that the tables of the run may take; none for no limit.
    pub memory_bytes: Option<u64>,
    call: Option<Call>,
}

impl Watch {
    /// One that calls `call` now and then, from several threads.
    pub fn new(memory_bytes: Option<u64>, call: impl Fn(Stage, f64) + Send + Sync + 'static) -> Self {
        Self { memory_bytes, call: Some(Arc::new(call)) }
    }

    pub(crate) fn tell(&self, stage: Stage, done: f64) {
        if let Some(call) = &self.call {
            call(stage, done);
        }
    }

    /// Refuses a run that takes more bytes than it may.
    pub(crate) fn allow(&self, needed_bytes: u64) -> Result<(), FileFault> {
        match self.memory_bytes {
            Some(limit_bytes) if needed_bytes > limit_bytes => Err(FileFault::Memory {
                needed_mb: mebibytes(needed_bytes),
                limit_mb: mebibytes(limit_bytes),
            }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").field("memory_bytes", &self.memory_bytes).finish_non_exhaustive()
    }
}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

/// Counts what is done on several threads.
pub(super) struct Done<'watch> {
    watch: &'watch Watch,
    stage: Stage,
    all: u64,
    count: AtomicU64,
}

impl<'watch> Done<'watch> {
    pub(super) fn new(watch: &'watch Watch, stage: Stage, all: u64) -> Self {
        watch.tell(stage, 0.0);
        Self { watch, stage, all: all.max(1), count: AtomicU64::new(0) }
    }

    pub(super) fn add(&self, more: u64) {
        let done = self.count.fetch_add(more, Ordering::Relaxed) + more;
        self.watch.tell(self.stage, done as f64 / self.all as f64);
    }
}
