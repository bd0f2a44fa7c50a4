//! Reads and checks programs, feeds and linkage models at start: dated, versioned, hashed.
//!
//! What belongs here: the files under `programs/`, `feeds/` and `linkage/` as one checked whole ([`Programs`]), and the
//! types of those that belong to no engine (roles, routing, dictionary). The shipped files are in the binary; a folder of
//! the installation replaces single ones. What never belongs here: what a rule or a step of a workflow *means*, which is
//! the engines' to say, and the database, which is handed [`ProgramVersion`]s to keep.

mod dictionary;
mod fault;
pub mod feeds;
mod files;
mod program;
mod programs;
mod roles;
mod routing;

pub use base::{Label, Severity};
pub use dictionary::{Dictionary, VisitPlan, Word, WordList};
pub use fault::PolicyFault;
pub use feeds::Feed;
pub use files::Files;
pub use program::{Program, ProgramVersion};
pub use programs::Programs;
pub use roles::{Grant, Right, Role, Roles};
pub use routing::{
    Department, Dispatch, Duty, DutyClass, EmergencyNumber, PlaceBy, ResponsibilityList, Routing,
};
pub use rules::Dated;
