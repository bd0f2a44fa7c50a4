//! `/admin/journal/readings`: who has read of one person. The person is named by the number of a matter, by an identity
//! number or by the address of a file, in the body of a form and never in an address. Each look-up is on record, and of
//! the person no more is shown than on any list.

use std::collections::HashMap;

use access::{FILE_READ, FieldClass, Masked, posts};
use askama::Template;
use base::{IdentityDocument, MatterId, PersonId, PostId};
use matters::matter::{numbers_of, subject_of, subject_of_number};
use people::persons::{self, Number, Person};
use sea_orm::Condition;
use serde::Deserialize;
use serde_json::{Value, json};
use store::journal::{self, Entry, Filter, Place};
use store::{Event, Read};
use uuid::Uuid;
use web::components::{EmptyState, Pager};
use web::{
    Ctx, Form, FromForm, PageResult, Path, Query, Reader, Rule, Shell, WebError, operation_number, show,
};

use super::pages::{Around, Wanted, number_of, page, who_of};
use crate::Texts;
use crate::section::{self, ROWS, Section, address};

/// Who may ask who has read of a person.
pub(super) const ASK: Rule = Rule::May(&[("read", "reading")]);
/// Characters of what names a person: an address at most.
const NAMED_AT_MOST: usize = 200;

#[derive(Template)]
#[template(path = "journal/templates/readings.html")]
struct Readings {
    shell: Shell,
    t: Texts,
    name: Masked,
    number: Option<Masked>,
    area: String,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
}

/// One reading.
struct Row {
    number: String,
    at: String,
    who: String,
    post: String,
    purpose: &'static str,
    part: &'static str,
    matter: String,
    operation: String,
}

/// What the form says.
pub(super) struct Asked {
    whose: String,
}

