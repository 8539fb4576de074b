//! Lists of people: where they may lie, and how they are safe in a spreadsheet.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use study::{OF_LISTS, OF_THE_PROGRAM, Study};

use crate::draft::Draft;
use crate::exit::Failure;

/// Who can read a list of people; Windows lets files be read like their folder.
pub(crate) const WHO_READS: &str = if cfg!(windows) {
    "readable by whoever may read its folder"
} else {
    "readable by you only"
};

/// Refuses a call that writes a file over one that it reads, or over another that it writes.
pub(crate) fn refuse_loss<'a>(
    read: impl Iterator<Item = &'a Path>,
    written: impl Iterator<Item = &'a Path>,
) -> Result<(), Failure> {
    let whole = |path: &Path| fs_err::canonicalize(path).ok();
    let mut taken: BTreeSet<PathBuf> = BTreeSet::new();
    for path in read {
        taken.extend(whole(path));
        taken.insert(path.to_owned());
    }
    for place in written {
        let known = whole(place).is_some_and(|place| taken.contains(&place));
        if known || !taken.insert(place.to_owned()) {
            return Err(Failure::call(format!(
                "{}: another file of this call has that name, and would be lost; give another",
                place.display()
            )));
        }
        taken.extend(whole(place));
    }
    Ok(())
}

/// Refuses a call that writes a file where it may not lie in a study: in one in whose folder it would lie, or, as `out` may be
/// a link to another disk, in one of which the call reads a file.
pub(crate) fn refuse_harm<'a>(
    read: impl Iterator<Item = &'a Path>,
    written: impl Iterator<Item = &'a Path>,
) -> Result<(), Failure> {
    let of_what_is_read: BTreeSet<PathBuf> = read.flat_map(studies_around).collect();
    for output in written {
        // In a folder that is not there nothing can be written, and who writes says so.
        if let Ok(place) = whole(output) {
            spare_in_studies(output, &place, &of_what_is_read)?;
        }
    }
    Ok(())
}

/// Where a list of people goes: never among what may be published, and never over what the study rests on.
pub(crate) fn place(
    study: &Study,
    given: Option<&Path>,
    folder: &str,
    name: &str,
) -> Result<PathBuf, Failure> {
    let output = match given {
        Some(path) => path.to_owned(),
        None => {
            let folder = study.folder().join(folder);
            fs_err::create_dir_all(&folder)?;
            folder.join(name)
        }
    };
    let place = whole(&output)
        .map_err(|error| Failure::call(format!("{error}; give a file in a folder that is there")))?;
    spare_in_studies(&output, &place, &BTreeSet::from([study.folder().to_owned()]))?;
    Ok(place)
}

/// The whole path of a file that need not be there yet, the links to its folder followed.
fn whole(file: &Path) -> std::io::Result<PathBuf> {
    let folder = engine::real(here(file.parent().unwrap_or(Path::new(""))))?;
    Ok(folder.join(file.file_name().unwrap_or_default()))
}

/// The same as the system tells it, to be compared with another such: also on Windows with links followed, and in the letters,
/// small or large, that the names have.
fn told(file: &Path) -> std::io::Result<PathBuf> {
    let folder = fs_err::canonicalize(here(file.parent().unwrap_or(Path::new(""))))?;
    Ok(folder.join(file.file_name().unwrap_or_default()))
}

/// A folder by a name that the system takes: one without a name is that in which the program runs.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// The studies in whose folder a file is, by the names that lead to it or by where it lies.
fn studies_around(file: &Path) -> BTreeSet<PathBuf> {
    let lies = whole(file).unwrap_or_default();
    let folders = file.ancestors().skip(1).chain(lies.ancestors().skip(1));
    folders
        .map(here)
        .filter(|folder| folder.join("study.toml").is_file())
        .filter_map(|folder| engine::real(folder).ok())
        .collect()
}

/// A file is laid in no study, nor in these, where it may not lie.
fn spare_in_studies(output: &Path, place: &Path, more: &BTreeSet<PathBuf>) -> Result<(), Failure> {
    let around = studies_around(output);
    for study in around.union(more) {
        if let Some(inside) = inside(study, output, place) {
            spare(&inside, place)?;
        }
    }
    Ok(())
}

