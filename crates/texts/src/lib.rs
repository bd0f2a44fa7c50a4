//! Messages in both languages as typed functions, so that a wrong key or a missing variable does not compile.
//!
//! A crate keeps its words in `locales/zh-CN/<crate>.ftl` and `locales/en/<crate>.ftl` (Project Fluent). Its build
//! script calls [`generate`], its source takes the result in with [`module!`]:
//!
//! ```ignore
//! // build.rs
//! fn main() {
//!     texts::generate("people");
//! }
//! // src/lib.rs
//! texts::module!("people");      // pub struct Texts(pub Language), one method a message
//! ```
//!
//! ```text
//! lead-dispatch = 派发 { $count } 件        →   texts.lead_dispatch(3)   →   派发 3 件
//! ```
//!
//! A capability with many words of its own keeps them beside: `generate("minors-leads")` in the build script, the files
//! `minors-leads.ftl`, and `module!("minors-leads")` at the head of its folder.
//!
//! Variables become parameters in the order in which the Chinese text first names them.
//!
//! What belongs here: reading, comparing and turning messages into code at build time, and formatting them at run
//! time. What never belongs here: a message. A message without variables costs nothing at run time, one with variables
//! is formatted by a bundle that is read once.

mod catalogue;
mod code;
mod language;
mod reading;

use std::path::{Path, PathBuf};

use code::Look;

pub use catalogue::{Catalogue, Number, Value, group_digits};
pub use language::Language;
pub use reading::{Message, TextFault, Variable, VariableKind, read};

/// Takes in the code that [`generate`] wrote: `pub struct Texts(pub Language)` with one method for each message.
#[macro_export]
macro_rules! module {
    ($name:literal) => {
        mod generated_texts {
            include!(concat!(env!("OUT_DIR"), "/", $name, ".texts.rs"));
        }
        pub use generated_texts::Texts;
    };
}

/// Reads the messages `name` (of a crate, or of one capability of it) and writes `<name>.texts.rs` into the build script's output folder. To be called by
/// a build script only. Each fault is reported to cargo with file and key, and fails the build.
///
/// Both files missing is an empty set of messages; one of them missing is a fault for each key of the other.
pub fn generate(name: &str) {
    write(name, Look::Methods);
}

/// As [`generate`], with the method `named(key)` beside the others: for words that are asked for by a key which only
/// the running product knows, as the kind of a journal's entry.
pub fn generate_dictionary(name: &str) {
    write(name, Look::Dictionary);
}

fn write(name: &str, look: Look) {
    let locales = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("../../locales");
    let chinese_path = locales.join("zh-CN").join(format!("{name}.ftl"));
    let english_path = locales.join("en").join(format!("{name}.ftl"));
    println!("cargo::rerun-if-changed=build.rs");
    let (chinese, english) = (source(&chinese_path), source(&english_path));
    match read(name, &chinese, &english) {
        Ok(messages) => {
            let target = PathBuf::from(variable("OUT_DIR")).join(format!("{name}.texts.rs"));
            if let Err(error) = std::fs::write(&target, code::write(&messages, &chinese, &english, look)) {
                println!("cargo::error=cannot write {}: {error}", target.display());
            }
        }
        Err(faults) => {
            for fault in faults {
                println!("cargo::error={fault}");
            }
        }
    }
}

/// The text of the file, or nothing when it is not there. A file that is not there is not watched, or cargo would run
/// the script at every build; its folder is.
fn source(path: &Path) -> String {
    let watched = if path.exists() { Some(path) } else { path.parent() };
    if let Some(watched) = watched {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
    match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            println!("cargo::error=cannot read {}: {error}", path.display());
            String::new()
        }
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        println!("cargo::error=texts::generate is for build scripts: {name} is not set");
        String::new()
    })
}
