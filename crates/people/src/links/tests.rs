//! Decisions of people, made and taken back, on both databases.

use base::{PersonId, SourceRowId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Query};
use store::testing::TestDatabase;

use super::decisions;
use super::*;
use crate::deliveries::Horizon;
use crate::import::Hands;
use crate::import::tests::{Line, hands, import, line, migrations, seen, taken};
use crate::persons;
use crate::review::{self, Answered, Review, ReviewState};

store::on_both! { migrations() =>
    what_is_joined_is_parted_again,
    what_is_parted_is_joined_again,
    two_who_were_told_apart_are_not_asked_about_again,
    a_row_that_waits_and_comes_again_is_asked_about_once,
    a_question_is_answered_once,
    a_joined_person_is_found_under_both_numbers,
    facts_are_those_of_published_rows,
}

/// A row whose birth is a day off: the weights leave it to a person.
fn a_day_off(note: u8) -> Line {
    Line { birth: (2013, 3, 7), note, ..line(1, "欧阳娜娜", 0) }
}

/// Two persons between whom a question waits.
async fn asked(database: &TestDatabase) -> (Hands, Review) {
    let hands = hands(database);
    import(&hands, "grid", &taken(database, &[line(1, "欧阳娜娜", 10), line(2, "李娜", 12)])).await;
    import(&hands, "school", &taken(database, &[a_day_off(0)])).await;
    let mut queue = queue(&hands).await;
    assert_eq!(queue.len(), 1);
    (hands, queue.remove(0))
}

async fn queue(hands: &Hands) -> Vec<Review> {
    let read = hands.database.read().await.unwrap();
    let horizon = Horizon::read(read.connection()).await.unwrap();
    review::repo::queue(read.connection(), horizon, Condition::all(), 0).await.unwrap()
}

async fn answer(hands: &Hands, review: &Review, answered: Answered) -> Option<uuid::Uuid> {
    let write = hands.write("people.answer_review").await.unwrap();
    let decision = review::answer(&write, review, answered, "", hands.city).await.unwrap();
    write.save().await.unwrap();
    decision
}

async fn undo(hands: &Hands, decision: uuid::Uuid) {
    let write = hands.write("people.undo_decision").await.unwrap();
    decisions::undo(&write, decision, hands.city).await.unwrap();
    write.save().await.unwrap();
}

async fn owners(hands: &Hands) -> Vec<(Vec<u8>, uuid::Uuid)> {
    let read = hands.database.read().await.unwrap();
    let select = Query::select().columns(["hash", "person_id"]).from("person_key").to_owned();
    let rows = read.connection().query_all(&select).await.unwrap();
    let mut owners: Vec<_> = rows
        .iter()
        .map(|row| (row.try_get("", "hash").unwrap(), row.try_get("", "person_id").unwrap()))
        .collect();
    owners.sort();
    owners
}

async fn what_is_joined_is_parted_again(database: TestDatabase) {
    let (hands, review) = asked(&database).await;
    let (before, numbers) = (seen(&hands).await, owners(&hands).await);
    assert_eq!(before.values().sum::<usize>(), 3);
    let decision = answer(&hands, &review, Answered::Same).await.unwrap();
    let joined = seen(&hands).await;
    assert_eq!(joined.values().sum::<usize>(), 2);
    assert!(joined.keys().any(|(name, rows)| name == "欧阳娜娜" && rows.len() == 2));
    assert!(queue(&hands).await.is_empty());

    undo(&hands, decision).await;
    assert_eq!(seen(&hands).await, before);
    assert_eq!(owners(&hands).await, numbers);
    assert_eq!(queue(&hands).await.len(), 1, "the question waits again");
    let write = hands.write("people.undo_decision").await.unwrap();
    assert!(matches!(decisions::undo(&write, decision, hands.city).await, Err(DecisionError::Overtaken)));
}

async fn what_is_parted_is_joined_again(database: TestDatabase) {
    let (hands, review) = asked(&database).await;
    answer(&hands, &review, Answered::Same).await;
    let joined = seen(&hands).await;
    let numbers = owners(&hands).await;
    let rows = rows_of(&hands, review.candidate).await;
    assert_eq!(rows.len(), 2);

    let write = hands.write("people.split_person").await.unwrap();
    let refused = decisions::split(&write, review.candidate, &rows, "", hands.city).await;
    assert!(matches!(refused, Err(DecisionError::NotTheirs)), "nothing would stay");
    drop(write);
    let write = hands.write("people.split_person").await.unwrap();
    let (decision, new) =
        decisions::split(&write, review.candidate, &rows[..1], "", hands.city).await.unwrap();
    write.save().await.unwrap();
    assert_ne!(new, review.candidate);
    assert_eq!(seen(&hands).await.values().sum::<usize>(), 3);

    undo(&hands, decision).await;
    assert_eq!(seen(&hands).await, joined);
    assert_eq!(owners(&hands).await, numbers);
}

