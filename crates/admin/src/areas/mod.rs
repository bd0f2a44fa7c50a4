//! The area tree in the browser: look down it, add what the standard list lacks, rename what was added.

mod pages;

pub use pages::pages;
