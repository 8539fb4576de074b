//! The new output takes the place of the former at once.
//!
//! Where the system can exchange two folders, readers see one or the other and never neither.
//! Elsewhere two renames do it, with a marker that the next command completes first.
//!
//! `out` may be a link, and `state` may lie on another disk. The output takes the place to which the link leads, and the link
//! stays. No folder is moved from disk to disk at once, so there the new output is first copied beside its place.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use engine::Lack;

use crate::durable::{sync_folder, sync_tree};
use crate::error::StudyError;

const MARKER: &str = "swap-unfinished";

/// Links that lead to links, before it is thought that they lead in a circle.
const LINKS: usize = 40;

/// Where the output lies, and what lies there for a while when it changes.
struct Places {
    /// Where `out` really is, or will be.
    out: PathBuf,
    /// Two pairs of places for the new output and for the former one: in `state`, and beside the place of the output, which are
    /// the same disk or not.
    pairs: [Pair; 2],
    marker: PathBuf,
}

/// Where the new output waits, and where the former one goes, if the two cannot be exchanged.
struct Pair {
    next: PathBuf,
    former: PathBuf,
}

impl Places {
    fn of(study: &Path, state: &Path) -> Result<Self, StudyError> {
        let out = real(study)?;
        let beside = |what: &str| {
            let mut name = std::ffi::OsString::from(".");
            name.push(out.file_name().unwrap_or_default());
            name.push(what);
            out.with_file_name(name)
        };
        let in_state = Pair {
            next: state.join("next"),
            former: state.join("former-out"),
        };
        let beside = Pair {
            next: beside(".counted-next"),
            former: beside(".counted-former"),
        };
        Ok(Self {
            out,
            pairs: [in_state, beside],
            marker: state.join(MARKER),
        })
    }

    /// The folder in which the output has its place.
    fn parent(&self) -> &Path {
        self.out.parent().unwrap_or(&self.out)
    }

    /// Puts the new output of a pair in its place.
    fn put(&self, pair: &Pair, state: &Path) -> Result<(), StudyError> {
        if !is_there(&self.out) {
            return Ok(engine::rename(&pair.next, &self.out)?);
        }
        match exchange(&pair.next, &self.out) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                let words = format!("{}: {error}", self.out.display());
                return Err(io::Error::new(error.kind(), words).into());
            }
            // Two renames say better what is in the way, or do it.
            Err(_) => {}
        }
        fs_err::write(
            &self.marker,
            b"out is being replaced; the next command completes it\n",
        )?;
        sync_folder(state)?;
        if let Err(error) = engine::rename(&self.out, &pair.former) {
            fs_err::remove_file(&self.marker)?;
            return Err(error.into());
        }
        engine::rename(&pair.next, &self.out)?;
        Ok(fs_err::remove_file(&self.marker)?)
    }

    /// Removes what a run leaves on its way.
    fn clear(&self, state: &Path) -> Result<(), StudyError> {
        let work = state.join("work");
        let pairs = self.pairs.iter().flat_map(|pair| [&pair.next, &pair.former]);
        for place in pairs.chain([&work]) {
            if is_there(place) {
                fs_err::remove_dir_all(place)?;
            }
        }
        Ok(())
    }
}

/// Finds out before a run whether its output can take its place, and says so if it cannot.
pub(crate) fn possible(study: &Path, state: &Path) -> Result<(), StudyError> {
    let places = Places::of(study, state)?;
    if is_there(&places.out) && !places.out.is_dir() {
        return Err(StudyError::Call {
            message: format!(
                "{}: it is no folder, and the output has its place there; take it away",
                places.out.display()
            ),
        });
    }
    let [_, beside] = &places.pairs;
    let tried = if is_disk(&places.out, places.parent())? {
        let words = format!("{}: it is a disk of its own", places.out.display());
        Err(io::Error::new(ErrorKind::ResourceBusy, words))
    } else {
        fs_err::create_dir(&beside.next).and_then(|()| fs_err::remove_dir(&beside.next))
    };
    tried.map_err(|error| with_advice(error.into()))
}

/// Puts `state/next` in the place of `out`.
pub(crate) fn swap(study: &Path, state: &Path) -> Result<(), StudyError> {
    let places = Places::of(study, state)?;
    let [in_state, beside] = &places.pairs;
    sync_folder(&in_state.next)?;
    let put = match places.put(in_state, state) {
        Err(StudyError::File(error)) if error.kind() == ErrorKind::CrossesDevices => {
            carry(&in_state.next, &beside.next)?;
            places.put(beside, state)
        }
        put => put,
    };
    put.map_err(with_advice)?;
    sync_folder(places.parent())?;
    places.clear(state)
}