async fn rows_of(hands: &Hands, person: PersonId) -> Vec<SourceRowId> {
    let read = hands.database.read().await.unwrap();
    let rows = repo::rows_of(read.connection(), &[person]).await.unwrap();
    rows.get(&person).into_iter().flatten().map(|row| row.id).collect()
}

async fn a_row_that_waits_and_comes_again_is_asked_about_once(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &[line(1, "欧阳娜娜", 10)])).await;
    // Somebody of another name with the same number.
    let pupil = |note: u8| Line { note, ..line(1, "王建国", 10) };
    import(&hands, "school", &taken(&database, &[pupil(0)])).await;
    let (asked, before) = (queue(&hands).await, seen(&hands).await);
    assert_eq!((asked.len(), before.values().sum::<usize>()), (1, 2));
    for note in 1..4 {
        import(&hands, "school", &taken(&database, &[pupil(note)])).await;
        let again = queue(&hands).await;
        assert_eq!(again.len(), 1, "asked again after {note}");
        assert_eq!((again[0].id, again[0].person), (asked[0].id, asked[0].person));
        assert_eq!(seen(&hands).await.values().sum::<usize>(), 2, "somebody new was made");
    }
}

async fn two_who_were_told_apart_are_not_asked_about_again(database: TestDatabase) {
    let (hands, review) = asked(&database).await;
    let decision = answer(&hands, &review, Answered::Different).await.unwrap();
    assert!(queue(&hands).await.is_empty());
    import(&hands, "school", &taken(&database, &[a_day_off(3)])).await;
    assert!(queue(&hands).await.is_empty());
    assert_eq!(seen(&hands).await.values().sum::<usize>(), 3);
    undo(&hands, decision).await;
    assert_eq!(queue(&hands).await.len(), 1);
}

async fn a_question_is_answered_once(database: TestDatabase) {
    let (hands, review) = asked(&database).await;
    answer(&hands, &review, Answered::Unsure).await;
    let again = queue(&hands).await.remove(0);
    assert_eq!(again.state, ReviewState::Unsure);
    let write = hands.write("people.answer_review").await.unwrap();
    let late = review::answer(&write, &review, Answered::Different, "", hands.city).await;
    assert!(matches!(late, Err(DecisionError::Overtaken)), "another version was read");
    drop(write);
    answer(&hands, &again, Answered::Same).await.unwrap();
}

async fn a_joined_person_is_found_under_both_numbers(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &[line(1, "张子涵", 10), line(2, "张子涵涵", 12)])).await;
    let persons: Vec<PersonId> =
        owners(&hands).await.into_iter().map(|(_, person)| PersonId(person)).collect();
    let write = hands.write("people.merge_persons").await.unwrap();
    decisions::merge(&write, persons[0], persons[1], None, "同一人两证", hands.city).await.unwrap();
    write.save().await.unwrap();
    let figures =
        import(&hands, "school", &taken(&database, &[line(1, "张子涵", 10), line(2, "张子涵涵", 12)])).await;
    assert_eq!((figures.linked + figures.review, figures.accepted), (2, 2));
    assert!(owners(&hands).await.iter().all(|(_, person)| *person == persons[1].0));
    // The decision outlives a change of the row that it was made about.
    let changed = [Line { note: 5, ..line(1, "张子涵", 10) }, line(2, "张子涵涵", 12)];
    import(&hands, "grid", &taken(&database, &changed)).await;
    let read = hands.database.read().await.unwrap();
    let resolved = persons::repo::resolve(read.connection(), persons[0]).await.unwrap();
    assert_eq!(resolved, persons[1]);
}

async fn facts_are_those_of_published_rows(database: TestDatabase) {
    let hands = hands(&database);
    import(&hands, "grid", &taken(&database, &[Line { note: 4, ..line(1, "张子涵", 10) }])).await;
    let person = PersonId(owners(&hands).await[0].1);
    let read = hands.database.read().await.unwrap();
    let facts = persons::facts(&read, &[person]).await.unwrap();
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].indicators[0].amount, Some(4));
    assert_eq!(facts[0].birth.unwrap().0, base::Day::new(2013, 3, 6).unwrap());
    drop(read);
    import(&hands, "grid", &taken(&database, &[Line { note: 9, ..line(1, "张子涵", 10) }])).await;
    let read = hands.database.read().await.unwrap();
    let facts = persons::facts(&read, &[person]).await.unwrap();
    let amounts: Vec<_> = facts[0].indicators.iter().map(|indicator| indicator.amount).collect();
    assert_eq!(amounts, [Some(9)], "the indicator of the version before is no longer one");
}
