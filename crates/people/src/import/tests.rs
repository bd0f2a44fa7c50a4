//! Imports on both databases, from rows that were read to what readers see.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Day, DeliveryId, IdentityDocument, PersonId, Phone, ResidentId};
use proptest::prelude::*;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use store::testing::TestDatabase;

use super::*;
use crate::deliveries::{DeliveryDetail, DeliveryState, Figures, HeldState, Horizon, repo};
use crate::index::PeopleIndex;
use crate::reading::Indicator;
use crate::rows::RowValues;
use crate::{links, persons};

/// A file's row as these tests write it: who it is about, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) key: u8,
    pub(crate) name: &'static str,
    /// Order number of the identity number; 0 for none.
    pub(crate) number: u16,
    pub(crate) birth: (i16, i8, i8),
    pub(crate) phone: Option<&'static str>,
    pub(crate) note: u8,
}

pub(crate) fn line(key: u8, name: &'static str, number: u16) -> Line {
    Line { key, name, number, birth: (2013, 3, 6), phone: None, note: 0 }
}

pub(crate) fn taken(database: &TestDatabase, lines: &[Line]) -> Arc<Taken> {
    let keys = database.database().keys().clone();
    let rows = (0..)
        .zip(lines)
        .map(|(place, line)| {
            let (year, month, day) = line.birth;
            let birth = Day::new(year, month, day);
            let document = birth
                .filter(|_| line.number > 0)
                .and_then(|birth| ResidentId::compose(440_305, birth, line.number))
                .map(IdentityDocument::Resident);
            TakenRow {
                place: crate::rows::RowPlace::first_sheet(place + 2),
                key: Digest::of(&keys.hash("row", &line.key.to_string())),
                content: Digest::of(&keys.hash("content", &format!("{line:?}"))),
                cells: vec![line.name.to_owned(), line.note.to_string()],
                values: RowValues {
                    name: Some(line.name.to_owned()),
                    document,
                    birth,
                    phones: line.phone.into_iter().filter_map(|phone| Phone::read(phone).ok()).collect(),
                    ..RowValues::default()
                },
                warnings: Vec::new(),
                indicators: vec![Indicator {
                    kind: "disabled".to_owned(),
                    day: None,
                    number: Some(i64::from(line.note)),
                }],
            }
        })
        .collect();
    let mut taken = Taken { is_full: true, rows, ..Taken::default() };
    taken.sort();
    Arc::new(taken)
}

pub(crate) fn hands(database: &TestDatabase) -> Hands {
    let model = crate::index::tests::model();
    Hands {
        database: database.database(),
        index: PeopleIndex::new(model),
        clock: database.shared_clock(),
        city: access::CITY,
        actor: store::ActorRef::SYSTEM,
        operation: database.operation("people.test").id,
    }
}

/// An importer with the shipped feeds, on behalf of the city.
pub(crate) fn importer(database: &TestDatabase) -> Importer {
    Importer {
        hands: hands(database),
        programs: Arc::new(policy::Programs::load(None).unwrap()),
        areas: Arc::new(base::AreaTree::shipped()),
        area: access::CITY,
        organisation: None,
    }
}

async fn received(hands: &Hands, feed: &str) -> DeliveryId {
    let write = hands.write("people.receive").await.unwrap();
    let feed_id = repo::feed_number(&write, feed).await.unwrap();
    let blob = store::blob::put(&write, b"file").await.unwrap();
    let detail = DeliveryDetail::default();
    let new = repo::NewDelivery {
        feed_id,
        feed_version: "1",
        area: access::CITY,
        organisation: None,
        blob,
        digest: &[0; 32],
        size_bytes: 4,
        detail: &detail,
    };
    let id = repo::insert(&write, new).await.unwrap();
    write.save().await.unwrap();
    id
}

async fn begun(hands: &Hands, feed: &str, taken: &Arc<Taken>) -> Applying {
    let id = received(hands, feed).await;
    again(hands, id, taken).await
}

async fn again(hands: &Hands, id: DeliveryId, taken: &Arc<Taken>) -> Applying {
    let read = hands.database.read().await.unwrap();
    let delivery = repo::delivery(read.connection(), id).await.unwrap();
    drop(read);
    let turn = Turn::take(&hands.database).await.unwrap();
    Applying::begin(hands.clone(), turn, delivery, Arc::clone(taken)).await.unwrap()
}

