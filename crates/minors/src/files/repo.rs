//! Files and categories as SQL.

use std::collections::HashMap;

use access::Scope;
use base::{AreaPath, FileId, MatterId, Moment, PersonId, PostId, Severity};
use people::persons;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait};
use store::bulk::{LIST_AT_MOST, Target, insert_rows};
use store::{Keys, StoreError, Write};
use uuid::Uuid;

use crate::{CASE, VISIT};

use super::model::{
    CATEGORY_TABLE, COLUMNS, Category, ChildFile, FILE_COLUMNS, FileState, Ground, TABLE, category_of,
    file_of,
};

/// Categories of one file at most.
const CATEGORIES_AT_MOST: u64 = 100;

fn col(column: &'static str) -> Expr {
    Expr::col((TABLE, column))
}

fn select_files() -> SelectStatement {
    Query::select().columns(FILE_COLUMNS.map(|column| (TABLE, column))).from(TABLE).to_owned()
}

/// The files of a child, whoever asks: for the program itself, and for what has a token. More than one only where two
/// children turned out to be one: the open one first, then that of the person on record, then the oldest.
pub(crate) async fn of_ids(
    connection: &impl ConnectionTrait,
    ids: &[PersonId],
) -> Result<Vec<ChildFile>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = select_files();
    select.and_where(col("person_id").is_in(ids.iter().map(|id| id.0)));
    let rows = connection.query_all(&select).await?;
    let mut files: Vec<ChildFile> = rows.iter().map(file_of).collect::<Result<_, _>>()?;
    files.sort_by_key(|file| {
        (file.state == FileState::Closed, ids.first() != Some(&file.person), file.opened_at, file.id)
    });
    Ok(files)
}

/// The file of a child, as [`of_ids`] puts it first.
pub(crate) async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<ChildFile>, StoreError> {
    let ids = persons::repo::ids_of(connection, person).await?;
    Ok(of_ids(connection, &ids).await?.into_iter().next())
}

/// Writes a new file.
pub(crate) async fn insert(write: &Write, file: &ChildFile) -> Result<(), StoreError> {
    const COLUMNS: [&str; 14] = [
        "id",
        "person_id",
        "city_id",
        "district_id",
        "subdistrict_id",
        "community_id",
        "state",
        "level",
        "opened_at",
        "opened_from_id",
        "changed_at",
        "visit_due_at",
        "holder_post_id",
        "version",
    ];
    let area = &file.area;
    let row: [sea_orm::Value; 14] = [
        file.id.0.into(),
        file.person.0.into(),
        area.city.0.into(),
        area.district.map(|id| id.0).into(),
        area.subdistrict.map(|id| id.0).into(),
        area.community.map(|id| id.0).into(),
        file.state.word().into(),
        i32::from(file.level.rank()).into(),
        file.opened_at.0.into(),
        file.opened_from.map(|id| id.0).into(),
        write.at().0.into(),
        file.visit_due_at.0.into(),
        file.holder.map(|id| id.0).into(),
        file.version.into(),
    ];
    insert_rows(write.connection(), Target { table: TABLE, columns: &COLUMNS }, [row]).await?;
    Ok(())
}

