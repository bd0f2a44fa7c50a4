//! `/admin/journal`.

use std::collections::HashMap;

use askama::Template;
use base::{AccountId, Day, OperationId, read_day};
use serde::Deserialize;
use store::journal::{self, Entry, Filter, Head, Place};
use store::{Event, Read};
use uuid::Uuid;
use web::components::{Alert, EmptyState, Pager, Tabs, Tone};
use web::{
    Ctx, Form, FromForm, PageResult, Pages, Query, Reader, Rule, Shell, Typed, WebError, operation_number,
    show,
};

use super::readings::{self, ASK};
use super::verify_journal;
use crate::Texts;
use crate::says::both;
use crate::section::{self, ROWS, Section, address};

/// Who may read the journal.
const SEE: Rule = Rule::May(&[("read", "journal")]);
/// Entries that are looked through for an operation's number, which is the end of an id and has no index.
const LOOKED_THROUGH_AT_MOST: usize = 20_000;
/// Entries that are read at a time while looking.
const BATCH: u64 = 500;

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new()
        .get("/admin/journal", SEE, list)
        .post("/admin/journal/verify", SEE, verify)
        .post("/admin/journal/readings", ASK, readings::find)
        .get("/admin/journal/readings/{person}", ASK, readings::show)
}

#[derive(Template)]
#[template(path = "journal/templates/list.html")]
pub(super) struct JournalList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    filter: Typed,
    verdict: Option<Alert>,
    /// The form that asks who has read of a person, for whoever may.
    asked: Option<Typed>,
    /// The form in which a head that was kept elsewhere is given.
    kept: Typed,
    head: Option<Head>,
    looked_through: Option<usize>,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
}

/// One entry.
struct Row {
    number: String,
    at: String,
    kind: String,
    event: String,
    who: String,
    about: String,
    /// Who has read of the person, for whoever may ask.
    about_href: Option<String>,
    area: String,
    operation: String,
    operation_name: String,
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    kind: Option<String>,
    operation: Option<String>,
    from: Option<String>,
    until: Option<String>,
    before: Option<String>,
}

/// What stands around the list after a form.
#[derive(Default)]
pub(super) struct Around {
    pub verdict: Option<Alert>,
    pub asked: Option<Typed>,
    pub kept: Option<Typed>,
}

impl Wanted {
    fn day(text: Option<&String>) -> Option<Day> {
        text.and_then(|text| read_day(text).day())
    }

    /// Whether a day was typed that is none.
    fn has_a_bad_day(&self) -> bool {
        [&self.from, &self.until].into_iter().flatten().any(|text| {
            let text = text.trim();
            !text.is_empty() && read_day(text).day().is_none()
        })
    }

    fn filter(&self) -> Filter {
        let kind = self.kind.as_deref().map(str::trim).filter(|kind| !kind.is_empty());
        Filter {
            kinds: kind.map(|kind| vec![kind.to_owned()]).unwrap_or_default(),
            operation: self.operation.as_deref().and_then(|text| text.parse().ok()).map(OperationId),
            from: Self::day(self.from.as_ref()).map(Day::start),
            until: Self::day(self.until.as_ref()).map(|day| day.tomorrow().start()),
            ..Filter::default()
        }
    }

    fn place(&self) -> Option<Place> {
        self.before.as_deref().and_then(|text| text.parse().ok())
    }

    /// The number that was asked for, as it is read out.
    fn number(&self) -> Option<String> {
        let text = self.operation.as_deref()?.trim().to_uppercase();
        let is_number = !text.is_empty() && text.parse::<Uuid>().is_err();
        is_number.then_some(text)
    }

    fn query(&self, before: String) -> String {
        // What was typed goes back into an address as far as it is a key, a number or a day.
        let plain = |text: &Option<String>| {
            let text = text.clone().unwrap_or_default();
            let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
            if is_plain { text } else { String::new() }
        };
        let fields = [
            ("kind", plain(&self.kind)),
            ("operation", plain(&self.operation)),
            ("from", plain(&self.from)),
            ("until", plain(&self.until)),
            ("before", before),
        ];
        address("/admin/journal", &fields)
    }
}

