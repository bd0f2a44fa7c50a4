//! Deliveries and feeds in the database.

use std::collections::HashMap;

use base::{AreaPath, DeliveryId, Moment, OrganisationId};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::bulk::{Target, insert_rows};
use store::{Keys, StoreError, Write};
use uuid::Uuid;

use super::model::{
    DELIVERY_COLUMNS, Delivery, DeliveryDetail, DeliveryRow, DeliveryState, FaultGroup, Figures, HeldState,
};
use crate::import::SealedSetAside;
use crate::rows::RowPlace;

/// Deliveries on one page of a feed's list.
pub const PAGE_ROWS: u64 = 50;

/// The published number: rows that a delivery wrote are seen if its number is at or below it.
///
/// Deliveries are applied one at a time, whatever their feed, and numbered in the order in which they are: so the
/// highest number that any feed has published is the horizon of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Horizon(pub i64);

impl Horizon {
    /// The horizon in the snapshot of `connection`.
    pub async fn read(connection: &impl ConnectionTrait) -> Result<Self, StoreError> {
        let select =
            Query::select().expr_as(Expr::col("published").max(), "published").from("feed_state").to_owned();
        let row = connection.query_one(&select).await?;
        let published: Option<i64> = row.map(|row| row.try_get("", "published")).transpose()?.flatten();
        Ok(Self(published.unwrap_or(0)))
    }

    /// The rows of `table` (a source row under whatever alias) that a reader sees as present.
    pub fn sees_row(self, table: &'static str) -> Condition {
        Condition::all().add(Expr::col((table, "number")).lte(self.0)).add(
            Condition::any()
                .add(Expr::col((table, "ended_number")).is_null())
                .add(Expr::col((table, "ended_number")).gt(self.0)),
        )
    }

    /// The rows of `table`, a table whose rows stay once they are published: persons, households, reviews.
    pub fn sees(self, table: &'static str) -> Condition {
        Condition::all().add(Expr::col((table, "number")).lte(self.0))
    }
}

/// What is known of a feed as a whole.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct FeedState {
    /// Its number, by which rows name it.
    pub id: i32,
    /// Its key: `grid`.
    pub feed: String,
    /// The number of the last delivery that was published; 0 before the first.
    pub published: i64,
    /// That delivery.
    pub delivery_id: Option<Uuid>,
    /// Rows that it holds now.
    pub current_rows: i64,
}

fn feed_states() -> SelectStatement {
    Query::select()
        .columns(["id", "feed", "published", "delivery_id", "current_rows"])
        .from("feed_state")
        .order_by("id", Order::Asc)
        .to_owned()
}

