//! The child's file as it is stored. Who the child is stands in `people`; here is what the program keeps of it.

use access::{Reach, ScopeColumns, Thing};
use base::{AccountId, AreaId, AreaPath, Day, FileId, MatterId, Moment, PersonId, PostId, Severity};
use sea_orm::{DbErr, FromQueryResult, QueryResult};
use serde::{Deserialize, Serialize};
use store::{Keys, StoreError};
use uuid::Uuid;

/// The table of files.
pub(crate) const TABLE: &str = "child_file";
/// The table of categories, which is also what their grounds are sealed with.
pub(crate) const CATEGORY_TABLE: &str = "child_category";
/// The list of `dictionary.toml` that a category is a word of, as a check reports it.
pub const GROUPS: &str = "difficulty_group";
/// The list of `dictionary.toml` with the finer categories that a desk may add.
pub const CATEGORIES: &str = "difficulty_category";

/// Whether a file is followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum FileState {
    /// Visits are planned.
    #[default]
    Open,
    /// Nobody visits any more; it can be opened again.
    Closed,
}

impl FileState {
    /// The word that is stored, and that stands in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Open, Self::Closed].into_iter().find(|state| state.word() == word)
    }
}

/// One child's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildFile {
    /// Its id.
    pub id: FileId,
    /// The child.
    pub person: PersonId,
    /// Where the child belongs.
    pub area: AreaPath,
    /// Whether it is followed.
    pub state: FileState,
    /// How grave the child's situation is: decides how often it is visited.
    pub level: Severity,
    /// When it was opened.
    pub opened_at: Moment,
    /// The matter that opened it.
    pub opened_from: Option<MatterId>,
    /// When it was closed.
    pub closed_at: Option<Moment>,
    /// Why it was closed, as a word of `file_close_reason`.
    pub close_reason: Option<String>,
    /// The post that has the next visit.
    pub holder: Option<PostId>,
    /// The next visit, a matter.
    pub visit: Option<MatterId>,
    /// When it is due; of a closed file, when the last one was.
    pub visit_due_at: Moment,
    /// When somebody last went there.
    pub visited_at: Option<Moment>,
    /// Its version, counted up by every change.
    pub version: i32,
}

/// What a look-up of a file is proof of.
#[derive(Debug)]
pub struct FileThing;

/// Where `child_file` keeps what scopes ask for. Who has the next visit sees the file, wherever they belong.
pub(crate) const COLUMNS: ScopeColumns = ScopeColumns {
    holder_post: Reach::Column("holder_post_id"),
    person: Some("person_id"),
    ..ScopeColumns::of(TABLE)
};

impl Thing for FileThing {
    const COLUMNS: ScopeColumns = COLUMNS;
}

/// The columns of `child_file` that a [`ChildFile`] is made from.
pub(crate) const FILE_COLUMNS: [&str; 17] = [
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
    "closed_at",
    "close_reason",
    "holder_post_id",
    "visit_id",
    "visit_due_at",
    "visited_at",
    "version",
];

/// A file from a row of the database.
pub(crate) fn file_of(row: &QueryResult) -> Result<ChildFile, StoreError> {
    let raw = FileRow::from_query_result(row, "")?;
    let level = i16::try_from(raw.level).ok().and_then(Severity::from_rank);
    Ok(ChildFile {
        id: FileId(raw.id),
        person: PersonId(raw.person_id),
        area: AreaPath {
            city: AreaId(raw.city_id),
            district: raw.district_id.map(AreaId),
            subdistrict: raw.subdistrict_id.map(AreaId),
            community: raw.community_id.map(AreaId),
        },
        state: FileState::from_word(&raw.state)
            .ok_or_else(|| StoreError::internal("a file is in an unknown state"))?,
        level: level.ok_or_else(|| StoreError::internal("a file is of an unknown level"))?,
        opened_at: Moment(raw.opened_at),
        opened_from: raw.opened_from_id.map(MatterId),
        closed_at: raw.closed_at.map(Moment),
        close_reason: raw.close_reason,
        holder: raw.holder_post_id.map(PostId),
        visit: raw.visit_id.map(MatterId),
        visit_due_at: Moment(raw.visit_due_at),
        visited_at: raw.visited_at.map(Moment),
        version: raw.version,
    })
}

#[derive(FromQueryResult)]
struct FileRow {
    id: Uuid,
    person_id: Uuid,
    city_id: i32,
    district_id: Option<i32>,
    subdistrict_id: Option<i32>,
    community_id: Option<i32>,
    state: String,
    level: i32,
    opened_at: i64,
    opened_from_id: Option<Uuid>,
    closed_at: Option<i64>,
    close_reason: Option<String>,
    holder_post_id: Option<Uuid>,
    visit_id: Option<Uuid>,
    visit_due_at: i64,
    visited_at: Option<i64>,
    version: i32,
}

/// A category that the child is or was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: Uuid,
    /// The word of the dictionary.
    pub category: String,
    /// Since when.
    pub from: Day,
    /// Until when; the day after it no longer holds.
    pub until: Option<Day>,
    /// The matter that found it.
    pub matter: Option<MatterId>,
    /// Who found it.
    pub account: Option<AccountId>,
    /// On which post.
    pub post: Option<PostId>,
    /// Its version.
    pub version: i32,
    /// On what grounds, in the person's words; may be empty.
    pub ground: Ground,
}

/// The sealed part of a category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Why it holds.
    pub begins: String,
    /// Why it no longer does.
    pub ends: String,
}

/// A category from a row of the database.
pub(crate) fn category_of(keys: &Keys, row: &QueryResult) -> Result<Category, StoreError> {
    let id: Uuid = row.try_get("", "id")?;
    let day = |number: i32| Day::from_number(number).ok_or_else(|| DbErr::Custom("no day".to_owned()));
    let sealed: Vec<u8> = row.try_get("", "sealed")?;
    let until: Option<i32> = row.try_get("", "until_day")?;
    Ok(Category {
        id,
        category: row.try_get("", "category")?,
        from: day(row.try_get("", "from_day")?)?,
        until: until.map(day).transpose()?,
        matter: row.try_get::<Option<Uuid>>("", "matter_id")?.map(MatterId),
        account: row.try_get::<Option<Uuid>>("", "account_id")?.map(AccountId),
        post: row.try_get::<Option<Uuid>>("", "post_id")?.map(PostId),
        version: row.try_get("", "version")?,
        ground: keys.open(CATEGORY_TABLE, id, &sealed)?,
    })
}
