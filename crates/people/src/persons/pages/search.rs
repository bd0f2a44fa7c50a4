//! `/search`: people by name, pinyin, part of a number or phone. The words are posted, never part of an address, and the
//! search is on record before its answer is shown.

use access::Masked;
use askama::Template;
use axum::Extension;
use web::components::{Alert, EmptyState, Tone};
use web::{Ctx, Form, FromForm, Offered, PageResult, Reader, Shell};

use super::{PERSON_PLACE, links_address};
use crate::persons::{self, record_search};
use crate::{People, Texts};

/// Characters of a search.
const TEXT_AT_MOST: usize = 64;
/// Characters of a number that are searched for, at least.
const NUMBER_AT_LEAST: usize = 4;

#[derive(Template)]
#[template(path = "persons/templates/search.html")]
struct SearchPage {
    shell: Shell,
    t: Texts,
    text: String,
    rows: Vec<FoundRow>,
    is_cut: bool,
    is_asked: bool,
    problem: Option<Alert>,
    empty: EmptyState,
}

struct FoundRow {
    name: Masked,
    number: Option<Masked>,
    about: String,
    area: String,
    offers: Vec<Offered>,
    links_href: Option<String>,
}

pub(super) struct Search {
    text: String,
}

impl FromForm for Search {
    fn read(form: &mut Reader) -> Option<Self> {
        Some(Self { text: form.text("text", TEXT_AT_MOST)? })
    }
}

/// The page before anything is searched for.
pub(super) async fn form(ctx: Ctx) -> PageResult {
    web::page(&page(&ctx, "", None, None).await?)
}

/// Searches.
pub(super) async fn find(ctx: Ctx, Extension(people): Extension<People>, form: Form<Search>) -> PageResult {
    let t = Texts(ctx.language);
    let Some(Search { text }) = form.input else {
        let fault = form.typed.fault_of("text").unwrap_or_default().to_owned();
        let problem = Alert::new(Tone::Medium, t.search_problem(), fault);
        return web::unprocessable(&page(&ctx, form.typed.value("text"), None, Some(problem)).await?);
    };
    if is_short_number(&text) {
        let problem = Alert::new(Tone::Medium, t.search_problem(), t.search_short(NUMBER_AT_LEAST));
        return web::unprocessable(&page(&ctx, &text, None, Some(problem)).await?);
    }
    let read = ctx.read().await?;
    let everybody = persons::listing::Filter::default();
    let found = persons::search(&read, people.index(), &ctx.app.roles, &ctx.actor, &everybody, &text).await?;
    drop(read);
    let write = ctx.app.database.write(ctx.operation_named("people.search")).await?;
    record_search(&write, &text, found.found.len()).await?;
    write.save().await?;
    web::page(&page(&ctx, &text, Some(found), None).await?)
}

/// Whether a text is part of a number, and too short to say whose.
fn is_short_number(text: &str) -> bool {
    let count = text.chars().count();
    count < NUMBER_AT_LEAST && count > 0 && text.chars().all(|character| character.is_ascii_digit())
}

async fn page(
    ctx: &Ctx,
    text: &str,
    found: Option<persons::Search>,
    problem: Option<Alert>,
) -> Result<SearchPage, web::WebError> {
    let t = Texts(ctx.language);
    let mut shell = ctx.shell("/search", t.search_title()).await?;
    text.clone_into(&mut shell.searched);
    let is_asked = found.is_some();
    let (found, is_cut) = found.map(|search| (search.found, search.is_cut)).unwrap_or_default();
    let may_decide = ctx.may("decide", "review");
    let (title, detail) = match (is_asked, is_cut) {
        (false, _) => (t.search_how(), t.search_how_next()),
        // Those who come first are other people's; whoever is looked for may stand behind them.
        (true, true) => (t.search_too_many(), t.search_nobody_next()),
        (true, false) => (t.search_nobody(), t.search_nobody_next()),
    };
    Ok(SearchPage {
        shell: if is_asked { shell.on_record() } else { shell },
        t,
        text: text.to_owned(),
        is_cut,
        is_asked,
        rows: found
            .into_iter()
            .map(|found| FoundRow {
                about: persons::says::about_of(t, found.sex, found.birth_month, ctx.today()),
                area: ctx.app.areas.name_of(&found.area),
                offers: ctx.offers_at(PERSON_PLACE, found.person.0),
                links_href: may_decide.then(|| links_address(found.person)),
                name: found.name,
                number: found.number,
            })
            .collect(),
        problem,
        empty: EmptyState { icon: "search", title: title.to_owned(), detail: detail.to_owned(), link: None },
    })
}