async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    web::page(&page(&ctx, wanted, Around::default()).await?)
}

/// The page, with what was said and typed in its forms.
pub(super) async fn page(ctx: &Ctx, wanted: Wanted, around: Around) -> Result<JournalList, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let limit = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let (mut found, looked_through) = match wanted.number() {
        Some(number) => {
            let (found, looked) =
                of_number(&read, &wanted.filter(), &number, wanted.place(), limit + 1).await?;
            (found, Some(looked))
        }
        None => (journal::newest(&read, &wanted.filter(), wanted.place(), ROWS + 1).await?, None),
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let rows = rows(ctx, &read, &found).await?;
    let head = journal::head(read.connection()).await?;
    drop(read);
    let next = found.last().filter(|_| more).map(|last| wanted.query(Place::of(last).to_string()));
    let first = wanted.place().map(|_| wanted.query(String::new()));
    let typed = |text: &Option<String>| text.clone().unwrap_or_default();
    let filter = [
        ("kind", typed(&wanted.kind)),
        ("operation", typed(&wanted.operation)),
        ("from", typed(&wanted.from)),
        ("until", typed(&wanted.until)),
    ];
    Ok(JournalList {
        shell: Section::Journal.shell(ctx, t.journal_title()).await?,
        t,
        tabs: Section::Journal.tabs(ctx).await?,
        filter: Typed::filled(ctx.language, filter),
        verdict: around.verdict.or_else(|| {
            let bad = wanted.has_a_bad_day();
            bad.then(|| Alert::new(Tone::Medium, t.journal_bad_day(), t.journal_bad_day_next()))
        }),
        asked: ctx.admits(ASK).then(|| around.asked.unwrap_or_else(|| ctx.typed("/admin/journal/readings"))),
        kept: around.kept.unwrap_or_else(|| ctx.typed("/admin/journal/verify")),
        head,
        looked_through,
        pager: Pager::uncounted(rows.len(), first, next, ctx.language),
        rows,
        empty: EmptyState {
            icon: "history",
            title: t.journal_empty().to_owned(),
            detail: t.journal_empty_detail().to_owned(),
            link: None,
        },
    })
}

/// The entries of an operation by its number as it is read out, and how many were looked through.
async fn of_number(
    read: &Read,
    filter: &Filter,
    number: &str,
    mut before: Option<Place>,
    limit: usize,
) -> Result<(Vec<Entry>, usize), WebError> {
    let (mut found, mut looked) = (Vec::new(), 0);
    while looked < LOOKED_THROUGH_AT_MOST && found.len() < limit {
        let page = journal::newest(read, filter, before, BATCH).await?;
        let Some(last) = page.last() else { break };
        before = Some(Place::of(last));
        looked += page.len();
        found.extend(page.into_iter().filter(|entry| operation_number(entry.operation) == number));
    }
    found.truncate(limit);
    Ok((found, looked))
}

/// The number of an entry in the chain, or that it has none yet.
pub(super) fn number_of(t: Texts, entry: &Entry) -> String {
    entry.number.map_or_else(|| t.journal_unnumbered().to_owned(), |number| number.to_string())
}

/// Who did it: somebody by name, or the system.
pub(super) fn who_of(t: Texts, names: &HashMap<AccountId, String>, entry: &Entry) -> String {
    entry.actor.account.map_or_else(
        || t.journal_system().to_owned(),
        |account| names.get(&account).cloned().unwrap_or_default(),
    )
}

