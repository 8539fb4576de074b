//! The shape of the house, guarded.
//!
//! What it is for: the arrows between the crates (design, section 4) are the one thing that cannot be mended later
//! without pain, and that nobody sees being broken in a small change. So they are a test: over what Cargo itself says
//! about each crate, its development dependencies included.
//!
//! A new crate fails here until it has a floor, on purpose: deciding where it stands is part of making it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop the world"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

/// The floors, top first, and what stands on each, side by side. A crate imports only from floors below its own.
const FLOORS: &[(&str, &[&str])] = &[
    ("the door", &["counted"]),
    ("the order of a run", &["study"]),
    ("the machines", &["cluster"]),
    ("the other side", &["attacker"]),
    (
        "the stages",
        &[
            "publish", "audit", "count", "casefind", "linkage", "simulate", "intake",
        ],
    ),
    ("the tools", &["protect", "estimate", "layouts", "engine"]),
    ("the ground", &["vocabulary"]),
];

/// Packages that test the house from outside and may look into every room.
const VISITORS: &[&str] = &["end-to-end"];

/// Whoever speaks to the query engine does so through `engine`.
const ENGINE_ONLY: &[&str] = &["datafusion", "arrow", "parquet", "ballista", "object_store"];

/// Who may name it: the door, and the crate that sets the same engine up on other machines.
const ENGINEERS: &[&str] = &["engine", "cluster"];

/// But the pair loop of `linkage` takes and gives batches, as a function on a cluster must: these, and no more of it.
const BATCHES: (&str, &[&str]) = ("linkage", &["arrow-array", "arrow-schema"]);

/// The only folder of that crate which may name them.
const BATCH_FOLDER: &str = "crates/linkage/src/weigh/batch";

/// Rust files stay below this many lines: longer ones hold two things.
const LONGEST_FILE: usize = 600;

/// File names that say nothing about the work inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc", "imp"];

/// Dependencies by crate: every kind, by real package name.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests stands in the workspace")
        .to_path_buf()
}

fn arrows(metadata: &Metadata) -> Arrows {
    let package = |p: &cargo_metadata::Package| {
        let targets = p
            .dependencies
            .iter()
            .map(|dependency| dependency.name.to_string());
        (p.name.to_string(), targets.collect())
    };
    metadata.workspace_packages().into_iter().map(package).collect()
}

fn workspace() -> Arrows {
    let manifest = root().join("Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec();
    arrows(&metadata.expect("cargo describes the workspace"))
}

/// How far up a crate stands; `None` for a crate of the outside world.
fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().rev().position(|(_, crates)| crates.contains(&name))
}

/// Every broken rule, as a sentence.
fn broken(arrows: &Arrows) -> Vec<String> {
    let mut broken = Vec::new();
    for (from, targets) in arrows {
        if VISITORS.contains(&from.as_str()) {
            continue;
        }
        let Some(here) = floor(from) else {
            broken.push(format!(
                "{from} has no floor: give it one in tests/tests/architecture.rs"
            ));
            continue;
        };
        for to in targets {
            if VISITORS.contains(&to.as_str()) || floor(to).is_some_and(|there| there >= here) {
                broken.push(format!("{from} may not import {to}: it does not stand below"));
            }
            let batches = from == BATCHES.0 && BATCHES.1.contains(&to.as_str());
            if !ENGINEERS.contains(&from.as_str()) && is_engine(to) && !batches {
                broken.push(format!(
                    "{from} may not import {to}: only engine and cluster speak to the query engine"
                ));
            }
        }
    }
    broken
}

/// `arrow` and `arrow-schema`, not `arrowhead`.
fn is_engine(name: &str) -> bool {
    ENGINE_ONLY
        .iter()
        .any(|only| name == *only || name.starts_with(&format!("{only}-")))
}

#[test]
fn every_crate_imports_only_from_the_floors_below() {
    assert_eq!(broken(&workspace()), Vec::<String>::new());
}

#[test]
fn every_crate_of_the_plan_exists() {
    let members = workspace();
    let missing: Vec<_> = FLOORS
        .iter()
        .flat_map(|(_, c)| *c)
        .filter(|c| !members.contains_key(**c))
        .collect();
    assert!(
        missing.is_empty(),
        "named in the floors, but not in the workspace: {missing:?}"
    );
}

