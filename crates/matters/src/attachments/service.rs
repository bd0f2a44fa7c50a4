//! Attaching pictures to a matter, and looking at them.

use access::{Actor, Clearance, FieldClass, Sight};
use base::{AttachmentId, MatterId};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use store::bulk::{Target, insert_rows};
use store::{Event, Keys, Write, blob};
use workflow::Refusal;

use super::model::{Attachment, AttachmentWords, COLUMNS, TABLE};
use super::picture::{FILE_BYTES_AT_MOST, Picture};
use super::repo;
use crate::matter::{self, Matter, MatterToken};
use crate::{MatterError, Matters};

/// Attachments of one matter at most.
pub const MATTER_ATTACHMENTS_AT_MOST: u64 = 60;

/// Letters of a caption at most; the rest is cut off.
const CAPTION_LETTERS_AT_MOST: usize = 200;

impl Matters {
    /// Attaches a picture to an open matter. It is shown only once an answer names it, or among the matter's papers.
    ///
    /// # Errors
    /// `NotFound` for who sees no more than that the matter exists; `NotAllowed` for who does not work on such matters;
    /// `Refused` with `Closed`; `TooManyAttachments`.
    pub async fn attach(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        picture: &Picture,
        caption: &str,
    ) -> Result<Attachment, MatterError> {
        if token.sight() < Sight::Referral {
            return Err(MatterError::NotFound);
        }
        let matter = matter::repo::by_id(write.connection(), write.keys(), MatterId(token.id())).await?;
        if !self.works_on(actor, &matter.kind) {
            return Err(MatterError::NotAllowed);
        }
        if matter.closed_at.is_some() {
            return Err(Refusal::Closed.into());
        }
        keep(write, actor, &matter, picture, caption).await
    }

    /// Attaches a picture that was taken by somebody who held the matter then and does not any more, or that arrives after
    /// its end: the report that names it arrives late as well.
    ///
    /// # Errors
    /// `TooManyAttachments`.
    pub async fn attach_late(
        &self,
        write: &Write,
        actor: &Actor,
        held: &matter::HeldOnce,
        picture: &Picture,
    ) -> Result<Attachment, MatterError> {
        keep(write, actor, held.matter(), picture, "").await
    }

    /// The attachments of a matter, in the order in which they were added; none for a role that does not see any.
    pub async fn attachments(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        actor: &Actor,
        token: &MatterToken,
    ) -> Result<Vec<Attachment>, MatterError> {
        if !self.sees_attachments(actor, token) {
            return Ok(Vec::new());
        }
        repo::all_of(connection, keys, MatterId(token.id())).await
    }

    /// One attachment of a matter with its bytes.
    ///
    /// # Errors
    /// `NotFound` when the matter has no such attachment, or the actor's role sees none.
    pub async fn attachment(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        actor: &Actor,
        token: &MatterToken,
        id: AttachmentId,
    ) -> Result<(Attachment, Vec<u8>), MatterError> {
        if !self.sees_attachments(actor, token) {
            return Err(MatterError::NotFound);
        }
        let attachment = repo::one_of(connection, keys, MatterId(token.id()), id).await?;
        let bytes = blob::get(connection, keys, attachment.blob, FILE_BYTES_AT_MOST).await?;
        Ok((attachment, bytes))
    }

    /// A picture cannot be masked: a role sees it whole or not at all.
    fn sees_attachments(&self, actor: &Actor, token: &MatterToken) -> bool {
        token.sight() >= Sight::Referral
            && self.roles().clearance(actor, FieldClass::Attachment) == Clearance::Full
    }
}

async fn keep(
    write: &Write,
    actor: &Actor,
    matter: &Matter,
    picture: &Picture,
    caption: &str,
) -> Result<Attachment, MatterError> {
    let connection = write.connection();
    write.lock(&format!("matters.attachments.{}", matter.id)).await?;
    if repo::count(connection, matter.id).await? >= MATTER_ATTACHMENTS_AT_MOST {
        return Err(MatterError::TooManyAttachments { most: MATTER_ATTACHMENTS_AT_MOST });
    }
    let attachment = Attachment {
        id: AttachmentId(write.new_id()),
        matter: matter.id,
        media_type: Picture::MEDIA_TYPE.to_owned(),
        size_bytes: u64::try_from(picture.bytes.len()).unwrap_or(u64::MAX),
        account: actor.account,
        added_at: write.at(),
        caption: caption.trim().chars().take(CAPTION_LETTERS_AT_MOST).collect(),
        blob: blob::put(write, &picture.bytes).await?,
    };
    insert(write, &attachment).await?;
    let event = Event {
        kind: "matters.attached",
        subject: matter.subject,
        matter: Some(matter.id),
        area: Some(matter.area),
        before: Value::Null,
        after: json!({ "attachment": attachment.id }),
    };
    write.record(event).await?;
    Ok(attachment)
}

async fn insert(write: &Write, attachment: &Attachment) -> Result<(), MatterError> {
    let words = AttachmentWords { caption: attachment.caption.clone() };
    let row: [sea_orm::Value; 8] = [
        attachment.id.0.into(),
        attachment.matter.0.into(),
        attachment.blob.into(),
        attachment.media_type.clone().into(),
        i64::try_from(attachment.size_bytes).unwrap_or(i64::MAX).into(),
        attachment.account.map(|id| id.0).into(),
        attachment.added_at.0.into(),
        write.keys().seal(TABLE, attachment.id.0, &words)?.into(),
    ];
    insert_rows(write.connection(), Target { table: TABLE, columns: &COLUMNS }, [row]).await?;
    Ok(())
}
