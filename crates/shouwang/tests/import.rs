//! `shouwang import` as a person or a script runs it: the figures add up, the same file again changes nothing, a file
//! that cannot be taken ends with 2 and a reason, and none of its names stands in the bytes on disk.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SHEET: &str = "南山区缺勤学生名单,,,,,\n\
姓名,身份证号,学校,缺勤天数,最近缺勤日期,家长电话\n\
夏侯云岚,440305201303060029,西丽某小学,9,2026-11-13,13800006207\n\
赫连小川,,南头某中学,5,2026-11-12,13900003381\n\
赫连小川,,南头某中学,5,2026-11-12,13900003381\n\
,440305201105050014,粤海某中学,3,2026-11-12,\n\
,,南山某小学,4,2026-11-10,\n\
宇文一诺,440305201404040000,招商某小学,2,2026-13-40,13700009052\n\
合计,,,,,\n";

fn shouwang(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shouwang"))
        .env_remove("SHOUWANG_DATABASE_URL")
        .arg("--data")
        .arg(data)
        .args(arguments)
        .output()
        .unwrap()
}

fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

fn number(report: &Value, name: &str) -> u64 {
    report[name].as_u64().unwrap_or_else(|| panic!("no figure {name} in {report}"))
}

#[test]
fn a_delivery_is_taken_once_and_its_figures_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("absent.csv"));
    std::fs::write(&file, SHEET).unwrap();
    let arguments = ["import", "school", file.to_str().unwrap(), "--json"];

    let first = report(&shouwang(&data, &arguments));
    let sum: u64 = ["accepted", "updated", "unchanged", "duplicates", "rejected"]
        .iter()
        .map(|name| number(&first, name))
        .sum();
    assert_eq!(number(&first, "rows"), sum, "{first}");
    assert_eq!(number(&first, "rows"), 6, "{first}");
    assert_eq!(number(&first, "duplicates"), 1, "{first}");
    // A row without a person, and one whose event date is in no calendar.
    let rejected: Vec<u64> = first["rejections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rejection| rejection["row"].as_u64().unwrap())
        .collect();
    assert_eq!(rejected, [7, 8], "{first}");
    assert_eq!(first["rejections"][1]["column"], "最近缺勤日期", "{first}");
    assert_eq!(number(&first, "accepted"), 3, "{first}");

    let again = report(&shouwang(&data, &arguments));
    assert_eq!((number(&again, "unchanged"), number(&again, "accepted")), (3, 0), "{again}");
    assert_eq!((number(&again, "gone"), number(&again, "new_persons")), (0, 0), "{again}");

    let verified = shouwang(&data, &["audit", "verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    for entry in
        std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
    {
        let bytes = std::fs::read(&entry).unwrap();
        for secret in ["夏侯云岚", "赫连小川", "440305201303060029", "13800006207"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a name or number stands unsealed in {}", entry.display());
        }
    }
}

#[test]
fn a_rehearsal_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("absent.csv"));
    std::fs::write(&file, SHEET).unwrap();
    let path = file.to_str().unwrap();
    let rehearsed = report(&shouwang(&data, &["import", "school", path, "--json", "--dry-run"]));
    let had_data = data.exists();
    let taken = report(&shouwang(&data, &["import", "school", path, "--json"]));
    assert!(!had_data, "a rehearsal made an installation");
    assert_eq!(number(&rehearsed, "accepted"), 3, "{rehearsed}");
    assert_eq!(number(&taken, "accepted"), 3, "a dry run must not have taken the rows: {taken}");
}

#[test]
fn a_file_that_cannot_be_taken_ends_with_2_and_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let cases = [
        ("empty.csv", Vec::new(), "school"),
        ("header.csv", "颜色,重量\n红,3\n".as_bytes().to_vec(), "school"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n0000000000".to_vec(), "school"),
        ("fine.csv", SHEET.as_bytes().to_vec(), "no_such_feed"),
    ];
    for (name, bytes, feed) in cases {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let output = shouwang(&data, &["import", feed, file.to_str().unwrap(), "--json"]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stderr.is_empty(), "{name} was refused without a word");
    }
}

#[test]
fn a_folder_of_policy_files_stands_in_the_place_of_the_shipped_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (data, policy) = (folder.path().join("data"), folder.path().join("policy"));
    std::fs::create_dir_all(policy.join("feeds")).unwrap();
    let shipped = include_str!("../../../feeds/school.toml");
    std::fs::write(policy.join("feeds/lyceum.toml"), shipped.replace("key = \"school\"", "key = \"lyceum\""))
        .unwrap();
    let file = folder.path().join("absent.csv");
    std::fs::write(&file, SHEET).unwrap();
    let arguments = ["import", "lyceum", file.to_str().unwrap(), "--json"];
    let import = || {
        Command::new(env!("CARGO_BIN_EXE_shouwang"))
            .env_remove("SHOUWANG_DATABASE_URL")
            .env("SHOUWANG_POLICY_DIR", &policy)
            .arg("--data")
            .arg(&data)
            .args(arguments)
            .output()
            .unwrap()
    };
    assert_eq!(shouwang(&data, &arguments).status.code(), Some(2), "the feed is known without the folder");
    assert_eq!(number(&report(&import()), "accepted"), 3);

    std::fs::create_dir_all(policy.join("programs/minors")).unwrap();
    std::fs::write(policy.join("programs/minors/rules.toml"), "version = \"1\"\npoints of = 3\n").unwrap();
    let refused = import();
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success());
    assert!(told.contains("programs/minors/rules.toml") && told.contains('2'), "{told}");
}
