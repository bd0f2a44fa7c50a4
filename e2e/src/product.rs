//! The product as a process: started, asked, killed, and started again on the same data.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// The binary that is tried: `SHOUWANG_BINARY`, else the one beside this program's own folder.
///
/// # Errors
/// When it has not been built.
pub fn binary() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("SHOUWANG_BINARY") {
        return Ok(named.into());
    }
    let own = std::env::current_exe().context("this program does not know where it is")?;
    let found =
        own.ancestors().skip(1).take(2).map(|folder| folder.join("shouwang")).find(|path| path.is_file());
    found.context("build the product first: cargo build --package shouwang")
}

/// An installation of the product: its folder and database, and the running server if there is one.
#[derive(Debug)]
pub struct Product {
    binary: PathBuf,
    folder: PathBuf,
    database_url: String,
    port: u16,
    server: Option<Child>,
}

impl Product {
    /// An installation in `folder` on the database at `database_url`; nothing is started yet.
    ///
    /// # Errors
    /// When the product is not built, or no port is free.
    pub fn new(folder: &Path, database_url: &str) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = port.context("no port is free")?.port();
        Ok(Self {
            binary: binary()?,
            folder: folder.to_owned(),
            database_url: database_url.to_owned(),
            port,
            server: None,
        })
    }

    /// The folder with keys, logs and, on SQLite, the database.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of a path of the running product.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("SHOUWANG_DATA_DIR", &self.folder)
            .env("SHOUWANG_DATABASE_URL", &self.database_url)
            .env("SHOUWANG_LISTEN", format!("127.0.0.1:{}", self.port))
            // The clock can be moved where nothing is real.
            .env("SHOUWANG_DEMO", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs one command of the product to its end.
    ///
    /// # Errors
    /// When it does not start; a command that fails is an output like any other.
    pub async fn output(&self, arguments: &[&str]) -> Result<Output> {
        self.command(arguments)
            .output()
            .await
            .with_context(|| format!("shouwang {arguments:?} does not start"))
    }

    /// Runs one command of the product and returns what it printed.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub async fn say(&self, arguments: &[&str]) -> Result<String> {
        let output = self.output(arguments).await?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            bail!("shouwang {arguments:?} ended with {}: {said}", output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts the server and waits until it is ready. What it logs is added to `server.log` in the folder.
    ///
    /// # Errors
    /// When it ends or is not ready within a minute.
    pub async fn serve(&mut self) -> Result<()> {
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("server.log"))?;
        let mut command = self.command(&["serve"]);
        command.stdout(log.try_clone()?).stderr(log);
        self.server = Some(command.spawn().context("shouwang serve does not start")?);
        let began = Instant::now();
        while began.elapsed() < Duration::from_mins(1) {
            if self.is_ready().await {
                return Ok(());
            }
            if let Some(status) = self.server.as_mut().map(Child::try_wait).transpose()?.flatten() {
                let said = std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
                bail!("shouwang serve ended with {status}: {said}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("shouwang serve is not ready after a minute")
    }

    async fn is_ready(&self) -> bool {
        self.get("/readyz").await.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// What the server answers to a bare GET: head and body.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Ends the server as a power cut would: `kill -9`, no warning.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&mut self) -> Result<()> {
        let mut server = self.server.take().context("the server does not run")?;
        server.kill().await.context("the server cannot be killed")
    }
}
