//! `/admin/areas`. The shipped list follows its source and is not changed here; districts and communities without a code
//! are added below it.

use access::AccessError;
use access::areas::{self, AreaRow, NewArea};
use askama::Template;
use base::{AreaId, AreaLevel, AreaTree};
use serde::Deserialize;
use store::Read;
use web::components::{Conflict, EmptyState, Tabs};
use web::{Crumb, Ctx, Form, FromForm, PageResult, Pages, Path, Query, Reader, Rule, Shell, Typed, WebError};

use crate::section::{self, Section};
use crate::{Texts, saved_by, says};

/// Who may look at areas.
const SEE: Rule = Rule::May(&[("read", "area")]);
/// Who may add and rename them.
const MANAGE: Rule = Rule::May(&[("manage", "area")]);
/// The most characters of a name that are read.
const NAME_AT_MOST: usize = 60;

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new().get("/admin/areas", SEE, show).post("/admin/areas/{id}/add", MANAGE, add).post(
        "/admin/areas/{id}/rename",
        MANAGE,
        rename,
    )
}

#[derive(Template)]
#[template(path = "areas/templates/tree.html")]
struct AreaPage {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    crumbs: Vec<Crumb>,
    area: AreaRow,
    level: &'static str,
    level_below: Option<&'static str>,
    rows: Vec<Row>,
    adding: Typed,
    renaming: Typed,
    conflict: Option<Conflict>,
    empty: EmptyState,
    may_manage: bool,
}

/// An area below the one that is shown.
struct Row {
    id: AreaId,
    name: String,
    code: String,
    is_shipped: bool,
    below: usize,
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    at: Option<i32>,
}

struct Added(String);

impl FromForm for Added {
    fn read(form: &mut Reader) -> Option<Self> {
        form.text("name", NAME_AT_MOST).map(Self)
    }
}

struct Renamed {
    version: i32,
    name: String,
}

impl FromForm for Renamed {
    fn read(form: &mut Reader) -> Option<Self> {
        let version = form.version();
        let name = form.text("new_name", NAME_AT_MOST);
        Some(Self { version: version?, name: name? })
    }
}

/// What is typed on the page at present.
#[derive(Default)]
struct Forms {
    adding: Option<Typed>,
    renaming: Option<Typed>,
    conflict: Option<Conflict>,
}

fn level_name(t: Texts, level: AreaLevel) -> &'static str {
    match level {
        AreaLevel::City => t.level_city(),
        AreaLevel::District => t.level_district(),
        AreaLevel::Subdistrict => t.level_subdistrict(),
        AreaLevel::Community => t.level_community(),
    }
}

async fn look_up(ctx: &Ctx, read: &Read, id: AreaId) -> Result<AreaRow, WebError> {
    let area = areas::get(read.connection(), id).await?;
    if section::is_in_reach(&ctx.actor, &area.path) { Ok(area) } else { Err(WebError::NotFound) }
}

async fn show(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    let id = wanted.at.map_or_else(|| ctx.actor.area.area(), AreaId);
    web::page(&page(&ctx, id, Forms::default()).await?)
}

async fn page(ctx: &Ctx, id: AreaId, forms: Forms) -> Result<AreaPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let area = look_up(ctx, &read, id).await?;
    let tree = section::areas(ctx, &read).await?;
    let below = areas::children(read.connection(), &area).await?;
    drop(read);
    let adding = forms.adding.unwrap_or_else(|| ctx.typed(&format!("/admin/areas/{}/add", id.0)));
    let renaming = forms.renaming.unwrap_or_else(|| {
        ctx.typed_or(&format!("/admin/areas/{}/rename", id.0), [("new_name", area.name.as_str())])
    });
    let row = |area: AreaRow| Row {
        id: area.id,
        name: area.name,
        code: area.code.unwrap_or_default(),
        is_shipped: area.shipped,
        below: tree.children(area.id).count(),
    };
    Ok(AreaPage {
        shell: Section::Areas.shell(ctx, t.areas_title()).await?,
        t,
        tabs: Section::Areas.tabs(ctx).await?,
        crumbs: crumbs(ctx, &tree, &area),
        level: level_name(t, area.level),
        level_below: area.level.below().map(|level| level_name(t, level)),
        rows: below.into_iter().map(row).collect(),
        adding,
        renaming,
        conflict: forms.conflict,
        empty: EmptyState {
            icon: "map-pin",
            title: t.areas_empty().to_owned(),
            detail: t.areas_empty_detail().to_owned(),
            link: None,
        },
        may_manage: ctx.may("manage", "area"),
        area,
    })
}

