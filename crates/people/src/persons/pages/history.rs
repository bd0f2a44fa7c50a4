//! `/persons/{id}/links`: the rows that make up a person, on what each link stands, and what people decided about them;
//! rows are parted from the person here, and decisions taken back.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use access::{FieldClass, Masked, Reading, look_up};
use askama::Template;
use base::{Label, PersonId, SourceRowId};
use sea_orm::ConnectionTrait;
use store::Read;
use uuid::Uuid;
use web::components::{Badge, Tone};
use web::{Ctx, Form, FromForm, Offered, PageResult, Path, Reader, Shell, Typed, WebError};

use super::{PERSON_PLACE, links_address};
use crate::deliveries::Horizon;
use crate::links::decisions::{self, DecisionKind, Made};
use crate::links::{self, DecisionError, Ground};
use crate::persons::{self, Person, PersonThing, repo};
use crate::rows::{self, EndedAs};
use crate::{Texts, deliveries};

/// Rows of a person that are listed.
const ROWS_SHOWN: usize = 200;
/// Characters of a note, at least and at most.
const NOTE_AT_LEAST: usize = 4;
/// See [`NOTE_AT_LEAST`].
const NOTE_AT_MOST: usize = 500;

#[derive(Template)]
#[template(path = "persons/templates/history.html")]
struct HistoryPage {
    shell: Shell,
    t: Texts,
    name: Masked,
    about: String,
    offers: Vec<Offered>,
    rows: Vec<LinkRow>,
    decisions: Vec<DecisionRow>,
    action: String,
    form: Typed,
}

struct LinkRow {
    id: String,
    href: String,
    source: String,
    when: String,
    name: Masked,
    number: Option<Masked>,
    ground: &'static str,
    state: Badge,
    is_present: bool,
    is_chosen: bool,
}

struct DecisionRow {
    what: String,
    who: String,
    when: String,
    note: String,
    undone: Option<String>,
    undo: String,
}

/// The page.
pub(super) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let read = ctx.read().await?;
    let current = repo::resolve(read.connection(), PersonId(id)).await?;
    drop(read);
    if current.0 != id {
        // Found to be somebody else: everything went there.
        return Ok(web::see_other(&links_address(current)));
    }
    let typed = ctx.typed(&split_address(current));
    web::page(&page(&ctx, current, typed).await?)
}

fn split_address(id: PersonId) -> String {
    format!("/persons/{}/split", id.0)
}

/// The person `id`, if the actor decides about them.
async fn person(ctx: &Ctx, connection: &impl ConnectionTrait, id: PersonId) -> Result<Person, WebError> {
    let scope = ctx.app.roles.scope(&ctx.actor, "decide", "review");
    look_up::<PersonThing>(connection, &scope, id.0).await?;
    let horizon = Horizon::read(connection).await?;
    repo::by_ids(connection, &[id], horizon.sees("person")).await?.pop().ok_or(WebError::NotFound)
}

async fn page(ctx: &Ctx, id: PersonId, form: Typed) -> Result<HistoryPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let person = person(ctx, read.connection(), id).await?;
    let master = person.master(read.keys())?;
    let rows = link_rows(ctx, &read, id, &form).await?;
    let made = decisions::history(read.connection(), read.keys(), id).await?;
    let decisions = decision_rows(ctx, &read, id, made).await?;
    drop(read);
    let reading =
        Reading { subject: id, matter: None, area: Some(person.area), purpose: "links", part: "card" };
    let write = ctx.app.database.write(ctx.operation_named("people.read_links")).await?;
    access::read_record(write, reading).await?;
    let name = master.name.as_ref().map(|name| name.value.as_str()).unwrap_or_default();
    Ok(HistoryPage {
        shell: ctx.shell("/review", t.history_title()).await?.on_record(),
        t,
        name: ctx.app.roles.show(&ctx.actor, FieldClass::Name, name),
        about: persons::about(t, &person, ctx.today()),
        offers: ctx.offers_at(PERSON_PLACE, id.0),
        rows,
        decisions,
        action: split_address(id),
        form,
    })
}

