//! One post: what it is for, who held, holds and will hold it.

use access::accounts::{self, AccountFilter};
use access::posts::{self, Appointment, Post, TenureKind};
use access::{AccessError, FieldFault};
use askama::Template;
use base::{AccountId, PostId};
use matters::inbox::{Filter, Whose};
use matters::matter::OpenTasks;
use store::{Read, Write};
use web::components::{Badge, Conflict, Tone};
use web::{Choice, Ctx, Form, FromForm, Kept, PageResult, Path, Reader, Shell, Typed, WebError, show};

use super::create::Described;
use crate::section::{self, Section};
use crate::users::{EndFault, Period, TenureRow, kind_choices, read_place, role_choices};
use crate::{Texts, place, saved_by, says};

#[derive(Template)]
#[template(path = "posts/templates/card.html")]
struct PostCard {
    shell: Shell,
    t: Texts,
    post: Post,
    state: Badge,
    role: String,
    area: String,
    organisation: String,
    form: Typed,
    appointment: Typed,
    conflict: Option<Conflict>,
    tenures: Vec<TenureRow>,
    roles: Vec<Choice>,
    areas: Vec<String>,
    organisations: Vec<String>,
    logins: Vec<String>,
    kinds: Vec<Choice>,
    /// The tick that the post is to be held by several.
    beside: Vec<Choice>,
    today: String,
    href: String,
    may_manage: bool,
    end_fault: Option<EndFault>,
    hindrance: Option<Hindrance>,
}

/// What was to be done with a post and could not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hindered {
    /// It was to be closed.
    Closing,
    /// It was to get another role, organisation or area.
    Moving,
}

impl Hindered {
    /// What was not done; what to do with the matters first; and what to do when nothing stands in the way any more.
    fn words(self, t: Texts) -> [&'static str; 3] {
        match self {
            Self::Closing => [t.post_not_closed(), t.post_has_tasks_next(), t.post_close_again()],
            Self::Moving => [t.post_not_moved(), t.post_has_tasks_move(), t.post_move_again()],
        }
    }
}

/// Why a post was not closed or not moved, beside those who hold it.
struct Hindrance {
    not_done: &'static str,
    tasks_next: &'static str,
    again: &'static str,
    /// That the label alone can be changed, where it was to be moved.
    label: Option<&'static str>,
    tasks: OpenTasks,
    /// What else keeps the post: of other modules.
    kept: Vec<Kept>,
    /// The list of the matters, for whoever may see any.
    matters: Option<String>,
    /// The posts of the same area: among them is who can assign the matters elsewhere.
    posts: String,
}

impl PostCard {
    /// Those who hold the post, or will.
    fn held(&self) -> impl Iterator<Item = &TenureRow> {
        self.tenures.iter().filter(|tenure| tenure.may_end)
    }
}

struct Edited {
    version: i32,
    described: Described,
}

/// A post's form with the version that was shown.
pub struct EditForm(Edited);

impl FromForm for EditForm {
    fn read(form: &mut Reader) -> Option<Self> {
        let version = form.version();
        let described = Described::read(form);
        Some(Self(Edited { version: version?, described: described? }))
    }
}

/// Somebody for the post, and when.
pub struct Appointed {
    period: Period,
    /// Whether it was ticked that the person holds the post beside somebody else.
    is_beside: bool,
}

impl FromForm for Appointed {
    fn read(form: &mut Reader) -> Option<Self> {
        let login = form.text("account", 64);
        let period = Period::read(form);
        let is_beside = form.is_ticked("beside");
        login?;
        Some(Self { period: period?, is_beside })
    }
}

/// The version that was shown, for a button.
pub struct Version(i32);

impl FromForm for Version {
    fn read(form: &mut Reader) -> Option<Self> {
        form.version().map(Self)
    }
}

/// What is typed on the page at present.
#[derive(Default)]
struct Forms {
    edit: Option<Typed>,
    appoint: Option<Typed>,
    conflict: Option<Conflict>,
    end: Option<EndFault>,
    /// What was to be done and could not be.
    hindered: Option<Hindered>,
}

