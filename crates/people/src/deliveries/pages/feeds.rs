//! `/feeds`: what each feed holds and how fresh it is; `/feeds/{feed}`: handing in a file, and what came in before.

use std::collections::HashMap;

use access::Thing as _;
use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use base::{AccountId, Moment};
use policy::feeds::{Completeness, Feed};
use store::Read;
use texts::Language;
use web::components::{Alert, Badge, EmptyState, Pager, SampleMark, Tone};
use web::show;
use web::{Ctx, Form, FromForm, PageResult, Path, Query, Reader, Shell, Typed, Upload, WebError};

use super::{address, feed_of};
use crate::deliveries::model::{Delivery, DeliveryState, DeliveryThing, HeldState};
use crate::deliveries::repo;
use crate::import::File;
use crate::module::{CHECK_JOB, DeliveryJob};
use crate::{People, Texts, reading};

/// A feed without a delivery for longer than this is marked. No source states it.
const FRESH_DAYS: i32 = 31;

#[derive(Template)]
#[template(path = "deliveries/templates/feeds.html")]
struct FeedsPage {
    shell: Shell,
    t: Texts,
    feeds: Vec<FeedRow>,
    may_hand_in: bool,
    sample: SampleMark,
}

struct FeedRow {
    href: String,
    label: String,
    department: String,
    completeness: &'static str,
    rows: Option<u64>,
    last: Option<Last>,
    freshness: Badge,
    waiting: Vec<(String, Badge)>,
}

struct Last {
    href: Option<String>,
    when: String,
    figures: String,
    who: String,
}

/// The list.
pub(super) async fn list(ctx: Ctx) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let mut feeds = Vec::new();
    for feed in ctx.app.programs.feeds() {
        feeds.push(FeedRow::of(&ctx, &read, feed).await?);
    }
    drop(read);
    let shell = ctx.shell("/feeds", t.feeds_title()).await?.as_of(ctx.now);
    web::page(&FeedsPage {
        shell,
        t,
        feeds,
        may_hand_in: ctx.may("upload", "delivery"),
        sample: SampleMark::new(ctx.language),
    })
}

impl FeedRow {
    async fn of(ctx: &Ctx, read: &Read, feed: &Feed) -> Result<Self, WebError> {
        let t = Texts(ctx.language);
        let state = repo::feed(read.connection(), &feed.key).await?;
        let mut row = Self {
            href: format!("/feeds/{}", feed.key),
            label: ctx.says(&feed.label).to_owned(),
            department: ctx.says(&feed.department).to_owned(),
            completeness: completeness(t, feed),
            rows: None,
            last: None,
            freshness: Badge::new(Tone::Low, "circle-dashed", t.feeds_never()),
            waiting: Vec::new(),
        };
        let Some(state) = state else { return Ok(row) };
        let own = deliveries(ctx, read, state.id, None).await?;
        row.waiting = own
            .iter()
            .filter(|delivery| delivery.is_under_way() || waits_for_somebody(delivery))
            .map(|delivery| (address(delivery.id), super::show::state(t, delivery)))
            .collect();
        let Some(published) = state.delivery_id else { return Ok(row) };
        row.rows = u64::try_from(state.current_rows).ok();
        let last = repo::delivery(read.connection(), published.into()).await?;
        row.freshness = freshness(ctx, last.received_at);
        let names = names(read, std::slice::from_ref(&last)).await?;
        let figures = last.figures.unwrap_or_default();
        row.last = Some(Last {
            href: own.iter().any(|own| own.id == last.id).then(|| address(last.id)),
            when: show::full(last.received_at),
            figures: t.feeds_last_figures(figures.rows, figures.accepted, figures.updated, figures.rejected),
            who: who(t, &names, &last),
        });
        Ok(row)
    }
}

fn waits_for_somebody(delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Checked
        || (delivery.state == DeliveryState::Done && delivery.held == Some(HeldState::Waiting))
}

fn completeness(t: Texts, feed: &Feed) -> &'static str {
    match feed.completeness {
        Completeness::Full => t.feeds_full(),
        Completeness::Changes => t.feeds_changes(),
    }
}

