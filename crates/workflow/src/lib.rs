//! Engine: what may happen to a matter, who may do it, by when, and what follows; and the forms that are filled on
//! the way. Workflows and forms are data (`programs/<program>/workflow.toml`, `forms.toml`).
//!
//! What belongs here: reading and checking those two files ([`Forms::parse`], [`Workflow::parse`]), reading and
//! scoring answers ([`Form`]), and deciding ([`decide`], [`tick`]).
//! What never belongs here: a clock, a database, a request, a person's name. The moment, the calendar and what is
//! known of the actor are arguments; what must be written down comes back as [`Effect`]s.

mod answers;
mod clock;
mod condition;
mod decide;
mod fault;
mod form;
mod holding;
mod model;
mod period;
mod refusal;
#[cfg(test)]
mod tests;

pub use answers::{Answer, Answers, FieldFault, Filled, LevelChoice, Score, ValueFault};
pub use clock::{Clock, Pause, tick};
pub use condition::{Child, Condition, FieldName, Known};
pub use decide::{
    Act, ActorFacts, Decision, Effect, Entered, HolderWanted, MatterState, decide, due_by, offers, open,
    pause_at_latest, regrade, steers, warnings,
};
pub use fault::WorkflowFault;
pub use form::{Field, FieldKind, Form, FormOption, Forms, Level, Scoring, Section};
pub use holding::{Arrival, Candidate, Hold};
pub use model::{
    AssignRule, Branch, Guard, Holder, Kind, Need, PauseRule, Run, Rung, Skip, Stage, StageAction, Warning,
    Who, Workflow,
};
pub use period::{Deadline, Period};
pub use refusal::Refusal;
