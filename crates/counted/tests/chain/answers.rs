//! What is printed may find nobody to read it, or no room.

use std::process::{Command, Stdio};

fn definition() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_counted"));
    command.args(["definition", "uk-mbc/2026.1", "--sql", "standard"]);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    let mut child = definition().stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    let words = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.code() == Some(0) && words.is_empty(), "{words}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_finds_no_room_is_told_as_lost() {
    let full = fs_err::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = definition()
        .stdout(Stdio::from(full.into_file()))
        .output()
        .unwrap();
    let words = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{words}");
    assert!(
        words.contains("the answer could not be printed") && !words.contains("panicked"),
        "{words}"
    );
}
