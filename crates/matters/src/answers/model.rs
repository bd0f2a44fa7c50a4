//! Answers as they are stored.

use base::{AccountId, Moment};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use workflow::{Answers, Filled};

/// The table, which is also what sealed answers are bound to.
pub(crate) const TABLE: &str = "answer";

/// The word of an answer that is still being written.
pub(crate) const DRAFT: &str = "draft";
/// The word of an answer that was handed in.
pub(crate) const HANDED_IN: &str = "handed_in";
/// The word of an answer that arrived when the matter had gone on: it lies beside those that moved it.
pub(crate) const LATE: &str = "late";

/// Answers that were handed in. They are never changed: handing a form in again adds another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// Its id.
    pub id: Uuid,
    /// Key of the form.
    pub form: String,
    /// The stage in which it was handed in.
    pub stage: String,
    /// The version of the program whose form it is.
    pub program_version: String,
    /// Who handed it in.
    pub account: Option<AccountId>,
    /// When.
    pub at: Moment,
    /// The answers with their score.
    pub filled: Filled,
    /// When it was written, by the writer's own clock, if it arrived after the matter had gone on.
    pub written: Option<Moment>,
}

/// What is sealed of answers that arrived late.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LateFilled {
    /// The answers.
    pub filled: Filled,
    /// When they were written.
    pub written: Moment,
}

/// Answers that are being written. A matter has one draft of each form, whoever writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Key of the form.
    pub form: String,
    /// Who wrote last.
    pub account: Option<AccountId>,
    /// When.
    pub at: Moment,
    /// Its version: what is handed back when it is saved again.
    pub version: i32,
    /// The answers so far.
    pub answers: Answers,
}
