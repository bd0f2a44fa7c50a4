//! The PostgreSQL server of the tests: one that is given, or a private cluster that all test processes share.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection};

use crate::DatabaseUrl;

/// Names a server on which tests may make and drop databases.
const SERVER_VARIABLE: &str = "SHOUWANG_TEST_POSTGRES_URL";

/// Where Debian's package `postgresql-15` puts the server.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";

/// Nothing that a test writes outlives it, so nothing is forced to the disk.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off \
                        -c max_connections=400 -c shared_buffers=64MB -c jit=off -c listen_addresses=";

/// A server on which databases can be made.
#[derive(Clone)]
pub(super) struct Server {
    url: String,
}

/// A database that is dropped with this.
pub(super) struct Copy {
    server: Server,
    name: String,
}

/// The folder that all test processes of this user share. While the returned path is in use by any process, the
/// cluster in it is kept.
pub(super) fn common_folder() -> &'static Path {
    static HELD: OnceLock<(PathBuf, File)> = OnceLock::new();
    let (folder, _users) = HELD.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("shouwang-tests-{}", user_number()));
        std::fs::create_dir_all(&folder).expect("a folder for tests");
        // Whoever holds `start.lock` may start or stop; whoever shares `users.lock` keeps the cluster from being stopped.
        let start = lock_file(&folder, "start.lock");
        start.lock().expect("the right to start the cluster");
        let users = lock_file(&folder, "users.lock");
        users.lock_shared().expect("a share in the cluster");
        (folder, users)
    });
    folder
}

/// The server of the tests.
pub(super) async fn server() -> Server {
    let folder = common_folder();
    if let Ok(url) = std::env::var(SERVER_VARIABLE) {
        return Server { url };
    }
    assert!(
        Path::new(PROGRAMS).join("initdb").exists(),
        "these tests run on PostgreSQL 15 too, and it is not installed; install it with: apt-get install postgresql-15"
    );
    let cluster = folder.join("postgres");
    let server = Server { url: format!("postgres://postgres@localhost/postgres?host={}", cluster.display()) };
    if server.connect().await.is_err() {
        let start = lock_file(folder, "start.lock");
        let _starting = tokio::task::spawn_blocking(move || {
            start.lock().expect("the right to start the cluster");
            start
        })
        .await
        .expect("the right to start the cluster");
        if server.connect().await.is_err() {
            start_cluster(folder, &cluster);
        }
    }
    server
}

impl Server {
    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnectOptions::from_str(&self.url)?.disable_statement_logging().connect().await
    }

    async fn run(&self, statement: String) -> Result<(), sqlx::Error> {
        let mut connection = self.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
        connection.close().await
    }

    /// Whether there is a database `name`.
    pub(super) async fn has(&self, name: &str) -> bool {
        let mut connection = self.connect().await.expect("the tests' PostgreSQL answers");
        let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(name)
            .fetch_optional(&mut connection)
            .await
            .expect("the list of databases");
        found.is_some()
    }

    /// Makes a database of its own name, as a copy of `template` or empty.
    pub(super) async fn create(&self, template: Option<&str>) -> Copy {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let source = template.map(|template| format!("TEMPLATE {template}")).unwrap_or_default();
        // A process that was killed may have left one, and its number may have been given again.
        self.run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await
            .expect("no such database before");
        self.run(format!("CREATE DATABASE {name} {source}")).await.expect("a database for the test");
        Copy { server: self.clone(), name }
    }

    /// Gives `copy` the name of a template; if another process was faster, its one serves.
    pub(super) async fn rename(&self, copy: Copy, template: &str) {
        if self.run(format!("ALTER DATABASE {} RENAME TO {template}", copy.name)).await.is_ok() {
            std::mem::forget(copy);
        }
    }
}

impl Copy {
    pub(super) fn url(&self) -> DatabaseUrl {
        let (before, query) = self.server.url.split_once('?').unwrap_or((&self.server.url, ""));
        let server = before.rsplit_once('/').map_or(before, |(server, _database)| server);
        DatabaseUrl::Postgres(format!("{server}/{}?{query}", self.name))
    }
}