/// Every feed that was ever delivered; as many as there are descriptions.
pub async fn feeds(connection: &impl ConnectionTrait) -> Result<Vec<FeedState>, StoreError> {
    let rows = connection.query_all(&feed_states()).await?;
    Ok(rows.iter().map(|row| FeedState::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// The feed with this key, if it was ever delivered.
pub async fn feed(connection: &impl ConnectionTrait, key: &str) -> Result<Option<FeedState>, StoreError> {
    let select = feed_states().and_where(Expr::col("feed").eq(key)).to_owned();
    let row = connection.query_one(&select).await?;
    Ok(row.map(|row| FeedState::from_query_result(&row, "")).transpose()?)
}

/// The keys of feeds by their number.
pub async fn feed_keys(connection: &impl ConnectionTrait) -> Result<HashMap<i32, String>, StoreError> {
    Ok(feeds(connection).await?.into_iter().map(|state| (state.id, state.feed)).collect())
}

/// The number of the feed `key`; it gets the next one when it is delivered for the first time.
pub async fn feed_number(write: &Write, key: &str) -> Result<i32, StoreError> {
    write.lock("people.feed").await?;
    if let Some(state) = feed(write.connection(), key).await? {
        return Ok(state.id);
    }
    let select = Query::select().expr_as(Expr::col("id").max(), "id").from("feed_state").to_owned();
    let row = write.connection().query_one(&select).await?;
    let last: Option<i32> = row.map(|row| row.try_get("", "id")).transpose()?.flatten();
    let id = last.unwrap_or(0) + 1;
    let target = Target { table: "feed_state", columns: &["id", "feed", "published", "current_rows"] };
    insert_rows(write.connection(), target, [[id.into(), key.into(), 0_i64.into(), 0_i64.into()]]).await?;
    Ok(id)
}

/// What is known of a delivery when it comes in.
pub struct NewDelivery<'a> {
    /// The feed's number.
    pub feed_id: i32,
    /// Version of the feed's description.
    pub feed_version: &'a str,
    /// Where the post lies that hands it in: who may see it.
    pub area: AreaPath,
    /// Whose rows they are.
    pub organisation: Option<OrganisationId>,
    /// The file, sealed.
    pub blob: Uuid,
    /// Digest of the file.
    pub digest: &'a [u8],
    /// Size of the file.
    pub size_bytes: i64,
    /// What is sealed.
    pub detail: &'a DeliveryDetail,
}

/// Writes a delivery down as received.
pub async fn insert(write: &Write, new: NewDelivery<'_>) -> Result<DeliveryId, StoreError> {
    let id = write.new_id();
    let columns = [
        "id",
        "feed_id",
        "feed_version",
        "state",
        "city_id",
        "district_id",
        "subdistrict_id",
        "community_id",
        "organisation_id",
        "post_id",
        "account_id",
        "blob_id",
        "file_digest",
        "size_bytes",
        "received_at",
        "changed_at",
        "rows_applied",
        "version",
        "sealed",
    ];
    let row = [
        id.into(),
        new.feed_id.into(),
        new.feed_version.into(),
        DeliveryState::Received.word().into(),
        new.area.city.0.into(),
        new.area.district.map(|area| area.0).into(),
        new.area.subdistrict.map(|area| area.0).into(),
        new.area.community.map(|area| area.0).into(),
        new.organisation.map(Uuid::from).into(),
        write.actor().post.map(Uuid::from).into(),
        write.actor().account.map(Uuid::from).into(),
        new.blob.into(),
        new.digest.to_vec().into(),
        new.size_bytes.into(),
        write.at().0.into(),
        write.at().0.into(),
        0_i64.into(),
        1.into(),
        write.keys().seal("delivery", id, new.detail)?.into(),
    ];
    insert_rows(write.connection(), Target { table: "delivery", columns: &columns }, [row]).await?;
    Ok(id.into())
}

fn deliveries() -> SelectStatement {
    Query::select().columns(DELIVERY_COLUMNS.map(|column| ("delivery", column))).from("delivery").to_owned()
}

async fn all(
    connection: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<Delivery>, StoreError> {
    let rows = connection.query_all(select).await?;
    rows.iter().map(|row| DeliveryRow::from_query_result(row, "")?.try_into()).collect()
}

/// The delivery `id`.
///
/// # Errors
/// `NotFound`.
pub async fn delivery(connection: &impl ConnectionTrait, id: DeliveryId) -> Result<Delivery, StoreError> {
    let select = deliveries().and_where(Expr::col(("delivery", "id")).eq(id.0)).to_owned();
    all(connection, &select).await?.pop().ok_or(StoreError::NotFound)
}

/// The delivery that is being applied, if one is: of several the one with the lowest number, which goes first.
pub async fn applying(connection: &impl ConnectionTrait) -> Result<Option<Delivery>, StoreError> {
    let select = deliveries()
        .and_where(Expr::col(("delivery", "state")).eq(DeliveryState::Applying.word()))
        .order_by(("delivery", "number"), Order::Asc)
        .limit(1)
        .to_owned();
    Ok(all(connection, &select).await?.pop())
}

/// Deliveries that came by command and are neither applied nor put away, the oldest first, at most [`PAGE_ROWS`]. Whoever
/// has the turn of importing knows that no command works on them any more.
pub async fn left_by_commands(connection: &impl ConnectionTrait) -> Result<Vec<Delivery>, StoreError> {
    let before = [DeliveryState::Received, DeliveryState::Staged, DeliveryState::Checked];
    let select = deliveries()
        .and_where(Expr::col(("delivery", "state")).is_in(before.map(DeliveryState::word)))
        .and_where(Expr::col(("delivery", "account_id")).is_null())
        .and_where(Expr::col(("delivery", "apply_asked_at")).is_null())
        .order_by(("delivery", "received_at"), Order::Asc)
        .limit(PAGE_ROWS)
        .to_owned();
    all(connection, &select).await
}

/// What applying a delivery would go back behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overtaking {
    /// The feed has published a delivery since this one was compared with it: its figures hold no more.
    pub is_stale: bool,
    /// When the published delivery was uploaded, if that was after this one.
    pub behind: Option<Moment>,
    /// When this very file was delivered and applied before, if others of the feed came since.
    pub delivered_before: Option<Moment>,
}

impl Overtaking {
    /// Whether applying it goes back to older data.
    pub fn goes_back(&self) -> bool {
        self.behind.is_some() || self.delivered_before.is_some()
    }
}

/// How a checked delivery stands to what its feed has published.
pub async fn overtaking(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    delivery: &Delivery,
) -> Result<Overtaking, StoreError> {
    let state = feeds(connection).await?.into_iter().find(|state| state.id == delivery.feed_id);
    let Some(state) = state.filter(|state| state.published > 0) else { return Ok(Overtaking::default()) };
    let compared_with = detail(keys, delivery)?.preview.map_or(0, |preview| preview.compared_with);
    let behind = match state.delivery_id {
        Some(published) if published != delivery.id.0 => {
            let published = self::delivery(connection, published.into()).await?;
            Some(published.received_at).filter(|at| *at > delivery.received_at)
        }
        _ => None,
    };
    let select = Query::select()
        .column("file_digest")
        .from("delivery")
        .and_where(Expr::col("id").eq(delivery.id.0))
        .to_owned();
    let row = connection.query_one(&select).await?.ok_or(StoreError::NotFound)?;
    let digest: Vec<u8> = row.try_get("", "file_digest")?;
    Ok(Overtaking {
        is_stale: state.published != compared_with,
        behind,
        delivered_before: delivered_before(connection, &state, &digest).await?,
    })
}

/// When a file with this digest was last delivered to the feed and applied, if others of the feed were applied since.
pub async fn delivered_before(
    connection: &impl ConnectionTrait,
    state: &FeedState,
    digest: &[u8],
) -> Result<Option<Moment>, StoreError> {
    let select = deliveries()
        .and_where(Expr::col(("delivery", "feed_id")).eq(state.id))
        .and_where(Expr::col(("delivery", "state")).eq(DeliveryState::Done.word()))
        .and_where(Expr::col(("delivery", "file_digest")).eq(digest.to_vec()))
        .order_by(("delivery", "number"), Order::Desc)
        .limit(1)
        .to_owned();
    let last = all(connection, &select).await?.pop();
    Ok(last.filter(|last| Some(last.id.0) != state.delivery_id).map(|last| last.received_at))
}

/// Whether the delivery `id` is one of the feed `key`, of the file with this digest.
pub async fn is_of(
    connection: &impl ConnectionTrait,
    id: DeliveryId,
    key: &str,
    digest: &[u8],
) -> Result<bool, StoreError> {
    let Some(feed) = feed(connection, key).await? else { return Ok(false) };
    let select = Query::select()
        .column("id")
        .from("delivery")
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("feed_id").eq(feed.id))
        .and_where(Expr::col("file_digest").eq(digest.to_vec()))
        .to_owned();
    Ok(connection.query_one(&select).await?.is_some())
}

/// The deliveries of a feed that satisfy `scope`, the newest first, at most [`PAGE_ROWS`], from before `before` on.
pub async fn list(
    connection: &impl ConnectionTrait,
    feed_id: i32,
    scope: Condition,
    before: Option<Moment>,
) -> Result<Vec<Delivery>, StoreError> {
    let mut select = deliveries();
    select
        .and_where(Expr::col(("delivery", "feed_id")).eq(feed_id))
        .cond_where(scope)
        .order_by(("delivery", "received_at"), Order::Desc)
        .limit(PAGE_ROWS);
    if let Some(before) = before {
        select.and_where(Expr::col(("delivery", "received_at")).lt(before.0));
    }
    all(connection, &select).await
}

/// What is sealed in a delivery.
pub fn detail(keys: &Keys, delivery: &Delivery) -> Result<DeliveryDetail, StoreError> {
    keys.open("delivery", delivery.id.0, &delivery.sealed)
}

/// A change of a delivery; what is `None` stays.
#[derive(Debug, Default)]
pub struct Change<'a> {
    /// Its state.
    pub state: Option<DeliveryState>,
    /// Its number.
    pub number: Option<i64>,
    /// Its figures.
    pub figures: Option<Figures>,
    /// Its held retirements.
    pub held: Option<HeldState>,
    /// What is sealed.
    pub detail: Option<&'a DeliveryDetail>,
    /// Whether somebody asks for it to be applied, now.
    pub is_apply_asked: bool,
    /// Whether nobody asks for that any more, since it has been compared anew.
    pub is_apply_withdrawn: bool,
    /// How many rows are applied.
    pub applied: Option<i64>,
}

