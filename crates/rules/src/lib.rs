//! Engine: dated parameters and screening rules: parse, check, evaluate, explain.
//!
//! What belongs here: how a file of a program is read with the line of every fault (`document`), the warrant that
//! every parameter carries (`dated`), and the points table by which people are screened. What never belongs here: a
//! database, a clock, the meaning of one program's rules, which are data in `programs/`.

pub mod dated;
pub mod document;

pub use dated::Dated;
pub use document::Fault;