fn freshness(ctx: &Ctx, received_at: Moment) -> Badge {
    let t = Texts(ctx.language);
    let days = ctx.today().days_since(received_at.day());
    let (tone, icon) = if days <= FRESH_DAYS { (Tone::Ok, "circle-check") } else { (Tone::High, "clock") };
    let word = if days <= 0 { t.feeds_today().to_owned() } else { t.feeds_days_ago(days) };
    Badge::new(tone, icon, word)
}

async fn deliveries(
    ctx: &Ctx,
    read: &Read,
    feed_id: i32,
    before: Option<Moment>,
) -> Result<Vec<Delivery>, WebError> {
    let scope = ctx.app.roles.scope(&ctx.actor, "read", "delivery");
    if scope.is_empty() {
        return Ok(Vec::new());
    }
    let condition = scope.condition(&DeliveryThing::COLUMNS);
    Ok(repo::list(read.connection(), feed_id, condition, before).await?)
}

/// The names of those who handed these deliveries in.
async fn names(read: &Read, deliveries: &[Delivery]) -> Result<HashMap<AccountId, String>, WebError> {
    let ids: Vec<AccountId> = deliveries.iter().filter_map(|delivery| delivery.account).collect();
    Ok(access::accounts::names(read, &ids).await?)
}

fn who(t: Texts, names: &HashMap<AccountId, String>, delivery: &Delivery) -> String {
    let name = delivery.account.and_then(|account| names.get(&account));
    name.cloned().unwrap_or_else(|| t.feeds_by_command().to_owned())
}

#[derive(Template)]
#[template(path = "deliveries/templates/feed.html")]
struct FeedPage {
    shell: Shell,
    t: Texts,
    department: String,
    completeness: &'static str,
    completeness_note: &'static str,
    action: String,
    form: Option<Typed>,
    problem: Option<Alert>,
    limit_megabytes: u64,
    columns: Vec<ColumnRow>,
    deliveries: Vec<DeliveryLine>,
    empty: EmptyState,
    pager: Pager,
}

struct ColumnRow {
    label: String,
    is_required: bool,
    is_starred: bool,
    headings: String,
}

struct DeliveryLine {
    href: String,
    file_name: String,
    when: String,
    who: String,
    state: Badge,
    figures: Option<crate::deliveries::Figures>,
}

/// The place in the list of deliveries.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

/// A feed: the form, the columns it knows, what came in before.
pub(super) async fn one(ctx: Ctx, Path(key): Path<String>, Query(place): Query<Before>) -> PageResult {
    let feed = feed_of(&ctx, &key)?;
    let typed = ctx.typed(&format!("/feeds/{key}"));
    let page = feed_page(&ctx, feed, typed, None, place.before.map(Moment)).await?;
    web::page(&page)
}

/// Headings of a column that are named, at most.
const HEADINGS_SHOWN: usize = 4;

async fn feed_page(
    ctx: &Ctx,
    feed: &Feed,
    typed: Typed,
    problem: Option<Alert>,
    before: Option<Moment>,
) -> Result<FeedPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let known = repo::feed(read.connection(), &feed.key).await?;
    let list = match &known {
        Some(state) => deliveries(ctx, &read, state.id, before).await?,
        None => Vec::new(),
    };
    let names = names(&read, &list).await?;
    let own = format!("/feeds/{}", feed.key);
    let next = list
        .last()
        .filter(|_| list.len() as u64 == repo::PAGE_ROWS)
        .map(|last| format!("{own}?before={}", last.received_at.0));
    let lines = list
        .iter()
        .map(|delivery| {
            Ok(DeliveryLine {
                href: address(delivery.id),
                file_name: repo::detail(read.keys(), delivery)?.file_name,
                when: show::full(delivery.received_at),
                who: who(t, &names, delivery),
                state: super::show::state(t, delivery),
                figures: delivery.figures,
            })
        })
        .collect::<Result<Vec<_>, WebError>>()?;
    drop(read);
    let is_full = feed.completeness == Completeness::Full;
    Ok(FeedPage {
        shell: ctx.shell("/feeds", ctx.says(&feed.label)).await?,
        t,
        department: ctx.says(&feed.department).to_owned(),
        completeness: completeness(t, feed),
        completeness_note: if is_full { t.feed_full_note() } else { t.feed_changes_note() },
        pager: Pager::uncounted(lines.len(), before.map(|_| own.clone()), next, ctx.language),
        action: own,
        form: ctx.may("upload", "delivery").then_some(typed),
        problem,
        limit_megabytes: crate::import::FILE_BYTES_AT_MOST >> 20,
        columns: columns(ctx, feed),
        deliveries: lines,
        empty: empty(ctx, known.is_some_and(|state| state.delivery_id.is_some())),
    })
}

