//! `/inbox`: what somebody has to look at, soonest first, and dispatching many at once.

use askama::Template;
use axum::Extension;
use base::MatterId;
use people::{People, persons};
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use web::components::{Alert, Tone};
use web::{Ctx, Form, FromForm, PageResult, Pages, Reader, Rule, Shell, WebError, Worded as _};
use workflow::{Holder, Kind};

use super::filter::Sought;
use super::listing::{self, Ask, Listing, Searched, address};
use super::{Filter, PAGE_AT_MOST, Standing, Texts, Whose, notice_pages};
use crate::{Acting, MatterError, Matters};

/// Matters dispatched by one form at most.
const DISPATCHED_AT_MOST: usize = 400;

/// Who may look into an inbox at all.
pub(crate) const READERS: Rule = Rule::MayAnyMatter(&["read"]);
/// Who may dispatch many at once.
const SENDERS: Rule = Rule::MayAnyMatter(&[listing::DISPATCH]);

/// The pages of the inbox and of notices.
pub fn pages() -> Pages {
    Pages::new()
        .get("/inbox", READERS, show)
        .post("/inbox/find", READERS, find)
        .post("/inbox/dispatch", SENDERS, dispatch)
        .get("/notices", READERS, notice_pages::show)
        .post("/notices/read", READERS, notice_pages::mark_read)
}

/// The inbox.
#[derive(Template)]
#[template(path = "inbox/templates/inbox.html")]
struct Inbox {
    shell: Shell,
    t: Texts,
    views: Vec<(String, Vec<View>)>,
    notes: Vec<Alert>,
    listing: Listing,
}

/// A list that is a click away, with its number.
struct View {
    label: String,
    icon: &'static str,
    href: String,
    count: u64,
    is_active: bool,
    class: &'static str,
}

async fn show(ctx: Ctx, Extension(matters): Extension<Matters>) -> PageResult {
    let mut ask =
        Ask { chooses_kind: true, dispatches: ctx.may_any(listing::DISPATCH), ..Ask::of(&ctx, "/inbox") };
    let read = ctx.read().await?;
    // An officer who holds nothing has come to see how the area stands, not an empty table.
    if !ctx.address().contains('?') && holds_nothing(&ctx, &read, &matters).await? {
        ask.filter.whose = near(&ctx);
    }
    let page = inbox(&ctx, &read, &matters, ask).await?;
    drop(read);
    web::page(&page)
}

async fn inbox(ctx: &Ctx, read: &store::Read, matters: &Matters, ask: Ask<'_>) -> Result<Inbox, WebError> {
    let t = Texts(ctx.language);
    let views = views(ctx, read, matters, &ask.filter).await?;
    let listing = Listing::read(ctx, read, matters, ask).await?;
    let shell = ctx
        .shell("/inbox", title(t, &views, listing.filter.whose, is_referred(ctx)))
        .await?
        .as_of(ctx.now)
        .keys([
            (&["J", "K"][..], t.key_move()),
            (&["X"], t.key_tick()),
            (&["Enter"], t.key_open()),
            (&["/"], t.key_find()),
        ]);
    Ok(Inbox { shell, t, views, notes: notes(ctx), listing })
}

/// What is searched for, among the matters of a filter.
struct Finding {
    text: String,
    query: String,
}

/// Characters of a search.
const TEXT_AT_MOST: usize = 64;

impl FromForm for Finding {
    fn read(form: &mut Reader) -> Option<Self> {
        let text = form.optional_text("text", TEXT_AT_MOST);
        let typed = form.typed();
        let pairs = FILTER_FIELDS.into_iter().flat_map(|name| {
            typed.values(name).filter(|value| !value.is_empty()).map(move |value| format!("{name}={value}"))
        });
        let query = pairs.collect::<Vec<_>>().join("&");
        Some(Self { text: text?.unwrap_or_default(), query })
    }
}

/// The fields of a filter that a search keeps.
const FILTER_FIELDS: [&str; 10] = [
    "whose",
    "standing",
    "within",
    "unplaced",
    "kind",
    "stage",
    "severity",
    "outcome",
    "organisation",
    "holder",
];

