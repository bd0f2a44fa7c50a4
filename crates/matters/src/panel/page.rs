//! The page of any matter, and where the panel's forms are sent to. A kind of matter with a page of its own is led there;
//! what cannot be taken is answered here, whatever its kind.

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
const READERS: Rule =
    Rule::May(&[("read", "lead"), ("read", "case"), ("read", "visit"), ("read", "referral")]);
/// Who may work on one.
const WORKERS: Rule = Rule::May(&[
    ("handle", "lead"),
    ("handle", "case"),
    ("handle", "visit"),
    ("handle", "referral"),
    ("dispatch", "lead"),
    ("approve", "case"),
]);

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
    let own = matters.path_of(&seen.matter);
    if !own.starts_with("/matters/") {
        return Ok(see_other(&own));
    }
    answer(&ctx, &matters, seen, Ask::of(&asked), StatusCode::OK).await
}

/// The page of any matter, with `status`.
pub(super) async fn answer(
    ctx: &Ctx,
    matters: &Matters,
    seen: Seen,
    ask: Ask<'_>,
    status: StatusCode,
) -> PageResult {
    let panel = Panel::read(ctx, matters, &seen, ask).await?;
    let Seen { read, matter, .. } = seen;
    drop(read);
    record(ctx, &matter, "work").await?;
    let own = matters.path_of(&matter);
    let section = own.rsplit_once('/').map(|(section, _)| section.to_owned()).unwrap_or_default();
    let mut shell = ctx.shell(&section, panel.matter.words.title.clone()).await?;
    shell = shell.at(ctx, &matter.area).rule_version(&matter.program_version);
    if matter.subject.is_some() {
        shell = shell.on_record();
    }
    let page = MatterPage { shell, t: Texts(ctx.language), panel, back: own };
    web::page_with(status, &page)
}
