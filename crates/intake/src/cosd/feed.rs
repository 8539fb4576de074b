//! Bytes of a file as UTF-8, with a limit on every token and on the whole.
//!
//! The XML reader gathers a token (a tag, a run of text) until it ends, however long it is. This
//! feed stands under it and stops giving bytes when one token grows beyond its limit, so a text
//! node of a gigabyte costs no more memory than the limit. It also recognises the encoding (byte
//! order mark, UTF-16 without one, the XML declaration), mends single bytes that are not UTF-8
//! (read as Windows-1252, which is what they are in real files), and hashes what it reads.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::stop::{Limit, Stop};

/// Bytes read from the file at a time.
const CHUNK: usize = 1 << 18;
/// Bytes within which the XML declaration stands.
const DECLARATION: usize = 256;

/// What may not be exceeded while reading one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct FeedLimits {
    /// Bytes of one token.
    pub(super) token: usize,
    /// Bytes of the file.
    pub(super) total: u64,
}

/// A [`BufRead`] over a file of any encoding that yields UTF-8.
pub(super) struct Feed<R> {
    source: R,
    limits: FeedLimits,
    hasher: blake3::Hasher,
    /// None until the first bytes have been looked at.
    form: Option<Form>,
    /// Bytes as read; those from `kept` on wait for the rest of their character.
    raw: Vec<u8>,
    /// Text made where the raw bytes cannot be served as they are.
    text: Vec<u8>,
    serve: Serve,
    read: u64,
    since_mark: usize,
    finished: bool,
    stop: Option<Stop>,
    oddities: Oddities,
}

/// What was unusual about the bytes of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Oddities {
    /// Some bytes were not UTF-8 and were read as Windows-1252.
    pub(super) mended: bool,
    /// Some bytes were no text in the file's encoding, and were lost.
    pub(super) broken: bool,
    /// The declaration names an encoding that the bytes are not in.
    pub(super) misdeclared: bool,
}

enum Form {
    Utf8,
    Other(Box<Decoder>),
}

/// The stretch of bytes that is ready.
#[derive(Clone, Copy)]
enum Serve {
    Raw(usize, usize),
    Text(usize, usize),
}

impl<R: Read> Feed<R> {
    pub(super) fn new(source: R, limits: FeedLimits) -> Self {
        Self {
            source,
            limits,
            hasher: blake3::Hasher::new(),
            form: None,
            raw: Vec::with_capacity(CHUNK + 4),
            text: Vec::new(),
            serve: Serve::Raw(0, 0),
            read: 0,
            since_mark: 0,
            finished: false,
            stop: None,
            oddities: Oddities::default(),
        }
    }

    /// A new token begins here.
    pub(super) fn mark(&mut self) {
        self.since_mark = 0;
    }

    /// Why the feed stopped before the end, if it did.
    pub(super) fn take_stop(&mut self) -> Option<Stop> {
        self.stop.take()
    }

    /// What was unusual so far.
    pub(super) fn oddities(&self) -> Oddities {
        self.oddities
    }

    /// The hash of all bytes read so far, in hexadecimal.
    pub(super) fn hash(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }

