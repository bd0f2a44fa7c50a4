//! What happens around every handler, outermost first: the operation gets its number, the session is read, a bound is set
//! on time, a panic is caught, an error gets its page, the headers are set, one line is logged.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::OperationId;
use futures::FutureExt as _;
use texts::Language;

use crate::app::App;
use crate::assemble::{Frame, admits};
use crate::ctx::Visitor;
use crate::error::WebError;
use crate::error_page;
use crate::form;
use crate::form::see_other;
use crate::pages::Rule;
use crate::session::{self, Secret};
use crate::visit::{Manner, Visit, operation_number};

/// The largest form without files, in bytes.
pub const FORM_BYTES_AT_MOST: usize = 1024 * 1024;
/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_mins(2);
/// How long the visitor's cookie is kept, in seconds.
const VISITOR_SECONDS: u32 = 12 * 3600;

/// Design §6, word for word: nothing inline, nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What the layers know.
#[derive(Clone)]
pub(crate) struct Served {
    pub app: App,
    pub frame: Arc<Frame>,
}

/// The outermost layer.
pub(crate) async fn serve(State(served): State<Served>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    if is_plain(request.uri().path()) {
        let mut response = next.run(request).await;
        set_headers(&served.app, response.headers_mut());
        return response;
    }
    // Methods and paths are logged; addresses hold ids, never anything personal.
    let line = format!("{} {}", request.method(), request.uri().path());
    let (mut parts, body) = request.into_parts();
    let Opened { visit, new_visitor, failure } = open_visit(&served, &parts).await;
    let visit = Arc::new(visit);
    parts.extensions.insert(Arc::clone(&visit));
    parts.extensions.insert(Arc::clone(&served.frame));
    if let Some(error) = failure {
        let visitor = Visitor::new(served.app, visit, served.frame);
        return finish(&visitor, &line, started, error.into_response()).await;
    }
    let request = Request::from_parts(parts, body);
    let answer =
        AssertUnwindSafe(tokio::time::timeout(ANSWER_WITHIN, next.run(request))).catch_unwind().await;
    let response = match answer {
        Ok(Ok(response)) => response,
        Ok(Err(_elapsed)) => WebError::Busy.into_response(),
        // What it says may quote what somebody typed. Where it happened the hook on panics has logged.
        Err(_panic) => WebError::internal("panicked").into_response(),
    };
    let visitor = Visitor::new(served.app, visit, served.frame);
    let mut response = finish(&visitor, &line, started, response).await;
    if let Some(cookie) = new_visitor {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Files and the questions of whoever watches the process need no session.
fn is_plain(path: &str) -> bool {
    path.starts_with("/assets/") || ["/favicon.ico", "/healthz", "/readyz"].contains(&path)
}

/// A request that was looked at.
struct Opened {
    visit: Visit,
    /// The cookie of somebody who had none.
    new_visitor: Option<HeaderValue>,
    /// Why the session could not be read.
    failure: Option<WebError>,
}

/// Reads cookies, language and session.
async fn open_visit(served: &Served, parts: &Parts) -> Opened {
    let app = &served.app;
    let headers = &parts.headers;
    let operation = OperationId(app.entropy.uuid(app.machine_now()));
    let token = session::cookie(headers, session::SESSION_COOKIE);
    let visitor = session::cookie(headers, session::VISITOR_COOKIE);
    let fresh = base::hexadecimal(&app.entropy.bytes::<16>());
    let secret = match (token, visitor) {
        (Some(token), _) => Secret::Session(token.to_owned()),
        (None, Some(visitor)) => Secret::Visitor(visitor.to_owned()),
        (None, None) => Secret::Visitor(fresh.clone()),
    };
    let new_visitor = (token.is_none() && visitor.is_none())
        .then(|| session::set_cookie(&app.site, session::VISITOR_COOKIE, &fresh, Some(VISITOR_SECONDS)))
        .flatten();
    let visit = Visit::new(operation, secret, language(headers), app.now(), parts);
    let mut opened = Opened { visit, new_visitor, failure: None };
    if let Some(token) = token {
        let known = recognise(app, token, parts.uri.query(), &mut opened.visit).await;
        opened.failure = match known {
            Ok(()) => recall(app, parts, &mut opened.visit).await.err(),
            Err(error) => Some(error),
        };
    }
    opened
}

/// Finds who acts in the session, and what they had typed when an earlier one ended.
async fn recognise(app: &App, token: &str, query: Option<&str>, visit: &mut Visit) -> Result<(), WebError> {
    if let Some(standing) = session::standing(app, visit.operation, token).await? {
        visit.must_change_password = standing.must_change_password;
        visit.actor = Some(Arc::new(standing.actor));
    }
    let account = visit.actor.as_ref().and_then(|actor| actor.account);
    if let Some((id, account)) = parked_id(query).zip(account) {
        visit.parked = form::open_parked(&app.database, id, account, app.machine_now()).await?;
    }
    Ok(())
}

/// Finds what the form before this page has done. Only a page says it, not the pictures and fragments on it.
async fn recall(app: &App, parts: &Parts, visit: &mut Visit) -> Result<(), WebError> {
    let is_page =
        parts.method == Method::GET && visit.manner == Manner::Page && accepts_pages(&parts.headers);
    let receipt = session::cookie(&parts.headers, session::SAID_COOKIE).and_then(|id| id.parse().ok());
    let account = visit.actor.as_ref().and_then(|actor| actor.account);
    if let Some((receipt, account)) = receipt.zip(account).filter(|_| is_page) {
        visit.said = form::said(&app.database, receipt, account).await?;
    }
    Ok(())
}

/// A browser that asks for a page says so; what asks for nothing in particular may have one.
fn accepts_pages(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_none_or(|accepted| accepted.contains("text/html"))
}

fn parked_id(query: Option<&str>) -> Option<uuid::Uuid> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == form::PARKED_FIELD).find_map(|(_, value)| value.parse().ok())
}

