//! All distinct identities of a study, as they are kept.
//!
//! What identities say never changes, so each run adds the new ones in a file of its own, and takes the files of the
//! former run over as they are.

use std::path::Path;

use super::FOLDER;
use super::everybody::fits;
use super::numbered::{count, may_grow, numbered, take_over};
use super::pack::{Packer, Unpacker};
use crate::cascade::{Born, Identity, Words};
use crate::error::LinkageError;

const WORDS: &str = "words.bin";
const IDENTITIES: &str = "identities";

/// A record by the place of its file and its own place in the file, so that records compare as they come.
pub(crate) fn first(file: usize, at: u64) -> u64 {
    (file as u64) << 40 | at
}

/// The place of the file, and the place in the file.
pub(crate) fn first_parts(first: u64) -> (usize, u64) {
    ((first >> 40) as usize, first & ((1 << 40) - 1))
}

/// Writes the words of identities.
pub(crate) fn write_words(words: &Words, out: &Path) -> Result<(), LinkageError> {
    let mut packer = Packer::create(&out.join(FOLDER).join(WORDS))?;
    packer.words(words)?;
    packer.finish()
}

/// Writes identities; those before the given place are in the files of the former run.
pub(crate) fn write_identities(
    rows: &[Identity],
    out: &Path,
    former: Option<(&Path, usize)>,
) -> Result<(), LinkageError> {
    let former = former.filter(|(folder, _)| may_grow(folder, IDENTITIES));
    let files = take_over(IDENTITIES, former.map(|(folder, _)| folder), out)?;
    let from = former.map_or(0, |(_, there)| there);
    write_rows(&rows[from..], &numbered(out, IDENTITIES, files))
}

/// Identities that are written and read at a time: all columns of some before the next ones, so that nobody holds whole
/// columns beside the rows.
const AT_ONCE: usize = 1 << 14;
/// Bytes of an identity in a file, more or less.
const BYTES: usize = 44;

fn write_rows(rows: &[Identity], path: &Path) -> Result<(), LinkageError> {
    let mut packer = Packer::create(path)?;
    let columns: [fn(&Identity) -> u32; 9] = [
        |row| row.born.0,
        |row| row.family,
        |row| row.given,
        |row| row.postcode,
        |row| row.organisation,
        |row| row.local,
        |row| row.key,
        |row| row.decided,
        |row| u32::from(row.sex),
    ];
    for some in rows.chunks(AT_ONCE) {
        packer.longs(some.iter().map(|row| row.number))?;
        for column in columns {
            packer.shorts(some.iter().map(column))?;
        }
    }
    packer.finish()
}

/// Reads identities as their records say them: sites not yet as their trusts, nothing blank.
pub(super) fn read_identities(former: &Path) -> Result<Vec<Identity>, LinkageError> {
    let mut rows = Vec::new();
    for number in 0..count(former, IDENTITIES) {
        add(&mut rows, &numbered(former, IDENTITIES, number))?;
    }
    Ok(rows)
}

/// Reads the words of identities, to go on with them.
pub(super) fn read_words(former: &Path) -> Result<Words, LinkageError> {
    let mut unpacker = Unpacker::open(&former.join(FOLDER).join(WORDS))?;
    let words = unpacker.words()?;
    unpacker.finish()?;
    Ok(words)
}

/// Reads the words of identities, to be read only: nothing can be taken in or looked up.
pub(crate) fn read_texts(folder: &Path) -> Result<Words, LinkageError> {
    let mut unpacker = Unpacker::open(&folder.join(FOLDER).join(WORDS))?;
    let words = unpacker.texts()?;
    unpacker.finish()?;
    Ok(words)
}

/// Hears identities one after the other, as their records say them, and never holds more than a few.
pub(crate) fn each_identity(folder: &Path, mut hear: impl FnMut(&Identity)) -> Result<(), LinkageError> {
    let mut rows = Vec::new();
    for number in 0..count(folder, IDENTITIES) {
        let mut unpacker = Unpacker::open(&numbered(folder, IDENTITIES, number))?;
        while unpacker.left() > 0 {
            rows.clear();
            some(&mut rows, &mut unpacker)?;
            rows.iter().for_each(&mut hear);
        }
        unpacker.finish()?;
    }
    Ok(())
}

fn add(rows: &mut Vec<Identity>, path: &Path) -> Result<(), LinkageError> {
    let mut unpacker = Unpacker::open(path)?;
    // The first file has most of them; some room for those to come.
    if rows.is_empty() {
        let about = usize::try_from(unpacker.left()).unwrap_or_default() / BYTES;
        rows.reserve_exact(about + about / 8);
    }
    while unpacker.left() > 0 {
        some(rows, &mut unpacker)?;
    }
    unpacker.finish()
}

fn some(rows: &mut Vec<Identity>, unpacker: &mut Unpacker) -> Result<(), LinkageError> {
    let numbers = unpacker.longs()?;
    let mut column = || {
        let values = unpacker.shorts()?;
        fits(values.len(), numbers.len())?;
        Ok::<_, LinkageError>(values)
    };
    let (born, family, given, postcode) = (column()?, column()?, column()?, column()?);
    let (organisation, local, key) = (column()?, column()?, column()?);
    let (decided, sex) = (column()?, column()?);
    rows.extend(numbers.iter().enumerate().map(|(at, number)| Identity {
        number: *number,
        born: Born(born[at]),
        family: family[at],
        given: given[at],
        postcode: postcode[at],
        organisation: organisation[at],
        local: local[at],
        key: key[at],
        decided: decided[at],
        sex: sex[at] as u8,
        common_name: false,
    }));
    Ok(())
}
