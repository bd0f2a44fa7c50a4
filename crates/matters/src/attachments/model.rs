//! Attachments as they are stored.

use base::{AccountId, AttachmentId, MatterId, Moment};
use serde::{Deserialize, Serialize};
use store::Keys;
use uuid::Uuid;

use crate::MatterError;

/// The table, which is also what sealed words are bound to.
pub(super) const TABLE: &str = "attachment";

/// A picture that belongs to a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The matter.
    pub matter: MatterId,
    /// What it is: `image/jpeg`.
    pub media_type: String,
    /// Its length in bytes.
    pub size_bytes: u64,
    /// Who added it.
    pub account: Option<AccountId>,
    /// When.
    pub added_at: Moment,
    /// What is said of it; may be empty.
    pub caption: String,
    pub(super) blob: Uuid,
}

/// The sealed part.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct AttachmentWords {
    pub caption: String,
}

pub(super) const COLUMNS: [&str; 8] =
    ["id", "matter_id", "blob_id", "media_type", "size_bytes", "account_id", "added_at", "sealed"];

#[derive(Debug, sea_orm::FromQueryResult)]
pub(super) struct Row {
    id: Uuid,
    matter_id: Uuid,
    blob_id: Uuid,
    media_type: String,
    size_bytes: i64,
    account_id: Option<Uuid>,
    added_at: i64,
    sealed: Vec<u8>,
}

impl Row {
    pub(super) fn open(self, keys: &Keys) -> Result<Attachment, MatterError> {
        let words: AttachmentWords = keys.open(TABLE, self.id, &self.sealed)?;
        Ok(Attachment {
            id: AttachmentId(self.id),
            matter: MatterId(self.matter_id),
            media_type: self.media_type,
            size_bytes: self.size_bytes.unsigned_abs(),
            account: self.account_id.map(AccountId),
            added_at: Moment(self.added_at),
            caption: words.caption,
            blob: self.blob_id,
        })
    }
}
