//! Persons in the database.

use std::collections::HashMap;

use base::{PersonId, SourceRowId};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use store::bulk::{LIST_AT_MOST, Target, insert_rows, update_rows};
use store::{Keys, StoreError, Write};
use uuid::Uuid;

use super::model::{Number, PERSON_COLUMNS, Person, PersonRow, PersonState, birth_month, sex_word};
use super::{LinkedRow, Master};
use crate::deliveries::Horizon;
use crate::import::Digest;
use crate::links::decisions::DecisionKind;
use crate::rows::{RowValues, SourceRow};

/// `SELECT` of the columns that a [`Person`] is made from.
pub(crate) fn select_persons() -> SelectStatement {
    Query::select().columns(PERSON_COLUMNS.map(|column| ("person", column))).from("person").to_owned()
}

async fn persons_by(
    connection: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<Person>, StoreError> {
    let rows = connection.query_all(select).await?;
    Ok(rows
        .iter()
        .map(|row| PersonRow::from_query_result(row, "").map(Person::from))
        .collect::<Result<_, _>>()?)
}

/// The persons with these ids that satisfy `condition`, in no order.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[PersonId],
    condition: Condition,
) -> Result<Vec<Person>, StoreError> {
    let mut persons = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(LIST_AT_MOST) {
        let mut select = select_persons();
        select
            .and_where(Expr::col(("person", "id")).is_in(chunk.iter().map(|id| id.0)))
            .cond_where(condition.clone());
        persons.extend(persons_by(connection, &select).await?);
    }
    Ok(persons)
}

/// Persons that changed in a revision after `revision`, published or not, in the order of the revisions; at most
/// `limit`, but never a part of a revision unless it alone has more.
pub async fn changed_since(
    connection: &impl ConnectionTrait,
    revision: i64,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Person>, StoreError> {
    let mut select = select_persons();
    let later = Condition::any().add(Expr::col(("person", "revision")).gt(revision)).add(
        Condition::all()
            .add(Expr::col(("person", "revision")).eq(revision))
            .add(Expr::col(("person", "id")).gt(after)),
    );
    select
        .cond_where(later)
        .order_by(("person", "revision"), Order::Asc)
        .order_by(("person", "id"), Order::Asc)
        .limit(limit);
    persons_by(connection, &select).await
}

/// The one writer's revision in the snapshot of `connection`; 0 before anything was written.
pub async fn revision(connection: &impl ConnectionTrait) -> Result<i64, StoreError> {
    writer_number(connection, "revision").await
}

/// The last revision that changed what readers see, in the snapshot of `connection`; 0 before anything was written.
pub async fn shown_revision(connection: &impl ConnectionTrait) -> Result<i64, StoreError> {
    writer_number(connection, "shown_revision").await
}

/// A number of the one writer's row.
async fn writer_number(connection: &impl ConnectionTrait, column: &'static str) -> Result<i64, StoreError> {
    let select = Query::select().column(column).from("people_writer").to_owned();
    let row = connection.query_one(&select).await?;
    Ok(row.map(|row| row.try_get("", column)).transpose()?.unwrap_or(0))
}

/// Makes this transaction the one that creates and links people, until it ends, and returns its revision: one more
/// than the last.
pub async fn take_writer(write: &Write) -> Result<i64, StoreError> {
    take(write, true).await
}

/// As [`take_writer`], for writing what no reader sees before it is published: what was counted for them stays true.
pub async fn take_writer_unseen(write: &Write) -> Result<i64, StoreError> {
    take(write, false).await
}

/// Takes the writer. `is_shown` says whether readers see what this revision writes.
async fn take(write: &Write, is_shown: bool) -> Result<i64, StoreError> {
    write.lock("people.writer").await?;
    let connection = write.connection();
    let mut update = Query::update();
    update.table("people_writer").value("revision", Expr::col("revision").add(1));
    if is_shown {
        // On the right the row is as it was before.
        update.value("shown_revision", Expr::col("revision").add(1));
    }
    update.and_where(Expr::col("id").eq(1));
    if connection.execute(&update).await?.rows_affected() == 1 {
        return revision(connection).await;
    }
    let target = Target { table: "people_writer", columns: &["id", "revision", "shown_revision", "number"] };
    let shown = i64::from(is_shown);
    insert_rows(connection, target, [[1.into(), 1_i64.into(), shown.into(), 0_i64.into()]]).await?;
    Ok(1)
}

/// The next number of a delivery. The caller holds the writer.
pub async fn next_number(write: &Write) -> Result<i64, StoreError> {
    let connection = write.connection();
    let update =
        Query::update().table("people_writer").value("number", Expr::col("number").add(1)).to_owned();
    connection.execute(&update).await?;
    let select = Query::select().column("number").from("people_writer").to_owned();
    let row = connection.query_one(&select).await?;
    row.map(|row| row.try_get("", "number"))
        .transpose()?
        .ok_or_else(|| StoreError::internal("nobody took the writer"))
}

/// The owners of these numbers, by digest. They are asked for kind by kind and in the order of the table, so that each
/// page of it is read once.
pub async fn owners(
    connection: &impl ConnectionTrait,
    numbers: &[Number],
) -> Result<HashMap<Digest, PersonId>, StoreError> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut owners = HashMap::with_capacity(sorted.len());
    for of_a_kind in sorted.chunk_by(|one, other| one.kind == other.kind) {
        for chunk in of_a_kind.chunks(LIST_AT_MOST) {
            let Some(first) = chunk.first() else { continue };
            let select = Query::select()
                .columns(["hash", "person_id"])
                .from("person_key")
                .and_where(Expr::col("kind").eq(first.kind_word()))
                .and_where(Expr::col("hash").is_in(chunk.iter().map(|number| number.digest.0.to_vec())))
                .to_owned();
            for row in connection.query_all(&select).await? {
                let hash: Vec<u8> = row.try_get("", "hash")?;
                owners.insert(Digest::of(&hash), row.try_get::<Uuid>("", "person_id")?.into());
            }
        }
    }
    Ok(owners)
}

