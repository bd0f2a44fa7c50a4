//! A form as it is laid before somebody: filled in with what is known, so that a field typed once is never typed again.

mod fill_in;

pub use fill_in::{Laid, Origin, fill_in};
