//! The journal: entries of a transaction, numbering, the chain and what breaks it, lists, listeners.

#![cfg(test)]

use std::sync::{Arc, Mutex};

use base::{AccountId, AreaId, AreaLevel, AreaPath, MatterId, Moment, PersonId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;
use store::jobs::Runner;
use store::journal::{self, Fault, Filter, Head, Listener, Place, RefusalState, TRIES_BEFORE_A_PERSON};
use store::testing::TestDatabase;
use store::{ActorRef, Event};
use uuid::Uuid;

store::on_both! { store::migrations() =>
    an_entry_is_part_of_its_transaction,
    entries_are_numbered_once_and_the_chain_holds,
    an_altered_column_breaks_the_chain,
    an_altered_payload_is_named,
    an_entry_that_was_taken_out_is_named,
    a_tail_that_was_cut_off_is_seen_by_an_exported_head,
    a_tail_that_was_heard_cannot_be_cut_off_unseen,
    a_journal_that_was_emptied_is_not_sound,
    an_entry_without_number_is_reported_after_a_minute,
    an_erased_payload_leaves_the_chain_whole,
    two_sequencers_make_one_chain,
    entries_are_listed_newest_first_by_page,
    every_page_counts_down_whatever_the_clock_says,
    a_listener_hears_each_entry_of_its_kinds_in_order,
    a_listener_that_fails_hears_the_entry_again,
    a_listener_that_breaks_off_is_offered_the_entry_again,
    an_entry_that_nobody_can_take_is_said_and_can_be_set_aside,
}

const CITY: AreaId = AreaId(1);

fn place(district: i32) -> AreaPath {
    AreaPath { city: CITY, district: Some(AreaId(district)), subdistrict: None, community: None }
}

fn event(kind: &'static str, number: u128) -> Event {
    Event {
        kind,
        subject: Some(PersonId(Uuid::from_u128(number))),
        matter: Some(MatterId(Uuid::from_u128(number + 100))),
        area: Some(place(2)),
        before: json!(null),
        after: json!({ "name": "张梓涵", "number": number.to_string() }),
    }
}

/// Records `count` entries in one transaction and numbers them.
async fn with_entries(database: &TestDatabase, count: u128) {
    let write = database.begin("test.record").await;
    write.record_all((1..=count).map(|number| event("test.happened", number)).collect()).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(u128::from(journal::sequence(database).await.unwrap()), count);
}

async fn fault(database: &TestDatabase, exported: &[Head]) -> Option<Fault> {
    let read = database.read().await.unwrap();
    journal::verify(&read, database.machine_now(), exported, &[]).await.unwrap().fault
}

/// Changes the table past the store, as somebody with the password of the database could.
async fn tamper(database: &TestDatabase, statement: impl sea_orm::StatementBuilder) {
    let write = database.begin("test.tamper").await;
    assert!(write.connection().execute(&statement).await.unwrap().rows_affected() > 0);
    write.save().await.unwrap();
}

async fn an_entry_is_part_of_its_transaction(database: TestDatabase) {
    let write = database.begin("test.forget").await;
    write.record(event("test.happened", 1)).await.unwrap();
    drop(write);
    let actor = ActorRef { account: Some(AccountId(Uuid::from_u128(5))), post: None };
    let operation = store::Operation { actor, ..database.operation("test.record") };
    let write = database.write(operation.clone()).await.unwrap();
    let id = write.record(event("test.happened", 2)).await.unwrap();
    write.save().await.unwrap();

    let read = database.read().await.unwrap();
    let entries = journal::list(&read, &Filter::default(), None, 10).await.unwrap();
    assert_eq!(entries.len(), 1);
    let entry = journal::entry(&read, id).await.unwrap();
    assert_eq!(entry, entries[0]);
    assert_eq!((entry.number, entry.kind.as_str(), entry.at), (None, "test.happened", operation.at));
    assert_eq!(
        (entry.actor, entry.operation, entry.operation_name.as_str()),
        (actor, operation.id, "test.record")
    );
    assert_eq!((entry.subject, entry.area), (event("", 2).subject, Some(place(2))));
    assert_eq!(entry.payload.unwrap().after["name"], "张梓涵");
}

async fn entries_are_numbered_once_and_the_chain_holds(database: TestDatabase) {
    with_entries(&database, 1_234).await;
    assert_eq!(journal::sequence(&database).await.unwrap(), 0);
    with_entries(&database, 3).await;
    let read = database.read().await.unwrap();
    let verdict = journal::verify(&read, database.machine_now(), &[], &[]).await.unwrap();
    assert_eq!((verdict.entries, verdict.fault), (1_237, None));
    assert_eq!(verdict.head, journal::head(read.connection()).await.unwrap());
    let all = journal::after(read.connection(), 0, 500).await.unwrap();
    assert!(all.is_sorted_by_key(|entry| entry.id), "entries of one transaction stand in their order");
}

async fn an_altered_column_breaks_the_chain(database: TestDatabase) {
    with_entries(&database, 5).await;
    for (column, value) in [
        ("kind", sea_orm::Value::from("test.other")),
        ("at", 5_i64.into()),
        ("recorded_at", 5_i64.into()),
        ("actor_account", Some(Uuid::from_u128(9)).into()),
        ("operation", Uuid::from_u128(9).into()),
        ("operation_name", "test.other".into()),
        ("subject", Option::<Uuid>::None.into()),
        ("matter", Some(Uuid::from_u128(9)).into()),
        ("district_id", Some(9).into()),
        ("digest", vec![0_u8; 32].into()),
        ("hash", vec![0_u8; 32].into()),
    ] {
        let write = database.begin("test.tamper").await;
        let update = Query::update()
            .table("journal")
            .value(column, value)
            .and_where(Expr::col("number").eq(3))
            .to_owned();
        write.connection().execute(&update).await.unwrap();
        write.save().await.unwrap();
        assert_eq!(fault(&database, &[]).await, Some(Fault::BrokenLink { number: 3 }), "{column}");
        mend(&database).await;
    }
}

/// Numbers everything anew, so that the next alteration stands alone.
async fn mend(database: &TestDatabase) {
    let clear = Query::delete().from_table("journal").to_owned();
    tamper(database, clear).await;
    with_entries(database, 5).await;
    assert_eq!(fault(database, &[]).await, None);
}

async fn an_altered_payload_is_named(database: TestDatabase) {
    with_entries(&database, 5).await;
    let update = Query::update()
        .table("journal")
        .value("payload", vec![1_u8, 2, 3])
        .and_where(Expr::col("number").eq(4))
        .to_owned();
    tamper(&database, update).await;
    assert_eq!(fault(&database, &[]).await, Some(Fault::AlteredPayload { number: 4 }));
}

async fn an_entry_that_was_taken_out_is_named(database: TestDatabase) {
    with_entries(&database, 5).await;
    tamper(&database, Query::delete().from_table("journal").and_where(Expr::col("number").eq(2)).to_owned())
        .await;
    assert_eq!(fault(&database, &[]).await, Some(Fault::MissingNumber { number: 2 }));
}

async fn a_tail_that_was_cut_off_is_seen_by_an_exported_head(database: TestDatabase) {
    with_entries(&database, 5).await;
    let exported = journal::head(database.read().await.unwrap().connection()).await.unwrap().unwrap();
    tamper(&database, Query::delete().from_table("journal").and_where(Expr::col("number").gt(3)).to_owned())
        .await;
    assert_eq!(fault(&database, &[]).await, None, "a chain cannot show it by itself");
    assert_eq!(fault(&database, std::slice::from_ref(&exported)).await, Some(Fault::OtherHead { number: 5 }));
    with_entries(&database, 4).await;
    assert_eq!(fault(&database, &[exported]).await, Some(Fault::OtherHead { number: 5 }));
}

async fn a_tail_that_was_heard_cannot_be_cut_off_unseen(database: TestDatabase) {
    record_one_to(&database, 5).await;
    runner(&database, &Heard::default(), listener(None)).await.settle().await.unwrap();
    tamper(&database, Query::delete().from_table("journal").and_where(Expr::col("number").gt(3)).to_owned())
        .await;
    assert_eq!(fault(&database, &[]).await, Some(Fault::CutOff { number: 5 }));
}

async fn a_journal_that_was_emptied_is_not_sound(database: TestDatabase) {
    let verdict = async || {
        let read = database.read().await.unwrap();
        journal::verify(&read, database.machine_now(), &[], &["job"]).await.unwrap().fault
    };
    assert_eq!(verdict().await, None, "a database of which nothing came is as it should be");
    let write = database.begin("test.record").await;
    write.enqueue("test.job", &"", write.at()).await.unwrap();
    write.record(event("test.happened", 1)).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(verdict().await, None, "an entry that waits for its number is one");
    tamper(&database, Query::delete().from_table("journal").to_owned()).await;
    assert_eq!(verdict().await, Some(Fault::Emptied { witness: "job" }));
}

#[test]
fn a_head_is_read_as_it_is_written() {
    let head = Head { number: 7, hash: "ab".repeat(32) };
    assert_eq!(format!(" {head}\n").parse(), Ok(head.clone()));
    assert_eq!(head.to_string().to_uppercase().parse(), Ok(head));
    for wrong in ["", "7", "7:ab", ":", "-1:", "x:y"] {
        assert_eq!(wrong.parse::<Head>(), Err(journal::NotAHead), "{wrong}");
    }
    assert_eq!(format!("0:{}", "ab".repeat(32)).parse::<Head>(), Err(journal::NotAHead));
    assert_eq!(format!("7:{}", "xy".repeat(32)).parse::<Head>(), Err(journal::NotAHead));
}

async fn an_entry_without_number_is_reported_after_a_minute(database: TestDatabase) {
    let write = database.begin("test.record").await;
    write.record(event("test.happened", 1)).await.unwrap();
    write.save().await.unwrap();
    let oldest: Moment = database.machine_now();
    database.clock().advance_milliseconds(60_000);
    assert_eq!(fault(&database, &[]).await, None);
    database.clock().advance_milliseconds(1);
    assert_eq!(fault(&database, &[]).await, Some(Fault::Unnumbered { count: 1, oldest }));
}

async fn an_erased_payload_leaves_the_chain_whole(database: TestDatabase) {
    with_entries(&database, 3).await;
    let read = database.read().await.unwrap();
    let id = journal::after(read.connection(), 1, 1).await.unwrap()[0].id;
    drop(read);
    let write = database.begin("test.erase").await;
    assert_eq!(journal::erase(&write, &[id]).await.unwrap(), 1);
    write.save().await.unwrap();
    assert_eq!(fault(&database, &[]).await, None);
    let read = database.read().await.unwrap();
    assert_eq!(journal::entry(&read, id).await.unwrap().payload, None);
}

async fn two_sequencers_make_one_chain(database: TestDatabase) {
    let other = database.open_again(2).await;
    let write = database.begin("test.record").await;
    write.record_all((1..=2_000).map(|number| event("test.happened", number)).collect()).await.unwrap();
    write.save().await.unwrap();
    let (one, two) = tokio::join!(journal::sequence(&database), journal::sequence(&other));
    assert_eq!(one.unwrap() + two.unwrap(), 2_000);
    assert_eq!(fault(&database, &[]).await, None);
}

async fn entries_are_listed_newest_first_by_page(database: TestDatabase) {
    for number in 1..=7 {
        database.clock().advance_milliseconds(1_000);
        let write = database.begin("test.record").await;
        let kind = if number % 2 == 0 { "test.even" } else { "test.odd" };
        write
            .record(Event { area: Some(place(2 + i32::from(number == 7))), ..event(kind, number) })
            .await
            .unwrap();
        write.save().await.unwrap();
    }
    let read = database.read().await.unwrap();
    let odd = Filter { kinds: vec!["test.odd".to_owned()], ..Filter::default() };
    let first = journal::list(&read, &odd, None, 3).await.unwrap();
    let rest = journal::list(&read, &odd, first.last().map(|entry| entry.id), 3).await.unwrap();
    let subjects: Vec<_> =
        first.iter().chain(&rest).map(|entry| entry.subject.unwrap().0.as_u128()).collect();
    assert_eq!(subjects, [7, 5, 3, 1]);

    let count = async |filter: Filter| journal::list(&read, &filter, None, 500).await.unwrap().len();
    assert_eq!(
        count(Filter { subjects: event("", 3).subject.into_iter().collect(), ..Filter::default() }).await,
        1
    );
    let two = [3, 4].into_iter().filter_map(|number| event("", number).subject).collect();
    assert_eq!(count(Filter { subjects: two, ..Filter::default() }).await, 2);
    assert_eq!(count(Filter { matter: event("", 3).matter, ..Filter::default() }).await, 1);
    assert_eq!(count(Filter { account: Some(AccountId(Uuid::from_u128(1))), ..Filter::default() }).await, 0);
    assert_eq!(count(Filter { area: Some((AreaLevel::District, AreaId(2))), ..Filter::default() }).await, 6);
    let start = store::testing::START;
    let (from, until) = (Some(start.plus_milliseconds(2_000)), Some(start.plus_milliseconds(4_000)));
    assert_eq!(count(Filter { from, until, ..Filter::default() }).await, 2);
}

/// An operation that began early may be recorded late: a long one, or one of a clock that was moved since.
async fn every_page_counts_down_whatever_the_clock_says(database: TestDatabase) {
    for (number, minutes) in [(1, 30), (2, 10), (3, 20), (4, 0), (5, 40), (6, 5)] {
        let operation = database.operation("test.record");
        let at = operation.at.plus_minutes(minutes);
        let write = database.write(store::Operation { at, ..operation }).await.unwrap();
        write.record(event("test.happened", number)).await.unwrap();
        write.save().await.unwrap();
        if number <= 4 {
            journal::sequence(&database).await.unwrap();
        }
    }
    let read = database.read().await.unwrap();
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let page = journal::newest(&read, &Filter::default(), before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(Place::of(last).to_string().parse().unwrap());
        pages.extend(page.iter().map(|entry| entry.number));
    }
    assert_eq!(pages, [None, None, Some(4), Some(3), Some(2), Some(1)]);
}

type Heard = Arc<Mutex<Vec<String>>>;

/// A listener that writes down what it hears, and fails once when it hears of `fails_at`.
fn listener(fails_at: Option<u128>) -> Listener<Heard> {
    let failed = Arc::new(Mutex::new(false));
    Listener::new("test.write_down", &["test.odd"], move |heard: Heard, entry| {
        let failed = Arc::clone(&failed);
        async move {
            let number = entry.payload.unwrap().after["number"].as_str().unwrap().to_owned();
            heard.lock().unwrap().push(number.clone());
            let mut failed = failed.lock().unwrap();
            if !*failed && fails_at.map(|at| at.to_string()) == Some(number) {
                *failed = true;
                anyhow::bail!("not yet");
            }
            Ok(())
        }
    })
}

async fn runner(database: &TestDatabase, heard: &Heard, listener: Listener<Heard>) -> Runner<Heard> {
    Runner::new(database.database(), database.shared_clock(), Arc::clone(heard), Vec::new(), vec![listener])
        .await
        .unwrap()
}

async fn record_one_to(database: &TestDatabase, last: u128) {
    let write = database.begin("test.record").await;
    for number in 1..=last {
        let kind = if number % 2 == 0 { "test.even" } else { "test.odd" };
        write.record(event(kind, number)).await.unwrap();
    }
    write.save().await.unwrap();
}

async fn a_listener_hears_each_entry_of_its_kinds_in_order(database: TestDatabase) {
    let heard = Heard::default();
    record_one_to(&database, 5).await;
    let first = runner(&database, &heard, listener(None)).await;
    let settled = first.settle().await.unwrap();
    first.release().await;
    assert_eq!((settled.numbered, settled.delivered), (5, 3));
    record_one_to(&database, 1).await;
    let again = database.open_again(2).await;
    let other =
        Runner::new(again, database.shared_clock(), Arc::clone(&heard), Vec::new(), vec![listener(None)]);
    assert_eq!(other.await.unwrap().settle().await.unwrap().delivered, 1, "its place was stored");
    assert_eq!(*heard.lock().unwrap(), ["1", "3", "5", "1"]);
    let lags = journal::lags(database.read().await.unwrap().connection()).await.unwrap();
    assert_eq!((lags[0].listener.as_str(), lags[0].behind), ("test.write_down", 0));
}

async fn a_listener_that_fails_hears_the_entry_again(database: TestDatabase) {
    let heard = Heard::default();
    record_one_to(&database, 5).await;
    let runner = runner(&database, &heard, listener(Some(3))).await;
    runner.settle().await.unwrap();
    runner.settle().await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["1", "3"], "not at once");
    database.clock().advance_milliseconds(1_000);
    runner.settle().await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["1", "3", "3", "5"]);
    assert_eq!(refusals(&database).await, [], "nothing is refused any more");
}

