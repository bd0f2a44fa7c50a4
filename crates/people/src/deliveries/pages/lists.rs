//! The lists behind a delivery's figures: rows set aside (as a page and as a file), rows taken with a warning, rows that
//! the delivery names no more.

use access::{FieldClass, Masked, Thing as _};
use askama::Template;
use base::{DeliveryId, SourceRowId};
use store::Event;
use texts::Language;
use uuid::Uuid;
use web::components::Pager;
use web::{Ctx, PageResult, Path, Query, WebError};

use super::delivery::page;
use super::groups::{self, GroupRow, place_of};
use super::{address, feed_of, seen, show};
use crate::deliveries::model::{Delivery, DeliveryDetail, FaultGroup};
use crate::deliveries::repo::{self, SET_ASIDE_ROWS, SetAside};
use crate::persons::PersonThing;
use crate::reading::RejectionCode;
use crate::rows::{RowPlace, cells};
use crate::{Texts, links, persons, rows};

/// Rows that are gone, on one page.
const GONE_ROWS: usize = 50;
/// Rows of a file of set-aside rows that are read at a time.
const DOWNLOADED_AT_A_TIME: u64 = 1_000;
/// Rows of a file of set-aside rows, at most: more than a sheet of a spreadsheet holds help nobody.
const DOWNLOADED_AT_MOST: usize = 1_000_000;

/// One of the lists, below the figures.
#[derive(Template)]
#[template(path = "deliveries/templates/lists.html")]
pub(super) struct ListPart {
    t: Texts,
    own: String,
    title: String,
    kind: ListKind,
    pager: Pager,
    download: Option<(String, String)>,
}

/// It stands in the delivery's own page, and escapes by itself what comes from outside.
impl askama::filters::HtmlSafe for ListPart {}

enum ListKind {
    SetAside(Vec<SetAsideLine>),
    Warnings(Vec<GroupRow>),
    Gone { rows: Vec<GoneLine>, unseen: usize },
}

struct SetAsideLine {
    place: String,
    what: String,
    where_: String,
    mend: String,
    cells: Vec<String>,
}

struct GoneLine {
    href: String,
    name: Masked,
    number: Option<Masked>,
    place: RowPlace,
}

/// The place in a list, and which of the groups of faults it is of, by its number among those of the overview.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct After {
    after: Option<i32>,
    group: Option<usize>,
}

impl After {
    /// The group that is asked for.
    fn of<'a>(&self, groups: &'a [FaultGroup]) -> Result<Option<&'a FaultGroup>, WebError> {
        self.group.map(|place| groups.get(place).ok_or(WebError::NotFound)).transpose()
    }

    /// The list at `own` from its first row on.
    fn first(&self, own: &str) -> String {
        self.group.map_or_else(|| own.to_owned(), |group| format!("{own}?group={group}"))
    }

    /// The list at `own` behind the row `after`.
    fn behind(&self, own: &str, after: i32) -> String {
        let joint = if self.group.is_some() { '&' } else { '?' };
        format!("{}{joint}after={after}", self.first(own))
    }
}

/// Rows that were set aside, one by one.
pub(super) async fn set_aside(ctx: Ctx, Path(id): Path<Uuid>, Query(place): Query<After>) -> PageResult {
    let (t, id) = (Texts(ctx.language), DeliveryId(id));
    let read = ctx.read().await?;
    let delivery = seen(&ctx, read.connection(), id, "read").await?;
    let detail = repo::detail(read.keys(), &delivery)?;
    let (connection, keys, after) = (read.connection(), read.keys(), place.after);
    let groups = detail.preview.as_ref().map_or(&[][..], |preview| preview.rejections.as_slice());
    let group = place.of(groups)?;
    let found = match group {
        Some(group) => repo::set_aside_of(connection, keys, id, group, after, SET_ASIDE_ROWS).await?,
        None => repo::set_aside(connection, keys, id, after, SET_ASIDE_ROWS).await?,
    };
    let feeds = repo::feed_keys(connection).await?;
    drop(read);
    let feed = feed_of(&ctx, feeds.get(&delivery.feed_id).map_or("", String::as_str))?;
    let own = format!("{}/set-aside", address(id));
    let next = found.last().filter(|_| found.len() as u64 == SET_ASIDE_ROWS);
    let next = next.map(|last| place.behind(&own, last.ordinal));
    let all = delivery.figures.unwrap_or_default().rejected;
    let total = group.map_or(all, |group| group.count);
    let lines = found.iter().map(|row| SetAsideLine::of(&ctx, feed, &detail, row)).collect::<Vec<_>>();
    let list = ListPart {
        t,
        title: t.rejections_title(total),
        pager: Pager::new(lines.len(), total, place.after.map(|_| place.first(&own)), next, ctx.language),
        kind: ListKind::SetAside(lines),
        // The file has all that were set aside, whatever the reason.
        download: (ctx.may("upload", "delivery") && all > 0)
            .then(|| (format!("{own}.csv"), t.rejections_download(all))),
        own: address(id),
    };
    web::page(&page(&ctx, id, Some(list)).await?)
}

