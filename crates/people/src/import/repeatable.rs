//! The same files taken in by fresh installations, each with keys of its own and another number of threads: every row
//! comes to the same, to the last one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use base::{Day, Entropy, ManualClock, PersonId, ResidentId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query};
use store::testing::{EmptyDatabase, START, empty_postgres};
use store::{Database, DatabaseUrl};
use tempfile::TempDir;
use texts::Language;
use uuid::Uuid;

use super::tests::migrations;
use super::{File, Hands, Importer, Options};
use crate::deliveries::Figures;
use crate::index::PeopleIndex;

/// Installations on SQLite that are compared.
const FOLDERS: u64 = 8;
/// Rows of the greater file: four batches.
const ROWS: u32 = 3_600;

/// A row, by the number of its delivery and its place.
type RowName = (i64, i64);

/// What a row came to: the first row of its person, the ground and the weight; and when somebody is asked, whether it is
/// the person of which row, why, and with which weight.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    person: RowName,
    ground: String,
    weight: Option<f64>,
    asked: Option<(RowName, String, f64)>,
}

/// What an installation made of the files.
type Outcomes = (Vec<Figures>, BTreeMap<RowName, Outcome>);

#[test]
fn fresh_folders_come_to_the_same() {
    let all: Vec<Outcomes> = (1..=FOLDERS)
        .map(|seed| {
            let folder = TempDir::new().unwrap();
            let url = DatabaseUrl::in_folder(folder.path());
            runtime(seed).block_on(outcomes_of(&url, &folder, seed))
        })
        .collect();
    assert_all_alike(&all);
}

#[test]
fn fresh_databases_of_a_server_come_to_the_same() {
    let all: Vec<Outcomes> = (1..=3)
        .map(|seed| {
            let folder = TempDir::new().unwrap();
            runtime(seed).block_on(async {
                let database: EmptyDatabase = empty_postgres().await;
                outcomes_of(database.url(), &folder, seed).await
            })
        })
        .collect();
    assert_all_alike(&all);
}

/// One to four threads, by `seed`.
fn runtime(seed: u64) -> tokio::runtime::Runtime {
    let threads = usize::try_from(seed % 4 + 1).unwrap();
    tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap()
}

fn assert_all_alike(all: &[Outcomes]) {
    let (figures, rows) = &all[0];
    // The files hold what makes the order matter: rows that are linked, rows that are asked about, and new persons.
    let [first, second, third] = figures.as_slice() else { panic!("three deliveries") };
    assert!(first.rows > 3_000, "{first:?}");
    for figures in [first, second] {
        assert!(figures.linked > 100 && figures.review > 20 && figures.new_persons > 100, "{figures:?}");
    }
    assert!(third.updated > 100 && third.unchanged > 1_000, "{third:?}");
    for (other_figures, other_rows) in &all[1..] {
        assert_eq!(other_figures, figures);
        assert_eq!(other_rows.len(), rows.len());
        for ((name, row), (other_name, other)) in rows.iter().zip(other_rows) {
            assert_eq!((other_name, other), (name, row));
        }
    }
}

async fn outcomes_of(url: &DatabaseUrl, folder: &TempDir, seed: u64) -> Outcomes {
    let clock = Arc::new(ManualClock::new(START));
    let database = Database::open(url, folder.path(), Entropy::from_seed(seed), clock.clone()).await.unwrap();
    database.migrate(&migrations()).await.unwrap();
    let importer = Importer {
        hands: Hands {
            operation: base::OperationId(database.entropy().uuid(START)),
            database,
            index: PeopleIndex::new(crate::index::tests::model()),
            clock,
            city: access::CITY,
            actor: store::ActorRef::SYSTEM,
        },
        programs: Arc::new(policy::Programs::load(None).unwrap()),
        areas: Arc::new(base::AreaTree::shipped()),
        area: access::CITY,
        organisation: None,
    };
    let mut figures = Vec::new();
    let options = Options { dry_run: false, language: Language::English };
    for (feed, text) in [("grid", grid(0)), ("school", school()), ("grid", grid(1))] {
        let feed = importer.programs.feed(feed).unwrap();
        let file = File { name: "名单.csv", bytes: text.as_bytes() };
        figures.push(importer.run(feed, file, options).await.unwrap().figures);
    }
    (figures, outcomes(&importer.hands).await)
}

