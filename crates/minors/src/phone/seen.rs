//! What of a matter a phone saw when its person began to write: sent along with every command, so that what others did
//! meanwhile is noticed.

use matters::Matter;
use serde::{Deserialize, Serialize};

/// The state of a matter as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// Its version.
    pub version: i32,
    /// Its stage.
    pub stage: String,
    /// Since when it has been there, in milliseconds.
    pub since: i64,
}

impl Seen {
    /// What there is to be seen of `matter`.
    pub fn of(matter: &Matter) -> Self {
        Self { version: matter.version, stage: matter.stage.clone(), since: matter.clock.started.0 }
    }

    /// As JSON, for the page.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The version to act on. A clock that reminded or climbed counts the version up and changes nothing that a person
    /// decided: as long as the matter is in the same stage since the same moment, what was written is written about
    /// what there is. Otherwise the older version stands, and is refused.
    pub fn version_for(&self, matter: &Matter) -> i32 {
        if (Self { version: matter.version, ..self.clone() }) == Self::of(matter) {
            matter.version
        } else {
            self.version
        }
    }
}