impl SetAsideLine {
    fn of(ctx: &Ctx, feed: &policy::feeds::Feed, detail: &DeliveryDetail, row: &SetAside) -> Self {
        let t = Texts(ctx.language);
        let wording = show::rejection(&row.reason, t.0);
        let (what, mend) = wording.map_or((row.reason.as_str(), ""), |wording| (wording.what, wording.mend));
        let what = match row.sealed.other_row {
            Some(other) => t.rejections_see_row(what, other.named(&detail.sheets)),
            None => what.to_owned(),
        };
        // In a line with another number of fields nobody knows which column a cell belongs to.
        let is_shifted = row.reason == RejectionCode::FieldCount.key();
        let cells = row.sealed.cells.iter().enumerate().map(|(index, text)| {
            let target = detail.targets.get(index).and_then(Option::as_deref);
            if is_shifted {
                cells::unplaced(&ctx.app.roles, &ctx.actor, text)
            } else {
                cells::on_list_for(&ctx.app.roles, &ctx.actor, cells::column_of(feed, target), text)
            }
        });
        Self {
            place: row.place.named(&detail.sheets),
            what,
            where_: place_of(t, &row.sealed.column, &row.sealed.value),
            mend: mend.to_owned(),
            cells: cells.filter(|text| !text.is_empty()).collect(),
        }
    }
}

/// Kinds of warnings with the rows that have them, or one of them.
pub(super) async fn warnings(ctx: Ctx, Path(id): Path<Uuid>, Query(place): Query<After>) -> PageResult {
    let (t, id) = (Texts(ctx.language), DeliveryId(id));
    let read = ctx.read().await?;
    let delivery = seen(&ctx, read.connection(), id, "read").await?;
    let detail = repo::detail(read.keys(), &delivery)?;
    drop(read);
    let preview = detail.preview.unwrap_or_default();
    let group = place.of(&preview.warnings)?;
    let groups = group.map_or(preview.warnings.as_slice(), std::slice::from_ref);
    let rows = groups::warnings(t, &detail.sheets, groups);
    let total = group.map_or(delivery.figures.unwrap_or_default().warnings, |group| group.count);
    let list = ListPart {
        t,
        own: address(id),
        title: t.warnings_rows(total),
        pager: Pager::uncounted(rows.len(), None, None, ctx.language),
        kind: ListKind::Warnings(rows),
        download: None,
    };
    web::page(&page(&ctx, id, Some(list)).await?)
}

/// Rows of the feed that the delivery names no more, as far as their persons are the reader's business.
pub(super) async fn gone(ctx: Ctx, Path(id): Path<Uuid>, Query(place): Query<After>) -> PageResult {
    let (t, id) = (Texts(ctx.language), DeliveryId(id));
    let read = ctx.read().await?;
    let delivery = seen(&ctx, read.connection(), id, "read").await?;
    let all = repo::detail(read.keys(), &delivery)?.preview.unwrap_or_default().gone;
    drop(read);
    let start = place.after.and_then(|after| usize::try_from(after).ok()).unwrap_or(0).min(all.len());
    let end = (start + GONE_ROWS).min(all.len());
    let shown = all.get(start..end).unwrap_or_default();
    let lines = gone_lines(&ctx, shown).await?;
    let own = format!("{}/gone", address(id));
    let total = delivery.figures.unwrap_or_default().gone;
    let next = (end < all.len()).then(|| format!("{own}?after={end}"));
    let list = ListPart {
        t,
        own: address(id),
        title: t.gone_rows(total),
        pager: Pager::new(lines.len(), total, (start > 0).then(|| own.clone()), next, ctx.language),
        kind: ListKind::Gone { unseen: shown.len() - lines.len(), rows: lines },
        download: None,
    };
    web::page(&page(&ctx, id, Some(list)).await?)
}