/// Where a place is in the study folder, by where it lies or else by the names that lead to it: `out`, `state` or a folder of
/// sources may be a link to another disk.
fn inside(study: &Path, output: &Path, place: &Path) -> Option<PathBuf> {
    let lies = told(place).unwrap_or_else(|_| place.to_owned());
    let is_below = |name: &&str| {
        let folder = fs_err::canonicalize(study.join(name));
        folder.is_ok_and(|folder| lies.starts_with(folder))
    };
    if let Some(own) = OF_THE_PROGRAM.into_iter().find(is_below) {
        return Some(PathBuf::from(own));
    }
    let study = fs_err::canonicalize(study).unwrap_or_else(|_| study.to_owned());
    if let Ok(inside) = lies.strip_prefix(&study) {
        return Some(inside.to_owned());
    }
    let is_study = |folder: &&Path| fs_err::canonicalize(here(folder)).is_ok_and(|folder| folder == study);
    let folder = output.ancestors().skip(1).find(is_study)?;
    let inside = output.strip_prefix(folder).ok()?;
    let straight = inside.components().all(|part| part != Component::ParentDir);
    straight.then(|| inside.to_owned())
}

/// A file is laid neither among what may be published or what the program keeps, nor over a file of the study.
fn spare(inside: &Path, place: &Path) -> Result<(), Failure> {
    let first = inside
        .components()
        .next()
        .map(|part| part.as_os_str().to_string_lossy().to_lowercase());
    let first = first.as_deref().unwrap_or_default();
    match first {
        "out" | "released" => Err(Failure::refused(format!(
            "what lies under `{first}` may be published, so no list of people and no other file is laid there; choose another place"
        ))),
        "state" => Err(Failure::refused(
            "`state` is the program's own; choose another place for the file",
        )),
        _ if OF_LISTS.contains(&first) || fs_err::symlink_metadata(place).is_err() => Ok(()),
        _ => Err(Failure::refused(format!(
            "{}: this file of the study would be lost; give another name, or one under `worklists` or `meetings`",
            place.display()
        ))),
    }
}

/// A number in its usual three groups, which a spreadsheet keeps as text.
pub(crate) fn spaced(number: &str) -> String {
    match number.len() {
        10 if number.is_ascii() => format!("{} {} {}", &number[..3], &number[3..6], &number[6..]),
        _ => number.to_owned(),
    }
}

/// Writes a list of people as CSV: with the mark by which Excel knows UTF-8, no cell a formula, whole or not at all.
pub(crate) fn people_csv<const CELLS: usize>(
    place: &Path,
    header: [&str; CELLS],
    rows: impl IntoIterator<Item = [String; CELLS]>,
) -> Result<(), Failure> {
    let mut file = Draft::create(place)?;
    file.write_all("\u{feff}".as_bytes())?;
    let failed = |error: csv::Error| Failure::call(format!("{}: {error}", place.display()));
    let mut writer = csv::Writer::from_writer(&mut file);
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer
            .write_record(row.map(|cell| safe(&cell).into_owned()))
            .map_err(failed)?;
    }
    writer.flush()?;
    drop(writer);
    file.publish()
}

/// A cell that a spreadsheet will not run as a formula.
pub(crate) fn safe(cell: &str) -> Cow<'_, str> {
    if protect::risky(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn cells_are_never_formulas() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(safe("\u{ff1d}1+1"), "'\u{ff1d}1+1");
        assert_eq!(safe("\n=1+1"), "'\n=1+1");
        assert_eq!(safe("Smith"), "Smith");
    }

    #[test]
    fn a_number_stands_in_three_groups() {
        assert_eq!(spaced("9434765919"), "943 476 5919");
    }

    #[test]
    fn a_list_is_safe_in_a_spreadsheet() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("list.csv");
        let row = ["=1+1".to_owned(), "Ann, Lee".to_owned()];
        people_csv(&place, ["a", "b"], [row]).unwrap();
        let text = fs_err::read_to_string(&place).unwrap();
        assert_eq!(text, "\u{feff}a,b\n'=1+1,\"Ann, Lee\"\n");
    }

    #[test]
    fn no_file_of_a_call_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let read = folder.path().join("read.csv");
        fs_err::write(&read, "").unwrap();
        let (by_another_name, new) = (
            folder.path().join(".").join("read.csv"),
            folder.path().join("new.csv"),
        );
        let refused = |written: &[&Path]| {
            refuse_loss(std::iter::once(read.as_path()), written.iter().copied()).is_err()
        };
        assert!(!refused(&[&new]));
        for written in [&[read.as_path()][..], &[&by_another_name], &[&new, &new]] {
            assert!(refused(written), "{written:?}");
        }
    }
}
