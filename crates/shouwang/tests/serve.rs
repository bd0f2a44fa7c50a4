//! `shouwang serve`, `work` and `user` as a person runs them: ready when it says so, ended cleanly when asked to.

#![cfg(test)]
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shouwang"));
    command
        .env_remove("SHOUWANG_DATABASE_URL")
        .env_remove("SHOUWANG_LISTEN")
        .arg("--data")
        .arg(data)
        .args(arguments);
    command
}

fn said(data: &Path, arguments: &[&str]) -> Output {
    command(data, arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Starts a command that goes on, and reads its first line.
fn start(data: &Path, arguments: &[&str]) -> (Child, String) {
    let mut child = command(data, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (child, line)
}

/// Asks the process to end, waits for it, and returns what it logged.
fn end(mut child: Child) -> String {
    let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let status = child.wait().unwrap();
    let mut logged = String::new();
    child.stderr.as_mut().unwrap().read_to_string(&mut logged).unwrap();
    assert!(status.success(), "{status}: {logged}");
    logged
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_server_answers_until_it_is_asked_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (server, line) = start(&data, &["serve", "--listen", "127.0.0.1:0"]);
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    for path in ["/healthz", "/readyz"] {
        assert!(get(&address, path).starts_with("HTTP/1.1 200"), "{path}");
    }
    let front = get(&address, "/");
    assert!(front.starts_with("HTTP/1.1 303") && front.contains("/log-in?next="), "{front}");
    assert!(get(&address, "/log-in").contains("name=\"password\""));
    assert!(get(&address, "/admin/users?name=somebody").starts_with("HTTP/1.1 303"));
    // A connection that only waits does not keep the process.
    let idle = TcpStream::connect(&address).unwrap();
    let logged = end(server);
    drop(idle);
    assert!(logged.contains("ended") && logged.contains("GET /log-in"), "{logged}");
    assert!(!logged.contains("somebody"), "what stands behind the question mark is not logged: {logged}");
    assert!(TcpStream::connect(&address).is_err(), "nobody listens any more");

    // What it held is free again at once: the same folder serves, and works, anew.
    let (server, _) = start(&data, &["serve", "--listen", "127.0.0.1:0"]);
    end(server);
    let (worker, line) = start(&data, &["work"]);
    assert!(line.contains("works"), "{line}");
    end(worker);
}

#[test]
fn a_server_speaks_the_language_of_its_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut child = command(&data, &["serve", "--listen", "127.0.0.1:0"])
        .env("LC_ALL", "zh_CN.UTF-8")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
    let (first, second) = (lines.next().unwrap(), lines.next().unwrap());
    drop(lines);
    assert!(first.starts_with("守望已启动"), "{first}");
    assert!(second.starts_with("还没有账号") && second.contains("shouwang user add"), "{second}");
    let address = first.trim().rsplit("http://").next().unwrap().to_owned();
    // The port is taken now: the second one says so in the same language.
    let other = folder.path().join("other");
    let mut taken = command(&other, &["serve", "--listen", &address]);
    let refused = text(&taken.env("LC_ALL", "zh_CN.UTF-8").output().unwrap());
    assert!(refused.contains(&format!("不能在 {address} 上监听：端口已被占用")), "{refused}");
    let logged = end(child);
    assert!(logged.contains("已收到停止请求") && logged.contains("已停止"), "{logged}");
    assert!(!logged.contains("asked to end") && !logged.contains(" ended"), "{logged}");
}

#[test]
fn accounts_are_made_locked_and_reset_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let made = said(&data, &["user", "add", "tan", "--role", "child_supervisor", "--area", "南山区西丽街道"]);
    assert!(made.status.success() && text(&made).contains("one-time password"), "{}", text(&made));
    for (arguments, reason) in [
        (vec!["user", "add", "tan"], "there is one like it already"),
        (vec!["user", "add", "13812346207"], "begins with a letter"),
        (vec!["user", "add", "lin", "--role", "king"], "there is no role king"),
        (vec!["user", "add", "lin", "--role", "auditor", "--area", "月亮"], "there is no area"),
        (
            vec!["user", "add", "lin", "--role", "child_director", "--area", "南山区"],
            "choose an area of another level",
        ),
        (vec!["user", "lock", "nobody"], "there is no account nobody"),
    ] {
        let refused = said(&data, &arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(text(&refused).contains(reason), "{arguments:?}: {}", text(&refused));
    }
    let large = text(&said(&data, &["user", "add", "Big_Name"]));
    assert!(large.contains("big_name") && !large.contains("Big_Name"), "{large}");
    let beside =
        said(&data, &["user", "add", "mei", "--role", "child_supervisor", "--area", "南山区西丽街道"]);
    assert!(text(&beside).contains("a second one, \"2\", was made"), "{}", text(&beside));
    assert!(text(&said(&data, &["user", "lock", "tan"])).contains("tan is locked"));
    let list = text(&said(&data, &["user", "list"]));
    assert!(list.contains("locked") && list.contains("child_supervisor 南山区 西丽街道"), "{list}");
    assert!(!list.contains("lin "), "nobody was half made: {list}");
    assert!(text(&said(&data, &["user", "unlock", "tan"])).contains("in use"));
    let (first, second) = (said(&data, &["user", "reset", "tan"]), said(&data, &["user", "reset", "tan"]));
    assert!(first.status.success() && text(&first) != text(&second), "each password is another one");
}

#[test]
fn rules_of_a_new_version_are_asked_about_every_child_once() {
    let folder = tempfile::tempdir().unwrap();
    let (data, policy) = (folder.path().join("data"), folder.path().join("policy"));
    let works = |policy: &Path| {
        let mut command = command(&data, &["work"]);
        let command = command.env("SHOUWANG_POLICY_DIR", policy);
        let mut worker = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut logged = BufReader::new(worker.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("screened children whom nothing touched") {
            line.clear();
            assert_ne!(logged.read_line(&mut line).unwrap(), 0, "it ended without a round");
        }
        worker.stderr = Some(logged.into_inner());
        end(worker)
    };
    std::fs::create_dir_all(policy.join("programs/minors")).unwrap();
    assert!(said(&data, &["migrate"]).status.success());
    works(&policy);
    // Without the new version the round of the day is done: only this one makes another.
    let program = include_str!("../../../programs/minors/program.toml");
    let version = program.lines().find(|line| line.starts_with("version")).unwrap();
    std::fs::write(
        policy.join("programs/minors/program.toml"),
        program.replace(version, "version = \"2099.1-1\""),
    )
    .unwrap();
    works(&policy);
}

#[test]
fn the_head_of_the_journal_is_kept_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(said(&data, &["user", "add", "tan"]).status.success());
    // Numbers are given by whoever runs jobs.
    let (server, line) = start(&data, &["serve", "--listen", "127.0.0.1:0"]);
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    let head = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        get(&address, "/healthz");
        let verified = text(&said(&data, &["audit", "verify"]));
        verified.split("Its head is ").nth(1).map(|rest| rest.split_whitespace().next().unwrap().to_owned())
    });
    end(server);
    let head = head.expect("the journal is numbered");
    let same = said(&data, &["audit", "verify", "--head", &head]);
    assert!(same.status.success() && text(&same).contains("as it was kept"), "{}", text(&same));
    let (number, hash) = head.split_once(':').unwrap();
    let later = format!("{}:{hash}", number.parse::<i64>().unwrap() + 1);
    let cut = said(&data, &["audit", "verify", "--head", &later]);
    assert_eq!(cut.status.code(), Some(1), "{}", text(&cut));
    assert!(text(&cut).contains("cut off"), "{}", text(&cut));
    let wrong = said(&data, &["audit", "verify", "--head", "7"]);
    assert!(!wrong.status.success() && text(&wrong).contains("NUMBER:HASH"), "{}", text(&wrong));
}

