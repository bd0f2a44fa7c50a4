//! Turns this crate's messages in `locales/` into typed functions, and makes the folder of built assets so that the
//! crate compiles without them.

fn main() {
    texts::generate("web");
    println!("cargo::rerun-if-changed=dist");
    if let Err(error) = std::fs::create_dir_all("dist") {
        println!("cargo::error=cannot make crates/web/dist: {error}");
    }
}
