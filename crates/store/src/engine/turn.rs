//! The writer's turn on SQLite, among the tasks of this process and among processes.
//!
//! SQLite lets those who wait try again after random pauses, so that a process which writes without pause (an import)
//! starves the others. Two file locks make it a queue: who wants to write holds `queue` while waiting for `writer`, so
//! that the process which has just written comes after. The kernel frees both when a process dies.
//!
//! Within a process the turn goes from task to task for a while before it goes to the next process: a server has many
//! short things to write (each look at a file), an import beside it few long ones, and one for one the short would wait.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::WAIT_FOR_TURN;
use crate::StoreError;

/// How long a process goes on handing the turn to its own tasks: as long as one batch of an import takes.
const WITHIN_ONE_PROCESS: Duration = Duration::from_millis(50);

/// The queue for the right to write.
#[derive(Clone)]
pub(super) struct Turn {
    files: Arc<Mutex<TurnFiles>>,
    /// Tasks of this process that wait.
    waiting: Arc<AtomicUsize>,
    within_one_process: Duration,
}

struct TurnFiles {
    queue: File,
    writer: File,
    /// Since when this process has the turn.
    since: Option<Instant>,
}

/// The writer's turn, until it is dropped.
pub(super) struct TurnHeld {
    files: Option<OwnedMutexGuard<TurnFiles>>,
    turn: Turn,
}

/// A task in the queue. Should it give up when the turn was handed on to it already, the process gives the turn on.
struct Waiting<'turn>(&'turn Turn);

impl Turn {
    /// The queue whose files lie in `folder`.
    pub(super) fn new(folder: &Path) -> Result<Self, StoreError> {
        let open =
            |name: &str| OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(name));
        let files = TurnFiles { queue: open("queue.lock")?, writer: open("writer.lock")?, since: None };
        Ok(Self {
            files: Arc::new(Mutex::new(files)),
            waiting: Arc::default(),
            within_one_process: WITHIN_ONE_PROCESS,
        })
    }

    /// Waits until it is this caller's turn, in the order of asking within the process.
    ///
    /// # Errors
    /// `Busy` after half a minute.
    pub(super) async fn take(&self) -> Result<TurnHeld, StoreError> {
        match tokio::time::timeout(WAIT_FOR_TURN, self.wait()).await {
            Ok(held) => held,
            Err(_elapsed) => Err(StoreError::Busy),
        }
    }

    async fn wait(&self) -> Result<TurnHeld, StoreError> {
        let waiting = Waiting::new(self);
        let mut files = Arc::clone(&self.files).lock_owned().await;
        drop(waiting);
        if files.since.is_some() || files.is_free()? {
            return Ok(self.held(files));
        }
        // The thread waits on even when its caller has given up; then nobody takes what it returns, and dropping that
        // gives the turn on.
        let turn = self.clone();
        let waiting = tokio::task::spawn_blocking(move || {
            files.queue.lock()?;
            files.writer.lock()?;
            files.since = Some(Instant::now());
            let held = turn.held(files);
            if let Some(files) = &held.files {
                files.queue.unlock()?;
            }
            Ok::<_, std::io::Error>(held)
        });
        Ok(waiting.await.map_err(StoreError::internal)??)
    }

    fn held(&self, files: OwnedMutexGuard<TurnFiles>) -> TurnHeld {
        TurnHeld { files: Some(files), turn: self.clone() }
    }

    /// Gives on what was kept for a task that gave up meanwhile.
    fn give_on_unless_awaited(&self) {
        if self.waiting.load(Ordering::SeqCst) == 0
            && let Ok(mut files) = self.files.try_lock()
        {
            files.give_on();
        }
    }
}

impl TurnFiles {
    /// Takes the turn if no other process has it or waits for it.
    fn is_free(&mut self) -> Result<bool, StoreError> {
        if self.queue.try_lock().is_err() {
            return Ok(false);
        }
        let is_free = self.writer.try_lock().is_ok();
        self.queue.unlock()?;
        self.since = is_free.then(Instant::now);
        Ok(is_free)
    }

    fn give_on(&mut self) {
        if self.since.take().is_some()
            && let Err(error) = self.writer.unlock()
        {
            tracing::error!(%error, "the writer's turn could not be given on");
        }
    }
}

impl Drop for TurnHeld {
    fn drop(&mut self) {
        let Some(mut files) = self.files.take() else { return };
        let has_time = files.since.is_some_and(|since| since.elapsed() < self.turn.within_one_process);
        let is_kept = has_time && self.turn.waiting.load(Ordering::SeqCst) > 0;
        if !is_kept {
            files.give_on();
        }
        drop(files);
        if is_kept {
            self.turn.give_on_unless_awaited();
        }
    }
}

impl<'turn> Waiting<'turn> {
    fn new(turn: &'turn Turn) -> Self {
        turn.waiting.fetch_add(1, Ordering::SeqCst);
        Self(turn)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.give_on_unless_awaited();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The queues of two processes on one folder, which hand the turn on within themselves for `within`.
    fn two(folder: &Path, within: Duration) -> (Turn, Turn) {
        let turn = || Turn { within_one_process: within, ..Turn::new(folder).unwrap() };
        (turn(), turn())
    }

    /// Whether a process can have the turn now.
    fn is_free(turn: &Turn) -> bool {
        let mut files = turn.files.try_lock().unwrap();
        let is_free = files.is_free().unwrap();
        files.give_on();
        is_free
    }

    /// Lets every task go as far as it comes.
    async fn let_them_queue(turn: &Turn, count: usize) {
        while turn.waiting.load(Ordering::SeqCst) < count {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn the_turn_goes_round_a_process_before_it_goes_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = two(folder.path(), Duration::from_hours(1));
        let held = ours.take().await.unwrap();
        let task = |turn: &Turn| {
            let turn = turn.clone();
            tokio::spawn(async move { turn.take().await.unwrap() })
        };
        let (second, third) = (task(&ours), task(&ours));
        let_them_queue(&ours, 2).await;
        drop(held);
        assert!(!is_free(&theirs), "it is kept for those who wait");
        let held = second.await.unwrap();
        drop(held);
        assert!(!is_free(&theirs));
        drop(third.await.unwrap());
        assert!(is_free(&theirs), "nobody waits any more");
    }

    #[tokio::test]
    async fn a_process_that_had_its_time_lets_the_next_before_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = two(folder.path(), Duration::ZERO);
        let held = ours.take().await.unwrap();
        let turn = ours.clone();
        let second = tokio::spawn(async move { turn.take().await.unwrap() });
        let_them_queue(&ours, 1).await;
        drop(held);
        assert!(is_free(&theirs));
        drop(second.await.unwrap());
    }

    #[tokio::test]
    async fn who_gives_up_leaves_nothing_locked() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = two(folder.path(), Duration::from_hours(1));
        // Before the turn came to it, and after.
        for hands_on_first in [false, true] {
            let held = ours.take().await.unwrap();
            let turn = ours.clone();
            let second = tokio::spawn(async move { turn.take().await.unwrap() });
            let_them_queue(&ours, 1).await;
            let mut held = Some(held);
            if hands_on_first {
                held = None;
                assert!(!is_free(&theirs));
            }
            second.abort();
            assert!(second.await.is_err());
            drop(held);
            assert!(is_free(&theirs), "hands on first: {hands_on_first}");
        }
    }
}
