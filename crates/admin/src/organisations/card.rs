//! One organisation: new, changed, closed.

use access::AccessError;
use access::organisations::{self, Organisation, OrganisationForm, OrganisationKind};
use askama::Template;
use base::OrganisationId;
use store::Read;
use web::components::{Badge, Conflict};
use web::{Choice, Ctx, Form, FromForm, PageResult, Path, Reader, Shell, Typed, WebError};

use super::list::{department_choices, kind_choices, kind_name, state};
use crate::section::{self, Section};
use crate::{Texts, place, saved_by, says};

#[derive(Template)]
#[template(path = "organisations/templates/card.html")]
struct OrganisationCard {
    shell: Shell,
    t: Texts,
    /// The organisation that is changed; none while a new one is described.
    known: Option<Organisation>,
    state: Option<Badge>,
    action: String,
    form: Typed,
    conflict: Option<Conflict>,
    kinds: Vec<Choice>,
    departments: Vec<Choice>,
    areas: Vec<String>,
    may_edit: bool,
}

/// What the form says.
pub struct Described {
    version: i32,
    kind: OrganisationKind,
    name: String,
    department: Option<String>,
    area: String,
}

impl FromForm for Described {
    fn read(form: &mut Reader) -> Option<Self> {
        let version = form.optional_parsed("version", |text| text.parse().ok());
        let kind = form.parsed("kind", OrganisationKind::from_word);
        let name = form.text("name", 60);
        let department = form.optional_text("department", 64);
        let area = form.text("area", 120);
        Some(Self {
            version: version?.unwrap_or_default(),
            kind: kind?,
            name: name?,
            department: department?,
            area: area?,
        })
    }
}

impl Described {
    async fn form(&self, ctx: &Ctx, typed: &mut Typed) -> Result<Option<OrganisationForm>, WebError> {
        let t = Texts(ctx.language);
        let read = ctx.read().await?;
        let tree = section::areas(ctx, &read).await?;
        let area = place::read_area(&tree, &self.area);
        let Some(area) = area.filter(|area| section::is_in_reach(&ctx.actor, area)) else {
            typed.add_fault("area", t.fault_no_area());
            return Ok(None);
        };
        let is_known =
            |key: &String| department_choices(ctx).iter().any(|department| department.value == *key);
        let department = self.department.clone().filter(is_known);
        if self.kind == OrganisationKind::Department && department.is_none() {
            typed.add_fault("department", t.fault_no_department());
            return Ok(None);
        }
        Ok(Some(OrganisationForm { kind: self.kind, name: self.name.clone(), department, area }))
    }
}

async fn look_up(ctx: &Ctx, read: &Read, id: OrganisationId) -> Result<Organisation, WebError> {
    let known = organisations::get(read.connection(), id).await?;
    if section::is_in_reach(&ctx.actor, &known.area) { Ok(known) } else { Err(WebError::NotFound) }
}

/// The empty form.
pub async fn new(ctx: Ctx) -> PageResult {
    let form = ctx.typed("/admin/organisations");
    web::page(&page(&ctx, None, Some(form), None).await?)
}

/// The organisation.
pub async fn show(ctx: Ctx, Path(id): Path<OrganisationId>) -> PageResult {
    web::page(&page(&ctx, Some(id), None, None).await?)
}

async fn page(
    ctx: &Ctx,
    id: Option<OrganisationId>,
    form: Option<Typed>,
    conflict: Option<Conflict>,
) -> Result<OrganisationCard, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let tree = section::areas(ctx, &read).await?;
    let known = match id {
        Some(id) => Some(look_up(ctx, &read, id).await?),
        None => None,
    };
    drop(read);
    let action =
        id.map_or_else(|| "/admin/organisations".to_owned(), |id| format!("/admin/organisations/{id}"));
    let form = form.unwrap_or_else(|| match &known {
        Some(known) => {
            let fields = [
                ("kind", known.kind.word().to_owned()),
                ("name", known.name.clone()),
                ("department", known.department.clone().unwrap_or_default()),
                ("area", tree.name_of(&known.area)),
            ];
            ctx.typed_or(&action, fields)
        }
        None => ctx.typed(&action),
    });
    let title = known.as_ref().map_or_else(|| t.organisations_new().to_owned(), |known| known.name.clone());
    let is_open = known.as_ref().is_none_or(|known| known.closed_at.is_none());
    Ok(OrganisationCard {
        shell: Section::Organisations.shell(ctx, title).await?,
        t,
        state: known.as_ref().map(|known| state(t, known)),
        action,
        form,
        conflict,
        kinds: kind_choices(t),
        departments: department_choices(ctx),
        areas: place::area_names(&tree, &ctx.actor.area),
        may_edit: ctx.may("manage", "organisation") && is_open,
        known,
    })
}

