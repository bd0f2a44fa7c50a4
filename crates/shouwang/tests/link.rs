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
        .env("LC_ALL", "C")
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
    let drawn = run(&[&["explain"], FILES, &["L1", "R1", "--svg", "--language", "en"]].concat());
    assert!(drawn.starts_with("<svg ") && drawn.trim_end().ends_with("</svg>"), "{drawn}");
    assert!(
        drawn.contains("L1 and R1: one person with probability") && drawn.contains("Total (bits)"),
        "{drawn}"
    );
    assert!(!drawn.contains("夏侯"), "no value of a row stands in it");
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
    std::fs::write(folder.path().join("before.csv"), "record_id,cluster_id\nR3,P7\nR2,P1\n").unwrap();
    let again = ["--dedupe", "right.csv", "--clusters", "clusters.csv", "--clusters-before", "before.csv"];
    let output = link(folder.path(), &[&again[..], &["--clusters-by", "links"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let clusters = std::fs::read_to_string(folder.path().join("clusters.csv")).unwrap();
    assert_eq!(clusters, "record_id,cluster_id\nR1,P7\nR2,P1\nR3,P7\n");
    std::fs::write(folder.path().join("before.csv"), "record_id,cluster_id\nR3,P7\nR3,P1\n").unwrap();
    let said = String::from_utf8(link(folder.path(), &again).stderr).unwrap();
    assert!(said.contains("before.csv: line 3: not a row's cluster"), "{said}");
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

/// Runs `link` with a subcommand in a folder that holds both files.
fn sub(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shouwang"));
    command.current_dir(folder).env("LC_ALL", "C").arg("link").args(arguments).output().unwrap()
}

fn folder_of_both() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("left.csv"), LEFT).unwrap();
    std::fs::write(folder.path().join("right.csv"), RIGHT).unwrap();
    folder
}

#[test]
fn a_model_that_was_learnt_once_gives_the_same_pairs_again() {
    let folder = folder_of_both();
    assert!(link(folder.path(), FILES).status.success());
    let expected = std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap();
    std::fs::write(folder.path().join("labels.csv"), "left_id,right_id,label\nL2,R2,1\nL3,R1,0\n").unwrap();
    let output = sub(folder.path(), &[&["train"], FILES, &["--out", "learnt.toml"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let again = link(folder.path(), &[FILES, &["--model", "learnt.toml", "--as-given"]].concat());
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap(), expected);
    let labelled = sub(
        folder.path(),
        &[&["train"], FILES, &["--labels", "labels.csv", "--out", "labelled.toml"]].concat(),
    );
    let said = String::from_utf8_lossy(&labelled.stderr).into_owned();
    assert!(said.contains("1 of one person, 1 of two"), "{said}");
    let model = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_ne!(model("labelled.toml"), model("learnt.toml"));
}

#[test]
fn one_record_is_looked_up_in_a_file() {
    let folder = folder_of_both();
    let ask = |cells: &[&str]| sub(folder.path(), &[&["lookup", "--right", "right.csv"], cells].concat());
    let found = ask(&["name=赫连小川", "birth_date=2014-04-04", "phone=13900003381", "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(found[0]["right_id"], "R2", "{found}");
    assert!(found[0]["probability"].as_f64().unwrap() > 0.9, "{found}");
    let shown = ask(&["name=夏侯云岚", "birth_date=2013-03-06", "--language", "en"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.starts_with("R1  ") && shown.contains("Name: Identical"), "{shown}");
    let nobody = ask(&["name=宇文一诺"]);
    assert!(String::from_utf8_lossy(&nobody.stdout).contains("Nobody on record"));
    for (cells, expected) in
        [(&["colour=red", "name=a"][..], "knows no such columns: colour"), (&["name"], "write name=")]
    {
        let refused = ask(cells);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(2) && said.contains(expected), "{said}");
    }
}

#[test]
fn columns_that_nobody_looks_at_are_named() {
    let folder = folder_of_both();
    let more: Vec<String> = LEFT.lines().map(|line| format!("{line},remarks,nickname\n")).collect();
    std::fs::write(folder.path().join("left.csv"), more.concat()).unwrap();
    let said = |arguments: &[&str]| {
        let output = sub(folder.path(), &[FILES, &["--out", "pairs.csv"], arguments].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = said(&[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("left.csv: columns that the model does not know are not looked at: remarks, nickname")
    );
    let (code, told) = said(&["--strict"]);
    assert!(code == Some(2) && told.contains("nickname"), "{told}");
}

#[test]
fn two_rows_of_one_id_are_refused() {
    let folder = folder_of_both();
    let refused = |rows: &str| {
        std::fs::write(folder.path().join("left.csv"), format!("{LEFT}{rows}")).unwrap();
        let output = sub(folder.path(), &[FILES, &["--out", "pairs.csv"]].concat());
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = refused("L2,赫连大川,,,,,,,\n");
    assert!(said.contains("left.csv: the id `L2` stands in rows 2 and 4"), "{said}");
    let said = refused(",赫连大川,,,,,,,\n");
    assert!(said.contains("left.csv: row 4 (without the header) has no id"), "{said}");
}

#[test]
fn a_report_tells_of_the_run_and_of_nobody() {
    let folder = folder_of_both();
    let truth = "record_id,true_id\nL1,a\nL2,b\nL3,c\nR1,a\nR2,b\n";
    std::fs::write(folder.path().join("truth.csv"), truth).unwrap();
    let more = ["--report", "report.html", "--truth", "truth.csv", "--language", "en"];
    let output = link(folder.path(), &[FILES, &more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("Against the truth") && page.contains("谁与谁比"));
    assert!(!page.contains("夏侯") && !page.contains("13800006207"), "no value stands in it");
    let pairs = std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap();
    assert!(link(folder.path(), FILES).status.success());
    let plain = std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap();
    assert_eq!(pairs, plain, "a report changes nothing in the pairs");
    let mut left: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    assert_eq!(left, ["left.csv", "pairs.csv", "report.html", "right.csv", "truth.csv"]);
}

#[test]
fn a_run_stops_before_it_takes_more_memory_than_it_may() {
    let folder = folder_of_both();
    let row = |row: usize| {
        format!("R{row},夏侯云岚{row},,2013-03-06,1380000{row:05},南山区,锦绣花园{row},12栋,{row}\n")
    };
    let rows: Vec<String> = (0..60_000).map(row).collect();
    let header = RIGHT.lines().next().unwrap();
    std::fs::write(folder.path().join("right.csv"), format!("{header}\n{}", rows.concat())).unwrap();
    let output = sub(folder.path(), &[FILES, &["--out", "pairs.csv", "--memory-mb", "4"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(2) && said.contains("4 MB") || said.contains("--memory-mb 4"),
        "{said}"
    );
    assert!(!folder.path().join("pairs.csv").exists());
    let enough = sub(folder.path(), &[FILES, &["--out", "pairs.csv", "--memory-mb", "2000"]].concat());
    assert!(enough.status.success(), "{}", String::from_utf8_lossy(&enough.stderr));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_half_written() {
    let folder = folder_of_both();
    std::fs::write(folder.path().join("pairs.csv"), "kept\n").unwrap();
    // A pipe that nobody writes into: the run waits for rows until it is told to stop.
    let pipe = folder.path().join("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut run = Command::new(env!("CARGO_BIN_EXE_shouwang"))
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .args(["link", "--left", "left.csv", "--right", "pipe.csv", "--out", "pairs.csv"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap(), "kept\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
}
