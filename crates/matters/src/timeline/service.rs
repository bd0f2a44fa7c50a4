//! Reading a timeline.

use base::MatterId;
use store::{Read, journal};
use uuid::Uuid;

use super::entry::{Entry, Reader, TOLD};
use crate::answers;
use crate::{Matter, MatterError, MatterToken, Matters};

/// Lines on one page at most.
pub const PAGE_AT_MOST: u64 = 500;

impl Matters {
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
        let answers = answers::all(read.connection(), read.keys(), id).await?;
        let reader = Reader { program, kind: self.kind_of(matter)?, answers };
        Ok(entries.iter().filter_map(|entry| reader.read(entry)).collect())
    }
}