#[test]
fn a_mistyped_place_is_no_empty_installation() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("mistyped");
    for arguments in [&["audit", "verify"][..], &["user", "list"], &["user", "lock", "tan"], &["work"]] {
        let refused = said(&data, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {}", text(&refused));
        assert!(text(&refused).contains("there is no installation in"), "{}", text(&refused));
        assert!(!data.exists(), "{arguments:?} made one");
    }
    let nowhere = folder.path().join("nowhere");
    let url = format!("sqlite:{}", nowhere.join("shouwang.db").display());
    let refused = Command::new(env!("CARGO_BIN_EXE_shouwang"))
        .current_dir(folder.path())
        .env("SHOUWANG_DATABASE_URL", url)
        .env("SHOUWANG_DATA_DIR", folder.path().join("data"))
        .arg("migrate")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
    assert!(
        text(&refused).contains("check SHOUWANG_DATABASE_URL") && !nowhere.exists(),
        "{}",
        text(&refused)
    );
    let bare = said(&data, &["user", "add", "lin", "--area", "南山区"]);
    assert!(!bare.status.success() && text(&bare).contains("--role"), "{}", text(&bare));
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(said(&data, &["migrate"]).status.success());
    let key = data.join("master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mended = said(&data, &["migrate"]);
    assert!(mended.status.success(), "{}", text(&mended));
    assert!(text(&mended).contains("could be read by others"), "{}", text(&mended));
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!text(&said(&data, &["migrate"])).contains("could be read by others"), "it is said once");
}

#[test]
fn errors_of_the_system_are_said_in_the_language_of_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let in_chinese = |data: &Path, arguments: &[&str]| {
        let output = command(data, arguments).env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        text(&output)
    };
    let spoken = |arguments: &[&str]| {
        let output = command(&data, arguments).env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        text(&output)
    };
    assert!(spoken(&["migrate"]).contains("数据库已是本版本"));
    assert!(spoken(&["user", "add", "tan"]).contains("一次性密码"));
    assert!(spoken(&["user", "list"]).contains("在用"));
    assert!(spoken(&["audit", "verify"]).contains("日志完整"));
    assert!(in_chinese(&data, &["user", "lock", "nobody"]).contains("没有账号 nobody"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = in_chinese(&data, &["serve", "--listen", &address]);
    assert!(refused.contains("上监听：端口已被占用") && !refused.contains("os error"), "{refused}");
    let missing = in_chinese(&data, &["import", "grid", "没有.csv"]);
    assert!(missing.contains("读不了 没有.csv：没有这个文件") && !missing.contains("os error"), "{missing}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let no_folder = in_chinese(&file.join("data"), &["migrate"]);
    assert!(no_folder.contains("建不了数据文件夹") && !no_folder.contains("os error"), "{no_folder}");
}
