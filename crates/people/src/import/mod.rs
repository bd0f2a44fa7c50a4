//! What a delivery does: from the bytes of a file to published rows, in the order of the files named here.

mod merge;
mod report;

pub use merge::{Counts, Current, Digest, Incoming, Step, batch_end, merge, must_be_confirmed};
pub use report::{ImportReport, Rejection};