/// Applies to the end, publishes, and does the job that follows.
async fn finish(hands: &Hands, mut applying: Applying, feed: &str) -> Figures {
    while applying.step().await.unwrap() {}
    let delivery = publish(hands, applying.delivery().clone()).await.unwrap();
    drop(applying);
    let published = Published {
        delivery: delivery.id,
        feed: feed.to_owned(),
        number: delivery.number.unwrap(),
        persons: 0,
    };
    renew(hands, published).await.unwrap();
    delivery.figures.unwrap()
}

pub(crate) async fn import(hands: &Hands, feed: &str, taken: &Arc<Taken>) -> Figures {
    let applying = begun(hands, feed, taken).await;
    finish(hands, applying, feed).await
}

/// What a reader sees: for each person who is seen, name and the contents of the rows that are seen; ids left out.
pub(crate) async fn seen(hands: &Hands) -> BTreeMap<(String, Vec<Vec<String>>), usize> {
    let read = hands.database.read().await.unwrap();
    let horizon = Horizon::read(read.connection()).await.unwrap();
    let select = Query::select()
        .column("id")
        .from("person")
        .cond_where(horizon.sees("person"))
        .and_where(Expr::col("state").eq("active"))
        .to_owned();
    let ids: Vec<PersonId> = read
        .connection()
        .query_all(&select)
        .await
        .unwrap()
        .iter()
        .map(|row| PersonId(row.try_get("", "id").unwrap()))
        .collect();
    let found = persons::repo::by_ids(read.connection(), &ids, Condition::all()).await.unwrap();
    let rows = links::repo::rows_of(read.connection(), &ids).await.unwrap();
    let mut all = BTreeMap::new();
    for person in found {
        let name = person.master(read.keys()).unwrap().name.unwrap().value;
        let mut cells: Vec<Vec<String>> = rows[&person.id]
            .iter()
            .filter(|row| persons::repo::is_seen(row, horizon))
            .map(|row| crate::rows::repo::open(read.keys(), row).unwrap().cells)
            .collect();
        cells.sort();
        *all.entry((name, cells)).or_default() += 1;
    }
    all
}

async fn stamp(hands: &Hands) -> persons::listing::Stamp {
    persons::listing::stamp(&hands.database.read().await.unwrap()).await.unwrap()
}

pub(crate) async fn count(hands: &Hands, table: &'static str) -> i64 {
    let read = hands.database.read().await.unwrap();
    let select = Query::select().expr_as(Expr::cust("COUNT(*)"), "count").from(table).to_owned();
    read.connection().query_one(&select).await.unwrap().unwrap().try_get("", "count").unwrap()
}

pub(crate) fn migrations() -> Vec<store::Migration> {
    store::migrations().into_iter().chain(crate::migrations()).collect()
}

store::on_both! { migrations() =>
    a_delivery_adds_updates_and_retires,
    nothing_is_seen_before_it_is_published,
    a_killed_import_goes_on_where_it_was,
    many_gone_rows_wait_for_a_person,
    feeds_meet_in_one_person,
    somebody_else_writes_people_in_between,
    a_renewal_and_an_import_wait_for_each_other,
    an_import_that_breaks_off_leaves_nothing_in_the_index,
    a_number_that_was_not_written_is_nobodys,
    a_corrected_number_moves_with_its_row,
    a_row_that_comes_back_finds_its_person,
}

pub(crate) const PEOPLE: [&str; 6] = ["张子涵", "李娜", "王伟", "欧阳娜娜", "阿依古丽", "陈晨"];

pub(crate) fn six() -> Vec<Line> {
    (0_u8..).zip(PEOPLE).map(|(key, name)| line(key, name, u16::from(key) + 10)).collect()
}

fn forty() -> Vec<Line> {
    (0_u8..40).map(|key| line(key, PEOPLE[usize::from(key) % 6], u16::from(key) + 10)).collect()
}

async fn a_delivery_adds_updates_and_retires(database: TestDatabase) {
    let hands = hands(&database);
    let first = import(&hands, "grid", &taken(&database, &forty())).await;
    assert_eq!(
        (first.rows, first.accepted, first.new_persons, first.linked, first.review),
        (40, 40, 40, 0, 0)
    );

    let same = import(&hands, "grid", &taken(&database, &forty())).await;
    assert_eq!((same.rows, same.accepted, same.unchanged, same.new_persons, same.gone), (40, 0, 40, 0, 0));
    assert_eq!(count(&hands, "source_row").await, 40);

    let mut changed = forty();
    changed.remove(39);
    changed[0].note = 7;
    let third = import(&hands, "grid", &taken(&database, &changed)).await;
    assert_eq!(
        (third.updated, third.unchanged, third.gone, third.new_persons, third.linked),
        (1, 38, 1, 0, 1)
    );
    assert_eq!(count(&hands, "source_row").await, 41);
    assert_eq!(count(&hands, "person").await, 40);
    let read = hands.database.read().await.unwrap();
    assert_eq!(repo::feed(read.connection(), "grid").await.unwrap().unwrap().current_rows, 39);
}

