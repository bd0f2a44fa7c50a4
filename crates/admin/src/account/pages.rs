//! `/account`. Somebody with a one-time password sees nothing else until they have chosen one of their own.

use access::accounts::{self, Account, LOCK_OUT, Password};
use access::posts::{self, Post};
use access::{AccessError, organisations, sessions};
use askama::Template;
use axum::http::StatusCode;
use base::{AccountId, PostId};
use serde::Deserialize;
use web::components::{Alert, Tone};
use web::{
    Ctx, Form, FromForm, PageResult, Pages, Query, Reader, Rule, Shell, Typed, WebError, Worded as _, session,
};

use crate::{Texts, says};

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new()
        .get("/account", Rule::OwnAccount, show)
        .post("/account/password", Rule::OwnAccount, change_password)
        .post("/account/post", Rule::LoggedIn, choose_post)
}

#[derive(Template)]
#[template(path = "account/templates/account.html")]
struct AccountPage {
    shell: Shell,
    t: Texts,
    account: Account,
    form: Typed,
    alert: Option<Alert>,
    must_change: bool,
    posts: Vec<HeldPost>,
    minimum_length: usize,
}

/// A post that the person holds at present.
struct HeldPost {
    id: PostId,
    name: String,
    organisation: String,
    is_present: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    done: Option<String>,
}

struct NewPassword {
    old: Password,
    new: Password,
}

impl FromForm for NewPassword {
    fn read(form: &mut Reader) -> Option<Self> {
        let old = form.raw("password_old");
        let new = form.raw("password_new");
        let again = form.raw("password_again");
        let (old, new, again) = (old?, new?, again?);
        if new != again {
            let fault = Texts(form.language()).account_not_twice_the_same().to_owned();
            return form.fault("password_again", &base::Label { zh: fault.clone(), en: fault });
        }
        Some(Self { old: Password::new(old), new: Password::new(new) })
    }
}

struct Chosen(PostId);

impl FromForm for Chosen {
    fn read(form: &mut Reader) -> Option<Self> {
        form.id("post").map(Self)
    }
}

async fn show(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    let t = Texts(ctx.language);
    let alert = wanted.done.map(|_| Alert::new(Tone::Ok, t.account_changed(), t.account_changed_detail()));
    let form = Typed::empty(ctx.language);
    web::page(&page(&ctx, form, alert).await?)
}

async fn page(ctx: &Ctx, form: Typed, alert: Option<Alert>) -> Result<AccountPage, WebError> {
    let t = Texts(ctx.language);
    let must_change = ctx.must_change_password();
    let read = ctx.read().await?;
    let account = accounts::get(read.connection(), read.keys(), account_of(ctx)?).await?;
    let held = posts::present_posts(read.connection(), account.id, ctx.now).await?;
    let named = organisations::by_ids(
        read.connection(),
        &held.iter().map(|post| post.organisation).collect::<Vec<_>>(),
    )
    .await?;
    drop(read);
    let posts = held.iter().map(|post| held_post(ctx, post, &named)).collect();
    let mut shell = if must_change {
        Shell::plain(ctx, t.account_first_title())
    } else {
        ctx.shell("/account", t.account_title()).await?
    };
    if must_change {
        // Nothing else is open yet, so nothing else is offered; only the way out is.
        shell.user.log_out = Some("/log-out".to_owned());
    }
    let alert = alert.or_else(|| hint(ctx, t, must_change, &held));
    let minimum_length = accounts::MINIMUM_LENGTH;
    Ok(AccountPage { shell, t, account, form, alert, must_change, posts, minimum_length })
}

/// What somebody has to do here before they can go on.
fn hint(ctx: &Ctx, t: Texts, must_change: bool, held: &[Post]) -> Option<Alert> {
    if must_change {
        return Some(Alert::new(Tone::Medium, t.account_first(), t.account_first_detail()));
    }
    match (ctx.actor.post, held.is_empty()) {
        (Some(_), _) => None,
        (None, true) => Some(Alert::new(Tone::Medium, t.account_no_post(), t.account_no_post_detail())),
        (None, false) => Some(Alert::new(Tone::Info, t.account_choose(), t.account_choose_detail())),
    }
}

/// Area, role and title: 西丽街道 儿童督导员.
fn post_name(ctx: &Ctx, post: &Post) -> String {
    let role = ctx.app.roles.get(&post.role).map_or(post.role.as_str(), |role| role.label.says(ctx.language));
    let area = ctx.app.areas.get(post.area.area()).map_or("", |area| area.short_name.as_str());
    format!("{area} {role} {}", post.title).trim().to_owned()
}

fn held_post(ctx: &Ctx, post: &Post, named: &[organisations::Organisation]) -> HeldPost {
    let organisation = named.iter().find(|organisation| organisation.id == post.organisation);
    HeldPost {
        id: post.id,
        name: post_name(ctx, post),
        organisation: organisation.map(|organisation| organisation.name.clone()).unwrap_or_default(),
        is_present: ctx.actor.post == Some(post.id),
    }
}

fn account_of(ctx: &Ctx) -> Result<AccountId, WebError> {
    ctx.actor.account.ok_or(WebError::NotAllowed)
}

async fn change_password(ctx: Ctx, form: Form<NewPassword>) -> PageResult {
    let Form { input, mut typed } = form;
    let t = Texts(ctx.language);
    let Some(NewPassword { old, new }) = input else {
        return web::unprocessable(&page(&ctx, typed, None).await?);
    };
    let account = account_of(&ctx)?;
    let operation = ctx.operation_named("admin.change_password");
    match accounts::change_password(&ctx.app.database, operation, account, old, new).await {
        Ok(()) => return begin_again(&ctx, account).await,
        Err(AccessError::WrongCredentials { attempts_left }) => {
            typed.add_fault("password_old", t.account_wrong_old(attempts_left, LOCK_OUT.minutes));
        }
        Err(AccessError::Password(faults)) => {
            typed.add_fault("password_new", says::password_faults(t, &faults));
        }
        Err(AccessError::Locked { .. }) => {
            let alert = Alert::new(Tone::Urgent, t.account_locked(LOCK_OUT.minutes), "");
            return web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page(&ctx, typed, Some(alert)).await?);
        }
        Err(other) => return Err(other.into()),
    }
    web::unprocessable(&page(&ctx, typed, None).await?)
}

/// Every session of the account has ended with its old password; this browser gets a fresh one, in the same post.
async fn begin_again(ctx: &Ctx, account: AccountId) -> PageResult {
    let app = &ctx.app;
    let write = app.database.write(ctx.operation_named("admin.open_session")).await?;
    let token = sessions::open_after_change(&write, &app.entropy, account).await?;
    if let Some(post) = ctx.actor.post {
        sessions::choose_post(&write, &token, account, post).await?;
    }
    write.save().await?;
    let mut response =
        web::see_other(if ctx.must_change_password() { "/" } else { "/account?done=password" });
    session::begin(&app.site, &mut response, &token);
    Ok(response)
}

async fn choose_post(ctx: Ctx, form: Form<Chosen>) -> PageResult {
    let Some(Chosen(post)) = form.input else {
        return web::unprocessable(&page(&ctx, form.typed, None).await?);
    };
    let token = ctx.session_token().ok_or(WebError::LogIn)?;
    let write = ctx.write("admin.choose_post").await?;
    sessions::choose_post(&write, &token, account_of(&ctx)?, post).await?;
    let chosen = posts::get(write.connection(), post).await?;
    let said = Texts(ctx.language).said_post_chosen(post_name(&ctx, &chosen));
    ctx.save_saying(write, "/", said).await
}
