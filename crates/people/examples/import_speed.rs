//! How fast a grid is taken in: `cargo run --release -p people --example import_speed [rows]`. Reads, checks, seals,
//! links and publishes a generated file on SQLite in a temporary folder, then once more unchanged. What depends on the
//! disk is also a share of what the same disk does in the same run: rows of the same size into a table without indexes,
//! in transactions of the same length.
#![expect(clippy::unwrap_used, reason = "a measurement may break off")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use base::{AreaTree, Day, Entropy, ManualClock, Moment, OperationId, ResidentId};
use people::import::{BATCH_ROWS, File, Hands, Importer, Options};
use people::index::PeopleIndex;
use policy::Programs;
use store::bulk::{Target, insert_rows};
use store::schema::Schema;
use store::{ActorRef, Database, DatabaseUrl, Migration, Operation};
use texts::Language;

#[tokio::main]
async fn main() {
    let rows: u32 = std::env::args().nth(1).map_or(100_000, |text| text.parse().unwrap());
    let folder = tempfile::TempDir::new().unwrap();
    let clock = Arc::new(ManualClock::new(Moment(1_772_413_200_000)));
    let url = DatabaseUrl::in_folder(folder.path());
    let database = Database::open(&url, folder.path(), Entropy::from_seed(1), clock.clone()).await.unwrap();
    let migrations: Vec<_> =
        store::migrations().into_iter().chain(access::migrations()).chain(people::migrations()).collect();
    database.migrate(&migrations).await.unwrap();
    let programs = Arc::new(Programs::load(None).unwrap());
    let areas = Arc::new(AreaTree::shipped());
    let importer = Importer {
        hands: Hands {
            database: database.clone(),
            index: PeopleIndex::new(programs.linkage_model().unwrap().clone()),
            clock,
            city: areas.city(),
            actor: ActorRef::SYSTEM,
            operation: OperationId(Entropy::from_seed(2).uuid(Moment(0))),
        },
        programs: programs.clone(),
        area: areas.city(),
        areas,
        organisation: None,
    };
    let raw = raw_insert(folder.path(), rows).await;
    println!("raw: {raw:.0} rows/s into a bare table, {RAW_BYTES} bytes each, {BATCH_ROWS} in a transaction");
    let text = grid(rows);
    let feed = programs.feed("grid").unwrap();
    for pass in ["first", "again"] {
        let begin = Instant::now();
        let file = File { name: "grid.csv", bytes: text.as_bytes() };
        let options = Options { dry_run: false, language: Language::English };
        let report = importer.run(feed, file, options).await.unwrap();
        let seconds = begin.elapsed().as_secs_f64();
        let speed = f64::from(rows) / seconds;
        println!(
            "{pass}: {rows} rows in {seconds:.2} s, {speed:.0} rows/s, {:.0}% of raw",
            speed / raw * 100.0
        );
        println!("  {:?}", report.figures);
    }
}

/// What a row of the grid takes in all its tables, about.
const RAW_BYTES: usize = 1_100;

/// Rows per second into a table that has nothing but a key and bytes.
async fn raw_insert(folder: &Path, rows: u32) -> f64 {
    fn bare(schema: &mut Schema) {
        schema.create_table("bare", |table| {
            table.big_integer("id");
            table.bytes("payload");
            table.primary_key(&["id"]);
        });
    }
    let folder = folder.join("raw");
    let clock = Arc::new(ManualClock::new(Moment(0)));
    let url = DatabaseUrl::in_folder(&folder);
    let database = Database::open(&url, &folder, Entropy::from_seed(3), clock).await.unwrap();
    let mut migrations = store::migrations();
    migrations.push(Migration { name: "bench.0001_bare", up: bare });
    database.migrate(&migrations).await.unwrap();
    let begin = Instant::now();
    let all: Vec<i64> = (0..i64::from(rows)).collect();
    for chunk in all.chunks(BATCH_ROWS) {
        let id = OperationId(Entropy::from_seed(4).uuid(Moment(0)));
        let operation = Operation { id, name: "bench.insert", actor: ActorRef::SYSTEM, at: Moment(0) };
        let write = database.write(operation).await.unwrap();
        let values = chunk.iter().map(|id| [(*id).into(), vec![0xA5_u8; RAW_BYTES].into()]);
        let target = Target { table: "bare", columns: &["id", "payload"] };
        insert_rows(write.connection(), target, values).await.unwrap();
        write.save().await.unwrap();
    }
    f64::from(rows) / begin.elapsed().as_secs_f64()
}

const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "林", "高", "罗",
];
const GIVEN: [&str; 24] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "超", "秀",
    "霞", "平", "刚", "桂", "英", "华", "子",
];

fn grid(rows: u32) -> String {
    let mut text = "姓名,身份证号,性别,户号,与户主关系,联系电话,现住址,街道,社区\n".to_owned();
    for row in 0..rows {
        let mix = |salt: u32| (row.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(40_503)) >> 7;
        let pick = |salt: u32, count: u32| usize::try_from(mix(salt) % count).unwrap();
        let birth = Day::new(1940, 1, 1).unwrap().plus_days(i32::try_from(mix(1) % 31_000).unwrap());
        let order = u16::try_from(row % 900 + 1).unwrap();
        let number = ResidentId::compose(440_301 + row / 900 % 9, birth, order).unwrap();
        // One in twenty-five has no number.
        let number_text = if row % 25 == 0 { "" } else { number.as_str() };
        let (surname, one, two) = (
            SURNAMES.get(pick(2, 20)).unwrap(),
            GIVEN.get(pick(3, 24)).unwrap(),
            GIVEN.get(pick(4, 24)).unwrap(),
        );
        writeln!(
            text,
            "{surname}{one}{two},{number_text},{},H{},{},138{:08},留仙大道{}号{}栋{},西丽街道,大勘社区",
            number.sex().chinese(),
            row / 3,
            if row % 3 == 0 { "户主" } else { "子" },
            mix(5) % 100_000_000,
            row / 300,
            row / 30 % 10,
            row / 3 % 10 + 101,
        )
        .unwrap();
    }
    text
}
