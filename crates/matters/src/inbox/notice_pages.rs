//! `/notices`: what somebody was told about matters.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use base::MatterId;
use uuid::Uuid;
use web::components::Pager;
use web::{Ctx, Form, FromForm, PageResult, Reader, Shell};

use super::Texts;
use crate::notices::{Notice, NoticeKind, NoticeRow};
use crate::{Matter, Matters};

/// Notices on one page.
const ROWS: u64 = 50;

/// The notices of one's post.
#[derive(Template)]
#[template(path = "inbox/templates/notices.html")]
struct Notices {
    shell: Shell,
    t: Texts,
    rows: Vec<Line>,
    newest: Option<String>,
    unread: u64,
    pager: Pager,
}

/// A notice as a row.
struct Line {
    when: String,
    is_unread: bool,
    icon: &'static str,
    class: &'static str,
    what: &'static str,
    title: String,
    why: String,
    number: String,
    href: Option<String>,
}

pub(super) async fn show(ctx: Ctx, Extension(matters): Extension<Matters>) -> PageResult {
    let t = Texts(ctx.language);
    let query = ctx.address().split_once('?').map(|(_, query)| query).unwrap_or_default();
    let before: Option<Uuid> =
        query.split('&').find_map(|pair| pair.strip_prefix("before=")).and_then(|before| before.parse().ok());
    let read = ctx.read().await?;
    let found = matters.notices(read.connection(), read.keys(), &ctx.actor, before, ROWS + 1).await?;
    let unread = match ctx.actor.post {
        Some(post) => crate::notices::unread(read.connection(), post).await?,
        None => 0,
    };
    let about: Vec<&Matter> = found.iter().filter_map(|row| row.matter.as_ref()).collect();
    let lines = matters.lines(&ctx, &read, &about).await?;
    drop(read);
    let more = found.len() as u64 > ROWS;
    let shown = found.get(..found.len().min(usize::try_from(ROWS).unwrap_or(usize::MAX))).unwrap_or_default();
    let next = shown.last().filter(|_| more).map(|last| format!("/notices?before={}", last.notice.id));
    let first = before.map(|_| "/notices".to_owned());
    let rows: Vec<Line> = shown.iter().map(|row| line(&ctx, &matters, &lines, row)).collect();
    let newest = shown.first().map(|row| row.notice.id.to_string());
    let shell = ctx.shell("/notices", t.notices_title()).await?;
    let pager = Pager::uncounted(rows.len(), first, next, ctx.language);
    web::page(&Notices { shell, t, rows, newest, unread, pager })
}

/// What it is about, and of a danger since when it is known.
fn why(ctx: &Ctx, notice: &Notice, matter: &Matter, lines: &HashMap<MatterId, String>) -> String {
    let line = lines.get(&matter.id).cloned().unwrap_or_default();
    if notice.kind != NoticeKind::Alert {
        return line;
    }
    let since = web::show::near(notice.at, ctx.now, ctx.language);
    let since = Texts(ctx.language).notice_since(since);
    let parts = [line, since].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(ctx.language.choose("，", ", "))
}

fn line(ctx: &Ctx, matters: &Matters, lines: &HashMap<MatterId, String>, row: &NoticeRow) -> Line {
    let t = Texts(ctx.language);
    let (icon, class, what) = match row.notice.kind {
        NoticeKind::Assigned => ("inbox", "info", t.notice_assigned()),
        NoticeKind::Reminder => ("clock", "high", t.notice_reminder()),
        NoticeKind::Late => ("alarm", "urgent", t.notice_late()),
        NoticeKind::Climbed => ("arrow-up", "urgent", t.notice_climbed()),
        NoticeKind::StillLate => ("alarm", "urgent", t.notice_still_late()),
        NoticeKind::Alert => ("alert-octagon", "urgent", t.notice_alert()),
        NoticeKind::Joined => ("arrows-join", "medium", t.notice_joined()),
        NoticeKind::LateReport => ("clock", "high", t.notice_late_report()),
        NoticeKind::ReferralMoved => ("send", "info", t.notice_referral_moved()),
        NoticeKind::SentBack => ("arrow-back-up", "high", t.notice_sent_back()),
        NoticeKind::Approved => ("checks", "ok", t.notice_approved()),
    };
    Line {
        when: web::show::when(row.notice.at, ctx.now),
        is_unread: row.notice.read_at.is_none(),
        icon,
        class,
        what,
        title: row
            .matter
            .as_ref()
            .map(|matter| matters.worded_for(&ctx.actor, matter).heading().to_owned())
            .unwrap_or_default(),
        why: row.matter.as_ref().map(|matter| why(ctx, &row.notice, matter, lines)).unwrap_or_default(),
        number: row.matter.as_ref().map(|matter| matter.number.clone()).unwrap_or_default(),
        href: row.matter.as_ref().map(|matter| matters.path_for(ctx, matter)),
    }
}

/// Up to which notice everything was read.
pub(super) struct Read(Uuid);

impl FromForm for Read {
    fn read(form: &mut Reader) -> Option<Self> {
        form.id("up_to").map(Self)
    }
}

pub(super) async fn mark_read(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    form: Form<Read>,
) -> PageResult {
    let Some(Read(up_to)) = form.input else { return Ok(web::see_other("/notices")) };
    let write = ctx.write("matters.read_notices").await?;
    matters.mark_notices_read(&write, &ctx.actor, up_to).await?;
    ctx.save_saying(write, "/notices", Texts(ctx.language).said_all_read()).await
}
