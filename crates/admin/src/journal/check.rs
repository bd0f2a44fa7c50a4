//! Whether the journal is whole: for the page and for the command.

use base::Moment;
use store::journal::{self, Head, Verdict};
use store::{Read, StoreError};

/// Tables of which no row comes about without an entry: where one of them is not empty, neither is the journal.
const WITNESSES: [&str; 4] = ["account", "delivery", "person", "matter"];

/// Follows the chain of the journal. `kept` are heads that were kept elsewhere.
pub async fn verify_journal(read: &Read, machine_now: Moment, kept: &[Head]) -> Result<Verdict, StoreError> {
    journal::verify(read, machine_now, kept, &WITNESSES).await
}