async fn look_up(ctx: &Ctx, read: &Read, id: PostId) -> Result<Post, WebError> {
    let post = posts::get(read.connection(), id).await?;
    if section::is_in_reach(&ctx.actor, &post.area) { Ok(post) } else { Err(WebError::NotFound) }
}

/// The page.
pub async fn show(ctx: Ctx, Path(id): Path<PostId>) -> PageResult {
    web::page(&page(&ctx, id, Forms::default()).await?)
}

/// The page again, with what was wrong with the end of a tenure.
pub async fn show_end_fault(ctx: &Ctx, id: PostId, fault: EndFault) -> PageResult {
    let forms = Forms { end: Some(fault), ..Forms::default() };
    web::unprocessable(&page(ctx, id, forms).await?)
}

async fn page(ctx: &Ctx, id: PostId, forms: Forms) -> Result<PostCard, WebError> {
    let t = Texts(ctx.language);
    let may_manage = ctx.may("manage", "post");
    let read = ctx.read().await?;
    let post = look_up(ctx, &read, id).await?;
    let tree = section::areas(ctx, &read).await?;
    let tenures = tenures(ctx, &read, id).await?;
    let known = place::organisations_for(&read, &ctx.actor.area).await?;
    let names = section::organisation_names(&read, [post.organisation]).await?;
    let logins = if may_manage { logins(ctx, &read).await? } else { Vec::new() };
    let hindrance = match forms.hindered {
        Some(of) => Some(hindrance(ctx, &read, &post, of).await?),
        None => None,
    };
    drop(read);
    let organisation = names.get(&post.organisation).cloned().unwrap_or_default();
    let area = tree.name_of(&post.area);
    let href = format!("/admin/posts/{id}");
    let today = show::full_day(ctx.today());
    let fields = [
        ("role", post.role.clone()),
        ("area", area.clone()),
        ("organisation", organisation.clone()),
        ("title", post.title.clone()),
    ];
    let form = forms.edit.unwrap_or_else(|| ctx.typed_or(&href, fields));
    let appointment = forms.appoint.unwrap_or_else(|| {
        ctx.typed_or(&format!("{href}/appoint"), [("from", today.as_str()), ("kind", "regular")])
    });
    let state = match post.closed_at {
        Some(_) => Badge::new(Tone::Low, "archive", t.state_closed()),
        None => Badge::new(Tone::Ok, "circle-check", t.state_open()),
    };
    Ok(PostCard {
        shell: Section::Posts.shell(ctx, section::post_name(ctx, &tree, &post)).await?,
        t,
        state,
        role: section::role_name(ctx, &post.role).to_owned(),
        area,
        organisation,
        form,
        appointment,
        conflict: forms.conflict,
        tenures,
        roles: role_choices(ctx),
        areas: place::area_names(&tree, &ctx.actor.area),
        organisations: place::organisation_names(&known),
        logins,
        kinds: kind_choices(t),
        beside: vec![Choice::new("1", t.choice_beside())],
        today,
        href,
        may_manage,
        end_fault: forms.end,
        hindrance,
        post,
    })
}

async fn hindrance(ctx: &Ctx, read: &Read, post: &Post, of: Hindered) -> Result<Hindrance, WebError> {
    let filter =
        Filter { whose: Whose::Area, within: Some(post.area), holder: Some(post.id), ..Filter::default() };
    let t = Texts(ctx.language);
    let [not_done, tasks_next, again] = of.words(t);
    Ok(Hindrance {
        not_done,
        tasks_next,
        again,
        label: (of == Hindered::Moving).then(|| t.post_move_label()),
        tasks: matters::matter::tasks_of_post(read.connection(), post.id).await?,
        kept: ctx.keeping(read.connection(), post.id).await?,
        matters: ctx.may_any("read").then(|| format!("/inbox?{}", filter.query())),
        posts: section::address("/admin/posts", &[("area", post.area.area().0.to_string())]),
    })
}

