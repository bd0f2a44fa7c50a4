//! All files of an installation as one checked whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use linkage::Model;

use crate::feeds::Feed;
use crate::{Files, PolicyFault, Program};

/// The model, by the name of its file, that links rows to people.
const PERSON_MODEL: &str = "cn-person";

/// The programs, feeds and linkage model of an installation. Made once, at start; never changed while the installation
/// runs.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    present: BTreeMap<String, Program>,
    feeds: BTreeMap<String, Feed>,
    models: BTreeMap<String, Model>,
    earlier: BTreeMap<(String, String), Program>,
}

impl Programs {
    /// Reads the files in the binary, each replaced by the file of the same path below `override_folder`.
    ///
    /// # Errors
    /// Every fault of every file, in the order of files and lines.
    pub fn load(override_folder: Option<&Path>) -> Result<Self, Vec<PolicyFault>> {
        let files = Files::shipped()?;
        match override_folder {
            Some(folder) => Self::read(&files.overridden_by(folder)?),
            None => Self::read(&files),
        }
    }

    /// Reads the given files.
    ///
    /// # Errors
    /// Every fault of every file, in the order of files and lines.
    pub fn read(files: &Files) -> Result<Self, Vec<PolicyFault>> {
        let mut faults = Vec::new();
        let mut programs = BTreeMap::new();
        for key in files.folders_in("programs") {
            let folder = format!("programs/{key}");
            let texts = files.in_folder(&folder).map(|(name, text)| (name.to_owned(), text.to_owned()));
            match Program::read(&key, texts.collect()) {
                Ok(program) => {
                    programs.insert(key, program);
                }
                Err(of_program) => faults.extend(of_program),
            }
        }
        let feeds = read_feeds(files, &mut faults);
        let models = read_models(files, &mut faults);
        for program in programs.values() {
            check_indicators(program, &feeds, &mut faults);
        }
        faults.sort();
        if faults.is_empty() {
            Ok(Self { present: programs, feeds, models, earlier: BTreeMap::new() })
        } else {
            Err(faults)
        }
    }

    /// The program with this key, in the version of the files.
    pub fn program(&self, key: &str) -> Option<&Program> {
        self.present.get(key)
    }

    /// All programs in the version of the files, by their keys.
    pub fn all(&self) -> impl Iterator<Item = &Program> {
        self.present.values()
    }

    /// The feed with this key.
    pub fn feed(&self, key: &str) -> Option<&Feed> {
        self.feeds.get(key)
    }

    /// All feeds, by their keys.
    pub fn feeds(&self) -> impl Iterator<Item = &Feed> {
        self.feeds.values()
    }

    /// The model by which rows are linked to people, if the files have it.
    pub fn linkage_model(&self) -> Option<&Model> {
        self.models.get(PERSON_MODEL)
    }

    /// Adds an earlier version, so that what was made under it can finish under it.
    pub fn add_earlier(&mut self, program: Program) {
        self.earlier.insert((program.key.clone(), program.version.clone()), program);
    }

    /// The program with this key in this version: that of the files, or one that was added.
    pub fn version(&self, key: &str, version: &str) -> Option<&Program> {
        let present = self.present.get(key).filter(|program| program.version == version);
        present.or_else(|| self.earlier.get(&(key.to_owned(), version.to_owned())))
    }
}

/// Reads all models of linkage, by the names of their files.
fn read_models(files: &Files, faults: &mut Vec<PolicyFault>) -> BTreeMap<String, Model> {
    let mut models = BTreeMap::new();
    for (name, text) in files.in_folder("linkage") {
        let path = format!("linkage/{name}");
        match Model::parse(text) {
            Ok(model) => {
                models.insert(name.trim_end_matches(".toml").to_owned(), model);
            }
            Err(of_model) => {
                faults.extend(of_model.into_iter().map(|fault| PolicyFault::of_linkage(&path, fault)));
            }
        }
    }
    models
}

