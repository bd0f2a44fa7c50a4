//! Transactions: kept when saved, gone when not, one writer at a time on SQLite, one snapshot for a reader.

#![cfg(test)]

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use store::bulk::{Target, insert_rows};
use store::testing::TestDatabase;
use store::{Migration, StoreError, Write};

store::on_both! { tables() =>
    what_is_saved_is_kept,
    what_is_not_saved_is_gone,
    a_reader_sees_one_snapshot_and_cannot_write,
    ids_of_one_transaction_sort_in_their_order,
    a_key_that_is_there_is_a_duplicate,
    who_edits_an_older_version_is_told,
    a_writer_waits_for_the_disk_unless_told_otherwise,
}

fn tables() -> Vec<Migration> {
    let mut all = store::migrations();
    all.push(Migration {
        name: "test.0001_thing",
        up: |schema| {
            schema.create_table("thing", |table| {
                table.id();
                table.text("label").unique();
                table.version().default(1);
            });
        },
    });
    all
}

async fn put(write: &Write, label: &str) -> Result<(), StoreError> {
    let row: [Value; 2] = [write.new_id().into(), label.into()];
    insert_rows(write.connection(), Target { table: "thing", columns: &["id", "label"] }, [row]).await?;
    Ok(())
}

async fn labels(connection: &impl ConnectionTrait) -> Vec<String> {
    let select = Query::select().column("label").from("thing").order_by("id", sea_orm::Order::Asc).to_owned();
    let rows = connection.query_all(&select).await.unwrap();
    rows.iter().map(|row| row.try_get("", "label").unwrap()).collect()
}

async fn what_is_saved_is_kept(database: TestDatabase) {
    let write = database.begin("test.put").await;
    put(&write, "first").await.unwrap();
    write.save().await.unwrap();

    let other = database.open_again(2).await;
    assert_eq!(labels(other.read().await.unwrap().connection()).await, ["first"]);
}

async fn what_is_not_saved_is_gone(database: TestDatabase) {
    let write = database.begin("test.put").await;
    put(&write, "forgotten").await.unwrap();
    drop(write);

    let write = database.begin("test.put").await;
    assert_eq!(labels(write.connection()).await, [""; 0], "the next writer begins on clean ground");
}

async fn a_reader_sees_one_snapshot_and_cannot_write(database: TestDatabase) {
    let read = database.read().await.unwrap();
    assert_eq!(labels(read.connection()).await.len(), 0);

    let write = database.begin("test.put").await;
    put(&write, "later").await.unwrap();
    write.save().await.unwrap();

    assert_eq!(labels(read.connection()).await.len(), 0, "the snapshot stands");
    assert_eq!(labels(database.read().await.unwrap().connection()).await, ["later"]);
    let delete = Query::delete().from_table("thing").and_where(Expr::col("label").eq("later")).to_owned();
    read.connection().execute(&delete).await.unwrap_err();
}

async fn ids_of_one_transaction_sort_in_their_order(database: TestDatabase) {
    let write = database.begin("test.put").await;
    let ids: Vec<_> = (0..1_000).map(|_| write.new_id()).collect();
    assert!(ids.is_sorted());
    assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
}

async fn a_key_that_is_there_is_a_duplicate(database: TestDatabase) {
    let write = database.begin("test.put").await;
    put(&write, "once").await.unwrap();
    let again = put(&write, "once").await.unwrap_err();
    assert!(matches!(again, StoreError::Duplicate), "{again}");
    assert!(!again.to_string().contains("once"), "an error carries no value of a row");
}

async fn who_edits_an_older_version_is_told(database: TestDatabase) {
    let write = database.begin("test.put").await;
    put(&write, "draft").await.unwrap();
    let id: uuid::Uuid = {
        let select = Query::select().column("id").from("thing").to_owned();
        write.connection().query_one(&select).await.unwrap().unwrap().try_get("", "id").unwrap()
    };
    write.save().await.unwrap();

    let first = database.begin("test.edit").await;
    first.edit("thing", id, 1, [("label", "mine".into())]).await.unwrap();
    first.save().await.unwrap();

    let second = database.begin("test.edit").await;
    let late = second.edit("thing", id, 1, [("label", "yours".into())]).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let gone = second.edit("thing", uuid::Uuid::nil(), 1, [("label", "nobody's".into())]).await;
    assert!(matches!(gone, Err(StoreError::NotFound)), "{gone:?}");
    second.edit("thing", id, 2, [("label", "yours".into())]).await.unwrap();
    assert_eq!(labels(second.connection()).await, ["yours"]);
}

/// Handlers of requests run on many threads.
#[test]
fn transactions_and_their_futures_can_change_threads() {
    fn is_send<T: Send>(_value: T) {}
    fn check(database: &store::Database, write: Write, operation: store::Operation) {
        is_send(database.read());
        is_send(database.write(operation));
        is_send(write.record(store::Event::default()));
        is_send(write.enqueue("test.nothing", &(), base::Moment(0)));
        is_send(write.edit("thing", uuid::Uuid::nil(), 1, [("label", Value::from(1))]));
        is_send(put(&write, ""));
        is_send(write.save());
    }
    let _ = check;
}

/// Whether a writing transaction waits for the disk, as the database itself says.
async fn waits_for_disk(database: &TestDatabase) -> bool {
    let write = database.begin("test.ask").await;
    let backend = write.connection().get_database_backend();
    let asked = match backend {
        DbBackend::Postgres => "SHOW synchronous_commit",
        _ => "PRAGMA synchronous",
    };
    let answer = write.connection().query_one_raw(Statement::from_string(backend, asked)).await;
    let answer = answer.unwrap().unwrap();
    match backend {
        DbBackend::Postgres => answer.try_get_by_index::<String>(0).unwrap() != "off",
        _ => answer.try_get_by_index::<i32>(0).unwrap() == 2,
    }
}

async fn a_writer_waits_for_the_disk_unless_told_otherwise(database: TestDatabase) {
    let at_first = waits_for_disk(&database).await;
    database.set_waits_for_disk(false).await.unwrap();
    assert!(!waits_for_disk(&database).await);
    let write = database.begin("test.put").await;
    put(&write, "soon on the disk").await.unwrap();
    write.save().await.unwrap();
    database.set_waits_for_disk(true).await.unwrap();
    // The tests' own PostgreSQL never waits.
    assert_eq!(waits_for_disk(&database).await, at_first);
    assert_eq!(labels(database.read().await.unwrap().connection()).await, ["soon on the disk"]);
}
