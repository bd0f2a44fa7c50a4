//! Screening (M2): who is to be looked at, by the rules of the program, with the reasons.
//!
//! What belongs here: hearing that people's rows changed, asking the rules, and opening, joining or marking leads. What
//! never belongs here: what is done with a lead once it is open; that is `leads`.
//!
//! The way of a delivery: the journal says that it is published → a job for it is enqueued → `gather` makes facts of what
//! people know → `rules` give points and level → `decide` compares with what was decided before → `place` finds the
//! community of a lead where the child's own address names none → `service` opens, joins, marks or notes, and keeps why.
//! Whom no row touches, and yet days or new rules concern, the `round` reaches.

mod decide;
mod gather;
mod jobs;
pub(crate) mod kinship;
mod model;
mod place;
pub mod repo;
mod round;
mod service;

pub use decide::{OpenLead, Standing, Step, decide};
pub use jobs::{SCREEN_JOB, ScreenJob, jobs, listeners};
pub use model::{
    Explanation, Found, Ground, LeadDetail, LeadIndicator, Outcome, Reason, Retired, ScreeningRecord, element,
};
pub use place::{Placed, PlacedBy, place};
pub(crate) use repo::grounds;
pub use round::{ROUND_JOB, begin_round};
pub use service::{Cause, Screened, Screener};
pub(crate) use service::{DISMISSED, DISPATCH_STAGE};

#[cfg(test)]
mod tests;
