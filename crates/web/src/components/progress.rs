//! Stages as steps, history as a timeline.

use askama::Template;

use super::prints_itself;
use super::status::Tone;

/// The stages of a matter, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/steps.html")]
pub struct Steps {
    /// What the list is of, for readers who cannot see it: 个案阶段.
    pub label: String,
    /// The stages.
    pub steps: Vec<Step>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// What stands below: when it was done, when it is due.
    pub note: String,
    /// How far it is.
    pub state: StepState,
    /// Where it leads, if it can be opened.
    pub href: Option<String>,
}

/// How far a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// Being done.
    Now,
    /// Being done, and its deadline is near or past.
    NowSoon,
    /// To come.
    Ahead,
    /// Passed over.
    Skipped,
}

impl StepState {
    fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now | Self::NowSoon => "active",
            Self::Ahead => "ahead",
            Self::Skipped => "skipped",
        }
    }

    fn is_now(self) -> bool {
        matches!(self, Self::Now | Self::NowSoon)
    }
}

/// What happened, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    /// The entries.
    pub entries: Vec<TimelineEntry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When: 07:16 or 11-05.
    pub when: String,
    /// Icon, if the timeline has them.
    pub icon: Option<&'static str>,
    /// Its colour; `Info` is the usual one.
    pub tone: Tone,
    /// What happened.
    pub title: String,
    /// Who, and what else.
    pub detail: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Whether it is still to come.
    pub is_ahead: bool,
}

prints_itself!(Steps, Timeline);
