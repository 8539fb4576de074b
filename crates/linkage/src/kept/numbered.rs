//! Files that each run adds one to, with those of the runs before under second names.

use std::path::{Path, PathBuf};

use super::FOLDER;
use crate::error::LinkageError;

/// With more files than this, all goes into one again.
const MOST_FILES: usize = 60;

/// The file of such a name with this number, beside the tables in `folder`.
pub(super) fn numbered(folder: &Path, name: &str, number: usize) -> PathBuf {
    folder.join(FOLDER).join(format!("{name}-{number:03}.bin"))
}

/// How many there are.
pub(super) fn count(folder: &Path, name: &str) -> usize {
    (0..)
        .take_while(|number| numbered(folder, name, *number).is_file())
        .count()
}

/// True when a run may add one more to those of the former run.
pub(super) fn may_grow(former: &Path, name: &str) -> bool {
    (1..=MOST_FILES).contains(&count(former, name))
}

/// Gives the files of the former run a second name beside the tables in `out`; says how many they are. Nobody writes into
/// them again. Without a former run `out` has none afterwards.
pub(super) fn take_over(name: &str, former: Option<&Path>, out: &Path) -> Result<usize, LinkageError> {
    // An attempt before may have left files, which have a second name beside the former tables: those names go, so that
    // nothing is written into what is not ours.
    for number in 0..count(out, name) {
        fs_err::remove_file(numbered(out, name, number))?;
    }
    let Some(former) = former else {
        return Ok(0);
    };
    let files = count(former, name);
    for number in 0..files {
        engine::second_name(&numbered(former, name, number), &numbered(out, name, number))?;
    }
    Ok(files)
}
