//! Versions of programs: each that was ever in use is kept with its files, so that a matter finishes under the version
//! that it was opened under, whatever the files say by then.

mod keep;

pub use keep::{VersionError, keep};