/// Every indicator that rules use is yielded by some feed, and carries a number there if they ask for one: a rule on a
/// misspelt indicator would never count, and nobody would notice. Asked only when every feed could be read.
fn check_indicators(program: &Program, feeds: &BTreeMap<String, Feed>, faults: &mut Vec<PolicyFault>) {
    if faults.iter().any(|fault| fault.file.starts_with("feeds/")) {
        return;
    }
    let yielded = || feeds.values().flat_map(|feed| &feed.indicators);
    for declared in &program.rules.indicators {
        let mut of_kind = yielded().filter(|rule| rule.kind == declared.kind).peekable();
        let fault = if of_kind.peek().is_none() {
            let known: BTreeSet<&str> = yielded().map(|rule| rule.kind.as_str()).collect();
            let mend =
                format!("Use one that a feed yields: {}", known.into_iter().collect::<Vec<_>>().join(", "));
            (format!("no feed yields the indicator `{}`", declared.kind), mend)
        } else if declared.number && of_kind.all(|rule| rule.number.is_none()) {
            let mend =
                "Remove `number = true`, or name the `number` of the [[indicator]] in the feed".to_owned();
            (format!("no feed gives the indicator `{}` a number", declared.kind), mend)
        } else {
            continue;
        };
        faults.push(PolicyFault {
            file: format!("programs/{}/rules.toml", program.key),
            line: declared.line,
            message: fault.0,
            mend: fault.1,
        });
    }
}

/// Reads all feeds. A feed is called as its file is.
fn read_feeds(files: &Files, faults: &mut Vec<PolicyFault>) -> BTreeMap<String, Feed> {
    let mut feeds = BTreeMap::new();
    for (name, text) in files.in_folder("feeds") {
        let path = format!("feeds/{name}");
        match Feed::parse(text) {
            Ok(feed) if name.strip_suffix(".toml") == Some(feed.key.as_str()) => {
                feeds.insert(feed.key.clone(), feed);
            }
            Ok(feed) => {
                let message = format!("the feed is called `{}` and its file `{name}`", feed.key);
                faults.push(PolicyFault::of_file(&path, message, "Give both the same name"));
            }
            Err(of_feed) => faults.extend(of_feed.into_iter().map(|fault| PolicyFault::of(&path, fault))),
        }
    }
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_feeds_are_found_by_their_keys() {
        let programs = Programs::load(None).unwrap();
        assert_eq!(
            programs.feeds().map(|feed| feed.key.as_str()).collect::<Vec<_>>(),
            ["disabled", "grid", "school"]
        );
        assert!(programs.feed("grid").is_some() && programs.feed("hospital").is_none());
        assert!(programs.linkage_model().is_some());
    }

    #[test]
    fn a_rule_on_an_indicator_that_no_feed_yields_is_told_with_its_line() {
        let shipped = Files::shipped().unwrap();
        let rules = shipped.get("programs/minors/rules.toml").unwrap();
        let wrong = rules.replace("\"orphan\"", "\"orfan\"").replace("key = \"orfan\"", "key = \"orphan\"");
        let line = wrong.lines().position(|line| line == "kind = \"orfan\"").unwrap() + 1;
        let faults = Programs::read(&shipped.with("programs/minors/rules.toml", wrong)).unwrap_err();
        let told: Vec<_> = faults.iter().map(|fault| (fault.line as usize, fault.message.as_str())).collect();
        assert_eq!(told, [(line, "no feed yields the indicator `orfan`")]);
    }

    #[test]
    fn a_folder_overrides_one_file_and_the_faults_of_all_files_are_told_together() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("programs/minors/program.toml", "key = \"minors\"\nversion = \"a b\"\n"),
            ("feeds/grid.toml", "key = \"grid\"\n"),
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let faults = Programs::load(Some(folder.path())).unwrap_err();
        assert!(faults.iter().any(|fault| fault.file == "feeds/grid.toml"));
        let of_program: Vec<_> =
            faults.iter().filter(|fault| fault.file == "programs/minors/program.toml").collect();
        let told: Vec<_> = of_program.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
        assert_eq!(
            told,
            [
                (1, "the file has no `from`"),
                (1, "the file has no `label`"),
                (1, "the file has no `source`"),
                (2, "`a b` is no version"),
            ]
        );
    }
}
