//! Telling people, and what they have been told.

use std::collections::HashMap;

use access::Actor;
use base::{MatterId, PostId};
use sea_orm::ConnectionTrait;
use store::{Keys, Write};
use uuid::Uuid;

use super::channel::Told;
use super::model::{Notice, NoticeKind, NoticeRow};
use super::repo;
use crate::{Matter, MatterError, MatterToken, Matters};

/// Notices on one page at most.
pub const PAGE_AT_MOST: u64 = 100;

/// Days for which a notice that was read is kept: a quarter, in which somebody may still ask "when was I told?". After
/// that the timeline of the matter says it. Ours (`sample`): no source states it.
pub const READ_KEPT_DAYS: i64 = 90;

/// Days for which any notice is kept, read or not: a post that nobody has held for a year is not going to read it.
pub const KEPT_DAYS: i64 = 365;

/// Notices that are deleted at a time, so that no tick waits for it.
const PRUNED_AT_MOST: u64 = 500;

/// Deletes notices that have outlived their use. Called with every tick; what is left over goes with the next.
pub(crate) async fn prune(write: &Write) -> Result<u64, MatterError> {
    let days_ago = |days: i64| write.at().plus_hours(-24 * days);
    Ok(repo::prune(write, days_ago(READ_KEPT_DAYS), days_ago(KEPT_DAYS), PRUNED_AT_MOST).await?)
}

/// Tells each post once why, through every channel.
pub(crate) async fn send(
    matters: &Matters,
    write: &Write,
    told: &[(&Matter, PostId, NoticeKind)],
) -> Result<(), MatterError> {
    let mut once: Vec<Told<'_>> = Vec::with_capacity(told.len());
    let mut seen = std::collections::HashSet::with_capacity(told.len());
    for (matter, post, kind) in told {
        if seen.insert((matter.id, *post, *kind)) {
            once.push(Told { matter, post: *post, kind: *kind });
        }
    }
    if once.is_empty() {
        return Ok(());
    }
    for channel in matters.channels() {
        channel.send(write, &once).await?;
    }
    Ok(())
}

/// How many notices of a post are unread. Asked by every page.
pub async fn unread(connection: &impl ConnectionTrait, post: PostId) -> Result<u64, MatterError> {
    Ok(repo::unread(connection, post).await?)
}

impl Matters {
    /// Who was told of a matter in this way, in the order in which they were told: whom an alert reached. At most
    /// [`PAGE_AT_MOST`].
    pub async fn told_of(
        &self,
        connection: &impl ConnectionTrait,
        token: &MatterToken,
        kind: NoticeKind,
    ) -> Result<Vec<Notice>, MatterError> {
        repo::of_matter(connection, MatterId(token.id()), kind, PAGE_AT_MOST).await
    }

    /// Tells whoever holds `matter` something that a program found out: that a child has a new indicator.
    pub async fn tell_holder(
        &self,
        write: &Write,
        matter: &Matter,
        kind: NoticeKind,
    ) -> Result<(), MatterError> {
        send(self, write, &[(matter, matter.holder, kind)]).await
    }

    /// The notices of the actor's post, newest first, at most `limit` ([`PAGE_AT_MOST`]), each with its matter if the
    /// actor may still see it. `before` is the id of the last notice of the page before.
    pub async fn notices(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        actor: &Actor,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<NoticeRow>, MatterError> {
        let Some(post) = actor.post else { return Ok(Vec::new()) };
        let notices = repo::of_post(connection, post, before, limit.clamp(1, PAGE_AT_MOST)).await?;
        let mut ids: Vec<MatterId> = notices.iter().map(|notice| notice.matter).collect();
        ids.sort_unstable();
        ids.dedup();
        let matters = self.by_ids(connection, keys, &self.scope(actor), &ids).await?;
        let matters: HashMap<MatterId, Matter> =
            matters.into_iter().map(|matter| (matter.id, matter)).collect();
        let rows = notices.into_iter().map(|notice| {
            let matter = matters.get(&notice.matter).cloned();
            NoticeRow { notice, matter }
        });
        Ok(rows.collect())
    }

    /// Marks the notices of the actor's post as read, up to and with the one with the id `up_to`, which is the newest
    /// that the reader saw: one that came in meanwhile stays unread. Returns how many were marked.
    pub async fn mark_notices_read(
        &self,
        write: &Write,
        actor: &Actor,
        up_to: Uuid,
    ) -> Result<u64, MatterError> {
        let post = actor.post.ok_or(MatterError::NotAllowed)?;
        Ok(repo::mark_read(write, post, up_to).await?)
    }
}
