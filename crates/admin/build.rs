//! Turns this crate's messages in `locales/` into typed functions.

fn main() {
    texts::generate_dictionary("admin-records");
    texts::generate("admin");
}
