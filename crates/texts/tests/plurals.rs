//! Every message of the product is sound English where its number is one: "1 day", never "1 days".

#![cfg(test)]

use std::path::Path;

use texts::{Catalogue, Language, Value, VariableKind, read};

/// Words that follow a number, end in `s` and are no plural.
const NO_PLURALS: [&str; 11] =
    ["is", "was", "has", "this", "as", "us", "its", "needs", "does", "differs", "lies"];

/// Words behind a lone 1 that say of one thing that it is many.
fn plurals_behind_one(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|one: char| !one.is_alphanumeric()).to_owned();
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        // "1, closed" and "1." end what the number counts; "1-day" and "31" are other words.
        if *word != "1" && *word != "(1" {
            continue;
        }
        // One word may stand between, as in "1 working days".
        for next in words.iter().skip(place + 1).take(2) {
            let next_bare = bare(next);
            let is_plural = next_bare.ends_with('s')
                && !next_bare.ends_with("ss")
                && next_bare.chars().all(|one| one.is_ascii_lowercase())
                && !NO_PLURALS.contains(&next_bare.as_str());
            if is_plural || ["are", "were", "have"].contains(&next_bare.as_str()) {
                found.push(format!("1 … {next_bare}"));
                break;
            }
            if next.ends_with([',', ';', '.', ':']) || ["of", "in", "on", "at"].contains(&next_bare.as_str())
            {
                break;
            }
        }
    }
    found
}

#[test]
fn a_number_of_one_counts_one_thing_in_every_english_message() {
    // Asked while it runs: a build cache outside the clone may hold a test that was built where another clone stood.
    let locales = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../locales");
    let (mut read_messages, mut faults) = (0, Vec::new());
    for file in std::fs::read_dir(locales.join("en")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let english = std::fs::read_to_string(&file).unwrap();
        let chinese = std::fs::read_to_string(locales.join("zh-CN").join(format!("{name}.ftl"))).unwrap();
        let catalogue = Catalogue::new(&chinese, &english);
        for message in read(&name, &chinese, &english).unwrap() {
            if message.variables.is_empty() {
                continue;
            }
            read_messages += 1;
            let values: Vec<(&'static str, Value<'_>)> = message
                .variables
                .iter()
                .map(|variable| {
                    let name: &'static str = Box::leak(variable.name.clone().into_boxed_str());
                    let value = match variable.kind {
                        VariableKind::Number => Value::number(1),
                        VariableKind::Text => Value::text("Nanshan"),
                    };
                    (name, value)
                })
                .collect();
            let text = catalogue.format(Language::English, &message.key, &values);
            for fault in plurals_behind_one(&text) {
                faults.push(format!("{name}.ftl {}: {fault}: {text}", message.key));
            }
        }
    }
    assert!(read_messages > 300, "the messages of the whole product were read: {read_messages}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_plural_behind_one_is_seen() {
    for (text, is_fault) in [
        ("in 1 days", true),
        ("1 working days left", true),
        ("at least (1 characters)", true),
        ("1 are late", true),
        ("1 day left, 2 days ago", false),
        ("1 is late", false),
        ("1 of 3 rows", false),
        ("11 days", false),
    ] {
        assert_eq!(!plurals_behind_one(text).is_empty(), is_fault, "{text}");
    }
}
