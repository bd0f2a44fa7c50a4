//! The files of an installation: those in the binary, each replaced by the file of the same name in the override folder.

use std::collections::BTreeMap;
use std::path::Path;

use rust_embed::RustEmbed;

use crate::PolicyFault;

/// The most files that an override folder may hold; a folder with more is some other folder.
const MAXIMUM_OVERRIDES: usize = 500;

/// The folders that are read, and how deep their files lie below them.
const FOLDERS: [(&str, usize); 3] = [("programs", 2), ("feeds", 1), ("linkage", 1)];

#[derive(RustEmbed)]
#[folder = "../../programs"]
#[prefix = "programs/"]
#[include = "*.toml"]
struct ShippedPrograms;

#[derive(RustEmbed)]
#[folder = "../../feeds"]
#[prefix = "feeds/"]
#[include = "*.toml"]
struct ShippedFeeds;

#[derive(RustEmbed)]
#[folder = "../../linkage"]
#[prefix = "linkage/"]
#[include = "*.toml"]
struct ShippedLinkage;

/// Texts of TOML files by their path, which uses `/`: `programs/minors/rules.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// The files in the binary.
    ///
    /// # Errors
    /// Files that are not UTF-8.
    pub fn shipped() -> Result<Self, Vec<PolicyFault>> {
        let mut files = Self::default();
        let mut faults = Vec::new();
        for (path, bytes) in embedded::<ShippedPrograms>()
            .chain(embedded::<ShippedFeeds>())
            .chain(embedded::<ShippedLinkage>())
        {
            files.add(path, bytes, &mut faults);
        }
        if faults.is_empty() { Ok(files) } else { Err(faults) }
    }

    /// These files, each replaced by the file of the same path below `folder`; what is new there is added.
    ///
    /// # Errors
    /// A folder that cannot be read, and files in it that cannot be read or that nothing reads, since a file under a
    /// misspelt name would otherwise be ignored in silence.
    pub fn overridden_by(mut self, folder: &Path) -> Result<Self, Vec<PolicyFault>> {
        let mut faults = Vec::new();
        let mut found = Vec::new();
        walk(folder, String::new(), 3, &mut found, &mut faults);
        if found.len() > MAXIMUM_OVERRIDES {
            let message = format!("the folder holds more than {MAXIMUM_OVERRIDES} files");
            faults.push(PolicyFault::of_file(
                ".",
                message,
                "Name the folder that holds `programs`, `feeds` and `linkage`",
            ));
            return Err(faults);
        }
        for path in found {
            match std::fs::read(folder.join(&path)) {
                Ok(bytes) => self.add(path, bytes, &mut faults),
                Err(error) => faults.push(unreadable(&path, &error)),
            }
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// Adds or replaces one file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.insert(path.into(), text.into());
        self
    }

    /// The text of the file at `path`.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// The names and texts of the files that lie in `folder` itself, in the order of their names.
    pub fn in_folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(path, text)| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?;
            (!name.contains('/')).then_some((name, text.as_str()))
        })
    }

    /// The names of the folders that lie in `folder`.
    pub fn folders_in(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .0
            .keys()
            .filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/')?.split_once('/'))
            .map(|(name, _)| name.to_owned())
            .collect();
        names.dedup();
        names
    }

    fn add(&mut self, path: String, bytes: Vec<u8>, faults: &mut Vec<PolicyFault>) {
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.0.insert(path, text);
            }
            Err(error) => {
                let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let line = before.split(|byte| *byte == b'\n').count();
                faults.push(PolicyFault {
                    file: path,
                    line: u32::try_from(line).unwrap_or(u32::MAX),
                    message: "this is not UTF-8".to_owned(),
                    mend: "Save the file as UTF-8".to_owned(),
                });
            }
        }
    }
}

fn embedded<E: RustEmbed>() -> impl Iterator<Item = (String, Vec<u8>)> {
    E::iter().filter_map(|path| E::get(&path).map(|file| (path.to_string(), file.data.into_owned())))
}

/// Collects the TOML files below `folder`, `depth` levels down at most.
fn walk(folder: &Path, prefix: String, depth: usize, found: &mut Vec<String>, faults: &mut Vec<PolicyFault>) {
    let entries = match std::fs::read_dir(folder.join(&prefix)) {
        Ok(entries) => entries,
        Err(error) => {
            faults.push(unreadable(if prefix.is_empty() { "." } else { &prefix }, &error));
            return;
        }
    };
    for entry in entries.flatten() {
        if found.len() > MAXIMUM_OVERRIDES {
            return;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth > 1 {
            walk(folder, path, depth - 1, found, faults);
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "toml") {
            if is_read(&path) {
                found.push(path);
            } else {
                let mend =
                    "Put it at `programs/<program>/`, `feeds/` or `linkage/`, or take it out of the folder";
                faults.push(PolicyFault::of_file(&path, "nothing reads a file at this place", mend));
            }
        }
    }
}

/// Whether a file at `path` is read at all.
fn is_read(path: &str) -> bool {
    let folders = path.matches('/').count();
    FOLDERS.iter().any(|(folder, depth)| {
        folders == *depth && path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    })
}

fn unreadable(path: &str, error: &std::io::Error) -> PolicyFault {
    let message = format!("this cannot be read: {}", error.kind());
    PolicyFault::of_file(
        path,
        message,
        "Check that it exists and may be read, or start without the override folder",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_folder_replaces_one_and_leaves_the_others() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("programs/minors")).unwrap();
        std::fs::write(folder.path().join("programs/minors/rules.toml"), "# ours").unwrap();
        std::fs::write(folder.path().join("README.txt"), "not ours to read").unwrap();
        let shipped = Files::default()
            .with("programs/minors/rules.toml", "# shipped")
            .with("feeds/grid.toml", "# grid");
        let files = shipped.overridden_by(folder.path()).unwrap();
        assert_eq!(files.get("programs/minors/rules.toml"), Some("# ours"));
        assert_eq!(files.get("feeds/grid.toml"), Some("# grid"));
    }

    #[test]
    fn what_nothing_reads_and_what_is_not_utf8_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("programs/minors")).unwrap();
        std::fs::create_dir_all(folder.path().join("feed")).unwrap();
        std::fs::write(folder.path().join("programs/minors/rules.toml"), b"# a\n# \xff\n").unwrap();
        std::fs::write(folder.path().join("feed/grid.toml"), "").unwrap();
        let mut faults = Files::default().overridden_by(folder.path()).unwrap_err();
        faults.sort();
        let told: Vec<_> = faults.iter().map(|fault| (fault.file.as_str(), fault.line)).collect();
        assert_eq!(told, [("feed/grid.toml", 1), ("programs/minors/rules.toml", 2)]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let missing = tempfile::tempdir().unwrap().path().join("missing");
        assert_eq!(Files::default().overridden_by(&missing).unwrap_err().len(), 1);
    }

    #[test]
    fn folders_and_their_files_are_told_apart() {
        let files = Files::default()
            .with("programs/a/x.toml", "")
            .with("programs/b/y.toml", "")
            .with("feeds/z.toml", "");
        assert_eq!(files.folders_in("programs"), ["a", "b"]);
        assert_eq!(files.in_folder("programs/a").collect::<Vec<_>>(), [("x.toml", "")]);
        assert_eq!(files.in_folder("feeds").count(), 1);
    }
}
