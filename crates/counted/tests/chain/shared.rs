//! Studies that many tests begin with: made by whichever comes first, and copied by each.
//!
//! They lie in the folder that cargo keeps for tests, under a name of the program that made them; a lock keeps two tests from
//! making one at a time.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::nation::Study;
use crate::program::run;
use crate::tree;

const SEED: u64 = 7_319;
const PRIMARIES: u32 = 400;
/// A year of admissions that the former of two releases did not know.
pub(crate) const LATER: &str = "admissions/hes_2025.csv";

/// A nation that was run once, on three threads.
pub(crate) fn finished() -> Study {
    let study = Study::empty();
    tree::copy(&shared("finished", finish), &study.folder());
    study
}

/// A nation that was run before its last year of admissions came, and the same with that
/// year, run again.
pub(crate) struct Releases {
    pub(crate) study: Study,
    pub(crate) wanted: PathBuf,
}

impl Releases {
    pub(crate) fn copied() -> Self {
        let from = shared("releases", two_releases);
        let study = Study::empty();
        tree::copy(&from.join("former"), &study.folder());
        let wanted = study.beside("wanted");
        tree::copy(&from.join("wanted"), &wanted);
        Self { study, wanted }
    }

    /// Lays the year of admissions into a copy of the former.
    pub(crate) fn add_later(&self, folder: &Path) {
        fs_err::copy(self.wanted.join(LATER), folder.join(LATER)).unwrap();
    }
}

fn finish(to: &Path) {
    let study = Study::invented(SEED, PRIMARIES);
    run(&study.folder(), &["--threads", "3", "--memory", "2GB"]).well();
    tree::copy(&study.folder(), to);
}

fn two_releases(to: &Path) {
    let study = Study::invented(SEED, PRIMARIES);
    let held = study.beside("hes_2025.csv");
    fs_err::rename(study.at(LATER), &held).unwrap();
    run(&study.folder(), &[]).well();
    tree::copy(&study.folder(), &to.join("former"));
    fs_err::rename(&held, study.at(LATER)).unwrap();
    run(&study.folder(), &[]).well();
    tree::copy(&study.folder(), &to.join("wanted"));
}

/// The folder of that name, made if it is not there yet.
fn shared(name: &str, make: fn(&Path)) -> PathBuf {
    let program = fs_err::metadata(env!("CARGO_BIN_EXE_counted")).unwrap();
    let since = program.modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("studies");
    fs_err::create_dir_all(&root).unwrap();
    let lock = fs_err::File::create(root.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let place = root.join(format!("{name}-{}", since.as_nanos()));
    if !place.exists() {
        for former in fs_err::read_dir(&root).unwrap() {
            let former = former.unwrap();
            let of_this = former
                .file_name()
                .to_string_lossy()
                .starts_with(&format!("{name}-"));
            if of_this {
                fs_err::remove_dir_all(former.path()).unwrap();
            }
        }
        let unfinished = root.join(format!("{name}-unfinished"));
        make(&unfinished);
        fs_err::rename(&unfinished, &place).unwrap();
    }
    place
}
