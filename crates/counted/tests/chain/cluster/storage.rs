//! A cluster whose machines share no folder, but a storage.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::alone;
use super::bucket::{Bucket, Fault, SECRET};
use super::processes::{Cluster, secret};
use crate::nation::Study;
use crate::program::{Ran, counted};
use crate::{shared, tree};

/// A file about a storage, beside a study.
fn told(study: &Study, name: &str, text: &str) -> PathBuf {
    let path = study.beside(name);
    secret(&path, text);
    path
}

/// Runs a study on a cluster, by a storage; each question may take so many seconds.
fn lending(cluster: &Cluster, study: &Study, file: &Path, deadline: &str) -> Ran {
    let mut arguments = cluster.arguments(&study.folder());
    let at = arguments.iter().position(|argument| argument == "--deadline");
    arguments[at.unwrap() + 1] = deadline.to_owned();
    arguments.extend(["--cluster-storage".to_owned(), file.to_str().unwrap().to_owned()]);
    counted(&arguments)
}

#[test]
fn tables_are_lent_for_as_long_as_a_run_lasts() {
    let (study, alone) = alone();
    let bucket = Bucket::open();
    let file = told(&study, "storage.toml", &bucket.file(SECRET));
    let cluster = Cluster::reading(2, false, Some(&file));
    // What a run that was killed left there, and what is not ours.
    let (left, another) = ("a-study/counted-lent/left.parquet", "a-study/another thing");
    bucket.keep(left);
    bucket.keep(another);
    let mut arguments = cluster.arguments(&study.folder());
    arguments.extend(["--cluster-storage".to_owned(), file.to_str().unwrap().to_owned()]);
    counted(&arguments).well();
    tree::assert_same(&alone, &study.at("out"), "with a storage");

    let asked = bucket.asked();
    let begin = |word: &str| asked.iter().filter(|asked| asked.starts_with(word)).count();
    assert!(
        begin("PUT ") > 2 && begin("GET a-study/counted-lent/") > 2,
        "{asked:?}"
    );
    // Names say nothing of what is lent, and nothing stays.
    for asked in asked.iter().filter(|asked| asked.starts_with("PUT ")) {
        let name = asked.rsplit('/').next().unwrap();
        assert!(
            name.trim_end_matches(".parquet").parse::<u32>().is_ok(),
            "{asked}"
        );
    }
    assert_eq!(bucket.names(), [another]);
}

#[test]
fn a_storage_that_cannot_be_used_is_said_before_anything_is_read() {
    let study = Study::tiny();
    let bucket = Bucket::open();
    let good = told(&study, "good.toml", &bucket.file(SECRET));
    let wrong = told(&study, "wrong.toml", &bucket.file("another secret"));
    let silent = bucket.file(SECRET).replace("127.0.0.1:", "127.0.0.1:1/");
    let silent = told(&study, "silent.toml", &silent);
    let far = bucket.file(SECRET).replace("127.0.0.1", "10.255.255.1");
    let far = told(&study, "far.toml", &far);
    let cluster = Cluster::start(1, false);
    for (file, code, words) in [
        (&wrong, 3, "refused the keys"),
        (&silent, 3, "does not answer"),
        (&far, 5, "insecure = true"),
        (&study.beside("none.toml"), 2, "none.toml"),
        // The cluster knows of no storage: it was started for a shared folder.
        (&good, 3, "without the `--storage` of this run"),
    ] {
        let mut arguments = cluster.arguments(&study.folder());
        arguments.extend(["--cluster-storage".to_owned(), file.to_str().unwrap().to_owned()]);
        let ran = counted(&arguments);
        assert!(
            ran.code == code && ran.words().contains(words),
            "{file:?}: {ran:#?}"
        );
        assert!(
            ![SECRET, "another secret"]
                .iter()
                .any(|word| ran.words().contains(word)),
            "{ran:#?}"
        );
        assert!(!study.at("out").exists());
    }
    assert_eq!(bucket.names(), Vec::<String>::new(), "something is left");
}

/// What the cluster does not see is no table without rows: nobody would be found, and all would seem well.
#[test]
fn a_storage_that_is_not_that_of_the_run_is_a_failure() {
    let study = Study::tiny();
    let (bucket, another) = (Bucket::open(), Bucket::open());
    let file = told(&study, "storage.toml", &bucket.file(SECRET));
    let other = told(&study, "another.toml", &another.file(SECRET));
    let cluster = Cluster::reading(1, false, Some(&other));
    let ran = lending(&cluster, &study, &file, "120");
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.words().contains("does not find in its storage"), "{ran:#?}");
    assert!(!study.at("out").exists());
    assert_eq!(bucket.names(), Vec::<String>::new(), "something is left");
}

/// As when another run with the same prefix takes away what this one has lent.
#[test]
fn a_part_that_is_gone_is_a_failure() {
    let study = shared::finished();
    study.forget();
    let bucket = Bucket::open();
    bucket.has(Fault::Loses);
    let file = told(&study, "storage.toml", &bucket.file(SECRET));
    let cluster = Cluster::reading(1, false, Some(&file));
    let ran = lending(&cluster, &study, &file, "120");
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.words().contains("does not find in its storage"), "{ran:#?}");
    assert!(!study.at("out").exists());
    let asked = bucket.asked();
    let lost = |asked: &String| asked.starts_with("PUT ") && asked.ends_with("/000001.parquet");
    assert!(asked.iter().any(lost), "no table has two parts: {asked:?}");
}

#[test]
fn a_storage_that_falls_silent_is_not_waited_for_beyond_the_deadline() {
    let study = Study::tiny();
    let bucket = Bucket::open();
    bucket.has(Fault::FallsSilent);
    let file = told(&study, "storage.toml", &bucket.file(SECRET));
    let cluster = Cluster::reading(1, false, Some(&file));
    let since = Instant::now();
    let ran = lending(&cluster, &study, &file, "5");
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(
        ran.words().contains("longer on the cluster than 5 seconds"),
        "{ran:#?}"
    );
    assert!(!study.at("out").exists());
    // The deadline, and the time that a run takes to say good-bye.
    assert!(
        since.elapsed() < Duration::from_secs(110),
        "{:?}",
        since.elapsed()
    );
}
