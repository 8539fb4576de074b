//! Readers of bytes that others wrote, tried with hostile ones: of every kind of source, and of single cells.
//!
//! Each target makes a promise beyond "it does not panic": what was read keeps its form when it is read again, a value
//! that identifies a person stays out of messages, and a case ends within [`LONGEST`]. `cargo test` gives each a fixed
//! budget from a fixed seed, so the result is the same every time. With `FUZZ_SECONDS=600` each goes on that long,
//! from `FUZZ_SEED` on, or from a seed of the day that `make fuzz` chooses and prints.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may stop the world"
)]

mod files;
mod generator;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use generator::{Chance, mutated};

/// No small input may take longer: whoever sends it could stop a run.
const LONGEST: Duration = Duration::from_secs(20);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests stands in the workspace")
        .to_path_buf()
}

/// The examples of a target, in the order of their names.
fn seeds(folder: &str) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/seeds").join(folder);
    let mut paths: Vec<_> = fs_err::read_dir(folder)
        .expect("seeds")
        .map(|entry| entry.expect("a seed").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "a target without seeds tries nothing");
    paths
        .into_iter()
        .map(|path| fs_err::read(path).expect("a seed"))
        .collect()
}

#[allow(
    clippy::disallowed_methods,
    reason = "how long to go on is for the person at the keyboard to say"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Tries a target: its examples as they are, then `cases` changed ones, or as many as `FUZZ_SECONDS` allow.
fn fuzz(name: &str, seeds: &[Vec<u8>], cases: u64, target: impl Fn(&[u8])) {
    let began = Instant::now();
    let first = setting("FUZZ_SEED").unwrap_or(1);
    let budget = setting("FUZZ_SECONDS").map(Duration::from_secs);
    for seed in seeds {
        attempt(name, "an example", seed, &target);
    }
    let goes_on = |case: u64| budget.map_or(case < cases, |budget| began.elapsed() < budget);
    for case in (0..).take_while(|case| goes_on(*case)) {
        let seed = first.wrapping_mul(1_000_003).wrapping_add(case);
        let bytes = mutated(seeds, &mut Chance::new(seed));
        attempt(name, &format!("seed {seed}"), &bytes, &target);
    }
}

/// Runs one case; a failure leaves its bytes behind.
fn attempt(name: &str, label: &str, bytes: &[u8], target: &impl Fn(&[u8])) {
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    let took = began.elapsed();
    if outcome.is_ok() && took < LONGEST {
        return;
    }
    let folder = root().join("target/fuzz");
    fs_err::create_dir_all(&folder).expect("target can be written");
    let kept = folder.join(format!("{name}.bytes"));
    fs_err::write(&kept, bytes).expect("target can be written");
    panic!(
        "{name}, {label}, after {took:?}: the {} bytes are kept in {}",
        bytes.len(),
        kept.display()
    );
}

/// The harness itself: a target that fails must fail the test.
#[test]
fn a_fault_is_seen() {
    let seeds = [b"<a>good</a>".to_vec()];
    let tried = catch_unwind(|| {
        fuzz("harness", &seeds, 2_000, |bytes| {
            assert!(!bytes.windows(5).any(|five| five == b"NaN<a"), "found")
        });
    });
    let never = catch_unwind(|| fuzz("harness", &seeds, 50, |_| {}));
    assert!(never.is_ok());
    assert!(
        tried.is_err(),
        "2,000 cases must reach a splice of two known pieces"
    );
}
