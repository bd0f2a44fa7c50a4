//! The way in and out: log-in with lock-out, log-out.

mod address;
mod pages;

pub use address::ClientAddress;
pub use pages::pages;
