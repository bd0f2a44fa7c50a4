//! The kit's own module: the way in, the language switch, assets, health, and the page of components.

use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use texts::Language;

use crate::ctx::{Ctx, Visitor};
use crate::error::{PageResult, WebError};
use crate::form::{Form, FromForm, Reader, see_other};
use crate::module::{Module, places};
use crate::pages::{Pages, Rule};
use crate::{assets, gallery, health, offline, session, shell};

/// How long the language is remembered, in seconds.
const LANGUAGE_SECONDS: u32 = 365 * 24 * 3600;

pub(crate) fn module() -> Module {
    let pages = Pages::new()
        .get("/", Rule::LoggedIn, home)
        .post("/language", Rule::Anyone, choose_language)
        .get("/assets/{name}", Rule::Anyone, assets::serve)
        .get("/favicon.ico", Rule::Anyone, assets::favicon)
        .get(offline::PAGE, Rule::Anyone, offline::page)
        .get(offline::WORKER, Rule::Anyone, offline::worker)
        .get("/healthz", Rule::Anyone, health::alive)
        .get("/readyz", Rule::Anyone, health::ready)
        .get("/components", Rule::Builders, gallery::desk)
        .get("/components/phone", Rule::Builders, gallery::phone);
    Module { pages, ..Module::new("web") }
}

/// Leads to where the reader begins, else to the first entry of their own rail; somebody without a post has nothing but
/// their account.
async fn home(ctx: Ctx) -> PageResult {
    let frame = ctx.frame();
    let home = frame
        .actions_at(places::HOME)
        .find(|home| shell::is_allowed(&ctx, home.rule) && frame.rule(&Method::GET, home.href).is_some())
        .map(|home| home.href);
    let first = || frame.menu.iter().find(|item| shell::is_allowed(&ctx, item.rule)).map(|item| item.href);
    match home.or_else(first).unwrap_or_else(|| frame.account()) {
        "/" => Err(WebError::NotAllowed),
        href => Ok(see_other(href)),
    }
}

struct Choice {
    language: Language,
    back: String,
}

impl FromForm for Choice {
    fn read(form: &mut Reader) -> Option<Self> {
        let language = form.parsed("language", Language::of_tag);
        let back = form.optional_text("back", 2_000);
        Some(Self { language: language?, back: back?.unwrap_or_default() })
    }
}

async fn choose_language(visitor: Visitor, form: Form<Choice>) -> Response {
    let Some(choice) = form.input else {
        return WebError::NotUnderstood("there is no such language").into_response();
    };
    let mut response = see_other(own_address(&choice.back));
    let site = &visitor.app.site;
    let cookie =
        session::set_cookie(site, session::LANGUAGE_COOKIE, choice.language.tag(), Some(LANGUAGE_SECONDS));
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `address` if it is a path of this site, else the front page: what a log-in or a language switch may lead to.
pub fn own_address(address: &str) -> &str {
    let is_path = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if is_path && address.bytes().all(|byte| byte.is_ascii_graphic()) { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn nobody_is_led_off_the_site() {
        assert_eq!(own_address("/leads?page=2"), "/leads?page=2");
        for foreign in
            ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "", "/a\r\nb", "leads"]
        {
            assert_eq!(own_address(foreign), "/");
        }
    }
}
