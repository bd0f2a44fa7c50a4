//! The office's clock: what it shows, and in a demo the way to move it forward.

mod pages;

pub use pages::pages;
