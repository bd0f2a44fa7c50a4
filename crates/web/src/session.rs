//! Cookies, the session behind one of them, and the tokens that tie a form to it.
//!
//! Four cookies, all `HttpOnly; SameSite=Lax; Path=/`: `shouwang` (the session), `shouwang_visitor` (a random value for
//! people who are not logged in yet, so that the log-in form has a token too), `shouwang_language`, and for a minute after
//! a form `shouwang_said` (the receipt whose sentence the next page says).

use access::sessions::{self, SessionToken};
use access::{AccessError, Actor};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base::{AccountId, OperationId};
use store::{ActorRef, Keys, Operation};
use uuid::Uuid;

use crate::app::{App, Site};
use crate::error::WebError;

/// The cookie that holds the session's token.
pub const SESSION_COOKIE: &str = "shouwang";
/// The cookie of people who are not logged in.
pub const VISITOR_COOKIE: &str = "shouwang_visitor";
/// The cookie that holds the language.
pub const LANGUAGE_COOKIE: &str = "shouwang_language";
/// The cookie that names the receipt of the form that was sent last, until a page has said what was done.
pub const SAID_COOKIE: &str = "shouwang_said";
/// How long a sentence waits for the page that says it, in seconds.
const SAID_SECONDS: u32 = 60;

/// How long the cookie of a session that has ended still tells whose a late form is, in minutes.
const AFTERWARDS_MINUTES: i64 = 24 * 60;

/// What stands in a token for nobody's account.
const VISITOR: &str = "-";

/// The most characters of a cookie that are looked at.
const COOKIE_AT_MOST: usize = 256;

/// The secret behind a request's cookie.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// A session's token, valid or not any more.
    Session(String),
    /// A visitor's random value.
    Visitor(String),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl Secret {
    fn text(&self) -> &str {
        match self {
            Self::Session(text) | Self::Visitor(text) => text,
        }
    }

    /// The token that a form of this session carries: whose form it is, a salt, and a keyed hash of both and the secret.
    /// The account is in it so that a form whose session has ended still tells to whom it is given back; the salt makes
    /// each page's token another one, so that a compressed page tells nothing about it.
    pub fn form_token(&self, keys: &Keys, account: Option<AccountId>, salt: [u8; 8]) -> String {
        let owner = account.map_or_else(|| VISITOR.to_owned(), |account| account.0.simple().to_string());
        let salt = base::hexadecimal(&salt);
        let hash = self.hash(keys, &owner, &salt);
        format!("{owner}.{salt}.{hash}")
    }

    /// Whose form `token` belongs to, if it was made for this secret: `Some(None)` for a visitor's.
    pub fn form_owner(&self, keys: &Keys, token: &str) -> Option<Option<AccountId>> {
        let (owner, rest) = token.split_once('.')?;
        let (salt, hash) = rest.split_once('.')?;
        if !is_equal(self.hash(keys, owner, salt).as_bytes(), hash.as_bytes()) {
            return None;
        }
        if owner == VISITOR { Some(None) } else { owner.parse().ok().map(Some) }
    }

    fn hash(&self, keys: &Keys, owner: &str, salt: &str) -> String {
        base::hexadecimal(&keys.hash("web.form_token", &format!("{owner}\n{salt}\n{}", self.text())))
    }
}

/// The value of the cookie `name`, if it is there and not absurdly long.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && value.len() <= COOKIE_AT_MOST)
        .map(|(_, value)| value)
}

/// The header that sets a cookie for `seconds` (`None`: until the browser is closed). `value` must be plain letters and
/// digits.
pub fn set_cookie(site: &Site, name: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let secure = if site.is_secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")).ok()
}

/// Puts the session into `response`: the end of a log-in. What was to be said to whoever was there before is not said.
/// The cookie stays for a day after the session has ended: only with it is a form that was sent too late still known to
/// be that person's, and given back to them after they have logged in.
pub fn begin(site: &Site, response: &mut Response, token: &SessionToken) {
    let seconds = u32::try_from((sessions::ABSOLUTE_LIMIT_MINUTES + AFTERWARDS_MINUTES) * 60).ok();
    append(response, set_cookie(site, SESSION_COOKIE, token.reveal(), seconds));
    has_said(site, response);
}

/// Takes the session out of the browser, and what was still to be said in it: the end of a log-out.
pub fn end(site: &Site, response: &mut Response) {
    append(response, set_cookie(site, SESSION_COOKIE, "", Some(0)));
    has_said(site, response);
}

/// Lets the next page say what the receipt keeps.
pub(crate) fn say_next(site: &Site, response: &mut Response, receipt: Uuid) {
    append(response, set_cookie(site, SAID_COOKIE, &receipt.simple().to_string(), Some(SAID_SECONDS)));
}

/// What was to be said has been said.
pub(crate) fn has_said(site: &Site, response: &mut Response) {
    append(response, set_cookie(site, SAID_COOKIE, "", Some(0)));
}

fn append(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Who stands behind a cookie.
pub(crate) struct Standing {
    /// Who acts, in which post.
    pub actor: Actor,
    /// Whether they must choose a password of their own before anything else.
    pub must_change_password: bool,
}

/// Who acts in the session of a cookie; `None` when there is none any more. Writes down now and then that it is in use.
pub(crate) async fn standing(
    app: &App,
    operation: OperationId,
    text: &str,
) -> Result<Option<Standing>, WebError> {
    let Some(token) = SessionToken::parse(text) else { return Ok(None) };
    let (now, machine_now) = (app.now(), app.machine_now());
    let read = app.database.read().await?;
    let session = match sessions::find(&read, &token, now, machine_now).await {
        Ok(session) => session,
        Err(AccessError::SessionEnded | AccessError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    drop(read);
    if session.is_due(machine_now) {
        let operation =
            Operation { id: operation, name: "web.touch_session", actor: ActorRef::SYSTEM, at: now };
        let write = app.database.write(operation).await?;
        sessions::touch(&write, &token).await?;
        write.save().await?;
    }
    let must_change_password = session.account.must_change_password;
    Ok(Some(Standing { actor: session.actor, must_change_password }))
}

/// Compares in a time that does not tell how much of it is right.
fn is_equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; shouwang_visitor=x; shouwang=abc".parse().unwrap());
        assert_eq!(cookie(&headers, SESSION_COOKIE), Some("abc"));
        assert_eq!(cookie(&headers, "b"), None);
    }

    #[test]
    fn equal_in_constant_time() {
        assert!(is_equal(b"abc", b"abc"));
        assert!(!is_equal(b"abc", b"abd"));
        assert!(!is_equal(b"abc", b"ab"));
    }
}
