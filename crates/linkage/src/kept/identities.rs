//! All distinct identities of a study, as they are kept.
//!
//! What identities say never changes, so each run adds the new ones in a file of its own, and takes the files of the
//! former run over as they are.

use std::path::{Path, PathBuf};

use super::FOLDER;
use super::everybody::fits;
use super::pack::{Packer, Unpacker};
use crate::cascade::{Born, Identities, Identity};
use crate::error::LinkageError;

const WORDS: &str = "words.bin";
const HEARD: &str = "heard.bin";
/// With more files than this, all identities go into one again.
const MOST_FILES: usize = 60;

/// Identities as their records say them: sites not yet as their trusts, nothing blank.
pub(crate) struct KeptIdentities {
    pub(crate) table: Identities,
    /// The first record of each: the place of its file in the list of files, and its place in the file.
    pub(crate) firsts: Vec<u64>,
}

/// A record by the place of its file and its own place in the file, so that records compare as they come.
pub(crate) fn first(file: usize, at: u64) -> u64 {
    (file as u64) << 40 | at
}

/// The place of the file, and the place in the file.
pub(crate) fn first_parts(first: u64) -> (usize, u64) {
    ((first >> 40) as usize, first & ((1 << 40) - 1))
}

fn file(folder: &Path, number: usize) -> PathBuf {
    folder.join(FOLDER).join(format!("identities-{number:03}.bin"))
}

/// Writes identities; those before the given place are in the files of the former run.
pub(crate) fn write_identities(
    table: &Identities,
    firsts: &[u64],
    out: &Path,
    former: Option<(&Path, usize)>,
) -> Result<(), LinkageError> {
    // An attempt before may have left files, which have a second name beside the former tables: those names go, so that
    // nothing is written into what is not ours.
    for number in (0..).take_while(|number| file(out, *number).is_file()) {
        fs_err::remove_file(file(out, number))?;
    }
    let mut packer = Packer::create(&out.join(FOLDER).join(WORDS))?;
    packer.words(&table.words)?;
    packer.finish()?;
    let mut packer = Packer::create(&out.join(FOLDER).join(HEARD))?;
    packer.shorts(table.records.iter().copied())?;
    packer.longs(firsts.iter().copied())?;
    packer.finish()?;
    let (mut files, mut from) = (0, 0);
    if let Some((folder, there)) = former {
        let count = (0..).take_while(|number| file(folder, *number).is_file()).count();
        if count <= MOST_FILES {
            for number in 0..count {
                // They are never written to again.
                engine::second_name(&file(folder, number), &file(out, number))?;
            }
            (files, from) = (count, there);
        }
    }
    rows(&table.rows[from..], &file(out, files))
}

fn rows(rows: &[Identity], path: &Path) -> Result<(), LinkageError> {
    let mut packer = Packer::create(path)?;
    packer.longs(rows.iter().map(|row| row.number))?;
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
    for column in columns {
        packer.shorts(rows.iter().map(column))?;
    }
    packer.finish()
}

impl KeptIdentities {
    pub(crate) fn read(former: &Path) -> Result<Self, LinkageError> {
        let words = Unpacker::open(&former.join(FOLDER).join(WORDS))?.words()?;
        let mut unpacker = Unpacker::open(&former.join(FOLDER).join(HEARD))?;
        let (records, firsts) = (unpacker.shorts()?, unpacker.longs()?);
        // Some room for those to come.
        let mut rows = Vec::with_capacity(records.len() + records.len() / 8);
        for number in 0.. {
            let path = file(former, number);
            if !path.is_file() {
                break;
            }
            add(&mut rows, &path)?;
        }
        fits(records.len(), rows.len())?;
        fits(firsts.len(), rows.len())?;
        Ok(Self {
            table: Identities::of(rows, records, words),
            firsts,
        })
    }
}

fn add(rows: &mut Vec<Identity>, path: &Path) -> Result<(), LinkageError> {
    let mut unpacker = Unpacker::open(path)?;
    let numbers = unpacker.longs()?;
    let mut column = || {
        let values = unpacker.shorts()?;
        fits(values.len(), numbers.len())?;
        Ok::<_, LinkageError>(values)
    };
    let (born, family, given, postcode) = (column()?, column()?, column()?, column()?);
    let (organisation, local, key) = (column()?, column()?, column()?);
    let (decided, sex) = (column()?, column()?);
    // All columns at once: rows are wide, and are gone through as seldom as can be.
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