/// The matters about whom somebody searched for, by name, pinyin, part of a number or phone, or with that number. What was
/// typed is posted and never part of an address, but for the number of a matter; and it is on record before the answer.
async fn find(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Extension(people): Extension<People>,
    form: Form<Finding>,
) -> PageResult {
    let Finding { text, query } = form.input.ok_or(WebError::NotUnderstood("the search cannot be read"))?;
    let filter = Filter::of_query(&query, &ctx.app.areas);
    if text.is_empty() || is_number_of_matter(&text) {
        let number = Some(text).filter(|text| !text.is_empty());
        return Ok(web::see_other(&address("/inbox", &Filter { number, ..filter }.query(), 1)));
    }
    let read = ctx.read().await?;
    let found = if ctx.may("read", "person") && !is_short_number(&text) {
        let found = meant(&ctx, &read, &people, &text).await?;
        let write = ctx.app.database.write(ctx.operation_named("matters.find")).await?;
        persons::record_search(&write, &text, found.found.len()).await?;
        write.save().await?;
        found
    } else {
        persons::Search { found: Vec::new(), is_cut: false }
    };
    let persons = found.found.iter().map(|found| found.person).collect();
    let sought = Sought { persons, number: Some(text.clone()) };
    let search = Searched { text, persons: found.found.len(), is_cut: found.is_cut };
    let ask = Ask {
        filter: Filter { sought: Some(sought), ..filter },
        page: 1,
        chooses_kind: true,
        search: Some(search),
        ..Ask::of(&ctx, "/inbox")
    };
    let page = inbox(&ctx, &read, &matters, ask).await?;
    drop(read);
    web::page(&page)
}

/// Whom a text means: of those whom any matter is about, since of a common name the others would come first; where nobody
/// is among them, of everybody, so that it is said that they are on record and nothing is in hand.
async fn meant(
    ctx: &Ctx,
    read: &store::Read,
    people: &People,
    text: &str,
) -> Result<persons::Search, WebError> {
    let (roles, actor, everybody) = (&ctx.app.roles, &ctx.actor, persons::listing::Filter::default());
    let mut matters = Query::select();
    matters
        .column("id")
        .from("matter")
        .and_where(Expr::col(("matter", "subject_id")).equals(("person", "id")));
    let which = Condition::all().add(Expr::exists(matters));
    let found = persons::search_among(read, people.index(), roles, actor, (&everybody, which), text).await?;
    if !found.found.is_empty() {
        return Ok(found);
    }
    Ok(persons::search(read, people.index(), roles, actor, &everybody, text).await?)
}

/// Whether a text can only be the number of a matter: letters, a dash, digits. Digits alone may be part of a person's.
fn is_number_of_matter(text: &str) -> bool {
    let Some((letters, rest)) = text.split_once('-') else { return false };
    !letters.is_empty()
        && letters.chars().all(|one| one.is_ascii_alphabetic())
        && rest.chars().any(|one| one.is_ascii_digit())
        && rest.chars().all(|one| one.is_ascii_digit() || one == '-')
}

/// Whether a text is part of a person's number, and too short to say whose.
fn is_short_number(text: &str) -> bool {
    text.chars().count() < NUMBER_AT_LEAST && text.chars().all(|one| one.is_ascii_digit())
}

/// Characters of a person's number that are searched for, at least.
const NUMBER_AT_LEAST: usize = 4;

/// What is listed: the view, in words that say whose matters they are; of what was filtered further, that it was.
fn title(t: Texts, views: &Views, whose: Whose, is_referred: bool) -> String {
    for (place, (group, list)) in views.iter().enumerate() {
        if let Some(view) = list.iter().find(|view| view.is_active) {
            let is_inbox = place == 0 && view.label == t.view_mine();
            return if is_inbox { view.label.clone() } else { t.title_view(group, view.label.as_str()) };
        }
    }
    let group = match whose {
        Whose::Mine => t.views_mine(),
        Whose::Referred => t.views_referred(),
        Whose::Area if is_referred => t.view_area(),
        Whose::Area => t.views_area(),
    };
    t.title_view(group, t.view_filtered())
}