/// The guard itself is tried on houses that are built wrongly.
#[test]
fn a_wrong_arrow_is_seen() {
    let house = |from: &str, to: &str| Arrows::from([(from.to_owned(), BTreeSet::from([to.to_owned()]))]);
    for (from, to) in [
        ("linkage", "intake"),       // a stage imports another stage
        ("simulate", "casefind"),    // also when it would be handy in a test
        ("engine", "layouts"),       // a tool imports another tool
        ("vocabulary", "engine"),    // upwards
        ("publish", "study"),        // upwards
        ("count", "parquet"),        // past the door of the engine
        ("study", "datafusion-sql"), // past the door, by a part of it
        ("intake", "arrow-schema"),
        ("linkage", "arrow"), // more of it than batches
        ("study", "ballista"),
        ("casefind", "cluster"),
        ("cluster", "study"),
        ("study", "end-to-end"),
        ("annex", "vocabulary"), // a crate without a floor
    ] {
        assert_eq!(
            broken(&house(from, to)).len(),
            1,
            "{from} to {to} must be refused"
        );
    }
    for (from, to) in [
        ("counted", "study"),
        ("study", "count"),
        ("engine", "datafusion"),
        ("cluster", "ballista-core"),
        ("cluster", "casefind"),
        ("cluster", "linkage"),
        ("study", "cluster"),
        ("linkage", "arrow-array"),
        ("count", "serde"),
    ] {
        assert_eq!(
            broken(&house(from, to)),
            Vec::<String>::new(),
            "{from} to {to} must be allowed"
        );
    }
}

/// `crates/README.md` shows the same house: one line a crate, in the order of the floors.
#[test]
fn the_list_of_crates_says_the_same() {
    let text = fs_err::read_to_string(root().join("crates/README.md")).expect("crates/README.md");
    let listed: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|rest| rest.split_once('`').map(|(name, _)| name))
        .collect();
    let floors: Vec<&str> = FLOORS.iter().flat_map(|(_, crates)| *crates).copied().collect();
    assert_eq!(listed, floors);
}

/// Lints bind only a crate that asks for them.
#[test]
fn every_crate_takes_the_lints_of_the_house() {
    for name in workspace().keys() {
        let folder = if VISITORS.contains(&name.as_str()) {
            "tests".into()
        } else {
            format!("crates/{name}")
        };
        let manifest = fs_err::read_to_string(root().join(folder).join("Cargo.toml")).expect("a manifest");
        assert!(
            manifest.contains("[lints]\nworkspace = true\n"),
            "{name} lacks `[lints] workspace = true`"
        );
    }
}

/// All Rust files of the project, by path from its root.
fn rust_files() -> Vec<PathBuf> {
    let mut folders = vec![root()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
        {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
                folders.push(path);
            } else if name.ends_with(".rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn no_rust_file_is_too_long() {
    let files = rust_files();
    assert!(
        files.len() > FLOORS.len(),
        "the walk over the files found too few of them"
    );
    let lines = |path: &PathBuf| fs_err::read_to_string(path).expect("text").lines().count();
    let long: Vec<_> = files
        .iter()
        .map(|f| (f, lines(f)))
        .filter(|(_, count)| *count > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "split these before they grow further: {long:#?}");
}

/// Only the pair loop's door for batches names Arrow; the rest of linkage speaks to the engine as everybody does.
#[test]
fn only_the_batches_of_the_linker_name_arrow() {
    let names = |path: &&PathBuf| {
        let text = fs_err::read_to_string(path).expect("text");
        text.contains("arrow_array") || text.contains("arrow_schema")
    };
    let linkage = root().join("crates").join(BATCHES.0);
    let files = rust_files();
    let named: Vec<_> = files
        .iter()
        .filter(|path| path.starts_with(&linkage))
        .filter(names)
        .collect();
    let elsewhere = |path: &&&PathBuf| !path.starts_with(root().join(BATCH_FOLDER));
    assert!(!named.is_empty(), "the guard itself");
    assert_eq!(
        named.iter().filter(elsewhere).collect::<Vec<_>>(),
        Vec::<&&PathBuf>::new()
    );
}

#[test]
fn every_file_name_says_what_is_inside() {
    let says_nothing = |path: &&PathBuf| {
        let within = path
            .strip_prefix(root())
            .expect("below the root")
            .with_extension("");
        within
            .iter()
            .any(|part| EMPTY_NAMES.contains(&part.to_string_lossy().as_ref()))
    };
    let files = rust_files();
    let empty: Vec<_> = files.iter().filter(says_nothing).collect();
    assert!(empty.is_empty(), "name these by their work: {empty:#?}");
    assert!(
        says_nothing(&&root().join("crates/study/src/utils.rs")),
        "the guard itself"
    );
    assert!(
        says_nothing(&&root().join("crates/study/src/common/mod.rs")),
        "the guard itself"
    );
}
