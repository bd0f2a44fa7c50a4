//! The read record: who looked at a person's file, and why, committed before the file is shown (design §1.5, §4).

use base::{AreaPath, MatterId, PersonId};
use serde_json::json;
use store::{Event, Write};
use uuid::Uuid;

use crate::AccessError;

/// The kind of the journal's entry.
pub const FILE_READ: &str = "file.read";

/// What is about to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Whose file.
    pub subject: PersonId,
    /// The matter in whose course it is read, if any.
    pub matter: Option<MatterId>,
    /// Where the person belongs; decides who may read the record.
    pub area: Option<AreaPath>,
    /// What for, as a key that pages translate: `check`, `assess`, `supervise`, `full_name`.
    pub purpose: &'static str,
    /// Which part is shown: `file`, `card`, `source_row`, `photo`, `phone`.
    pub part: &'static str,
}

/// Proof that a read is on record. Only [`read_record`] makes one; what hands out a person's file demands it.
#[derive(Debug)]
pub struct ReadRecord {
    subject: PersonId,
    entry: Uuid,
}

impl ReadRecord {
    /// Whose file may be shown with it.
    pub fn subject(&self) -> PersonId {
        self.subject
    }

    /// The entry in the journal, for the foot of the page.
    pub fn entry(&self) -> Uuid {
        self.entry
    }
}

/// Puts a read on record and commits it: the transaction is used up, so that nothing can be shown on a record that is
/// rolled back. Who reads is the actor of the transaction's operation.
pub async fn read_record(write: Write, reading: Reading) -> Result<ReadRecord, AccessError> {
    let after = json!({ "purpose": reading.purpose, "part": reading.part });
    let event = Event {
        kind: FILE_READ,
        subject: Some(reading.subject),
        matter: reading.matter,
        area: reading.area,
        after,
        ..Event::default()
    };
    let entry = write.record(event).await?;
    write.save().await?;
    Ok(ReadRecord { subject: reading.subject, entry })
}
