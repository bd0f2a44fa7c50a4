//! `/admin/journal`.

use askama::Template;
use base::{Day, OperationId, read_day};
use serde::Deserialize;
use store::journal::{self, Entry, Filter};
use store::{Event, Read};
use uuid::Uuid;
use web::components::{Alert, EmptyState, Pager, Tabs, Tone};
use web::{Ctx, Form, PageResult, Pages, Query, Rule, Shell, Typed, WebError, operation_number, show};

use crate::Texts;
use crate::section::{self, ROWS, Section, address};

/// Who may read the journal.
const SEE: Rule = Rule::May(&[("read", "journal")]);
/// Entries that are looked through for an operation's number, which is the end of an id and has no index.
const LOOKED_THROUGH_AT_MOST: usize = 20_000;
/// Entries that are read at a time while looking.
const BATCH: u64 = 500;

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new().get("/admin/journal", SEE, list).post("/admin/journal/verify", SEE, verify)
}

#[derive(Template)]
#[template(path = "journal/templates/list.html")]
struct JournalList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    filter: Typed,
    verdict: Option<Alert>,
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
    area: String,
    operation: String,
    operation_name: String,
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    kind: Option<String>,
    operation: Option<String>,
    from: Option<String>,
    until: Option<String>,
    before: Option<Uuid>,
}

impl Wanted {
    fn day(text: Option<&String>) -> Option<Day> {
        text.and_then(|text| read_day(text).day())
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
    web::page(&page(&ctx, wanted, None).await?)
}

async fn page(ctx: &Ctx, wanted: Wanted, verdict: Option<Alert>) -> Result<JournalList, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let limit = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let (mut found, looked_through) = match wanted.number() {
        Some(number) => {
            let (found, looked) =
                of_number(&read, &wanted.filter(), &number, wanted.before, limit + 1).await?;
            (found, Some(looked))
        }
        None => (journal::list(&read, &wanted.filter(), wanted.before, ROWS + 1).await?, None),
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let rows = rows(ctx, &read, &found).await?;
    drop(read);
    let next = found.last().filter(|_| more).map(|last| wanted.query(last.id.to_string()));
    let first = wanted.before.map(|_| wanted.query(String::new()));
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
        tabs: Section::Journal.tabs(ctx),
        filter: Typed::filled(ctx.language, filter),
        verdict,
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
    mut before: Option<Uuid>,
    limit: usize,
) -> Result<(Vec<Entry>, usize), WebError> {
    let (mut found, mut looked) = (Vec::new(), 0);
    while looked < LOOKED_THROUGH_AT_MOST && found.len() < limit {
        let page = journal::list(read, filter, before, BATCH).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        looked += page.len();
        found.extend(page.into_iter().filter(|entry| operation_number(entry.operation) == number));
    }
    found.truncate(limit);
    Ok((found, looked))
}

async fn rows(ctx: &Ctx, read: &Read, found: &[Entry]) -> Result<Vec<Row>, WebError> {
    let t = Texts(ctx.language);
    let names = section::account_names(read, found.iter().filter_map(|entry| entry.actor.account)).await?;
    let tree = section::areas(ctx, read).await?;
    let row = |entry: &Entry| {
        let who = entry.actor.account.map_or_else(
            || t.journal_system().to_owned(),
            |account| names.get(&account).cloned().unwrap_or_default(),
        );
        let about = match (entry.subject, entry.matter) {
            (Some(_), Some(_)) => t.journal_about_both(),
            (Some(_), None) => t.journal_about_person(),
            (None, Some(_)) => t.journal_about_matter(),
            (None, None) => "",
        };
        Row {
            number: entry
                .number
                .map_or_else(|| t.journal_unnumbered().to_owned(), |number| number.to_string()),
            at: show::full(entry.at),
            kind: entry.kind.clone(),
            event: ctx.word(&entry.kind).to_owned(),
            who,
            about: about.to_owned(),
            area: entry.area.map(|area| tree.name_of(&area)).unwrap_or_default(),
            operation: operation_number(entry.operation),
            operation_name: entry.operation_name.clone(),
        }
    };
    Ok(found.iter().map(row).collect())
}

/// Follows the whole chain and says what came of it; that it was checked is an entry itself.
async fn verify(ctx: Ctx, _: Form<()>) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let verdict = journal::verify(&read, ctx.app.machine_now(), &[]).await?;
    drop(read);
    let write = ctx.write("admin.verify_journal").await?;
    let after = serde_json::json!({
        "entries": verdict.entries,
        "fault": verdict.fault.as_ref().map(ToString::to_string),
    });
    write.record(Event { kind: "admin.journal_verified", after, ..Event::default() }).await?;
    ctx.save(write, "/admin/journal").await?;
    let alert = match verdict.fault {
        None => {
            let head = verdict.head.map(|head| head.hash).unwrap_or_default();
            let head: String = head.chars().take(16).collect();
            Alert::new(Tone::Ok, t.journal_sound(verdict.entries), t.journal_sound_detail(head))
        }
        Some(fault) => Alert::new(Tone::Urgent, fault_name(t, &fault), t.journal_fault_detail()),
    };
    web::page(&page(&ctx, Wanted::default(), Some(alert)).await?)
}

fn fault_name(t: Texts, fault: &journal::Fault) -> String {
    match fault {
        journal::Fault::BrokenLink { number } => t.journal_broken(number.unsigned_abs()),
        journal::Fault::MissingNumber { number } => t.journal_missing(number.unsigned_abs()),
        journal::Fault::AlteredPayload { number } => t.journal_altered(number.unsigned_abs()),
        journal::Fault::OtherHead { number } => t.journal_cut(number.unsigned_abs()),
        journal::Fault::Unnumbered { count, .. } => t.journal_waiting(*count),
    }
}