/// Adds an organisation.
pub async fn create(ctx: Ctx, form: Form<Described>) -> PageResult {
    let Form { input, mut typed } = form;
    let wanted = match &input {
        Some(described) => described.form(&ctx, &mut typed).await?,
        None => None,
    };
    if let Some(wanted) = wanted {
        let write = ctx.write("admin.create_organisation").await?;
        match organisations::create(&write, &wanted).await {
            Ok(id) => {
                return ctx
                    .save_saying(
                        write,
                        &format!("/admin/organisations/{id}"),
                        Texts(ctx.language).said_organisation_created(),
                    )
                    .await;
            }
            Err(error) => {
                drop(write);
                says::blame(Texts(ctx.language), &mut typed, error)?;
            }
        }
    }
    web::unprocessable(&page(&ctx, None, Some(typed), None).await?)
}

/// Saves what an organisation is.
pub async fn edit(ctx: Ctx, Path(id): Path<OrganisationId>, form: Form<Described>) -> PageResult {
    let Form { input, mut typed } = form;
    let read = ctx.read().await?;
    look_up(&ctx, &read, id).await?;
    drop(read);
    let wanted = match &input {
        Some(described) => described.form(&ctx, &mut typed).await?.map(|form| (described.version, form)),
        None => None,
    };
    let mut conflict = None;
    if let Some((version, wanted)) = wanted {
        let write = ctx.write("admin.edit_organisation").await?;
        match organisations::edit(&write, id, version, &wanted).await {
            Ok(()) => {
                return ctx
                    .save_saying(
                        write,
                        &format!("/admin/organisations/{id}"),
                        Texts(ctx.language).said_organisation_saved(),
                    )
                    .await;
            }
            Err(error) => {
                drop(write);
                match error {
                    AccessError::Conflict => conflict = Some(self::conflict(&ctx, id, &wanted).await?),
                    other => says::blame(Texts(ctx.language), &mut typed, other)?,
                }
            }
        }
    }
    let is_overtaken = conflict.is_some();
    let page = page(&ctx, Some(id), Some(typed), conflict).await?;
    if is_overtaken { web::overtaken(&page) } else { web::unprocessable(&page) }
}

async fn conflict(ctx: &Ctx, id: OrganisationId, mine: &OrganisationForm) -> Result<Conflict, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let theirs = organisations::get(read.connection(), id).await?;
    let tree = section::areas(ctx, &read).await?;
    let departments = department_choices(ctx);
    let department = |key: Option<&String>| {
        let known = departments.iter().find(|known| Some(&known.value) == key);
        known.map(|known| known.label.clone()).unwrap_or_default()
    };
    let rows = vec![
        saved_by::row(t.field_organisation_kind(), kind_name(t, theirs.kind), kind_name(t, mine.kind)),
        saved_by::row(t.field_name(), theirs.name, mine.name.as_str()),
        saved_by::row(
            t.field_department(),
            department(theirs.department.as_ref()),
            department(mine.department.as_ref()),
        ),
        saved_by::row(t.field_area_served(), tree.name_of(&theirs.area), tree.name_of(&mine.area)),
    ];
    let kinds = ["access.organisation_changed", "access.organisation_closed"];
    saved_by::conflict(ctx, &read, &kinds, ("id", id.to_string()), rows).await
}

/// The version that was shown, for a button.
pub struct Version(i32);

impl FromForm for Version {
    fn read(form: &mut Reader) -> Option<Self> {
        form.version().map(Self)
    }
}

/// Closes an organisation that has no open posts.
pub async fn close(ctx: Ctx, Path(id): Path<OrganisationId>, form: Form<Version>) -> PageResult {
    let Some(Version(version)) = form.input else { return Err(WebError::Conflict) };
    let read = ctx.read().await?;
    look_up(&ctx, &read, id).await?;
    drop(read);
    let write = ctx.write("admin.close_organisation").await?;
    organisations::close(&write, id, version).await.map_err(says::refusal)?;
    ctx.save_saying(
        write,
        &format!("/admin/organisations/{id}"),
        Texts(ctx.language).said_organisation_closed(),
    )
    .await
}
