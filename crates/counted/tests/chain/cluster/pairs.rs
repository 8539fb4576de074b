//! Pairs of `counted link` that are scored on a cluster.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::bucket::{Bucket, SECRET};
use super::processes::{Cluster, Running, secret};
use crate::link::people::Desk;
use crate::program::{counted, long};

/// Rules under which records meet, one of them with blocks that are left out.
const RULES: &str =
    "[blocking]\nrules = [\"forename\", \"surname + dob\", \"postcode\", \"surname.sound + dob.year\"]\n";

/// A desk, and how its people are linked.
struct Linked {
    desk: Desk,
}

impl Linked {
    fn people(people: usize) -> Self {
        let desk = Desk::with_people(people);
        desk.write("link.toml", format!("{RULES}cap = {}\n", people / 20));
        Self { desk }
    }

    /// A call that links them into files with this name.
    fn call(&self, name: &str) -> Vec<String> {
        let at = |name: &str| self.desk.at(name).to_str().unwrap().to_owned();
        let mut call: Vec<String> = vec!["link".to_owned(), at("people.csv")];
        let files = [
            ("--settings", "link.toml".to_owned()),
            ("--output", format!("{name}.csv")),
            ("--pairs", format!("{name}-pairs.csv")),
        ];
        for (argument, file) in files {
            call.extend([argument.to_owned(), at(&file)]);
        }
        call
    }

    /// The same on a cluster.
    fn call_on(&self, cluster: &Cluster, name: &str) -> Vec<String> {
        let call = self.call(name);
        cluster.on(&call.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// That two names stand for the same bytes.
    fn same(&self, one: &str, other: &str) {
        for end in [".csv", "-pairs.csv"] {
            let read = |name: &str| self.desk.read(&format!("{name}{end}"));
            assert_eq!(read(one), read(other), "{end}");
        }
    }

    /// Takes away what stands for a name.
    fn remove(&self, name: &str) {
        for end in [".csv", "-pairs.csv"] {
            fs_err::remove_file(self.desk.at(&format!("{name}{end}"))).unwrap();
        }
    }

    /// What lies there, hidden files too.
    fn names(&self) -> BTreeSet<String> {
        let entries = fs_err::read_dir(self.desk.at("")).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

#[test]
fn pairs_scored_on_a_cluster_give_the_same_bytes() {
    let linked = Linked::people(1_500);
    let alone = counted(&linked.call("alone")).well();
    let said = alone.stdout.replace("alone", "far");
    assert!(linked.desk.read("alone-pairs.csv").lines().count() > 1_000);
    let cluster = Cluster::start(2, false);
    let before = linked.names();
    // What a call that was killed left there.
    let left = linked.desk.at(".far.csv.on-the-cluster");
    fs_err::create_dir(&left).unwrap();
    for name in ["counted.lock", "blocks-0.parquet"] {
        fs_err::write(left.join(name), "people").unwrap();
    }
    let far = counted(&linked.call_on(&cluster, "far")).well();
    linked.same("alone", "far");
    assert_eq!(far.stdout, said);
    // What people say lies nowhere any more.
    let new: Vec<String> = linked.names().difference(&before).cloned().collect();
    assert_eq!(new, ["far-pairs.csv", "far.csv"]);
}

#[test]
fn pairs_are_scored_where_no_folder_is_shared() {
    let linked = Linked::people(300);
    counted(&linked.call("alone")).well();
    let bucket = Bucket::open();
    let file: PathBuf = linked.desk.at("storage.toml");
    secret(&file, &bucket.file(SECRET));
    let cluster = Cluster::reading(1, false, Some(&file));
    let mut call = linked.call_on(&cluster, "far");
    call.extend(["--cluster-storage".to_owned(), file.to_str().unwrap().to_owned()]);
    counted(&call).well();
    linked.same("alone", "far");
    let lent = bucket.asked();
    assert!(lent.iter().any(|asked| asked.starts_with("PUT ")), "{lent:?}");
    assert_eq!(bucket.names(), Vec::<String>::new());
}

/// Pairs are right, or there are none and the call can be tried again: with the executor that is left, if need be.
#[test]
fn an_executor_that_is_killed_makes_no_wrong_pairs() {
    let linked = Linked::people(3_000);
    counted(&linked.call("alone")).well();
    let moments: &[u64] = if long() {
        &[0, 50, 100, 200, 400, 800]
    } else {
        &[100]
    };
    for moment in moments {
        let mut cluster = Cluster::start(2, false);
        let before = linked.names();
        let running = Running::start(&linked.call_on(&cluster, "far"));
        running.until_it_says("on the cluster");
        thread::sleep(Duration::from_millis(*moment));
        cluster.executors[0].kill();
        let (code, said) = running.end();
        eprintln!("after {moment} ms: {code}");
        if code != 0 {
            assert_eq!(code, 3, "{said}");
            assert_eq!(linked.names(), before, "{said}");
            counted(&linked.call_on(&cluster, "far")).well();
        }
        linked.same("alone", "far");
        linked.remove("far");
    }
}

#[test]
fn a_cluster_that_dies_leaves_no_file() {
    let linked = Linked::people(1_500);
    let mut cluster = Cluster::start(1, false);
    let before = linked.names();
    let running = Running::start(&linked.call_on(&cluster, "far"));
    running.until_it_says("on the cluster");
    cluster.scheduler.kill();
    let (code, said) = running.end();
    // It may have been quicker than the one who killed it.
    if code != 0 {
        assert_eq!(code, 3, "{said}");
        assert_eq!(linked.names(), before, "{said}");
    }
    let silent = counted(&linked.call_on(&cluster, "again"));
    assert_eq!(silent.code, 3, "{silent:#?}");
    assert!(silent.words().contains("no scheduler answers"), "{silent:#?}");
}
