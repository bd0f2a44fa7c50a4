//! Screenings, and what leads stand on, in the database.

use std::collections::HashMap;

use base::{Day, DeliveryId, IndicatorId, MatterId, Moment, PersonId, Severity, SourceRowId};
use futures::future::BoxFuture;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use store::bulk::{LIST_AT_MOST, Target, insert_rows, update_rows, upsert_rows};
use store::schema::Schema;
use store::{Keys, StoreError, Write};
use uuid::Uuid;

use super::model::{LeadDetail, LeadIndicator, Outcome, ScreeningRecord};

const SCREENING: &str = "screening";
const DETAIL: &str = "lead_detail";
const INDICATOR: &str = "lead_indicator";
const UNANSWERED: &str = "unanswered_child";
const ROUND: &str = "screening_round";

/// Screenings of one person, or grounds of one lead, that are read at most.
const READ_AT_MOST: u64 = 500;

/// The tables.
pub(crate) fn tables(schema: &mut Schema) {
    // Never changed once written: what was decided, when, under which rules, and why.
    schema.create_table(SCREENING, |table| {
        table.id();
        table.uuid("person_id");
        table.uuid("matter_id");
        table.uuid("delivery_id").optional();
        table.moment("at");
        table.text("rules_version");
        table.big_integer("points");
        table.integer("level").optional();
        table.text("outcome");
        table.sealed();
    });
    schema.index(SCREENING, &["person_id", "at"]);
    schema.index(SCREENING, &["matter_id"]);
    // Its id is the matter's.
    schema.create_table(DETAIL, |table| {
        table.id();
        table.uuid("person_id");
        table.big_integer("points");
        table.text("rules_version");
        table.moment("screened_at");
        table.moment("withdrawable_since").optional();
        table.sealed();
    });
    schema.index(DETAIL, &["person_id"]);
    schema.create_table(INDICATOR, |table| {
        table.id();
        table.uuid("matter_id");
        table.uuid("indicator_id");
        table.uuid("source_row_id");
        table.moment("joined_at");
        table.moment("ended_at").optional();
        table.sealed();
    });
    schema.index(INDICATOR, &["matter_id"]);
    schema.index(INDICATOR, &["source_row_id"]);
}

/// Children who reach a level and for whose place nobody answers yet; the id is the person's. They are screened again when
/// somebody takes a post.
pub(crate) fn unanswered_table(schema: &mut Schema) {
    schema.create_table(UNANSWERED, |table| {
        table.id();
        table.moment("noted_at");
    });
}

/// How far the round over all children has come; one row for each program.
pub(crate) fn round_table(schema: &mut Schema) {
    schema.create_table(ROUND, |table| {
        table.text("program");
        table.text("program_version");
        table.day("day");
        table.uuid("after_id").optional();
        table.moment("done_at").optional();
        table.primary_key(&["program"]);
    });
}

/// A round over all children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Round {
    /// The version of the program by whose rules they are screened.
    pub version: String,
    /// The day on which it began.
    pub day: Day,
    /// Up to whom it has come, by id; `None` before the first.
    pub after: Option<PersonId>,
    /// When it ended.
    pub done_at: Option<Moment>,
}

/// The last round, under way or done.
pub(super) async fn round(
    connection: &impl ConnectionTrait,
    program: &str,
) -> Result<Option<Round>, StoreError> {
    let select = Query::select()
        .columns(["program_version", "day", "after_id", "done_at"])
        .from(ROUND)
        .and_where(Expr::col("program").eq(program))
        .to_owned();
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    let day = Day::from_number(row.try_get("", "day")?);
    Ok(Some(Round {
        version: row.try_get("", "program_version")?,
        day: day.ok_or_else(|| StoreError::internal("a round of screening is of no day"))?,
        after: row.try_get::<Option<Uuid>>("", "after_id")?.map(PersonId),
        done_at: row.try_get::<Option<i64>>("", "done_at")?.map(Moment),
    }))
}

/// Writes down how far the round has come.
pub(super) async fn keep_round(write: &Write, program: &str, round: &Round) -> Result<(), StoreError> {
    let columns = ["program", "program_version", "day", "after_id", "done_at"];
    let row: [Value; 5] = [
        program.into(),
        round.version.clone().into(),
        round.day.number().into(),
        round.after.map(|after| after.0).into(),
        round.done_at.map(|at| at.0).into(),
    ];
    upsert_rows(write.connection(), Target { table: ROUND, columns: &columns }, &["program"], [row]).await?;
    Ok(())
}

