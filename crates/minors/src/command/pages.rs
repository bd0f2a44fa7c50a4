//! `/command`.

use access::posts::Post;
use askama::Template;
use axum::Extension;
use base::{AreaId, AreaLevel, AreaPath, Label};
use matters::Matters;
use matters::inbox::InboxRow;
use matters::panel::clock_of;
use matters::timeline::Climb;
use serde::Deserialize;
use web::components::{Badge, Clock, EmptyState, Funnel, FunnelStep, Remark, Tile, TileGrid, Tone};
use web::{Ctx, PageResult, Query, Shell, WebError, show};

use super::Texts;
use super::board::{Board, Counted, Department, Holder, Place, Reader};
use super::headcount::Headcounts;

/// A share of late matters from which on an area is warned of, in percent (mock-up; `sample`).
const WARNED_FROM_PERCENT: u64 = 8;
/// Tiles that fit beside the urgent matters.
const TILES_AT_MOST: usize = 12;

#[derive(Template)]
#[template(path = "command/templates/command.html")]
struct CommandPage {
    shell: Shell,
    t: Texts,
    day: String,
    funnel: Funnel,
    urgent: Vec<UrgentRow>,
    urgent_note: String,
    urgent_all: String,
    urgent_href: String,
    nothing_urgent: EmptyState,
    tiles: TileGrid,
    below: Vec<(String, String)>,
    area_name: String,
    late: Counted,
    all: Counted,
    late_share: String,
    holders: Vec<HolderRow>,
    departments: Vec<Department>,
}

struct UrgentRow {
    href: String,
    clock: Clock,
    number: String,
    title: String,
    /// What it was opened for, the gravest first.
    reasons: String,
    points: Option<i64>,
    /// Whether it is a lead that no rule opened: somebody reported it.
    is_reported: bool,
    level: Badge,
    place: String,
    holder: String,
    stage: Badge,
    climbed: Option<Badge>,
}

struct HolderRow {
    name: String,
    late: Counted,
    all: Counted,
}

/// Which area is shown; one's own without it.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    within: Option<i32>,
}

/// The area that is asked for, if it lies in one's own; what lies elsewhere is not found, as if it did not exist.
pub fn area_wanted(ctx: &Ctx, within: Option<i32>) -> Result<AreaPath, WebError> {
    let Some(id) = within else { return Ok(ctx.actor.area) };
    let path = ctx.app.areas.path_of(AreaId(id)).filter(|path| path.is_within(&ctx.actor.area));
    path.ok_or(WebError::NotFound)
}

/// The page.
pub async fn show(
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
    Extension(matters): Extension<Matters>,
    Extension(headcounts): Extension<Headcounts>,
) -> PageResult {
    let area = area_wanted(&ctx, wanted.within)?;
    let read = ctx.read().await?;
    let board =
        Reader { ctx: &ctx, matters: &matters, read: &read, area, headcounts: &headcounts }.board().await?;
    drop(read);
    let t = Texts(ctx.language);
    let name = ctx.area_name(area.area());
    let mut shell = ctx.shell("/command", t.title(name)).await?.at(&ctx, &area).as_of(ctx.now);
    if let Some(program) = matters.programs().program(crate::PROGRAM) {
        shell = shell.rule_version(format_args!("{} {}", program.key, program.version));
    }
    let shell = shell.sample(t.warning_note(WARNED_FROM_PERCENT));
    web::page(&CommandPage {
        day: format!("{} {}", show::full_day(ctx.today()), show::weekday(ctx.today(), ctx.language)),
        funnel: funnel(&ctx, t, &board),
        urgent: board.urgent.iter().map(|row| urgent_row(&ctx, &matters, &board, row)).collect(),
        urgent_note: t.urgent_note(board.all_urgent.figure),
        urgent_all: t.urgent_all(board.all_urgent.figure),
        urgent_href: board.all_urgent.href.clone(),
        nothing_urgent: EmptyState {
            icon: "circle-check",
            title: t.nothing_urgent().to_owned(),
            detail: t.nothing_urgent_next().to_owned(),
            link: None,
        },
        tiles: tiles(&ctx, t, &board),
        below: below(&ctx, &board),
        area_name: ctx.area_name(area.area()).to_owned(),
        late_share: show::share(board.all.1.figure, board.all.0.figure.max(1)),
        late: board.all.1,
        all: board.all.0,
        holders: board.holders.iter().map(|holder| holder_row(&ctx, holder)).collect(),
        departments: board.departments,
        shell,
        t,
    })
}

