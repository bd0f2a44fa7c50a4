//! The arrows of the house (docs/architecture.md): what stands left never imports what stands right, programs never
//! call each other, and the city comes in by the front door. Read from what cargo itself knows.

#![cfg(test)]

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// The floors of the house from the ground up. Crates on one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["base"],
    &["texts", "sheets", "linkage", "rules", "workflow"],
    &["policy"],
    &["store"],
    &["access"],
    &["web"],
    &["people"],
    &["matters"],
    &["admin"],
    &["minors"],
    &["city"],
    &["shouwang"],
    &["e2e"],
];

/// Crates that a crate must not reach, even from below: (crate, what it never names, why).
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("city", "store", "the demo city is taken in by the same services as anybody's data"),
    ("city", "sea-orm", "the demo city is taken in by the same services as anybody's data"),
    ("base", "tokio", "values have no input or output"),
    ("sheets", "tokio", "engines are pure"),
    ("linkage", "tokio", "engines are pure"),
    ("rules", "tokio", "engines are pure"),
    ("workflow", "tokio", "engines are pure"),
    ("policy", "sea-orm", "policy is data read from files"),
    ("store", "axum", "what stores does not serve"),
    ("access", "axum", "what decides who sees does not serve"),
];

/// Names that say nothing about what lies inside.
const HEAPS: &[&str] = &["platform", "common", "utils", "util", "helpers", "helper", "misc"];

fn packages() -> BTreeMap<String, Package> {
    // Tests start in the folder of their package.
    let manifest = "../Cargo.toml";
    let metadata =
        MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo metadata answers");
    metadata.packages.into_iter().map(|package| (package.name.to_string(), package)).collect()
}

fn floor_of(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

#[test]
fn every_crate_of_the_workspace_has_its_floor() {
    for name in packages().keys().filter(|name| *name != "xtask") {
        assert!(
            floor_of(name).is_some(),
            "crate `{name}` has no floor: give it one in xtask/tests/arrows.rs and docs/architecture.md"
        );
    }
}

#[test]
fn arrows_go_down_only() {
    for (name, package) in packages().iter().filter(|(name, _)| *name != "xtask") {
        let floor = floor_of(name).expect("checked by its own test");
        for dependency in
            package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development)
        {
            if let Some(below) = floor_of(&dependency.name) {
                assert!(
                    below < floor,
                    "`{name}` (floor {floor}) must not know `{}` (floor {below})",
                    dependency.name
                );
            }
        }
    }
}

#[test]
fn forbidden_acquaintances_are_not_made() {
    let packages = packages();
    for (name, other, why) in FORBIDDEN {
        let package =
            packages.get(*name).unwrap_or_else(|| panic!("crate `{name}` is named in the list but is gone"));
        let knows = package
            .dependencies
            .iter()
            .any(|dependency| dependency.name == *other && dependency.kind != DependencyKind::Development);
        assert!(!knows, "`{name}` must not depend on `{other}`: {why}");
    }
}

#[test]
fn nothing_is_named_for_a_heap_and_no_file_is_too_long() {
    let mut folders = vec![std::path::PathBuf::from("../crates")];
    let mut files_seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("folder is readable")
            .map(|entry| entry.expect("entry is readable"))
        {
            let path = entry.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            if stem == "dist" || stem == "node_modules" {
                continue;
            }
            assert!(!HEAPS.contains(&stem.as_str()), "{} is named for a heap", path.display());
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files_seen += 1;
                let lines = std::fs::read_to_string(&path).expect("source is UTF-8").lines().count();
                assert!(lines <= 650, "{} has {lines} lines: cut it by what it is about", path.display());
            }
        }
    }
    assert!(files_seen > 20, "the walk found only {files_seen} sources: it looks in the wrong place");
}
