//! `/log-in` and `/log-out`.

use access::AccessError;
use access::accounts::{self, Attempt, LOCK_OUT, Password};
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use web::components::{Alert, Tone};
use web::{
    Ctx, Form, FromForm, PageResult, Pages, Query, Reader, Rule, Shell, Typed, Visitor, own_address, session,
};

use super::ClientAddress;
use crate::Texts;

/// The most characters of a login name that are looked at.
const LOGIN_AT_MOST: usize = 64;
/// The most characters of the address to go on to.
const NEXT_AT_MOST: usize = 2_000;

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new().get("/log-in", Rule::Anyone, show).post("/log-in", Rule::Anyone, log_in).post(
        "/log-out",
        Rule::OwnAccount,
        log_out,
    )
}

#[derive(Template)]
#[template(path = "entrance/templates/log_in.html")]
struct LogInPage {
    shell: Shell,
    t: Texts,
    form: Typed,
    alert: Option<Alert>,
    next: String,
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    next: Option<String>,
    left: Option<String>,
}

/// What was typed at the door.
struct Credentials {
    login: String,
    password: Password,
    next: String,
}

impl FromForm for Credentials {
    fn read(form: &mut Reader) -> Option<Self> {
        let login = form.text("login", LOGIN_AT_MOST);
        let password = form.raw("password");
        let next = form.optional_text("next", NEXT_AT_MOST);
        Some(Self { login: login?, password: Password::new(password?), next: next?.unwrap_or_default() })
    }
}

async fn show(visitor: Visitor, Query(wanted): Query<Wanted>) -> PageResult {
    let next = wanted.next.unwrap_or_default();
    if visitor.clone().logged_in().is_some() {
        return Ok(web::see_other(own_address(&next)));
    }
    let t = Texts(visitor.language);
    let alert = if wanted.left.is_some() {
        Some(Alert::new(Tone::Ok, t.log_in_left(), t.log_in_left_detail()))
    } else if next.contains("parked=") {
        Some(Alert::new(Tone::Medium, t.log_in_parked(), t.log_in_parked_detail()))
    } else {
        None
    };
    web::page(&page(&visitor, Typed::empty(visitor.language), alert, next))
}

fn page(visitor: &Visitor, form: Typed, alert: Option<Alert>, next: String) -> LogInPage {
    let t = Texts(visitor.language);
    LogInPage { shell: Shell::plain(visitor, t.log_in_title()), t, form, alert, next }
}

async fn log_in(
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
    form: Form<Credentials>,
) -> PageResult {
    let Form { input, typed } = form;
    let Some(Credentials { login, password, next }) = input else {
        let next = typed.value("next").to_owned();
        return web::unprocessable(&page(&visitor, typed, None, next));
    };
    let app = &visitor.app;
    let attempt = Attempt { login, password, address };
    match accounts::log_in(&app.database, visitor.operation_named("admin.log_in"), attempt).await {
        Ok(entered) => {
            let wanted = own_address(&next);
            let has_choice = !entered.has_post && !entered.account.must_change_password;
            let mut response = web::see_other(if has_choice { "/account" } else { wanted });
            session::begin(&app.site, &mut response, &entered.token);
            Ok(response)
        }
        Err(error) => refuse(&visitor, typed, next, error),
    }
}

/// One answer for a wrong password, an unknown account and a disabled one.
fn refuse(visitor: &Visitor, typed: Typed, next: String, error: AccessError) -> PageResult {
    let t = Texts(visitor.language);
    let alert = match error {
        AccessError::WrongCredentials { attempts_left: 0 } => {
            Alert::new(Tone::Urgent, t.log_in_wrong(), t.log_in_wrong_last(LOCK_OUT.minutes))
        }
        AccessError::WrongCredentials { attempts_left } => {
            Alert::new(Tone::Urgent, t.log_in_wrong(), t.log_in_wrong_detail(attempts_left, LOCK_OUT.minutes))
        }
        AccessError::Locked { until } => {
            let left = until.milliseconds_since(visitor.app.machine_now());
            let minutes = left.max(0).unsigned_abs().div_ceil(60_000).max(1);
            Alert::new(Tone::Urgent, t.log_in_locked(minutes), t.log_in_locked_detail())
        }
        other => return Err(other.into()),
    };
    web::unprocessable(&page(visitor, typed, Some(alert), next))
}

async fn log_out(
    ctx: Ctx,
    ClientAddress(address): ClientAddress,
    _: Form<()>,
) -> Result<Response, web::WebError> {
    if let Some(token) = ctx.session_token() {
        let write = ctx.write("admin.log_out").await?;
        accounts::log_out(&write, &token, &address).await?;
        write.save().await?;
    }
    let mut response = web::see_other("/log-in?left=1");
    session::end(&ctx.app.site, &mut response);
    Ok(response)
}
