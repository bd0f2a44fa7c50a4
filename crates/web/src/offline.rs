//! What a phone shows where a page cannot be loaded for want of signal: a page in both languages, kept by a service worker.
//! The worker keeps that page, its sheet and its icons, and nothing else: no page of anybody's, no answer of the server.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use texts::Language;

use crate::Texts;
use crate::assets;
use crate::error::PageResult;

/// Where the page is.
pub(crate) const PAGE: &str = "/m/offline";
/// Where the worker is; it answers for addresses that begin as the folder it lies in.
pub(crate) const WORKER: &str = "/m/worker.js";
/// The phone's first page has no slash at its end, so the worker is let out of its folder by this much.
const SCOPE: &str = "/m";

#[derive(Template)]
#[template(path = "offline.html")]
struct OfflinePage {
    sheet: String,
    mark: String,
    says: [(&'static str, Texts); 2],
}

/// The page: the same for everybody, so that nothing of a person is kept with it.
pub(crate) async fn page() -> PageResult {
    let says = [Language::Chinese, Language::English].map(|language| (language.tag(), Texts(language)));
    crate::page::page(&OfflinePage { sheet: assets::href("phone.css"), mark: assets::href("mark.svg"), says })
}

#[derive(Template)]
#[template(path = "worker.js", escape = "none")]
struct Worker {
    page: &'static str,
    kept: [String; 3],
}

/// The worker. Its text changes with the files that it keeps, and a browser that sees another text takes them anew.
pub(crate) async fn worker() -> Result<Response, crate::error::WebError> {
    let kept = ["phone.css", "icons.svg", "mark.svg"].map(assets::href);
    let mut response = Worker { page: PAGE, kept }.render()?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert("service-worker-allowed", HeaderValue::from_static(SCOPE));
    Ok(response)
}
