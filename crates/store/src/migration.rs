//! The history of the schema: which steps there are, which are applied, and what to do about the difference.

use std::collections::HashSet;

use base::Moment;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use crate::schema::{Migration, Schema};
use crate::{StoreError, blob, clock, jobs, journal};

/// The store's own tables beyond those that it needs to be opened.
pub fn migrations() -> Vec<Migration> {
    let first = [journal::migrations(), jobs::migrations(), blob::migrations(), clock::migrations()];
    [first.concat(), journal::later_migrations()].concat()
}

/// The two tables that must be there before any migration: the list of applied ones, and the wrapped keys.
fn ground(schema: &mut Schema) {
    schema.create_table("migration", |table| {
        table.text("name");
        table.integer("place");
        table.moment("applied_at");
        table.primary_key(&["name"]);
    });
    schema.create_table("data_key", |table| {
        table.integer("id");
        table.text("purpose");
        table.bytes("wrapped");
        table.moment("made_at");
        table.primary_key(&["id"]);
    });
}

/// Lays the ground if it is not there, keeping other processes out until `transaction` ends.
pub(crate) async fn lay_ground(transaction: &DatabaseTransaction) -> Result<(), StoreError> {
    crate::write::lock(transaction, "store.migration").await?;
    if has_ground(transaction).await? {
        return Ok(());
    }
    let mut schema = Schema::default();
    ground(&mut schema);
    schema.apply(transaction).await
}

/// Whether the table `migration` is there. The two databases keep their lists of tables in different places.
async fn has_ground(connection: &DatabaseTransaction) -> Result<bool, StoreError> {
    let mut select = Query::select();
    match connection.get_database_backend() {
        DbBackend::Sqlite => {
            select.column("name").from("sqlite_master").and_where(Expr::col("name").eq("migration"))
        }
        _ => select
            .column("tablename")
            .from("pg_tables")
            .and_where(Expr::col("tablename").eq("migration"))
            .and_where(Expr::col("schemaname").eq(Expr::cust("current_schema()"))),
    };
    Ok(connection.query_one(&select).await?.is_some())
}

/// Applies those of `wanted` that are not applied yet, in order, inside `transaction`; returns their names.
///
/// # Errors
/// `Refused` if a name stands twice in `wanted` or the database has a migration that is not among them (it was made
/// by a newer version).
pub(crate) async fn apply(
    transaction: &DatabaseTransaction,
    wanted: &[Migration],
    now: Moment,
) -> Result<Vec<&'static str>, StoreError> {
    crate::write::lock(transaction, "store.migration").await?;
    let missing = missing(transaction, wanted).await?;
    let first_place = wanted.len() - missing.len();
    let mut names = Vec::with_capacity(missing.len());
    for (place, migration) in (first_place..).zip(missing) {
        let mut schema = Schema::default();
        (migration.up)(&mut schema);
        schema.apply(transaction).await?;
        let insert = Query::insert()
            .into_table("migration")
            .columns(["name", "place", "applied_at"])
            .values_panic([
                migration.name.into(),
                i32::try_from(place).map_err(StoreError::internal)?.into(),
                now.0.into(),
            ])
            .to_owned();
        transaction.execute(&insert).await?;
        names.push(migration.name);
    }
    Ok(names)
}

/// Those of `wanted` that `connection` does not have.
pub(crate) async fn missing(
    connection: &DatabaseTransaction,
    wanted: &[Migration],
) -> Result<Vec<Migration>, StoreError> {
    let mut names = HashSet::new();
    for migration in wanted {
        if !names.insert(migration.name) {
            return Err(StoreError::Refused(format!("two migrations are named {}", migration.name)));
        }
    }
    let select = Query::select().column("name").from("migration").order_by("place", Order::Asc).to_owned();
    let mut applied = HashSet::new();
    for row in connection.query_all(&select).await? {
        let name: String = row.try_get("", "name")?;
        if !names.contains(name.as_str()) {
            return Err(StoreError::Refused(format!(
                "the database was made by a newer version of this program (it has the step {name}); install that version \
                 or a later one"
            )));
        }
        applied.insert(name);
    }
    Ok(wanted.iter().filter(|migration| !applied.contains(migration.name)).copied().collect())
}