async fn rows(ctx: &Ctx, read: &Read, found: &[Entry]) -> Result<Vec<Row>, WebError> {
    let t = Texts(ctx.language);
    let names = section::account_names(read, found.iter().filter_map(|entry| entry.actor.account)).await?;
    let tree = section::areas(ctx, read).await?;
    let may_ask = ctx.admits(ASK);
    let row = |entry: &Entry| {
        let who = who_of(t, &names, entry);
        let about = match (entry.subject, entry.matter) {
            (Some(_), Some(_)) => t.journal_about_both(),
            (Some(_), None) => t.journal_about_person(),
            (None, Some(_)) => t.journal_about_matter(),
            (None, None) => "",
        };
        Row {
            number: number_of(t, entry),
            at: show::full(entry.at),
            kind: entry.kind.clone(),
            event: ctx.word(&entry.kind).to_owned(),
            who,
            about: about.to_owned(),
            about_href: entry
                .subject
                .filter(|_| may_ask)
                .map(|person| format!("/admin/journal/readings/{person}")),
            area: entry.area.map(|area| tree.name_of(&area)).unwrap_or_default(),
            operation: operation_number(entry.operation),
            operation_name: entry.operation_name.clone(),
        }
    };
    Ok(found.iter().map(row).collect())
}

/// A head that was kept elsewhere, if one is given.
pub struct Kept(Option<Head>);

impl FromForm for Kept {
    fn read(form: &mut Reader) -> Option<Self> {
        let Some(text) = form.optional_text("head", 120)? else { return Some(Self(None)) };
        match text.parse() {
            Ok(head) => Some(Self(Some(head))),
            Err(_) => form.fault("head", &both(|t| t.journal_no_head().to_owned())),
        }
    }
}

/// Follows the whole chain and says what came of it; that it was checked is an entry itself.
async fn verify(ctx: Ctx, form: Form<Kept>) -> PageResult {
    let t = Texts(ctx.language);
    let Form { input, typed } = form;
    let Some(Kept(kept)) = input else {
        let around = Around { kept: Some(typed), ..Around::default() };
        return web::unprocessable(&page(&ctx, Wanted::default(), around).await?);
    };
    let read = ctx.read().await?;
    let verdict = verify_journal(&read, ctx.app.machine_now(), kept.as_slice()).await?;
    drop(read);
    let write = ctx.write("admin.verify_journal").await?;
    let after = serde_json::json!({
        "entries": verdict.entries,
        "head": verdict.head.as_ref().map(ToString::to_string),
        "kept": kept.as_ref().map(ToString::to_string),
        "fault": verdict.fault.as_ref().map(ToString::to_string),
    });
    write.record(Event { kind: "admin.journal_verified", after, ..Event::default() }).await?;
    ctx.save(write, "/admin/journal").await?;
    let alert = match verdict.fault {
        None => {
            let head = verdict.head.map(|head| head.to_string()).unwrap_or_default();
            let detail = match kept {
                Some(kept) => t.journal_sound_since(kept.number.unsigned_abs(), head),
                None => t.journal_sound_detail(head),
            };
            Alert::new(Tone::Ok, t.journal_sound(verdict.entries), detail)
        }
        Some(fault) => Alert::new(Tone::Urgent, fault_name(t, &fault), t.journal_fault_detail()),
    };
    let around = Around { verdict: Some(alert), kept: Some(typed), ..Around::default() };
    web::page(&page(&ctx, Wanted::default(), around).await?)
}

fn fault_name(t: Texts, fault: &journal::Fault) -> String {
    match fault {
        journal::Fault::BrokenLink { number } => t.journal_broken(number.unsigned_abs()),
        journal::Fault::MissingNumber { number } => t.journal_missing(number.unsigned_abs()),
        journal::Fault::AlteredPayload { number } => t.journal_altered(number.unsigned_abs()),
        journal::Fault::OtherHead { number } => t.journal_cut(number.unsigned_abs()),
        journal::Fault::CutOff { number } => t.journal_cut_off(number.unsigned_abs()),
        journal::Fault::Emptied { .. } => t.journal_emptied().to_owned(),
        journal::Fault::Unnumbered { count, .. } => t.journal_waiting(*count),
    }
}
