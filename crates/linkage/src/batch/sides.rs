//! The sides of values that keys are made of, computed once for each value: how a name sounds, the year of a day.

use rayon::prelude::*;

use crate::keys::KeyHash;
use crate::model::{Aspect, ColumnKind, Model};
use crate::table::Lexicons;

/// Hashes of sides by kind, aspect and number of value.
#[derive(Debug, Clone)]
pub(super) struct Sides(Vec<(ColumnKind, Aspect, Vec<KeyHash>)>);

impl Sides {
    /// All sides that the model's rules ask for.
    pub(super) fn new(model: &Model, lexicons: &Lexicons) -> Self {
        let mut wanted: Vec<(ColumnKind, Aspect)> = Vec::new();
        for part in model.rules.iter().flat_map(|rule| &rule.parts) {
            let kind = part.columns.first().and_then(|column| model.columns.get(*column));
            if let Some(side) =
                kind.map(|column| (column.kind, part.aspect)).filter(|side| !wanted.contains(side))
            {
                wanted.push(side);
            }
        }
        let sides =
            wanted.into_par_iter().map(|(kind, aspect)| (kind, aspect, lexicons.of(kind).sides(aspect)));
        Self(sides.collect())
    }

    /// All hashes of one side, by number of value.
    pub(super) fn all(&self, kind: ColumnKind, aspect: Aspect) -> &[KeyHash] {
        let found = self.0.iter().find(|(found, of, _)| *found == kind && *of == aspect);
        found.map_or(&[], |(.., hashes)| hashes)
    }
}