async fn nothing_is_seen_before_it_is_published(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &six())).await;
    let before = seen(&hands).await;
    let mut changed = six();
    changed[1].note = 9;
    changed.push(line(90, "新来的", 77));
    changed.push(line(91, "张子涵", 10));
    let mut applying = begun(&hands, "grid", &taken(&database, &changed)).await;
    let counted = stamp(&hands).await;
    while applying.step().await.unwrap() {
        assert_eq!(seen(&hands).await, before);
    }
    assert_eq!(seen(&hands).await, before);
    assert_eq!(stamp(&hands).await, counted, "what was counted for readers stays true");
    finish(&hands, applying, "grid").await;
    let after = seen(&hands).await;
    assert_ne!(after, before);
    assert_eq!(after.values().sum::<usize>(), 7);
    assert_ne!(stamp(&hands).await, counted);
}

async fn a_killed_import_goes_on_where_it_was(database: TestDatabase) {
    let lines: Vec<Line> = (0_u8..=255)
        .flat_map(|key| {
            (0_u16..20).map(move |note| Line {
                note: u8::try_from(note).unwrap(),
                // Ids of their own for all 5,120 rows: three batches.
                birth: (1990 + i16::try_from(note).unwrap(), 1, 1),
                ..line(key, "张三", u16::from(key) + 1)
            })
        })
        .collect();
    let keys = database.database().keys().clone();
    let mut rows = Arc::unwrap_or_clone(taken(&database, &lines));
    for (row, line) in rows.rows.iter_mut().zip(&lines) {
        row.key = Digest::of(&keys.hash("row", &format!("{}-{}", line.key, line.note)));
    }
    rows.sort();
    let rows = Arc::new(rows);
    let first = hands(&database);
    let mut applying = begun(&first, "grid", &rows).await;
    let id = applying.delivery().id;
    assert!(applying.step().await.unwrap());
    assert!(applying.step().await.unwrap());
    let written = count(&first, "source_row").await;
    assert!(written > 0 && written < 5_120);
    drop(applying);

    // Another process, which knows nothing of the first.
    let second = hands(&database);
    let resumed = again(&second, id, &rows).await;
    assert_eq!(resumed.delivery().state, DeliveryState::Applying);
    let figures = finish(&second, resumed, "grid").await;
    assert_eq!((figures.rows, figures.accepted, figures.new_persons), (5_120, 5_120, 5_120));
    assert_eq!(count(&second, "source_row").await, 5_120);
    assert_eq!(count(&second, "person").await, 5_120);
    let again = import(&second, "grid", &rows).await;
    assert_eq!((again.unchanged, again.accepted), (5_120, 0));
}

async fn many_gone_rows_wait_for_a_person(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &six())).await;
    let fewer = taken(&database, &six()[..4]);
    let mut applying = begun(&hands, "grid", &fewer).await;
    while applying.step().await.unwrap() {}
    let mut delivery = publish(&hands, applying.delivery().clone()).await.unwrap();
    drop(applying);
    assert_eq!(delivery.figures.unwrap().gone, 2);
    assert_eq!(delivery.held, Some(HeldState::Waiting));
    assert_eq!(seen(&hands).await.keys().filter(|(_, rows)| !rows.is_empty()).count(), 6);

    let write = hands.write("people.confirm").await.unwrap();
    confirm_retirements(&write, &mut delivery).await.unwrap();
    write.save().await.unwrap();
    let resumed = again(&hands, delivery.id, &fewer).await;
    finish(&hands, resumed, "grid").await;
    let after = seen(&hands).await;
    assert_eq!(after.keys().filter(|(_, rows)| !rows.is_empty()).count(), 4);
    assert_eq!(after.len(), 6, "nobody is deleted");
    let read = hands.database.read().await.unwrap();
    assert_eq!(repo::feed(read.connection(), "grid").await.unwrap().unwrap().current_rows, 4);
}

