//! `cargo xtask assets`: styles, scripts and icons, from npm packages with a lock file into `crates/web/dist`.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::run::{command, finish, workspace};

/// Builds `crates/web/dist`, unless it is newer than everything that it is made of.
///
/// # Errors
/// When npm or node fail, or a page names an icon that does not exist: the error is what they said.
pub fn build() -> Result<()> {
    let folder = workspace().join("crates/web/assets");
    let manifest = workspace().join("crates/web/dist/manifest.json");
    if newest_source(&workspace().join("crates"))? < changed(&manifest) {
        return Ok(());
    }
    println!("Building styles, scripts and icons.");
    let installed = folder.join("node_modules/.package-lock.json");
    if changed(&installed) < changed(&folder.join("package-lock.json")) {
        finish(command("npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder))?;
    }
    finish(command("node", &["build.mjs"]).current_dir(&folder))
}

/// When `path` was changed; a file that is not there is older than any.
fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// When the newest source below `folder` that can name a class or an icon was changed.
fn newest_source(folder: &Path) -> Result<Option<SystemTime>> {
    let mut newest = None;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("could not read {}", folder.display()))? {
            let path = entry.context("could not read a folder's entry")?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                if !["node_modules", "dist", "target"].contains(&name) {
                    folders.push(path);
                }
            } else if [".rs", ".html", ".js", ".mjs", ".css", ".json"].iter().any(|end| name.ends_with(end)) {
                newest = newest.max(changed(&path));
            }
        }
    }
    Ok(newest)
}
