//! The source rows that a lead stands on, as they came, each cell masked by the reader's clearance.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use access::Masked;
use base::{DeliveryId, SourceRowId};
use people::deliveries::{self, Delivery, DeliveryDetail, Horizon};
use people::rows::{self, EndedAs, SourceRow};
use policy::feeds::{Feed, Meaning};
use sea_orm::Condition;
use store::Read;
use web::{Ctx, WebError, Worded as _, show};

use super::Texts;

/// Cells of one row that are shown; the row's own page has them all.
const CELLS_SHOWN: usize = 14;
/// Versions of a row among which the present one is looked for.
const VERSIONS_AT_MOST: u64 = 20;

/// A row as it stands on the page of a lead.
pub(crate) struct Origin {
    /// The feed.
    pub feed: String,
    /// 11-05 批次，第 1,904 行.
    pub place: String,
    /// `/rows/{id}`.
    pub href: String,
    /// Why it is no longer what its feed says.
    pub ended: Option<EndedAs>,
    /// Of a row that was corrected, its present version: 11-24 批次，第 12 行, and `/rows/{id}`.
    pub now: Option<(String, String)>,
    /// Its cells that are not empty.
    pub cells: Vec<OriginCell>,
}

/// A cell of a row.
pub(crate) struct OriginCell {
    /// The heading of its column as written.
    pub heading: String,
    /// What stands in it.
    pub value: Masked,
    /// Whether an indicator that counts was read from it.
    pub counts: bool,
    /// Whether it says what an indicator that counts was read from, in words: not its day, not its number.
    pub tells: bool,
    /// What stands there in the present version of the row, where that is something else.
    pub now: Option<Masked>,
}

/// Where a row stands, and what stands in it.
struct Laid {
    feed: String,
    place: String,
    href: String,
    cells: Vec<OriginCell>,
    /// Cells as they are written, by heading; what a reader sees of them stands in `cells`.
    written: Vec<(String, String)>,
}

/// The rows with these ids; `kinds` says which indicators of each count.
pub(crate) async fn read(
    ctx: &Ctx,
    read: &Read,
    kinds: &HashMap<SourceRowId, HashSet<String>>,
) -> Result<HashMap<SourceRowId, Origin>, WebError> {
    let connection = read.connection();
    let ids: Vec<SourceRowId> = kinds.keys().copied().collect();
    let feeds = deliveries::repo::feed_keys(connection).await?;
    let mut laying = Laying { ctx, read, feeds, seen: HashMap::new() };
    let mut found = HashMap::with_capacity(ids.len());
    for row in rows::repo::by_ids(connection, &ids).await? {
        let counting = kinds.get(&row.id).cloned().unwrap_or_default();
        let mut laid = laying.lay(&row, &counting).await?;
        let mut now = None;
        if let Some(present) = present_version(read, &row).await? {
            let present = laying.lay(&present, &counting).await?;
            beside(&mut laid, &present);
            now = Some((present.place, present.href));
        }
        // What counts and what was corrected is seen first, however wide the file is.
        laid.cells.sort_by_key(|cell| (!cell.counts, cell.now.is_none()));
        laid.cells.truncate(CELLS_SHOWN);
        let Laid { feed, place, href, cells, .. } = laid;
        let ended = row.ended.map(|(_, ended)| ended);
        found.insert(row.id, Origin { feed, place, href, ended, now, cells });
    }
    Ok(found)
}

/// What the feed says now in the place of a row that was corrected.
async fn present_version(read: &Read, row: &SourceRow) -> Result<Option<SourceRow>, WebError> {
    if !matches!(row.ended, Some((_, EndedAs::Superseded))) {
        return Ok(None);
    }
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    // Whoever sees the row that a matter stands on sees what it was corrected to: it is the same row.
    let all = Condition::all();
    let versions = rows::repo::versions(connection, horizon, row, all, VERSIONS_AT_MOST).await?;
    Ok(versions.into_iter().find(|version| version.id != row.id && version.ended.is_none()))
}

