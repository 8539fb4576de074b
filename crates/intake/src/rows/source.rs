//! The bytes of one file, as a reader of rows wants them: hashed as they pass, decoded where the
//! encoding is not a superset of ASCII, and stopped where one record would take unbounded memory.
//!
//! Windows-1252 is left as it is here: delimiters, quotes and line ends are the same bytes, and each
//! cell decides for itself (see `text`), so that a file of mixed encodings loses nothing.

use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use engine::Lack;
use fs_err::File;

use crate::error::IntakeError;

const RAW: usize = 1 << 18;
/// How much of the start of a file is looked at: its header must end within.
pub(crate) const PEEK: usize = 1 << 18;
/// The decoder writes whole characters only, and asks for the room of the longest.
const ROOM: usize = 4;
/// Bytes put behind the end of the file. A record of just this, and of these bytes, marks a proper end; if it is
/// found inside a cell, a quote was never closed. The first line feed ends an unended last line.
pub(crate) const END_MARK: &[u8] = b"\n\x01counted:end\x01\n";
/// The end mark as a record.
const END_RECORD: &[u8] = b"\x01counted:end\x01";

/// The bytes of one file.
pub(crate) struct ByteSource {
    file: File,
    hasher: blake3::Hasher,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    file_ended: bool,
    decoder: Option<Decoder>,
    decoder_done: bool,
    malformed: bool,
    /// Decoded bytes that were looked at before anybody read.
    front: Vec<u8>,
    front_at: usize,
    mark_at: usize,
    /// Decoded bytes of the file itself.
    decoded: u64,
    given: u64,
    allowed: u64,
    over: bool,
    read: u64,
    size: u64,
}

/// What the first bytes say that a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// Rows of text.
    Text,
    /// Parquet.
    Parquet,
    /// XML.
    Xml,
    /// A spreadsheet or another archive.
    Archive,
}

impl ByteSource {
    /// Opens a file and settles its encoding.
    pub(crate) fn open(absolute: &Path, path: &str) -> Result<Self, IntakeError> {
        let failed = |error: &io::Error| unreadable(path, error);
        let file = File::open(absolute).map_err(|error| failed(&error))?;
        let size = file.metadata().map_err(|error| failed(&error))?.len();
        let mut source = Self {
            file,
            hasher: blake3::Hasher::new(),
            raw: vec![0; RAW],
            raw_at: 0,
            raw_end: 0,
            file_ended: false,
            decoder: None,
            decoder_done: false,
            malformed: false,
            front: Vec::new(),
            front_at: 0,
            mark_at: 0,
            decoded: 0,
            given: 0,
            allowed: u64::MAX,
            over: false,
            read: 0,
            size,
        };
        while source.raw_end < RAW && !source.file_ended {
            source.fill().map_err(|error| failed(&error))?;
        }
        let start = &source.raw[..source.raw_end];
        let (encoding, bom) = Encoding::for_bom(start).unwrap_or_else(|| (without_bom(start), 0));
        source.raw_at = bom;
        if encoding != UTF_8 {
            source.decoder = Some(encoding.new_decoder_without_bom_handling());
        }
        // A little more than is looked at, so that there is room for a whole character until that much is there.
        let mut front = vec![0; PEEK + ROOM];
        let mut filled = 0;
        while filled < PEEK {
            let more = source
                .next_bytes(&mut front[filled..])
                .map_err(|error| failed(&error))?;
            if more == 0 {
                break;
            }
            filled += more;
        }
        front.truncate(filled);
        source.front = front;
        Ok(source)
    }

    /// The decoded start of the file.
    pub(crate) fn front(&self) -> &[u8] {
        &self.front
    }