/// Changes `delivery`, if it is still the version that was read.
///
/// # Errors
/// `Conflict` if it is not.
pub async fn change(write: &Write, delivery: &mut Delivery, change: Change<'_>) -> Result<(), StoreError> {
    let mut update = Query::update();
    update
        .table("delivery")
        .values([("version", (delivery.version + 1).into()), ("changed_at", write.at().0.into())]);
    if let Some(state) = change.state {
        update.value("state", state.word());
        delivery.state = state;
    }
    if let Some(number) = change.number {
        update.value("number", number);
        delivery.number = Some(number);
    }
    if let Some(figures) = change.figures {
        update.value("figures", serde_json::to_string(&figures)?);
        delivery.figures = Some(figures);
    }
    if let Some(held) = change.held {
        update.value("held", held.word());
        delivery.held = Some(held);
    }
    if let Some(detail) = change.detail {
        let sealed = write.keys().seal("delivery", delivery.id.0, detail)?;
        delivery.sealed.clone_from(&sealed);
        update.value("sealed", sealed);
    }
    if change.is_apply_asked {
        update.value("apply_asked_at", write.at().0);
        delivery.apply_asked_at = Some(write.at());
    }
    if change.is_apply_withdrawn {
        update.value("apply_asked_at", Option::<i64>::None);
        delivery.apply_asked_at = None;
    }
    if let Some(rows) = change.applied {
        update.value("rows_applied", rows);
        delivery.rows_applied = rows;
    }
    update.and_where(Expr::col("id").eq(delivery.id.0)).and_where(Expr::col("version").eq(delivery.version));
    if write.connection().execute(&update).await?.rows_affected() != 1 {
        return Err(StoreError::Conflict);
    }
    delivery.version += 1;
    delivery.changed_at = write.at();
    Ok(())
}