/// Completes a swap that was cut short, and removes what a killed run left.
pub(crate) fn recover(study: &Path, state: &Path) -> Result<(), StudyError> {
    let places = Places::of(study, state)?;
    if is_there(&places.marker) {
        if !is_there(&places.out) {
            // Beside its place lies the whole of it or nothing, since the marker is written after it was copied; and what
            // lies there is on the right disk.
            let [in_state, beside] = &places.pairs;
            let known = [&beside.next, &in_state.next, &beside.former, &in_state.former];
            let whole = known.into_iter().find(|place| is_there(place));
            engine::rename(whole.unwrap_or(&in_state.next), &places.out)?;
        }
        fs_err::remove_file(&places.marker)?;
    }
    places.clear(state)
}

/// What is in the way when nothing can take the place of the output; whoever runs it can mend it.
const IN_THE_WAY: [ErrorKind; 4] = [
    ErrorKind::CrossesDevices,
    ErrorKind::PermissionDenied,
    ErrorKind::ReadOnlyFilesystem,
    ErrorKind::ResourceBusy,
];

/// Says what to do about it.
fn with_advice(error: StudyError) -> StudyError {
    match error {
        // Windows moves no folder of which anything is open anywhere, and calls that a want of permission.
        StudyError::File(error) if cfg!(windows) && Lack::of(&error) == Some(Lack::Permission) => {
            StudyError::Call {
                message: format!(
                    "{error}; the output takes its place as a whole: close what has a file or folder of `out` open (Excel, a window of \
                     the Explorer, a command line that stands in it), and run again"
                ),
            }
        }
        StudyError::File(error) if IN_THE_WAY.contains(&error.kind()) => StudyError::Call {
            message: format!(
                "{error}; the output takes its place as a whole, which needs the permission to write beside it: give it, or make \
                 `out` a link to a folder that is no disk of its own and beside which you may write"
            ),
        },
        error => error,
    }
}

/// Where `out` is, whatever links lead there; the last of them may lead to a folder that is not there yet.
fn real(study: &Path) -> Result<PathBuf, StudyError> {
    let mut place = study.join("out");
    for _ in 0..LINKS {
        let Ok(target) = fs_err::read_link(&place) else {
            let (Some(folder), Some(name)) = (place.parent(), place.file_name()) else {
                return Ok(engine::real(&place)?);
            };
            let folder = engine::real(folder).map_err(|error| StudyError::Call {
                message: format!(
                    "{error}; `out` is a link that leads there: bring that folder back, or take the link away"
                ),
            })?;
            return Ok(folder.join(name));
        };
        place = place.parent().unwrap_or(study).join(target);
    }
    Err(StudyError::Call {
        message: "`out` is a link that leads to itself; take it away".to_owned(),
    })
}

/// Whether something has that name, be it a link that leads nowhere.
fn is_there(place: &Path) -> bool {
    fs_err::symlink_metadata(place).is_ok()
}

/// Whether a folder is the root of a disk that is hung in there.
#[cfg(unix)]
fn is_disk(folder: &Path, parent: &Path) -> Result<bool, StudyError> {
    use std::os::unix::fs::MetadataExt;
    if !is_there(folder) {
        return Ok(false);
    }
    Ok(fs_err::metadata(folder)?.dev() != fs_err::metadata(parent)?.dev())
}

#[cfg(not(unix))]
fn is_disk(_folder: &Path, _parent: &Path) -> Result<bool, StudyError> {
    Ok(false)
}

