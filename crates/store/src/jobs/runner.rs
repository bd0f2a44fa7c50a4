//! The runner: numbers the journal, feeds the listeners and runs the jobs, in one process or in many.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use base::SharedClock;
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::task::JoinSet;

use super::claim;
use super::{Job, JobKind, State};
use crate::StoreError;
use crate::database::{Database, LOOK_AROUND};
use crate::journal::{Deliveries, Listener, sequence};
use crate::lease::{self, Lease};

/// Jobs of any kind that one process runs at a time.
const JOBS_AT_ONCE: usize = 2;

/// Short jobs that one process runs at a time beside those: an import, and another one that waits for its turn, hold both
/// seats for as long as they take, and the office's deadlines must not wait for them.
const SHORT_JOBS_AT_ONCE: usize = 1;

/// How long the sequencer waits for company of a new entry, so that a busy office is numbered twenty times a second and
/// not once for each page that was read.
const GATHERING: Duration = Duration::from_millis(50);

/// How long jobs may run on after shutdown was asked for; then they are left to the next runner.
const GRACE: Duration = Duration::from_secs(20);

/// How the lease of a worker begins.
const WORKER: &str = "worker-";

/// Rounds of `settle`: each does something, so a run that needs more feeds itself.
const ROUNDS_AT_MOST: usize = 100_000;

/// Runs what follows. `C` is what jobs and listeners are called with: the app.
pub struct Runner<C> {
    shared: Arc<Shared<C>>,
}

struct Shared<C> {
    database: Database,
    clock: SharedClock,
    context: C,
    jobs: HashMap<&'static str, JobKind<C>>,
    job_names: Vec<&'static str>,
    short_names: Vec<&'static str>,
    listeners: Vec<Listener<C>>,
    worker: String,
    /// Held as long as this runner lives; when it is free, others take this worker's jobs back.
    _worker_lease: Lease,
    duties: Mutex<Duties>,
}

/// Which jobs a loop takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// Of every kind, short ones among them.
    Any,
    /// Short ones only.
    Short,
}

/// What one process at a time does, and this one's memory of it.
#[derive(Default)]
struct Duties {
    leases: HashMap<String, Lease>,
    deliveries: Deliveries,
}

/// What `settle` has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Entries numbered.
    pub numbered: u64,
    /// Entries that listeners took.
    pub delivered: u64,
    /// Jobs that were done.
    pub done: u64,
    /// Tries that failed, with those whose job is now dead.
    pub failed: u64,
}

