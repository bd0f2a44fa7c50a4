//! Finding and writing matters and their tasks.

use std::collections::HashMap;

use access::Scope;
use base::{MatterId, Moment, PersonId, PostId};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::bulk::{LIST_AT_MOST, Target, insert_rows};
use store::{Keys, StoreError, Write};
use uuid::Uuid;
use workflow::Child;

use super::model::{COLUMNS, MATTER_COLUMNS, Matter, MatterRow, TABLE};
use crate::MatterError;

/// `SELECT` of whole matters, to be narrowed.
pub(crate) fn select_matters() -> SelectStatement {
    let mut select = Query::select();
    select.columns(MATTER_COLUMNS.map(|column| (TABLE, column))).from(TABLE);
    select
}

/// The matters of a statement made by [`select_matters`].
pub(crate) async fn matters_by(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    select: &SelectStatement,
) -> Result<Vec<Matter>, MatterError> {
    let rows = connection.query_all(select).await?;
    rows.iter().map(|row| MatterRow::from_query_result(row, "")?.open(keys)).collect()
}

/// One matter, whoever asks: for what has a token, and for the system.
pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    id: MatterId,
) -> Result<Matter, MatterError> {
    let mut select = select_matters();
    select.and_where(Expr::col((TABLE, "id")).eq(id.0));
    matters_by(connection, keys, &select).await?.pop().ok_or(MatterError::NotFound)
}

/// One matter that is about to be changed, as nobody else can change it until `write` ends: on PostgreSQL the second of two
/// acts waits here, and finds the version of the first before it has written anything that would have to be undone.
pub(crate) async fn to_change(write: &Write, id: MatterId) -> Result<Matter, MatterError> {
    write.lock(&format!("matters.matter.{id}")).await?;
    by_id(write.connection(), write.keys(), id).await
}

/// The matters with these ids that `scope` shows, in no order.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    scope: &Scope,
    ids: &[MatterId],
) -> Result<Vec<Matter>, MatterError> {
    let mut matters = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(LIST_AT_MOST) {
        let mut select = select_matters();
        select
            .and_where(Expr::col((TABLE, "id")).is_in(chunk.iter().map(|id| id.0)))
            .cond_where(scope.condition(&COLUMNS));
        matters.extend(matters_by(connection, keys, &select).await?);
    }
    Ok(matters)
}

/// The open matter of this kind about a person, who is known under these ids, if there is one (the oldest of several).
pub(crate) async fn open_of(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    program: &str,
    kind: &str,
    subjects: &[PersonId],
) -> Result<Option<Matter>, MatterError> {
    if subjects.is_empty() {
        return Ok(None);
    }
    let mut select = select_matters();
    select
        .and_where(Expr::col((TABLE, "subject_id")).is_in(subjects.iter().map(|id| id.0)))
        .and_where(Expr::col((TABLE, "kind")).eq(kind))
        .and_where(Expr::col((TABLE, "program")).eq(program))
        .and_where(Expr::col((TABLE, "closed_at")).is_null())
        .order_by((TABLE, "id"), Order::Asc)
        .limit(1);
    Ok(matters_by(connection, keys, &select).await?.pop())
}

/// Most matters of one person or one parent that are read at once.
const RELATED_AT_MOST: u64 = 200;

/// The matters that hang on `parent` and that `scope` shows, oldest first.
pub(crate) async fn children(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    scope: &Scope,
    parent: MatterId,
) -> Result<Vec<Matter>, MatterError> {
    let mut select = select_matters();
    select
        .and_where(Expr::col((TABLE, "parent_id")).eq(parent.0))
        .cond_where(scope.condition(&COLUMNS))
        .order_by((TABLE, "id"), Order::Asc)
        .limit(RELATED_AT_MOST);
    matters_by(connection, keys, &select).await
}

/// The matters about a person that `scope` shows, newest first.
pub(crate) async fn about(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    scope: &Scope,
    subject: PersonId,
) -> Result<Vec<Matter>, MatterError> {
    let mut select = select_matters();
    select
        .and_where(Expr::col((TABLE, "subject_id")).eq(subject.0))
        .cond_where(scope.condition(&COLUMNS))
        .order_by((TABLE, "id"), Order::Desc)
        .limit(RELATED_AT_MOST);
    matters_by(connection, keys, &select).await
}