/// Copies a whole folder to another disk, with who may read what, and brings it to the disk.
fn carry(from: &Path, to: &Path) -> Result<(), StudyError> {
    engine::private_folder(to)?;
    let mut folders = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        for entry in fs_err::read_dir(&from)? {
            let entry = entry?;
            let place = to.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                fs_err::create_dir(&place)?;
                folders.push((entry.path(), place));
            } else {
                fs_err::copy(entry.path(), place)?;
            }
        }
        fs_err::set_permissions(&to, fs_err::metadata(&from)?.permissions())?;
    }
    sync_tree(to)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::Error::from(ErrorKind::Unsupported))
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

    /// A folder on another disk than the temporary one, where this machine has one.
    #[cfg(unix)]
    fn other_disk(folder: &Path) -> Option<tempfile::TempDir> {
        use std::os::unix::fs::MetadataExt;
        let disk = |path: &Path| fs_err::metadata(path).map(|meta| meta.dev()).ok();
        let places = ["/dev/shm", "/var/tmp"].into_iter();
        let mut others = places.filter_map(|place| tempfile::tempdir_in(place).ok());
        let other = others.find(|other| disk(other.path()) != disk(folder));
        if other.is_none() {
            eprintln!("skipped: this machine has no second disk for tests");
        }
        other
    }

    #[cfg(unix)]
    fn link(target: &Path, place: &Path) {
        fs_err::os::unix::fs::symlink(target, place).expect("a link");
    }

    /// Swaps twice; the link stays, and nothing lies beside the output.
    #[cfg(unix)]
    fn assert_swaps(study: &Path, state: &Path, real: &Path) {
        let neighbours = || {
            let parent = real.parent().expect("a parent");
            fs_err::read_dir(parent).expect("a folder").count()
        };
        for words in ["first", "second"] {
            folder_with(&state.join("next"), words);
            possible(study, state).expect("it can be swapped");
            swap(study, state).expect("a swap");
            assert_eq!(content(study), words);
            let own = fs_err::read_to_string(real.join("file")).expect("the output in its place");
            assert_eq!(own, words);
            assert!(!is_there(&state.join("next")) && !is_there(&state.join("former-out")));
        }
        let before = neighbours();
        folder_with(&state.join("next"), "third");
        swap(study, state).expect("a swap");
        assert_eq!(neighbours(), before);
    }

    #[cfg(unix)]
    #[test]
    fn the_output_takes_the_place_to_which_a_link_leads() {
        for is_there_already in [true, false] {
            let folder = tempfile::tempdir().expect("a folder");
            let (study, real) = (folder.path().join("study"), folder.path().join("web/pages"));
            fs_err::create_dir_all(&study).expect("a folder");
            fs_err::create_dir_all(folder.path().join("web")).expect("a folder");
            if is_there_already {
                folder_with(&real, "former");
            }
            link(Path::new("../web/pages"), &folder.path().join("study/by-way"));
            link(Path::new("by-way"), &study.join("out"));
            assert_swaps(&study, &study.join("state"), &real);
            assert!(study.join("out").is_symlink());
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_output_and_the_state_may_lie_on_two_disks() {
        let folder = tempfile::tempdir().expect("a folder");
        let Some(other) = other_disk(folder.path()) else {
            return;
        };
        let study = folder.path();
        link(other.path(), &study.join("state"));
        assert_swaps(study, &study.join("state"), &study.join("out"));
        // And the other way round.
        let folder = tempfile::tempdir().expect("a folder");
        let study = folder.path();
        link(&other.path().join("pages"), &study.join("out"));
        assert_swaps(study, &study.join("state"), &other.path().join("pages"));
        assert!(study.join("out").is_symlink());
        // The root of a disk gives its place to nobody.
        let folder = tempfile::tempdir().expect("a folder");
        link(Path::new("/dev/shm"), &folder.path().join("out"));
        let refused = possible(folder.path(), &folder.path().join("state")).expect_err("it is a disk");
        assert!(
            refused.exit_code() == 2 && refused.to_string().contains("a disk of its own"),
            "{refused}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        for target in ["nowhere/pages", "out"] {
            let folder = tempfile::tempdir().expect("a folder");
            link(Path::new(target), &folder.path().join("out"));
            let refused = recover(folder.path(), &folder.path().join("state")).expect_err("no such place");
            assert!(
                refused.exit_code() == 2 && refused.to_string().contains("`out` is a link"),
                "{refused}"
            );
        }
    }

    /// The same as in `state`, where the output was copied beside its place first.
    #[cfg(unix)]
    #[test]
    fn a_swap_beside_a_linked_output_is_completed() {
        for step in 0..3 {
            let folder = tempfile::tempdir().expect("a folder");
            let (study, state) = (folder.path(), folder.path().join("state"));
            let real = study.join("pages");
            link(Path::new("pages"), &study.join("out"));
            folder_with(&real, "former");
            folder_with(&state.join("next"), "new");
            carry(&state.join("next"), &study.join(".pages.counted-next")).expect("a copy");
            if step > 0 {
                fs_err::write(state.join(MARKER), "").expect("the marker");
            }
            if step > 1 {
                fs_err::rename(&real, study.join(".pages.counted-former")).expect("the first rename");
            }
            recover(study, &state).expect("recovery");
            assert_eq!(content(study), if step > 1 { "new" } else { "former" });
            let left: Vec<_> = fs_err::read_dir(study)
                .expect("a folder")
                .map(|entry| entry.expect("an entry").file_name())
                .filter(|name| name.to_string_lossy().starts_with('.'))
                .collect();
            assert!(left.is_empty() && !is_there(&state.join("next")), "{left:?}");
        }
    }

    /// An earlier version could leave the link itself in the place of the next output.
    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_next_output_is_cleared() {
        let folder = tempfile::tempdir().expect("a folder");
        let (study, state) = (folder.path(), folder.path().join("state"));
        folder_with(&study.join("pages"), "somebody's");
        fs_err::create_dir_all(&state).expect("a folder");
        link(&study.join("pages"), &state.join("next"));
        recover(study, &state).expect("recovery");
        assert!(!is_there(&state.join("next")) && study.join("pages/file").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_copy_keeps_who_may_read_what() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        folder_with(&from.join("packs"), "a pack");
        for (path, mode) in [("", 0o750), ("packs", 0o700), ("packs/file", 0o640)] {
            let mode = std::fs::Permissions::from_mode(mode);
            fs_err::set_permissions(from.join(path), mode).expect("a mode");
        }
        carry(&from, &to).expect("a copy");
        for path in ["", "packs", "packs/file"] {
            let mode = |root: &Path| {
                let meta = fs_err::metadata(root.join(path)).expect("its data");
                meta.permissions().mode()
            };
            assert_eq!(mode(&from), mode(&to), "{path}");
        }
    }
}
