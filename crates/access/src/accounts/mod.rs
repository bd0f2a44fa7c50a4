//! Accounts: how people come in.

mod lock_out;
mod log_in;
mod log_in_log;
mod model;
mod password;
mod repository;
mod service;

pub use lock_out::{Failures, LOCK_OUT, LockOut, Locked};
pub use log_in::{Attempt, LoggedIn, log_in, log_out};
pub use log_in_log::{LogInRecord, Outcome, records};
pub use model::Account;
pub use password::{
    MAXIMUM_LENGTH, MINIMUM_LENGTH, Password, PasswordFault, PasswordHash, SENTENCE_LENGTH, faults,
};
pub(crate) use repository::in_use;
pub use repository::{
    AccountFilter, PAGE_AT_MOST, by_login, count, get, list, locked_logins, locked_until, names,
};
pub use service::{
    AccountForm, change_password, create, disable, edit, enable, form_faults, hash_password, issue_password,
    unlock,
};
