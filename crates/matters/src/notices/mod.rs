//! Notices: who is told what about a matter, through which channel.

mod channel;
mod model;
mod repo;
mod service;

pub use channel::{Channel, InProduct, Told};
pub use model::{Notice, NoticeKind, NoticeRow};
pub(crate) use repo::alerts;
pub use service::{KEPT_DAYS, PAGE_AT_MOST, READ_KEPT_DAYS, unread};
pub(crate) use service::{prune, send};
