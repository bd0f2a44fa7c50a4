//! The timeline of a matter: what the journal says of it, with the answers that were handed in, in the words of its
//! workflow.

mod entry;
mod service;

pub(crate) use entry::TAKEN_BACK;
pub use entry::{Entry, What};
pub use service::{Climb, PAGE_AT_MOST};
