//! How fast the store is on this machine: `cargo run --release -p store --example speed [sqlite:…|postgres:…]`.
//!
//! Sealing on one core; rows of 20 columns inserted, updated and overwritten in transactions of 5,000; journal entries
//! recorded and numbered; small transactions one after the other.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use base::{Entropy, ManualClock, Moment, OperationId};
use sea_orm::Value;
use serde::Serialize;
use store::bulk::{self, Target};
use store::{ActorRef, Database, DatabaseUrl, Event, Migration, Operation, Write, journal};
use uuid::Uuid;

const ROWS: u32 = 200_000;
const ROWS_IN_TRANSACTION: u32 = 5_000;

const COLUMNS: [&str; 20] = [
    "id",
    "kind",
    "state",
    "at",
    "city_id",
    "district_id",
    "subdistrict_id",
    "community_id",
    "row_key",
    "content",
    "person",
    "delivery",
    "number",
    "birth_month",
    "sex",
    "flags",
    "weight",
    "changed_at",
    "version",
    "sealed",
];

#[derive(Serialize)]
struct Personal {
    name: String,
    identity_number: String,
    phones: Vec<String>,
    address: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let url = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => DatabaseUrl::in_folder(folder.path()),
    };
    let clock = Arc::new(ManualClock::new(Moment(1_772_413_200_000)));
    let database = Database::open(&url, folder.path(), Entropy::from_seed(1), clock).await?;
    database.migrate(&[store::migrations(), vec![TABLE]].concat()).await?;
    println!("{url:?}");
    sealing(&database)?;
    rows(&database).await?;
    entries(&database).await?;
    small_transactions(&database).await
}

const TABLE: Migration = Migration {
    name: "speed.0001_row",
    up: |schema| {
        schema.create_table("speed_row", |table| {
            table.id();
            table.text("kind");
            table.text("state");
            table.moment("at");
            table.area();
            table.bytes("row_key");
            table.bytes("content");
            table.uuid("person").optional();
            table.uuid("delivery");
            table.big_integer("number");
            table.integer("birth_month").optional();
            table.integer("sex");
            table.integer("flags");
            table.double("weight").optional();
            table.moment("changed_at");
            table.version();
            table.sealed();
        });
    },
};

fn personal(number: u32) -> Personal {
    Personal {
        name: "欧阳梓涵".to_owned(),
        identity_number: format!("44030620150101{number:04}"),
        phones: vec![format!("138{number:08}")],
        address: "深圳市宝安区新安街道海旺社区宝民一路 12 号 3 栋 402".to_owned(),
    }
}

fn tell(what: &str, count: u32, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    println!("{what:<46} {:>12.0} a second", f64::from(count) / seconds);
}

fn sealing(database: &Database) -> anyhow::Result<()> {
    let keys = database.keys();
    let person = personal(7);
    let began = Instant::now();
    let mut sealed = Vec::new();
    for _time in 0..1_000_000 {
        sealed = keys.seal("speed_row", Uuid::from_u128(1), &person)?;
    }
    tell(&format!("values sealed ({} bytes)", sealed.len()), 1_000_000, began);
    let began = Instant::now();
    for _time in 0..1_000_000 {
        let _value: serde::de::IgnoredAny = keys.open("speed_row", Uuid::from_u128(1), &sealed)?;
    }
    tell("values opened", 1_000_000, began);
    let began = Instant::now();
    for _time in 0..1_000_000 {
        std::hint::black_box(keys.hash("phone", "13812345678"));
    }
    tell("keyed hashes", 1_000_000, began);
    Ok(())
}