impl Settled {
    fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl<C: Clone + Send + Sync + 'static> Runner<C> {
    /// A runner for `jobs` and `listeners`. `clock` is the office's, by which jobs are due.
    ///
    /// # Errors
    /// `Refused` if two jobs or two listeners have one name.
    pub async fn new(
        database: Database,
        clock: SharedClock,
        context: C,
        jobs: Vec<JobKind<C>>,
        listeners: Vec<Listener<C>>,
    ) -> Result<Self, StoreError> {
        let mut names = HashSet::new();
        let all = jobs.iter().map(|job| ("job", job.name));
        for named in all.chain(listeners.iter().map(|listener| ("listener", listener.name))) {
            if !names.insert(named) {
                return Err(StoreError::Refused(format!("two {}s are named {}", named.0, named.1)));
            }
        }
        lease::sweep(&database, WORKER)?;
        let worker = format!("{WORKER}{}", database.entropy().uuid(database.machine_now()));
        let Some(worker_lease) = lease::try_take(&database, &worker).await? else {
            return Err(StoreError::internal("a worker's own lease is taken"));
        };
        let job_names = jobs.iter().map(|job| job.name).collect();
        let short_names = jobs.iter().filter(|job| job.is_short).map(|job| job.name).collect();
        let jobs = jobs.into_iter().map(|job| (job.name, job)).collect();
        let duties = Mutex::default();
        let shared = Shared {
            database,
            clock,
            context,
            jobs,
            job_names,
            short_names,
            listeners,
            worker,
            _worker_lease: worker_lease,
            duties,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Does everything that is due now and everything that follows from it, one after the other, until nothing is left.
    /// For commands and tests, and for playing a past with a clock that is moved.
    ///
    /// # Errors
    /// As the database; a job that fails is no error here but counted.
    pub async fn settle(&self) -> Result<Settled, StoreError> {
        let shared = &self.shared;
        shared.take_back_from_the_dead().await?;
        claim::sweep(&shared.database, shared.clock.now()).await?;
        let mut total = Settled::default();
        for _round in 0..ROUNDS_AT_MOST {
            let mut round = shared.follow_journal().await?;
            while let Some(job) = shared.claim(&shared.job_names).await? {
                match shared.run_job(job).await? {
                    State::Done => round.done += 1,
                    _ => round.failed += 1,
                }
            }
            if round.is_nothing() {
                return Ok(total);
            }
            total.numbered += round.numbered;
            total.delivered += round.delivered;
            total.done += round.done;
            total.failed += round.failed;
        }
        Err(StoreError::internal("jobs make jobs without end"))
    }

    /// Runs until `shutdown` is ready, then takes no more jobs, waits for those that run (20 seconds at most), and gives
    /// its leases back. Faults of the database are logged and waited out.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        let (stop, stopping) = watch::channel(false);
        let mut loops = JoinSet::new();
        loops.spawn(self.shared.clone().journal_loop(stopping.clone()));
        loops.spawn(self.shared.clone().jobs_loop(Lane::Any, stopping.clone()));
        if !self.shared.short_names.is_empty() {
            loops.spawn(self.shared.clone().jobs_loop(Lane::Short, stopping));
        }
        shutdown.await;
        let _ = stop.send(true);
        let all = async { while loops.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE + Duration::from_secs(1), all).await.is_err() {
            tracing::warn!("the runner's loops did not end in time");
        }
        self.release().await;
    }

    /// Gives the leases back, so that another runner can number and deliver at once. For commands that `settle`; `run`
    /// does it by itself.
    pub async fn release(self) {
        for (_name, lease) in self.shared.duties.lock().await.leases.drain() {
            lease.release().await;
        }
    }
}

impl<C: Clone + Send + Sync + 'static> Shared<C> {
    async fn journal_loop(self: Arc<Self>, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            let woken = self.database.recorded().notified();
            match self.follow_journal().await {
                Ok(settled) if !settled.is_nothing() => continue,
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "the journal could not be followed; it is tried again"),
            }
            tokio::select! {
                () = woken => tokio::time::sleep(GATHERING).await,
                () = tokio::time::sleep(LOOK_AROUND) => {}
                _ = stopping.changed() => {}
            }
        }
    }

    async fn jobs_loop(self: Arc<Self>, lane: Lane, mut stopping: watch::Receiver<bool>) {
        let (names, seats) = match lane {
            Lane::Any => (&self.job_names, JOBS_AT_ONCE),
            Lane::Short => (&self.short_names, SHORT_JOBS_AT_ONCE),
        };
        let room = Arc::new(Semaphore::new(seats));
        let mut running = JoinSet::new();
        while !*stopping.borrow() {
            while running.try_join_next().is_some() {}
            let woken = self.database.enqueued().notified();
            let seat = tokio::select! {
                seat = Arc::clone(&room).acquire_owned() => seat,
                _ = stopping.changed() => break,
            };
            let Ok(seat) = seat else { break };
            match self.claim(names).await {
                Ok(Some(job)) => {
                    let shared = Arc::clone(&self);
                    running.spawn(async move {
                        if let Err(error) = shared.run_job(job).await {
                            tracing::error!(%error, "the end of a job could not be written");
                        }
                        drop(seat);
                    });
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "no job could be taken; it is tried again"),
            }
            drop(seat);
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep(LOOK_AROUND) => if lane == Lane::Any { self.tidy().await },
                _ = stopping.changed() => {}
            }
        }
        let rest = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, rest).await.is_err() {
            tracing::warn!("jobs that still run are left to the next runner");
        }
    }

    /// Looks after what other workers left, and after what has been kept long enough.
    async fn tidy(&self) {
        if let Err(error) = self.take_back_from_the_dead().await {
            tracing::error!(%error, "jobs of workers that died could not be taken back");
        }
        if let Err(error) = claim::sweep(&self.database, self.clock.now()).await {
            tracing::error!(%error, "done jobs could not be taken away");
        }
    }

    async fn claim(&self, names: &[&'static str]) -> Result<Option<Job>, StoreError> {
        claim::claim(&self.database, names, &self.worker, self.clock.now()).await
    }

    /// Runs `job` and writes down how it ended. A panic in it is a failure like any other.
    async fn run_job(&self, job: Job) -> Result<State, StoreError> {
        let Some(kind) = self.jobs.get(job.kind.as_str()) else {
            return Err(StoreError::internal("a job of an unknown kind was taken"));
        };
        let (run, context, given) = (Arc::clone(&kind.run), self.context.clone(), job.clone());
        let outcome = match tokio::spawn(async move { run(context, given).await }).await {
            Ok(outcome) => outcome,
            Err(panic) => Err(anyhow::anyhow!("the job broke off: {panic}")),
        };
        let now = self.clock.now();
        match outcome {
            Ok(()) => {
                claim::done(&self.database, &job, now).await?;
                Ok(State::Done)
            }
            Err(error) => {
                let state = claim::failed(&self.database, &job, &error, now).await?;
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempt, ?state, "a job failed");
                Ok(state)
            }
        }
    }

    /// A worker whose lease can be had has died: its jobs go back into the queue.
    async fn take_back_from_the_dead(&self) -> Result<(), StoreError> {
        for worker in claim::workers(&self.database).await? {
            if worker == self.worker {
                continue;
            }
            if let Some(lease) = lease::try_take(&self.database, &worker).await? {
                let jobs = claim::take_back(&self.database, &worker, self.clock.now()).await?;
                tracing::warn!(worker, jobs, "a worker died; its jobs were taken back");
                lease.release().await;
            }
        }
        Ok(())
    }

    /// Numbers the journal and feeds the listeners, each if no other process does.
    async fn follow_journal(&self) -> Result<Settled, StoreError> {
        let mut duties = self.duties.lock().await;
        let mut settled = Settled::default();
        if duties.has(&self.database, "journal").await? {
            settled.numbered = sequence(&self.database).await?;
        }
        for listener in &self.listeners {
            if duties.has(&self.database, &format!("listener-{}", listener.name)).await? {
                match duties.deliveries.deliver(&self.database, &self.context, listener).await {
                    Ok(taken) => settled.delivered += taken,
                    // One listener must not hold up the others; this one is offered the entry again.
                    Err(error) => tracing::error!(%error, listener = listener.name, "a listener failed"),
                }
            }
        }
        Ok(settled)
    }
}

impl Duties {
    /// Whether this process holds the lease `name`, taking it if it is free.
    async fn has(&mut self, database: &Database, name: &str) -> Result<bool, StoreError> {
        if let Some(lease) = self.leases.get(name) {
            if lease.is_held().await {
                return Ok(true);
            }
            self.leases.remove(name);
        }
        let lease = lease::try_take(database, name).await?;
        let has = lease.is_some();
        self.leases.extend(lease.map(|lease| (name.to_owned(), lease)));
        Ok(has)
    }
}
