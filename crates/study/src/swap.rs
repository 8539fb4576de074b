//! The new output takes the place of the former at once.
//!
//! Where the system can exchange two folders, readers see one or the other and never neither.
//! Elsewhere two renames do it, with a marker that the next command completes first.

use std::path::Path;

use crate::durable::sync_folder;
use crate::error::StudyError;

const MARKER: &str = "swap-unfinished";

/// Puts `state/next` in the place of `out`.
pub(crate) fn swap(study: &Path, state: &Path) -> Result<(), StudyError> {
    let (next, out) = (state.join("next"), study.join("out"));
    sync_folder(&next)?;
    if !out.exists() {
        fs_err::rename(&next, &out)?;
    } else if !exchange(&next, &out) {
        fs_err::write(
            state.join(MARKER),
            b"out is being replaced; the next command completes it\n",
        )?;
        sync_folder(state)?;
        fs_err::rename(&out, state.join("former-out"))?;
        fs_err::rename(&next, &out)?;
        fs_err::remove_file(state.join(MARKER))?;
    }
    sync_folder(study)?;
    clear(state)
}

/// Completes a swap that was cut short, and removes what a killed run left.
pub(crate) fn recover(study: &Path, state: &Path) -> Result<(), StudyError> {
    let out = study.join("out");
    if state.join(MARKER).exists() {
        if !out.exists() {
            let next = state.join("next");
            let former = state.join("former-out");
            fs_err::rename(if next.exists() { next } else { former }, &out)?;
        }
        fs_err::remove_file(state.join(MARKER))?;
    }
    clear(state)
}

fn clear(state: &Path) -> Result<(), StudyError> {
    for name in ["next", "former-out", "work"] {
        let place = state.join(name);
        if place.exists() {
            fs_err::remove_dir_all(place)?;
        }
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(a: &Path, b: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_a: &Path, _b: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(path: &Path, content: &str) {
        fs_err::create_dir_all(path).expect("a folder");
        fs_err::write(path.join("file"), content).expect("a file");
    }

    fn content(study: &Path) -> String {
        fs_err::read_to_string(study.join("out").join("file")).expect("the output")
    }

    #[test]
    fn the_new_output_takes_the_place_of_the_former() {
        let folder = tempfile::tempdir().expect("a folder");
        let (study, state) = (folder.path(), folder.path().join("state"));
        folder_with(&state.join("next"), "first");
        swap(study, &state).expect("a swap");
        assert_eq!(content(study), "first");
        folder_with(&state.join("next"), "second");
        swap(study, &state).expect("a swap");
        assert_eq!(content(study), "second");
        assert!(!state.join("next").exists() && !state.join("former-out").exists());
    }

    /// Where folders cannot be exchanged, a kill may fall between any two steps.
    #[test]
    fn a_swap_cut_short_is_completed() {
        for step in 0..4 {
            let folder = tempfile::tempdir().expect("a folder");
            let (study, state) = (folder.path(), folder.path().join("state"));
            let (next, out) = (state.join("next"), study.join("out"));
            folder_with(&out, "former");
            folder_with(&next, "new");
            if step > 0 {
                fs_err::write(state.join(MARKER), "").expect("the marker");
            }
            if step > 1 {
                fs_err::rename(&out, state.join("former-out")).expect("the first rename");
            }
            if step > 2 {
                fs_err::rename(&next, &out).expect("the second rename");
            }
            recover(study, &state).expect("recovery");
            let wanted = if step > 1 { "new" } else { "former" };
            assert_eq!(content(study), wanted, "killed after step {step}");
            assert!(!state.join(MARKER).exists() && !next.exists());
        }
    }
}
