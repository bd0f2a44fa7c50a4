//! What a request can end in instead of its page: a status, a sentence in both languages, and what to do next.
//!
//! An error does not know how it will be shown. Its response carries it as an extension, and the outermost layer
//! ([`crate::layers`]) turns it into a page with the shell, a fragment for htmx, or JSON, each with the operation's
//! number.

use access::AccessError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Label;
use store::StoreError;

use texts::Language;

use crate::Texts;
use crate::show::Worded as _;

/// The result of a handler.
pub type PageResult = Result<Response, WebError>;

/// Why a request did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// There is no such page or record, or none that the reader may see: the two are not told apart.
    #[error("not found")]
    NotFound,
    /// The reader's post does not include this.
    #[error("not allowed")]
    NotAllowed,
    /// The password was issued by somebody else: one's own must be chosen first.
    #[error("the password must be changed first")]
    PasswordFirst,
    /// Nobody is logged in; they are sent to the log-in page and back.
    #[error("nobody is logged in")]
    LogIn,
    /// Somebody else saved first. Pages that can show both versions do so themselves ([`crate::components::Conflict`]);
    /// this is for the rest.
    #[error("changed by somebody else in the meantime")]
    Conflict,
    /// The address, the form or the command is not of the expected shape: not something a page of ours sends.
    #[error("the request is not understood: {0}")]
    NotUnderstood(&'static str),
    /// The form was not sent by a page of ours that belongs to this session.
    #[error("the form does not belong to this session")]
    ForeignForm,
    /// More was sent than is taken.
    #[error("too large: at most {limit_bytes} bytes are taken")]
    TooLarge {
        /// The bound, in bytes.
        limit_bytes: u64,
    },
    /// The server is taken; the same request may succeed in a moment.
    #[error("busy")]
    Busy,
    /// The same form arrived before and was carried out: its answer is given again.
    #[error("done before")]
    DoneBefore {
        /// Where the first answer led; `None` when that was not kept.
        location: Option<String>,
    },
    /// A refusal with its own words: what a service says no to.
    #[error("{}", .0.message.en)]
    Refused(Box<Refusal>),
    /// Anything that nobody can mend by acting otherwise. Logged once, with the operation's number.
    #[error("internal error: {0:#}")]
    Internal(anyhow::Error),
}

/// A refusal in words.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// 409 or 422 mostly.
    pub status: StatusCode,
    /// What happened.
    pub message: Label,
    /// What to do next.
    pub next: Label,
}

/// What is shown of an error, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The status.
    pub status: StatusCode,
    /// What happened, as a heading.
    pub title: String,
    /// What to do next.
    pub next: String,
}

impl WebError {
    /// A refusal that a person can mend by acting otherwise (422).
    pub fn refused(message: Label, next: Label) -> Self {
        Self::Refused(Box::new(Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, message, next }))
    }

    /// A refusal because things have moved on in the meantime (409).
    pub fn overtaken(message: Label, next: Label) -> Self {
        Self::Refused(Box::new(Refusal { status: StatusCode::CONFLICT, message, next }))
    }

    /// An internal error from any text. Nothing personal may be in it.
    pub fn internal(message: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{message}"))
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotAllowed | Self::PasswordFirst | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::LogIn => StatusCode::UNAUTHORIZED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::NotUnderstood(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::DoneBefore { .. } => StatusCode::SEE_OTHER,
            Self::Refused(refusal) => refusal.status,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is shown of it.
    pub fn explain(&self, language: Language) -> Explanation {
        let words = Texts(language);
        let (title, next) = match self {
            Self::NotFound => (words.error_not_found(), words.error_not_found_next()),
            Self::NotAllowed => (words.error_not_allowed(), words.error_not_allowed_next()),
            Self::PasswordFirst => (words.error_password_first(), words.error_password_first_next()),
            Self::LogIn => (words.error_log_in(), words.error_log_in_next()),
            Self::Conflict => (words.error_conflict(), words.error_conflict_next()),
            Self::NotUnderstood(_) => (words.error_not_understood(), words.error_not_understood_next()),
            Self::ForeignForm => (words.error_foreign_form(), words.error_foreign_form_next()),
            Self::TooLarge { limit_bytes } => {
                let title = words.error_too_large(limit_bytes.div_ceil(1024 * 1024));
                return self.explanation(title, words.error_too_large_next().to_owned());
            }
            Self::Busy => (words.error_busy(), words.error_busy_next()),
            Self::DoneBefore { .. } => (words.error_done_before(), words.error_done_before_next()),
            Self::Refused(refusal) => (refusal.message.says(language), refusal.next.says(language)),
            Self::Internal(_) => (words.error_internal(), words.error_internal_next()),
        };
        self.explanation(title.to_owned(), next.to_owned())
    }

    fn explanation(&self, title: String, next: String) -> Explanation {
        Explanation { status: self.status(), title, next }
    }
}

impl IntoResponse for WebError {
    /// A bare response; [`crate::layers`] puts the page on it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict | StoreError::Duplicate => Self::Conflict,
            StoreError::Busy => Self::Busy,
            StoreError::TooLarge { limit_bytes } => Self::TooLarge { limit_bytes },
            StoreError::Refused(message) => Self::internal(message),
            StoreError::Internal(cause) => Self::Internal(cause),
        }
    }
}

impl From<AccessError> for WebError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotFound => Self::NotFound,
            AccessError::NotAllowed => Self::NotAllowed,
            AccessError::Conflict => Self::Conflict,
            AccessError::SessionEnded => Self::LogIn,
            AccessError::Store(error) => error.into(),
            // Faults of fields and of passwords are for the form that has them; one that gets here has no form.
            other => Self::internal(other),
        }
    }
}

impl From<sea_orm::DbErr> for WebError {
    fn from(error: sea_orm::DbErr) -> Self {
        StoreError::from(error).into()
    }
}

impl From<anyhow::Error> for WebError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}