async fn feeds_meet_in_one_person(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &six())).await;
    let school = [
        // By the number.
        line(1, "张子涵", 10),
        // No number, but name, birth and phone.
        Line { phone: Some("13812346207"), ..line(2, "李娜", 0) },
        // Somebody new.
        Line { birth: (2015, 9, 1), ..line(3, "周小小", 0) },
    ];
    let figures = import(&hands, "school", &taken(&database, &school)).await;
    assert_eq!((figures.linked + figures.review, figures.accepted), (2, 3));
    assert_eq!(figures.new_persons, 1 + figures.review);
    let seen = seen(&hands).await;
    assert_eq!(seen.iter().filter(|((name, rows), _)| name == "张子涵" && rows.len() == 2).count(), 1);
}

async fn somebody_else_writes_people_in_between(database: TestDatabase) {
    let hands = hands(&database);
    let mut applying = begun(&hands, "grid", &taken(&database, &six())).await;
    assert!(applying.step().await.unwrap());
    let write = hands.write("people.other").await.unwrap();
    persons::repo::take_writer(&write).await.unwrap();
    write.save().await.unwrap();
    // Somebody's search brings the index up to date with it.
    let read = hands.database.read().await.unwrap();
    hands.index.follow(read.connection(), read.keys()).await.unwrap();
    drop(read);
    let began_again = hands.index.search("张子涵", 10);
    assert!(applying.step().await.unwrap());
    assert_eq!(count(&hands, "person").await, 0, "what rests on an older state is not written");
    assert_ne!(hands.index.search("张子涵", 10), began_again);
    let figures = finish(&hands, applying, "grid").await;
    assert_eq!((figures.accepted, figures.new_persons), (6, 6));
    assert_eq!(count(&hands, "person").await, 6);
    assert_eq!(hands.index.search("张子涵", 10).len(), 1, "what was planned in vain is forgotten");
}

async fn a_renewal_and_an_import_wait_for_each_other(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &six())).await;
    // The school knows the same six: all are to be renewed.
    let mut applying = begun(&hands, "school", &taken(&database, &six())).await;
    while applying.step().await.unwrap() {}
    let delivery = publish(&hands, applying.delivery().clone()).await.unwrap();
    let revision = async || {
        let read = hands.database.read().await.unwrap();
        persons::repo::revision(read.connection()).await.unwrap()
    };
    let before = revision().await;
    let published = Published {
        delivery: delivery.id,
        feed: "school".to_owned(),
        number: delivery.number.unwrap(),
        persons: 0,
    };
    let renewing = tokio::spawn({
        let hands = hands.clone();
        async move { renew(&hands, published).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(!renewing.is_finished());
    assert_eq!(revision().await, before, "nobody is renewed while the import has the turn");
    drop(applying);
    renewing.await.unwrap().unwrap();
    assert!(revision().await > before);
    // And the next import has its turn behind it.
    assert_eq!(import(&hands, "grid", &taken(&database, &six())).await.unchanged, 6);
}

/// Many rows of many people, for several batches.
fn batches(database: &TestDatabase) -> Arc<Taken> {
    let lines: Vec<Line> = (0_u8..=255)
        .flat_map(|key| {
            (0_i16..40)
                .map(move |year| Line {
                    birth: (1950 + year, 1, 1), ..line(key, "张三", u16::from(key) + 1)
                })
        })
        .collect();
    let keys = database.database().keys().clone();
    let mut rows = Arc::unwrap_or_clone(taken(database, &lines));
    for (row, line) in rows.rows.iter_mut().zip(&lines) {
        row.key = Digest::of(&keys.hash("row", &format!("{}-{}", line.key, line.birth.0)));
    }
    rows.sort();
    Arc::new(rows)
}

async fn an_import_that_breaks_off_leaves_nothing_in_the_index(database: TestDatabase) {
    let hands = hands(&database);
    let rows = batches(&database);
    let mut applying = begun(&hands, "grid", &rows).await;
    let id = applying.delivery().id;
    let job = tokio::spawn(async move {
        for _step in 0..3 {
            assert!(applying.step().await.unwrap());
        }
        panic!("between two steps, while the planner is at work");
    });
    assert!(job.await.unwrap_err().is_panic());
    // Whoever has the turn next finds in the index who is in the database, and nobody else.
    let turn = Turn::take(&hands.database).await.unwrap();
    let read = hands.database.read().await.unwrap();
    hands.index.follow(read.connection(), read.keys()).await.unwrap();
    let known = hands.index.search("张三", 20_000);
    assert!(!known.is_empty() && known.len() < rows.rows.len(), "some batches were written, not all");
    let written = persons::repo::by_ids(read.connection(), &known, Condition::all()).await.unwrap();
    assert_eq!(written.len(), known.len());
    drop(read);
    turn.end().await;

    let resumed = again(&hands, id, &rows).await;
    let figures = finish(&hands, resumed, "grid").await;
    assert_eq!((figures.accepted, figures.new_persons), (10_240, 10_240));
    assert_eq!(count(&hands, "person").await, 10_240);
}

async fn a_number_that_was_not_written_is_nobodys(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &[line(1, "李娜", 0)])).await;
    let person = hands.index.search("李娜", 1)[0];
    assert_eq!(hands.index.number_of(person), None);
    // The corrected row is planned: the person is known by the number, until the import breaks off.
    let mut applying = begun(&hands, "grid", &taken(&database, &[line(1, "李娜", 12)])).await;
    assert!(applying.step().await.unwrap());
    assert!(hands.index.number_of(person).is_some());
    drop(applying);
    drop(Turn::take(&hands.database).await.unwrap());
    assert_eq!(hands.index.number_of(person), None);
}

