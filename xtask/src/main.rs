//! Commands for those who build.
fn main() {}
