//! The program itself.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rounds-server")).args(arguments).arg("--data").arg(data).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn an_invite_prints_its_token_once_and_nothing_else_on_standard_output() {
    let data = tempfile::tempdir().unwrap();
    let made = run(data.path(), &["invite", "--role", "contributor", "--name", "Dr. A", "--site", "Freiburg"]);
    assert!(made.status.success(), "{made:?}");
    let token = text(&made.stdout);
    let token = token.strip_suffix('\n').unwrap();
    assert!(server::store::Token::read(token).is_some(), "{token}");
    assert!(!text(&made.stderr).contains(token));
    let ending = ["invite", "--role", "reader", "--name", "B", "--site", "C", "--expires-days", "30"];
    assert!(run(data.path(), &ending).status.success());

    let listed = text(&run(data.path(), &["invites"]).stdout);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert!(listed.contains("1\tcontributor\tDr. A\tFreiburg") && listed.contains("2\treader\tB\tC"), "{listed}");
    assert!(!listed.contains(token.rsplit('_').next().unwrap()));

    assert!(run(data.path(), &["revoke", "1"]).status.success());
    let again = run(data.path(), &["revoke", "1"]);
    assert!(!again.status.success());
    assert!(text(&again.stderr).contains("no invite 1 that still works"), "{again:?}");
}

#[test]
fn what_cannot_be_is_told_in_words() {
    let data = tempfile::tempdir().unwrap();
    let nameless = run(data.path(), &["invite", "--role", "reader", "--name", " ", "--site", "C"]);
    assert!(text(&nameless.stderr).contains("--name is empty"), "{nameless:?}");
    let no_page = run(data.path(), &["serve", "--listen", "127.0.0.1:0", "--page", "no-such-folder"]);
    assert!(!no_page.status.success());
    assert!(text(&no_page.stderr).contains("no-such-folder"), "{no_page:?}");
    let bin = env!("CARGO_BIN_EXE_rounds-server");
    let silent = Command::new(bin).args(["health", "--address", "127.0.0.1:1"]).output().unwrap();
    assert!(!silent.status.success());
    assert!(text(&silent.stderr).contains("no server answers"), "{silent:?}");
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_in_good_order() {
    let data = tempfile::tempdir().unwrap();
    // Without a command: serving is the default.
    let mut server = Command::new(env!("CARGO_BIN_EXE_rounds-server"))
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let is_up = log.by_ref().map(Result::unwrap).any(|line| line.contains("Rounds is at http://127.0.0.1:"));
    assert!(is_up, "it says where it is");
    let killed = Command::new("kill").arg("-TERM").arg(server.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert!(server.wait().unwrap().success(), "a good end, not a death by signal");
    let rest: Vec<String> = log.map(Result::unwrap).collect();
    assert!(rest.iter().any(|line| line.contains("finishing what is under way")), "{rest:?}");
}