/// What the columns of a person say, in the order of [`PERSON_VALUE_COLUMNS`].
pub(crate) fn person_values(
    keys: &Keys,
    id: PersonId,
    city: base::AreaPath,
    master: Master,
    revision: i64,
) -> Result<[Value; 9], StoreError> {
    let area = master.area().unwrap_or(city);
    Ok([
        id.0.into(),
        area.city.0.into(),
        area.district.map(|area| area.0).into(),
        area.subdistrict.map(|area| area.0).into(),
        area.community.map(|area| area.0).into(),
        master.birth.as_ref().map(|birth| birth_month(birth.value)).into(),
        master.sex.as_ref().map(|sex| sex_word(sex.value)).into(),
        revision.into(),
        keys.seal("person", id.0, &master.folded())?.into(),
    ])
}

/// The columns of a person that follow from the master record, the id before them.
pub(crate) const PERSON_VALUE_COLUMNS: [&str; 9] = [
    "id",
    "city_id",
    "district_id",
    "subdistrict_id",
    "community_id",
    "birth_month",
    "sex",
    "revision",
    "sealed",
];

/// Makes the master records of `persons` anew from the rows that `horizon` sees, and their numbers with them. The caller
/// holds the writer. Persons of whom nothing changed are written all the same: their revision tells the live index.
pub async fn renew(
    write: &Write,
    persons: &[PersonId],
    horizon: Horizon,
    city: base::AreaPath,
    revision: i64,
) -> Result<(), StoreError> {
    let keys = write.keys();
    let rows = crate::links::repo::rows_of(write.connection(), persons).await?;
    let mut updates = Vec::with_capacity(persons.len());
    let mut numbers = NumberChanges::default();
    for person in persons {
        let all = rows.get(person).map_or(&[][..], Vec::as_slice);
        let opened = open_all(keys, all)?;
        let seen: Vec<LinkedRow<'_>> = opened
            .iter()
            .filter(|(row, _)| is_seen(row, horizon))
            .map(|(row, values)| LinkedRow::of(row, values))
            .collect();
        if seen.is_empty() {
            // Every row is gone: what was known last stays on record, and says by its rows that they are gone.
            continue;
        }
        let values = person_values(keys, *person, city, Master::of(&seen), revision)?;
        updates.push(values);
        numbers.note(keys, *person, &opened, horizon);
    }
    let [id, columns @ ..] = PERSON_VALUE_COLUMNS;
    update_rows(write.connection(), "person", id, &columns, updates).await?;
    numbers.write(write).await
}

fn open_all<'a>(keys: &Keys, rows: &'a [SourceRow]) -> Result<Vec<(&'a SourceRow, RowValues)>, StoreError> {
    rows.iter().map(|row| Ok((row, crate::rows::repo::open(keys, row)?.values))).collect()
}

/// Whether `horizon` sees `row` as present.
pub(crate) fn is_seen(row: &SourceRow, horizon: Horizon) -> bool {
    row.number <= horizon.0 && row.ended.is_none_or(|(number, _)| number > horizon.0)
}

/// Numbers that persons gain by rows that are seen, and lose with rows that have ended.
#[derive(Default)]
struct NumberChanges {
    gained: Vec<(Number, PersonId)>,
    lost: Vec<(Number, PersonId)>,
}

impl NumberChanges {
    fn note(&mut self, keys: &Keys, person: PersonId, rows: &[(&SourceRow, RowValues)], horizon: Horizon) {
        let mut held = Vec::new();
        let mut former = Vec::new();
        for (row, values) in rows {
            let Some(document) = &values.document else { continue };
            let number = Number::of(keys, document);
            // What is not published yet is kept as well: it was taken when the row was written.
            if is_seen(row, horizon) || row.number > horizon.0 {
                held.push(number);
            } else {
                former.push(number);
            }
        }
        // A row that is gone takes its number with it only when another number stands in its place.
        if held.is_empty() {
            return;
        }
        self.lost.extend(
            former.into_iter().filter(|number| !held.contains(number)).map(|number| (number, person)),
        );
        self.gained.extend(held.into_iter().map(|number| (number, person)));
    }

