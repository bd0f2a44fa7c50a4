//! Many rows, blobs and the office's clock.

#![cfg(test)]

use base::{Clock as _, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{Set, Value};
use store::bulk::{self, Target};
use store::testing::TestDatabase;
use store::{Migration, StoreError, blob, clock};
use uuid::Uuid;

store::on_both! { tables() =>
    many_rows_are_inserted_whatever_their_number,
    models_are_inserted_with_every_kind_of_value,
    a_row_of_another_width_is_refused,
    rows_are_updated_by_their_key,
    rows_that_are_there_are_overwritten,
    rows_that_are_there_are_left_alone,
    a_blob_comes_back_whole,
    a_blob_is_bounded,
    a_chunk_at_another_place_does_not_open,
    the_clock_only_goes_forward,
}

mod thing {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "thing")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub label: String,
        pub weight: Option<i64>,
        pub level: i32,
        pub share: Option<f64>,
        pub open: bool,
        #[sea_orm(column_type = "Blob")]
        pub sealed: Option<Vec<u8>>,
        pub other: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn tables() -> Vec<Migration> {
    let mut all = store::migrations();
    all.push(Migration {
        name: "test.0001_thing",
        up: |schema| {
            schema.create_table("thing", |table| {
                table.id();
                table.text("label");
                table.big_integer("weight").optional();
                table.integer("level");
                table.double("share").optional();
                table.boolean("open");
                table.sealed().optional();
                table.uuid("other").optional();
            });
            schema.create_table("narrow_thing", |table| {
                table.text("kind");
                table.bytes("hash");
                table.uuid("person");
                table.primary_key(&["kind", "hash"]);
                table.narrow();
            });
        },
    });
    all
}

fn model(number: u32) -> thing::Model {
    let some = !number.is_multiple_of(3);
    thing::Model {
        id: Uuid::from_u128(number.into()),
        label: format!("thing {number}"),
        weight: some.then_some(i64::MAX - i64::from(number)),
        level: -1,
        share: some.then_some(0.5),
        open: number.is_multiple_of(2),
        sealed: some.then(|| vec![0, 1, 255]),
        other: some.then_some(Uuid::from_u128(9)),
    }
}

async fn all(connection: &impl ConnectionTrait) -> Vec<thing::Model> {
    use sea_orm::QueryOrder;
    thing::Entity::find().order_by_asc(thing::Column::Id).all(connection).await.unwrap()
}

async fn put(database: &TestDatabase, count: u32) {
    let write = database.begin("test.put").await;
    let rows = (0..count).map(|number| {
        let values: [Value; 4] =
            [Uuid::from_u128(number.into()).into(), number.to_string().into(), 1.into(), true.into()];
        values
    });
    let target = Target { table: "thing", columns: &["id", "label", "level", "open"] };
    assert_eq!(bulk::insert_rows(write.connection(), target, rows).await.unwrap(), u64::from(count));
    write.save().await.unwrap();
}

async fn many_rows_are_inserted_whatever_their_number(database: TestDatabase) {
    for count in [0, 1, 127, 128, 129, 5_000] {
        let write = database.begin("test.clear").await;
        thing::Entity::delete_many().exec(write.connection()).await.unwrap();
        write.save().await.unwrap();
        put(&database, count).await;
        assert_eq!(all(database.read().await.unwrap().connection()).await.len(), count as usize);
    }
}

async fn models_are_inserted_with_every_kind_of_value(database: TestDatabase) {
    let models: Vec<_> = (0..300).map(model).collect();
    let write = database.begin("test.put").await;
    let active = models.iter().cloned().map(sea_orm::IntoActiveModel::into_active_model);
    assert_eq!(bulk::insert_many(write.connection(), active).await.unwrap(), 300);
    write.save().await.unwrap();
    assert_eq!(all(database.read().await.unwrap().connection()).await, models);

    let write = database.begin("test.put").await;
    let partial = thing::ActiveModel { id: Set(Uuid::from_u128(1_000)), ..Default::default() };
    assert!(bulk::insert_many(write.connection(), [partial]).await.is_err(), "every column must be set");
}

async fn a_row_of_another_width_is_refused(database: TestDatabase) {
    let write = database.begin("test.put").await;
    let target = Target { table: "thing", columns: &["id", "label"] };
    let rows: Vec<Vec<Value>> = vec![vec![Uuid::from_u128(1).into()], vec![1.into(), 2.into(), 3.into()]];
    assert!(bulk::insert_rows(write.connection(), target, rows).await.is_err());
}

async fn rows_are_updated_by_their_key(database: TestDatabase) {
    put(&database, 1_000).await;
    let write = database.begin("test.update").await;
    let rows = (500..1_500_u32).map(|number| {
        let values: [Value; 4] = [
            Uuid::from_u128(number.into()).into(),
            "changed".into(),
            (number % 2 == 0).then_some(i64::from(number)).into(),
            Option::<Uuid>::None.into(),
        ];
        values
    });
    let columns = ["label", "weight", "other"];
    let found = bulk::update_rows(write.connection(), "thing", "id", &columns, rows).await.unwrap();
    assert_eq!(found, 500, "rows that are not there are passed over");
    write.save().await.unwrap();
    let things = all(database.read().await.unwrap().connection()).await;
    assert_eq!((things[499].label.as_str(), things[499].weight), ("499", None));
    assert_eq!((things[500].label.as_str(), things[500].weight), ("changed", Some(500)));
    assert_eq!((things[501].label.as_str(), things[501].weight), ("changed", None));
}

async fn rows_that_are_there_are_overwritten(database: TestDatabase) {
    let target = Target { table: "narrow_thing", columns: &["kind", "hash", "person"] };
    let row = |hash: u8, person: u128| -> [Value; 3] {
        ["phone".into(), vec![hash].into(), Uuid::from_u128(person).into()]
    };
    let write = database.begin("test.put").await;
    bulk::insert_rows(write.connection(), target, [row(1, 1), row(2, 2)]).await.unwrap();
    bulk::upsert_rows(write.connection(), target, &["kind", "hash"], [row(2, 20), row(3, 3)]).await.unwrap();
    let select =
        Query::select().column("person").from("narrow_thing").order_by("hash", Order::Asc).to_owned();
    let rows = write.connection().query_all(&select).await.unwrap();
    let persons: Vec<Uuid> = rows.iter().map(|row| row.try_get("", "person").unwrap()).collect();
    assert_eq!(persons, [1, 20, 3].map(Uuid::from_u128));
    let clash = bulk::insert_rows(write.connection(), target, [row(3, 4)]).await.unwrap_err();
    assert!(matches!(clash, StoreError::Duplicate), "{clash}");
}

async fn rows_that_are_there_are_left_alone(database: TestDatabase) {
    let target = Target { table: "narrow_thing", columns: &["kind", "hash", "person"] };
    let row = |hash: u8, person: u128| -> [Value; 3] {
        ["phone".into(), vec![hash].into(), Uuid::from_u128(person).into()]
    };
    let write = database.begin("test.put").await;
    bulk::insert_rows(write.connection(), target, [row(1, 1), row(2, 2)]).await.unwrap();
    let rows = [row(2, 20), row(3, 3), row(4, 4)];
    let missing =
        bulk::insert_missing_rows(write.connection(), target, &["kind", "hash"], rows).await.unwrap();
    assert_eq!(missing, 2, "only those that were not there are counted");
    let select =
        Query::select().column("person").from("narrow_thing").order_by("hash", Order::Asc).to_owned();
    let rows = write.connection().query_all(&select).await.unwrap();
    let persons: Vec<Uuid> = rows.iter().map(|row| row.try_get("", "person").unwrap()).collect();
    assert_eq!(persons, [1, 2, 3, 4].map(Uuid::from_u128));
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|place| u8::try_from(place % 251).unwrap()).collect()
}

