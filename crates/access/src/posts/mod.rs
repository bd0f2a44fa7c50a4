//! Posts and who holds them.

mod holders;
mod model;
mod repository;
mod service;
mod tenures;

pub use holders::{Holder, holder_for, holders_for};
pub use model::{Post, Tenure, TenureKind};
pub use repository::{PAGE_AT_MOST, PostFilter, by_ids, count, get, has_open, list};
pub use service::{PostForm, close, create, edit};
pub use tenures::{
    Appointment, actor, appoint, end_tenure, post_of_tenure, present_of_accounts, present_of_posts,
    present_posts, tenures_of_account, tenures_of_post,
};
pub(crate) use tenures::{held_post, in_post};
