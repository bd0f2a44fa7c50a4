//! From a page struct to a response. A page struct *is* its template: it holds a [`crate::Shell`], what it shows, and
//! methods for what a template would otherwise have to work out.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::PageResult;

/// A page, 200.
pub fn page(template: &impl Template) -> PageResult {
    page_with(StatusCode::OK, template)
}

/// The page of a form that cannot be taken as it was filled in, 422: htmx puts it in place all the same.
pub fn unprocessable(template: &impl Template) -> PageResult {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// The page that shows a person what somebody else saved in the meantime, 409.
pub fn overtaken(template: &impl Template) -> PageResult {
    page_with(StatusCode::CONFLICT, template)
}

/// A page with another status. A piece of a page (`template.as_rows()`) goes the same way.
pub fn page_with(status: StatusCode, template: &impl Template) -> PageResult {
    let html = template.render()?;
    let mut response = (status, html).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

/// A file to be saved under `file_name`, which must say nothing personal.
pub fn download(file_name: &str, content_type: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let encoded = percent_encoding::utf8_percent_encode(file_name, percent_encoding::NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
