//! Builds the crate again when a shipped file changes or is added: a release carries the files inside.

fn main() {
    for folder in ["programs", "feeds", "linkage"] {
        println!("cargo::rerun-if-changed=../../{folder}");
    }
}