async fn holds_nothing(ctx: &Ctx, read: &store::Read, matters: &Matters) -> Result<bool, WebError> {
    let mine = Filter { whose: Whose::Mine, ..Filter::default() };
    Ok(matters.counts(read, &ctx.actor, &mine, ctx.now).await?.all().all == 0)
}

/// What lies beside one's own: what was referred to one's organisation, else the area.
fn near(ctx: &Ctx) -> Whose {
    if is_referred(ctx) { Whose::Referred } else { Whose::Area }
}

/// Whether the reader's organisation is one that matters are handed to.
fn is_referred(ctx: &Ctx) -> bool {
    let mut kinds = ctx.app.programs.all().flat_map(|program| program.workflow.kinds());
    let is_handed_out = |kind: &Kind| {
        let mut runs = kind.stages.values().filter_map(|stage| stage.run.as_ref());
        runs.any(|run| run.holder == Holder::Organisation)
    };
    !ctx.may_any(listing::DISPATCH) && kinds.any(|kind| is_handed_out(kind) && ctx.may("handle", &kind.key))
}

/// What came of a dispatch that led here.
fn notes(ctx: &Ctx) -> Vec<Alert> {
    let t = Texts(ctx.language);
    let query = ctx.address().split_once('?').map(|(_, query)| query).unwrap_or_default();
    let number = |name: &str| -> Option<u64> {
        query.split('&').find_map(|pair| pair.strip_prefix(name)).and_then(|number| number.parse().ok())
    };
    let Some(done) = number("done=") else { return Vec::new() };
    match number("left=").unwrap_or(0) {
        0 if done == 0 => vec![Alert::new(Tone::Medium, t.dispatch_none(), t.dispatch_none_next())],
        0 => vec![Alert::new(Tone::Ok, t.dispatch_done(done), "")],
        left => vec![Alert::new(Tone::Medium, t.dispatch_done(done), t.dispatch_left(left))],
    }
}

type Views = Vec<(String, Vec<View>)>;

/// The views, each with the number of the list that it leads to.
async fn views(
    ctx: &Ctx,
    read: &store::Read,
    matters: &Matters,
    present: &Filter,
) -> Result<Views, WebError> {
    let t = Texts(ctx.language);
    let of = |whose: Whose| Filter { whose, ..Filter::default() };
    let (is_referred, near) = (is_referred(ctx), near(ctx));
    let counts = async |filter: &Filter| matters.counts(read, &ctx.actor, filter, ctx.now).await;
    let (mine, area) = (counts(&of(Whose::Mine)).await?, counts(&of(near)).await?);
    let closed = Filter { standing: Standing::Closed, ..of(Whose::Mine) };
    let done = counts(&closed).await?.all().all;
    let view = |label: &str, icon, filter: Filter, count, class| View {
        label: label.to_owned(),
        icon,
        href: address("/inbox", &filter.query(), 1),
        count,
        is_active: filter == *present,
        class,
    };
    let standing = |whose, standing| Filter { standing, ..of(whose) };
    let (my, our) = (mine.all(), area.all());
    let all_mine = view(t.view_mine(), "inbox", of(Whose::Mine), my.all, "");
    let own = vec![
        // Said outright: without a query, whoever holds nothing is shown the area.
        View { href: format!("/inbox?whose={}", Whose::Mine.word()), ..all_mine },
        view(t.view_soon(), "clock-exclamation", standing(Whose::Mine, Standing::Soon), my.soon, "amb"),
        view(t.view_late(), "alarm", standing(Whose::Mine, Standing::Late), my.late, "red"),
        view(t.view_done(), "checks", closed, done, ""),
    ];
    let mut near_views = vec![view(t.view_area(), "map-pin", of(near), our.all, "")];
    let kinds = matters.programs().all().flat_map(|program| program.workflow.kinds());
    for kind in kinds.filter(|kind| ctx.may(listing::DISPATCH, &kind.key)) {
        for stage in kind.stages.values().filter(|stage| stage.actions.contains_key(listing::DISPATCH)) {
            let (kinds, stages) = (vec![kind.key.clone()], vec![stage.key.clone()]);
            let count = area.of_stage(&kind.key, &stage.key).all;
            let filter = Filter { kinds, stages, ..of(near) };
            near_views.push(view(stage.label.says(ctx.language), "send", filter, count, ""));
        }
    }
    near_views.push(view(t.view_area_late(), "alarm", standing(near, Standing::Late), our.late, "red"));
    near_views.push(view(t.view_area_soon(), "clock", standing(near, Standing::Soon), our.soon, "amb"));
    let paused = standing(near, Standing::Paused);
    near_views.push(view(t.view_area_paused(), "player-pause", paused, our.paused, ""));
    let kinds = matters.programs().all().flat_map(|program| program.workflow.kinds());
    let by_kind = kinds.filter(|kind| ctx.may("read", &kind.key)).map(|kind| {
        let filter = Filter { kinds: vec![kind.key.clone()], ..of(near) };
        view(kind.label.says(ctx.language), "folder", filter, area.of_kind(&kind.key).all, "")
    });
    let near_title = if is_referred { t.views_referred() } else { t.views_area() };
    Ok(vec![
        (t.views_mine().to_owned(), own),
        (near_title.to_owned(), near_views),
        (t.views_kind().to_owned(), by_kind.collect()),
    ])
}

