//! Reading entries: newest first for people, by number for listeners.

use base::{AccountId, AreaId, AreaLevel, MatterId, Moment, OperationId, PersonId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use uuid::Uuid;

use super::TABLE;
use super::entry::{Entry, PLAIN_COLUMNS, Row};
use crate::read::Read;
use crate::{AREA_COLUMNS, StoreError};

/// Entries on one page at most.
pub const PAGE_AT_MOST: u64 = 500;

/// Which entries: those that fit everything that is set.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// About one of these persons; empty means anybody.
    pub subjects: Vec<PersonId>,
    /// Of this matter.
    pub matter: Option<MatterId>,
    /// Done by this account.
    pub account: Option<AccountId>,
    /// Of one of these kinds; empty means any.
    pub kinds: Vec<String>,
    /// Of this request, command or job run.
    pub operation: Option<OperationId>,
    /// In this area: a level and the area at that level.
    pub area: Option<(AreaLevel, AreaId)>,
    /// Not before this moment.
    pub from: Option<Moment>,
    /// Before this moment.
    pub until: Option<Moment>,
}

/// A page of at most `limit` entries (500 at most), newest first, with payloads. `before` is the id of the last entry
/// of the page before.
pub async fn list(
    read: &Read,
    filter: &Filter,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    let mut select = select(true);
    select.order_by("id", Order::Desc).limit(limit.clamp(1, PAGE_AT_MOST));
    narrow(&mut select, filter);
    if let Some(before) = before {
        select.and_where(Expr::col("id").lt(before));
    }
    rows(read.connection(), &select, true).await?.into_iter().map(|row| row.open(read.keys())).collect()
}

/// Where a page of [`newest`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At an entry that has no number yet.
    Unnumbered(Uuid),
    /// At the entry with this number.
    Number(i64),
}

impl Place {
    /// The place of an entry.
    pub fn of(entry: &Entry) -> Self {
        entry.number.map_or(Self::Unnumbered(entry.id), Self::Number)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unnumbered(id) => write!(formatter, "{id}"),
            Self::Number(number) => write!(formatter, "{number}"),
        }
    }
}

impl std::str::FromStr for Place {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        match text.parse() {
            Ok(number) => Ok(Self::Number(number)),
            Err(_) => Ok(Self::Unnumbered(text.parse()?)),
        }
    }
}

/// As [`list`], in the order of the chain: what has no number yet, then from the highest number down. (Ids go by the
/// moment at which an operation began, and one that took long is numbered after others that began later.)
pub async fn newest(
    read: &Read,
    filter: &Filter,
    before: Option<Place>,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    let limit = limit.clamp(1, PAGE_AT_MOST);
    let mut found = Vec::new();
    if !matches!(before, Some(Place::Number(_))) {
        let mut waiting = select(true);
        waiting.and_where(Expr::col("number").is_null()).order_by("id", Order::Desc).limit(limit);
        narrow(&mut waiting, filter);
        if let Some(Place::Unnumbered(id)) = before {
            waiting.and_where(Expr::col("id").lt(id));
        }
        found = rows(read.connection(), &waiting, true).await?;
    }
    let left = limit.saturating_sub(found.len() as u64);
    if left > 0 {
        let mut numbered = select(true);
        numbered.and_where(Expr::col("number").is_not_null()).order_by("number", Order::Desc).limit(left);
        narrow(&mut numbered, filter);
        if let Some(Place::Number(number)) = before {
            numbered.and_where(Expr::col("number").lt(number));
        }
        found.extend(rows(read.connection(), &numbered, true).await?);
    }
    found.into_iter().map(|row| row.open(read.keys())).collect()
}

/// One entry, with its payload.
///
/// # Errors
/// `NotFound` if there is none.
pub async fn entry(read: &Read, id: Uuid) -> Result<Entry, StoreError> {
    let mut select = select(true);
    select.and_where(Expr::col("id").eq(id));
    let row = rows(read.connection(), &select, true).await?.pop().ok_or(StoreError::NotFound)?;
    row.open(read.keys())
}

/// The numbered entries behind `number`, in their order, at most `limit` (500 at most), without payloads. For what
/// follows the journal on every node, as the live index does.
pub async fn after(
    connection: &impl ConnectionTrait,
    number: i64,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    let mut select = select(false);
    select
        .and_where(Expr::col("number").gt(number))
        .order_by("number", Order::Asc)
        .limit(limit.clamp(1, PAGE_AT_MOST));
    Ok(rows(connection, &select, false).await?.into_iter().map(|row| row.entry).collect())
}

pub(super) fn select(with_payload: bool) -> SelectStatement {
    let mut select = Query::select();
    select.columns(PLAIN_COLUMNS).column("number").from(TABLE);
    if with_payload {
        select.column("payload");
    }
    select
}

pub(super) async fn rows(
    connection: &impl ConnectionTrait,
    select: &SelectStatement,
    with_payload: bool,
) -> Result<Vec<Row>, StoreError> {
    connection.query_all(select).await?.iter().map(|row| Row::read(row, with_payload)).collect()
}

fn narrow(select: &mut SelectStatement, filter: &Filter) {
    match filter.subjects.as_slice() {
        [] => {}
        [one] => {
            select.and_where(Expr::col("subject").eq(one.0));
        }
        some => {
            select.and_where(Expr::col("subject").is_in(some.iter().map(|subject| subject.0)));
        }
    }
    if let Some(matter) = filter.matter {
        select.and_where(Expr::col("matter").eq(matter.0));
    }
    if let Some(account) = filter.account {
        select.and_where(Expr::col("actor_account").eq(account.0));
    }
    if !filter.kinds.is_empty() {
        select.and_where(Expr::col("kind").is_in(filter.kinds.iter().map(String::as_str)));
    }
    if let Some(operation) = filter.operation {
        select.and_where(Expr::col("operation").eq(operation.0));
    }
    if let Some((level, area)) = filter.area {
        let [city, district, subdistrict, community] = AREA_COLUMNS;
        let column = match level {
            AreaLevel::City => city,
            AreaLevel::District => district,
            AreaLevel::Subdistrict => subdistrict,
            AreaLevel::Community => community,
        };
        select.and_where(Expr::col(column).eq(area.0));
    }
    if let Some(from) = filter.from {
        select.and_where(Expr::col("at").gte(from.0));
    }
    if let Some(until) = filter.until {
        select.and_where(Expr::col("at").lt(until.0));
    }
}