fn row(write: &Write, number: u32) -> anyhow::Result<[Value; 20]> {
    let id = write.new_id();
    let key = number.to_be_bytes();
    let sealed = write.keys().seal("speed_row", id, &personal(number))?;
    Ok([
        id.into(),
        "grid".into(),
        "current".into(),
        write.at().0.into(),
        1.into(),
        Some(2).into(),
        Some(30).into(),
        Some(400).into(),
        write.keys().hash_bytes("row_key", &key).into(),
        write.keys().hash_bytes("content", &key).into(),
        Some(id).into(),
        Uuid::from_u128(5).into(),
        i64::from(number).into(),
        Some(2015 * 12).into(),
        1.into(),
        0.into(),
        Some(0.5).into(),
        write.at().0.into(),
        1.into(),
        sealed.into(),
    ])
}

async fn rows(database: &Database) -> anyhow::Result<()> {
    let target = Target { table: "speed_row", columns: &COLUMNS };
    let mut ids = Vec::new();
    let began = Instant::now();
    for batch in 0..ROWS / ROWS_IN_TRANSACTION {
        let write = begin(database).await?;
        let rows: Vec<_> = (0..ROWS_IN_TRANSACTION)
            .map(|number| row(&write, batch * ROWS_IN_TRANSACTION + number))
            .collect::<Result<_, _>>()?;
        ids.extend(rows.iter().map(|row| row.first().cloned()));
        bulk::insert_rows(write.connection(), target, rows).await?;
        write.save().await?;
    }
    tell("rows of 20 columns sealed and inserted", ROWS, began);

    let ids: Vec<Value> = ids.into_iter().collect::<Option<_>>().context("each row has an id")?;
    let began = Instant::now();
    for some in ids.chunks(ROWS_IN_TRANSACTION as usize) {
        let write = begin(database).await?;
        let rows = some.iter().map(|id| [id.clone(), "gone".into(), 2.into()]);
        bulk::update_rows(write.connection(), "speed_row", "id", &["state", "version"], rows).await?;
        write.save().await?;
    }
    tell("rows updated by their key", ROWS, began);

    let began = Instant::now();
    for some in ids.chunks(ROWS_IN_TRANSACTION as usize) {
        let write = begin(database).await?;
        let rows = (0..).zip(some).map(|(number, id)| {
            row(&write, number).map(|mut row| {
                row[0] = id.clone();
                row
            })
        });
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        bulk::upsert_rows(write.connection(), target, &["id"], rows).await?;
        write.save().await?;
    }
    tell("rows of 20 columns sealed and overwritten", ROWS, began);
    Ok(())
}

async fn entries(database: &Database) -> anyhow::Result<()> {
    const ENTRIES: u32 = 50_000;
    let began = Instant::now();
    for _batch in 0..ENTRIES / ROWS_IN_TRANSACTION {
        let write = begin(database).await?;
        let event =
            Event { kind: "speed.happened", after: serde_json::to_value(personal(1))?, ..Event::default() };
        write.record_all(vec![event; ROWS_IN_TRANSACTION as usize]).await?;
        write.save().await?;
    }
    tell("journal entries recorded", ENTRIES, began);
    let began = Instant::now();
    journal::sequence(database).await?;
    tell("journal entries numbered", ENTRIES, began);
    let began = Instant::now();
    let verdict = journal::verify(&database.read().await?, database.machine_now(), &[], &[]).await?;
    anyhow::ensure!(verdict.fault.is_none(), "the journal does not hold");
    tell("journal entries verified", ENTRIES, began);
    Ok(())
}

async fn small_transactions(database: &Database) -> anyhow::Result<()> {
    let began = Instant::now();
    for _time in 0..500 {
        let write = begin(database).await?;
        write.record(Event { kind: "speed.read", ..Event::default() }).await?;
        write.save().await?;
    }
    tell("transactions of one entry, one after the other", 500, began);
    Ok(())
}

async fn begin(database: &Database) -> anyhow::Result<Write> {
    let at = database.machine_now();
    let id = OperationId(database.entropy().uuid(at));
    Ok(database.write(Operation { id, name: "speed.write", actor: ActorRef::SYSTEM, at }).await?)
}