async fn a_corrected_number_moves_with_its_row(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &[line(1, "张子涵", 10), line(2, "李娜", 12)])).await;
    import(&hands, "grid", &taken(&database, &[line(1, "张子涵", 10), line(2, "李娜", 0)])).await;
    import(&hands, "grid", &taken(&database, &[line(1, "张子涵", 10), line(2, "李娜", 14)])).await;
    let keys = hands.database.keys().clone();
    let number = |order| {
        let number = ResidentId::compose(440_305, Day::new(2013, 3, 6).unwrap(), order).unwrap();
        persons::Number::of(&keys, &IdentityDocument::Resident(number))
    };
    let read = hands.database.read().await.unwrap();
    let owners =
        persons::repo::owners(read.connection(), &[number(10), number(12), number(14)]).await.unwrap();
    assert_eq!(owners.len(), 2, "the number that nobody states any more is nobody's");
    assert!(owners.contains_key(&number(14).digest));
    assert_eq!(count(&hands, "person").await, 2);
}

async fn a_row_that_comes_back_finds_its_person(database: TestDatabase) {
    let hands = hands(&database);
    let all: Vec<Line> = (0_u8..40)
        .map(|key| Line { birth: (2010, 1, 1), ..line(key, PEOPLE[usize::from(key) % 6], 0) })
        .collect();
    let first = import(&hands, "grid", &taken(&database, &all[..1])).await;
    assert_eq!(first.new_persons, 1);
    let mut many: Vec<Line> = (1_u8..40).map(|key| line(key, "别人", u16::from(key))).collect();
    many.push(all[0].clone());
    import(&hands, "grid", &taken(&database, &many)).await;
    many.pop();
    let gone = import(&hands, "grid", &taken(&database, &many)).await;
    assert_eq!(gone.gone, 1);
    many.push(all[0].clone());
    let back = import(&hands, "grid", &taken(&database, &many)).await;
    assert_eq!((back.accepted, back.linked, back.new_persons), (1, 1, 0));
}

fn a_line() -> impl Strategy<Value = Line> {
    (0_u8..12, prop::sample::select(PEOPLE.to_vec()), 0_u16..6, 0_u8..3)
        .prop_map(|(key, name, number, note)| Line { note, ..line(key, name, number * 2) })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Importing any deliveries, each twice in a row, leaves what importing each once leaves.
    #[test]
    fn importing_twice_is_importing_once(files in prop::collection::vec(prop::collection::vec(a_line(), 0..14), 1..4)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let once = store::testing::sqlite(&migrations()).await;
            let twice = store::testing::sqlite(&migrations()).await;
            let (one, two) = (hands(&once), hands(&twice));
            for file in &files {
                let mut file = file.clone();
                file.sort();
                file.dedup();
                import(&one, "grid", &taken(&once, &file)).await;
                let first = import(&two, "grid", &taken(&twice, &file)).await;
                let rows = count(&two, "source_row").await;
                let second = import(&two, "grid", &taken(&twice, &file)).await;
                assert_eq!(second.unchanged, first.rows);
                assert_eq!(count(&two, "source_row").await, rows);
            }
            assert_eq!(seen(&one).await, seen(&two).await);
        });
    }
}
