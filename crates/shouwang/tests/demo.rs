//! The demo city, made as a newcomer makes it, only smaller.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};

fn demo(folder: &Path, seed: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shouwang"))
        .args(["demo", "--persons", "2000", "--seed", seed, "--no-serve", "--data"])
        .arg(folder)
        .env_remove("SHOUWANG_DATABASE_URL")
        .output()
        .unwrap()
}

#[test]
fn a_small_city_ends_with_leads_and_an_account_for_each_role() {
    let folder = tempfile::tempdir().unwrap();
    let made = demo(folder.path(), "5");
    let (told, progress) = (String::from_utf8_lossy(&made.stdout), String::from_utf8_lossy(&made.stderr));
    assert!(made.status.success(), "{progress}");
    let leads = progress.lines().find(|line| line.contains(" leads, ")).unwrap_or_default();
    let has_some = leads.split_whitespace().any(|word| word.parse::<u32>().is_ok_and(|count| count > 0));
    assert!(has_some, "{progress}");
    for role in [
        "administrator",
        "feed_clerk",
        "child_director",
        "child_supervisor",
        "district_officer",
        "city_officer",
        "department_contact",
        "auditor",
    ] {
        assert!(told.contains(role), "no account of {role}: {told}");
    }
    assert!(folder.path().join("demo-truth/rows.csv").exists());

    let again = demo(folder.path(), "5");
    assert!(again.status.success() && String::from_utf8_lossy(&again.stdout).contains("there already"));
    let other = demo(folder.path(), "6");
    assert!(!other.status.success(), "a second city went into the first one's folder");
}

#[test]
fn a_taken_port_is_said_before_a_city_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = Command::new(env!("CARGO_BIN_EXE_shouwang"))
        .args(["demo", "--persons", "2000", "--listen", &taken.local_addr().unwrap().to_string(), "--data"])
        .arg(folder.path())
        .env_remove("SHOUWANG_DATABASE_URL")
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && told.contains("cannot be listened on"), "{told}");
    assert!(!folder.path().join("demo-truth").exists(), "a city was made for nobody");
}
