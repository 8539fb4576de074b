//! The files of a study as linkage sees them: their paths, and the parts of `identities` with their records.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{TableReader, encoded, one_file};

use crate::error::LinkageError;
use crate::kept::{Kept, KeptFile, Lies};
use crate::read::COLUMNS;

/// A file of the study.
pub(crate) struct File {
    pub(crate) number: i64,
    pub(crate) path: String,
    /// Kind of the source.
    pub(crate) kind: String,
    /// The hash of all that the file holds, as intake read it; empty where intake says none.
    pub(crate) content: String,
    /// The part of `identities` with its records; none where it has no record.
    pub(crate) part: Option<PathBuf>,
}

impl File {
    /// The hash of all that the file holds: in another one the same row, or the same id of a record's own, may be another record.
    pub(crate) fn content_of_rows(&self) -> Option<&str> {
        (!self.content.is_empty()).then_some(self.content.as_str())
    }

    /// Stands for all that linkage reads of the file. It is made of the encoded part, so nothing is decoded for it; it
    /// does not depend on the file's number. It is kept beside the identities themselves, so it tells nothing more.
    fn fingerprint(&self) -> Result<String, LinkageError> {
        let mut hasher = blake3::Hasher::new();
        if let Some(part) = &self.part {
            // Whatever the columns are called here, the number of the file is the first and is left out.
            let columns: Vec<&str> = COLUMNS.iter().chain(&ALSO).skip(1).copied().collect();
            encoded(part, &columns, |bytes| {
                hasher.update(bytes);
            })?;
        }
        Ok(hasher.finalize().to_hex().to_string())
    }
}

/// Where the identities of a file lie.
pub(crate) fn part(intake: &Path, number: i64) -> PathBuf {
    intake.join("identities").join(format!("{number:05}.parquet"))
}

/// Of all bytes of a file; of nothing where there is none.
fn of_bytes(part: Option<&Path>) -> Result<String, LinkageError> {
    let mut hasher = blake3::Hasher::new();
    if let Some(part) = part {
        hasher.update_reader(fs_err::File::open(part)?)?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Columns that are read beside those of [`COLUMNS`], when links are written: `record` is in the ids that `persons` has.
const ALSO: [&str; 4] = ["source", "record", "ethnicity", "deprivation"];

/// All files, in order of their numbers.
pub(crate) struct Files {
    pub(crate) list: Vec<File>,
}

impl Files {
    pub(crate) fn read(intake: &Path) -> Result<Self, LinkageError> {
        let mut list = Vec::new();
        let columns = ["file", "kind", "path", "hash"];
        for batch in TableReader::open_columns(&intake.join("files.parquet"), &columns)? {
            let batch = batch?;
            let (files, kinds, names) = (batch.integer("file")?, batch.text("kind")?, batch.text("path")?);
            let contents = batch.text("hash")?;
            for row in 0..batch.rows() {
                if let (Some(number), Some(path)) = (files.get(row), names.get(row)) {
                    let part = part(intake, number);
                    list.push(File {
                        number,
                        path: path.to_owned(),
                        kind: kinds.get(row).unwrap_or_default().to_owned(),
                        content: contents.get(row).unwrap_or_default().to_owned(),
                        part: part.is_file().then_some(part),
                    });
                }
            }
        }
        list.sort_by_key(|file| file.number);
        Ok(Self { list })
    }

    /// What is kept of each file for the next run. The fingerprint of a file whose bytes the former run saw is known; so
    /// are its bytes, where its part is still the one in the former folder of intake.
    pub(crate) fn kept(
        &self,
        former: Option<&Kept>,
        former_intake: Option<&Path>,
    ) -> Result<Vec<KeptFile>, LinkageError> {
        let former = former.map_or(&[][..], |former| &former.files);
        let known: BTreeMap<(&str, &str), &str> = former
            .iter()
            .map(|file| {
                (
                    (file.path.as_str(), file.bytes.as_str()),
                    file.fingerprint.as_str(),
                )
            })
            .collect();
        let by_path: BTreeMap<&str, &KeptFile> =
            former.iter().map(|file| (file.path.as_str(), file)).collect();
        let seen = |file: &File| {
            let before = by_path.get(file.path.as_str())?;
            let part = part(former_intake?, before.number);
            one_file(&part, file.part.as_deref()?).then(|| before.bytes.clone())
        };
        let kept = |file: &File| {
            let bytes = match seen(file) {
                Some(bytes) => bytes,
                None => of_bytes(file.part.as_deref())?,
            };
            let fingerprint = match known.get(&(file.path.as_str(), bytes.as_str())) {
                Some(fingerprint) => (*fingerprint).to_owned(),
                None => file.fingerprint()?,
            };
            Ok(KeptFile {
                id: 0,
                number: file.number,
                path: file.path.clone(),
                content: file.content.clone(),
                bytes,
                fingerprint,
                records: 0,
                lies: Lies::default(),
            })
        };
        self.list.iter().map(kept).collect()
    }

    /// The place of a file in the list.
    pub(crate) fn place(&self, number: i64) -> Result<usize, LinkageError> {
        self.list
            .binary_search_by_key(&number, |file| file.number)
            .map_err(|_| LinkageError::File { file: number })
    }

    pub(crate) fn path(&self, number: i64) -> Result<&str, LinkageError> {
        Ok(&self.list[self.place(number)?].path)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|file| file.path.as_str())
    }
}
