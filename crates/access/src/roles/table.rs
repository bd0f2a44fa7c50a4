//! The table role × verb × kind × place: what the roles come to, written out so that a person can check it and a
//! snapshot can hold it.

use std::collections::BTreeSet;

use base::AreaLevel;

use super::Roles;
use crate::scope::{Grant, Sight, Term};

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow<'a> {
    /// The role.
    pub role: &'a str,
    /// The levels of its posts.
    pub levels: &'a BTreeSet<AreaLevel>,
    /// The kind of thing.
    pub kind: &'a str,
    /// What may be done to it.
    pub verb: &'a str,
    /// How much is seen of a thing for which just this term holds, in the order of `Term::ALL`; `None` where the term
    /// gives nothing.
    pub sights: [Sight; 5],
}

/// The table of all roles, ordered by role, kind and verb.
pub fn table(roles: &Roles) -> Vec<TableRow<'_>> {
    let mut rows = Vec::new();
    for role in roles.all() {
        for right in &role.rights {
            for kind in &right.kinds {
                for verb in &right.verbs {
                    let sights = sights(&right.grants);
                    rows.push(TableRow { role: &role.key, levels: &role.levels, kind, verb, sights });
                }
            }
        }
    }
    rows.sort_by_key(|row| (row.role, row.kind, row.verb));
    rows.dedup_by(|next, kept| {
        let same = (next.role, next.kind, next.verb) == (kept.role, kept.kind, kept.verb);
        if same {
            for (kept, next) in kept.sights.iter_mut().zip(next.sights) {
                *kept = (*kept).max(next);
            }
        }
        same
    });
    rows
}

fn sights(grants: &[Grant]) -> [Sight; 5] {
    Term::ALL.map(|term| {
        let of_term = grants.iter().filter(|grant| grant.term == term).map(|grant| grant.sight);
        of_term.max().unwrap_or(Sight::None)
    })
}
