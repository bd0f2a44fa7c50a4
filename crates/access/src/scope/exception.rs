//! Sealed files, barred relatives and people who are named in person: the rows that narrow or widen a scope one by
//! one.

use base::{AccountId, PersonId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::json;
use store::{Event, Write};
use uuid::Uuid;

use super::Token;
use super::condition::any_row;
use crate::AccessError;

/// The most rows of one account or one person that are listed.
const LIST_LIMIT: u64 = 200;

/// No row of `sealed_person` names the person in `column`.
pub(super) fn not_sealed(column: (&'static str, &'static str)) -> Expr {
    let mut rows = any_row("sealed_person");
    rows.and_where(Expr::col(("sealed_person", "person_id")).equals(column));
    Expr::not_exists(rows)
}

/// No row of `barred` keeps `account` from the person in `column`.
pub(super) fn not_barred(account: AccountId, column: (&'static str, &'static str)) -> Expr {
    let mut rows = any_row("barred");
    rows.and_where(Expr::col(("barred", "person_id")).equals(column))
        .and_where(Expr::col(("barred", "account_id")).eq(account.0));
    Expr::not_exists(rows)
}

/// Seals a person's file: from now on only roles that see sealed files see anything about this person. Sealing twice
/// changes nothing.
pub async fn seal_person(write: &Write, person: PersonId) -> Result<(), AccessError> {
    let insert = Query::insert()
        .into_table("sealed_person")
        .columns(["person_id", "sealed_at"])
        .values_panic([person.0.into(), write.at().0.into()])
        .on_conflict(OnConflict::column("person_id").do_nothing().to_owned())
        .to_owned();
    if write.connection().execute(&insert).await?.rows_affected() > 0 {
        write
            .record(Event { kind: "access.person_sealed", subject: Some(person), ..Event::default() })
            .await?;
    }
    Ok(())
}

/// Opens a sealed file again.
pub async fn unseal_person(write: &Write, person: PersonId) -> Result<(), AccessError> {
    let delete =
        Query::delete().from_table("sealed_person").and_where(Expr::col("person_id").eq(person.0)).to_owned();
    if write.connection().execute(&delete).await?.rows_affected() > 0 {
        write
            .record(Event { kind: "access.person_unsealed", subject: Some(person), ..Event::default() })
            .await?;
    }
    Ok(())
}

/// Bars an account from everything about a person: a relative, a party to a quarrel. No role lifts it. Barring twice
/// changes nothing.
pub async fn bar(write: &Write, account: AccountId, person: PersonId) -> Result<(), AccessError> {
    let insert = Query::insert()
        .into_table("barred")
        .columns(["account_id", "person_id", "barred_at"])
        .values_panic([account.0.into(), person.0.into(), write.at().0.into()])
        .on_conflict(OnConflict::columns(["account_id", "person_id"]).do_nothing().to_owned())
        .to_owned();
    if write.connection().execute(&insert).await?.rows_affected() > 0 {
        record(write, "access.account_barred", account, person).await?;
    }
    Ok(())
}

/// Lifts a bar.
pub async fn unbar(write: &Write, account: AccountId, person: PersonId) -> Result<(), AccessError> {
    let delete = Query::delete()
        .from_table("barred")
        .and_where(Expr::col("account_id").eq(account.0))
        .and_where(Expr::col("person_id").eq(person.0))
        .to_owned();
    if write.connection().execute(&delete).await?.rows_affected() > 0 {
        record(write, "access.account_unbarred", account, person).await?;
    }
    Ok(())
}

/// The accounts that are barred from a person, at most 200.
pub async fn barred_from(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<AccountId>, AccessError> {
    let select = Query::select()
        .column("account_id")
        .from("barred")
        .and_where(Expr::col("person_id").eq(person.0))
        .limit(LIST_LIMIT)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Ok(AccountId(row.try_get::<Uuid>("", "account_id")?))).collect()
}

/// Names an account on a thing, which it then sees by the term `named`: a lawyer on one case. Whoever does so shows by
/// the token that the thing is theirs to see. Naming twice changes nothing.
pub async fn name_on<T>(write: &Write, thing: &Token<T>, account: AccountId) -> Result<(), AccessError> {
    let insert = Query::insert()
        .into_table("named")
        .columns(["thing_id", "account_id", "named_at"])
        .values_panic([thing.id().into(), account.0.into(), write.at().0.into()])
        .on_conflict(OnConflict::columns(["thing_id", "account_id"]).do_nothing().to_owned())
        .to_owned();
    if write.connection().execute(&insert).await?.rows_affected() > 0 {
        let after = json!({ "thing": thing.id(), "account": account });
        write.record(Event { kind: "access.account_named", after, ..Event::default() }).await?;
    }
    Ok(())
}

/// Takes an account off a thing again.
pub async fn take_off<T>(write: &Write, thing: &Token<T>, account: AccountId) -> Result<(), AccessError> {
    let delete = Query::delete()
        .from_table("named")
        .and_where(Expr::col("thing_id").eq(thing.id()))
        .and_where(Expr::col("account_id").eq(account.0))
        .to_owned();
    if write.connection().execute(&delete).await?.rows_affected() > 0 {
        let before = json!({ "thing": thing.id(), "account": account });
        write.record(Event { kind: "access.account_taken_off", before, ..Event::default() }).await?;
    }
    Ok(())
}

async fn record(
    write: &Write,
    kind: &'static str,
    account: AccountId,
    person: PersonId,
) -> Result<(), AccessError> {
    let after = json!({ "account": account });
    write.record(Event { kind, subject: Some(person), after, ..Event::default() }).await?;
    Ok(())
}
