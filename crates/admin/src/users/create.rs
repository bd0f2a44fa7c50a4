//! A new account, with its first post where it is known, and the one-time password that is shown once.

use access::AccessError;
use access::accounts::{self, AccountForm, Password};
use access::posts::TenureKind;
use access::users::{self, Seat};
use askama::Template;
use base::{AccountId, AreaPath, OrganisationId};
use store::Write;
use web::components::{Alert, Tone};
use web::{Choice, Ctx, Form, FromForm, PageResult, Reader, Shell, Typed, WebError, Worded as _};

use crate::section::{self, Section};
use crate::{Texts, place, says};

/// The form's address.
const ACTION: &str = "/admin/users";

#[derive(Template)]
#[template(path = "users/templates/new.html")]
struct NewUserPage {
    shell: Shell,
    t: Texts,
    form: Typed,
    roles: Vec<Choice>,
    areas: Vec<String>,
    organisations: Vec<String>,
}

/// The page that shows a one-time password: the only time that anybody sees it.
#[derive(Template)]
#[template(path = "users/templates/password.html")]
struct PasswordPage {
    shell: Shell,
    t: Texts,
    login: String,
    name: String,
    one_time: String,
    href: String,
    note: Option<Alert>,
}

/// What the form says.
pub struct NewUser {
    account: AccountForm,
    post: Option<NewPost>,
}

/// The post that somebody begins with: its role; where it is, is read by [`read_place`].
pub struct NewPost {
    role: String,
}

impl NewPost {
    /// Reads role, organisation and area; `None` when one is missing.
    pub fn read(form: &mut Reader) -> Option<Self> {
        let role = form.text("role", 64);
        let area = form.text("area", 120);
        let organisation = form.text("organisation", 120);
        area.zip(organisation)?;
        Some(Self { role: role? })
    }

    /// The role that is meant.
    pub fn role(&self) -> &str {
        &self.role
    }
}

/// Says all that is wrong with login name, name and phone as they stand in the form, of a new account or of `own`.
pub async fn blame_account(ctx: &Ctx, typed: &mut Typed, own: Option<AccountId>) -> Result<(), WebError> {
    let value = |name: &str| typed.value(name).to_owned();
    let form = AccountForm { login: value("login"), name: value("name"), phone: value("phone") };
    let read = ctx.read().await?;
    for (field, fault) in accounts::form_faults(read.connection(), &form, own).await? {
        typed.add_fault(field, says::field_fault(Texts(ctx.language), fault));
    }
    Ok(())
}

/// The organisation and the area that the form means. All that is wrong with them and with the role becomes a fault of
/// its field, whatever else is wrong with the form.
pub async fn read_place(
    ctx: &Ctx,
    typed: &mut Typed,
) -> Result<Option<(OrganisationId, AreaPath)>, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let tree = section::areas(ctx, &read).await?;
    let area = place::read_area(&tree, typed.value("area"));
    let area = area.filter(|area| section::is_in_reach(&ctx.actor, area));
    if area.is_none() && typed.has("area") {
        typed.add_fault("area", t.fault_no_area());
    }
    if let Some(area) = &area
        && let Some(role) = ctx.app.roles.get(typed.value("role"))
        && !role.levels.contains(&area.level())
    {
        typed.add_fault("area", t.fault_wrong_level());
    }
    // Without the area it can still be said that there is no such organisation anywhere.
    let known = place::organisations_for(&read, area.as_ref().unwrap_or(&ctx.actor.area)).await?;
    let name = typed.value("organisation").trim();
    let organisation = match &area {
        Some(area) => place::read_organisation(&known, name, area),
        None => known.iter().find(|known| known.name == name),
    };
    let organisation = organisation.map(|organisation| organisation.id);
    if organisation.is_none() && typed.has("organisation") {
        typed.add_fault("organisation", t.fault_no_organisation());
    }
    Ok(if typed.has_faults() { None } else { organisation.zip(area) })
}