impl FromForm for Asked {
    fn read(form: &mut Reader) -> Option<Self> {
        Some(Self { whose: form.text("whose", NAMED_AT_MOST)? })
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asking {
    before: Option<String>,
}

/// Finds out who is meant, puts it on record, and leads to the list.
pub(super) async fn find(ctx: Ctx, form: Form<Asked>) -> PageResult {
    let Form { input, mut typed } = form;
    if let Some(Asked { whose }) = input {
        let read = ctx.read().await?;
        let (named_by, found) = named(&read, &whose).await?;
        drop(read);
        // What was typed stays out of the record: that somebody was looked for, and whom it found, is enough.
        let event = Event {
            kind: "admin.readings_searched",
            subject: found,
            after: json!({ "named_by": named_by, "found": found.is_some() }),
            ..Event::default()
        };
        // Not `ctx.write`: what was not found may be typed again into the same form.
        let write = ctx.app.database.write(ctx.operation_named("admin.search_readings")).await?;
        write.record(event).await?;
        write.save().await?;
        if let Some(person) = found {
            return Ok(web::see_other(&format!("/admin/journal/readings/{person}")));
        }
        typed.add_fault("whose", Texts(ctx.language).readings_nobody());
    }
    let around = Around { asked: Some(typed), ..Around::default() };
    web::unprocessable(&page(&ctx, Wanted::default(), around).await?)
}

/// The person that a text names, and by what it does.
async fn named(read: &Read, text: &str) -> Result<(&'static str, Option<PersonId>), WebError> {
    let text = text.trim();
    let connection = read.connection();
    if let Some(id) = text.split(['/', '?', '#']).find_map(|part| part.parse::<Uuid>().ok()) {
        let person = persons::repo::ids_of(connection, PersonId(id)).await?.first().copied();
        let person = match person {
            None => subject_of(connection, MatterId(id)).await?,
            found => found,
        };
        return Ok(("address", person));
    }
    if let Some(person) = subject_of_number(connection, &text.to_uppercase()).await? {
        return Ok(("matter", Some(person)));
    }
    match IdentityDocument::read(text) {
        Ok(document) => {
            let number = Number::of(read.keys(), &document);
            let owner = persons::repo::owners(connection, &[number]).await?.remove(&number.digest);
            Ok(("identity_number", owner))
        }
        Err(_) => Ok(("matter", None)),
    }
}

/// The list. Opening it is on record before it is shown.
pub(super) async fn show(ctx: Ctx, Path(id): Path<PersonId>, Query(asking): Query<Asking>) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let ids = persons::repo::ids_of(read.connection(), id).await?;
    let present = ids.get(..1).unwrap_or_default();
    let person = persons::repo::by_ids(read.connection(), present, Condition::all()).await?.pop();
    let person = person.filter(|person| section::is_in_reach(&ctx.actor, &person.area));
    let person = person.ok_or(WebError::NotFound)?;
    let before: Option<Place> = asking.before.as_deref().and_then(|text| text.parse().ok());
    let filter = Filter { subjects: ids, kinds: vec![FILE_READ.to_owned()], ..Filter::default() };
    let mut found = journal::newest(&read, &filter, before, ROWS + 1).await?;
    let more = found.len() as u64 > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let rows = rows(&ctx, &read, &found).await?;
    let area = section::areas(&ctx, &read).await?.name_of(&person.area);
    let (name, number) = masked(&read, &person)?;
    drop(read);
    let event = Event {
        kind: "admin.readings_listed",
        subject: Some(person.id),
        area: Some(person.area),
        after: json!({ "shown": rows.len() }),
        ..Event::default()
    };
    let write = ctx.app.database.write(ctx.operation_named("admin.list_readings")).await?;
    write.record(event).await?;
    write.save().await?;
    let own = format!("/admin/journal/readings/{id}");
    let next = found.last().filter(|_| more);
    let next = next.map(|last| address(&own, &[("before", Place::of(last).to_string())]));
    web::page(&Readings {
        shell: Section::Journal.shell(&ctx, t.readings_title()).await?.on_record(),
        t,
        name,
        number,
        area,
        pager: Pager::uncounted(rows.len(), before.map(|_| own), next, ctx.language),
        rows,
        empty: EmptyState {
            icon: "eye-off",
            title: t.readings_empty().to_owned(),
            detail: t.readings_empty_detail().to_owned(),
            link: None,
        },
    })
}

/// Who the person is, as on lists.
fn masked(read: &Read, person: &Person) -> Result<(Masked, Option<Masked>), WebError> {
    let master = person.master(read.keys())?;
    let number = master.document.as_ref().map(|document| document.value.number());
    Ok((persons::title(&master), number.map(|number| Masked::on_list(FieldClass::IdentityNumber, number))))
}

async fn rows(ctx: &Ctx, read: &Read, found: &[Entry]) -> Result<Vec<Row>, WebError> {
    let t = Texts(ctx.language);
    let connection = read.connection();
    let names = section::account_names(read, found.iter().filter_map(|entry| entry.actor.account)).await?;
    let tree = section::areas(ctx, read).await?;
    let mut ids: Vec<PostId> = found.iter().filter_map(|entry| entry.actor.post).collect();
    ids.sort_unstable();
    ids.dedup();
    let posts = posts::by_ids(connection, &ids).await?;
    let posts: HashMap<PostId, String> =
        posts.iter().map(|post| (post.id, section::post_name(ctx, &tree, post))).collect();
    let matters: Vec<MatterId> = found.iter().filter_map(|entry| entry.matter).collect();
    let matters = numbers_of(connection, &matters).await?;
    let row = |entry: &Entry| {
        let after = entry.payload.as_ref().map_or(&Value::Null, |payload| &payload.after);
        let word = |name: &str| after.get(name).and_then(Value::as_str).unwrap_or_default();
        Row {
            number: number_of(t, entry),
            at: show::full(entry.at),
            who: who_of(t, &names, entry),
            post: entry.actor.post.and_then(|post| posts.get(&post).cloned()).unwrap_or_default(),
            purpose: purpose(t, word("purpose")),
            part: part(t, word("part")),
            matter: entry.matter.and_then(|matter| matters.get(&matter).cloned()).unwrap_or_default(),
            operation: operation_number(entry.operation),
        }
    };
    Ok(found.iter().map(row).collect())
}

/// What somebody read for, in words.
fn purpose(t: Texts, key: &str) -> &'static str {
    match key {
        "file" => t.reading_for_file(),
        "links" => t.reading_for_links(),
        "origin" => t.reading_for_origin(),
        "review" => t.reading_for_review(),
        "check" => t.reading_for_check(),
        "assess" => t.reading_for_assess(),
        "referral" => t.reading_for_referral(),
        "visit" => t.reading_for_visit(),
        "call" => t.reading_for_call(),
        "full_name" => t.reading_for_name(),
        "audit" => t.reading_for_audit(),
        _ => t.reading_for_work(),
    }
}

/// Which page or part was read, in words.
fn part(t: Texts, key: &str) -> &'static str {
    match key {
        "file" => t.reading_of_file(),
        "card" => t.reading_of_card(),
        "source_row" => t.reading_of_row(),
        "form" => t.reading_of_form(),
        "answers" => t.reading_of_answers(),
        "phone" => t.reading_of_phone(),
        "address" => t.reading_of_address(),
        "name" => t.reading_of_name(),
        "photo" | "attachment" | "picture" => t.reading_of_picture(),
        _ => t.reading_of_matter(),
    }
}
