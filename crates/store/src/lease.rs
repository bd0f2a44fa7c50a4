//! Leases: one process at a time does a certain thing (number the journal, feed a listener, create persons).
//!
//! On SQLite a lease is a lock on a file beside the database, which the kernel frees when the process dies; on
//! PostgreSQL it is an advisory lock of a session of its own, which the server frees when the session ends. A lease on
//! PostgreSQL can be lost while its holder runs on (the connection broke), so what must never happen twice is guarded in
//! its transaction too: by a unique index, a version, or `Write::lock`.

use std::fs::File;
use std::path::PathBuf;

use crate::StoreError;
use crate::database::Database;
use crate::engine::Locks;

/// A lease that is held. Dropping it gives it back; `release` does so and waits for it.
#[must_use = "a lease that is dropped is given back"]
pub struct Lease {
    name: String,
    kept: Kept,
}

enum Kept {
    File(Option<(File, PathBuf)>),
    Session(Option<Database>),
}

/// Takes the lease `name` if nobody holds it, also no other caller in this process. A name is a few lower-case letters,
/// digits, dots and hyphens.
pub async fn try_take(database: &Database, name: &str) -> Result<Option<Lease>, StoreError> {
    let is_plain =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-_".contains(letter);
    if name.is_empty() || name.len() > 100 || !name.chars().all(is_plain) {
        return Err(StoreError::internal("a lease has a name that cannot be a file's"));
    }
    let kept = match database.engine().locks() {
        Locks::Files(folder) => {
            let path = folder.join(format!("{name}.lease"));
            let Some(file) = lock_file(&path)? else { return Ok(None) };
            Kept::File(Some((file, path)))
        }
        Locks::Session(session) => {
            if !session.try_take(name).await? {
                return Ok(None);
            }
            Kept::Session(Some(database.clone()))
        }
    };
    Ok(Some(Lease { name: name.to_owned(), kept }))
}

/// Takes away the files that dead holders of leases beginning with `prefix` left, for leases whose names are never used
/// again. (A server keeps nothing of a session that has ended.)
pub(crate) fn sweep(database: &Database, prefix: &str) -> Result<(), StoreError> {
    let Locks::Files(folder) = database.engine().locks() else { return Ok(()) };
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let is_one = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
        if is_one && let Some(file) = lock_file(&path)? {
            give_back_file(&mut Some((file, path)));
        }
    }
    Ok(())
}

impl Lease {
    /// Whether it is still held: a server may have ended the session.
    pub async fn is_held(&self) -> bool {
        match &self.kept {
            Kept::File(kept) => kept.is_some(),
            Kept::Session(Some(database)) => match database.engine().locks() {
                Locks::Session(session) => session.is_held(&self.name).await,
                Locks::Files(_) => false,
            },
            Kept::Session(None) => false,
        }
    }

    /// Gives the lease back; when this returns somebody else can have it.
    pub async fn release(mut self) {
        match &mut self.kept {
            Kept::File(kept) => give_back_file(kept),
            Kept::Session(kept) => {
                if let Some(database) = kept.take() {
                    give_back_session(&database, &self.name).await;
                }
            }
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        match &mut self.kept {
            Kept::File(kept) => give_back_file(kept),
            Kept::Session(kept) => {
                // Without a runtime the process is ending, and the session with it.
                if let (Some(database), Ok(runtime)) = (kept.take(), tokio::runtime::Handle::try_current()) {
                    let name = std::mem::take(&mut self.name);
                    runtime.spawn(async move { give_back_session(&database, &name).await });
                }
            }
        }
    }
}

async fn give_back_session(database: &Database, name: &str) {
    if let Locks::Session(session) = database.engine().locks() {
        session.give_back(name).await;
    }
}

/// Locks the file at `path`, made if need be. A file that its holder removed between opening and locking is no longer
/// the one that others would lock, so it is opened again.
fn lock_file(path: &PathBuf) -> Result<Option<File>, StoreError> {
    const ATTEMPTS_AT_MOST: usize = 16;
    for _attempt in 0..ATTEMPTS_AT_MOST {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
            Err(std::fs::TryLockError::Error(error)) => return Err(error.into()),
        }
        if is_at(&file, path)? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// Whether `file` is what stands at `path` now.
#[cfg(unix)]
fn is_at(file: &File, path: &PathBuf) -> Result<bool, StoreError> {
    use std::os::unix::fs::MetadataExt;
    let held = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(there) => Ok((held.dev(), held.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &PathBuf) -> Result<bool, StoreError> {
    Ok(true)
}

/// Removes the file while it is still locked, then frees it, so that files of dead workers do not pile up.
fn give_back_file(kept: &mut Option<(File, PathBuf)>) {
    if let Some((file, path)) = kept.take() {
        // A file that cannot be removed is locked again by the next holder; nothing is lost.
        let _ = std::fs::remove_file(path);
        drop(file);
    }
}
