//! What a referral has beside being a matter.

use base::{MatterId, OrganisationId};
use uuid::Uuid;

/// The table.
pub(super) const TABLE: &str = "referral";

/// States from which on a referral no longer stands, so that the organisation does not see it any more, whatever becomes
/// of it. They are words of the workflow: what the organisation sent back (or, by earlier versions, ended so), and what was taken
/// back from it.
pub(super) const NO_LONGER_STANDING: [&str; 3] = ["returned", "rejected", "withdrawn"];

/// To whom a matter was referred, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralDetail {
    /// The referral, a matter of its own.
    pub matter: MatterId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The department of the responsibility list that it is.
    pub department: Option<String>,
    /// Key of the duty of the responsibility list (职责清单, M6).
    pub duty: Option<String>,
    /// Key of its stage, or of its outcome once it has ended.
    pub state: String,
    /// The referral that came back or failed in whose place it was sent.
    pub previous: Option<MatterId>,
}

#[derive(Debug, sea_orm::FromQueryResult)]
pub(super) struct Row {
    matter_id: Uuid,
    organisation_id: Uuid,
    department: Option<String>,
    duty: Option<String>,
    state: String,
    previous_id: Option<Uuid>,
}

impl From<Row> for ReferralDetail {
    fn from(row: Row) -> Self {
        Self {
            matter: MatterId(row.matter_id),
            organisation: OrganisationId(row.organisation_id),
            department: row.department,
            duty: row.duty,
            state: row.state,
            previous: row.previous_id.map(MatterId),
        }
    }
}
