//! Engine: dated parameters and screening rules: parse, check, evaluate, explain.
//!
//! What belongs here: how a file of a program is read with the line of every fault (`document`), the warrant that
//! every parameter carries (`dated`), and the points table by which people are screened. What never belongs here: a
//! database, a clock, the meaning of one program's rules, which are data in `programs/`.

//!
//! The path of a rule: its text (`syntax`, the only module that knows CEL's parser) → checked and lowered to a typed
//! program (`check`, `program`) → asked of a person's facts (`evaluate`) → points, level and reasons (`screening`).

mod check;
pub mod dated;
pub mod document;
mod evaluate;
mod facts;
mod program;
mod ruleset;
mod screening;
mod syntax;

pub use dated::Dated;
pub use document::Fault;
pub use document::Fault as RuleFault;
pub use facts::{Bearer, Facts, Household, IndicatorFact};
pub use ruleset::{DeclaredFact, DeclaredIndicator, Rule, Ruleset, Threshold};
pub use screening::{Grade, Hit, InForce, Screening, UsedIndicator, evaluate};