fn funnel(ctx: &Ctx, t: Texts, board: &Board) -> Funnel {
    let step = |label: &str, counted: &Counted, before: u64, remarks: Vec<Remark>| FunnelStep {
        label: label.to_owned(),
        // What is more than the step before came by other ways too: a share would mislead.
        base: if before < counted.figure {
            String::new()
        } else {
            t.of_step(show::share(counted.figure, before))
        },
        figure: counted.figure,
        href: Some(counted.href.clone()),
        tone: None,
        remarks,
        joint: Some("chevron-right"),
    };
    let remark = |text: &str, counted: &Counted, tone: Tone| Remark {
        text: text.to_owned(),
        figure: Some(counted.figure),
        tone: (counted.figure > 0).then_some(tone),
        href: Some(counted.href.clone()),
    };
    let rows = FunnelStep {
        label: t.rows().to_owned(),
        base: t.rows_base().to_owned(),
        figure: board.rows,
        href: ctx.may("read", "feed").then(|| "/feeds".to_owned()),
        tone: None,
        remarks: Vec::new(),
        joint: None,
    };
    let people =
        Counted { figure: board.persons, href: format!("/command/people?within={}", board.area.area().0) };
    let mut persons = step(t.persons(), &people, 0, Vec::new());
    t.persons_base().clone_into(&mut persons.base);
    Funnel {
        label: t.funnel().to_owned(),
        steps: vec![
            rows,
            persons,
            step(
                t.leads(),
                &board.leads,
                board.persons,
                vec![remark(t.undispatched(), &board.undispatched, Tone::High)],
            ),
            step(
                t.checked(),
                &board.checked,
                board.leads.figure,
                vec![remark(t.late(), &board.leads_late, Tone::Urgent)],
            ),
            step(t.found(), &board.found, board.checked.figure, Vec::new()),
            step(
                t.cases(),
                &board.cases,
                board.found.figure,
                vec![
                    remark(t.open(), &board.cases_open, Tone::Info),
                    remark(t.late(), &board.cases_late, Tone::Urgent),
                ],
            ),
            step(t.closed(), &board.cases_closed, board.cases.figure, Vec::new()),
        ],
    }
}

fn urgent_row(ctx: &Ctx, matters: &Matters, board: &Board, row: &InboxRow) -> UrgentRow {
    let t = Texts(ctx.language);
    let matter = &matters.worded_for(&ctx.actor, &row.matter);
    let kind = matters.kind_of(matter).ok();
    let clock = kind.map_or_else(|| Clock::none(ctx.language), |kind| clock_of(matter, kind, ctx));
    let stage = matters.stage_of(matter).ok().map(|stage| stage.label.clone());
    let stage: Label = stage.unwrap_or_else(|| Label { zh: matter.stage.clone(), en: matter.stage.clone() });
    let places = [matter.area.subdistrict, matter.area.community];
    let place: Vec<&str> = places.into_iter().flatten().map(|id| ctx.area_name(id)).collect();
    UrgentRow {
        href: matters.path_for(ctx, matter),
        clock,
        number: matter.number.clone(),
        title: if matter.words.title.is_empty() {
            t.nameless().to_owned()
        } else {
            matter.words.title.clone()
        },
        reasons: board.lines.get(&matter.id).cloned().unwrap_or_default(),
        points: board.points.get(&matter.id).copied(),
        is_reported: matter.kind == crate::LEAD && !board.points.contains_key(&matter.id),
        level: Badge::severity(matter.severity, ctx.language),
        climbed: board.climbs.get(&matter.id).map(|climb| climbed(ctx, t, climb)),
        place: place.join("·"),
        holder: board.posts.get(&matter.holder).map(|post| post_name(ctx, post)).unwrap_or_default(),
        stage: Badge::new(Tone::Info, "progress", ctx.says(&stage)),
    }
}

/// That a matter has climbed, from which level to which and when.
fn climbed(ctx: &Ctx, t: Texts, climb: &Climb) -> Badge {
    let level = |level: AreaLevel| match level {
        AreaLevel::City => t.level_city(),
        AreaLevel::District => t.level_district(),
        AreaLevel::Subdistrict => t.level_subdistrict(),
        AreaLevel::Community => t.level_community(),
    };
    let (to, when) = (level(climb.to), show::when(climb.at, ctx.now));
    let words = match climb.from {
        Some(from) => t.climbed(level(from), to, when),
        None => t.climbed_to(to, when),
    };
    Badge::new(Tone::Urgent, "arrow-up-right", words)
}

/// A post by its place and role: 大勘 社区儿童主任.
fn post_name(ctx: &Ctx, post: &Post) -> String {
    let role = ctx.app.roles.get(&post.role).map(|role| ctx.says(&role.label).to_owned());
    format!("{} {}", ctx.area_name(post.area.area()), role.unwrap_or_else(|| post.role.clone()))
}

fn holder_row(ctx: &Ctx, holder: &Holder) -> HolderRow {
    HolderRow { name: post_name(ctx, &holder.post), late: holder.late.clone(), all: holder.all.clone() }
}

fn tiles(ctx: &Ctx, t: Texts, board: &Board) -> TileGrid {
    let tile = |place: &Place| {
        let percent = (place.count.late * 100).checked_div(place.count.all).unwrap_or_default();
        Tile {
            label: place.area.map_or_else(|| t.place_unknown().to_owned(), |id| ctx.area_name(id).to_owned()),
            figure: show::share(place.count.late, place.count.all),
            part: t.tile_late(place.count.late),
            whole: t.tile_all(place.count.all),
            shade: u8::try_from(percent / 2).unwrap_or(4).min(4),
            warning: (place.count.late > 0 && percent >= WARNED_FROM_PERCENT).then(|| t.warned().to_owned()),
            href: place.late_href.clone(),
            whole_href: place.href.clone(),
        }
    };
    // What no area below accounts for always stands there: without it the tiles would not add up.
    let unplaced: Vec<&Place> = board.places.iter().filter(|place| place.area.is_none()).collect();
    let placed = board.places.iter().filter(|place| place.area.is_some());
    let placed = placed.take(TILES_AT_MOST.saturating_sub(unplaced.len()));
    TileGrid { label: t.late_by_area().to_owned(), tiles: placed.chain(unplaced).map(tile).collect() }
}

/// The command pages one level below, for whoever wants to look closer.
fn below(ctx: &Ctx, board: &Board) -> Vec<(String, String)> {
    let children = board.places.iter().filter_map(|place| place.area);
    children.map(|id| (ctx.area_name(id).to_owned(), format!("/command?within={}", id.0))).collect()
}
