//! Attachments: photographs and documents as pictures, made small, freed of what a camera writes beside the picture, and
//! sealed.

mod model;
mod picture;
mod repo;
mod service;

pub use model::Attachment;
pub use picture::{FILE_BYTES_AT_MOST, Picture};
pub(crate) use repo::check_all_of;
pub use service::MATTER_ATTACHMENTS_AT_MOST;
