//! Style sheets, scripts and icons: built by `cargo xtask assets` into `dist/`, embedded, served for ever under names
//! that change with their content.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::RustEmbed;

use crate::error::WebError;
use crate::extract::Path;

#[derive(RustEmbed)]
#[folder = "dist/"]
struct Dist;

/// From the plain name to the built one: `desk.js` → `desk.0b827d37f037.js`.
static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Dist::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
});

/// What the shell needs. Without one of these pages come without form.
const NEEDED: [&str; 5] = ["desk.css", "desk.js", "phone.css", "phone.js", "icons.svg"];

/// Where the file with this plain name is served.
pub fn href(name: &str) -> String {
    let built = MANIFEST.get(name).map_or(name, String::as_str);
    format!("/assets/{built}")
}

/// Whether the assets were built into this binary.
///
/// # Errors
/// What to do when they were not; `serve` says it and stops.
pub fn check() -> Result<(), String> {
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !MANIFEST.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "style sheets and scripts are not built ({} missing): run `cargo xtask assets`, then build again",
        missing.join(", ")
    ))
}

/// Leads to the product's mark: a browser asks here for it where a page could not name one (a picture, a file, a text).
pub(crate) async fn favicon() -> Redirect {
    Redirect::temporary(&href("mark.svg"))
}

/// Serves one file.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = Dist::get(&name).filter(|_| name != "manifest.json") else {
        return WebError::NotFound.into_response();
    };
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let mut response = (StatusCode::OK, file.data.into_owned()).into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}
