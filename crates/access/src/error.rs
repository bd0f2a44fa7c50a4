//! What can go wrong in here.

use base::Moment;
use store::StoreError;

use crate::accounts::PasswordFault;

/// An error of `access`. Every variant but `Store` is something that a person can cause and mend; the page that shows
/// it has a sentence for it in both languages.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no such thing, or none that the asking person may see: the two are not told apart.
    #[error("there is no such record")]
    NotFound,
    /// The role does not have this verb on this kind of thing.
    #[error("the role does not allow this")]
    NotAllowed,
    /// Somebody else changed the record since it was read; read it again and show both.
    #[error("the record was changed by somebody else in the meantime")]
    Conflict,
    /// A field cannot be taken as it was typed.
    #[error("the field `{field}` cannot be taken: {fault}")]
    Field {
        /// The field's name in the form.
        field: &'static str,
        /// What is wrong with it.
        fault: FieldFault,
    },
    /// A new password cannot be taken; all that is wrong with it.
    #[error("the password cannot be taken: {}", sentence(.0))]
    Password(Vec<PasswordFault>),
    /// Login name or password is wrong, or the account is not in use: the three are not told apart.
    #[error("login name or password is wrong")]
    WrongCredentials {
        /// Attempts left before the name is locked.
        attempts_left: i32,
    },
    /// Too many failures: the name is locked.
    #[error("the login name is locked")]
    Locked {
        /// When it opens again, in real time.
        until: Moment,
    },
    /// The session is over: idle too long, too old, ended elsewhere, or its account is no longer in use.
    #[error("the session has ended")]
    SessionEnded,
    /// The store's own.
    #[error(transparent)]
    Store(StoreError),
}

/// All that is wrong, in one sentence.
fn sentence(faults: &[PasswordFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// What is wrong with one field. Pages have their own words for it, in both languages; these are for a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldFault {
    /// It must hold something.
    #[error("it is empty")]
    Empty,
    /// It is longer than the bound.
    #[error("it is longer than {limit} characters")]
    TooLong {
        /// The most characters that are taken.
        limit: usize,
    },
    /// A login name must be 2 to 32 small letters, digits, dots, hyphens or underscores and begin with a letter, so that it
    /// is never somebody's phone or identity number.
    #[error(
        "a login name has 2 to 32 small letters, digits, dots, hyphens or underscores and begins with a letter; it is \
         no phone and no identity number"
    )]
    NotALogin,
    /// Nobody can be called under it.
    #[error("it is no phone: give a mobile, or a land line with its area code")]
    NotAPhone,
    /// Another record has it already.
    #[error("there is one like it already; choose another")]
    Taken,
    /// What was chosen is not there (any more).
    #[error("there is none like it, or it is not in use any more")]
    Unknown,
    /// The area is not of the level that the role's posts have.
    #[error("posts of this role are not at the level of this area; choose an area of another level")]
    WrongLevel,
    /// The end lies before the beginning.
    #[error("the end lies before the beginning")]
    EndsBeforeItBegins,
    /// The account holds this post in part of that time already.
    #[error("the account holds this post in part of that time already")]
    Overlaps,
    /// Others still depend on it: an organisation with open posts, a post that somebody holds.
    #[error("others still depend on it")]
    StillInUse,
    /// The record is closed; it can be looked at and not changed.
    #[error("it is closed and cannot be changed")]
    Closed,
}

impl AccessError {
    /// An error that nobody can mend by acting otherwise.
    pub(crate) fn internal(message: impl std::fmt::Display) -> Self {
        Self::Store(StoreError::internal(message))
    }

    /// A fault of one field.
    pub fn field(field: &'static str, fault: FieldFault) -> Self {
        Self::Field { field, fault }
    }
}

impl From<StoreError> for AccessError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict => Self::Conflict,
            other => Self::Store(other),
        }
    }
}

impl From<sea_orm::DbErr> for AccessError {
    fn from(error: sea_orm::DbErr) -> Self {
        StoreError::from(error).into()
    }
}
