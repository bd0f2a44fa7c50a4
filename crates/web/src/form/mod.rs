//! Forms: what was typed, what is wrong with it field by field, and that a form sent twice is done once.
//!
//! ```ignore
//! struct NewPost { role: String, area: AreaId }
//! impl FromForm for NewPost {
//!     fn read(form: &mut Reader) -> Option<Self> {
//!         let role = form.text("role", 64);          // read all first, so that all faults are found
//!         let area = form.parsed("area", |text| text.parse().ok().map(AreaId));
//!         Some(Self { role: role?, area: area? })
//!     }
//! }
//!
//! async fn create(ctx: Ctx, form: Form<NewPost>) -> PageResult {
//!     let Form { input: Some(input), mut typed } = form else {
//!         return show_form(&ctx, form.typed).await;              // 422, everything typed still there
//!     };
//!     let write = ctx.write("access.create_post").await?;        // carries the form's key
//!     let id = posts::create(&write, input).await?;
//!     ctx.save(write, &format!("/posts/{id}")).await             // 303; sent again it answers the same
//! }
//! ```

mod body;
mod once;
mod parked;
mod reader;
mod typed;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::ctx::Visitor;
use crate::error::WebError;

pub use body::Upload;
pub(crate) use body::{Body, is_form};
pub(crate) use once::{finish, keep_said, migrations, said, see_other, take};
pub use parked::ParkedForm;
pub(crate) use parked::{PARKED_FIELD, open as open_parked, park};
pub use reader::{FromForm, Reader};
pub use typed::Typed;

/// The hidden field with the token that ties a form to its session.
pub const TOKEN_FIELD: &str = "_token";
/// The hidden field with the key under which a form is done once.
pub const ONCE_FIELD: &str = "_once";
/// The header that carries the token with JSON.
pub const TOKEN_HEADER: &str = "x-form-token";

/// What a page's forms carry unseen. Written by the macro `tokens`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// For [`TOKEN_FIELD`] and [`TOKEN_HEADER`].
    pub token: String,
    /// For [`ONCE_FIELD`].
    pub once: String,
}

/// A form that was sent.
pub struct Form<T> {
    /// What it says; `None` when a field has a fault, which `typed` then tells.
    pub input: Option<T>,
    /// What was typed, to be shown again.
    pub typed: Typed,
}

impl<T: FromForm> FromRequest<App> for Form<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (mut parts, rest) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let path = parts.uri.path().to_owned();
        let body = Body::read(Request::from_parts(parts, rest)).await?;
        visitor.check_token(body.value(TOKEN_FIELD))?;
        if let Some(once) = body.value(ONCE_FIELD) {
            let key = once::key(&app.database, visitor.visit(), once, &path, &body);
            // What was done before is answered before a handler looks at how things stand since. Of two that come in
            // one moment the transaction takes one.
            visitor.visit().set_once(key);
            if let Some(receipt) = once::find(&app.database, key).await? {
                return Err(WebError::DoneBefore { location: receipt.location });
            }
        }
        let mut reader = Reader::new(body, visitor.language);
        let input = T::read(&mut reader);
        let typed = reader.into_typed();
        Ok(Self { input: input.filter(|_| !typed.has_faults()), typed })
    }
}

/// A command of the phone: JSON with a token in the header. The command's own id makes it be done once, which is the
/// business of whoever gives the receipt.
pub struct Command<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Command<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (mut parts, rest) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        visitor.check_token(header_token(&parts.headers))?;
        let bytes = body::read_bytes(Request::from_parts(parts, rest)).await?;
        match serde_json::from_slice(&bytes) {
            Ok(command) => Ok(Self(command)),
            // serde's message may quote what was sent, so it goes nowhere.
            Err(_unshown) => Err(WebError::NotUnderstood("the command is not of the expected shape")),
        }
    }
}

fn header_token(headers: &HeaderMap) -> Option<&str> {
    headers.get(TOKEN_HEADER)?.to_str().ok()
}