/// The language that was chosen, else the browser's.
fn language(headers: &HeaderMap) -> Language {
    let chosen = session::cookie(headers, session::LANGUAGE_COOKIE).and_then(Language::of_tag);
    let accepted = || {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        header.map_or(Language::Chinese, Language::accepted)
    };
    chosen.unwrap_or_else(accepted)
}

/// Lets in those whom the route's rule admits, sends those who are not logged in to do so, and keeps what they typed.
pub(crate) async fn guard(
    State(served): State<Served>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let Some(rule) = served.frame.rule(request.method(), path.as_str()) else {
        return match page_of_form(&served.frame, path.as_str(), request.uri()) {
            Some(page) if request.method() == Method::GET => see_other(&page),
            // Not what a page of ours sends: axum's answer is 405.
            _ => next.run(request).await,
        };
    };
    let visit: Option<Arc<Visit>> = request.extensions().get().cloned();
    let actor = visit.as_ref().and_then(|visit| visit.actor.clone());
    if let Some(visit) = &visit
        && visit.must_change_password
        && matches!(rule, Rule::LoggedIn | Rule::May(_) | Rule::MayAnyMatter(_))
    {
        return to_own_password(&served.frame, visit.manner);
    }
    if admits(&served.app, actor.as_deref(), rule) {
        return next.run(request).await;
    }
    let Some(visit) = visit else { return WebError::NotAllowed.into_response() };
    if let Some(actor) = actor {
        let is_page = visit.manner == Manner::Page && request.method() == Method::GET;
        return match served.frame.account() {
            // Who acts in no post may nothing: their own page says why, and lets them choose where there is a choice.
            account if is_page && actor.post.is_none() && account != "/" => see_other(account),
            _ => WebError::NotAllowed.into_response(),
        };
    }
    let wanted = match form::park(&served.app, &visit, request).await {
        Ok(Some(page)) => page,
        Ok(None) => visit.address.clone(),
        Err(error) => return error.into_response(),
    };
    let encoded = percent_encoding::utf8_percent_encode(&wanted, percent_encoding::NON_ALPHANUMERIC);
    let target = format!("{}?next={encoded}", served.frame.log_in());
    match visit.manner {
        Manner::Page => see_other(&target),
        Manner::Fragment => {
            let mut response = WebError::LogIn.into_response();
            set(response.headers_mut(), "hx-redirect", &target);
            response
        }
        Manner::Json => WebError::LogIn.into_response(),
    }
}

