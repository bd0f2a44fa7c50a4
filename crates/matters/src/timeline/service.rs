//! Reading a timeline.

use std::collections::HashMap;

use base::{AreaLevel, MatterId, Moment};
use store::{Read, journal};
use uuid::Uuid;

use super::entry::{CLIMBED, Entry, Reader, TOLD};
use crate::answers;
use crate::{Matter, MatterError, MatterToken, Matters};

/// Lines on one page at most.
pub const PAGE_AT_MOST: u64 = 500;

/// A matter that was late and rose to a level above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Climb {
    /// From the level of whoever holds it.
    pub from: Option<AreaLevel>,
    /// To this one.
    pub to: AreaLevel,
    /// When it came there.
    pub at: Moment,
}

impl Matters {
    /// How far those of `matters` have climbed that are open and have: for a page of them, each with the latest step.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn climbs(
        &self,
        read: &Read,
        matters: &[&Matter],
    ) -> Result<HashMap<MatterId, Climb>, MatterError> {
        let mut found = HashMap::new();
        for matter in matters.iter().filter(|matter| matter.closed_at.is_none()) {
            let Some(to) = matter.clock.climbed_to else { continue };
            let filter = journal::Filter {
                matter: Some(matter.id),
                kinds: vec![CLIMBED.to_owned()],
                ..journal::Filter::default()
            };
            if let Some(entry) = journal::list(read, &filter, None, 1).await?.first() {
                found.insert(matter.id, Climb { from: matter.holder_level, to, at: entry.at });
            }
        }
        Ok(found)
    }

    /// What happened to a matter, newest first, at most `limit` ([`PAGE_AT_MOST`]); `before` is the id of the last line
    /// of the page before. `matter` is what the token was given for.
    pub async fn timeline(
        &self,
        read: &Read,
        token: &MatterToken,
        matter: &Matter,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Entry>, MatterError> {
        let id = MatterId(token.id());
        if matter.id != id {
            return Err(MatterError::NotFound);
        }
        let program = self.programs().version(&matter.program, &matter.program_version);
        let program = program.ok_or(MatterError::Refused(workflow::Refusal::UnknownStage))?;
        let filter = journal::Filter {
            matter: Some(id),
            kinds: TOLD.map(str::to_owned).to_vec(),
            ..journal::Filter::default()
        };
        let entries = journal::list(read, &filter, before, limit).await?;
        let mut answers = answers::all(read.connection(), read.keys(), id).await?;
        answers.extend(answers::late(read.connection(), read.keys(), id).await?);
        let reader = Reader { program, kind: self.kind_of(matter)?, answers };
        Ok(entries.iter().filter_map(|entry| reader.read(entry)).collect())
    }
}