async fn gone_lines(ctx: &Ctx, ids: &[SourceRowId]) -> Result<Vec<GoneLine>, WebError> {
    let read = ctx.read().await?;
    let connection = read.connection();
    let scope = ctx.app.roles.scope(&ctx.actor, access::READ, "person");
    let found = rows::repo::by_ids(connection, ids).await?;
    let links = links::repo::of_rows(connection, ids).await?;
    let persons: Vec<_> = links.values().map(|link| link.person).collect();
    let condition = scope.condition(&PersonThing::COLUMNS);
    let seen: Vec<_> = if scope.is_empty() {
        Vec::new()
    } else {
        persons::repo::by_ids(connection, &persons, condition).await?
    };
    found
        .iter()
        .filter(|row| {
            let person = links.get(&row.id).map(|link| link.person);
            seen.iter().any(|seen| Some(seen.id) == person)
        })
        .map(|row| {
            let values = rows::repo::open(read.keys(), row)?.values;
            let number = values.document.as_ref();
            Ok(GoneLine {
                href: format!("/rows/{}", row.id.0),
                name: Masked::on_list(FieldClass::Name, values.name.as_deref().unwrap_or_default()),
                number: number.map(|number| Masked::on_list(FieldClass::IdentityNumber, number.number())),
                place: row.place,
            })
        })
        .collect()
}

/// The rows that were set aside as a file: each as it came, behind its place, the reason and the mend. Only for those who
/// may hand in what is in it, and on record.
pub(super) async fn download(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let (t, id) = (Texts(ctx.language), DeliveryId(id));
    let write = ctx.write("people.download_set_aside").await?;
    let delivery = seen(&ctx, write.connection(), id, "upload").await?;
    let rejected = delivery.figures.unwrap_or_default().rejected;
    let after = serde_json::json!({ "delivery": id, "rows": rejected });
    write.record(Event { kind: "people.set_aside_downloaded", after, ..Event::default() }).await?;
    write.save().await?;
    let bytes = set_aside_file(&ctx, &delivery).await?;
    let day = web::show::full_day(delivery.received_at.day());
    Ok(web::download(&t.rejections_file(day), "text/csv; charset=utf-8", bytes))
}

async fn set_aside_file(ctx: &Ctx, delivery: &Delivery) -> Result<Vec<u8>, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let detail = repo::detail(read.keys(), delivery)?;
    let mut file = CsvFile::new();
    let heads = [t.rejections_place(), t.rejections_reason(), t.rejections_mend()].map(str::to_owned);
    file.line(heads.iter().map(String::as_str).chain(detail.columns.iter().map(String::as_str)));
    let mut after = None;
    for _page in 0..DOWNLOADED_AT_MOST.div_ceil(1_000) {
        let rows =
            repo::set_aside(read.connection(), read.keys(), delivery.id, after, DOWNLOADED_AT_A_TIME).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.ordinal);
        for row in &rows {
            let (reason, mend) = reason(row, &detail.sheets, ctx.language);
            let place = row.place.named(&detail.sheets);
            let own = [place.as_str(), reason.as_str(), mend];
            file.line(own.into_iter().chain(row.sealed.cells.iter().map(String::as_str)));
        }
    }
    Ok(file.bytes)
}

fn reason(row: &SetAside, sheets: &[String], language: Language) -> (String, &'static str) {
    let Some(wording) = show::rejection(&row.reason, language) else { return (row.reason.clone(), "") };
    let t = Texts(language);
    let mut text = wording.what.to_owned();
    if !row.sealed.column.is_empty() {
        text = format!("{}{}{text}", row.sealed.column, language.choose("：", ": "));
    }
    match row.sealed.other_row {
        Some(other) => (t.rejections_see_row(text, other.named(sheets)), wording.mend),
        None => (text, wording.mend),
    }
}

/// Separated text that a spreadsheet opens as it is: UTF-8 with its mark, line ends as RFC 4180 has them, and no cell
/// that a spreadsheet would take for a formula.
struct CsvFile {
    bytes: Vec<u8>,
}

impl CsvFile {
    fn new() -> Self {
        Self { bytes: "\u{feff}".as_bytes().to_vec() }
    }

    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                self.bytes.push(b',');
            }
            self.cell(cell);
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// Every cell stands in quotes. One that begins like a formula gets an apostrophe in front, which a spreadsheet takes
    /// for "this is text".
    fn cell(&mut self, text: &str) {
        let first = text.trim_start().chars().next();
        let is_formula = text.starts_with(['\t', '\r', '\n'])
            || first.is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
        self.bytes.push(b'"');
        if is_formula {
            self.bytes.push(b'\'');
        }
        self.bytes.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        self.bytes.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_opens_it_and_runs_nothing() {
        let mut file = CsvFile::new();
        file.line(["8", "=cmd|' /C calc'!A0", "  +86 138", "a\"b", "\t=1", "张三"].into_iter());
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!(
            text,
            "\u{feff}\"8\",\"'=cmd|' /C calc'!A0\",\"'  +86 138\",\"a\"\"b\",\"'\t=1\",\"张三\"\r\n"
        );
    }
}
