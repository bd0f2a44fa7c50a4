//! Handing a matter to another post, and stopping and starting its clock.

use access::Actor;
use base::{Moment, PostId};
use serde_json::{Map, json};
use store::Write;
use workflow::Act;

use super::carry::Change;
use super::{Acted, MatterToken};
use crate::{MatterError, Matters};

/// A matter that is to be held by another post, in the stage it is in.
#[derive(Debug, Clone, Copy)]
pub struct Assigning<'a> {
    /// The post.
    pub holder: PostId,
    /// Why.
    pub reason: &'a str,
    /// The version of the matter that the person saw.
    pub version: i32,
}

/// Letters of a remark on a pause that are kept; the page's field has the same bound.
const NOTE_LETTERS_AT_MOST: usize = 200;

/// A clock that is to stand for a while.
#[derive(Debug, Clone, Copy)]
pub struct Pausing<'a> {
    /// Key of a reason of the kind's list.
    pub reason: &'a str,
    /// When it runs again by itself.
    pub until: Moment,
    /// A remark for the timeline; may be empty.
    pub note: &'a str,
    /// The version of the matter that the person saw.
    pub version: i32,
}

impl Matters {
    /// Hands a matter to another post (转办).
    ///
    /// # Errors
    /// As [`Matters::act`].
    pub async fn assign(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        assigning: &Assigning<'_>,
    ) -> Result<Acted, MatterError> {
        let matter = self.at_hand(write, actor, token, assigning.version).await?;
        let act = Act::Assign { holder: assigning.holder, reason: assigning.reason };
        let said = Map::from_iter([("reason".to_owned(), json!(assigning.reason.trim()))]);
        self.decide_and_carry(write, actor, matter, &act, Change { event: "matters.assigned", said }).await
    }

    /// Stops the clock of a matter (停表).
    ///
    /// # Errors
    /// As [`Matters::act`].
    pub async fn pause(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        pausing: &Pausing<'_>,
    ) -> Result<Acted, MatterError> {
        let matter = self.at_hand(write, actor, token, pausing.version).await?;
        let act = Act::Pause { reason: pausing.reason, until: pausing.until };
        let mut said = Map::from_iter([("pause".to_owned(), json!(pausing.reason))]);
        let note: String = pausing.note.trim().chars().take(NOTE_LETTERS_AT_MOST).collect();
        if !note.is_empty() {
            said.insert("reason".into(), json!(note));
        }
        self.decide_and_carry(write, actor, matter, &act, Change { event: "matters.paused", said }).await
    }

    /// Lets the clock of a matter run again (恢复计时).
    ///
    /// # Errors
    /// As [`Matters::act`].
    pub async fn resume(
        &self,
        write: &Write,
        actor: &Actor,
        token: &MatterToken,
        version: i32,
    ) -> Result<Acted, MatterError> {
        let matter = self.at_hand(write, actor, token, version).await?;
        let change = Change { event: "matters.resumed", said: Map::new() };
        self.decide_and_carry(write, actor, matter, &Act::Resume, change).await
    }
}