/// Writes what changed on a file that was read at `file.version`, and counts the version up.
pub(crate) async fn update(write: &Write, file: &mut ChildFile) -> Result<(), StoreError> {
    let values: [(&'static str, sea_orm::Value); 9] = [
        ("state", file.state.word().into()),
        ("level", i32::from(file.level.rank()).into()),
        ("changed_at", write.at().0.into()),
        ("closed_at", file.closed_at.map(|at| at.0).into()),
        ("close_reason", file.close_reason.clone().into()),
        ("holder_post_id", file.holder.map(|id| id.0).into()),
        ("visit_id", file.visit.map(|id| id.0).into()),
        ("visit_due_at", file.visit_due_at.0.into()),
        ("visited_at", file.visited_at.map(|at| at.0).into()),
    ];
    write.edit(TABLE, file.id.0, file.version, values).await?;
    file.version = file.version.saturating_add(1);
    Ok(())
}

/// The categories of a file: those that hold first, the newest first.
pub(crate) async fn categories(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    file: FileId,
) -> Result<Vec<Category>, StoreError> {
    let select = Query::select()
        .columns([
            "id",
            "category",
            "from_day",
            "until_day",
            "matter_id",
            "account_id",
            "post_id",
            "version",
            "sealed",
        ])
        .from(CATEGORY_TABLE)
        .and_where(Expr::col("file_id").eq(file.0))
        .order_by("id", Order::Desc)
        .limit(CATEGORIES_AT_MOST)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    let mut found: Vec<Category> =
        rows.iter().map(|row| category_of(keys, row)).collect::<Result<_, StoreError>>()?;
    found.sort_by_key(|category| category.until.is_some());
    Ok(found)
}

/// Whether the child is in a category at present.
pub(crate) async fn holds(
    connection: &impl ConnectionTrait,
    file: FileId,
    category: &str,
) -> Result<bool, StoreError> {
    let select = Query::select()
        .column("id")
        .from(CATEGORY_TABLE)
        .and_where(Expr::col("file_id").eq(file.0))
        .and_where(Expr::col("category").eq(category))
        .and_where(Expr::col("until_day").is_null())
        .limit(1)
        .to_owned();
    Ok(connection.query_one(&select).await?.is_some())
}

/// Puts the child into a category from today on.
pub(crate) async fn add_category(
    write: &Write,
    file: FileId,
    category: &str,
    matter: Option<MatterId>,
    ground: &Ground,
) -> Result<Uuid, StoreError> {
    const COLUMNS: [&str; 10] = [
        "id",
        "file_id",
        "category",
        "from_day",
        "matter_id",
        "account_id",
        "post_id",
        "set_at",
        "version",
        "sealed",
    ];
    let id = write.new_id();
    let actor = write.actor();
    let row: [sea_orm::Value; 10] = [
        id.into(),
        file.0.into(),
        category.into(),
        write.at().day().number().into(),
        matter.map(|id| id.0).into(),
        actor.account.map(|id| id.0).into(),
        actor.post.map(|id| id.0).into(),
        write.at().0.into(),
        1.into(),
        write.keys().seal(CATEGORY_TABLE, id, ground)?.into(),
    ];
    insert_rows(write.connection(), Target { table: CATEGORY_TABLE, columns: &COLUMNS }, [row]).await?;
    Ok(id)
}

/// Takes the child out of a category from today on.
pub(crate) async fn end_category(write: &Write, category: &Category) -> Result<(), StoreError> {
    let values: [(&'static str, sea_orm::Value); 2] = [
        ("until_day", write.at().day().number().into()),
        ("sealed", write.keys().seal(CATEGORY_TABLE, category.id, &category.ground)?.into()),
    ];
    write.edit(CATEGORY_TABLE, category.id, category.version, values).await
}

/// How the next visit of a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visits {
    /// Overdue.
    Late,
    /// Due within the days of [`SOON_DAYS`].
    Soon,
}

/// A visit is due soon when it falls within this many days.
pub const SOON_DAYS: i64 = 7;

impl Visits {
    /// All, in the order of the filter.
    pub const ALL: [Self; 2] = [Self::Late, Self::Soon];

    /// The word for it in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
        }
    }

    /// What this word says.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|visits| visits.word() == word)
    }
}

/// Which files: those that fit everything that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whether they are followed.
    pub state: FileState,
    /// In this area.
    pub within: Option<AreaPath>,
    /// Of this level.
    pub level: Option<Severity>,
    /// In this category at present.
    pub category: Option<String>,
    /// Whose next visit stands like this.
    pub visits: Option<Visits>,
    /// Whose next visit this post has.
    pub holder: Option<PostId>,
    /// Opened not before the first and before the second moment.
    pub opened: Option<(Moment, Moment)>,
}

/// Where a page of the list ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// When the visit of its last file is due.
    pub due: Moment,
    /// That file.
    pub id: FileId,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.due.0, self.id.0.simple())
    }
}

impl Cursor {
    /// The place that an address names.
    pub fn read(text: &str) -> Option<Self> {
        let (due, id) = text.split_once('.')?;
        Some(Self { due: Moment(due.parse().ok()?), id: FileId(id.parse().ok()?) })
    }
}

fn fits(scope: &Scope, filter: &Filter, now: Moment) -> Condition {
    let soon = now.plus_hours(24 * SOON_DAYS);
    let visits = filter.visits.map(|visits| match visits {
        Visits::Late => col("visit_due_at").lte(now.0),
        Visits::Soon => col("visit_due_at").gt(now.0).and(col("visit_due_at").lte(soon.0)),
    });
    let category = filter.category.as_deref().map(|category| {
        let mut files = Query::select();
        files
            .column("file_id")
            .from(CATEGORY_TABLE)
            .and_where(Expr::col("category").eq(category))
            .and_where(Expr::col("until_day").is_null());
        col("id").in_subquery(files)
    });
    Condition::all()
        .add(scope.condition(&COLUMNS))
        .add(col("state").eq(filter.state.word()))
        .add_option(filter.within.as_ref().map(|area| col(COLUMNS.at(area.level())).eq(area.area().0)))
        .add_option(filter.level.map(|level| col("level").eq(i32::from(level.rank()))))
        .add_option(visits)
        .add_option(category)
        .add_option(
            filter.holder.map(|post| col("holder_post_id").eq(post.0).and(col("visit_id").is_not_null())),
        )
        .add_option(
            filter.opened.map(|(from, until)| col("opened_at").gte(from.0).and(col("opened_at").lt(until.0))),
        )
}

/// The files that fit and that `scope` shows, by the moment at which the next visit is due.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    now: Moment,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<ChildFile>, StoreError> {
    let mut select = select_files();
    select.cond_where(fits(scope, filter, now));
    if let Some(after) = after {
        let place = Expr::tuple([col("visit_due_at"), col("id")]);
        select.and_where(place.gt(Expr::tuple([after.due.0.into(), after.id.0.into()])));
    }
    select.order_by((TABLE, "visit_due_at"), Order::Asc).order_by((TABLE, "id"), Order::Asc).limit(limit);
    let rows = connection.query_all(&select).await?;
    rows.iter().map(file_of).collect()
}

