//! Files that hold people: readable by their owner only, safe in a spreadsheet, whole or not there at all.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use study::Study;

use crate::exit::Failure;

/// A file in the making. It lies beside its place and takes it when it is finished; until then, and when the work
/// fails, what was there stays.
pub(crate) struct Draft {
    place: PathBuf,
    beside: PathBuf,
    writer: Option<BufWriter<fs_err::File>>,
}

const BUFFER: usize = 1 << 18;

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
        let mut part = name.to_owned();
        part.push(".part");
        let beside = place.with_file_name(part);
        let file = private(&beside).map_err(|error| {
            Failure::call(format!("{error}; give a file in a folder that you may write to"))
        })?;
        Ok(Self {
            place: place.to_owned(),
            beside,
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
        Ok(fs_err::rename(&self.beside, &self.place)?)
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
        // After it took its place there is nothing here any more, and that is well.
        let _gone = fs_err::remove_file(&self.beside);
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

/// Where a list of people goes: never among what may be published.
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
    let parent = fs_err::canonicalize(parent)?;
    if parent.starts_with(study.out()) {
        return Err(Failure::refused(
            "a list that names people must not lie under `out`; choose another place",
        ));
    }
    Ok(parent.join(output.file_name().unwrap_or_default()))
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
pub(crate) fn private(path: &Path) -> std::io::Result<fs_err::File> {
    if fs_err::symlink_metadata(path).is_ok() {
        fs_err::remove_file(path)?;
    }
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
