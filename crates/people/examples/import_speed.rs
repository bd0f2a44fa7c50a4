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

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
        let (begin, worked) = (Instant::now(), processor_seconds());
        let file = File { name: "grid.csv", bytes: text.as_bytes() };
        let options = Options { dry_run: false, language: Language::English };
        let report = importer.run(feed, file, options).await.unwrap();
        let seconds = begin.elapsed().as_secs_f64();
        let speed = f64::from(rows) / seconds;
        println!(
            "{pass}: {rows} rows in {seconds:.2} s, {speed:.0} rows/s, {:.0}% of raw",
            speed / raw * 100.0
        );
        let worked = processor_seconds() - worked;
        println!("  {worked:.2} s of processor time, {:.0} rows a second of it", f64::from(rows) / worked);
        println!("  {:?}", report.figures);
    }
}

/// Seconds that all threads of this process have worked, in the kernel too: what a busy machine does not change.
/// Zero where the system does not say.
fn processor_seconds() -> f64 {
    /// Fields of `/proc/self/stat` behind the name, counted from the state: user and system time in ticks.
    const USER: usize = 11;
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(USER).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_SECOND
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

/// Surnames, the frequent ones first; how often each is drawn falls with its place, as in the census.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔\
                        谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴莫孔向汤";
/// Characters of given names, the frequent ones first.
const GIVEN: &str = "英华明秀文玉红国丽春梅平军建海小志金桂德燕芳永云荣霞艳林伟俊晓桃雪敏淑静东生强婷兰忠辉梓清杰勇娟宇凤少宏子光\
                     永飞玲梦珍新佳福成峰翠慧学雨家波洪彩秋浩思琴美世龙心涛瑞祥欣诗琪涵轩泽睿晨嘉怡悦萱博航昊然";

/// A city's grid: 22 people in a building, three in a household, names about as common as they are.
fn grid(rows: u32) -> String {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let mut text = "姓名,身份证号,性别,户号,与户主关系,联系电话,现住址,街道,社区\n".to_owned();
    for row in 0..rows {
        let draw = |salt: u32, below: u32| u32::try_from(mixed(row, salt) % u64::from(below)).unwrap();
        // The lower of two draws: the front is frequent, the end is rare.
        let pick = |from: &[char], salt: u32| {
            let count = u32::try_from(from.len()).unwrap();
            let place = draw(salt, count).min(draw(salt + 1, count));
            from.get(usize::try_from(place).unwrap()).copied().unwrap()
        };
        let mut name = String::from(pick(&surnames, 0));
        name.push(pick(&given, 2));
        if draw(4, 6) > 0 {
            name.push(pick(&given, 5));
        }
        let birth = Day::new(1940, 1, 1).unwrap().plus_days(i32::try_from(draw(7, 31_000)).unwrap());
        let order = u16::try_from(draw(8, 999) + 1).unwrap();
        let number = ResidentId::compose(440_301 + draw(9, 9), birth, order).unwrap();
        // One in twenty-five has no number.
        let number_text = if row % 25 == 0 { "" } else { number.as_str() };
        writeln!(
            text,
            "{name},{number_text},{},H{},{},138{:08},留仙大道{}号{}栋{},西丽街道,大勘社区",
            number.sex().chinese(),
            row / 3,
            if row % 3 == 0 { "户主" } else { "子" },
            draw(10, 100_000_000),
            row / 660,
            row / 66 % 10 + 1,
            row / 3 % 22 + 101,
        )
        .unwrap();
    }
    text
}

/// A number for a row and a purpose (the finaliser of SplitMix64): rows next to each other have nothing in common.
fn mixed(row: u32, salt: u32) -> u64 {
    let mut mixed = (u64::from(row) << 32 | u64::from(salt)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
