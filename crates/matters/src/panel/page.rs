//! The page of any matter, and where the panel's forms are sent to. A kind of matter with a page of its own is led there,
//! and shows that page again with what could not be taken.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use base::MatterId;
use web::{Ctx, PageResult, Pages, Path, Query, Rule, Shell, see_other};

use super::read::{Ask, Asked, Panel, Seen, look_up, record};
use super::{Texts, pictures, post};
use crate::Matters;

/// Bytes of a form with pictures at most: four as large as one may be (`FILE_BYTES_AT_MOST`), and the words.
const FORM_BYTES_AT_MOST: usize = 65 << 20;

/// Who may ask for a matter at all: whoever reads some kind of matter. Which ones is the scope's to say.
const READERS: Rule = Rule::MayAnyMatter(&["read"]);
/// Who may work on one.
const WORKERS: Rule = Rule::MayAnyMatter(&["handle", "dispatch", "approve"]);

/// The pages of any matter.
pub fn pages() -> Pages {
    Pages::new()
        .get("/matters/{id}", READERS, show)
        .upload("/matters/{id}/act", WORKERS, FORM_BYTES_AT_MOST, post::act)
        .upload("/matters/{id}/draft", WORKERS, FORM_BYTES_AT_MOST, post::draft)
        .post("/matters/{id}/pause", WORKERS, post::pause)
        .post("/matters/{id}/resume", WORKERS, post::resume)
        .post("/matters/{id}/assign", WORKERS, post::assign)
        .post("/matters/{id}/refer", WORKERS, post::refer)
        .upload("/matters/{id}/attach", WORKERS, FORM_BYTES_AT_MOST, pictures::attach)
        .get("/matters/{id}/attachments/{attachment}", READERS, pictures::whole)
        .get("/matters/{id}/attachments/{attachment}/small", READERS, pictures::small)
}

/// The page of any matter.
#[derive(Template)]
#[template(path = "panel/templates/matter.html")]
struct MatterPage {
    shell: Shell,
    t: Texts,
    panel: Panel,
    back: String,
}

async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let seen = look_up(&ctx, &matters, id).await?;
    let own = matters.path_for(&ctx, &seen.matter);
    if !own.starts_with("/matters/") {
        // The query may name the action, or what was typed before a session ended.
        let query = ctx.address().split_once('?').map(|(_, query)| format!("?{query}"));
        return Ok(see_other(&format!("{own}{}", query.unwrap_or_default())));
    }
    answer(&ctx, &matters, seen, Ask::of(&asked), StatusCode::OK).await
}

/// The page of a matter, with `status`: that of its kind where there is one, else the page of any matter.
pub(super) async fn answer(
    ctx: &Ctx,
    matters: &Matters,
    seen: Seen,
    ask: Ask<'_>,
    status: StatusCode,
) -> PageResult {
    if let Some(again) = matters.again(&seen.matter) {
        return again(ctx, matters, seen, ask, status).await;
    }
    let panel = Panel::read(ctx, matters, &seen, ask).await?;
    let Seen { read, matter, .. } = seen;
    drop(read);
    record(ctx, &matter, "work").await?;
    // A kind without a page of its own for this reader is found in the inbox.
    let own = matters.path_for(ctx, &matter);
    let section = own.rsplit_once('/').map_or("", |(section, _)| section);
    let section = if section == "/matters" { "/inbox" } else { section }.to_owned();
    let mut shell = ctx.shell(&section, panel.matter.heading().to_owned()).await?;
    shell = shell.at(ctx, &matter.area).rule_version(&matter.program_version);
    if matter.subject.is_some() {
        shell = shell.on_record();
    }
    let page = MatterPage { shell, t: Texts(ctx.language), panel, back: section };
    web::page_with(status, &page)
}