    /// What the file is, by its first bytes.
    pub(crate) fn looks(&self) -> Looks {
        let start = &self.front;
        if start.starts_with(b"PAR1") {
            return Looks::Parquet;
        }
        if start.starts_with(b"PK\x03\x04")
            || start.starts_with(b"\xD0\xCF\x11\xE0")
            || start.starts_with(b"\x1F\x8B")
        {
            return Looks::Archive;
        }
        // A file that was turned into another encoding may keep a mark of its former one.
        let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start);
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'<') => Looks::Xml,
            _ => Looks::Text,
        }
    }

    /// Lets reading go on up to `position`, counted in decoded bytes; beyond it the source refuses.
    pub(crate) fn allow(&mut self, position: u64) {
        self.allowed = position;
    }

    /// Whether the limit was hit.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// Whether a record that ends behind so many decoded bytes is the end mark. A file may hold a line that reads like
    /// it; only what stands behind the file's own bytes ends it.
    pub(crate) fn is_end(&self, record: &[u8], position: u64) -> bool {
        // The line feed that the mark begins with may end a last line of the file.
        record == END_RECORD && self.mark_at > 0 && position > self.decoded + 1
    }

    /// Whether some bytes were not of the encoding that the file claims.
    pub(crate) fn is_malformed(&self) -> bool {
        self.malformed
    }

    /// Bytes read from the disk so far, and in all.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.read, self.size.max(self.read))
    }

    /// Reads what is left, and gives the hash of the whole content.
    pub(crate) fn hash(mut self) -> io::Result<String> {
        while !self.file_ended {
            self.raw_at = self.raw_end;
            self.fill()?;
        }
        Ok(self.hasher.finalize().to_hex().to_string())
    }

    /// Reads from the disk behind what is there, or anew when that was used up.
    fn fill(&mut self) -> io::Result<()> {
        if self.raw_at >= self.raw_end {
            self.raw_at = 0;
            self.raw_end = 0;
        }
        if self.raw_end == RAW {
            self.raw.copy_within(self.raw_at..self.raw_end, 0);
            self.raw_end -= self.raw_at;
            self.raw_at = 0;
        }
        let got = self.file.read(&mut self.raw[self.raw_end..])?;
        self.file_ended = got == 0;
        self.hasher.update(&self.raw[self.raw_end..self.raw_end + got]);
        self.raw_end += got;
        self.read += got as u64;
        Ok(())
    }

    /// Decoded bytes of the file, then of the end mark; 0 at the very end.
    fn next_bytes(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.raw_at >= self.raw_end && !self.file_ended {
                self.fill()?;
            }
            let fresh = &self.raw[self.raw_at..self.raw_end];
            let Some(decoder) = &mut self.decoder else {
                let take = fresh.len().min(out.len());
                out[..take].copy_from_slice(&fresh[..take]);
                self.raw_at += take;
                self.decoded += take as u64;
                return Ok(if take > 0 { take } else { self.mark(out) });
            };
            if self.decoder_done {
                return Ok(self.mark(out));
            }
            // Nobody asks for so little; without this, a decoder that cannot write would be asked for ever.
            if out.len() < ROOM {
                return Err(io::Error::other("buffer too small"));
            }
            let (result, used, written, replaced) = decoder.decode_to_utf8(fresh, out, self.file_ended);
            self.raw_at += used;
            self.malformed |= replaced;
            self.decoded += written as u64;
            self.decoder_done = self.file_ended && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
    }

    fn mark(&mut self, out: &mut [u8]) -> usize {
        let left = &END_MARK[self.mark_at..];
        let take = left.len().min(out.len());
        out[..take].copy_from_slice(&left[..take]);
        self.mark_at += take;
        take
    }
}

impl Read for ByteSource {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.allowed {
            self.over = true;
            return Err(io::Error::other("over the limit of one record"));
        }
        let front = &self.front[self.front_at..];
        let got = if front.is_empty() {
            self.front = Vec::new();
            self.front_at = 0;
            self.next_bytes(out)?
        } else {
            let take = front.len().min(out.len());
            out[..take].copy_from_slice(&front[..take]);
            self.front_at += take;
            take
        };
        self.given += got as u64;
        Ok(got)
    }
}

/// UTF-16 without a mark shows in its zero bytes; all else is read byte by byte.
fn without_bom(start: &[u8]) -> &'static Encoding {
    let start = &start[..start.len().min(4_096)];
    let zeros = |offset: usize| {
        start
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let many = start.len() / 4;
    if start.len() >= 4 && odd > many && even <= start.len() / 16 {
        UTF_16LE
    } else if start.len() >= 4 && even > many && odd <= start.len() / 16 {
        UTF_16BE
    } else {
        UTF_8
    }
}

