//! Roles: what may be done to which kinds of things, why they are seen, and which fields are seen whole.
//!
//! Roles are data (`programs/*/roles.toml`, read and checked by `policy`); this is what they mean. A role has rights:
//! *verbs* on *kinds* of things by *terms*. `read` on `case` by `area` lets one see the cases of one's area; `approve` on
//! `case` by `area` lets one approve them, as far as the workflow has the role at that step.

mod clearance;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use base::{AreaLevel, Label};
use policy::Programs;

pub use clearance::{Clearance, FieldClass, Masked};
pub use table::{TableRow, table};

use crate::actor::SYSTEM_ROLE;
use crate::scope::{Grant, Scope, Sight, Term};
use crate::{AccessError, Actor};

/// The verb that lists and pages ask for.
pub const READ: &str = "read";

/// All roles of the installation: those of every program together. A role that two programs name has the rights of
/// both.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    roles: BTreeMap<String, Role>,
}

/// One role.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its name in data and code: `child_director`.
    pub key: String,
    /// Its name on screen: 社区儿童主任.
    pub label: Label,
    /// The levels of area that its posts can have: one for most, several for departments that sit in districts and city.
    pub levels: BTreeSet<AreaLevel>,
    /// What it may do.
    pub rights: Vec<Right>,
    /// Which fields it sees whole or not at all; what is not named is masked.
    pub clearance: BTreeMap<FieldClass, Clearance>,
    /// Whether it sees persons whose file is sealed.
    pub sees_sealed: bool,
}

/// Verbs on kinds of things by terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// The kinds of things: `lead`, `case`, `file`.
    pub kinds: BTreeSet<String>,
    /// What may be done to them: `read`, `dispatch`, `approve`.
    pub verbs: BTreeSet<String>,
    /// By which terms, and how much is seen by each.
    pub grants: Vec<Grant>,
}

impl Roles {
    /// The roles that the programs' files define.
    ///
    /// # Errors
    /// An internal error if a word of a file means nothing here: `policy` has checked them, so its lists and these differ.
    pub fn of_programs(programs: &Programs) -> Result<Self, AccessError> {
        let roles = programs.all().flat_map(|program| &program.roles.roles);
        Ok(Self::new(roles.map(Role::of_policy).collect::<Result<Vec<_>, _>>()?))
    }

    /// The roles of all programs together.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut merged: BTreeMap<String, Role> = BTreeMap::new();
        for role in roles {
            match merged.get_mut(&role.key) {
                None => {
                    merged.insert(role.key.clone(), role);
                }
                Some(known) => {
                    known.levels.extend(role.levels);
                    known.rights.extend(role.rights);
                    known.sees_sealed |= role.sees_sealed;
                    for (class, clearance) in role.clearance {
                        let entry = known.clearance.entry(class).or_insert(clearance);
                        *entry = (*entry).max(clearance);
                    }
                }
            }
        }
        Self { roles: merged }
    }

    /// Every role, by key.
    pub fn all(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// The role with this key.
    pub fn get(&self, key: &str) -> Option<&Role> {
        self.roles.get(key)
    }

    /// Whether the actor may do `verb` to things of `kind` at all: what menus and buttons go by. Which things is
    /// [`Roles::scope`]'s to say.
    pub fn may(&self, actor: &Actor, verb: &str, kind: &str) -> bool {
        actor.is_system() || !self.grants(&actor.role, verb, kind).is_empty()
    }

    /// `Ok` if the actor may do `verb` to things of `kind`, `NotAllowed` otherwise.
    pub fn demand(&self, actor: &Actor, verb: &str, kind: &str) -> Result<(), AccessError> {
        if self.may(actor, verb, kind) { Ok(()) } else { Err(AccessError::NotAllowed) }
    }

    /// The things of `kind` to which the actor may do `verb`.
    pub fn scope(&self, actor: &Actor, verb: &str, kind: &str) -> Scope {
        if actor.is_system() {
            return Scope::of_system();
        }
        Scope::of(actor, &self.grants(&actor.role, verb, kind), self.sees_sealed(actor))
    }

    /// As `scope`, for a table that holds several kinds told apart by the text column `kind_column`.
    pub fn scope_of_kinds(
        &self,
        actor: &Actor,
        verb: &str,
        kind_column: &'static str,
        kinds: &[&str],
    ) -> Scope {
        if actor.is_system() {
            return Scope::of_system();
        }
        let grants = kinds.iter().map(|kind| (*kind, self.grants(&actor.role, verb, kind)));
        Scope::of_kinds(actor, kind_column, grants, self.sees_sealed(actor))
    }

    /// How far the actor sees fields of `class`: whole for the system, masked where the role says nothing.
    pub fn clearance(&self, actor: &Actor, class: FieldClass) -> Clearance {
        if actor.is_system() {
            return Clearance::Full;
        }
        self.get(&actor.role).and_then(|role| role.clearance.get(&class).copied()).unwrap_or_default()
    }

    /// `text` as the actor may see it on a page that shows what the clearance allows.
    pub fn show(&self, actor: &Actor, class: FieldClass, text: &str) -> Masked {
        Masked::new(class, text, self.clearance(actor, class))
    }

    fn sees_sealed(&self, actor: &Actor) -> bool {
        self.get(&actor.role).is_some_and(|role| role.sees_sealed)
    }

    /// By which terms the role may do `verb` to things of `kind`.
    fn grants(&self, role: &str, verb: &str, kind: &str) -> Vec<Grant> {
        let Some(role) = self.get(role).filter(|role| role.key != SYSTEM_ROLE) else { return Vec::new() };
        role.rights
            .iter()
            .filter(|right| right.kinds.contains(kind) && right.verbs.contains(verb))
            .flat_map(|right| right.grants.iter().copied())
            .filter(|grant| grant.sight > Sight::None)
            .collect()
    }
}

impl Role {
    /// What a role of `roles.toml` means.
    fn of_policy(role: &policy::Role) -> Result<Self, AccessError> {
        let unknown = |word: &str| AccessError::internal(format_args!("the role {} says `{word}`", role.key));
        let clearance = role
            .clearance
            .iter()
            .map(|(class, clearance)| {
                let class = FieldClass::from_word(class).ok_or_else(|| unknown(class))?;
                Ok((class, Clearance::from_word(clearance).ok_or_else(|| unknown(clearance))?))
            })
            .collect::<Result<_, AccessError>>()?;
        let grant = |grant: &policy::Grant| {
            let term = Term::from_word(grant.term).ok_or_else(|| unknown(grant.term))?;
            Ok(Grant { term, sight: Sight::from_word(grant.sight).ok_or_else(|| unknown(grant.sight))? })
        };
        let right = |right: &policy::Right| {
            Ok(Right {
                kinds: right.kinds.iter().cloned().collect(),
                verbs: right.verbs.iter().cloned().collect(),
                grants: right.grants.iter().map(grant).collect::<Result<_, AccessError>>()?,
            })
        };
        Ok(Self {
            key: role.key.clone(),
            label: role.label.clone(),
            levels: BTreeSet::from([role.level]),
            rights: role.rights.iter().map(right).collect::<Result<_, AccessError>>()?,
            clearance,
            sees_sealed: role.sees_sealed,
        })
    }
}