/// Notes at the time of `write` children for whom nobody answers.
pub(super) async fn note_unanswered(write: &Write, persons: &[PersonId]) -> Result<(), StoreError> {
    let rows: Vec<[Value; 2]> = persons.iter().map(|person| [person.0.into(), write.at().0.into()]).collect();
    let target = Target { table: UNANSWERED, columns: &["id", "noted_at"] };
    upsert_rows(write.connection(), target, &["id"], rows).await?;
    Ok(())
}

/// Children for whom nobody answered when they were screened, by id from behind `after`, at most `limit`.
pub(super) async fn unanswered(
    connection: &impl ConnectionTrait,
    after: Option<PersonId>,
    limit: u64,
) -> Result<Vec<PersonId>, StoreError> {
    let mut select = Query::select();
    select.column("id").from(UNANSWERED).order_by("id", Order::Asc).limit(limit);
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after.0));
    }
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get("", "id")?))).collect()
}

/// Takes out those of `persons` who were last noted before the time of `write`: somebody answers for them now, or they
/// reach no level any more.
pub(super) async fn answered(write: &Write, persons: &[PersonId]) -> Result<(), StoreError> {
    for chunk in persons.chunks(LIST_AT_MOST) {
        let delete = Query::delete()
            .from_table(UNANSWERED)
            .and_where(Expr::col("id").is_in(chunk.iter().map(|person| person.0)))
            .and_where(Expr::col("noted_at").lt(write.at().0))
            .to_owned();
        write.connection().execute(&delete).await?;
    }
    Ok(())
}

fn level(rank: Option<i32>) -> Result<Option<Severity>, StoreError> {
    rank.map(|rank| {
        let level = i16::try_from(rank).ok().and_then(Severity::from_rank);
        level.ok_or_else(|| StoreError::internal("a screening is of an unknown level"))
    })
    .transpose()
}

fn rank(level: Option<Severity>) -> Value {
    level.map(|level| i32::from(level.rank())).into()
}

/// Keeps screenings.
pub(crate) async fn keep(write: &Write, records: &[ScreeningRecord]) -> Result<(), StoreError> {
    let target = Target {
        table: SCREENING,
        columns: &[
            "id",
            "person_id",
            "matter_id",
            "delivery_id",
            "at",
            "rules_version",
            "points",
            "level",
            "outcome",
            "sealed",
        ],
    };
    let rows = records.iter().map(|record| -> Result<[Value; 10], StoreError> {
        Ok([
            record.id.into(),
            record.person.0.into(),
            record.matter.0.into(),
            record.delivery.map(|delivery| delivery.0).into(),
            record.at.0.into(),
            record.rules_version.clone().into(),
            record.points.into(),
            rank(record.level),
            record.outcome.word().into(),
            write.keys().seal(SCREENING, record.id, &record.explanation)?.into(),
        ])
    });
    insert_rows(write.connection(), target, rows.collect::<Result<Vec<_>, _>>()?).await?;
    Ok(())
}

fn screening_of(row: &QueryResult, keys: &Keys) -> Result<ScreeningRecord, StoreError> {
    let id: Uuid = row.try_get("", "id")?;
    let outcome: String = row.try_get("", "outcome")?;
    let sealed: Vec<u8> = row.try_get("", "sealed")?;
    Ok(ScreeningRecord {
        id,
        person: PersonId(row.try_get("", "person_id")?),
        matter: MatterId(row.try_get("", "matter_id")?),
        delivery: row.try_get::<Option<Uuid>>("", "delivery_id")?.map(DeliveryId),
        at: Moment(row.try_get("", "at")?),
        rules_version: row.try_get("", "rules_version")?,
        points: row.try_get("", "points")?,
        level: level(row.try_get("", "level")?)?,
        outcome: Outcome::from_word(&outcome)
            .ok_or_else(|| StoreError::internal("a screening has an unknown outcome"))?,
        explanation: keys.open(SCREENING, id, &sealed)?,
    })
}