/// A file that the system cannot give us.
pub(crate) fn unreadable(path: &str, error: &io::Error) -> IntakeError {
    match error.kind() {
        io::ErrorKind::NotFound => IntakeError::CannotRead {
            path: path.to_owned(),
            what: "it is not there any more".to_owned(),
            fix: "put it back, or correct its path".to_owned(),
        },
        io::ErrorKind::IsADirectory => IntakeError::CannotRead {
            path: path.to_owned(),
            what: "it is a folder".to_owned(),
            fix: "name the files in it".to_owned(),
        },
        _ if cfg!(windows) && Lack::of(error) == Some(Lack::Permission) => IntakeError::CannotRead {
            path: path.to_owned(),
            what: "another program has it open, or you may not read it".to_owned(),
            fix: "close it there, or ask its owner for permission".to_owned(),
        },
        io::ErrorKind::PermissionDenied => IntakeError::CannotRead {
            path: path.to_owned(),
            what: "you may not read it".to_owned(),
            fix: "ask its owner for permission".to_owned(),
        },
        kind => IntakeError::CannotRead {
            path: path.to_owned(),
            what: kind.to_string(),
            fix: "copy the file again and check the disk".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn read_all(bytes: &[u8]) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.csv");
        fs_err::write(&path, bytes).unwrap();
        let mut source = ByteSource::open(&path, "f.csv").unwrap();
        let mut text = Vec::new();
        let mut buffer = [0; 7];
        loop {
            let got = source.read(&mut buffer).unwrap();
            if got == 0 {
                break;
            }
            text.extend_from_slice(&buffer[..got]);
        }
        let text = String::from_utf8(text).unwrap();
        (
            text.strip_suffix("\n\u{1}counted:end\u{1}\n").unwrap().to_owned(),
            source.hash().unwrap(),
        )
    }

    #[test]
    fn encodings_give_the_same_text_and_the_hash_is_of_the_content() {
        let text = "NAME|BORN\nZoë|1950\n".repeat(20_000);
        let utf16 = |big: bool| utf16(&text, big).split_off(2);
        let with = |mark: &[u8], rest: Vec<u8>| [mark, rest.as_slice()].concat();
        for bytes in [
            text.clone().into_bytes(),
            with(b"\xEF\xBB\xBF", text.clone().into_bytes()),
            with(b"\xFF\xFE", utf16(false)),
            with(b"\xFE\xFF", utf16(true)),
            utf16(false),
            utf16(true),
        ] {
            let (read, hash) = read_all(&bytes);
            assert!(read == text);
            assert_eq!(hash, blake3::hash(&bytes).to_hex().to_string());
        }
        assert_eq!(read_all(b"").0, "");
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let bytes = |unit: u16| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        };
        "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(bytes)
            .collect()
    }

    /// What is looked at ends in the middle of the file, wherever its characters begin and however long they are.
    #[test]
    fn large_files_are_decoded_at_every_alignment() {
        for letters in [
            "NAME,BORN\n",
            "\u{eb}",
            "\u{20ac}",
            "\u{1f600}",
            "a\u{eb}\u{20ac}\u{1f600}\n",
        ] {
            for lead in 0..4 {
                let text = "x".repeat(lead) + &letters.repeat(600_000 / letters.len());
                for big in [false, true] {
                    let bytes = utf16(&text, big);
                    let (read, hash) = read_all(&bytes);
                    assert!(read == text, "{lead} letters before {letters:?}");
                    assert_eq!(hash, blake3::hash(&bytes).to_hex().to_string());
                }
            }
        }
    }

    /// A file whose first line has no end is told by how much was looked at, in any encoding.
    #[test]
    fn as_much_is_looked_at_in_any_encoding() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.csv");
        for text in ["a".repeat(2 * PEEK), "\u{20ac}".repeat(PEEK)] {
            for bytes in [text.clone().into_bytes(), utf16(&text, false), utf16(&text, true)] {
                fs_err::write(&path, bytes).unwrap();
                let front = ByteSource::open(&path, "f.csv").unwrap().front().len();
                assert!((PEEK..PEEK + ROOM + 1).contains(&front), "{front}");
            }
        }
    }
}