    /// Reads until there is text to serve or the file ends.
    fn refill(&mut self) -> io::Result<()> {
        loop {
            if self.finished {
                self.serve = Serve::Raw(0, 0);
                return Ok(());
            }
            let carried = self.raw.len();
            self.raw.resize(carried + CHUNK, 0);
            let count = read_once(&mut self.source, &mut self.raw[carried..])?;
            self.raw.truncate(carried + count);
            self.hasher.update(&self.raw[carried..]);
            self.read += count as u64;
            self.finished = count == 0;
            if self.read > self.limits.total {
                self.stop = Some(Stop::Limit(Limit::Total));
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let mut start = 0;
            if self.form.is_none() && self.raw.len() < DECLARATION && !self.finished {
                continue;
            }
            if self.form.is_none() {
                start = self.recognise();
            }
            self.decode(start);
            if !self.ready().is_empty() {
                return Ok(());
            }
        }
    }

    /// Decides how the file is encoded; gives the length of its byte order mark.
    fn recognise(&mut self) -> usize {
        let raw = self.raw.as_slice();
        let (encoding, skip) = match Encoding::for_bom(raw) {
            Some((encoding, length)) => (encoding, length),
            None if raw.starts_with(&[b'<', 0]) => (UTF_16LE, 0),
            None if raw.starts_with(&[0, b'<']) => (UTF_16BE, 0),
            None => {
                let (encoding, misdeclared) = declared(raw);
                self.oddities.misdeclared = misdeclared;
                (encoding, 0)
            }
        };
        self.form = Some(if encoding == UTF_8 {
            Form::Utf8
        } else {
            Form::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        });
        skip
    }

    /// Makes the raw bytes from `start` ready, leaving an unfinished character for the next time.
    fn decode(&mut self, start: usize) {
        match &mut self.form {
            Some(Form::Other(decoder)) => {
                self.text.clear();
                self.text.resize(4 * (self.raw.len() - start) + 16, 0);
                let (result, _, written, lost) =
                    decoder.decode_to_utf8(&self.raw[start..], &mut self.text, self.finished);
                debug_assert!(matches!(result, CoderResult::InputEmpty), "the output has room");
                self.oddities.broken |= lost;
                self.raw.clear();
                self.serve = Serve::Text(0, written);
            }
            _ => {
                let valid = start + Encoding::utf8_valid_up_to(&self.raw[start..]);
                self.serve = Serve::Raw(start, valid);
                if valid < self.raw.len() && (self.finished || !unfinished(&self.raw[valid..])) {
                    self.mend(start);
                }
            }
        }
    }

    /// Copies the raw bytes from `start`, reading bytes that are not UTF-8 as Windows-1252.
    fn mend(&mut self, start: usize) {
        self.text.clear();
        let mut at = start;
        while at < self.raw.len() {
            let rest = &self.raw[at..];
            let valid = Encoding::utf8_valid_up_to(rest);
            self.text.extend_from_slice(&rest[..valid]);
            at += valid;
            let rest = &self.raw[at..];
            if rest.is_empty() || (!self.finished && unfinished(rest)) {
                break;
            }
            let (letter, _) = WINDOWS_1252.decode_without_bom_handling(&rest[..1]);
            self.text.extend_from_slice(letter.as_bytes());
            self.oddities.mended = true;
            at += 1;
        }
        self.raw.drain(..at);
        self.serve = Serve::Text(0, self.text.len());
    }

    fn ready(&self) -> &[u8] {
        match self.serve {
            Serve::Raw(from, to) => &self.raw[from..to],
            Serve::Text(from, to) => &self.text[from..to],
        }
    }
}

impl<R: Read> Read for Feed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Feed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since_mark > self.limits.token {
            self.stop = Some(Stop::Limit(Limit::Token));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.ready().is_empty() {
            if let Serve::Raw(_, to) = self.serve {
                self.raw.drain(..to);
                self.serve = Serve::Raw(0, 0);
            }
            self.refill()?;
        }
        Ok(self.ready())
    }

    fn consume(&mut self, count: usize) {
        self.since_mark += count;
        match &mut self.serve {
            Serve::Raw(from, to) | Serve::Text(from, to) => *from = (*from + count).min(*to),
        }
    }
}

/// Reads what is there, once, not minding interruptions.
fn read_once(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Whether the bytes are the beginning of one longer character.
fn unfinished(rest: &[u8]) -> bool {
    let wanted = match rest[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return false,
    };
    rest.len() < wanted && rest[1..].iter().all(|byte| (0x80..0xC0).contains(byte))
}

/// The encoding that the XML declaration names, UTF-8 without one, and whether it is mistaken.
fn declared(raw: &[u8]) -> (&'static Encoding, bool) {
    let head = &raw[..raw.len().min(DECLARATION)];
    let Some(end) = head.windows(2).position(|pair| pair == b"?>") else {
        return (UTF_8, false);
    };
    let head = &head[..end];
    if !head.starts_with(b"<?xml") {
        return (UTF_8, false);
    }
    let Some(at) = head.windows(8).position(|window| window == b"encoding") else {
        return (UTF_8, false);
    };
    let mut quoted = head[at..].split(|byte| matches!(byte, b'"' | b'\''));
    match Encoding::for_label(quoted.nth(1).unwrap_or_default()) {
        // The declaration was readable as single bytes, so it cannot be in UTF-16.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => (UTF_8, true),
        Some(encoding) if encoding.is_single_byte() => (encoding, false),
        Some(encoding) => (UTF_8, encoding != UTF_8),
        None => (UTF_8, true),
    }
}
