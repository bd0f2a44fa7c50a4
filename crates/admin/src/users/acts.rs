//! Single acts on an account: a new one-time password, lock and unlock, the end of a tenure.

use access::AccessError;
use access::accounts::{self, Account, Password};
use access::posts;
use base::{AccountId, Day};
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, WebError};

use super::card::{self, EndFault, look_up};
use super::create::{Whose, show_password};
use crate::{Texts, posts as posts_pages, says, section};

/// The account as it stands, if it is the actor's to manage.
async fn current(ctx: &Ctx, id: AccountId) -> Result<Account, WebError> {
    let read = ctx.read().await?;
    Ok(look_up(ctx, &read, id).await?.0)
}

/// Gives a one-time password and shows it once.
pub async fn reset(ctx: Ctx, Path(id): Path<AccountId>, _: Form<()>) -> PageResult {
    let account = current(&ctx, id).await?;
    let one_time = Password::one_time(&ctx.app.entropy);
    let hash = accounts::hash_password(one_time.clone(), &ctx.app.entropy).await?;
    let write = ctx.write("admin.reset_password").await?;
    accounts::issue_password(&write, id, account.version, &hash).await?;
    ctx.save(write, &format!("/admin/users/{id}")).await?;
    let whose = Whose { account: id, login: &account.login, name: &account.name, note: None };
    show_password(&ctx, whose, &one_time).await
}

/// Disables an account. One's own stays in use, so that nobody locks the last administrator out by accident.
pub async fn lock(ctx: Ctx, Path(id): Path<AccountId>, _: Form<()>) -> PageResult {
    if ctx.actor.account == Some(id) {
        return Err(WebError::refused(
            says::both(|t| t.user_lock_own().to_owned()),
            says::both(|t| t.user_lock_own_next().to_owned()),
        ));
    }
    let account = current(&ctx, id).await?;
    let write = ctx.write("admin.lock_user").await?;
    accounts::disable(&write, id, account.version).await?;
    ctx.save_saying(write, &format!("/admin/users/{id}"), Texts(ctx.language).said_user_locked()).await
}

/// Puts an account back in use, and lifts the lock that follows failed attempts.
pub async fn unlock(ctx: Ctx, Path(id): Path<AccountId>, _: Form<()>) -> PageResult {
    let account = current(&ctx, id).await?;
    let write = ctx.write("admin.unlock_user").await?;
    if account.disabled_at.is_some() {
        accounts::enable(&write, id, account.version).await?;
    }
    accounts::unlock(&write, id).await?;
    ctx.save_saying(write, &format!("/admin/users/{id}"), Texts(ctx.language).said_user_unlocked()).await
}

/// The end of a tenure.
pub struct End {
    version: i32,
    until: Day,
}

impl FromForm for End {
    fn read(form: &mut Reader) -> Option<Self> {
        let version = form.version();
        let until = form.day("until");
        Some(Self { version: version?, until: until? })
    }
}

/// Ends a tenure with the day that was chosen; today means at once.
pub async fn end_tenure(ctx: Ctx, Path(tenure): Path<Uuid>, form: Form<End>) -> PageResult {
    let t = Texts(ctx.language);
    let Form { input, typed } = form;
    let read = ctx.read().await?;
    let post = posts::post_of_tenure(read.connection(), tenure).await?;
    if !section::is_in_reach(&ctx.actor, &post.area) {
        return Err(WebError::NotFound);
    }
    let held = posts::tenures_of_post(read.connection(), post.id).await?;
    drop(read);
    let held = held.into_iter().find(|held| held.id == tenure).ok_or(WebError::NotFound)?;
    // The last administrator who ended their own tenure would leave nobody who could appoint another.
    if ctx.actor.account == Some(held.account) {
        return Err(WebError::refused(
            says::both(|t| t.tenure_end_own().to_owned()),
            says::both(|t| t.user_lock_own_next().to_owned()),
        ));
    }
    // Back to the page that it was sent from: that of the person or that of the post.
    let back = web::own_address(typed.value("back")).to_owned();
    let is_of_post = back.starts_with("/admin/posts/");
    let again = async |message: String| {
        let fault = EndFault { tenure, until: typed.value("until").to_owned(), message };
        if is_of_post {
            posts_pages::show_end_fault(&ctx, post.id, fault).await
        } else {
            card::show_end_fault(&ctx, held.account, fault).await
        }
    };
    let Some(End { version, until: last_day }) = input else {
        let message = typed.fault_of("until").unwrap_or_else(|| t.tenure_no_day());
        return again(message.to_owned()).await;
    };
    let is_at_once = last_day == ctx.today();
    let until = if is_at_once { ctx.now } else { last_day.tomorrow().start() };
    let write = ctx.write("admin.end_tenure").await?;
    match posts::end_tenure(&write, tenure, version, until).await {
        Ok(()) => {}
        Err(AccessError::Field { fault, .. }) => {
            drop(write);
            return again(says::field_fault(t, fault)).await;
        }
        Err(other) => return Err(other.into()),
    }
    let said = if is_at_once {
        t.said_tenure_ended_now().to_owned()
    } else {
        t.said_tenure_ended(web::show::full_day(last_day))
    };
    ctx.save_saying(write, &back, said).await
}
