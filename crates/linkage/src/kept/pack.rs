//! Columns of integers and texts in a file, little end first, each after its length.
//!
//! Only this program reads them, and only those of the same version; whatever does not fit is taken for damage.

use std::io::{BufReader, Read};
use std::path::Path;

use super::sealed::{Sealed, Sealing};
use crate::cascade::{Word, Words};
use crate::error::LinkageError;

/// Elements that are turned into bytes at a time.
const AT_ONCE: usize = 1 << 13;

/// Writes columns one after the other.
pub(crate) struct Packer {
    file: Sealing,
    bytes: Vec<u8>,
}

impl Packer {
    pub(crate) fn create(path: &Path) -> Result<Self, LinkageError> {
        Ok(Self {
            file: Sealing::create(path)?,
            bytes: Vec::new(),
        })
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), LinkageError> {
        self.file.write(&(bytes.len() as u64).to_le_bytes())?;
        self.file.write(bytes)
    }

    pub(crate) fn shorts(&mut self, values: impl ExactSizeIterator<Item = u32>) -> Result<(), LinkageError> {
        self.column(values, u32::to_le_bytes)
    }

    pub(crate) fn longs(&mut self, values: impl ExactSizeIterator<Item = u64>) -> Result<(), LinkageError> {
        self.column(values, u64::to_le_bytes)
    }

    pub(crate) fn words(&mut self, words: &Words) -> Result<(), LinkageError> {
        let (bytes, ends, slots) = words.parts();
        self.bytes(bytes.as_bytes())?;
        self.longs(ends.iter().copied())?;
        self.longs(slots)
    }

    /// Values with their counts.
    pub(crate) fn counts(&mut self, counts: &[(u64, u32)]) -> Result<(), LinkageError> {
        self.longs(counts.iter().map(|(value, _)| *value))?;
        self.shorts(counts.iter().map(|(_, count)| *count))
    }

    pub(crate) fn finish(self) -> Result<(), LinkageError> {
        self.file.finish()
    }

    fn column<T, const N: usize>(
        &mut self,
        mut values: impl ExactSizeIterator<Item = T>,
        encode: impl Fn(T) -> [u8; N],
    ) -> Result<(), LinkageError> {
        self.file.write(&(values.len() as u64).to_le_bytes())?;
        self.bytes.resize(AT_ONCE * N, 0);
        while values.len() > 0 {
            let some = &mut self.bytes[..AT_ONCE.min(values.len()) * N];
            for (bytes, value) in some.as_chunks_mut::<N>().0.iter_mut().zip(&mut values) {
                *bytes = encode(value);
            }
            self.file.write(some)?;
        }
        Ok(())
    }
}

/// Reads columns in the order in which they were written. What was read counts once [`Unpacker::finish`] found it whole.
pub(crate) struct Unpacker {
    file: BufReader<Sealed>,
    /// Bytes that are still to come; no column can be longer.
    left: u64,
}

impl Unpacker {
    pub(crate) fn open(path: &Path) -> Result<Self, LinkageError> {
        let file = Sealed::open(path)?;
        let left = file.left();
        Ok(Self {
            file: BufReader::with_capacity(1 << 18, file),
            left,
        })
    }

    /// Bytes that are still to come.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }

    /// Makes sure that all was read, and that it is what was written.
    pub(crate) fn finish(self) -> Result<(), LinkageError> {
        if self.left > 0 {
            return Err(LinkageError::Kept);
        }
        self.file.into_inner().finish()
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, LinkageError> {
        let length = self.length(1)?;
        let mut bytes = vec![0; length];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn shorts(&mut self) -> Result<Vec<u32>, LinkageError> {
        self.column(u32::from_le_bytes)
    }

    pub(crate) fn longs(&mut self) -> Result<Vec<u64>, LinkageError> {
        self.column(u64::from_le_bytes)
    }

    pub(crate) fn words(&mut self) -> Result<Words, LinkageError> {
        let bytes = String::from_utf8(self.bytes()?).map_err(|_| LinkageError::Kept)?;
        let ends = self.longs()?;
        // The look-up tables are one column. They are larger than all else, so that they are read as what they become.
        let mut left = self.length(8)?;
        let slots = [self.slots(&mut left)?, self.slots(&mut left)?];
        let words = Words::of_parts(bytes, ends, slots).filter(|_| left == 0);
        words.ok_or(LinkageError::Kept)
    }

    /// A look-up table of words, from a column of which so many integers are still to come.
    fn slots(&mut self, left: &mut usize) -> Result<Vec<(u64, Word)>, LinkageError> {
        let mut bytes = [0; 8];
        self.file.read_exact(&mut bytes)?;
        let length = usize::try_from(u64::from_le_bytes(bytes)).map_err(|_| LinkageError::Kept)?;
        let taken = length.checked_mul(2).and_then(|taken| taken.checked_add(1));
        *left = taken
            .and_then(|taken| left.checked_sub(taken))
            .ok_or(LinkageError::Kept)?;
        self.values(length, |slot: [u8; 16]| {
            let slot = u128::from_le_bytes(slot);
            (slot as u64, (slot >> 64) as Word)
        })
    }

    /// Words to be read only; the look-up tables go by.
    pub(crate) fn texts(&mut self) -> Result<Words, LinkageError> {
        let bytes = String::from_utf8(self.bytes()?).map_err(|_| LinkageError::Kept)?;
        let ends = self.longs()?;
        let slots = self.length(8)? as u64 * 8;
        let passed = std::io::copy(&mut self.file.by_ref().take(slots), &mut std::io::sink())?;
        if passed == slots {
            Words::of_texts(bytes, ends).ok_or(LinkageError::Kept)
        } else {
            Err(LinkageError::Kept)
        }
    }

    pub(crate) fn counts(&mut self) -> Result<Vec<(u64, u32)>, LinkageError> {
        let (values, counts) = (self.longs()?, self.shorts()?);
        if values.len() == counts.len() {
            Ok(values.into_iter().zip(counts).collect())
        } else {
            Err(LinkageError::Kept)
        }
    }

    fn length(&mut self, width: u64) -> Result<usize, LinkageError> {
        let mut bytes = [0; 8];
        self.file.read_exact(&mut bytes)?;
        let length = u64::from_le_bytes(bytes);
        let taken = length.checked_mul(width).and_then(|taken| taken.checked_add(8));
        self.left = taken
            .and_then(|taken| self.left.checked_sub(taken))
            .ok_or(LinkageError::Kept)?;
        usize::try_from(length).map_err(|_| LinkageError::Kept)
    }

    fn column<T, const N: usize>(&mut self, decode: impl Fn([u8; N]) -> T) -> Result<Vec<T>, LinkageError> {
        let length = self.length(N as u64)?;
        self.values(length, decode)
    }

    /// So many values of a column whose length was read.
    fn values<T, const N: usize>(
        &mut self,
        length: usize,
        decode: impl Fn([u8; N]) -> T,
    ) -> Result<Vec<T>, LinkageError> {
        let mut values = Vec::with_capacity(length);
        let mut bytes = vec![0; AT_ONCE.min(length) * N];
        while values.len() < length {
            let some = &mut bytes[..AT_ONCE.min(length - values.len()) * N];
            self.file.read_exact(some)?;
            values.extend(some.as_chunks::<N>().0.iter().map(|chunk| decode(*chunk)));
        }
        Ok(values)
    }
}
