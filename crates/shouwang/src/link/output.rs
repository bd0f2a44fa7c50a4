//! Files that are written as a whole or not at all: under another name first, which is changed at the end. Whatever ends
//! the run before that takes the unfinished ones away.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};

/// The unfinished files of this process.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Writes `content` to `path`, as a whole or not at all.
pub fn write(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<()> {
    let what = || format!("{} cannot be written", path.display());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = path.with_file_name(format!(".{name}.{}.unfinished", std::process::id()));
    let written = (|| {
        let file = File::create(&unfinished)?;
        unfinished_files(|files| files.push(unfinished.clone()));
        let mut out = BufWriter::new(file);
        content(&mut out)?;
        out.flush()?;
        drop(out);
        std::fs::rename(&unfinished, path)?;
        Ok::<(), anyhow::Error>(())
    })();
    if written.is_err() {
        // It may not have been made at all.
        let _removed = std::fs::remove_file(&unfinished);
    }
    unfinished_files(|files| files.retain(|file| *file != unfinished));
    written.with_context(what)
}

fn unfinished_files<T>(act: impl FnOnce(&mut Vec<PathBuf>) -> T) -> T {
    act(&mut UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Takes the unfinished files away and ends the process.
pub fn give_up(code: i32) -> ! {
    unfinished_files(|files| {
        for file in files.drain(..) {
            let _removed = std::fs::remove_file(file);
        }
    });
    std::process::exit(code)
}