/// What hangs on `parent`, each kind and outcome once, whoever may see it: a guard does not look away.
pub(crate) async fn child_facts(
    connection: &impl ConnectionTrait,
    parent: MatterId,
) -> Result<Vec<Child>, StoreError> {
    let select = Query::select()
        .distinct()
        .columns(["kind", "stage", "outcome"])
        .from(TABLE)
        .and_where(Expr::col("parent_id").eq(parent.0))
        .to_owned();
    let rows = connection.query_all(&select).await?;
    let child = |row: &sea_orm::QueryResult| {
        Ok(Child {
            kind: row.try_get("", "kind")?,
            stage: row.try_get("", "stage")?,
            outcome: row.try_get("", "outcome")?,
        })
    };
    rows.iter().map(child).collect()
}

/// Matters whose clock has something to do at `now`, the longest waiting first; those in `passed_over` are left out.
pub(crate) async fn due(
    connection: &impl ConnectionTrait,
    now: Moment,
    passed_over: &[MatterId],
    limit: u64,
) -> Result<Vec<MatterId>, StoreError> {
    let mut select = Query::select();
    select
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("next_at").lte(now.0))
        .order_by("next_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit);
    if !passed_over.is_empty() {
        select.and_where(Expr::col("id").is_not_in(passed_over.iter().map(|id| id.0)));
    }
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Ok(MatterId(row.try_get("", "id")?))).collect()
}

/// Writes new matters.
pub(crate) async fn insert(write: &Write, matters: &[Matter]) -> Result<(), MatterError> {
    let rows: Vec<_> = matters.iter().map(|matter| matter.values(write.keys())).collect::<Result<_, _>>()?;
    let target = Target { table: TABLE, columns: &MATTER_COLUMNS };
    insert_rows(write.connection(), target, rows).await?;
    Ok(())
}

/// Writes what changed on a matter that was read at `matter.version`, and counts the version up.
pub(crate) async fn update(write: &Write, matter: &mut Matter) -> Result<(), MatterError> {
    match write.edit(TABLE, matter.id.0, matter.version, matter.changing_values()).await {
        Ok(()) => {
            matter.version = matter.version.saturating_add(1);
            Ok(())
        }
        Err(StoreError::Conflict) => {
            let present = by_id(write.connection(), write.keys(), matter.id).await?;
            Err(MatterError::Conflict(Box::new(present)))
        }
        Err(other) => Err(other.into()),
    }
}

/// What a task is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// To work on the matter.
    Handle,
    /// To see to it that somebody does (督办): a late matter has climbed here.
    Supervise,
}

impl TaskKind {
    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Handle => "handle",
            Self::Supervise => "supervise",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Handle, Self::Supervise].into_iter().find(|kind| kind.word() == word)
    }
}

const TASK_COLUMNS: [&str; 6] = ["id", "matter_id", "post_id", "kind", "stage", "opened_at"];

/// Opens one task of `kind` for each matter at its post.
pub(crate) async fn open_tasks(
    write: &Write,
    kind: TaskKind,
    tasks: impl IntoIterator<Item = (MatterId, PostId, String), IntoIter: Send>,
) -> Result<(), StoreError> {
    let rows: Vec<[sea_orm::Value; 6]> = tasks
        .into_iter()
        .map(|(matter, post, stage)| {
            let id = write.new_id();
            [id.into(), matter.0.into(), post.0.into(), kind.word().into(), stage.into(), write.at().0.into()]
        })
        .collect();
    insert_rows(write.connection(), Target { table: "task", columns: &TASK_COLUMNS }, rows).await?;
    Ok(())
}

/// Ends the open tasks of a matter; with `kind`, those of that kind.
pub(crate) async fn close_tasks(
    write: &Write,
    matter: MatterId,
    kind: Option<TaskKind>,
) -> Result<(), StoreError> {
    let mut update = Query::update();
    update
        .table("task")
        .value("closed_at", write.at().0)
        .and_where(Expr::col("matter_id").eq(matter.0))
        .and_where(Expr::col("closed_at").is_null());
    if let Some(kind) = kind {
        update.and_where(Expr::col("kind").eq(kind.word()));
    }
    write.connection().execute(&update).await?;
    Ok(())
}

