//! Working files of `counted find` and `counted link` hold people: a call that is told to end takes them along, and what a
//! killed one left goes with the next call that writes to the same place.

#![cfg(unix)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::link::people::Desk;
use crate::nation::{Study, files_in};
use crate::program::{Ran, counted, start};

/// Nothing here may take longer.
const LONGEST: Duration = Duration::from_secs(300);

/// Waits until something is as it is to be; says whether the call goes on then.
fn until(child: &mut Child, is_so: impl Fn() -> bool) -> bool {
    let since = Instant::now();
    while since.elapsed() < LONGEST {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if is_so() {
            return true;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("it neither begins nor ends");
}

/// Sends a signal to a call, and waits for its end.
fn send(signal: &str, mut child: Child) -> Option<i32> {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let since = Instant::now();
    while since.elapsed() < LONGEST {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("it does not end");
}

/// What lies beside a list and is no list.
fn working_files(list: &Path) -> Vec<PathBuf> {
    let mut files = files_in(list.parent().unwrap());
    files.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.ends_with(".work") || name.ends_with(".part")
    });
    files
}

/// A look at some files of a nation.
fn look(study: &Study, list: &Path) -> Vec<OsString> {
    let mut call: Vec<OsString> = ["find", "--as-of", "2025-12-31", "--threads", "1", "--output"]
        .map(OsString::from)
        .into();
    call.push(list.into());
    call.push("--organisations".into());
    for name in ["organisations.csv", "registrations.csv", "sact.csv", "deaths.csv"] {
        call.push(study.at(name).into());
    }
    call
}

#[test]
fn a_look_that_is_ended_leaves_nothing_that_stays() {
    let study = Study::invented(93, 400);
    let (wanted, list) = (study.beside("wanted.csv"), study.beside("lists/cases.csv"));
    fs_err::create_dir(list.parent().unwrap()).unwrap();
    counted(&look(&study, &wanted)).well();
    let works = study.beside("lists/cases.csv.work");
    let mut ended = 0;
    for (signal, code) in [("-TERM", Some(143)), ("-INT", Some(130)), ("-KILL", None)] {
        // The one before may have been quicker than its end.
        let _none = fs_err::remove_file(&list);
        let mut child = start(&look(&study, &list));
        if !until(&mut child, || works.join("intake").is_dir()) {
            continue;
        }
        let came = send(signal, child);
        if came == Some(0) {
            continue;
        }
        ended += 1;
        assert_eq!(came, code, "{signal}");
        assert!(!list.exists(), "{signal}: half a list");
        let left = working_files(&list);
        match code {
            Some(_) => assert_eq!(left, Vec::<PathBuf>::new(), "{signal}"),
            None => assert_eq!(left.len(), 2, "{left:?}"),
        }
    }
    assert!(ended > 0, "every look was quicker than its end");
    counted(&look(&study, &list)).well();
    assert_eq!(working_files(&list), Vec::<PathBuf>::new());
    assert_eq!(fs_err::read(&list).unwrap(), fs_err::read(&wanted).unwrap());
}

#[test]
fn two_looks_into_one_place_do_not_meet() {
    let study = Study::invented(94, 400);
    let list = study.beside("cases.csv");
    let works = study.beside("cases.csv.work");
    let mut first = start(&look(&study, &list));
    assert!(
        until(&mut first, || works.join("intake").is_dir()),
        "it ended at once"
    );
    let second: Ran = counted(&look(&study, &list));
    if first.try_wait().unwrap().is_none() {
        assert_eq!(second.code, 2, "{second:#?}");
        assert!(second.stderr.contains("another call is at work"), "{second:#?}");
    }
    let first = first.wait_with_output().unwrap();
    assert!(
        first.status.success(),
        "{}",
        String::from_utf8_lossy(&first.stderr)
    );
    assert!(list.is_file() && working_files(&list).is_empty());
}

#[test]
fn a_link_that_is_ended_leaves_nothing_that_stays() {
    let desk = Desk::with_people(2_000);
    let (people, persons) = (desk.at("people.csv"), desk.at("persons.csv"));
    let call = [
        "link",
        people.to_str().unwrap(),
        "--output",
        persons.to_str().unwrap(),
    ];
    let mut ended = 0;
    for (signal, code, left) in [("-TERM", Some(143), 0), ("-KILL", None, 1)] {
        let _none = fs_err::remove_file(&persons);
        let mut child = start(&call);
        if !until(&mut child, || !working_files(&persons).is_empty()) {
            continue;
        }
        let came = send(signal, child);
        if came != Some(0) {
            ended += 1;
            assert_eq!(came, code, "{signal}");
            assert_eq!(working_files(&persons).len(), left, "{signal}");
            assert!(!persons.exists());
        }
    }
    assert!(ended > 0, "every call was quicker than its end");
    // What is not named as a draft of this list is somebody's.
    desk.write("persons.csv.part", "somebody's");
    desk.write("other.csv.4711-0.part", "somebody's");
    desk.write("persons.csv.4711-0.part", "people");
    counted(&call).well();
    let left: Vec<PathBuf> = working_files(&persons);
    assert_eq!(
        left,
        [desk.at("other.csv.4711-0.part"), desk.at("persons.csv.part")]
    );
}
