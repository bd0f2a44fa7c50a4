//! All files of an installation as one checked whole.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Files, PolicyFault, Program};

/// The programs, feeds and linkage model of an installation. Made once, at start; never changed while the installation
/// runs.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    programs: BTreeMap<String, Program>,
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
        faults.sort();
        if faults.is_empty() { Ok(Self { programs, earlier: BTreeMap::new() }) } else { Err(faults) }
    }

    /// The program with this key, in the version of the files.
    pub fn program(&self, key: &str) -> Option<&Program> {
        self.programs.get(key)
    }

    /// All programs in the version of the files, by their keys.
    pub fn all(&self) -> impl Iterator<Item = &Program> {
        self.programs.values()
    }

    /// Adds an earlier version, so that what was made under it can finish under it.
    pub fn add_earlier(&mut self, program: Program) {
        self.earlier.insert((program.key.clone(), program.version.clone()), program);
    }

    /// The program with this key in this version: that of the files, or one that was added.
    pub fn version(&self, key: &str, version: &str) -> Option<&Program> {
        let present = self.programs.get(key).filter(|program| program.version == version);
        present.or_else(|| self.earlier.get(&(key.to_owned(), version.to_owned())))
    }
}
