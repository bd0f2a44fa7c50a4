//! Looking one thing up, and the token that proves it.

use std::marker::PhantomData;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{Scope, ScopeColumns, Sight, Term};
use crate::AccessError;

/// A kind of thing that is looked up under a scope. Implemented by the crate that owns the table, on a type of its
/// own, so that a token for a matter is never handed in for a file.
pub trait Thing {
    /// Where its table keeps what the terms ask for.
    const COLUMNS: ScopeColumns;
}

/// Proof that somebody has looked a thing up and may see it. Only [`look_up`] makes one; write methods demand it, so
/// that nothing can be changed that was not found under a scope first.
///
/// It holds for the transaction in which it was looked up. It says what may be *seen*; whether the verb is allowed
/// (dispatch, approve) is asked of the roles and of the workflow.
pub struct Token<T> {
    id: Uuid,
    sight: Sight,
    why: Vec<Term>,
    thing: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Token<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Token")
            .field("id", &self.id)
            .field("sight", &self.sight)
            .field("why", &self.why)
            .finish()
    }
}

impl<T> Token<T> {
    /// The id of the thing.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// How much of it may be seen: the most that any term grants.
    pub fn sight(&self) -> Sight {
        self.sight
    }

    /// Every term that holds for it, in the order of `Term::ALL`: the answer to "why may I see this?".
    pub fn why(&self) -> &[Term] {
        &self.why
    }

    /// The token itself if it shows at least `least`; otherwise the thing counts as not found, so that the answer
    /// tells no more than the sight does.
    pub fn at_least(self, least: Sight) -> Result<Self, AccessError> {
        if self.sight >= least { Ok(self) } else { Err(AccessError::NotFound) }
    }
}

/// Looks one thing up: the list of `scope` cut to one id, with each term as a column beside it. The connection is that
/// of the transaction that goes on to read or write the thing.
///
/// # Errors
/// `NotFound` when there is no such thing or none that the scope shows: the two are not told apart.
pub async fn look_up<T: Thing>(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Token<T>, AccessError> {
    let columns = T::COLUMNS;
    let reasons = scope.why(&columns);
    let mut select = Query::select();
    select.expr_as(Expr::cust("1"), "found").from(columns.table);
    for (place, (_, holds)) in reasons.iter().enumerate() {
        select.expr_as(holds.clone(), format!("term_{place}"));
    }
    select
        .and_where(Expr::col((columns.table, columns.id)).eq(id))
        .cond_where(scope.condition_at_least(Sight::Stub, &columns));
    let row = connection.query_one(&select).await?.ok_or(AccessError::NotFound)?;

    let mut sight = Sight::None;
    let mut why = Vec::new();
    for (place, (grant, _)) in reasons.iter().enumerate() {
        if row.try_get::<i32>("", &format!("term_{place}"))? == 1 {
            sight = sight.max(grant.sight);
            why.push(grant.term);
        }
    }
    why.sort_unstable();
    why.dedup();
    Ok(Token { id, sight, why, thing: PhantomData })
}
