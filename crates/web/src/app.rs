//! What every handler, job and listener is handed: the database, the clocks, randomness, and the data that was read at
//! start. Nothing else: what a module keeps for itself it hands to its own pages as an extension.

use std::sync::Arc;

use access::Roles;
use base::{AreaTree, Entropy, Moment, SharedClock};
use policy::Programs;
use store::Database;

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
    pub areas: Arc<AreaTree>,
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
