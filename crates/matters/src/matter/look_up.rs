//! Looking matters up under a scope.

use access::{Actor, Scope, look_up};
use base::{MatterId, Moment, PersonId};
use sea_orm::ConnectionTrait;
use store::Keys;

use super::model::{Matter, MatterThing, MatterToken, Phase};
use super::repo;
use crate::{MatterError, Matters};

/// What a clock says to whoever looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeLeft {
    /// This many milliseconds are left.
    Left(i64),
    /// It is over by this many milliseconds.
    Over(i64),
    /// It stands until this moment.
    Paused(Moment),
    /// The matter has ended.
    Ended,
}

impl Matter {
    /// What its clock says at `now`.
    pub fn time_left(&self, now: Moment) -> TimeLeft {
        match (self.phase(), &self.clock.pause) {
            (Phase::Closed, _) => TimeLeft::Ended,
            (Phase::Paused, Some(pause)) => TimeLeft::Paused(pause.until),
            _ => match self.clock.due.milliseconds_since(now) {
                left if left > 0 => TimeLeft::Left(left),
                over => TimeLeft::Over(-over),
            },
        }
    }

    /// How much of its time is used at `now`, in percent, 0 to 100.
    pub fn used_percent(&self, now: Moment) -> u8 {
        let whole = self.clock.due.milliseconds_since(self.clock.started).max(1);
        let at = self.clock.pause.as_ref().map_or(now, |pause| pause.since);
        let used = at.milliseconds_since(self.clock.started).clamp(0, whole);
        u8::try_from(used.saturating_mul(100) / whole).unwrap_or(100)
    }
}

impl Matters {
    /// One matter and the proof that the actor may see it. The connection is that of the transaction that goes on to
    /// read or write.
    ///
    /// # Errors
    /// `NotFound` when there is none, or none that the actor may see.
    pub async fn look_up(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        actor: &Actor,
        id: MatterId,
    ) -> Result<(Matter, MatterToken), MatterError> {
        let token = self.token(connection, actor, id).await?;
        Ok((repo::by_id(connection, keys, id).await?, token))
    }

    /// The proof alone that the actor may see a matter: for whoever acts on what was read before and knows its version.
    ///
    /// # Errors
    /// As [`Matters::look_up`].
    pub async fn token(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        id: MatterId,
    ) -> Result<MatterToken, MatterError> {
        let token = look_up::<MatterThing>(connection, &self.scope(actor), id.0).await?;
        Ok(token.at_least(access::Sight::Referral)?)
    }

    /// The matters with these ids that `scope` shows, in no order.
    pub async fn by_ids(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        scope: &Scope,
        ids: &[MatterId],
    ) -> Result<Vec<Matter>, MatterError> {
        repo::by_ids(connection, keys, scope, ids).await
    }

    /// The matters that hang on `parent` and that `scope` shows, oldest first: a case's referrals, a lead's case.
    pub async fn children(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        scope: &Scope,
        parent: MatterId,
    ) -> Result<Vec<Matter>, MatterError> {
        repo::children(connection, keys, scope, parent).await
    }

    /// The matters about a person that `scope` shows, newest first.
    pub async fn about(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        scope: &Scope,
        subject: PersonId,
    ) -> Result<Vec<Matter>, MatterError> {
        repo::about(connection, keys, scope, subject).await
    }

    /// The open matter of this kind about a person, whoever may see it: for a program that must not open a second.
    /// `subjects` are all ids under which the person is known (`people::persons::repo::ids_of`): a matter keeps the one
    /// that it was opened under.
    pub async fn open_of(
        &self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
        program: &str,
        kind: &str,
        subjects: &[PersonId],
    ) -> Result<Option<Matter>, MatterError> {
        repo::open_of(connection, keys, program, kind, subjects).await
    }
}