async fn outcomes(hands: &Hands) -> BTreeMap<RowName, Outcome> {
    let select = Query::select()
        .columns([("source_row", "number"), ("source_row", "place")])
        .columns([("link", "person_id"), ("link", "decided_by"), ("link", "weight")])
        .columns([("review", "candidate_id"), ("review", "cause")])
        .expr_as(Expr::col(("review", "weight")), "asked_weight")
        .from("source_row")
        .inner_join("link", Expr::col(("link", "source_row_id")).equals(("source_row", "id")))
        .join(
            JoinType::LeftJoin,
            "review",
            Expr::col(("review", "source_row_id")).equals(("source_row", "id")),
        )
        .to_owned();
    let read = hands.database.read().await.unwrap();
    let rows = read.connection().query_all(&select).await.unwrap();
    let name = |row: &sea_orm::QueryResult| -> RowName {
        (row.try_get("", "number").unwrap(), row.try_get("", "place").unwrap())
    };
    let mut first_rows: BTreeMap<PersonId, RowName> = BTreeMap::new();
    for row in &rows {
        let person = PersonId(row.try_get::<Uuid>("", "person_id").unwrap());
        let first = first_rows.entry(person).or_insert(name(row));
        *first = name(row).min(*first);
    }
    rows.iter()
        .map(|row| {
            let candidate: Option<Uuid> = row.try_get("", "candidate_id").unwrap();
            let outcome = Outcome {
                person: first_rows[&PersonId(row.try_get("", "person_id").unwrap())],
                ground: row.try_get("", "decided_by").unwrap(),
                weight: row.try_get("", "weight").unwrap(),
                asked: candidate.map(|candidate| {
                    (
                        first_rows[&PersonId(candidate)],
                        row.try_get("", "cause").unwrap(),
                        row.try_get("", "asked_weight").unwrap(),
                    )
                }),
            };
            (name(row), outcome)
        })
        .collect()
}

const SURNAMES: &[&str] = &["王", "李", "张", "欧阳", "陈"];
const GIVEN: &[&str] = &["子涵", "子函", "梓涵", "伟", "芳", "秀英", "浩然", "浩宇"];

/// A number for a row and a purpose (the finaliser of SplitMix64).
fn drawn(row: u32, salt: u32, below: u32) -> u32 {
    let mut mixed = (u64::from(row) << 32 | u64::from(salt)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    u32::try_from((mixed ^ (mixed >> 31)) % u64::from(below)).unwrap()
}

fn one_of(from: &'static [&'static str], row: u32, salt: u32) -> &'static str {
    from[usize::try_from(drawn(row, salt, u32::try_from(from.len()).unwrap())).unwrap()]
}

/// A child: a third are one of a pair of twins, whose numbers are one apart; siblings share the parents, and few names
/// stand for many.
struct Child {
    name: String,
    birth: Day,
    number: ResidentId,
    phone: String,
    guardian: String,
    address: String,
}

fn child(who: u32) -> Child {
    let household = who / 3;
    let is_twin = who % 3 == 1;
    let day = if is_twin { who - 1 } else { who };
    let birth = Day::new(2009, 1, 1).unwrap().plus_days(i32::try_from(drawn(day, 1, 3_000)).unwrap());
    let order = drawn(day, 2, 400) * 2 + 2 + u32::from(is_twin);
    Child {
        name: format!("{}{}", one_of(SURNAMES, household, 3), one_of(GIVEN, who, 4)),
        birth,
        number: ResidentId::compose(440_305, birth, u16::try_from(order).unwrap()).unwrap(),
        phone: format!("138{:08}", 10_000_000 + drawn(household, 5, 900)),
        guardian: format!("{}{}", one_of(SURNAMES, household, 6), one_of(GIVEN, household, 7)),
        address: format!("留仙大道{}号{}栋{}", household % 40 + 1, household % 7 + 1, household % 19 + 101),
    }
}

/// The number as the file has it: some have none, some one with a slip, some one with the middle masked.
fn written(number: &ResidentId, row: u32) -> String {
    let text = number.as_str();
    match drawn(row, 8, 10) {
        0..=2 => String::new(),
        3 => format!("{}{}{}", &text[..16], (text.as_bytes()[16] - b'0' + 1) % 10, &text[17..]),
        4 => format!("{}********{}", &text[..6], &text[14..]),
        _ => text.to_owned(),
    }
}

/// The grid's file. One row in four is about somebody who stands in it already, one in fifteen changes from one round to
/// the next.
fn grid(round: u32) -> String {
    let mut text = "姓名,身份证号,性别,出生日期,户号,联系电话,监护人姓名,监护人电话,现住址,备注\n".to_owned();
    for row in 0..ROWS {
        let who = if drawn(row, 9, 4) == 0 { drawn(row, 10, ROWS) } else { row };
        let child = child(who);
        let changed = if drawn(row, 11, 15) == 0 { round } else { 0 };
        let birth = if drawn(row, 12, 5) == 0 { String::new() } else { child.birth.to_string() };
        writeln!(
            text,
            "{},{},{},{birth},H{},{},{},{},{},第{row}行{changed}",
            child.name,
            written(&child.number, row + changed * ROWS),
            child.number.sex().chinese(),
            who / 3,
            if drawn(row, 13, 2) == 0 { child.phone.as_str() } else { "" },
            child.guardian,
            child.phone,
            child.address,
        )
        .unwrap();
    }
    text
}

/// The schools' file: of the same children, and some whom the grid does not have.
fn school() -> String {
    let mut text = "学籍号,姓名,身份证号,性别,出生日期,家长姓名,家长电话\n".to_owned();
    for row in 0..1_500 {
        let child = child(drawn(row, 20, ROWS + ROWS / 2));
        writeln!(
            text,
            "G{row:06},{},{},{},{},{},{}",
            child.name,
            written(&child.number, row + 7 * ROWS),
            child.number.sex().chinese(),
            if drawn(row, 21, 3) == 0 { String::new() } else { child.birth.to_string() },
            child.guardian,
            if drawn(row, 22, 2) == 0 { child.phone.as_str() } else { "" },
        )
        .unwrap();
    }
    text
}
