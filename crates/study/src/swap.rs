//! The new output takes the place of the former at once.
//!
//! Where the system can exchange two folders, readers see one or the other and never neither.
//! Elsewhere two renames do it, with a marker that the next command completes first.

use std::path::Path;

use crate::error::StudyError;

const MARKER: &str = "swap-unfinished";

/// Puts `state/next` in the place of `out`.
pub(crate) fn swap(study: &Path, state: &Path) -> Result<(), StudyError> {
    let (next, out) = (state.join("next"), study.join("out"));
    sync_folder(&next)?;
    if !out.exists() {
        fs_err::rename(&next, &out)?;
    } else if !exchange(&next, &out) {
        fs_err::write(state.join(MARKER), b"out is being replaced; the next command completes it\n")?;
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

/// Makes the names in a folder durable, where the system allows it.
fn sync_folder(path: &Path) -> Result<(), StudyError> {
    #[cfg(unix)]
    fs_err::File::open(path)?.sync_all()?;
    let _ = path;
    Ok(())
}