async fn tenures(ctx: &Ctx, read: &Read, id: PostId) -> Result<Vec<TenureRow>, WebError> {
    let tenures = posts::tenures_of_post(read.connection(), id).await?;
    let names = section::account_names(read, tenures.iter().map(|tenure| tenure.account)).await?;
    let name = |account: AccountId| names.get(&account).cloned().unwrap_or_default();
    // A name leads to the account for whoever may open it, and nowhere for the others.
    let may_open = ctx.may("read", "account");
    let row = |tenure: &posts::Tenure| {
        let href = if may_open { format!("/admin/users/{}", tenure.account) } else { String::new() };
        TenureRow::new(ctx, tenure, name(tenure.account), href)
    };
    Ok(tenures.iter().map(row).collect())
}

/// The login names to choose from.
async fn logins(ctx: &Ctx, read: &Read) -> Result<Vec<String>, WebError> {
    let filter = AccountFilter { within: Some(ctx.actor.area), ..AccountFilter::default() };
    let found = accounts::list(read, &filter, None, accounts::PAGE_AT_MOST).await?;
    Ok(found.into_iter().map(|account| account.login).collect())
}

/// Saves what the post is for. One that somebody holds, or that has something to do, keeps its role, organisation and
/// area: or its matters would lie with a stranger. Its label can always be changed.
pub async fn edit(ctx: Ctx, Path(id): Path<PostId>, form: Form<EditForm>) -> PageResult {
    let Form { input, mut typed } = form;
    let read = ctx.read().await?;
    look_up(&ctx, &read, id).await?;
    drop(read);
    let place = read_place(&ctx, &mut typed).await?;
    let wanted =
        input.zip(place).map(|(EditForm(edited), place)| (edited.version, edited.described.form(place)));
    let mut conflict = None;
    let mut hindered = None;
    if let Some((version, wanted)) = wanted {
        let write = ctx.write("admin.edit_post").await?;
        let moves = wanted.moves(&posts::get(write.connection(), id).await?);
        let is_free = !moves || is_idle(&ctx, &write, id).await?;
        match posts::edit(&write, &ctx.app.roles, id, version, &wanted).await {
            Ok(()) if is_free => {
                return ctx
                    .save_saying(write, &format!("/admin/posts/{id}"), Texts(ctx.language).said_post_saved())
                    .await;
            }
            Ok(()) | Err(AccessError::Field { fault: FieldFault::StillInUse, .. }) => {
                drop(write);
                hindered = Some(Hindered::Moving);
            }
            Err(error) => {
                drop(write);
                match error {
                    AccessError::Conflict => conflict = Some(self::conflict(&ctx, id, &typed).await?),
                    other => says::blame(Texts(ctx.language), &mut typed, other)?,
                }
            }
        }
    }
    let is_overtaken = conflict.is_some();
    let page = page(&ctx, id, Forms { edit: Some(typed), conflict, hindered, ..Forms::default() }).await?;
    if is_overtaken { web::overtaken(&page) } else { web::unprocessable(&page) }
}

/// Whether a post has nothing to do, and nothing of any module that keeps it where it is.
async fn is_idle(ctx: &Ctx, write: &Write, id: PostId) -> Result<bool, WebError> {
    let tasks = matters::matter::tasks_of_post(write.connection(), id).await?;
    Ok(tasks.is_empty() && ctx.keeping(write.connection(), id).await?.is_empty())
}

async fn conflict(ctx: &Ctx, id: PostId, mine: &Typed) -> Result<Conflict, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let theirs = posts::get(read.connection(), id).await?;
    let tree = section::areas(ctx, &read).await?;
    let mut names = section::organisation_names(&read, [theirs.organisation]).await?;
    let organisation = names.remove(&theirs.organisation).unwrap_or_default();
    let rows = vec![
        saved_by::row(
            t.field_role(),
            section::role_name(ctx, &theirs.role),
            section::role_name(ctx, mine.value("role")),
        ),
        saved_by::row(t.field_area(), tree.name_of(&theirs.area), mine.value("area")),
        saved_by::row(t.field_organisation(), organisation, mine.value("organisation")),
        saved_by::row(t.field_title(), theirs.title, mine.value("title")),
    ];
    let kinds = ["access.post_changed", "access.post_closed"];
    saved_by::conflict(ctx, &read, &kinds, ("id", id.to_string()), rows).await
}

