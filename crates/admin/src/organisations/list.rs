//! The list of organisations.

use access::organisations::{self, Organisation, OrganisationFilter, OrganisationKind};
use askama::Template;
use base::{AreaId, OrganisationId};
use serde::Deserialize;
use web::components::{Badge, EmptyState, Pager, Tabs, Tone};
use web::{Choice, Ctx, PageResult, Query, Shell, Typed, Worded as _};

use crate::section::{self, ROWS, Section, address};
use crate::{Texts, place};

#[derive(Template)]
#[template(path = "organisations/templates/list.html")]
struct OrganisationList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    filter: Typed,
    kinds: Vec<Choice>,
    areas: Vec<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
    may_manage: bool,
}

/// One organisation.
struct Row {
    id: OrganisationId,
    name: String,
    kind: &'static str,
    department: String,
    area: String,
    state: Badge,
}

/// The filters in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    kind: Option<String>,
    area: Option<String>,
    closed: Option<String>,
    after: Option<OrganisationId>,
}

/// What an organisation is, in words.
pub fn kind_name(t: Texts, kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::Bureau => t.organisation_bureau(),
        OrganisationKind::SubdistrictOffice => t.organisation_subdistrict_office(),
        OrganisationKind::CommunityStation => t.organisation_community_station(),
        OrganisationKind::Department => t.organisation_department(),
        OrganisationKind::Agency => t.organisation_agency(),
    }
}

/// All kinds to choose from.
pub fn kind_choices(t: Texts) -> Vec<Choice> {
    OrganisationKind::ALL.iter().map(|kind| Choice::new(kind.word(), kind_name(t, *kind))).collect()
}

/// The departments of all programs' responsibility lists, each once.
pub fn department_choices(ctx: &Ctx) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for department in ctx.app.programs.all().flat_map(|program| &program.routing.departments) {
        if !choices.iter().any(|known| known.value == department.key) {
            choices.push(Choice::new(department.key.clone(), department.label.says(ctx.language)));
        }
    }
    choices
}

/// Whether an organisation is in use.
pub fn state(t: Texts, organisation: &Organisation) -> Badge {
    match organisation.closed_at {
        Some(_) => Badge::new(Tone::Low, "archive", t.state_closed()),
        None => Badge::new(Tone::Ok, "circle-check", t.state_open()),
    }
}

/// The list.
pub async fn show(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let tree = section::areas(&ctx, &read).await?;
    let area = wanted.area.clone().unwrap_or_default();
    let chosen = area.parse().ok().and_then(|id| tree.path_of(AreaId(id)));
    let within = chosen.filter(|area| section::is_in_reach(&ctx.actor, area)).unwrap_or(ctx.actor.area);
    let kind = wanted.kind.as_deref().and_then(OrganisationKind::from_word);
    let with_closed = wanted.closed.as_deref().is_some_and(|closed| !closed.is_empty());
    let filter = OrganisationFilter { kind, within: Some(within), with_closed };
    let mut found = organisations::list(read.connection(), &filter, wanted.after, ROWS + 1).await?;
    let total = organisations::count(read.connection(), &filter).await?;
    drop(read);
    let more = found.len() as u64 > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let (kind, closed) = (kind.map_or("", OrganisationKind::word), if with_closed { "1" } else { "" });
    let query = |after: String| {
        let fields = [
            ("kind", kind.to_owned()),
            ("area", area.clone()),
            ("closed", closed.to_owned()),
            ("after", after),
        ];
        address("/admin/organisations", &fields)
    };
    let next = found.last().filter(|_| more).map(|last| query(last.id.to_string()));
    let first = wanted.after.map(|_| query(String::new()));
    let departments = department_choices(&ctx);
    let row = |organisation: &Organisation| Row {
        id: organisation.id,
        name: organisation.name.clone(),
        kind: kind_name(t, organisation.kind),
        department: departments
            .iter()
            .find(|known| Some(&known.value) == organisation.department.as_ref())
            .map(|known| known.label.clone())
            .unwrap_or_default(),
        area: tree.name_of(&organisation.area),
        state: state(t, organisation),
    };
    let rows: Vec<Row> = found.iter().map(row).collect();
    let may_manage = ctx.may("manage", "organisation");
    let link = (t.organisations_new().to_owned(), "/admin/organisations/new".to_owned());
    web::page(&OrganisationList {
        shell: Section::Organisations.shell(&ctx, t.organisations_title()).await?,
        t,
        tabs: Section::Organisations.tabs(&ctx).await?,
        filter: Typed::filled(ctx.language, [("kind", kind), ("area", area.as_str()), ("closed", closed)]),
        kinds: kind_choices(t),
        areas: place::area_choices(&tree, &ctx.actor.area),
        pager: Pager::new(rows.len(), total, first, next, ctx.language),
        rows,
        empty: EmptyState {
            icon: "building",
            title: t.organisations_empty().to_owned(),
            detail: t.organisations_empty_detail().to_owned(),
            link: Some(link).filter(|_| may_manage),
        },
        may_manage,
    })
}
