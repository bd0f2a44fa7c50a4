//! What an import works with, and on whose behalf.

use base::{AreaPath, OperationId, SharedClock};
use store::{ActorRef, Database, Operation, StoreError, Write};

use crate::index::PeopleIndex;

/// The tools of an import.
#[derive(Clone)]
pub struct Hands {
    /// The database.
    pub database: Database,
    /// Everybody on record.
    pub index: PeopleIndex,
    /// The office's clock.
    pub clock: SharedClock,
    /// Where persons belong of whom no place is known.
    pub city: AreaPath,
    /// Who imports.
    pub actor: ActorRef,
    /// The operation that this is part of.
    pub operation: OperationId,
}

impl Hands {
    /// Opens a transaction of its own for the step `name`.
    pub async fn write(&self, name: &'static str) -> Result<Write, StoreError> {
        let at = self.clock.now();
        self.database.write(Operation { id: self.operation, name, actor: self.actor, at }).await
    }
}
