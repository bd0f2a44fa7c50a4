//! `/rows/{id}`: one row of one file as it came, what was used of it, whom it is about, and the facts that it yields.

use access::{AccessError, FieldClass, Grant, Masked, Reading, Scope, Sight, Term, look_up};
use askama::Template;
use base::{AreaPath, PersonId, SourceRowId};
use policy::feeds::Feed;
use store::Read;
use uuid::Uuid;
use web::components::{Badge, Tone};
use web::{Ctx, Offered, PageResult, Pages, Path, Rule, Shell, WebError};

use super::model::{EndedAs, SealedRow, SourceRow};
use super::{PlaceKind, cells, repo};
use crate::deliveries::{DeliveryDetail, DeliveryThing, Horizon};
use crate::links::Ground;
use crate::links::repo::Link;
use crate::persons::PersonThing;
use crate::reading::WarningCode;
use crate::{Texts, deliveries, links, persons};

/// Versions of a row that are named.
const VERSIONS_SHOWN: u64 = 20;

/// The pages.
pub(crate) fn pages() -> Pages {
    Pages::new().get("/rows/{id}", Rule::May(&[("read", "person"), ("read", "delivery")]), show)
}

#[derive(Template)]
#[template(path = "rows/templates/row.html")]
struct RowPage {
    shell: Shell,
    t: Texts,
    back: String,
    sub: String,
    state: Badge,
    cells: Vec<CellRow>,
    used: Vec<(String, Masked)>,
    indicators: Vec<IndicatorRow>,
    /// How many facts the row yields, for whoever is not shown which.
    withheld_indicators: Option<usize>,
    is_withheld: bool,
    person: Option<PersonBox>,
    versions: Vec<VersionRow>,
    delivery_href: Option<String>,
}

/// A cell as it came.
struct CellRow {
    heading: String,
    value: Masked,
    target: Option<String>,
    warning: Option<(String, String)>,
}

struct IndicatorRow {
    label: String,
    day: String,
    amount: String,
}

/// The person whom the row is about.
struct PersonBox {
    name: Masked,
    ground: String,
    offers: Vec<Offered>,
    links_href: Option<String>,
}

struct VersionRow {
    href: Option<String>,
    when: String,
    state: Badge,
}

/// A row with what the reader may know around it.
struct Seen {
    row: SourceRow,
    sealed: SealedRow,
    /// The person, if the reader may see them.
    person: Option<persons::Person>,
    ground: Option<Ground>,
    /// Whom the row is about, and where that person belongs, for the read record: also where the reader is not told.
    subject: Option<(PersonId, AreaPath)>,
    sees_delivery: bool,
}

async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let read = ctx.read().await?;
    let seen = seen(&ctx, &read, SourceRowId(id)).await?;
    let page = page(&ctx, &read, &seen).await?;
    drop(read);
    if let Some((subject, area)) = seen.subject {
        let reading =
            Reading { subject, matter: None, area: Some(area), purpose: "origin", part: "source_row" };
        access::read_record(ctx.write("people.read_row").await?, reading).await?;
    }
    web::page(&page)
}

/// The row `id`, if its person is the reader's to see, or the delivery that brought it.
async fn seen(ctx: &Ctx, read: &Read, id: SourceRowId) -> Result<Seen, WebError> {
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    let row = repo::by_ids(connection, &[id]).await?.pop().ok_or(WebError::NotFound)?;
    if row.number > horizon.0 {
        return Err(WebError::NotFound);
    }
    let link = links::repo::of_rows(connection, &[id]).await?.remove(&id);
    let person = match &link {
        Some(link) => person(ctx, read, horizon, link.person).await?,
        None => None,
    };
    let scope = ctx.app.roles.scope(&ctx.actor, access::READ, "delivery");
    let sees_delivery = found(look_up::<DeliveryThing>(connection, &scope, row.delivery.0).await)?;
    if person.is_none() && !(sees_delivery && is_nobody_kept_from(ctx, read, link.as_ref()).await?) {
        return Err(WebError::NotFound);
    }
    let subject = subject(read, link.as_ref()).await?;
    let sealed = repo::open(read.keys(), &row)?;
    Ok(Seen { row, sealed, person, ground: link.map(|link| link.ground), subject, sees_delivery })
}

/// Whether a row is about nobody who is kept from the reader (a sealed file, a relative): what is taken away from whoever
/// sees the person is not given back to whoever sees the delivery.
async fn is_nobody_kept_from(ctx: &Ctx, read: &Read, link: Option<&Link>) -> Result<bool, WebError> {
    let Some(link) = link else { return Ok(true) };
    let id = persons::repo::resolve(read.connection(), link.person).await?;
    let anywhere = Grant { term: Term::Anywhere, sight: Sight::Full };
    let scope = Scope::of(&ctx.actor, &[anywhere], false);
    found(look_up::<PersonThing>(read.connection(), &scope, id.0).await)
}

