//! Matters, tasks, clocks, forms, referrals, attachments and the inbox: workflow at run time.
//!
//! What belongs here: whatever is handled, whichever program it is of: opening it, who holds it, what may be done with
//! it and by when (the `workflow` crate decides, this one carries out), the answers to its forms, its attachments, who is
//! told, and its timeline. What never belongs here: what a lead, a case or a visit *is*; that is the program's workflow,
//! and what a program does beside it hangs on as a [`Consequence`].
//!
//! The way of an act: [`Matters::look_up`] gives the matter and a token under the actor's scope, [`Matters::offers`] what
//! can be done, and [`Matters::act`] does it in the caller's transaction: decision, answers, tasks, notices, journal and
//! what follows are saved together or not at all.

pub mod answers;
pub mod attachments;
mod error;
pub mod forms;
pub mod inbox;
pub mod matter;
mod module;
pub mod notices;
pub mod panel;
pub mod receipts;
pub mod referrals;
mod schema;
mod service;
pub mod timeline;
pub mod versions;

pub use error::MatterError;
pub use matter::{
    Acted, Acting, Arrived, Assigning, HeldOnce, Late, Matter, MatterToken, MatterWords, NewMatter, Offer,
    Pausing, Phase, TaskKind, Ticked, TimeLeft,
};
pub use module::{TICK_JOB, module};
pub use schema::migrations;
pub use service::{Consequence, Follow, KindPage, Matters, SayLines, ShowAgain};