/// From the city down to the area.
fn crumbs(ctx: &Ctx, tree: &AreaTree, area: &AreaRow) -> Vec<Crumb> {
    let levels = AreaLevel::ALL.into_iter().filter_map(|level| area.path.at(level));
    let crumb = |id: AreaId| {
        let found = tree.get(id)?;
        let is_current = id == area.id;
        let is_reached = section::is_in_reach(&ctx.actor, &found.path) && !is_current;
        let href = is_reached.then(|| format!("/admin/areas?at={}", id.0));
        // A name that was changed since the process began is the table's.
        let name = if is_current { area.name.clone() } else { found.name.clone() };
        Some(Crumb { name, href, is_current })
    };
    levels.filter_map(crumb).collect()
}

async fn add(ctx: Ctx, Path(id): Path<i32>, form: Form<Added>) -> PageResult {
    let parent = AreaId(id);
    let Form { input, mut typed } = form;
    let read = ctx.read().await?;
    look_up(&ctx, &read, parent).await?;
    drop(read);
    if let Some(Added(name)) = input {
        let said = Texts(ctx.language).said_area_added(&name);
        let write = ctx.write("admin.add_area").await?;
        match areas::add(&write, &NewArea { parent, name }).await {
            Ok(_) => {
                let saved = ctx.save_saying(write, &format!("/admin/areas?at={id}"), said).await;
                ctx.app.follow_areas().await;
                return saved;
            }
            Err(error) => {
                drop(write);
                says::blame(Texts(ctx.language), &mut typed, error)?;
            }
        }
    }
    let forms = Forms { adding: Some(typed), ..Forms::default() };
    web::unprocessable(&page(&ctx, parent, forms).await?)
}

async fn rename(ctx: Ctx, Path(id): Path<i32>, form: Form<Renamed>) -> PageResult {
    let area = AreaId(id);
    let t = Texts(ctx.language);
    let Form { input, mut typed } = form;
    let read = ctx.read().await?;
    look_up(&ctx, &read, area).await?;
    drop(read);
    let mut conflict = None;
    if let Some(Renamed { version, name }) = input {
        let write = ctx.write("admin.rename_area").await?;
        match areas::rename(&write, area, version, &name).await {
            Ok(()) => {
                let said = t.said_area_renamed(&name);
                let saved = ctx.save_saying(write, &format!("/admin/areas?at={id}"), said).await;
                ctx.app.follow_areas().await;
                return saved;
            }
            Err(error) => {
                drop(write);
                match error {
                    AccessError::Conflict => {
                        let read = ctx.read().await?;
                        let theirs = areas::get(read.connection(), area).await?;
                        let rows = vec![saved_by::row(t.field_name(), theirs.name.as_str(), name)];
                        let named = ("name", theirs.name);
                        let kinds = ["access.area_renamed"];
                        conflict = Some(saved_by::conflict(&ctx, &read, &kinds, named, rows).await?);
                    }
                    AccessError::Field { fault, .. } => {
                        typed.add_fault("new_name", says::field_fault(t, fault));
                    }
                    other => return Err(other.into()),
                }
            }
        }
    }
    let is_overtaken = conflict.is_some();
    let page = page(&ctx, area, Forms { renaming: Some(typed), conflict, ..Forms::default() }).await?;
    if is_overtaken { web::overtaken(&page) } else { web::unprocessable(&page) }
}
