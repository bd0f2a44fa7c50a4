//! What a batch asks the database before it can decide: by sets, never row by row.

use std::collections::{HashMap, HashSet};

use base::{PersonId, SourceRowId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use store::StoreError;
use store::bulk::LIST_AT_MOST;
use uuid::Uuid;

use super::{Digest, Joined, Step, Taken};
use crate::links::repo::Link;
use crate::persons::Number;
use crate::review::ReviewState;

/// The answers.
#[derive(Debug, Clone, Default)]
pub struct Lookups {
    /// The version that each row of the delivery takes the place of, or that ended before it came back, by its index.
    pub previous: HashMap<usize, SourceRowId>,
    /// Links of former versions, and of rows that are gone.
    pub links: HashMap<SourceRowId, Link>,
    /// Owners of usable numbers.
    pub owners: HashMap<Digest, PersonId>,
    /// Pairs of persons that somebody has told apart.
    pub told_apart: HashSet<(PersonId, PersonId)>,
    /// Pairs of persons about whom a question waits.
    pub asked: HashSet<(PersonId, PersonId)>,
}

/// Asks what `steps` need. `numbers` are the usable numbers of the rows among them.
pub async fn look_up(
    connection: &impl ConnectionTrait,
    feed_id: i32,
    taken: &Taken,
    steps: &[Joined],
    numbers: &[Number],
) -> Result<Lookups, StoreError> {
    let mut previous = HashMap::new();
    let mut linked = Vec::new();
    // A key under which several rows stand says nothing about which of them came back.
    let mut added: HashMap<Digest, usize> = HashMap::new();
    for joined in steps {
        match joined.step {
            Step::Added { row } if taken.is_alone_under_its_key(row) => {
                added.insert(joined.key, row);
            }
            Step::Updated { row, previous: before } => {
                previous.insert(row, before);
            }
            Step::Missing { current } => linked.push(current),
            Step::Added { .. } | Step::Unchanged { .. } => {}
        }
    }
    for (key, id) in ended_rows(connection, feed_id, added.keys().copied().collect()).await? {
        if let Some(row) = added.get(&key) {
            previous.insert(*row, id);
        }
    }
    linked.extend(previous.values());
    let links = crate::links::repo::of_rows(connection, &linked).await?;
    let owners = crate::persons::repo::owners(connection, numbers).await?;
    let former: HashSet<PersonId> =
        previous.values().filter_map(|row| links.get(row)).map(|link| link.person).collect();
    let told_apart = pairs_in(connection, &former, &[ReviewState::Different]).await?;
    let asked = pairs_in(connection, &former, &[ReviewState::Open, ReviewState::Unsure]).await?;
    Ok(Lookups { previous, links, owners, told_apart, asked })
}

/// Ended rows under these keys, the newest of each key last. They are asked for in the order of the table, so that each
/// page of it is read once.
async fn ended_rows(
    connection: &impl ConnectionTrait,
    feed_id: i32,
    mut keys: Vec<Digest>,
) -> Result<Vec<(Digest, SourceRowId)>, StoreError> {
    keys.sort_unstable();
    let mut found = Vec::new();
    for chunk in keys.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns(["row_key", "id"])
            .from("source_row")
            .and_where(Expr::col("feed_id").eq(feed_id))
            .and_where(Expr::col("row_key").is_in(chunk.iter().map(|key| key.0.to_vec())))
            .and_where(Expr::col("ended_number").is_not_null())
            .order_by("number", Order::Asc)
            .order_by("id", Order::Asc)
            .to_owned();
        for row in connection.query_all(&select).await? {
            let key: Vec<u8> = row.try_get("", "row_key")?;
            found.push((Digest::of(&key), row.try_get::<Uuid>("", "id")?.into()));
        }
    }
    Ok(found)
}

/// Pairs with one of `persons` of which the question stands in one of `states`.
async fn pairs_in(
    connection: &impl ConnectionTrait,
    persons: &HashSet<PersonId>,
    states: &[ReviewState],
) -> Result<HashSet<(PersonId, PersonId)>, StoreError> {
    let persons: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let mut pairs = HashSet::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        for column in ["person_id", "candidate_id"] {
            let select = Query::select()
                .columns(["person_id", "candidate_id"])
                .from("review")
                .and_where(Expr::col(column).is_in(chunk.iter().copied()))
                .and_where(Expr::col("state").is_in(states.iter().map(|state| state.word())))
                .to_owned();
            for row in connection.query_all(&select).await? {
                let id = |column| row.try_get::<Uuid>("", column).map(PersonId);
                pairs.insert((id("person_id")?, id("candidate_id")?));
            }
        }
    }
    Ok(pairs)
}
