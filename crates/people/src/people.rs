//! What the binary keeps of this crate while it runs: the live index. Whoever imports, links or searches has it.

use access::Actor;
use base::OperationId;
use web::App;

use crate::import::{Hands, Importer};
use crate::index::PeopleIndex;

/// The handle. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct People {
    index: PeopleIndex,
}

/// The files of this installation have no model that links rows to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("linkage/cn-person.toml is missing: without it no row can be linked to a person")]
pub struct NoModel;

impl People {
    /// A handle with an empty index, which fills itself from the database when it is asked first.
    ///
    /// # Errors
    /// `NoModel` if the programs bring none.
    pub fn new(programs: &policy::Programs) -> Result<Self, NoModel> {
        let model = programs.linkage_model().ok_or(NoModel)?;
        Ok(Self { index: PeopleIndex::new(model.clone()) })
    }

    /// Everybody on record, in memory.
    pub fn index(&self) -> &PeopleIndex {
        &self.index
    }

    /// The tools of an import on behalf of `actor`, as part of `operation`.
    pub fn hands(&self, app: &App, actor: &Actor, operation: OperationId) -> Hands {
        Hands {
            database: app.database.clone(),
            index: self.index.clone(),
            clock: app.clock.clone(),
            city: app.areas.city(),
            actor: actor.reference(),
            operation,
        }
    }

    /// What imports on behalf of `actor`, as part of `operation`.
    pub fn importer(&self, app: &App, actor: &Actor, operation: OperationId) -> Importer {
        Importer {
            hands: self.hands(app, actor, operation),
            programs: app.programs.clone(),
            areas: app.areas.present(),
            area: actor.area,
            organisation: actor.organisation,
        }
    }
}