async fn screenings(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    column: &'static str,
    ids: Vec<Uuid>,
) -> Result<Vec<ScreeningRecord>, StoreError> {
    let select = Query::select()
        .columns([
            "id",
            "person_id",
            "matter_id",
            "delivery_id",
            "at",
            "rules_version",
            "points",
            "level",
            "outcome",
            "sealed",
        ])
        .from(SCREENING)
        .and_where(Expr::col(column).is_in(ids))
        .order_by("at", Order::Asc)
        .order_by("id", Order::Asc)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| screening_of(row, keys)).collect()
}

/// The screenings of `persons` that led to something, the oldest first.
pub async fn screenings_of(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<ScreeningRecord>>, StoreError> {
    let mut found: HashMap<PersonId, Vec<ScreeningRecord>> = HashMap::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        let ids = chunk.iter().map(|person| person.0).collect();
        for record in screenings(connection, keys, "person_id", ids).await? {
            found.entry(record.person).or_default().push(record);
        }
    }
    Ok(found)
}

/// The screenings that opened or changed a lead, the oldest first.
pub async fn screenings_of_lead(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matter: MatterId,
) -> Result<Vec<ScreeningRecord>, StoreError> {
    screenings(connection, keys, "matter_id", vec![matter.0]).await
}

/// Keeps the details of leads that were just opened.
pub(crate) async fn insert_details(write: &Write, details: &[LeadDetail]) -> Result<(), StoreError> {
    let target = Target {
        table: DETAIL,
        columns: &[
            "id",
            "person_id",
            "points",
            "rules_version",
            "screened_at",
            "withdrawable_since",
            "sealed",
        ],
    };
    let rows = details.iter().map(|detail| -> Result<[Value; 7], StoreError> {
        Ok([
            detail.matter.0.into(),
            detail.person.0.into(),
            detail.points.into(),
            detail.rules_version.clone().into(),
            detail.screened_at.0.into(),
            detail.withdrawable_since.map(|at| at.0).into(),
            write.keys().seal(DETAIL, detail.matter.0, &detail.explanation)?.into(),
        ])
    });
    insert_rows(write.connection(), target, rows.collect::<Result<Vec<_>, _>>()?).await?;
    Ok(())
}

/// Writes what changed of a lead's detail.
pub(crate) async fn update_detail(write: &Write, detail: &LeadDetail) -> Result<(), StoreError> {
    let update = Query::update()
        .table(DETAIL)
        .value("points", detail.points)
        .value("rules_version", detail.rules_version.clone())
        .value("screened_at", detail.screened_at.0)
        .value("withdrawable_since", detail.withdrawable_since.map(|at| at.0))
        .value("sealed", write.keys().seal(DETAIL, detail.matter.0, &detail.explanation)?)
        .and_where(Expr::col("id").eq(detail.matter.0))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}

/// Hands the leads of a person who was found to be another one on.
pub(crate) async fn hand_on(write: &Write, from: PersonId, to: PersonId) -> Result<(), StoreError> {
    for table in [DETAIL, SCREENING] {
        let update = Query::update()
            .table(table)
            .value("person_id", to.0)
            .and_where(Expr::col("person_id").eq(from.0))
            .to_owned();
        write.connection().execute(&update).await?;
    }
    Ok(())
}

/// Gives the leads `of`, and what was screened at them, to the person whom they were opened about.
pub(crate) async fn hand_back(write: &Write, to: PersonId, of: &[MatterId]) -> Result<(), StoreError> {
    for (table, matter) in [(DETAIL, "id"), (SCREENING, "matter_id")] {
        for chunk in of.chunks(LIST_AT_MOST) {
            let update = Query::update()
                .table(table)
                .value("person_id", to.0)
                .and_where(Expr::col(matter).is_in(chunk.iter().map(|id| id.0)))
                .and_where(Expr::col("person_id").ne(to.0))
                .to_owned();
            write.connection().execute(&update).await?;
        }
    }
    Ok(())
}

fn select_details() -> SelectStatement {
    Query::select()
        .columns([
            "id",
            "person_id",
            "points",
            "rules_version",
            "screened_at",
            "withdrawable_since",
            "sealed",
        ])
        .from(DETAIL)
        .order_by("id", Order::Asc)
        .to_owned()
}

