//! Reads COSD XML: the files in which hospitals in England report cancer, 8.x, 9.x and 10.x.
//!
//! For whom: the run, which reads all files of a study together, because the same record comes
//! again in later files; and `counted check`, which reads one file before it is sent.
//!
//! The way: every file is streamed once ([`walk`]); each record is read into what it means
//! ([`reading`]) and kept in a scratch file ([`spool`]), from which the next run takes over a file
//! that is as it was ([`kept`]); when all files were read it is decided
//! which records are the same and which of them stands ([`same`]); standing records take over what
//! older versions say and they do not ([`merge`]) and are written, one part a file ([`tables`]),
//! unless the part of the last run is the same ([`stands`]).
//!
//! Invariants: every record is written or set aside with one reason; a record is set aside as
//! superseded only by one that stands or is itself set aside with a reason; a file that cannot be
//! read whole yields nothing; memory does not grow with the size of a file or of anything in it;
//! the same files give the same bytes on any number of threads.
//!
//! Standards followed: COSD 8.1, 9.0.1 and 10.0.1 (DAPB1521) by the paths in
//! `layouts::cosd_paths`; XML 1.0 without document type definitions and without entities beyond
//! its own five.

mod clean;
mod codes;
mod collect;
mod faults;
mod feed;
mod file_problems;
mod fills;
mod header;
mod kept;
mod merge;
mod raw;
mod reading;
mod same;
mod settle;
mod spool;
mod spread;
mod stands;
mod stop;
mod tables;
mod trie;
mod version;
mod walk;
mod xml;

use std::path::Path;

use rayon::prelude::*;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use self::collect::{FileRead, check, read};
use self::header::Stamp;
use self::kept::Former;
pub(crate) use self::kept::Keep;
use self::same::fates;
use self::settle::Settling;
use self::spool::Scratch;
use self::stands::Stands;
use crate::error::IntakeError;
use crate::limits::Limits;
use crate::outcome::{CosdInput, CosdOutcome, FileOutcome};

/// Reads all COSD files of a study and writes their parts into `out`; where something is kept, files that are as they were
/// are taken over. Providers that none of the organisations is, are named.
pub(crate) fn intake(
    files: &[CosdInput],
    as_of: Date,
    out: &Path,
    limits: &Limits,
    keep: Option<Keep<'_>>,
    organisations: Option<&Registry>,
) -> Result<CosdOutcome, IntakeError> {
    if files.is_empty() {
        return Ok(CosdOutcome::default());
    }
    let scratch = Scratch::create(out, keep.is_some())?;
    let former = keep.map(Former::open).unwrap_or_default();
    let first = FirstPass {
        former: &former,
        scratch: &scratch,
        limits,
        keep,
    };
    let read: Vec<FileRead> = files
        .par_iter()
        .enumerate()
        .map(|(place, input)| first.file(place, input))
        .collect::<Vec<Result<_, _>>>()
        .into_iter()
        .collect::<Result<_, _>>()?;
    let marks: Vec<_> = read.iter().map(|file| file.marks.clone()).collect();
    let made = files.iter().zip(&read);
    let made: Vec<_> = made
        .map(|(input, read)| (read.made, input.path.as_str()))
        .collect();
    let ranks = ranks(&made);
    let fates = fates(&marks, |a, b| ranks[a as usize].cmp(&ranks[b as usize]));
    let stands = Stands::find(&former, files, &read, &fates);
    let settling = Settling {
        files,
        read: &read,
        fates: &fates,
        scratch: &scratch,
        stands: stands.as_ref(),
        as_of,
        out,
    };
    let settled: Vec<_> = (0..files.len())
        .into_par_iter()
        .map(|place| settling.file(place))
        .collect::<Vec<Result<_, _>>>()
        .into_iter()
        .collect::<Result<_, _>>()?;
    if let Some(keep) = keep {
        kept::keep_list(files, &read, (keep.settings, as_of), out)?;
    }
    let mut present = [false; 5];
    let mut outcome = CosdOutcome::default();
    for (file, settled) in read.into_iter().zip(settled) {
        for (known, new) in present.iter_mut().zip(settled.present) {
            *known |= new;
        }
        outcome.files.push(file.outcome(settled, organisations));
    }
    tables::complete(out, files[0].file, present)?;
    Ok(outcome)
}

/// Reads each file once, or takes over what a run before read of it.
struct FirstPass<'a> {
    former: &'a Former,
    scratch: &'a Scratch,
    limits: &'a Limits,
    keep: Option<Keep<'a>>,
}

impl FirstPass<'_> {
    fn file(&self, place: usize, input: &CosdInput) -> Result<FileRead, IntakeError> {
        if let Some(keep) = self.keep
            && let Some(read) = self.former.take_over(input, place, self.scratch, keep)?
        {
            return Ok(read);
        }
        let read = read(input, place, self.scratch, self.limits)?;
        if read.unreadable.is_some() {
            self.scratch.drop_file(place)?;
        } else if self.keep.is_some() {
            kept::keep(&read, &self.scratch.path(place))?;
        }
        Ok(read)
    }
}

/// Reads one file and says what is wrong with it; writes nothing.
pub(crate) fn check_file(
    input: &CosdInput,
    limits: &Limits,
    organisations: Option<&Registry>,
) -> Result<FileOutcome, IntakeError> {
    check(input, limits, organisations)
}

/// For each file its rank by the time of its making (unknown first), then by path.
fn ranks(made: &[(Option<Stamp>, &str)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.sort_by_key(|&place| (made[place], place));
    let mut ranks = vec![0; made.len()];
    for (rank, place) in order.into_iter().enumerate() {
        ranks[place] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests;
