//! The scratch file of one input: its clean records, until it is known which of them stand.
//!
//! Scratch files hold identities. They lie in a folder that only its owner can enter, which is
//! removed before it is used and, unless the next run may take them over, when the work ends, however it ends.

use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use engine::private_folder;

use super::clean::Clean;
use super::same::Mark;
use crate::error::IntakeError;

/// The folder of all scratch files.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: PathBuf,
    is_kept: bool,
}

impl Scratch {
    /// Makes an empty folder inside `out`.
    pub(super) fn create(out: &Path, is_kept: bool) -> Result<Self, IntakeError> {
        let folder = if is_kept {
            Self::kept_in(out)
        } else {
            out.join("cosd-scratch")
        };
        let scratch = Self { folder, is_kept };
        scratch
            .remove()
            .and_then(|()| private_folder(&scratch.folder))
            .map_err(scratch_error)?;
        Ok(scratch)
    }

    /// The folder of scratch files that a reading into `out` keeps.
    pub(super) fn kept_in(out: &Path) -> PathBuf {
        out.join("kept").join("cosd")
    }

    /// Where the clean records of a file lie.
    pub(super) fn path(&self, place: usize) -> PathBuf {
        self.folder.join(Self::name(place))
    }

    /// Takes away what was written of a file that is left out as a whole.
    pub(super) fn drop_file(&self, place: usize) -> Result<(), IntakeError> {
        fs_err::remove_file(self.path(place)).map_err(scratch_error)
    }

    /// The name of the scratch file of a file, by its place.
    pub(super) fn name(place: usize) -> String {
        format!("{place:05}")
    }

    fn remove(&self) -> std::io::Result<()> {
        match fs_err::remove_dir_all(&self.folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.is_kept {
            // Nobody is left to tell; the next run removes it before it begins.
            let _ = self.remove();
        }
    }
}

/// A fault with a scratch file.
pub(super) fn scratch_error(error: std::io::Error) -> IntakeError {
    IntakeError::Folder {
        what: "keeping COSD records between two passes".to_owned(),
        error,
    }
}

/// Writes clean records one after the other.
pub(super) struct Spool<W> {
    file: W,
    at: u64,
    bytes: Vec<u8>,
}

/// A scratch file that is being written.
pub(super) type SpoolFile = Spool<BufWriter<fs_err::File>>;

impl SpoolFile {
    pub(super) fn create(path: &Path) -> std::io::Result<Self> {
        Ok(Self::new(BufWriter::with_capacity(
            1 << 17,
            fs_err::File::create(path)?,
        )))
    }
}

impl<W: Write> Spool<W> {
    /// Writes to anything; to nowhere when a file is only checked.
    pub(super) fn new(file: W) -> Self {
        Self {
            file,
            at: 0,
            bytes: Vec::new(),
        }
    }

    /// Writes a record; gives where it lies, and its bytes.
    pub(super) fn write(&mut self, clean: &Clean) -> std::io::Result<(u64, &[u8])> {
        self.bytes.clear();
        clean.encode(&mut self.bytes);
        self.file.write_all(&self.bytes)?;
        let offset = self.at;
        self.at += self.bytes.len() as u64;
        Ok((offset, &self.bytes))
    }

    pub(super) fn finish(mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Reads clean records back, in order or at a place.
pub(super) struct Unspool {
    file: BufReader<fs_err::File>,
    at: u64,
    bytes: Vec<u8>,
}

impl Unspool {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let file = BufReader::with_capacity(1 << 17, fs_err::File::open(path)?);
        Ok(Self {
            file,
            at: 0,
            bytes: Vec::new(),
        })
    }

    pub(super) fn read(&mut self, mark: &Mark) -> std::io::Result<Clean> {
        if mark.offset != self.at {
            self.file.seek(SeekFrom::Start(mark.offset))?;
        }
        self.bytes.resize(mark.length as usize, 0);
        self.file.read_exact(&mut self.bytes)?;
        self.at = mark.offset + u64::from(mark.length);
        Clean::decode(u64::from(mark.row), &self.bytes)
            .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidData, "a scratch file is damaged"))
    }
}
