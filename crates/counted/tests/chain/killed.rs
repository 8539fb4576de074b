//! A run that is killed leaves the former release whole, and the next run makes up for it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::nation::Chance;
use crate::program::{counted, long, run, start};
use crate::shared::{self, Releases};
use crate::tree;

const SEED: u64 = 7_319;

/// The three public states: the former release, and the one that a run puts in its place.
struct Known {
    former: Release,
    new: Release,
}

#[derive(PartialEq, Eq, Clone, Copy)]
struct Release {
    counts: blake3::Hash,
    run: blake3::Hash,
    page: blake3::Hash,
}

impl Release {
    fn of(out: &Path) -> Self {
        let hash = |path: &str| blake3::hash(&fs_err::read(out.join(path)).unwrap());
        Self {
            counts: hash("release/counts.csv"),
            run: hash("run.json"),
            page: hash("site/index.html"),
        }
    }
}

#[test]
fn a_killed_run_leaves_the_former_release_and_the_next_completes_it() {
    let releases = Releases::copied();
    let (study, wanted) = (&releases.study, &releases.wanted);
    let former = study.folder();
    let undisturbed = study.beside("undisturbed");
    tree::copy(&former, &undisturbed);
    releases.add_later(&undisturbed);
    let started = Instant::now();
    run(&undisturbed, &[]).well();
    let length = started.elapsed();
    tree::assert_same(&wanted.join("out"), &undisturbed.join("out"), "undisturbed");
    let known = Known {
        former: Release::of(&former.join("out")),
        new: Release::of(&undisturbed.join("out")),
    };
    assert!(
        known.former.counts != known.new.counts,
        "the two releases must differ, or the test shows nothing"
    );

    let mut chance = Chance(SEED);
    let times = if long() { 50 } else { 6 };
    let mut before_the_end = 0;
    for time in 0..times {
        let folder = study.beside("disturbed");
        tree::copy(&former, &folder);
        releases.add_later(&folder);
        // The last tenth of a run is where the output changes places: every third kill falls there.
        let whole = u64::try_from(length.as_micros()).unwrap();
        let first = if time % 3 == 2 { whole * 8 / 10 } else { 0 };
        let moment = Duration::from_micros(first + chance.below(whole + whole / 20 - first));
        eprintln!("kill {time} after {moment:?} of {length:?}");
        before_the_end += usize::from(watched(&folder, &known, moment));
        counted(&["verify", folder.to_str().unwrap()]).well();
        run(&folder, &[]).well();
        tree::assert_same(
            &undisturbed.join("out"),
            &folder.join("out"),
            &format!("killed after {moment:?}"),
        );
        fs_err::remove_dir_all(&folder).unwrap();
    }
    assert!(
        before_the_end * 4 >= times,
        "only {before_the_end} of {times} kills fell into a run"
    );
}

#[test]
fn many_kills_of_one_run_add_up_to_nothing() {
    let study = shared::finished();
    let undisturbed = study.beside("undisturbed");
    tree::copy(&study.folder(), &undisturbed);
    study.forget();
    let mut chance = Chance(SEED + 1);
    for _ in 0..if long() { 30 } else { 5 } {
        let mut child = start(&["run".as_ref(), study.folder().as_os_str()]);
        thread::sleep(Duration::from_millis(20 + chance.below(700)));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            !study.at("out").exists() || study.at("out/run.json").is_file(),
            "half an output"
        );
    }
    run(&study.folder(), &[]).well();
    tree::assert_same(&undisturbed.join("out"), &study.at("out"), "after many kills");
    let left: Vec<PathBuf> = ["next", "work", "former-out"]
        .iter()
        .map(|name| study.at("state").join(name))
        .filter(|place| place.exists())
        .collect();
    assert!(left.is_empty(), "working files are left: {left:?}");
}

/// Kills a run at a moment while a reader looks on; says whether it was still going on.
fn watched(folder: &Path, known: &Known, moment: Duration) -> bool {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut looks = 0_u32;
            while !over.load(Ordering::Relaxed) || looks == 0 {
                look(&folder.join("out"), known);
                looks += 1;
            }
            looks
        });
        let mut child = start(&["run".as_ref(), folder.as_os_str()]);
        thread::sleep(moment);
        let going_on = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        over.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
        look(&folder.join("out"), known);
        going_on
    })
}

/// What a reader of the public files sees at any moment: one release or the other.
fn look(out: &Path, known: &Known) {
    let text = fs_err::read_to_string(out.join("run.json")).expect("run.json is there at every moment");
    serde_json::from_str::<serde_json::Value>(&text).expect("run.json is whole at every moment");
    let counts = blake3::hash(
        &fs_err::read(out.join("release/counts.csv")).expect("the counts are there at every moment"),
    );
    assert!(
        [known.former.counts, known.new.counts].contains(&counts),
        "the counts are of no release"
    );
    let page = blake3::hash(
        &fs_err::read(out.join("site/index.html")).expect("the front page is there at every moment"),
    );
    assert!(
        [known.former.page, known.new.page].contains(&page),
        "the front page is of no release"
    );
    let run = blake3::hash(text.as_bytes());
    assert!(
        [known.former.run, known.new.run].contains(&run),
        "run.json is of no run"
    );
}
