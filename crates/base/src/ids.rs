//! Typed ids: a UUID v7 behind a name, so that a person's id is never handed in for a matter's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }
        impl From<$name> for Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

typed_id! {
    /// A person of the master record.
    PersonId,
    /// One row of one feed, kept as it came.
    SourceRowId,
    /// One delivery of a feed.
    DeliveryId,
    /// The decision that joins a source row to a person.
    LinkId,
    /// A dated fact about a person, derived from a source row.
    IndicatorId,
    /// Anything being handled: lead, case, visit, referral.
    MatterId,
    /// An open or finished piece of work of a matter: a row of an inbox.
    TaskId,
    /// The file kept for one child.
    FileId,
    /// A person's way into the system.
    AccountId,
    /// Role × organisation × area; posts hold matters.
    PostId,
    /// A bureau, sub-district office, community, department or agency.
    OrganisationId,
    /// One request or job run: what a person reads out to support, and what ties log, journal and answer together.
    OperationId,
    /// A photograph or document kept sealed.
    AttachmentId,
}
