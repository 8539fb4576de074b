//! A run on a cluster is the run on one machine, or no run at all.

#![cfg(unix)]

mod bucket;
mod pairs;
mod processes;
mod storage;

use std::thread;
use std::time::{Duration, Instant};

use self::processes::{Cluster, Running, secret};
use crate::nation::Study;
use crate::program::{counted, long, run};
use crate::shared::{self, Releases};
use crate::tree;

/// What a run says when it begins with what a cluster does.
const LOOKING: &str = "Finding people";

/// A study that was not run yet, and what one machine alone publishes of it.
fn alone() -> (Study, std::path::PathBuf) {
    let study = shared::finished();
    let alone = study.beside("alone");
    tree::copy(&study.at("out"), &alone);
    study.forget();
    (study, alone)
}

#[test]
fn a_run_on_a_cluster_gives_the_same_bytes() {
    let (study, alone) = alone();
    let other = study.folder();
    let mut cluster = Cluster::start(2, false);
    cluster.run(&other).well();
    tree::assert_same(&alone, &other.join("out"), "on a cluster");

    // A file is sent again, of which alone is looked for there; and on one machine everybody is, once more.
    let files = crate::nation::files_in(&other.join("admissions"));
    let text = fs_err::read_to_string(&files[0]).unwrap();
    let rest = text.lines().count() - 40;
    fs_err::write(
        &files[0],
        text.lines()
            .take(rest)
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    )
    .unwrap();
    cluster.run(&other).well();
    let beside = study.beside("month");
    tree::copy(&other.join("out"), &beside);
    fs_err::remove_dir_all(other.join("state/stages/casefind")).unwrap();
    run(&other, &[]).well();
    tree::assert_same(&beside, &other.join("out"), "a month on a cluster");

    // The executors did it, each in a folder that only its owner can enter.
    let work = cluster.work();
    assert_eq!(work.len(), 2, "{work:?}");
    for folder in &work {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs_err::metadata(folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{folder:?}");
    }
    assert!(
        // There is more than the file that says whose it is.
        work.iter().any(|folder| tree::files(folder).len() > 1),
        "no executor had a row"
    );
    for executor in &mut cluster.executors {
        assert_eq!(executor.end(), Some(0));
    }
    assert_eq!(cluster.work(), Vec::<std::path::PathBuf>::new(), "rows are left");
    assert_eq!(cluster.scheduler.end(), Some(0));
}

#[test]
fn with_certificates_it_gives_the_same_bytes_and_others_are_not_believed() {
    let (study, alone) = alone();
    let other = study.folder();
    let (cluster, stranger) = (Cluster::start(1, true), Cluster::start(0, true));
    // In clear, or believing another authority, nothing is sent.
    let mut clear = cluster.arguments(&other);
    let at = clear
        .iter()
        .position(|argument| argument == "--cluster-authority")
        .unwrap();
    clear.drain(at..at + 2);
    let mut strange = cluster.arguments(&other);
    strange[at + 1] = stranger.at("ca.pem").to_str().unwrap().to_owned();
    for (arguments, words) in [
        (clear, "no scheduler answers"),
        (strange, "not signed by the authority that was given"),
    ] {
        let refused = counted(&arguments);
        assert_eq!(refused.code, 3, "{refused:#?}");
        assert!(refused.words().contains(words), "{refused:#?}");
        assert!(!other.join("out").exists());
    }
    cluster.run(&other).well();
    tree::assert_same(&alone, &other.join("out"), "with certificates");
}

#[test]
fn certificates_that_cannot_be_right_say_why() {
    let study = Study::tiny();
    let (cluster, stranger) = (Cluster::start(0, true), Cluster::start(0, true));
    let late = cluster.scheduler_showing("expired.pem");
    let mut expired = cluster.arguments(&study.folder());
    let at = expired
        .iter()
        .position(|argument| argument == "--cluster")
        .unwrap();
    expired[at + 1].clone_from(&late.address);
    let mut other = cluster.arguments(&study.folder());
    let at = other
        .iter()
        .position(|argument| argument == "--cluster-authority")
        .unwrap();
    other[at + 1] = cluster.at("token").to_str().unwrap().to_owned();
    let path = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    let mut pair: Vec<String> = ["cluster", "scheduler", "--port", "0", "--token"]
        .map(str::to_owned)
        .to_vec();
    pair.push(path(cluster.at("token")));
    pair.extend(["--certificate".to_owned(), path(cluster.at("machine.pem"))]);
    pair.extend(["--key".to_owned(), path(stranger.at("machine.key"))]);
    for (arguments, code, words) in [
        (expired, 3, "it has expired"),
        (other, 2, "no certificate in PEM form"),
        (pair, 2, "not the key of the certificate"),
    ] {
        let refused = counted(&arguments);
        assert!(
            refused.code == code && refused.words().contains(words),
            "{refused:#?}"
        );
        assert!(!study.at("out").exists());
    }
}

#[test]
fn an_executor_that_ends_unasked_says_so() {
    let mut cluster = Cluster::start(1, false);
    let folder = cluster.work().remove(0);
    fs_err::remove_dir_all(&folder).unwrap();
    assert_eq!(cluster.executors[0].ended(), Some(3));
    assert_eq!(cluster.work(), Vec::<std::path::PathBuf>::new(), "rows are left");
}

/// It would ask the next scheduler for work for ever.
#[test]
fn an_executor_that_is_let_in_no_more_ends() {
    let mut cluster = Cluster::start(1, false);
    // It listens before it has joined, and one that cannot join ends otherwise.
    std::thread::sleep(Duration::from_secs(8));
    cluster.replace_scheduler();
    assert_eq!(cluster.executors[0].ended(), Some(5));
    assert_eq!(cluster.work(), Vec::<std::path::PathBuf>::new(), "rows are left");
}

#[test]
fn a_cluster_without_executors_fails_before_the_deadline() {
    let study = Study::tiny();
    let cluster = Cluster::start(0, false);
    let since = Instant::now();
    let failed = cluster.run(&study.folder());
    let took = since.elapsed();
    assert_eq!(failed.code, 3, "{failed:#?}");
    assert!(failed.words().contains("no executor is there"), "{failed:#?}");
    assert!(took < Duration::from_secs(110), "{took:?}");
    assert!(!study.at("out").exists());
}

#[test]
fn an_executor_is_not_taken_for_a_scheduler() {
    let study = Study::tiny();
    let cluster = Cluster::start(1, false);
    let other = cluster.executors[0].address.as_str();
    let mut run = cluster.arguments(&study.folder());
    let at = run.iter().position(|argument| argument == "--cluster").unwrap();
    run[at + 1] = other.to_owned();
    let (token, work) = (cluster.at("token"), study.beside("work"));
    let (token, work) = (token.to_str().unwrap(), work.to_str().unwrap());
    let mut executor = vec!["cluster", "executor", "--scheduler", other, "--port", "0"];
    executor.extend(["--token", token, "--work", work]);
    let executor: Vec<String> = executor.into_iter().map(str::to_owned).collect();
    for call in [run, executor] {
        let refused = counted(&call);
        let words = "something else than a scheduler listens at";
        assert!(
            refused.code == 3 && refused.words().contains(words),
            "{refused:#?}"
        );
    }
    assert!(!study.at("out").exists());
}

#[test]
fn a_wrong_token_is_refused() {
    let study = Study::tiny();
    let cluster = Cluster::start(0, false);
    let wrong = study.beside("wrong.token");
    secret(&wrong, "the token of another cluster");
    let wrong = wrong.to_str().unwrap();
    let mut arguments = cluster.arguments(&study.folder());
    let at = arguments
        .iter()
        .position(|argument| argument == "--cluster-token")
        .unwrap();
    arguments[at + 1] = wrong.to_owned();
    let refused = counted(&arguments);
    assert_eq!(refused.code, 5, "{refused:#?}");
    assert!(refused.words().contains("refused the token"), "{refused:#?}");
    assert!(!study.at("out").exists());

    let work = study.beside("work");
    let mut executor = vec!["cluster", "executor", "--scheduler", &cluster.scheduler.address];
    executor.extend(["--port", "0", "--token", wrong, "--work", work.to_str().unwrap()]);
    let refused = counted(&executor);
    assert_eq!(refused.code, 5, "{refused:#?}");
    assert!(refused.words().contains("refused the token"), "{refused:#?}");
    assert!(!work.exists(), "a folder for rows before it was let in");
}

#[test]
fn calls_that_cannot_be_right_say_so() {
    let study = Study::tiny();
    let token = study.beside("token");
    secret(&token, "the token of no cluster at all");
    let token = token.to_str().unwrap();
    let missing = study.beside("no token");
    let missing = missing.to_str().unwrap();
    let folder = study.folder();
    let folder = folder.to_str().unwrap();
    let work = study.beside("work");
    let work = work.to_str().unwrap();
    for (arguments, code, words) in [
        (
            &["run", folder, "--cluster", "127.0.0.1:1"][..],
            2,
            "--cluster-token",
        ),
        (
            &[
                "run",
                folder,
                "--cluster",
                "127.0.0.1:1",
                "--cluster-token",
                token,
            ],
            3,
            "no scheduler answers at 127.0.0.1:1",
        ),
        (
            &[
                "run",
                folder,
                "--cluster",
                "127.0.0.1:1",
                "--cluster-token",
                missing,
            ],
            2,
            "give a file that is there",
        ),
        (
            &[
                "run",
                folder,
                "--cluster",
                "http://here",
                "--cluster-token",
                token,
            ],
            2,
            "HOST:PORT",
        ),
        (
            &["run", folder, "--cluster", "127.0.0.1:1", "--deadline", "0"],
            2,
            "seconds from 1 to 14400",
        ),
        (
            &[
                "run",
                folder,
                "--cluster",
                "127.0.0.1:1",
                "--deadline",
                "18446744073709551615",
            ],
            2,
            "seconds from 1 to 14400",
        ),
        (
            &[
                "link",
                folder,
                "--output",
                work,
                "--cluster",
                "127.0.0.1:1",
                "--deadline",
                "14401",
            ],
            2,
            "executors keep the rows of a question",
        ),
        // An address for documentation, where nobody is: it is refused before it is called.
        (
            &[
                "run",
                folder,
                "--cluster",
                "192.0.2.1:50050",
                "--cluster-token",
                token,
            ],
            5,
            "--cluster-insecure",
        ),
        (
            &[
                "cluster",
                "executor",
                "--scheduler",
                "192.0.2.1:50050",
                "--port",
                "0",
                "--token",
                token,
                "--work",
                work,
            ],
            5,
            "--authority",
        ),
        (
            &[
                "cluster",
                "scheduler",
                "--bind",
                "0.0.0.0",
                "--port",
                "0",
                "--token",
                token,
            ],
            5,
            "--insecure",
        ),
        (
            &[
                "cluster",
                "executor",
                "--scheduler",
                "127.0.0.1:1",
                "--port",
                "0",
                "--token",
                token,
                "--work",
                work,
                "--authority",
                token,
            ],
            2,
            "go together",
        ),
        (
            &[
                "cluster",
                "executor",
                "--scheduler",
                "127.0.0.1:1",
                "--bind",
                "0.0.0.0",
                "--insecure",
                "--port",
                "0",
                "--token",
                token,
                "--work",
                work,
            ],
            2,
            "--host",
        ),
    ] {
        let ran = counted(arguments);
        assert!(
            ran.code == code && ran.words().contains(words),
            "{arguments:?}: {ran:#?}"
        );
        assert!(!study.at("out").exists());
    }
}

/// Kills something of a cluster at moments of a run: what is published is the former release or the right one.
fn killed(moments: &[u64], mut kill: impl FnMut(&mut Cluster)) -> Vec<(i32, String)> {
    let releases = Releases::copied();
    let (study, wanted) = (&releases.study, &releases.wanted);
    let former = study.at("out");
    let mut ends = Vec::new();
    for moment in moments {
        let folder = study.beside(&format!("after {moment}"));
        tree::copy(&study.folder(), &folder);
        releases.add_later(&folder);
        let mut cluster = Cluster::start(2, false);
        let running = Running::start(&cluster.arguments(&folder));
        running.until_it_says(LOOKING);
        thread::sleep(Duration::from_millis(*moment));
        kill(&mut cluster);
        let (code, said) = running.end();
        match code {
            0 => tree::assert_same(&wanted.join("out"), &folder.join("out"), "after a kill"),
            3 => {
                let told = ["on the cluster", "no scheduler answers"];
                assert!(told.iter().any(|words| said.contains(words)), "{said}");
                tree::assert_same(&former, &folder.join("out"), "after a failure");
                // It can be tried again, here or there.
                run(&folder, &[]).well();
                tree::assert_same(&wanted.join("out"), &folder.join("out"), "tried again");
            }
            _ => panic!("{code}: {said}"),
        }
        ends.push((code, said));
    }
    ends
}

#[test]
fn an_executor_that_is_killed_makes_no_wrong_release() {
    let moments: &[u64] = if long() {
        &[0, 100, 200, 400, 800, 1600]
    } else {
        &[400]
    };
    let ends = killed(moments, |cluster| cluster.executors[0].kill());
    eprintln!("{ends:?}");
}

#[test]
fn a_scheduler_that_is_killed_is_a_failure_that_can_be_tried_again() {
    let ends = killed(&[0], |cluster| cluster.scheduler.kill());
    assert_eq!(ends[0].0, 3, "{ends:?}");
}
