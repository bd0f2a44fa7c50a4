//! What every handler, job and listener is handed: the database, the clocks, randomness, and the data that was read at
//! start. Nothing else: what a module keeps for itself it hands to its own pages as an extension.

use std::sync::Arc;

use access::{Actor, Roles};
use base::{Entropy, Moment, OperationId, SharedClock};
use policy::Programs;
use store::{Database, Operation, StoreError, Write};

use crate::areas::Areas;

/// The application. Cheap to clone; axum's state.
#[derive(Clone)]
pub struct App {
    /// The database with its keys.
    pub database: Database,
    /// The office's clock: what deadlines, ages and entries go by. A demo may move it forward.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: Entropy,
    /// The programs, feeds and models that were read at start.
    pub programs: Arc<Programs>,
    /// The roles of all programs together.
    pub roles: Arc<Roles>,
    /// The areas of the city.
    pub areas: Areas,
    /// How this installation is set up.
    pub site: Arc<Site>,
}

/// How this installation is set up, as far as pages must know it.
#[derive(Debug, Clone)]
pub struct Site {
    /// The people in it are synthetic: every page says so, and the demo's own pages are open.
    pub is_demo: bool,
    /// Served over TLS (by a proxy in front): cookies are then marked `Secure`.
    pub is_secure: bool,
}

impl App {
    /// The office's time.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// An operation of `actor`'s now, outside of a request.
    pub fn operation(&self, actor: &Actor, name: &'static str) -> Operation {
        let at = self.now();
        Operation { id: OperationId(self.entropy.uuid(at)), name, actor: actor.reference(), at }
    }

    /// Opens a transaction for what `actor` does outside of a request: a command, the playing of a past.
    ///
    /// # Errors
    /// As the database.
    pub async fn write(&self, actor: &Actor, name: &'static str) -> Result<Write, StoreError> {
        self.database.write(self.operation(actor, name)).await
    }

    /// Takes over the areas that were added or renamed since the last time: at once after one was, and now and then for what
    /// another node added. What cannot be read is logged and read the next time.
    pub async fn follow_areas(&self) {
        if let Err(error) = self.areas.refresh(&self.database).await {
            tracing::error!(%error, "the areas could not be read; they are read again");
        }
    }

    /// The machine's time: for sessions, lock-out and leases.
    pub fn machine_now(&self) -> Moment {
        self.database.machine_now()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("App(…)")
    }
}
