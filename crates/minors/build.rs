//! Turns this crate's messages in `locales/` into typed functions.

fn main() {
    texts::generate_dictionary("minors-records");
    texts::generate("minors-leads");
    texts::generate("minors-phone");
    texts::generate("minors-files");
    texts::generate("minors-cases");
    texts::generate("minors-command");
    texts::generate("minors-kin");
    texts::generate("minors-visits");
}