async fn a_blob_comes_back_whole(database: TestDatabase) {
    for count in
        [0, 1, blob::CHUNK_BYTES - 1, blob::CHUNK_BYTES, blob::CHUNK_BYTES + 1, 3 * blob::CHUNK_BYTES + 7]
    {
        let content = bytes(count);
        let write = database.begin("test.put").await;
        let mut writer = blob::BlobWriter::new(&write, u64::MAX).await.unwrap();
        for piece in content.chunks(700_001) {
            writer.push(piece).await.unwrap();
        }
        let id = writer.finish().await.unwrap();
        write.save().await.unwrap();
        let read = database.read().await.unwrap();
        let back = blob::get(read.connection(), read.keys(), id, u64::MAX).await.unwrap();
        assert!(back == content, "{count} bytes");
    }
}

async fn a_blob_is_bounded(database: TestDatabase) {
    let write = database.begin("test.put").await;
    let mut writer = blob::BlobWriter::new(&write, 10).await.unwrap();
    writer.push(&[0; 10]).await.unwrap();
    assert!(matches!(writer.push(&[0]).await, Err(StoreError::TooLarge { limit_bytes: 10 })));

    let id = blob::put(&write, &[0; 100]).await.unwrap();
    let too_large = blob::get(write.connection(), write.keys(), id, 99).await;
    assert!(matches!(too_large, Err(StoreError::TooLarge { limit_bytes: 99 })));
    blob::delete(&write, id).await.unwrap();
    assert!(matches!(blob::get(write.connection(), write.keys(), id, 100).await, Err(StoreError::NotFound)));
}

async fn a_chunk_at_another_place_does_not_open(database: TestDatabase) {
    let write = database.begin("test.put").await;
    let id = blob::put(&write, &bytes(2 * blob::CHUNK_BYTES)).await.unwrap();
    for (from, to) in [(0, 7), (1, 0), (7, 1)] {
        let swap = Query::update()
            .table("blob_chunk")
            .value("ordinal", to)
            .and_where(Expr::col("blob").eq(id))
            .and_where(Expr::col("ordinal").eq(from))
            .to_owned();
        write.connection().execute(&swap).await.unwrap();
    }
    assert!(blob::get(write.connection(), write.keys(), id, u64::MAX).await.is_err());
}

async fn the_clock_only_goes_forward(database: TestDatabase) {
    let office = clock::OfficeClock::new(database.shared_clock());
    assert_eq!(office.now(), database.clock().now());
    let write = database.begin("test.advance").await;
    assert_eq!(clock::advance(&write, 1_000).await.unwrap(), 1_000);
    assert_eq!(clock::advance(&write, 500).await.unwrap(), 1_500);
    assert!(matches!(clock::advance(&write, -1).await, Err(StoreError::Refused(_))));
    write.save().await.unwrap();
    office.refresh(&database).await.unwrap();
    assert_eq!(office.now(), Moment(database.clock().now().0 + 1_500));
    assert_eq!(clock::read(database.read().await.unwrap().connection()).await.unwrap(), 1_500);
}
