//! Files that hold people: readable by their owner only, safe in a spreadsheet, whole or not there at all.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use study::Study;

use crate::exit::Failure;

/// A file in the making. It lies beside its place, under a name that no other file has, and takes it when it is finished; until
/// then, and when the work fails, what was there stays.
pub(crate) struct Draft {
    place: PathBuf,
    beside: PathBuf,
    /// Whether it is still in the making: only then is what lies beside its own.
    unfinished: bool,
    writer: Option<BufWriter<fs_err::File>>,
}

const BUFFER: usize = 1 << 18;

/// Drafts that this process began: with its number in the name, two calls with one output do not meet.
static DRAFTS: AtomicU32 = AtomicU32::new(0);

/// Names that are tried for a draft; another machine may work in the same folder with a process of our number.
const NAMES: u32 = 1000;

impl Draft {
    /// Starts a file. Fails at once where it could not be written at the end.
    pub(crate) fn create(place: &Path) -> Result<Self, Failure> {
        if place.is_dir() {
            return Err(Failure::call(format!(
                "{}: it is a folder; give the name of a file",
                place.display()
            )));
        }
        let Some(name) = place.file_name() else {
            return Err(Failure::call("an empty name was given for a file to write"));
        };
        let (beside, file) = beside(place, name).map_err(|error| {
            // The name of the draft is nobody's business: the file that was asked for is the one to name.
            Failure::call(format!(
                "{}: it cannot be written ({}); give a file in a folder that you may write to",
                place.display(),
                error.kind()
            ))
        })?;
        Ok(Self {
            place: place.to_owned(),
            beside,
            unfinished: true,
            writer: Some(BufWriter::with_capacity(BUFFER, file)),
        })
    }

    /// Makes the file durable. It has not taken its place yet.
    pub(crate) fn close(&mut self) -> Result<(), Failure> {
        if let Some(writer) = self.writer.take() {
            writer
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)?
                .sync_all()?;
        }
        Ok(())
    }

    /// Takes its place.
    pub(crate) fn publish(mut self) -> Result<(), Failure> {
        self.close()?;
        fs_err::rename(&self.beside, &self.place)?;
        self.unfinished = false;
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.unfinished {
            // Where it cannot be removed, its name tells what it is.
            let _gone = fs_err::remove_file(&self.beside);
        }
    }
}

/// A new file beside a place, which only its owner can read. Nothing that is there is touched.
fn beside(place: &Path, name: &OsStr) -> std::io::Result<(PathBuf, fs_err::File)> {
    let mut tried = 0;
    loop {
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let mut part = name.to_owned();
        part.push(format!(".{}-{number}.part", std::process::id()));
        let beside = place.with_file_name(part);
        tried += 1;
        match private(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && tried < NAMES => {}
            Err(error) => return Err(error),
        }
    }
}

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
    let parent = output
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let parent = fs_err::canonicalize(parent)
        .map_err(|error| Failure::call(format!("{error}; give a file in a folder that is there")))?;
    let place = parent.join(output.file_name().unwrap_or_default());
    if let Some(inside) = inside(study, &output, &place) {
        spare(&inside, &place)?;
    }
    Ok(place)
}

/// Where a place is in the study folder, by where it lies or else by the names that lead to it: a folder of sources may be a
/// link to another disk.
fn inside(study: &Study, output: &Path, place: &Path) -> Option<PathBuf> {
    if let Ok(inside) = place.strip_prefix(study.folder()) {
        return Some(inside.to_owned());
    }
    let is_study = |folder: &&Path| {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        fs_err::canonicalize(folder).is_ok_and(|folder| folder == study.folder())
    };
    let folder = output.ancestors().skip(1).find(is_study)?;
    let inside = output.strip_prefix(folder).ok()?;
    let straight = inside.components().all(|part| part != Component::ParentDir);
    straight.then(|| inside.to_owned())
}

/// Folders of a study that hold lists of people, which a later list may take the place of.
const OF_LISTS: [&str; 2] = ["worklists", "meetings"];

/// A list is laid neither among what may be published or what the program keeps, nor over a file of the study.
fn spare(inside: &Path, place: &Path) -> Result<(), Failure> {
    let first = inside
        .components()
        .next()
        .map(|part| part.as_os_str().to_string_lossy().to_lowercase());
    let first = first.as_deref().unwrap_or_default();
    match first {
        "out" | "released" => Err(Failure::refused(format!(
            "a list that names people must not lie under `{first}`; choose another place"
        ))),
        "state" => Err(Failure::refused(
            "`state` is the program's own; choose another place for the list",
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

/// A new file that only its owner can read.
fn private(path: &Path) -> std::io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// A cell that a spreadsheet will not run as a formula.
pub(crate) fn safe(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
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

    #[test]
    fn drafts_of_one_place_neither_meet_nor_touch_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out.csv");
        let own = folder.path().join("out.csv.part");
        fs_err::write(&own, "somebody's").unwrap();
        let drafts = ["one", "other"].map(|words| {
            let mut draft = Draft::create(&place).unwrap();
            draft.write_all(words.as_bytes()).unwrap();
            draft
        });
        for (draft, words) in drafts.into_iter().zip(["one", "other"]) {
            draft.publish().unwrap();
            assert_eq!(fs_err::read_to_string(&place).unwrap(), words);
        }
        assert_eq!(fs_err::read_to_string(&own).unwrap(), "somebody's");
    }

    #[test]
    fn a_draft_takes_its_place_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out.csv");
        fs_err::write(&place, "former").unwrap();
        let mut draft = Draft::create(&place).unwrap();
        draft.write_all(b"half").unwrap();
        drop(draft);
        assert_eq!(fs_err::read_to_string(&place).unwrap(), "former");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
        let mut draft = Draft::create(&place).unwrap();
        draft.write_all(b"new").unwrap();
        draft.publish().unwrap();
        assert_eq!(fs_err::read_to_string(&place).unwrap(), "new");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }
}
