//! Whose turn it is to write people in bulk: one import or one renewal at a time, in all processes together.
//!
//! Both look people up, think, and write; what one writes makes vain what the other has thought. They therefore wait for
//! each other. Single acts (a decision of review) do not: an import that one of them overtook plans its batch again.

use std::sync::Arc;
use std::time::Duration;

use store::lease::{self, Lease};
use store::{Database, StoreError};

/// Whoever has the turn holds this lease.
const LEASE: &str = "people.import";
/// How long the turn is waited for.
const PATIENCE: Duration = Duration::from_mins(10);
const LOOK: Duration = Duration::from_millis(200);

/// The turn. It ends when the last of its clones is gone: an import that broke off keeps it until what it was planning
/// is done and forgotten.
#[derive(Clone)]
pub struct Turn(Arc<Lease>);

impl Turn {
    /// Waits for the turn.
    ///
    /// # Errors
    /// `Busy` when it does not come within ten minutes.
    pub async fn take(database: &Database) -> Result<Self, StoreError> {
        let tries = PATIENCE.as_millis() / LOOK.as_millis();
        for _try in 0..tries {
            if let Some(lease) = lease::try_take(database, LEASE).await? {
                return Ok(Self(Arc::new(lease)));
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(StoreError::Busy)
    }

    /// Ends the turn; when this returns and nobody else has a clone, others can have it.
    pub async fn end(self) {
        if let Some(lease) = Arc::into_inner(self.0) {
            lease.release().await;
        }
    }
}
