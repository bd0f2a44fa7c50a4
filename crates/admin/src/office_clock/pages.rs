//! `/admin/clock`. Deadlines, ages and entries go by the office's clock. In a demo it can be moved forward, so that
//! anyone can watch a deadline pass; back it never goes, because what has happened cannot lie in the future.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use store::Event;
use store::clock::{self, OfficeClock};
use web::components::Tabs;
use web::{Choice, Ctx, Form, FromForm, PageResult, Pages, Reader, Rule, Shell, Typed, WebError, show};

use crate::section::Section;
use crate::{Texts, says};

/// The farthest that it is moved at a time, in days.
const DAYS_AT_MOST: i64 = 366;
/// One minute in milliseconds.
const MINUTE: i64 = 60_000;
/// How far it can be moved with one press: minutes.
const STEPS: [i64; 6] = [60, 4 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60, 30 * 24 * 60];

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new().get("/admin/clock", Rule::May(&[("read", "job")]), show).post(
        "/admin/clock",
        Rule::May(&[("manage", "job")]),
        advance,
    )
}

#[derive(Template)]
#[template(path = "office_clock/templates/clock.html")]
struct ClockPage {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    office: String,
    machine: String,
    offset: Option<String>,
    form: Typed,
    steps: Vec<Choice>,
    may_move: bool,
}

/// How far, in minutes.
struct Step(i64);

impl FromForm for Step {
    fn read(form: &mut Reader) -> Option<Self> {
        let in_reach = |minutes: &i64| (1..=DAYS_AT_MOST * 24 * 60).contains(minutes);
        form.parsed("minutes", |text| text.parse().ok().filter(in_reach)).map(Self)
    }
}

async fn show(ctx: Ctx) -> PageResult {
    web::page(&page(&ctx, ctx.typed("/admin/clock")).await?)
}

async fn page(ctx: &Ctx, form: Typed) -> Result<ClockPage, WebError> {
    let t = Texts(ctx.language);
    let (office, machine) = (ctx.app.now(), ctx.app.machine_now());
    let ahead = office.milliseconds_since(machine);
    Ok(ClockPage {
        shell: Section::Clock.shell(ctx, t.clock_title()).await?,
        t,
        tabs: Section::Clock.tabs(ctx).await?,
        office: show::full(office),
        machine: show::full(machine),
        offset: (ahead >= MINUTE).then(|| show::span(ahead, ctx.language)),
        form,
        steps: STEPS
            .iter()
            .map(|minutes| Choice::new(minutes.to_string(), show::span(minutes * MINUTE, ctx.language)))
            .collect(),
        may_move: ctx.app.site.is_demo && ctx.may("manage", "job"),
    })
}

async fn advance(
    ctx: Ctx,
    Extension(office_clock): Extension<Arc<OfficeClock>>,
    form: Form<Step>,
) -> PageResult {
    if !ctx.app.site.is_demo {
        return Err(WebError::refused(
            says::both(|t| t.clock_real().to_owned()),
            says::both(|t| t.clock_real_next().to_owned()),
        ));
    }
    let Some(Step(minutes)) = form.input else {
        return web::unprocessable(&page(&ctx, form.typed).await?);
    };
    let write = ctx.write("admin.advance_clock").await?;
    let offset = clock::advance(&write, minutes * MINUTE).await?;
    let after = serde_json::json!({ "minutes": minutes, "offset_milliseconds": offset });
    write.record(Event { kind: "admin.clock_advanced", after, ..Event::default() }).await?;
    let span = show::span(minutes * MINUTE, ctx.language);
    let said = Texts(ctx.language).said_clock_moved(span);
    let answer = ctx.save_saying(write, "/admin/clock", said).await?;
    office_clock.refresh(&ctx.app.database).await?;
    Ok(answer)
}
