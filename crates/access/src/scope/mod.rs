//! Scope: who may see which rows, as one SQL condition made of named terms (design §5).
//!
//! A list takes its rows with [`Scope::condition`]; one row is looked up with [`look_up`], which is the same list cut
//! to one id and answers with a [`Token`] that writing demands. "Why may I see this?" is [`Token::why`]. There is no
//! function that leaves the scope out: what runs without a person (jobs, listeners) says so with [`Scope::of_system`].
//!
//! From what the terms grant, two things are always taken away: persons whose file is sealed (unless the role sees
//! sealed files) and, for each account, persons from whom it is barred (relatives). No role lifts the second.

mod columns;
mod condition;
pub mod exception;
mod term;
mod token;

use base::{AccountId, AreaPath, OrganisationId, PostId};

pub use columns::{Reach, ScopeColumns, Through};
pub use term::{Grant, Sight, Term};
pub use token::{Thing, Token, look_up};

use crate::Actor;

/// What an actor may see of one kind of thing, or of several that share a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    viewer: Viewer,
    branches: Vec<Branch>,
    /// Whether rows about persons whose file is sealed are seen.
    sees_sealed: bool,
}

/// What the terms are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Viewer {
    /// `None` is the system itself.
    account: Option<AccountId>,
    post: Option<PostId>,
    organisation: Option<OrganisationId>,
    area: Option<AreaPath>,
}

/// The grants for the rows of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Branch {
    /// The column and value that tell rows of this kind; `None` when every row of the table is of it.
    kind: Option<(&'static str, String)>,
    grants: Vec<Grant>,
}

impl Scope {
    /// The scope of `actor` with these grants on every row of a table.
    pub fn of(actor: &Actor, grants: &[Grant], sees_sealed: bool) -> Self {
        let branches = vec![Branch { kind: None, grants: merged(grants) }];
        Self { viewer: Viewer::of(actor), branches, sees_sealed }
    }

    /// The scope of `actor` on a table that holds several kinds of thing, told apart by the text column
    /// `kind_column`: for each kind its grants. A kind that is not named is not seen.
    pub fn of_kinds<'a>(
        actor: &Actor,
        kind_column: &'static str,
        kinds: impl IntoIterator<Item = (&'a str, Vec<Grant>)>,
        sees_sealed: bool,
    ) -> Self {
        let branches = kinds
            .into_iter()
            .map(|(kind, grants)| Branch {
                kind: Some((kind_column, kind.to_owned())),
                grants: merged(&grants),
            })
            .collect();
        Self { viewer: Viewer::of(actor), branches, sees_sealed }
    }

    /// Every row, for what no person started: jobs, listeners, migrations.
    pub fn of_system() -> Self {
        let grants = vec![Grant { term: Term::Anywhere, sight: Sight::Full }];
        Self {
            viewer: Viewer { account: None, post: None, organisation: None, area: None },
            branches: vec![Branch { kind: None, grants }],
            sees_sealed: true,
        }
    }

    /// Whether nothing at all can be seen with it, so that a page may refuse before it asks the database.
    pub fn is_empty(&self) -> bool {
        self.branches.iter().all(|branch| branch.grants.is_empty())
    }
}

impl Viewer {
    fn of(actor: &Actor) -> Self {
        Self {
            account: actor.account,
            post: actor.post,
            organisation: actor.organisation,
            area: actor.post.map(|_| actor.area),
        }
    }
}

/// Each term once, with the most that it grants; terms that grant nothing are left out.
fn merged(grants: &[Grant]) -> Vec<Grant> {
    Term::ALL
        .into_iter()
        .filter_map(|term| {
            let sight = grants.iter().filter(|grant| grant.term == term).map(|grant| grant.sight).max()?;
            (sight > Sight::None).then_some(Grant { term, sight })
        })
        .collect()
}
