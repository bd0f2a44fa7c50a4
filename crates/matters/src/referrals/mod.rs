//! Referrals: a matter's business that is handed to a department or organisation, which sees that and no more.

mod duty;
mod model;
pub(crate) mod repo;
mod service;

pub use model::ReferralDetail;
pub use service::Referring;
pub(crate) use service::referral_kind;