/// Why no delivery is listed: none came in, or they span the city, which is not this reader's to see.
fn empty(ctx: &Ctx, is_elsewhere: bool) -> EmptyState {
    let t = Texts(ctx.language);
    let (icon, title, detail) = if is_elsewhere {
        ("map-pin-off", t.feed_city_only(), t.feed_city_only_next())
    } else if ctx.may("upload", "delivery") {
        ("database-import", t.feed_no_deliveries(), t.feed_no_deliveries_next())
    } else {
        ("database-import", t.feed_no_deliveries(), t.feed_no_deliveries_wait())
    };
    let link = is_elsewhere.then(|| (t.feed_city_only_link().to_owned(), "/".to_owned()));
    EmptyState { icon, title: title.to_owned(), detail: detail.to_owned(), link }
}

fn columns(ctx: &Ctx, feed: &Feed) -> Vec<ColumnRow> {
    let mark = ctx.language.choose("、", ", ");
    let mut columns: Vec<ColumnRow> = feed
        .columns
        .iter()
        .map(|column| ColumnRow {
            label: ctx.says(&column.label).to_owned(),
            is_required: column.required,
            is_starred: column.starred,
            headings: column.headings.iter().take(HEADINGS_SHOWN).cloned().collect::<Vec<_>>().join(mark),
        })
        .collect();
    columns.sort_by_key(|column| !column.is_required);
    columns
}

/// The form of a file.
pub(super) struct HandIn {
    file: Upload,
}

impl FromForm for HandIn {
    fn read(form: &mut Reader) -> Option<Self> {
        Some(Self { file: form.file("file")? })
    }
}

/// Takes a file in: it is kept as it came, and a job reads it. A file that cannot be read is refused at once.
pub(super) async fn hand_in(
    ctx: Ctx,
    Extension(people): Extension<People>,
    Path(key): Path<String>,
    form: Form<HandIn>,
) -> PageResult {
    let feed = feed_of(&ctx, &key)?;
    let Some(input) = form.input else { return refused(&ctx, feed, form.typed, None).await };
    if let Some(problem) = problem_of(&ctx, feed, &input.file).await? {
        return refused(&ctx, feed, form.typed, Some(problem)).await;
    }
    let write = ctx.write("people.receive_delivery").await?;
    let importer = people.importer(&ctx.app, &ctx.actor, ctx.operation);
    let file = File { name: &input.file.file_name, bytes: &input.file.bytes };
    let id = importer.insert_delivery(&write, feed, file).await?;
    write.enqueue(CHECK_JOB, &DeliveryJob { delivery: id }, write.at()).await?;
    ctx.save_saying(write, &address(id), Texts(ctx.language).said_handed_in()).await
}

/// The page again with what is wrong with the file, 422.
async fn refused(ctx: &Ctx, feed: &Feed, typed: Typed, problem: Option<Alert>) -> PageResult {
    let page = feed_page(ctx, feed, typed, problem, None).await?;
    web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// What keeps a file as a whole from being taken. It is read for that on a thread of its own; the job reads it again.
async fn problem_of(ctx: &Ctx, feed: &Feed, file: &Upload) -> Result<Option<Alert>, WebError> {
    let (feed, areas, file, today) = (feed.clone(), ctx.app.areas.clone(), file.clone(), ctx.today());
    let fault = tokio::task::spawn_blocking(move || {
        reading::read(&file.bytes, &file.file_name, &feed, today, &areas).err()
    })
    .await
    .map_err(WebError::internal)?;
    let t = Texts(ctx.language);
    Ok(fault.map(|fault| {
        let says = match ctx.language {
            Language::Chinese => fault.chinese(),
            Language::English => fault.english(),
        };
        Alert::new(Tone::Urgent, t.feed_refused(), says)
    }))
}
