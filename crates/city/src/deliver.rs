//! Handing the departments' files in: through the same import as anybody's, and kept with whose rows they hold.

use std::path::Path;

use access::Actor;
use base::{AreaPath, Day};
use people::People;
use people::import::{File, ImportError, ImportReport, Options};
use web::{App, Language};

use crate::files::{DepartmentFile, Feed, FileError, FileRow};
use crate::lives::City;

/// A file that was handed in.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// The feed.
    pub feed: &'static str,
    /// What became of its rows, with the delivery's id.
    pub report: ImportReport,
    /// Whose rows they are.
    pub rows: Vec<FileRow>,
}

/// A file was not handed in.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// It cannot be made.
    #[error(transparent)]
    File(#[from] FileError),
    /// It cannot be written to the folder, or the folder not be made.
    #[error("{path} cannot be written")]
    Write {
        /// The file or folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The import refuses it.
    #[error("the file {name} was not taken in")]
    Import {
        /// The file.
        name: String,
        /// Why.
        source: ImportError,
    },
}

/// Makes what `feed`'s department would send on `day` of those who live within an area, puts it into `folder`, and takes it in on behalf of `clerk`.
///
/// # Errors
/// When the file cannot be made, written, or taken in as a whole.
pub async fn deliver(
    app: &App,
    people: &People,
    clerk: &Actor,
    city: &City,
    (feed, day, within): (Feed, Day, AreaPath),
    folder: &Path,
) -> Result<(Delivered, DepartmentFile), DeliverError> {
    let file = feed.export(city, &app.areas, day, within)?;
    write(folder, &file.name, &file.bytes)?;
    let options = Options { dry_run: false, language: Language::Chinese };
    let handed = File { name: &file.name, bytes: &file.bytes };
    let report = people::import::run(people, app, clerk, feed.key(), handed, options)
        .await
        .map_err(|source| DeliverError::Import { name: file.name.clone(), source })?;
    let delivered = Delivered { feed: feed.key(), report, rows: file.rows.clone() };
    Ok((delivered, file))
}

/// Writes `bytes` into `folder`, which is made where it is not there.
///
/// # Errors
/// As the file system.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), DeliverError> {
    let failed = |path: &Path, source| DeliverError::Write { path: path.display().to_string(), source };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(|error| failed(&path, error))
}
