//! The source rows that a lead stands on, as they came, each cell masked by the reader's clearance.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use access::Masked;
use base::{DeliveryId, SourceRowId};
use people::deliveries::{self, Delivery, DeliveryDetail};
use people::rows::{self, EndedAs, SourceRow};
use policy::feeds::{Feed, Meaning};
use store::Read;
use web::{Ctx, WebError, Worded as _, show};

use super::Texts;

/// Cells of one row that are shown; the row's own page has them all.
const CELLS_SHOWN: usize = 14;

/// A row as it stands on the page of a lead.
pub(super) struct Origin {
    /// The feed.
    pub feed: String,
    /// 11-05 批次，第 1,904 行.
    pub place: String,
    /// `/rows/{id}`.
    pub href: String,
    /// Why it is no longer what its feed says.
    pub ended: Option<EndedAs>,
    /// Its cells that are not empty.
    pub cells: Vec<OriginCell>,
}

/// A cell of a row.
pub(super) struct OriginCell {
    /// The heading of its column as written.
    pub heading: String,
    /// What stands in it.
    pub value: Masked,
    /// Whether an indicator that counts was read from it.
    pub counts: bool,
}

/// The rows with these ids; `kinds` says which indicators of each count.
pub(super) async fn read(
    ctx: &Ctx,
    read: &Read,
    kinds: &HashMap<SourceRowId, HashSet<String>>,
) -> Result<HashMap<SourceRowId, Origin>, WebError> {
    let connection = read.connection();
    let ids: Vec<SourceRowId> = kinds.keys().copied().collect();
    let feeds = deliveries::repo::feed_keys(connection).await?;
    let mut seen: HashMap<DeliveryId, (Delivery, DeliveryDetail)> = HashMap::new();
    let mut found = HashMap::with_capacity(ids.len());
    for row in rows::repo::by_ids(connection, &ids).await? {
        let (delivery, detail) = match seen.entry(row.delivery) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let delivery = deliveries::repo::delivery(connection, row.delivery).await?;
                let detail = deliveries::repo::detail(read.keys(), &delivery)?;
                place.insert((delivery, detail))
            }
        };
        let key = feeds.get(&row.feed_id).cloned().unwrap_or_default();
        let feed = ctx.app.programs.feed(&key);
        let counting = kinds.get(&row.id).cloned().unwrap_or_default();
        let cells = cells(ctx, read, &row, detail, feed, &counting)?;
        let t = Texts(ctx.language);
        let day = show::short_day(delivery.received_at.day(), ctx.today());
        found.insert(
            row.id,
            Origin {
                feed: feed.map_or(key.clone(), |feed| feed.label.says(ctx.language).to_owned()),
                place: t.lead_row_place(day, row.place.named(&detail.sheets)),
                href: format!("/rows/{}", row.id),
                ended: row.ended.map(|(_, ended)| ended),
                cells,
            },
        );
    }
    Ok(found)
}

fn cells(
    ctx: &Ctx,
    read: &Read,
    row: &SourceRow,
    detail: &DeliveryDetail,
    feed: Option<&Feed>,
    counting: &HashSet<String>,
) -> Result<Vec<OriginCell>, WebError> {
    let sealed = rows::repo::open(read.keys(), row)?;
    let mapping = detail.preview.as_ref().map_or(&[][..], |preview| preview.mapping.as_slice());
    let read_from = feed.map(|feed| columns_of(feed, counting)).unwrap_or_default();
    let mut cells = Vec::new();
    for (place, (heading, text)) in detail.columns.iter().zip(&sealed.cells).enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        let target = mapping.get(place).and_then(|column| column.target.as_deref());
        let column = feed.zip(target).and_then(|(feed, target)| feed.index_of(target));
        let known = feed.zip(column).and_then(|(feed, column)| feed.columns.get(column));
        if known.is_some_and(|column| column.meaning == Meaning::Serial) {
            continue;
        }
        let counts = column.is_some_and(|column| read_from.contains(&column));
        let value = match rows::cells::class_of(known) {
            Some(class) => ctx.app.roles.show(&ctx.actor, class, text),
            None => Masked::Full(text.clone()),
        };
        cells.push(OriginCell { heading: heading.clone(), value, counts });
    }
    // What counts is seen first, however wide the file is.
    cells.sort_by_key(|cell| !cell.counts);
    cells.truncate(CELLS_SHOWN);
    Ok(cells)
}

/// The columns that indicators of these kinds are read from.
fn columns_of(feed: &Feed, kinds: &HashSet<String>) -> HashSet<usize> {
    let rules = feed.indicators.iter().filter(|rule| kinds.contains(&rule.kind));
    rules
        .flat_map(|rule| {
            let conditions = rule.conditions.iter().map(|condition| condition.column);
            conditions.chain(rule.day).chain(rule.number)
        })
        .collect()
}
