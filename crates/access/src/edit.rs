//! Saving what a person edited, if nobody saved first.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, EntityTrait, QueryFilter, Value};
use store::Write;

use crate::AccessError;

/// Writes `changes`, the next version among them, to the row `id` if it still is the `version` that the editor had read.
///
/// # Errors
/// `Conflict` if somebody else saved first.
pub(crate) async fn save_over<A: ActiveModelTrait>(
    write: &Write,
    id: impl Into<Value>,
    version: i32,
    changes: A,
) -> Result<(), AccessError> {
    let changed = <A::Entity as EntityTrait>::update_many()
        .set(changes)
        .filter(Expr::col("id").eq(id.into()))
        .filter(Expr::col("version").eq(version))
        .exec(write.connection())
        .await?;
    if changed.rows_affected == 0 { Err(AccessError::Conflict) } else { Ok(()) }
}