async fn details_by(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    select: &SelectStatement,
) -> Result<Vec<LeadDetail>, StoreError> {
    let rows = connection.query_all(select).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get("", "id")?;
            let sealed: Vec<u8> = row.try_get("", "sealed")?;
            Ok(LeadDetail {
                matter: MatterId(id),
                person: PersonId(row.try_get("", "person_id")?),
                points: row.try_get("", "points")?,
                rules_version: row.try_get("", "rules_version")?,
                screened_at: Moment(row.try_get("", "screened_at")?),
                withdrawable_since: row.try_get::<Option<i64>>("", "withdrawable_since")?.map(Moment),
                explanation: keys.open(DETAIL, id, &sealed)?,
            })
        })
        .collect()
}

/// The details of the leads, open or ended, of `persons`.
pub async fn details_of(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<LeadDetail>>, StoreError> {
    let mut found: HashMap<PersonId, Vec<LeadDetail>> = HashMap::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        let mut select = select_details();
        select.and_where(Expr::col("person_id").is_in(chunk.iter().map(|person| person.0)));
        for detail in details_by(connection, keys, &select).await? {
            found.entry(detail.person).or_default().push(detail);
        }
    }
    Ok(found)
}

/// What a lead stands on now, by the rules that speak for it: for the conditions of its workflow, so for whoever acts.
pub(crate) fn grounds<'a>(
    connection: &'a DatabaseTransaction,
    keys: &'a Keys,
    lead: MatterId,
) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
    Box::pin(async move {
        let detail = details(connection, keys, &[lead]).await?.remove(&lead);
        let reasons = detail.into_iter().flat_map(|detail| detail.explanation.reasons);
        Ok(reasons.map(|reason| reason.rule).collect())
    })
}

/// The details of leads by matter. Who asks has looked the matters up.
pub async fn details(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matters: &[MatterId],
) -> Result<HashMap<MatterId, LeadDetail>, StoreError> {
    let mut found = HashMap::with_capacity(matters.len());
    for chunk in matters.chunks(LIST_AT_MOST) {
        let mut select = select_details();
        select.and_where(Expr::col("id").is_in(chunk.iter().map(|matter| matter.0)));
        let details = details_by(connection, keys, &select).await?;
        found.extend(details.into_iter().map(|detail| (detail.matter, detail)));
    }
    Ok(found)
}

/// Keeps what leads stand on.
pub(crate) async fn insert_indicators(write: &Write, indicators: &[LeadIndicator]) -> Result<(), StoreError> {
    let target = Target {
        table: INDICATOR,
        columns: &["id", "matter_id", "indicator_id", "source_row_id", "joined_at", "ended_at", "sealed"],
    };
    let rows = indicators.iter().map(|one| -> Result<[Value; 7], StoreError> {
        Ok([
            one.id.into(),
            one.matter.0.into(),
            one.indicator.0.into(),
            one.row.0.into(),
            one.joined_at.0.into(),
            one.ended_at.map(|at| at.0).into(),
            write.keys().seal(INDICATOR, one.id, &one.ground)?.into(),
        ])
    });
    insert_rows(write.connection(), target, rows.collect::<Result<Vec<_>, _>>()?).await?;
    Ok(())
}

/// Marks what is no longer said.
pub(crate) async fn end_indicators(write: &Write, ids: &[Uuid]) -> Result<(), StoreError> {
    let at = write.at().0;
    let rows = ids.iter().map(|id| -> [Value; 2] { [(*id).into(), at.into()] }).collect::<Vec<_>>();
    update_rows(write.connection(), INDICATOR, "id", &["ended_at"], rows).await?;
    Ok(())
}

/// What a lead stands on and stood on, in the order in which it joined.
pub async fn indicators(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    matter: MatterId,
) -> Result<Vec<LeadIndicator>, StoreError> {
    let select = Query::select()
        .columns(["id", "matter_id", "indicator_id", "source_row_id", "joined_at", "ended_at", "sealed"])
        .from(INDICATOR)
        .and_where(Expr::col("matter_id").eq(matter.0))
        .order_by("joined_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(READ_AT_MOST)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get("", "id")?;
            let sealed: Vec<u8> = row.try_get("", "sealed")?;
            Ok(LeadIndicator {
                id,
                matter: MatterId(row.try_get("", "matter_id")?),
                indicator: IndicatorId(row.try_get("", "indicator_id")?),
                row: SourceRowId(row.try_get("", "source_row_id")?),
                joined_at: Moment(row.try_get("", "joined_at")?),
                ended_at: row.try_get::<Option<i64>>("", "ended_at")?.map(Moment),
                ground: keys.open(INDICATOR, id, &sealed)?,
            })
        })
        .collect()
}
