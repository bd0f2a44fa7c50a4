//! Turns this crate's messages in `locales/` into typed functions.

fn main() {
    texts::generate_dictionary("matters-records");
    texts::generate("matters");
    texts::generate("matters-inbox");
    texts::generate("matters-panel");
}