async fn refusals(database: &TestDatabase) -> Vec<journal::Refusal> {
    journal::refusals(&database.read().await.unwrap()).await.unwrap()
}

async fn a_listener_that_breaks_off_is_offered_the_entry_again(database: TestDatabase) {
    let heard = Heard::default();
    record_one_to(&database, 1).await;
    let panics = Listener::new("test.panic", &["test.odd"], |heard: Heard, _entry| async move {
        let mut heard = heard.lock().unwrap();
        heard.push("once".to_owned());
        let first = heard.len() == 1;
        drop(heard);
        assert!(!first, "out of order");
        Ok(())
    });
    let runner = runner(&database, &heard, panics).await;
    runner.settle().await.unwrap();
    assert!(refusals(&database).await[0].error.contains("broke off"));
    database.clock().advance_milliseconds(1_000);
    assert_eq!(runner.settle().await.unwrap().delivered, 1);
}

async fn an_entry_that_nobody_can_take_is_said_and_can_be_set_aside(database: TestDatabase) {
    let heard = Heard::default();
    record_one_to(&database, 5).await;
    let is_mended = Arc::new(Mutex::new(false));
    let mended = Arc::clone(&is_mended);
    let stubborn = Listener::new("test.stubborn", &["test.odd"], move |heard: Heard, entry| {
        let is_mended = *mended.lock().unwrap();
        async move {
            let number = entry.payload.unwrap().after["number"].as_str().unwrap().to_owned();
            anyhow::ensure!(number != "3" || is_mended, "the rule of {number} is gone");
            heard.lock().unwrap().push(number);
            Ok(())
        }
    });
    let runner = runner(&database, &heard, stubborn).await;
    runner.settle().await.unwrap();
    let write = database.begin("test.set_aside").await;
    let early = journal::set_aside(&write, "test.stubborn", 3).await;
    assert!(matches!(early, Err(store::StoreError::NotFound)), "it may come right by itself");
    drop(write);
    for _try in 1..TRIES_BEFORE_A_PERSON {
        assert_eq!(journal::stuck(database.read().await.unwrap().connection()).await.unwrap(), 0);
        database.clock().advance_milliseconds(600_000);
        runner.settle().await.unwrap();
    }
    assert_eq!(journal::stuck(database.read().await.unwrap().connection()).await.unwrap(), 1);
    let refused = refusals(&database).await.remove(0);
    assert!(refused.asks_for_a_person());
    assert_eq!((refused.number, refused.attempts), (3, TRIES_BEFORE_A_PERSON));
    assert_eq!(refused.error, "the rule of 3 is gone");
    assert_eq!(*heard.lock().unwrap(), ["1"], "what stands behind it waits");

    let write = database.begin("test.set_aside").await;
    journal::set_aside(&write, "test.stubborn", 3).await.unwrap();
    write.save().await.unwrap();
    runner.settle().await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["1", "5"]);
    assert_eq!(refusals(&database).await[0].state, RefusalState::SetAside, "it is not forgotten");
    assert_eq!(journal::stuck(database.read().await.unwrap().connection()).await.unwrap(), 0);

    *is_mended.lock().unwrap() = true;
    let write = database.begin("test.retry").await;
    journal::retry(&write, "test.stubborn", 3).await.unwrap();
    write.save().await.unwrap();
    runner.settle().await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["1", "5", "3"]);
    assert_eq!(refusals(&database).await, []);
}
