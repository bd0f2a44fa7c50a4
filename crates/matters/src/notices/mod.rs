//! Notices: who is told what about a matter, through which channel.

mod channel;
mod model;
mod repo;
mod service;

pub use channel::{Channel, InProduct, Told};
pub use model::{Notice, NoticeKind, NoticeRow};
pub(crate) use service::send;
pub use service::{PAGE_AT_MOST, unread};