/// Tasks of one matter that are looked through for whoever held it: far more than it changes hands.
const HELD_AT_MOST: u64 = 500;

/// The posts that had a matter to do, each with since when and until when, the latest first.
pub(crate) async fn held_by(
    connection: &impl ConnectionTrait,
    matter: MatterId,
) -> Result<Vec<(PostId, Moment, Option<Moment>)>, StoreError> {
    let select = Query::select()
        .columns(["post_id", "opened_at", "closed_at"])
        .from("task")
        .and_where(Expr::col("matter_id").eq(matter.0))
        .and_where(Expr::col("kind").eq(TaskKind::Handle.word()))
        .order_by("id", Order::Desc)
        .limit(HELD_AT_MOST)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    let held = rows.iter().map(|row| {
        let until: Option<i64> = row.try_get("", "closed_at")?;
        Ok((PostId(row.try_get("", "post_id")?), Moment(row.try_get("", "opened_at")?), until.map(Moment)))
    });
    held.collect()
}

/// What a post has to do. While there is anything it must stay open, or nobody would see the matter until it is late.
pub async fn tasks_of_post(connection: &impl ConnectionTrait, post: PostId) -> Result<OpenTasks, StoreError> {
    let select = Query::select()
        .column("kind")
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .from("task")
        .and_where(Expr::col("post_id").eq(post.0))
        .and_where(Expr::col("closed_at").is_null())
        .group_by_col("kind")
        .to_owned();
    let mut tasks = OpenTasks::default();
    for row in connection.query_all(&select).await? {
        let (kind, count): (String, i64) = (row.try_get("", "kind")?, row.try_get("", "count")?);
        let count = u64::try_from(count).unwrap_or(0);
        match TaskKind::from_word(&kind) {
            Some(TaskKind::Supervise) => tasks.supervised += count,
            Some(TaskKind::Handle) | None => tasks.held += count,
        }
    }
    Ok(tasks)
}

/// How many matters ask something of a post.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenTasks {
    /// Those that it holds.
    pub held: u64,
    /// Late ones that climbed to it: it sees to it that somebody else works on them.
    pub supervised: u64,
}

impl OpenTasks {
    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The person that a matter is about, whoever may see it: for an auditor, who is told who has read of the person, and of
/// the matter nothing.
pub async fn subject_of(
    connection: &impl ConnectionTrait,
    id: MatterId,
) -> Result<Option<PersonId>, StoreError> {
    subject_by(connection, Expr::col("id").eq(id.0)).await
}

/// As [`subject_of`], by the matter's number.
pub async fn subject_of_number(
    connection: &impl ConnectionTrait,
    number: &str,
) -> Result<Option<PersonId>, StoreError> {
    subject_by(connection, Expr::col("number").eq(number)).await
}

async fn subject_by(connection: &impl ConnectionTrait, which: Expr) -> Result<Option<PersonId>, StoreError> {
    let select = Query::select().column("subject_id").from(TABLE).and_where(which).to_owned();
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    Ok(row.try_get::<Option<Uuid>>("", "subject_id")?.map(PersonId))
}

/// The numbers of these matters, whoever may see them: a number tells nothing of its matter.
pub async fn numbers_of(
    connection: &impl ConnectionTrait,
    ids: &[MatterId],
) -> Result<HashMap<MatterId, String>, StoreError> {
    let mut numbers = HashMap::new();
    for some in ids.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns(["id", "number"])
            .from(TABLE)
            .and_where(Expr::col("id").is_in(some.iter().map(|id| id.0)))
            .to_owned();
        for row in connection.query_all(&select).await? {
            numbers.insert(MatterId(row.try_get("", "id")?), row.try_get("", "number")?);
        }
    }
    Ok(numbers)
}

/// The posts that supervise a matter at present.
pub(crate) async fn supervisors(
    connection: &impl ConnectionTrait,
    matter: MatterId,
) -> Result<Vec<PostId>, StoreError> {
    let select = Query::select()
        .column("post_id")
        .from("task")
        .and_where(Expr::col("matter_id").eq(matter.0))
        .and_where(Expr::col("kind").eq(TaskKind::Supervise.word()))
        .and_where(Expr::col("closed_at").is_null())
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Ok(PostId(row.try_get("", "post_id")?))).collect()
}
