//! How this installation is set up: one TOML file, outranked by the environment, outranked by the command line.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use store::DatabaseUrl;

use crate::tongue::say;

/// The file that is read where it exists.
const FILE: &str = "shouwang.toml";
/// The folder of database and keys where nothing else is said.
const DATA_FOLDER: &str = "shouwang-data";
/// Where `serve` listens where nothing else is said: this machine only.
const LISTEN: &str = "127.0.0.1:8080";

/// What the file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    data_dir: Option<PathBuf>,
    policy_dir: Option<PathBuf>,
    listen: Option<String>,
    behind_tls: Option<bool>,
    demo: Option<bool>,
}

/// The set-up in force.
#[derive(Debug)]
pub struct Configuration {
    /// The folder of database and keys.
    pub data_folder: PathBuf,
    /// A folder whose `programs`, `feeds` and `linkage` files stand in the place of the shipped ones of the same path.
    pub policy_folder: Option<PathBuf>,
    /// The address and port that `serve` listens on.
    pub listen: String,
    /// Whether a proxy in front serves it over TLS: cookies are then marked so, and the proxy's word on where a request
    /// comes from is taken.
    pub is_secure: bool,
    /// Whether the people in it are synthetic: pages say so, and the clock may be moved.
    pub is_demo: bool,
    database_url: Option<String>,
}

impl Configuration {
    /// Reads the file `named`, or `shouwang.toml` where it exists, then the environment; `data` outranks both.
    ///
    /// # Errors
    /// When a named file is not there, or a file is not what it should be: the error names file and line.
    pub fn read(named: Option<&Path>, data: Option<PathBuf>) -> Result<Self> {
        let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let file = match named {
            Some(path) => parse(path)?,
            None if Path::new(FILE).exists() => parse(Path::new(FILE))?,
            None => File::default(),
        };
        // A folder given on the command line is a whole installation: database and keys belong together.
        let database_url =
            if data.is_some() { None } else { environment("SHOUWANG_DATABASE_URL").or(file.database_url) };
        let data_folder = data
            .or_else(|| environment("SHOUWANG_DATA_DIR").map(PathBuf::from))
            .or(file.data_dir)
            .unwrap_or_else(|| PathBuf::from(DATA_FOLDER));
        let switch = |name: &str, said: Option<bool>| {
            environment(name).map_or(said.unwrap_or(false), |value| value == "1" || value == "true")
        };
        Ok(Self {
            data_folder,
            policy_folder: environment("SHOUWANG_POLICY_DIR").map(PathBuf::from).or(file.policy_dir),
            listen: environment("SHOUWANG_LISTEN").or(file.listen).unwrap_or_else(|| LISTEN.to_owned()),
            is_secure: switch("SHOUWANG_BEHIND_TLS", file.behind_tls),
            is_demo: switch("SHOUWANG_DEMO", file.demo),
            database_url,
        })
    }

    /// Whether there is an installation that this names: a database somebody has made. Of one on a server nobody can say
    /// without asking it.
    pub fn is_installed(&self) -> Result<bool> {
        Ok(match self.database_url()? {
            DatabaseUrl::Sqlite(path) => path.exists(),
            DatabaseUrl::Postgres(_) => true,
        })
    }

    /// Whether an address of the database was given.
    pub fn names_database(&self) -> bool {
        self.database_url.is_some()
    }

    /// Where the database is: as said, else an SQLite file in the data folder.
    ///
    /// # Errors
    /// When the address is neither `sqlite:…` nor `postgres:…`.
    pub fn database_url(&self) -> Result<DatabaseUrl> {
        match &self.database_url {
            Some(url) => url
                .parse()
                .with_context(|| say("SHOUWANG_DATABASE_URL 不可用", "SHOUWANG_DATABASE_URL is not usable")),
            None => Ok(DatabaseUrl::in_folder(&self.data_folder)),
        }
    }
}

fn parse(path: &Path) -> Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| {
        let path = path.display();
        say(format!("读不了配置文件 {path}"), format!("{path} cannot be read"))
    })?;
    toml::from_str(&text).with_context(|| {
        let path = path.display();
        say(format!("配置文件 {path} 不可用"), format!("{path} is not a usable configuration"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_setting_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shouwang.toml");
        std::fs::write(&path, "data_dir = \"here\"\ndatabse_url = \"sqlite:x\"\n").unwrap();
        let error = format!("{:#}", Configuration::read(Some(&path), None).unwrap_err());
        assert!(error.contains("databse_url") && error.contains("line 2"), "{error}");
    }

    #[test]
    fn a_folder_on_the_command_line_outranks_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shouwang.toml");
        std::fs::write(&path, "data_dir = \"here\"\ndatabase_url = \"postgres://nobody\"\n").unwrap();
        let configuration = Configuration::read(Some(&path), Some(PathBuf::from("there"))).unwrap();
        assert_eq!(configuration.data_folder, PathBuf::from("there"));
        assert!(configuration.database_url.is_none());
    }
}
