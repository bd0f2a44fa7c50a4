//! Notices of the reader's post, newest first; each leads to its matter.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use base::MatterId;
use matters::notices::{self, Notice, NoticeKind, NoticeRow};
use matters::{Matter, Matters};
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Reader, Shell, show as shown};

use super::Texts;
use super::door::wrong;
use super::section::Section;

/// Notices on the page.
const SHOWN: u64 = 40;

struct Row {
    href: String,
    title: String,
    about: String,
    why: String,
    when: String,
    is_unread: bool,
}

#[derive(Template)]
#[template(path = "phone/templates/notices.html")]
struct NoticesPage {
    shell: Shell,
    t: Texts,
    rows: Vec<Row>,
    unread: u64,
    newest: Option<Uuid>,
}

/// The page.
pub(crate) async fn show(ctx: Ctx, Extension(matters): Extension<Matters>) -> PageResult {
    let read = ctx.read().await?;
    let (connection, keys) = (read.connection(), read.keys());
    let all = matters.notices(connection, keys, &ctx.actor, None, SHOWN).await.map_err(wrong)?;
    let unread = unread(&ctx, &read).await?;
    let about: Vec<&Matter> = all.iter().filter_map(|row| row.matter.as_ref()).collect();
    let lines = matters.lines(&ctx, &read, &about).await?;
    drop(read);
    let t = Texts(ctx.language);
    let page = NoticesPage {
        shell: ctx.shell("/m", t.notices_title()).await?,
        t,
        newest: all.first().map(|row| row.notice.id),
        rows: all.iter().map(|one| row(&ctx, &matters, &lines, one)).collect(),
        unread,
    };
    web::page(&page)
}

fn row(ctx: &Ctx, matters: &Matters, lines: &HashMap<MatterId, String>, one: &NoticeRow) -> Row {
    let t = Texts(ctx.language);
    let matter = one.matter.as_ref();
    let section = matter.and_then(|matter| Section::of(&matter.kind));
    Row {
        href: match (section, matter) {
            (Some(section), Some(matter)) => section.href(matter.id),
            // What a phone has no pages for is worked on at the desk: the case that an alert is about.
            (None, Some(matter)) => matters.path_for(ctx, matter),
            (_, None) => "/m".to_owned(),
        },
        title: title(t, one.notice.kind).to_owned(),
        about: matter.map(|matter| format!("{} {}", matter.words.title, matter.number)).unwrap_or_default(),
        why: matter.map(|matter| why(ctx, &one.notice, matter, lines)).unwrap_or_default(),
        when: shown::near(one.notice.at, ctx.now, ctx.language),
        is_unread: one.notice.read_at.is_none(),
    }
}

/// What it is about, and of a danger since when it is known: whoever is told at night must see what it is.
fn why(ctx: &Ctx, notice: &Notice, matter: &Matter, lines: &HashMap<MatterId, String>) -> String {
    let line = lines.get(&matter.id).cloned().unwrap_or_default();
    if notice.kind != NoticeKind::Alert {
        return line;
    }
    let since = Texts(ctx.language).notice_since(shown::near(notice.at, ctx.now, ctx.language));
    [line, since]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(ctx.language.choose("，", ", "))
}

fn title(t: Texts, kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Assigned => t.notice_assigned(),
        NoticeKind::Reminder => t.notice_reminder(),
        NoticeKind::Late => t.notice_late(),
        NoticeKind::Climbed => t.notice_climbed(),
        NoticeKind::StillLate => t.notice_still_late(),
        NoticeKind::Alert => t.notice_alert(),
        NoticeKind::Joined => t.notice_joined(),
        NoticeKind::LateReport => t.notice_late_report(),
        NoticeKind::ReferralMoved => t.notice_referral_moved(),
        NoticeKind::SentBack => t.notice_sent_back(),
        NoticeKind::Approved => t.notice_approved(),
    }
}

/// How many notices of the reader's post are unread, for the tab.
pub(crate) async fn unread(ctx: &Ctx, read: &store::Read) -> Result<u64, web::WebError> {
    match ctx.actor.post {
        Some(post) => notices::unread(read.connection(), post).await.map_err(wrong),
        None => Ok(0),
    }
}

/// The newest notice that was seen.
pub(crate) struct Newest(Uuid);

impl FromForm for Newest {
    fn read(form: &mut Reader) -> Option<Self> {
        form.id("newest").map(Self)
    }
}

/// All that were seen are read.
pub(crate) async fn mark_read(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    sent: Form<Newest>,
) -> PageResult {
    let Some(Newest(newest)) = sent.input else { return Ok(web::see_other("/m/notices")) };
    let write = ctx.write("matters.mark_notices_read").await?;
    matters.mark_notices_read(&write, &ctx.actor, newest).await.map_err(wrong)?;
    ctx.save(write, "/m/notices").await
}