    async fn write(self, write: &Write) -> Result<(), StoreError> {
        let connection = write.connection();
        for (number, person) in self.lost {
            let delete = Query::delete()
                .from_table("person_key")
                .and_where(Expr::col("kind").eq(number.kind_word()))
                .and_where(Expr::col("hash").eq(number.digest.0.to_vec()))
                .and_where(Expr::col("person_id").eq(person.0))
                .to_owned();
            connection.execute(&delete).await?;
        }
        let gained: Vec<Number> = self.gained.iter().map(|(number, _)| *number).collect();
        let mut owners = owners(connection, &gained).await?;
        let mut rows: Vec<[Value; 3]> = Vec::new();
        for (number, person) in self.gained {
            if let std::collections::hash_map::Entry::Vacant(entry) = owners.entry(number.digest) {
                entry.insert(person);
                rows.push([number.kind_word().into(), number.digest.0.to_vec().into(), person.0.into()]);
            }
        }
        let target = Target { table: "person_key", columns: &["kind", "hash", "person_id"] };
        insert_rows(connection, target, rows).await?;
        Ok(())
    }
}

/// Follows a person that was merged to the one on record now. Merges chain at most as often as they were made; a
/// longer chain than `MERGES_FOLLOWED` is a fault.
pub async fn resolve(connection: &impl ConnectionTrait, id: PersonId) -> Result<PersonId, StoreError> {
    const MERGES_FOLLOWED: usize = 32;
    let mut id = id;
    for _merge in 0..MERGES_FOLLOWED {
        let select = Query::select()
            .columns(["state", "merged_into"])
            .from("person")
            .and_where(Expr::col("id").eq(id.0))
            .to_owned();
        let Some(row) = connection.query_one(&select).await? else { return Err(StoreError::NotFound) };
        let state: String = row.try_get("", "state")?;
        let into: Option<Uuid> = row.try_get("", "merged_into")?;
        match into {
            Some(into) if state == PersonState::Merged.word() => id = into.into(),
            _ => return Ok(id),
        }
    }
    Err(StoreError::internal("persons are merged in a circle"))
}

/// Persons that were merged into one, at most, that are looked for.
const MERGED_AT_MOST: usize = 32;

/// The persons that were merged into `id`, at first hand or through another, at most 32: what was kept under their ids
/// is about this person too, until the merge is undone.
pub async fn merged_into(
    connection: &impl ConnectionTrait,
    id: PersonId,
) -> Result<Vec<PersonId>, StoreError> {
    let mut found: Vec<PersonId> = Vec::new();
    let mut next = Some(id);
    let mut followed = 0;
    while let Some(survivor) = next {
        // By way of the decisions, which have an index: hardly any person was ever merged.
        let mut merges = Query::select();
        merges
            .column("person_id")
            .from("decision")
            .and_where(Expr::col("other_id").eq(survivor.0))
            .and_where(Expr::col("kind").eq(DecisionKind::Merge.word()));
        let select = Query::select()
            .column("id")
            .from("person")
            .and_where(Expr::col("id").in_subquery(merges))
            .and_where(Expr::col("state").eq(PersonState::Merged.word()))
            .and_where(Expr::col("merged_into").eq(survivor.0))
            .order_by("id", Order::Asc)
            .limit(MERGED_AT_MOST as u64)
            .to_owned();
        for row in connection.query_all(&select).await? {
            let merged = PersonId(row.try_get("", "id")?);
            if merged != id && !found.contains(&merged) && found.len() < MERGED_AT_MOST {
                found.push(merged);
            }
        }
        next = found.get(followed).copied();
        followed += 1;
    }
    Ok(found)
}

/// The ids under which things of a person may be kept: that of the person on record, then those of persons who were
/// merged into it. Empty for somebody who is not on record.
pub async fn ids_of(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<PersonId>, StoreError> {
    let present = match resolve(connection, person).await {
        Ok(present) => present,
        Err(StoreError::NotFound) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let mut ids = vec![present];
    ids.extend(merged_into(connection, present).await?);
    Ok(ids)
}

/// The rows that brought a person's values, to be opened for the person's page.
pub fn origins(master: &Master) -> Vec<SourceRowId> {
    let mut rows: Vec<SourceRowId> = Vec::new();
    rows.extend(master.name.iter().map(|value| value.row));
    rows.extend(master.document.iter().map(|value| value.row));
    rows.extend(master.birth.iter().map(|value| value.row));
    rows.extend(master.sex.iter().map(|value| value.row));
    rows.extend(master.phones.iter().map(|value| value.row));
    rows.extend(master.places.iter().map(|value| value.row));
    rows.extend(master.guardians.iter().map(|value| value.row));
    rows.extend(master.school.iter().chain(&master.class).map(|value| value.row));
    rows.sort_unstable();
    rows.dedup();
    rows
}
