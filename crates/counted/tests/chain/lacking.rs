//! What the machine, or whoever runs it, does not give is no fault of the program: exit code 2, and words on what to do. And
//! who runs it is what the system knows, not what the environment says.

#[cfg(unix)]
use std::process::Command;

use crate::nation::Study;
use crate::program::run;

#[test]
fn too_little_memory_is_told_as_such() {
    let study = Study::invented(95, 120);
    let mut lacked = 0;
    // The most threads first: once a run had enough, what it did stands, and the next asks for nothing.
    for threads in ["64", "16", "3"] {
        let ran = run(&study.folder(), &["--memory", "64MB", "--threads", threads]);
        // How much is needed is the engine's affair: it is enough, or it is told.
        if ran.code == 0 {
            continue;
        }
        lacked += 1;
        assert_eq!(ran.code, 2, "{threads}: {ran:#?}");
        assert!(ran.stderr.contains("`--memory`"), "{threads}: {ran:#?}");
    }
    assert!(
        lacked > 0,
        "64 MB are enough for so many threads: ask for more of them"
    );
    run(&study.folder(), &["--memory", "1GB", "--threads", "2"]).well();
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_told_as_such() {
    use std::os::unix::fs::PermissionsExt;
    let study = Study::tiny();
    let may = |mode: u32| {
        let mode = std::fs::Permissions::from_mode(mode);
        fs_err::set_permissions(study.folder(), mode).unwrap();
    };
    may(0o555);
    if fs_err::write(study.at("probe"), "").is_ok() {
        may(0o755);
        eprintln!("skipped: whoever runs the tests may write everywhere");
        return;
    }
    let first = run(&study.folder(), &[]);
    may(0o755);
    run(&study.folder(), &[]).well();
    may(0o555);
    let again = run(&study.folder(), &[]);
    may(0o755);
    for (refused, words) in [
        (first, "its folder must be writable; copy it"),
        (again, "permission"),
    ] {
        assert_eq!(refused.code, 2, "{refused:#?}");
        assert!(refused.stderr.contains(words), "{refused:#?}");
    }
    run(&study.folder(), &[]).well();
}

#[test]
fn a_study_at_which_another_command_works_is_told_as_such() {
    let study = Study::tiny();
    study.write("state/lock", "");
    let lock = fs_err::OpenOptions::new()
        .write(true)
        .open(study.at("state/lock"))
        .unwrap();
    lock.lock().unwrap();
    let busy = run(&study.folder(), &[]);
    assert_eq!(busy.code, 2, "{busy:#?}");
    assert!(busy.stderr.contains("another command is at work"), "{busy:#?}");
    drop(lock);
    run(&study.folder(), &[]).well();
}

#[cfg(unix)]
#[test]
fn the_audit_log_names_whom_the_system_knows() {
    let study = Study::tiny();
    run(&study.folder(), &[]).well();
    let mut command = Command::new(env!("CARGO_BIN_EXE_counted"));
    command.arg("worklist").arg(study.folder());
    command.args(["--organisation", "RTH"]);
    for name in ["USER", "USERNAME", "LOGNAME"] {
        command.env(name, "somebody-else");
    }
    let ended = command.output().unwrap();
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    let id = |options: &[&str]| {
        let said = Command::new("id").args(options).output().unwrap();
        String::from_utf8(said.stdout).unwrap().trim().to_owned()
    };
    let log = fs_err::read_to_string(study.at("state/audit.jsonl")).unwrap();
    let row: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let by = row["by"].as_str().unwrap();
    assert!(
        by == id(&["-u", "-n", "-r"]) || by == format!("uid {}", id(&["-u", "-r"])),
        "{row}"
    );
}
