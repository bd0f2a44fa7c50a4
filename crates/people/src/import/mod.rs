//! What a delivery does: from the bytes of a file to published rows.
//!
//! The way of a row, file by file: `deliver` (the steps of a delivery) → [`crate::reading`] (bytes to typed rows) →
//! `readied` (keys and contents hashed) → `taken`, `merge` (what is new, changed, missing) → `apply` (batch by batch):
//! `lookups` (what the database knows) → `assign` (whose row it is) → `plan` (sealed and ready) → `write` → `publish`.

mod ahead;
mod apply;
mod assign;
mod deliver;
mod fit;
mod hands;
mod left;
mod lookups;
mod merge;
mod plan;
mod planning;
mod publish;
mod readied;
mod rehearse;
mod report;
mod run;
mod taken;
mod turn;
mod write;

pub use apply::{Applying, BATCH_ROWS};
pub use deliver::{FILE_BYTES_AT_MOST, File, ImportError, Importer, Options};
pub use hands::Hands;
pub(crate) use left::enqueue as enqueue_take_up;
pub use left::take_up_left;
pub use merge::{
    Current, Digest, HELD_ABOVE_PERCENT, Incoming, Joined, Step, in_order_of_file, merge, must_be_confirmed,
};
pub use plan::Evidence;
pub use publish::{DELIVERY_PUBLISHED, Published, RENEW_JOB, confirm_retirements, keep_rows, publish, renew};
pub use report::{ImportReport, Rejection};
pub use run::{run, run_described};
pub use taken::{Comparison, SealedSetAside, SetAsideRow, Taken, TakenRow};
pub use turn::Turn;

#[cfg(test)]
mod deliver_tests;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod repeatable;
#[cfg(test)]
pub(crate) mod tests;