/// Makes the delivery the feed's published one.
pub async fn publish(write: &Write, delivery: &Delivery, current_rows: i64) -> Result<(), StoreError> {
    let number =
        delivery.number.ok_or_else(|| StoreError::internal("a delivery without number is published"))?;
    let update = Query::update()
        .table("feed_state")
        .values([
            ("published", number.into()),
            ("delivery_id", delivery.id.0.into()),
            ("current_rows", current_rows.into()),
        ])
        .and_where(Expr::col("id").eq(delivery.feed_id))
        .to_owned();
    if write.connection().execute(&update).await?.rows_affected() != 1 {
        return Err(StoreError::internal("a delivery belongs to no feed"));
    }
    Ok(())
}

/// Rows of a list of set-aside rows on one page.
pub const SET_ASIDE_ROWS: u64 = 50;

/// A row that was set aside, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its place in the order of the file's set-aside rows.
    pub ordinal: i32,
    /// Its place in the file.
    pub place: RowPlace,
    /// What is wrong, by key.
    pub reason: String,
    /// What is sealed.
    pub sealed: SealedSetAside,
}

/// The rows that a delivery set aside, in the order of the file, behind `after` (none: from the first), at most `limit`.
pub async fn set_aside(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    delivery: DeliveryId,
    after: Option<i32>,
    limit: u64,
) -> Result<Vec<SetAside>, StoreError> {
    let select = set_aside_behind(delivery, after, limit);
    opened(connection, keys, delivery, &select).await
}

