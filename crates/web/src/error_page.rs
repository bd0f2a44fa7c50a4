//! The page of an error: what happened, what to do next, the operation's number, and a way on.

use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::assemble::admits;
use crate::ctx::Visitor;
use crate::error::{Explanation, PageResult, WebError};
use crate::form::see_other;
use crate::page::page_with;
use crate::shell::{self, Shell};
use crate::visit::{Manner, operation_number};

#[derive(Template)]
#[template(path = "error_page.html")]
struct ErrorPage {
    shell: Shell,
    error: Shown,
}

#[derive(Template)]
#[template(path = "error_phone.html")]
struct ErrorPhone {
    shell: Shell,
    error: Shown,
}

#[derive(Template)]
#[template(path = "error_plain.html")]
struct ErrorPlain {
    shell: Shell,
    error: Shown,
}

#[derive(Template)]
#[template(path = "error_fragment.html")]
struct ErrorFragment {
    error: Shown,
}

/// What all four show.
struct Shown {
    status: u16,
    icon: &'static str,
    title: String,
    next: String,
    operation_label: String,
    /// Where the button leads, and its words.
    way_on: (String, &'static str),
}

/// Puts the page on the bare response of `error`, keeping its headers.
pub(crate) async fn dress(visitor: &Visitor, error: &WebError, bare: Response) -> Response {
    let explanation = error.explain(visitor.language);
    let mut dressed = match (error, visitor.visit().manner) {
        (WebError::DoneBefore { location: Some(location) }, _) => {
            let mut response = see_other(location);
            visitor.say_next(&mut response);
            response
        }
        (_, Manner::Json) => problem(visitor, &explanation),
        (_, manner) => match write(visitor, manner, &explanation).await {
            Ok(page) => page,
            Err(failure) => {
                tracing::error!("the page of an error cannot be shown: {failure}");
                (explanation.status, explanation.title).into_response()
            }
        },
    };
    for (name, value) in bare.headers() {
        if !dressed.headers().contains_key(name) {
            dressed.headers_mut().append(name, value.clone());
        }
    }
    dressed
}

async fn write(visitor: &Visitor, manner: Manner, explanation: &Explanation) -> PageResult {
    let error = shown(visitor, explanation);
    // Done before, and where it led is not known: an answer, not an error.
    let status = match explanation.status {
        StatusCode::SEE_OTHER => StatusCode::OK,
        status => status,
    };
    if manner == Manner::Fragment {
        return page_with(status, &ErrorFragment { error });
    }
    let title = explanation.title.clone();
    if visitor.visit().is_phone {
        return page_with(status, &ErrorPhone { shell: Shell::plain(visitor, title), error });
    }
    // A database that does not answer must not keep the error from being said.
    if status != StatusCode::SERVICE_UNAVAILABLE
        && let Some(ctx) = visitor.clone().logged_in()
        && let Ok(shell) = shell::build(&ctx, "", title.clone()).await
    {
        return page_with(status, &ErrorPage { shell, error });
    }
    page_with(status, &ErrorPlain { shell: Shell::plain(visitor, title), error })
}

fn shown(visitor: &Visitor, explanation: &Explanation) -> Shown {
    let words = crate::Texts(visitor.language);
    let icon = match explanation.status {
        StatusCode::NOT_FOUND => "map-search",
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => "lock",
        StatusCode::CONFLICT => "users",
        StatusCode::SERVICE_UNAVAILABLE => "clock",
        StatusCode::SEE_OTHER => "circle-check",
        _ => "alert-triangle",
    };
    // On a phone the way home is the phone's, for those whose work is there.
    let is_open = |page: &str| {
        let rule = visitor.frame().rule(&Method::GET, page);
        rule.is_some_and(|rule| admits(&visitor.app, visitor.visit().actor.as_deref(), rule))
    };
    let home = if visitor.visit().is_phone && is_open("/m") { "/m" } else { "/" };
    let way_on = match explanation.status {
        // A filter that is not known: the same page without filters.
        StatusCode::BAD_REQUEST => {
            let path = visitor.address().split('?').next().unwrap_or(home);
            (path.to_owned(), words.error_without_filters())
        }
        StatusCode::SERVICE_UNAVAILABLE => (visitor.address().to_owned(), words.error_again()),
        _ => (home.to_owned(), words.error_home()),
    };
    Shown {
        status: explanation.status.as_u16(),
        icon,
        title: explanation.title.clone(),
        next: explanation.next.clone(),
        operation_label: words.foot_operation(operation_number(visitor.operation)),
        way_on,
    }
}

/// RFC 9457.
fn problem(visitor: &Visitor, explanation: &Explanation) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": explanation.title,
        "status": explanation.status.as_u16(),
        "detail": explanation.next,
        "operation": operation_number(visitor.operation),
    });
    let mut response = (explanation.status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
    response
}