/// Appoints somebody to the post.
pub async fn appoint(ctx: Ctx, Path(id): Path<PostId>, form: Form<Appointed>) -> PageResult {
    let Form { input, mut typed } = form;
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    look_up(&ctx, &read, id).await?;
    // Looked up whatever else is wrong with the form, so that all of it is said at once.
    let login = typed.value("account").trim().to_lowercase();
    let account = accounts::by_login(read.connection(), read.keys(), &login).await.ok();
    drop(read);
    if account.is_none() && !login.is_empty() {
        typed.add_fault("account", t.fault_no_account());
    }
    if let (Some(Appointed { period, is_beside }), Some(account)) = (input, account) {
        let appointment = Appointment {
            post: id,
            account: account.id,
            kind: period.kind,
            from: period.from(ctx.now),
            until: period.until(),
        };
        let write = ctx.write("admin.appoint").await?;
        let others = if is_beside { None } else { others(&write, &appointment).await? };
        if let Some(others) = others {
            drop(write);
            typed.add_fault("beside", t.fault_held_already(others.join(t.list_comma())));
            let forms = Forms { appoint: Some(typed), ..Forms::default() };
            return web::unprocessable(&page(&ctx, id, forms).await?);
        }
        match posts::appoint(&write, &appointment).await {
            Ok(_) => {
                return ctx.save_saying(write, &format!("/admin/posts/{id}"), t.said_appointed()).await;
            }
            Err(error) => {
                drop(write);
                says::blame(t, &mut typed, error)?;
            }
        }
    }
    let forms = Forms { appoint: Some(typed), ..Forms::default() };
    web::unprocessable(&page(&ctx, id, forms).await?)
}

/// The others who hold the post regularly in the time of a regular appointment, by name. A cover lies over somebody else's
/// tenure by its nature.
async fn others(write: &Write, appointment: &Appointment) -> Result<Option<Vec<String>>, WebError> {
    if appointment.kind != TenureKind::Regular {
        return Ok(None);
    }
    let mut names = Vec::new();
    for tenure in posts::tenures_of_post(write.connection(), appointment.post).await? {
        if tenure.kind == TenureKind::Regular
            && tenure.account != appointment.account
            && tenure.overlaps(appointment.from, appointment.until)
        {
            names.push(accounts::get(write.connection(), write.keys(), tenure.account).await?.name);
        }
    }
    names.dedup();
    Ok((!names.is_empty()).then_some(names))
}

/// Closes a post that nobody holds and that has nothing to do. Otherwise its page says who and what stand in the way.
pub async fn close(ctx: Ctx, Path(id): Path<PostId>, form: Form<Version>) -> PageResult {
    let Some(Version(version)) = form.input else { return Err(WebError::Conflict) };
    let read = ctx.read().await?;
    look_up(&ctx, &read, id).await?;
    drop(read);
    let write = ctx.write("admin.close_post").await?;
    let is_idle = is_idle(&ctx, &write, id).await?;
    match posts::close(&write, id, version).await {
        Ok(()) if is_idle => {
            return ctx
                .save_saying(write, &format!("/admin/posts/{id}"), Texts(ctx.language).said_post_closed())
                .await;
        }
        Ok(()) | Err(AccessError::Field { fault: FieldFault::StillInUse, .. }) => drop(write),
        Err(other) => return Err(says::refusal(other)),
    }
    let forms = Forms { hindered: Some(Hindered::Closing), ..Forms::default() };
    web::unprocessable(&page(&ctx, id, forms).await?)
}
