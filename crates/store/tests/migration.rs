//! The schema's history, and that both databases have the same schema.

#![cfg(test)]

use sea_orm::ConnectionTrait;
use store::testing::{self, TestDatabase};
use store::{Migration, StoreError, TableSketch};

store::on_both! { store::migrations() =>
    applied_steps_are_not_applied_again,
    a_later_step_is_applied_to_rows_that_are_there,
    a_column_is_taken_out_of_rows_that_are_there,
    a_database_of_a_newer_version_is_refused,
    a_step_that_fails_leaves_nothing_behind,
}

const LATER: Migration = Migration {
    name: "test.0001_later",
    up: |schema| {
        schema.add_column("journal", |table| {
            table.integer("weight").default(3);
            table.text("note").optional();
        });
    },
};

fn with(step: Migration) -> Vec<Migration> {
    [store::migrations(), vec![step]].concat()
}

async fn applied_steps_are_not_applied_again(database: TestDatabase) {
    assert_eq!(database.migrate(&store::migrations()).await.unwrap(), [""; 0]);
    assert_eq!(database.pending_migrations(&with(LATER)).await.unwrap(), [LATER.name]);
}

async fn a_later_step_is_applied_to_rows_that_are_there(database: TestDatabase) {
    let write = database.begin("test.record").await;
    write.record(store::Event { kind: "test.happened", ..Default::default() }).await.unwrap();
    write.save().await.unwrap();

    assert_eq!(database.migrate(&with(LATER)).await.unwrap(), [LATER.name]);
    let read = database.read().await.unwrap();
    let select = sea_orm::sea_query::Query::select().columns(["weight", "note"]).from("journal").to_owned();
    let row = read.connection().query_one(&select).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i32>("", "weight").unwrap(), 3);
    assert_eq!(row.try_get::<Option<String>>("", "note").unwrap(), None);
}

async fn a_column_is_taken_out_of_rows_that_are_there(database: TestDatabase) {
    database.migrate(&with(LATER)).await.unwrap();
    let write = database.begin("test.record").await;
    write.record(store::Event { kind: "test.happened", ..Default::default() }).await.unwrap();
    write.save().await.unwrap();
    let without = Migration { name: "test.0002_without", up: |schema| schema.drop_column("journal", "note") };
    let steps = [with(LATER), vec![without]].concat();
    assert_eq!(database.migrate(&steps).await.unwrap(), [without.name]);
    let columns = testing::schema_of(&database).await;
    assert!(columns.contains("column journal.weight") && !columns.contains("column journal.note null"));
    let read = database.read().await.unwrap();
    let select = sea_orm::sea_query::Query::select().column("weight").from("journal").to_owned();
    assert_eq!(read.connection().query_all(&select).await.unwrap().len(), 1, "the row is still there");
}

async fn a_database_of_a_newer_version_is_refused(database: TestDatabase) {
    database.migrate(&with(LATER)).await.unwrap();
    let refused = database.migrate(&store::migrations()).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Refused(text) if text.contains(LATER.name)), "{refused}");
    let twice = [store::migrations(), store::migrations()].concat();
    assert!(matches!(database.migrate(&twice).await.unwrap_err(), StoreError::Refused(_)));
}

async fn a_step_that_fails_leaves_nothing_behind(database: TestDatabase) {
    let broken = Migration {
        name: "test.0001_broken",
        up: |schema| {
            schema.create_table("half", TableSketch::id);
            schema.index("there_is_no_such_table", &["id"]);
        },
    };
    database.migrate(&with(broken)).await.unwrap_err();
    let whole =
        Migration { name: "test.0001_whole", up: |schema| schema.create_table("half", TableSketch::id) };
    assert_eq!(database.migrate(&with(whole)).await.unwrap(), ["test.0001_whole"]);
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let migrations = with(LATER);
    let (sqlite, postgres) = (testing::sqlite(&migrations).await, testing::postgres(&migrations).await);
    let (one, other) = (testing::schema_of(&sqlite).await, testing::schema_of(&postgres).await);
    for line in [
        "column journal.subject null",
        "index journal unique (number)",
        "index blob_chunk unique (blob, ordinal)",
    ] {
        assert!(one.contains(line), "{line} is not in {one:#?}");
    }
    assert_eq!(one, other);
}
