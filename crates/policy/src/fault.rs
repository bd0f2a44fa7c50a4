//! What is wrong with the files of an installation.

use linkage::ModelFault;
use rules::Fault;
use workflow::WorkflowFault;

/// One fault of one file, told so that whoever changed the file can mend it: `programs/minors/rules.toml:12: …`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}: {message}. {mend}.")]
pub struct PolicyFault {
    /// The file, from the root of the shipped files or of the folder that overrides them.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it, without a full stop.
    pub mend: String,
}

impl PolicyFault {
    /// A fault that an engine found, in the file in which it found it.
    pub(crate) fn of(file: &str, fault: Fault) -> Self {
        Self { file: file.to_owned(), line: fault.line, message: fault.message, mend: fault.mend }
    }

    /// A fault that the workflow engine found.
    pub(crate) fn of_workflow(file: &str, fault: WorkflowFault) -> Self {
        let line = u32::try_from(fault.line).unwrap_or(u32::MAX);
        Self { file: file.to_owned(), line, message: fault.message, mend: fault.mend }
    }

    /// A fault that the linkage engine found.
    pub(crate) fn of_linkage(file: &str, fault: ModelFault) -> Self {
        let line = u32::try_from(fault.line).unwrap_or(u32::MAX);
        Self { file: file.to_owned(), line, message: fault.message, mend: fault.mend }
    }

    /// A fault of a file as a whole.
    pub(crate) fn of_file(file: &str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, message: message.into(), mend: mend.into() }
    }
}
