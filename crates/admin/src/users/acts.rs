//! Single acts on an account: a new one-time password, lock and unlock, the end of a tenure.

use access::accounts::{self, Account, Password};
use access::posts;
use base::{AccountId, Day};
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, WebError};

use super::card::look_up;
use super::create::show_password;
use crate::{Texts, says, section};

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
    show_password(&ctx, id, &account.login, &account.name, &one_time).await
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
    back: String,
}

impl FromForm for End {
    fn read(form: &mut Reader) -> Option<Self> {
        let version = form.version();
        let until = form.day("until");
        let back = form.text("back", 120);
        Some(Self { version: version?, until: until?, back: back? })
    }
}

/// Ends a tenure with the day that was chosen; today means at once.
pub async fn end_tenure(ctx: Ctx, Path(tenure): Path<Uuid>, form: Form<End>) -> PageResult {
    let Some(End { version, until, back }) = form.input else {
        return Err(WebError::refused(
            says::both(|t| t.tenure_no_day().to_owned()),
            says::both(|t| t.refused_next().to_owned()),
        ));
    };
    let last_day = until;
    let until = if until == ctx.today() { ctx.now } else { until.tomorrow().start() };
    let write = ctx.write("admin.end_tenure").await?;
    let post = posts::post_of_tenure(write.connection(), tenure).await?;
    if !section::is_in_reach(&ctx.actor, &post.area) {
        return Err(WebError::NotFound);
    }
    // The last administrator who ended their own tenure would leave nobody who could appoint another.
    let account = ctx.actor.account.ok_or(WebError::NotFound)?;
    if posts::tenures_of_account(write.connection(), account).await?.iter().any(|own| own.id == tenure) {
        return Err(WebError::refused(
            says::both(|t| t.tenure_end_own().to_owned()),
            says::both(|t| t.user_lock_own_next().to_owned()),
        ));
    }
    posts::end_tenure(&write, tenure, version, until).await.map_err(says::refusal)?;
    let said = Texts(ctx.language).said_tenure_ended(web::show::full_day(last_day));
    ctx.save_saying(write, web::own_address(&back), said).await
}