/// Which matters are to be dispatched: those that were ticked, else all of the filter.
struct Dispatching {
    query: String,
    chosen: Vec<MatterId>,
    is_all: bool,
    expected: u64,
}

impl FromForm for Dispatching {
    fn read(form: &mut Reader) -> Option<Self> {
        let query = form.optional_text("query", 2_000);
        let chosen = form.all_parsed("id", |text| text.parse().ok());
        let expected = form.parsed("expected", |text| text.parse().ok());
        let is_all = form.typed().value("which") == "all";
        Some(Self { query: query?.unwrap_or_default(), chosen: chosen?, is_all, expected: expected? })
    }
}

/// Dispatches by place. A matter that somebody moved on in the meantime is left as it is, and that is said.
async fn dispatch(ctx: Ctx, Extension(matters): Extension<Matters>, form: Form<Dispatching>) -> PageResult {
    let input = form.input.ok_or(WebError::NotUnderstood("the form does not say what to dispatch"))?;
    let filter = listing::waiting(&matters, &Filter::of_query(&input.query, &ctx.app.areas));
    let found = found(&ctx, &matters, &filter, &input).await?;
    let asked = if input.is_all { input.expected } else { found.len() as u64 };
    let write = ctx.write("matters.dispatch_many").await?;
    let mut done = 0_u64;
    for (id, version) in found {
        let (_, token) = matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await?;
        let acting = Acting { action: listing::DISPATCH, answers: None, reason: None, holder: None, version };
        match matters.act(&write, &ctx.actor, &token, &acting).await {
            Ok(_) => done += 1,
            Err(MatterError::Conflict(_) | MatterError::Refused(_) | MatterError::NobodyToHold) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let shown = Filter { stages: Vec::new(), kinds: Vec::new(), ..filter };
    let query = format!("{}&done={done}&left={}", shown.query(), asked.saturating_sub(done));
    ctx.save(write, &format!("/inbox?{}", query.trim_start_matches('&'))).await
}

/// The matters to dispatch with their versions, read page by page.
async fn found(
    ctx: &Ctx,
    matters: &Matters,
    filter: &Filter,
    input: &Dispatching,
) -> Result<Vec<(MatterId, i32)>, WebError> {
    let read = ctx.read().await?;
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = matters.inbox(&read, &ctx.actor, filter, ctx.now, after, PAGE_AT_MOST).await?;
        let wanted = page.rows.iter().map(|row| (row.matter.id, row.matter.version));
        found.extend(wanted.filter(|(id, _)| input.is_all || input.chosen.contains(id)));
        after = page.next;
        if after.is_none() || found.len() >= DISPATCHED_AT_MOST {
            break;
        }
    }
    found.truncate(DISPATCHED_AT_MOST);
    Ok(found)
}