/// How many files fit.
pub(crate) async fn count(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    now: Moment,
) -> Result<u64, StoreError> {
    let mut select = Query::select();
    select.expr_as(col("id").count(), "files").from(TABLE).cond_where(fits(scope, filter, now));
    let row = connection.query_one(&select).await?;
    let count: i64 = row.map(|row| row.try_get("", "files")).transpose()?.unwrap_or(0);
    Ok(count.unsigned_abs())
}

/// How many open files have their next visit with this post, wherever they are: as many as the list of its filter shows to
/// whoever sees them all. For no reader: it keeps the post where it is.
pub(crate) async fn visited_by(connection: &impl ConnectionTrait, post: PostId) -> Result<u64, StoreError> {
    let mut select = Query::select();
    select
        .expr_as(col("id").count(), "files")
        .from(TABLE)
        .and_where(col("holder_post_id").eq(post.0))
        .and_where(col("visit_id").is_not_null())
        .and_where(col("state").eq(FileState::Open.word()));
    let row = connection.query_one(&select).await?;
    let count: i64 = row.map(|row| row.try_get("", "files")).transpose()?.unwrap_or(0);
    Ok(count.unsigned_abs())
}

/// The file whose next visit is `visit` is visited by this post from now on. A matter that is no visit has none.
pub(crate) async fn hand_over(write: &Write, visit: MatterId, post: PostId) -> Result<(), StoreError> {
    let update = Query::update()
        .table(TABLE)
        .value("holder_post_id", post.0)
        .and_where(Expr::col("visit_id").eq(visit.0))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}

/// The categories in which the children of these files are at present.
pub(crate) async fn present_categories(
    connection: &impl ConnectionTrait,
    files: &[FileId],
) -> Result<HashMap<FileId, Vec<String>>, StoreError> {
    let mut found: HashMap<FileId, Vec<String>> = HashMap::new();
    for chunk in files.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns(["file_id", "category"])
            .from(CATEGORY_TABLE)
            .and_where(Expr::col("file_id").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("until_day").is_null())
            .order_by("id", Order::Asc)
            .to_owned();
        for row in connection.query_all(&select).await? {
            let file: Uuid = row.try_get("", "file_id")?;
            found.entry(FileId(file)).or_default().push(row.try_get("", "category")?);
        }
    }
    Ok(found)
}

/// When the last case of each of these children ended, of those of whom nothing goes on but visits.
pub(crate) async fn cases_over(
    connection: &impl ConnectionTrait,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Moment>, StoreError> {
    let mut over: HashMap<PersonId, Moment> = HashMap::new();
    let mut going_on: Vec<PersonId> = Vec::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns(["subject_id", "kind", "closed_at"])
            .from("matter")
            .and_where(Expr::col("subject_id").is_in(chunk.iter().map(|person| person.0)))
            .and_where(Expr::col("kind").ne(VISIT))
            .to_owned();
        for row in connection.query_all(&select).await? {
            let person = PersonId(row.try_get("", "subject_id")?);
            let closed: Option<i64> = row.try_get("", "closed_at")?;
            match closed.map(Moment) {
                None => going_on.push(person),
                Some(at) if row.try_get::<String>("", "kind")? == CASE => {
                    let last = over.entry(person).or_insert(at);
                    *last = at.max(*last);
                }
                Some(_) => {}
            }
        }
    }
    over.retain(|person, _| !going_on.contains(person));
    Ok(over)
}

/// The categories in which these children are at present by their open files, of those files that `scope` shows.
pub(crate) async fn categories_of(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<String>>, StoreError> {
    let mut files: HashMap<FileId, PersonId> = HashMap::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns([(TABLE, "id"), (TABLE, "person_id")])
            .from(TABLE)
            .and_where(col("person_id").is_in(chunk.iter().map(|person| person.0)))
            .and_where(col("state").eq(FileState::Open.word()))
            .cond_where(scope.condition(&COLUMNS))
            .to_owned();
        for row in connection.query_all(&select).await? {
            files.insert(FileId(row.try_get("", "id")?), PersonId(row.try_get("", "person_id")?));
        }
    }
    let ids: Vec<FileId> = files.keys().copied().collect();
    let present = present_categories(connection, &ids).await?;
    Ok(present.into_iter().filter_map(|(file, words)| Some((*files.get(&file)?, words))).collect())
}

/// Which of these persons have a file.
pub(crate) async fn with_file(
    connection: &impl ConnectionTrait,
    persons: &[PersonId],
) -> Result<Vec<PersonId>, StoreError> {
    let mut found = Vec::new();
    for chunk in persons.chunks(LIST_AT_MOST) {
        let mut select = Query::select();
        select
            .column("person_id")
            .from(TABLE)
            .and_where(Expr::col("person_id").is_in(chunk.iter().map(|person| person.0)));
        for row in connection.query_all(&select).await? {
            found.push(PersonId(row.try_get("", "person_id")?));
        }
    }
    Ok(found)
}