async fn link_rows(ctx: &Ctx, read: &Read, id: PersonId, form: &Typed) -> Result<Vec<LinkRow>, WebError> {
    let t = Texts(ctx.language);
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    let mut all = links::repo::rows_of(connection, &[id]).await?.remove(&id).unwrap_or_default();
    all.retain(|row| row.number <= horizon.0);
    all.truncate(ROWS_SHOWN);
    let ids: Vec<SourceRowId> = all.iter().map(|row| row.id).collect();
    let grounds = links::repo::of_rows(connection, &ids).await?;
    let feeds = deliveries::repo::feed_keys(connection).await?;
    let mut received: HashMap<base::DeliveryId, String> = HashMap::new();
    for row in &all {
        if let Entry::Vacant(entry) = received.entry(row.delivery) {
            let delivery = deliveries::repo::delivery(connection, row.delivery).await?;
            entry.insert(web::show::full_day(delivery.received_at.day()));
        }
    }
    all.iter()
        .map(|row| {
            let values = rows::repo::open(read.keys(), row)?.values;
            let key = feeds.get(&row.feed_id).map_or("", String::as_str);
            let feed = ctx.app.programs.feed(key).map_or(key, |feed| ctx.says(&feed.label));
            let show = |class, text: &str| ctx.app.roles.show(&ctx.actor, class, text);
            let ground = grounds.get(&row.id).map_or(Ground::First, |link| link.ground);
            let is_present = repo::is_seen(row, horizon);
            let row_id = row.id.0.to_string();
            Ok(LinkRow {
                href: format!("/rows/{row_id}"),
                source: t.history_source(feed, row.place),
                when: received.get(&row.delivery).cloned().unwrap_or_default(),
                name: show(FieldClass::Name, values.name.as_deref().unwrap_or_default()),
                number: values.document.map(|number| show(FieldClass::IdentityNumber, number.number())),
                ground: links::ground_says(t, ground),
                state: row_state(t, row.ended.map(|(_, ended)| ended).filter(|_| !is_present)),
                is_present,
                is_chosen: form.is_chosen("rows", &row_id),
                id: row_id,
            })
        })
        .collect::<Result<_, store::StoreError>>()
        .map_err(Into::into)
}

fn row_state(t: Texts, ended: Option<EndedAs>) -> Badge {
    match ended {
        None => Badge::new(Tone::Ok, "circle-check", t.row_present()),
        Some(EndedAs::Superseded) => Badge::new(Tone::Low, "history", t.row_superseded()),
        Some(EndedAs::Gone) => Badge::new(Tone::High, "archive", t.row_gone()),
    }
}

async fn decision_rows(
    ctx: &Ctx,
    read: &Read,
    id: PersonId,
    made: Vec<Made>,
) -> Result<Vec<DecisionRow>, WebError> {
    let t = Texts(ctx.language);
    let accounts: Vec<_> = made.iter().filter_map(|made| made.account).collect();
    let names = access::accounts::names(read, &accounts).await?;
    Ok(made
        .into_iter()
        .map(|made| DecisionRow {
            what: match made.kind {
                DecisionKind::Merge => t.history_merged(made.moved),
                DecisionKind::Split if made.person == id => t.history_split_from(made.moved),
                DecisionKind::Split => t.history_split(made.moved),
                DecisionKind::Apart => t.history_apart().to_owned(),
            },
            who: made
                .account
                .and_then(|account| names.get(&account).cloned())
                .unwrap_or_else(|| t.feeds_by_command().to_owned()),
            when: web::show::full(made.at),
            note: made.note,
            undone: made.undone_at.map(|at| t.history_undone(web::show::full(at))),
            undo: format!("/decisions/{}/undo", made.id),
        })
        .collect())
}

/// The rows that are to become somebody else's.
pub(super) struct Splitting {
    rows: Vec<SourceRowId>,
    note: String,
}

impl FromForm for Splitting {
    fn read(form: &mut Reader) -> Option<Self> {
        let rows = form.all_parsed("rows", |text| text.parse::<Uuid>().ok().map(SourceRowId));
        let note = form.reason("note", NOTE_AT_LEAST, NOTE_AT_MOST);
        let rows = match rows {
            Some(rows) if rows.is_empty() => form.fault(
                "rows",
                &Label {
                    zh: "请勾选要拆出的行。".to_owned(),
                    en: "Tick the rows that are somebody else's.".to_owned(),
                },
            ),
            rows => rows,
        };
        Some(Self { rows: rows?, note: note? })
    }
}

/// Parts rows from a person: they become somebody new.
pub(super) async fn split(ctx: Ctx, Path(id): Path<Uuid>, form: Form<Splitting>) -> PageResult {
    let id = PersonId(id);
    let Form { input, mut typed } = form;
    let Some(input) = input else { return web::unprocessable(&page(&ctx, id, typed).await?) };
    let write = ctx.write("people.split_person").await?;
    person(&ctx, write.connection(), id).await?;
    match decisions::split(&write, id, &input.rows, &input.note, ctx.app.areas.city()).await {
        Ok(_) => ctx.save_saying(write, &links_address(id), Texts(ctx.language).said_split()).await,
        Err(DecisionError::NotTheirs) => {
            drop(write);
            typed.add_fault("rows", Texts(ctx.language).history_not_all());
            web::unprocessable(&page(&ctx, id, typed).await?)
        }
        Err(DecisionError::Overtaken) => Err(WebError::Conflict),
        Err(DecisionError::Store(error)) => Err(error.into()),
    }
}