impl Copy {
    /// The folders in which the server keeps this database and its write-ahead log, after writing out everything.
    pub(super) async fn folders(&self) -> Vec<PathBuf> {
        self.server.run("CHECKPOINT".to_owned()).await.expect("the server writes everything out");
        let mut connection = self.server.connect().await.expect("the tests' PostgreSQL answers");
        let found: (String, String) = sqlx::query_as(
            "SELECT current_setting('data_directory'), 'base/' || oid::text FROM pg_database WHERE datname = $1",
        )
        .bind(&self.name)
        .fetch_one(&mut connection)
        .await
        .expect("the server says where its files are");
        let (data, own) = found;
        vec![Path::new(&data).join(own), Path::new(&data).join("pg_wal")]
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // Dropping is not async, and the test's runtime may be ending: a thread with a runtime of its own does it.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                // A database that stays is dropped with the cluster.
                let _ = runtime.block_on(server.run(statement));
            }
        });
        let _ = dropping.join();
    }
}

fn start_cluster(folder: &Path, cluster: &Path) {
    let data = cluster.join("data");
    if data.exists() {
        let _ = as_server(&["pg_ctl", "-D", &data.to_string_lossy(), "-m", "immediate", "stop"]);
        std::fs::remove_dir_all(cluster).expect("the remains of a cluster are taken away");
    }
    std::fs::create_dir_all(cluster).expect("a folder for the cluster");
    if user_number() == 0 {
        let owned = Command::new("chown").arg("postgres").arg(cluster).status();
        assert!(
            owned.is_ok_and(|status| status.success()),
            "the cluster's folder could not be given to postgres"
        );
    }
    let (data, socket) = (data.to_string_lossy(), cluster.to_string_lossy());
    let log = cluster.join("log");
    run_as_server(&[
        "initdb",
        "-D",
        &data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    ]);
    let settings = format!("{SETTINGS} -c unix_socket_directories={socket}");
    run_as_server(&["pg_ctl", "-D", &data, "-w", "-l", &log.to_string_lossy(), "-o", &settings, "start"]);
    watch_cluster(folder, &data);
}

/// Starts a shell that stops the cluster, and takes everything away, once no test process has a share in it.
fn watch_cluster(folder: &Path, data: &str) {
    let stop = as_server_text(&["pg_ctl", "-D", data, "-m", "immediate", "stop"]);
    let script = format!(
        "while sleep 30; do exec 9>start.lock; flock 9; if flock -n users.lock true; then {stop}; rm -rf postgres templates; \
         exit; fi; exec 9>&-; done"
    );
    let watch = Command::new("sh")
        .args(["-c", "setsid sh -c \"$0\" &", &script])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(watch.is_ok_and(|status| status.success()), "nobody would stop the tests' PostgreSQL");
}

fn run_as_server(words: &[&str]) {
    let output = as_server(words);
    assert!(output.is_ok(), "the tests' PostgreSQL does not start: {}", output.err().unwrap_or_default());
}

/// Runs a program of the server as the user who may: PostgreSQL refuses to run as root.
fn as_server(words: &[&str]) -> Result<(), String> {
    // Its output must not go into the pipes of the test runner, which would wait for the server to close them.
    let folder = std::env::temp_dir();
    let errors = tempfile::NamedTempFile::new_in(folder).map_err(|error| error.to_string())?;
    let errors_file = errors.reopen().map_err(|error| error.to_string())?;
    let status = Command::new("sh")
        .args(["-c", &as_server_text(words)])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(errors_file)
        .status()
        .map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    Err(std::fs::read_to_string(errors.path()).unwrap_or_default())
}

fn as_server_text(words: &[&str]) -> String {
    let (program, arguments) = words.split_first().expect("a program");
    let quoted: Vec<String> = arguments.iter().map(|word| format!("'{word}'")).collect();
    let drop_rights = if user_number() == 0 { "runuser -u postgres -- " } else { "" };
    format!("{drop_rights}{PROGRAMS}/{program} {}", quoted.join(" "))
}

fn lock_file(folder: &Path, name: &str) -> File {
    File::options().create(true).truncate(false).write(true).open(folder.join(name)).expect("a lock file")
}

/// The number of the user who runs the tests.
fn user_number() -> u32 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").map_or(0, |process| process.uid())
}