impl FromForm for NewUser {
    fn read(form: &mut Reader) -> Option<Self> {
        let login = form.text("login", 64);
        let name = form.text("name", 60);
        let phone = form.optional_text("phone", 32);
        // The post may come later; but half a post is a mistake.
        let has_post = ["role", "area", "organisation"].iter().any(|field| form.typed().has(field));
        let post = if has_post { NewPost::read(form).map(Some) } else { Some(None) };
        let account = AccountForm { login: login?, name: name?, phone: phone?.unwrap_or_default() };
        Some(Self { account, post: post? })
    }
}

/// The empty form.
pub async fn show(ctx: Ctx) -> PageResult {
    web::page(&page(&ctx, ctx.typed(ACTION)).await?)
}

async fn page(ctx: &Ctx, form: Typed) -> Result<NewUserPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let tree = section::areas(ctx, &read).await?;
    let known = place::organisations_for(&read, &ctx.actor.area).await?;
    drop(read);
    Ok(NewUserPage {
        shell: Section::Users.shell(ctx, t.users_new()).await?,
        t,
        form,
        roles: role_choices(ctx),
        areas: place::area_names(&tree, &ctx.actor.area),
        organisations: place::organisation_names(&known),
    })
}

/// The roles to choose from, with the level at which their posts are.
pub fn role_choices(ctx: &Ctx) -> Vec<Choice> {
    let roles = ctx.app.roles.all();
    roles.map(|role| Choice::new(role.key.clone(), role.label.says(ctx.language))).collect()
}

/// Makes the account.
pub async fn create(ctx: Ctx, form: Form<NewUser>) -> PageResult {
    let Form { input, mut typed } = form;
    // Looked through whatever else is wrong, so that all of it is said at once.
    blame_account(&ctx, &mut typed, None).await?;
    let place = read_place(&ctx, &mut typed).await?;
    let Some(new) = input.filter(|_| !typed.has_faults()) else {
        return web::unprocessable(&page(&ctx, typed).await?);
    };
    let seat = new.post.as_ref().zip(place).map(|(post, (organisation, area))| Seat {
        role: post.role().to_owned(),
        organisation,
        area,
        kind: TenureKind::Regular,
        from: ctx.now,
        until: None,
    });
    let one_time = Password::one_time(&ctx.app.entropy);
    let hash = accounts::hash_password(one_time.clone(), &ctx.app.entropy).await?;
    let write = ctx.write("admin.create_user").await?;
    match make(&ctx, &write, &new.account, &hash, seat.as_ref()).await {
        Ok((account, beside)) => {
            ctx.save(write, &format!("/admin/users/{account}")).await?;
            let beside = beside.map(|title| Texts(ctx.language).password_beside(title));
            let whose = Whose { account, login: &new.account.login, name: &new.account.name, note: beside };
            show_password(&ctx, whose, &one_time).await
        }
        Err(error) => {
            drop(write);
            says::blame(Texts(ctx.language), &mut typed, error)?;
            web::unprocessable(&page(&ctx, typed).await?)
        }
    }
}

async fn make(
    ctx: &Ctx,
    write: &Write,
    form: &AccountForm,
    hash: &accounts::PasswordHash,
    seat: Option<&Seat>,
) -> Result<(AccountId, Option<String>), AccessError> {
    let account = accounts::create(write, form, Some(hash)).await?;
    let beside = match seat {
        Some(seat) => users::take_seat(write, &ctx.app.roles, account, seat).await?.beside,
        None => None,
    };
    Ok((account, beside))
}

/// Whose one-time password is shown.
pub struct Whose<'a> {
    /// The account.
    pub account: AccountId,
    /// Its login name.
    pub login: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// What else whoever made it should know.
    pub note: Option<String>,
}

/// Answers with the one-time password. Loading the page again leads to the account: the form was done once.
pub async fn show_password(ctx: &Ctx, whose: Whose<'_>, one_time: &Password) -> PageResult {
    let t = Texts(ctx.language);
    web::page(&PasswordPage {
        shell: Section::Users.shell(ctx, t.password_title()).await?,
        t,
        login: whose.login.trim().to_lowercase(),
        name: whose.name.to_owned(),
        one_time: one_time.reveal().to_owned(),
        href: format!("/admin/users/{}", whose.account),
        note: whose.note.map(|note| Alert::new(Tone::Info, note, t.password_beside_next())),
    })
}