/// Puts what stands in `present` beside each cell that says something else. What stands in it only is a cell of its own.
fn beside(laid: &mut Laid, present: &Laid) {
    let written = |laid: &Laid, heading: &str| {
        laid.written.iter().find(|(own, _)| own == heading).map(|(_, text)| text.clone())
    };
    let shown = |heading: &str| {
        present.cells.iter().find(|cell| cell.heading == heading).map(|cell| cell.value.clone())
    };
    let mut old: Vec<(String, Option<String>)> = Vec::with_capacity(laid.cells.len());
    for cell in &laid.cells {
        old.push((cell.heading.clone(), written(laid, &cell.heading)));
    }
    for (cell, (heading, text)) in laid.cells.iter_mut().zip(&old) {
        if *text != written(present, heading) {
            cell.now = Some(shown(heading).unwrap_or_else(|| Masked::Full("—".to_owned())));
        }
    }
    for cell in &present.cells {
        if laid.cells.iter().all(|own| own.heading != cell.heading) {
            laid.cells.push(OriginCell {
                heading: cell.heading.clone(),
                value: Masked::Full("—".to_owned()),
                counts: false,
                tells: false,
                now: Some(cell.value.clone()),
            });
        }
    }
}

/// Rows are laid out one after the other; many are of one delivery.
struct Laying<'a> {
    ctx: &'a Ctx,
    read: &'a Read,
    feeds: HashMap<i32, String>,
    seen: HashMap<DeliveryId, (Delivery, DeliveryDetail)>,
}

impl Laying<'_> {
    async fn lay(&mut self, row: &SourceRow, counting: &HashSet<String>) -> Result<Laid, WebError> {
        let (ctx, read) = (self.ctx, self.read);
        let (delivery, detail) = match self.seen.entry(row.delivery) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let delivery = deliveries::repo::delivery(read.connection(), row.delivery).await?;
                let detail = deliveries::repo::detail(read.keys(), &delivery)?;
                place.insert((delivery, detail))
            }
        };
        let key = self.feeds.get(&row.feed_id).cloned().unwrap_or_default();
        let feed = ctx.app.programs.feed(&key);
        let (cells, written) = cells(ctx, read, row, detail, feed, counting)?;
        let day = show::short_day(delivery.received_at.day(), ctx.today());
        Ok(Laid {
            feed: feed.map_or(key, |feed| feed.label.says(ctx.language).to_owned()),
            place: Texts(ctx.language).lead_row_place(day, row.place.named(&detail.sheets)),
            href: format!("/rows/{}", row.id),
            cells,
            written,
        })
    }
}

/// What a row's cells say as they were written, each beside its heading.
type Written = Vec<(String, String)>;

fn cells(
    ctx: &Ctx,
    read: &Read,
    row: &SourceRow,
    detail: &DeliveryDetail,
    feed: Option<&Feed>,
    counting: &HashSet<String>,
) -> Result<(Vec<OriginCell>, Written), WebError> {
    let sealed = rows::repo::open(read.keys(), row)?;
    let mapping = detail.preview.as_ref().map_or(&[][..], |preview| preview.mapping.as_slice());
    let read_from = feed.map(|feed| columns_of(feed, counting)).unwrap_or_default();
    let told_in = feed.map(|feed| conditions_of(feed, counting)).unwrap_or_default();
    let (mut cells, mut written) = (Vec::new(), Vec::new());
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
        let value = rows::cells::for_reader(&ctx.app.roles, &ctx.actor, known, text);
        written.push((heading.clone(), text.clone()));
        let tells = column.is_some_and(|column| told_in.contains(&column));
        cells.push(OriginCell { heading: heading.clone(), value, counts, tells, now: None });
    }
    Ok((cells, written))
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

/// The columns whose words make indicators of these kinds.
fn conditions_of(feed: &Feed, kinds: &HashSet<String>) -> HashSet<usize> {
    let rules = feed.indicators.iter().filter(|rule| kinds.contains(&rule.kind));
    rules.flat_map(|rule| rule.conditions.iter().map(|condition| condition.column)).collect()
}
