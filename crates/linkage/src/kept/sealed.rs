//! Files that end in the hash of all before, so that a bit that turned is noticed before anybody is counted by it.
//!
//! The hash is BLAKE3, made while the bytes go by. It guards against disks, not against people: whoever may write here
//! may write another hash.

use std::io::{BufWriter, Read, Write};
use std::path::Path;

use crate::error::LinkageError;

/// Bytes of the hash.
const SEAL: u64 = blake3::OUT_LEN as u64;
/// Bytes written at a time.
const AT_ONCE: usize = 1 << 18;

/// Writes a file that [`Sealed`] reads.
pub(super) struct Sealing(BufWriter<Hashing>);

struct Hashing {
    file: fs_err::File,
    hasher: blake3::Hasher,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Sealing {
    pub(super) fn create(path: &Path) -> Result<Self, LinkageError> {
        let hashing = Hashing {
            file: fs_err::File::create(path)?,
            hasher: blake3::Hasher::new(),
        };
        Ok(Self(BufWriter::with_capacity(AT_ONCE, hashing)))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), LinkageError> {
        Ok(self.0.write_all(bytes)?)
    }

    /// Writes the hash. A file without it is damaged.
    pub(super) fn finish(self) -> Result<(), LinkageError> {
        let Hashing { mut file, hasher } =
            self.0.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok(file.write_all(hasher.finalize().as_bytes())?)
    }
}

/// Reads such a file from its beginning; what it holds counts once [`Sealed::finish`] says so.
pub(super) struct Sealed {
    file: fs_err::File,
    hasher: blake3::Hasher,
    /// Bytes before the hash that are still to come.
    left: u64,
}

impl Sealed {
    pub(super) fn open(path: &Path) -> Result<Self, LinkageError> {
        let file = fs_err::File::open(path)?;
        let left = file.metadata()?.len().checked_sub(SEAL);
        Ok(Self {
            file,
            hasher: blake3::Hasher::new(),
            left: left.ok_or(LinkageError::Kept)?,
        })
    }

    /// Bytes before the hash that are still to come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Reads what is left, and compares the hash.
    pub(super) fn finish(mut self) -> Result<(), LinkageError> {
        let mut bytes = vec![0; AT_ONCE];
        while self.read(&mut bytes)? > 0 {}
        let mut seal = [0; blake3::OUT_LEN];
        self.file.read_exact(&mut seal)?;
        if self.hasher.finalize() == seal {
            Ok(())
        } else {
            Err(LinkageError::Kept)
        }
    }
}

/// A line and, below it, its hash.
pub(crate) fn lines(line: &str) -> String {
    format!("{line}\n{}\n", blake3::hash(line.as_bytes()))
}

/// The line of such a text.
pub(crate) fn line(text: &str) -> Result<&str, LinkageError> {
    let (line, hash) = text.split_once('\n').ok_or(LinkageError::Kept)?;
    let written = hash.strip_suffix('\n').ok_or(LinkageError::Kept)?;
    let whole = blake3::hash(line.as_bytes()).to_hex().as_str() == written;
    whole.then_some(line).ok_or(LinkageError::Kept)
}

impl Read for Sealed {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let room = usize::try_from(self.left).map_or(into.len(), |left| left.min(into.len()));
        let read = self.file.read(&mut into[..room])?;
        self.hasher.update(&into[..read]);
        self.left -= read as u64;
        Ok(read)
    }
}
