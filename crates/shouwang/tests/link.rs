//! `shouwang link` as a person or a script runs it: pairs with their probabilities, the same bytes again, and a fault
//! told with file, line and mend.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};

const RIGHT: &str = "record_id,name,id_no,birth_date,phone,district,estate,building,room\n\
R1,夏侯云岚,440305201303060029,2013-03-06,13800006207,南山区,锦绣花园,12栋,1203\n\
R2,赫连小川,440305201404040018,2014-04-04,13900003381,南山区,大冲新村,3栋,502\n";
const LEFT: &str = "record_id,name,id_no,birth_date,phone,district,estate,building,room\n\
L1,夏侯云嵐,,2013年3月6日,13800006207,,锦绣花园,十二栋,1203室\n\
L2,赫连小川,440305201404040018,2014-04-04,,,,,\n\
L3,宇文一诺,,2012-01-05,13700009052,宝安区,上塘村,1栋,101\n";

const FILES: &[&str] = &["--left", "left.csv", "--right", "right.csv"];

fn link(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shouwang"))
        .current_dir(folder)
        .arg("link")
        .args(arguments)
        .args(if arguments.contains(&"--out") { &[][..] } else { &["--out", "pairs.csv"] })
        .output()
        .unwrap()
}

#[test]
fn two_files_are_linked_the_same_way_each_time() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("left.csv"), LEFT).unwrap();
    std::fs::write(folder.path().join("right.csv"), RIGHT).unwrap();
    let run = |arguments: &[&str]| {
        let output = link(folder.path(), &[FILES, arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap()
    };
    let pairs = run(&[]);
    let linked: Vec<&str> = pairs.lines().skip(1).map(|line| line.rsplit_once(',').unwrap().0).collect();
    assert!(pairs.starts_with("left_id,right_id,probability\n"), "{pairs}");
    assert_eq!(linked, ["L1,R1", "L2,R2"], "{pairs}");
    assert_eq!(pairs, run(&[]));
    assert_eq!(run(&["--threshold", "1", "--one-to-one", "--as-given"]), "left_id,right_id,probability\n");
    assert!(!folder.path().join("shouwang-data").exists(), "linking files needs no installation");
}

#[test]
fn a_pair_is_explained_and_pairs_are_held_against_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("left.csv"), LEFT).unwrap();
    std::fs::write(folder.path().join("right.csv"), RIGHT).unwrap();
    let truth = "record_id,true_id\nL1,a\nL2,b\nL3,c\nR1,a\nR2,b\n";
    std::fs::write(folder.path().join("truth.csv"), truth).unwrap();
    assert!(link(folder.path(), FILES).status.success());
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shouwang"));
        let output = command.current_dir(folder.path()).arg("link").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let explained = run(&[&["explain"], FILES, &["L1", "R1"]].concat());
    assert!(explained.contains("姓名: 同音同调不同字") && explained.contains("合计: 1.0"), "{explained}");
    let explained = run(&[&["explain"], FILES, &["L3", "R1", "--json"]].concat());
    let explained: serde_json::Value = serde_json::from_str(&explained).unwrap();
    assert!(explained["probability"].as_f64().unwrap() < 0.01, "{explained}");
    let found =
        run(&[&["evaluate", "--pairs", "pairs.csv", "--truth", "truth.csv", "--json"], FILES].concat());
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert_eq!((found["true_pairs"].as_u64(), found["best"]["f1"].as_f64()), (Some(2), Some(1.0)), "{found}");
}

#[test]
fn one_file_falls_into_persons() {
    let folder = tempfile::tempdir().unwrap();
    let twice = format!("{RIGHT}R3,夏侯云岚,440305201303060029,2013-03-06,,,,,\n");
    std::fs::write(folder.path().join("right.csv"), twice).unwrap();
    let output = link(folder.path(), &["--dedupe", "right.csv", "--clusters", "clusters.csv"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let clusters = std::fs::read_to_string(folder.path().join("clusters.csv")).unwrap();
    assert_eq!(clusters, "record_id,cluster_id\nR1,R1\nR2,R2\nR3,R1\n");
    let refused = link(folder.path(), &["--clusters", "clusters.csv"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn a_fault_names_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("left.csv"), format!("{LEFT}L4,too,short\n")).unwrap();
    std::fs::write(folder.path().join("right.csv"), RIGHT).unwrap();
    std::fs::write(folder.path().join("numbers.csv"), "id,one,two\n1,2,3\n").unwrap();
    for (arguments, expected) in [
        (&[][..], "left.csv: line 5: 3 cells where the header has 9"),
        (&["--threshold", "7"], "give a probability from 0 to 1"),
        (
            &["--left", "right.csv", "--right", "right.csv", "--out", "right.csv"],
            "right.csv is read and written",
        ),
        (&["--model", "nowhere.toml"], "nowhere.toml cannot be read"),
        (&["--model", "right.csv"], "right.csv is no model"),
        (
            &["--model", "western-person", "--left", "right.csv", "--right", "numbers.csv"],
            "numbers.csv: no column",
        ),
    ] {
        let named = arguments.contains(&"--left");
        let output = link(folder.path(), &[if named { &[] } else { FILES }, arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
        assert!(!folder.path().join("pairs.csv").exists());
    }
}