/// Whom the row is about, whoever reads it: a look through the delivery that brought it is a look at the person too.
async fn subject(read: &Read, link: Option<&Link>) -> Result<Option<(PersonId, AreaPath)>, WebError> {
    let Some(link) = link else { return Ok(None) };
    let connection = read.connection();
    let id = persons::repo::resolve(connection, link.person).await?;
    let found = persons::repo::by_ids(connection, &[id], sea_orm::sea_query::Condition::all()).await?;
    Ok(found.first().map(|person| (person.id, person.area)))
}

async fn person(
    ctx: &Ctx,
    read: &Read,
    horizon: Horizon,
    id: PersonId,
) -> Result<Option<persons::Person>, WebError> {
    let id = persons::repo::resolve(read.connection(), id).await?;
    let scope = ctx.app.roles.scope(&ctx.actor, access::READ, "person");
    if !found(look_up::<PersonThing>(read.connection(), &scope, id.0).await)? {
        return Ok(None);
    }
    Ok(persons::repo::by_ids(read.connection(), &[id], horizon.sees("person")).await?.pop())
}

/// Whether a look-up found what it was for.
fn found<T>(looked_up: Result<T, AccessError>) -> Result<bool, WebError> {
    match looked_up {
        Ok(_) => Ok(true),
        Err(AccessError::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn page(ctx: &Ctx, read: &Read, seen: &Seen) -> Result<RowPage, WebError> {
    let t = Texts(ctx.language);
    let connection = read.connection();
    let delivery = deliveries::repo::delivery(connection, seen.row.delivery).await?;
    let detail = deliveries::repo::detail(read.keys(), &delivery)?;
    let feeds = deliveries::repo::feed_keys(connection).await?;
    let key = feeds.get(&seen.row.feed_id).cloned().unwrap_or_default();
    let feed = ctx.app.programs.feed(&key).ok_or(WebError::NotFound)?;
    let indicators = repo::indicators(connection, &[seen.row.id]).await?.remove(&seen.row.id);
    let label = ctx.says(&feed.label);
    let when = web::show::full_day(delivery.received_at.day());
    let delivery_href = seen.sees_delivery.then(|| deliveries::pages::address(delivery.id));
    let sees_circumstances = cells::sees_circumstances(&ctx.app.roles, &ctx.actor);
    let indicators = indicators.unwrap_or_default();
    let withheld_indicators = (!sees_circumstances).then_some(indicators.len()).filter(|count| *count > 0);
    Ok(RowPage {
        shell: ctx
            .shell("/feeds", t.row_title(label, seen.row.place.named(&detail.sheets)))
            .await?
            .on_record(),
        t,
        back: match &delivery_href {
            Some(href) => href.clone(),
            None if ctx.may("read", "feed") => "/feeds".to_owned(),
            None => "/".to_owned(),
        },
        sub: t.row_sub(ctx.says(&feed.department), &when),
        state: state(t, seen.row.ended.map(|(_, ended)| ended)),
        cells: cell_rows(ctx, feed, &detail, &seen.sealed),
        used: used(ctx, &seen.sealed),
        is_withheld: !sees_circumstances,
        withheld_indicators,
        indicators: indicators
            .into_iter()
            .filter(|_| sees_circumstances)
            .map(|indicator| indicator_row(ctx, feed, indicator))
            .collect(),
        person: person_box(ctx, read, seen)?,
        versions: versions(ctx, read, &seen.row).await?,
        delivery_href,
    })
}

fn state(t: Texts, ended: Option<EndedAs>) -> Badge {
    match ended {
        None => Badge::new(Tone::Ok, "circle-check", t.row_present()),
        Some(EndedAs::Superseded) => Badge::new(Tone::Low, "history", t.row_superseded()),
        Some(EndedAs::Gone) => Badge::new(Tone::High, "archive", t.row_gone()),
    }
}

fn cell_rows(ctx: &Ctx, feed: &Feed, detail: &DeliveryDetail, sealed: &SealedRow) -> Vec<CellRow> {
    let width = sealed.cells.len().max(detail.columns.len());
    (0..width)
        .map(|index| {
            let target = detail.targets.get(index).and_then(Option::as_deref);
            let column = cells::column_of(feed, target);
            let text = sealed.cells.get(index).cloned().unwrap_or_default();
            let value = if text.is_empty() {
                Masked::Full(text)
            } else {
                cells::for_reader(&ctx.app.roles, &ctx.actor, column, &text)
            };
            let warning = sealed
                .warnings
                .iter()
                .find(|warning| warning.column.and_then(|at| usize::try_from(at).ok()) == Some(index));
            CellRow {
                heading: detail.columns.get(index).cloned().unwrap_or_default(),
                value,
                target: column.map(|column| ctx.says(&column.label).to_owned()),
                warning: warning.map(|warning| wording(ctx, warning.code)),
            }
        })
        .collect()
}

fn wording(ctx: &Ctx, code: WarningCode) -> (String, String) {
    let wording = ctx.language.choose(code.chinese(), code.english());
    (wording.what.to_owned(), wording.mend.to_owned())
}

/// What was taken from the row, in the form in which it is used.
fn used(ctx: &Ctx, sealed: &SealedRow) -> Vec<(String, Masked)> {
    let t = Texts(ctx.language);
    let show = |class, text: &str| ctx.app.roles.show(&ctx.actor, class, text);
    let values = &sealed.values;
    let mut used: Vec<(String, Masked)> = Vec::new();
    used.extend(values.name.iter().map(|name| (t.value_name().to_owned(), show(FieldClass::Name, name))));
    used.extend(
        values
            .document
            .iter()
            .map(|number| (t.value_number().to_owned(), show(FieldClass::IdentityNumber, number.number()))),
    );
    used.extend(
        values
            .unusable_number
            .iter()
            .map(|number| (t.value_unusable_number().to_owned(), show(FieldClass::IdentityNumber, number))),
    );
    used.extend(
        values
            .birth
            .iter()
            .map(|birth| (t.value_birth().to_owned(), show(FieldClass::Birth, &birth.to_string()))),
    );
    used.extend(
        values
            .sex
            .iter()
            .map(|sex| (t.value_sex().to_owned(), Masked::Full(persons::sex_says(t, *sex).to_owned()))),
    );
    used.extend(
        values
            .phones
            .iter()
            .map(|phone| (t.value_phone().to_owned(), show(FieldClass::Phone, phone.as_str()))),
    );
    for place in &values.places {
        let area = place.area.map(|area| ctx.app.areas.name_of(&area)).unwrap_or_default();
        let address = place.address.as_deref().map(|address| show(FieldClass::Address, address));
        let value = match address {
            Some(Masked::Full(address)) if !area.is_empty() => Masked::Full(format!("{address}（{area}）")),
            Some(address) => address,
            None => Masked::Full(area),
        };
        used.push((place_label(t, place.kind).to_owned(), value));
    }
    for guardian in &values.guardians {
        let label = persons::kinship_says(t, &guardian.kind);
        used.extend(guardian.name.iter().map(|name| (label.clone(), show(FieldClass::Name, name))));
        used.extend(
            guardian
                .phones
                .iter()
                .map(|phone| (t.value_phone_of(&label), show(FieldClass::Phone, phone.as_str()))),
        );
    }
    let sees_circumstances = cells::sees_circumstances(&ctx.app.roles, &ctx.actor);
    let plain = |label: &str, text: &Option<String>| {
        text.clone().map(|text| {
            let shown = if sees_circumstances { Masked::Full(text) } else { Masked::Withheld };
            (label.to_owned(), shown)
        })
    };
    used.extend(plain(t.value_school(), &values.school));
    used.extend(plain(t.value_class(), &values.class));
    let role = values.household.as_ref().and_then(|household| household.role.clone());
    used.extend(plain(t.value_household_role(), &role));
    used
}

/// The word for a kind of place.
pub(crate) fn place_label(t: Texts, kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Present => t.value_place_present(),
        PlaceKind::School => t.value_place_school(),
        PlaceKind::Registration => t.value_place_registration(),
    }
}

fn indicator_row(ctx: &Ctx, feed: &Feed, indicator: super::Indicator) -> IndicatorRow {
    let rule = feed.indicators.iter().find(|rule| rule.kind == indicator.kind);
    IndicatorRow {
        label: rule.map_or(indicator.kind.clone(), |rule| ctx.says(&rule.label).to_owned()),
        day: indicator.day.map(web::show::full_day).unwrap_or_default(),
        amount: indicator.amount.map(web::show::number).unwrap_or_default(),
    }
}

fn person_box(ctx: &Ctx, read: &Read, seen: &Seen) -> Result<Option<PersonBox>, WebError> {
    let t = Texts(ctx.language);
    let Some(person) = &seen.person else { return Ok(None) };
    Ok(Some(PersonBox {
        name: persons::title(&person.master(read.keys())?),
        ground: links::ground_says(t, seen.ground.unwrap_or(Ground::First)).to_owned(),
        offers: ctx.offers_at(persons::PERSON_PLACE, person.id.0),
        links_href: ctx.may("decide", "review").then(|| persons::links_address(person.id)),
    }))
}

/// The versions of the row that are published, the newest first.
async fn versions(ctx: &Ctx, read: &Read, row: &SourceRow) -> Result<Vec<VersionRow>, WebError> {
    let t = Texts(ctx.language);
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    let all = sea_orm::sea_query::Condition::all();
    let versions = repo::versions(connection, horizon, row, all, VERSIONS_SHOWN).await?;
    let mut rows = Vec::new();
    for version in versions {
        let delivery = deliveries::repo::delivery(connection, version.delivery).await?;
        rows.push(VersionRow {
            href: (version.id != row.id).then(|| format!("/rows/{}", version.id.0)),
            when: web::show::full(delivery.received_at),
            state: state(t, version.ended.map(|(_, ended)| ended)),
        });
    }
    Ok(rows)
}
