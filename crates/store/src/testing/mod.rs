//! Fresh migrated databases of both kinds, for the tests of every crate.
//!
//! ```ignore
//! store::on_both! { store::migrations() => a_row_is_kept, a_row_is_found }
//!
//! async fn a_row_is_kept(database: TestDatabase) { … }
//! ```
//!
//! makes `a_row_is_kept::sqlite` and `a_row_is_kept::postgres` of one body. The schema is migrated once for each list of
//! migrations and copied for each test: a file on SQLite, a template database on PostgreSQL. PostgreSQL is the server in
//! `SHOUWANG_TEST_POSTGRES_URL`, else a private cluster in the temporary folder that all test processes share and that
//! stops when none has used it for half a minute. Where it is not installed, tests fail and say so.

// A test's tools may break off: that is how a test says that its ground is missing.
#![expect(clippy::expect_used, reason = "this module is part of tests only")]

mod catalogue;
mod cluster;
mod template;

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use base::{Clock as _, Entropy, ManualClock, Moment, OperationId, SharedClock};
use tempfile::TempDir;

pub use catalogue::schema_of;

use crate::{ActorRef, Database, DatabaseUrl, Migration, Operation, Write};

/// Where the clock of a test begins: 2026-03-02, a Monday, 09:00 in the city.
pub const START: Moment = Moment(1_772_413_200_000);

/// A database that is gone when this is dropped.
pub struct TestDatabase {
    database: Database,
    clock: Arc<ManualClock>,
    url: DatabaseUrl,
    copy: Option<cluster::Copy>,
    folder: TempDir,
}

/// A fresh SQLite database with `migrations` applied.
pub async fn sqlite(migrations: &[Migration]) -> TestDatabase {
    let folder = TempDir::new().expect("a temporary folder");
    template::copy_sqlite(migrations, folder.path()).await;
    let url = DatabaseUrl::in_folder(folder.path());
    TestDatabase::open(url, None, folder).await
}

/// A fresh PostgreSQL database with `migrations` applied.
pub async fn postgres(migrations: &[Migration]) -> TestDatabase {
    let folder = TempDir::new().expect("a temporary folder");
    let copy = template::copy_postgres(migrations, folder.path()).await;
    let url = copy.url();
    TestDatabase::open(url, Some(copy), folder).await
}

/// An empty PostgreSQL database, for whoever runs the product as a process of its own; gone when this is dropped.
pub struct EmptyDatabase {
    copy: cluster::Copy,
    url: DatabaseUrl,
}

/// A fresh PostgreSQL database with nothing in it.
pub async fn empty_postgres() -> EmptyDatabase {
    let copy = cluster::server().await.create(None).await;
    let url = copy.url();
    EmptyDatabase { copy, url }
}

impl EmptyDatabase {
    /// Where the database is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The folders with the database's own files and the write-ahead log, everything written out; they can be read
    /// where the server runs on this machine.
    pub async fn folders(&self) -> Vec<std::path::PathBuf> {
        self.copy.folders().await
    }
}

impl TestDatabase {
    async fn open(url: DatabaseUrl, copy: Option<cluster::Copy>, folder: TempDir) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let database = open(&url, folder.path(), 1, Arc::clone(&clock) as SharedClock).await;
        Self { database, clock, url, copy, folder }
    }

    /// The database itself, to be handed on.
    pub fn database(&self) -> Database {
        self.database.clone()
    }

    /// The clock that the database sees as the machine's, and that a test uses as the office's too.
    pub fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    /// The same clock, as what services take.
    pub fn shared_clock(&self) -> SharedClock {
        Arc::clone(&self.clock) as SharedClock
    }

    /// Where the database is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The folder with the master key and, on SQLite, the file.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether this is PostgreSQL, for the few tests that look into a database's own catalogue.
    pub fn is_postgres(&self) -> bool {
        self.copy.is_some()
    }

    /// Opens the same database a second time, as another process would. `seed` must differ from one opening to the
    /// next (the first one has 1).
    pub async fn open_again(&self, seed: u64) -> Database {
        open(&self.url, self.folder.path(), seed, self.shared_clock()).await
    }

    /// An operation of the system at the clock's present moment.
    pub fn operation(&self, name: &'static str) -> Operation {
        let at = self.clock.now();
        Operation { id: OperationId(self.database.entropy().uuid(at)), name, actor: ActorRef::SYSTEM, at }
    }

    /// Opens a writing transaction of the system.
    pub async fn begin(&self, name: &'static str) -> Write {
        self.database.write(self.operation(name)).await.expect("the writer's turn")
    }
}

impl Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

async fn open(url: &DatabaseUrl, folder: &Path, seed: u64, clock: SharedClock) -> Database {
    Database::open(url, folder, Entropy::from_seed(seed), clock).await.expect("the test's database opens")
}

/// Makes two tests, one for each database, of each function named: `on_both! { migrations() => first, second }`.
#[macro_export]
macro_rules! on_both {
    ($migrations:expr => $($test:ident),+ $(,)?) => {$(
        mod $test {
            use super::*;

            #[tokio::test]
            async fn sqlite() {
                super::$test($crate::testing::sqlite(&$migrations).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$test($crate::testing::postgres(&$migrations).await).await;
            }
        }
    )+};
}