/// The page that has the form which is sent to `pattern`: the nearest address above it that is a page. A page that
/// answers a form shows the form's address, and whoever asks for it again, or is led back to it after a log-in, wants the
/// page.
fn page_of_form(frame: &Frame, pattern: &str, address: &Uri) -> Option<String> {
    let (mut pattern, mut path) = (pattern, address.path());
    while let (Some((above, _)), Some((page, _))) = (pattern.rsplit_once('/'), path.rsplit_once('/')) {
        if above.is_empty() || page.is_empty() {
            break;
        }
        if frame.rule(&Method::GET, above).is_some() {
            let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
            return Some(format!("{page}{query}"));
        }
        (pattern, path) = (above, page);
    }
    None
}

/// Somebody whose password was issued by another chooses one of their own before they see or do anything.
fn to_own_password(frame: &Frame, manner: Manner) -> Response {
    match manner {
        Manner::Page | Manner::Fragment => see_other(frame.account()),
        Manner::Json => WebError::PasswordFirst.into_response(),
    }
}

/// The address of no page.
pub(crate) async fn no_such_page() -> WebError {
    WebError::NotFound
}

/// Gives an error its page, sets the headers, logs.
async fn finish(visitor: &Visitor, line: &str, started: Instant, response: Response) -> Response {
    let error: Option<Arc<WebError>> = response.extensions().get().cloned();
    let operation = operation_number(visitor.operation);
    let mut response = match error {
        Some(error) => {
            if let WebError::Internal(cause) = &*error {
                tracing::error!(operation, operation_id = %visitor.operation, "{cause:#}");
            }
            error_page::dress(visitor, &error, response).await
        }
        None => response,
    };
    if visitor.wants_fragment() && response.status() == StatusCode::SEE_OTHER {
        // A browser would follow inside htmx's request and put the next page into a corner of this one.
        if let Some(location) = response.headers_mut().remove(header::LOCATION) {
            response.headers_mut().insert(HeaderName::from_static("hx-redirect"), location);
            *response.status_mut() = StatusCode::OK;
        }
    }
    // A download or a redirection says nothing, so it uses nothing up.
    if visitor.visit().said.is_some() && is_page(&response) {
        session::has_said(&visitor.app.site, &mut response);
    }
    set_headers(&visitor.app, response.headers_mut());
    set(response.headers_mut(), "x-operation", &operation);
    tracing::info!(
        operation,
        role = visitor.visit().role(),
        status = response.status().as_u16(),
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "{line}"
    );
    response
}

/// Whether the response is a page that somebody reads.
fn is_page(response: &Response) -> bool {
    let content = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    !response.status().is_redirection() && content.is_some_and(|content| content.starts_with("text/html"))
}

fn set_headers(app: &App, headers: &mut HeaderMap) {
    set(headers, "content-security-policy", CONTENT_SECURITY_POLICY);
    set(headers, "x-content-type-options", "nosniff");
    // The page that sent a form is where its sender comes back to after a log-in.
    set(headers, "referrer-policy", "same-origin");
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "cross-origin-resource-policy", "same-origin");
    set(
        headers,
        "permissions-policy",
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    );
    if app.site.is_secure {
        set(headers, "strict-transport-security", "max-age=31536000");
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        set(headers, "cache-control", "no-store");
        set(headers, "vary", "HX-Request, Cookie, Accept-Language");
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
