//! The reader's own page: post, how much is in hand, what this phone has sent and what still waits, language, log-out.

use askama::Template;
use axum::Extension;
use matters::Matters;
use web::{Ctx, PageResult, Shell};

use super::{Texts, notices, today};

#[derive(Template)]
#[template(path = "phone/templates/me.html")]
struct MePage {
    shell: Shell,
    t: Texts,
    area: String,
    open: usize,
    late: usize,
    unread: u64,
}

/// The page.
pub(crate) async fn show(ctx: Ctx, Extension(matters): Extension<Matters>) -> PageResult {
    let read = ctx.read().await?;
    let mine = today::mine(&ctx, &matters, &read).await?;
    let unread = notices::unread(&ctx, &read).await?;
    drop(read);
    let t = Texts(ctx.language);
    let page = MePage {
        shell: ctx.shell("/m", t.me_title()).await?,
        t,
        area: ctx.app.areas.name_of(&ctx.actor.area),
        open: mine.matters.len(),
        late: mine.matters.iter().filter(|matter| matter.is_late(ctx.now)).count(),
        unread,
    };
    web::page(&page)
}