/// As [`set_aside`], those of one `group` alone: of its kind, in its column.
pub async fn set_aside_of(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    delivery: DeliveryId,
    group: &FaultGroup,
    mut after: Option<i32>,
    limit: u64,
) -> Result<Vec<SetAside>, StoreError> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    loop {
        let mut select = set_aside_behind(delivery, after, limit);
        select.and_where(Expr::col("reason").eq(group.kind.as_str()));
        let some = opened(connection, keys, delivery, &select).await?;
        let is_last = some.len() < most;
        after = some.last().map(|row| row.ordinal).or(after);
        // The column is sealed with the row.
        found.extend(some.into_iter().filter(|row| row.sealed.column == group.column));
        if is_last || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
    }
}

fn set_aside_behind(delivery: DeliveryId, after: Option<i32>, limit: u64) -> SelectStatement {
    Query::select()
        .columns(["ordinal", "place", "reason", "sealed"])
        .from("set_aside")
        .and_where(Expr::col("delivery_id").eq(delivery.0))
        .and_where(Expr::col("ordinal").gt(after.unwrap_or(-1)))
        .order_by("ordinal", Order::Asc)
        .limit(limit)
        .to_owned()
}

async fn opened(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    delivery: DeliveryId,
    select: &SelectStatement,
) -> Result<Vec<SetAside>, StoreError> {
    let rows = connection.query_all(select).await?;
    rows.iter()
        .map(|row| {
            let place: i64 = row.try_get("", "place")?;
            let sealed: Vec<u8> = row.try_get("", "sealed")?;
            Ok(SetAside {
                ordinal: row.try_get("", "ordinal")?,
                place: place.into(),
                reason: row.try_get("", "reason")?,
                sealed: keys.open("set_aside", delivery.0, &sealed)?,
            })
        })
        .collect()
}

/// What one transaction of an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Persons whose rows changed.
    pub touched: Vec<Uuid>,
    /// Those of them whose master record must be made anew, since they have other rows too.
    pub to_renew: Vec<Uuid>,
}

/// Writes down what a batch did.
pub async fn insert_batch(
    write: &Write,
    delivery: DeliveryId,
    ordinal: i32,
    batch: &Batch,
) -> Result<(), StoreError> {
    let columns = ["delivery_id", "ordinal", "touched", "to_renew"];
    let row =
        [delivery.0.into(), ordinal.into(), packed(&batch.touched).into(), packed(&batch.to_renew).into()];
    insert_rows(write.connection(), Target { table: "delivery_batch", columns: &columns }, [row]).await?;
    Ok(())
}

/// The batch `ordinal` of a delivery, or `None` behind the last.
pub async fn batch(
    connection: &impl ConnectionTrait,
    delivery: DeliveryId,
    ordinal: i32,
) -> Result<Option<Batch>, StoreError> {
    let select = Query::select()
        .columns(["touched", "to_renew"])
        .from("delivery_batch")
        .and_where(Expr::col("delivery_id").eq(delivery.0))
        .and_where(Expr::col("ordinal").eq(ordinal))
        .to_owned();
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    let ids = |column| row.try_get::<Vec<u8>>("", column).map(|bytes| unpacked(&bytes));
    Ok(Some(Batch { touched: ids("touched")?, to_renew: ids("to_renew")? }))
}

/// How many batches a delivery has so far.
pub async fn batches(connection: &impl ConnectionTrait, delivery: DeliveryId) -> Result<i32, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("ordinal").max(), "ordinal")
        .from("delivery_batch")
        .and_where(Expr::col("delivery_id").eq(delivery.0))
        .to_owned();
    let row = connection.query_one(&select).await?;
    let last: Option<i32> = row.map(|row| row.try_get("", "ordinal")).transpose()?.flatten();
    Ok(last.map_or(0, |last| last + 1))
}

/// Ids one after another, 16 bytes each.
fn packed(ids: &[Uuid]) -> Vec<u8> {
    ids.iter().flat_map(|id| *id.as_bytes()).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<Uuid> {
    bytes.as_chunks::<16>().0.iter().map(|bytes| Uuid::from_bytes(*bytes)).collect()
}
