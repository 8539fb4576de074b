//! New records beside people that are there already: only those are linked anew whom the new records touch.
//!
//! The outcome is the one of linking everybody at once, but for the shares of right links, which stay as they were until they
//! move by more than 0.0005 (decision 0007). Whom new identities can touch is followed up exactly
//! (`touched`); what is decided over all data (shared values, trials, common names) is brought up to date by counting
//! where something changed. Where a verdict turns out otherwise than before, everybody is linked anew, and the report
//! says why.

mod arrive;
mod relink;
mod shared;
mod touched;
mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::bits::Bits;
use crate::cascade::{Identities, Identity, Linked, Words, organisations, trusts};
use crate::decisions::Decided;
use crate::error::LinkageError;
use crate::files::Files;
use crate::kept::{Apart, Everybody, Kept, KeptFile, KnownBefore, write_identities, write_words};
use crate::links::Origin;
use crate::read::{Places, Reading, Taken};
use crate::threads::{in_parts, side_by_side};

pub(crate) use arrive::arrive;
pub(crate) use relink::Relinked;
use relink::relink;

/// Where the records of each file come from; or why they cannot come from the former run.
pub(crate) fn origins(
    present: &[KeptFile],
    (former, folder): (&Kept, &std::path::Path),
    decided: &Decided,
) -> Result<Vec<Origin>, &'static str> {
    let mut origins = vec![Origin::Read; present.len()];
    let places: BTreeMap<(&str, &str), usize> = present
        .iter()
        .enumerate()
        .map(|(at, file)| ((file.path.as_str(), file.fingerprint.as_str()), at))
        .collect();
    for (at, kept) in (0..).zip(&former.files) {
        let same = places.get(&(kept.path.as_str(), kept.fingerprint.as_str()));
        let Some(&same) = same else {
            return Err("a file of the former run changed, or is gone");
        };
        if origins[same] != Origin::Read {
            return Err("a file is listed twice");
        }
        origins[same] = Origin::Kept(at);
    }
    if other_rows_matter(present, &origins, (former, folder), decided)? {
        return Err("a file of the former run changed, or is gone");
    }
    Ok(origins)
}

/// True when a file holds something else than it did, though linkage reads the same of it, and a record of it follows from
/// its row alone: it stays apart from another that says the same, or somebody decided about it. Its row may be
/// another record's now.
fn other_rows_matter(
    present: &[KeptFile],
    origins: &[Origin],
    (former, folder): (&Kept, &std::path::Path),
    decided: &Decided,
) -> Result<bool, &'static str> {
    let mut changed: Vec<(usize, &KeptFile)> = Vec::new();
    for (place, (file, origin)) in present.iter().zip(origins).enumerate() {
        let before = origin.former().and_then(|at| former.files.get(at));
        let is_other = |before: &&KeptFile| file.has_content_of(before) == Some(false);
        changed.extend(before.filter(is_other).map(|before| (place, before)));
    }
    if changed.is_empty() {
        return Ok(false);
    }
    let apart = Apart::read(folder, &today(origins, former));
    let apart = apart.map_err(|_| "what the former run left is damaged")?;
    Ok(changed.into_iter().any(|(place, before)| {
        decided.speaks_of(&before.path) || !apart.within(place, 0, before.records).is_empty()
    }))
}

/// Former and new identities together.
pub(crate) struct Together {
    /// Sites as their trusts; nothing blank.
    pub(crate) table: Identities,
    pub(crate) firsts: Vec<u64>,
    /// How many the former run had.
    pub(crate) former: usize,
    pub(crate) everybody: Everybody,
    /// Records of the former run that follow from no identity, by the place of their file today.
    pub(crate) apart: Apart,
    /// Former identities that have more records now, in a way that may matter: they had one, or their records stay
    /// apart.
    pub(crate) grown: Vec<u32>,
    /// Former identities that have more records now, and stay whose they are.
    pub(crate) heard_again: Vec<u32>,
    /// Former identities whose first record comes earlier now, with the one that they had.
    pub(crate) earlier: Vec<(u32, u64)>,
    /// Where the identities that this run read are among all.
    pub(crate) place: Vec<u32>,
    pub(crate) places: Places,
    /// Records of each file.
    pub(crate) records: Vec<u64>,
    /// Records read by this run.
    pub(crate) read: u64,
}

/// Reads what the former run left, and the new files beside it. The identities of both are kept in `out`.
pub(crate) fn together(
    request: &crate::Request<'_>,
    folder: &std::path::Path,
    files: &Files,
    origins: &[Origin],
    kept: &Kept,
) -> Result<Result<Together, &'static str>, LinkageError> {
    (request.progress)("reading whom the former run knew", 0);
    let (out, threads) = (request.out, request.threads);
    let present = today(origins, kept);
    let KnownBefore {
        mut table,
        mut firsts,
        mut everybody,
    } = KnownBefore::read(folder, &present, threads)?;
    let apart = Apart::read(folder, &present)?;
    let former = table.rows.len();
    let mut known = organisations(&table.rows, threads);
    let then = trusts(&known, &table.words);
    let mut taken = read_new(request, files, origins, std::mem::take(&mut table.words))?;
    let words = std::mem::take(&mut taken.table.words);
    let read = taken.records.iter().sum();
    let mut records = taken.records;
    for (records, origin) in records.iter_mut().zip(origins) {
        if let Origin::Kept(before) = origin {
            *records = kept.files[*before as usize].records;
        }
    }
    let new = (&taken.table, &taken.firsts[..]);
    let meet = || Ok(meet(&mut table, &mut firsts, &everybody.linked, new, threads));
    let ((), met) = side_by_side(threads, || write_words(&words, out), meet)?;
    table.words = words;
    if table.rows.len() >= u32::MAX as usize - 1 {
        return Err(LinkageError::TooMany);
    }
    everybody.persons.resize(table.rows.len(), 0);
    write_identities(&table.rows, out, Some((folder, former)))?;
    known.extend(table.rows[former..].iter().map(|row| row.organisation));
    let now = trusts(&known, &table.words);
    let same = |(site, trust): &(u32, u32)| now.binary_search(&(*site, *trust)).is_ok();
    if !then.iter().all(same) {
        return Ok(Err("an organisation turns out to be a site of another"));
    }
    table.take_trusts(&now, threads);
    // All is taken in, and nothing is looked up any more.
    table.words.close();
    Ok(Ok(Together {
        table,
        firsts,
        former,
        everybody,
        apart,
        grown: met.grown,
        heard_again: met.heard_again,
        earlier: met.earlier,
        place: met.place,
        places: taken.places,
        records,
        read,
    }))
}

/// The identities of the files that the former run did not see, in the words that it left.
fn read_new(
    request: &crate::Request<'_>,
    files: &Files,
    origins: &[Origin],
    words: Words,
) -> Result<Taken, LinkageError> {
    let decided = Decided::default();
    let mut reading = Reading::new(request, files, &decided, words)?;
    let read = |(file, origin)| (origin == &Origin::Read).then_some(file);
    for file in files.list.iter().zip(origins).filter_map(read) {
        if let Some(part) = &file.part {
            reading.part(part)?;
        }
    }
    reading.finish()
}

/// Where the file of each number in what was kept is in the list of today.
fn today(origins: &[Origin], kept: &Kept) -> Vec<usize> {
    let mut today = vec![usize::MAX; kept.files.len()];
    for (place, origin) in origins.iter().enumerate() {
        if let Origin::Kept(before) = origin {
            let file = kept.files.get(*before as usize);
            if let Some(own) = file.and_then(|file| today.get_mut(file.id as usize)) {
                *own = place;
            }
        }
    }
    today
}

/// Where the identities of new records are among all.
pub(crate) struct Met {
    place: Vec<u32>,
    grown: Vec<u32>,
    heard_again: Vec<u32>,
    earlier: Vec<(u32, u64)>,
}

/// Holes of a sieve for each new identity: few others fall through.
const HOLES: usize = 32;

/// Puts the identities of new records beside those that are there.
fn meet(
    table: &mut Identities,
    firsts: &mut Vec<u64>,
    linked: &Linked,
    (new, new_firsts): (&Identities, &[u64]),
    threads: usize,
) -> Met {
    let mut met = Met {
        place: vec![u32::MAX; new.rows.len()],
        grown: Vec::new(),
        heard_again: Vec::new(),
        earlier: Vec::new(),
    };
    // A sieve spares most rows being looked up. It asks for the whole identity: records of hospitals name nobody, and of
    // those who were born on one day there are many.
    let holes = (new.rows.len() * HOLES).next_power_of_two();
    let hole = |row: &Identity| (row.hash() & (holes as u64 - 1)) as u32;
    let mut sieve = Bits::new(holes);
    for row in &new.rows {
        sieve.put(hole(row));
    }
    let again = in_parts(threads, &table.rows, |first, part| -> Vec<(usize, u32)> {
        let find = |row: &Identity| sieve.holds(hole(row)).then(|| new.find(row)).flatten();
        let those = (first..).zip(part);
        those.filter_map(|(at, row)| Some((at, find(row)?))).collect()
    });
    for (at, found) in again.into_iter().flatten() {
        let found = found as usize;
        met.place[found] = at as u32;
        // A second record may make them one person's; so may any where they are not yet.
        if table.records[at] == 1 || linked.steps[at].is_none() {
            met.grown.push(at as u32);
        } else {
            met.heard_again.push(at as u32);
        }
        table.records[at] += new.records[found];
        if new_firsts[found] < firsts[at] {
            met.earlier.push((at as u32, firsts[at]));
            firsts[at] = new_firsts[found];
        }
    }
    for (found, place) in met.place.iter_mut().enumerate() {
        if *place == u32::MAX {
            *place = table.rows.len() as u32;
            table.rows.push(new.rows[found]);
            table.records.push(new.records[found]);
            firsts.push(new_firsts[found]);
        }
    }
    met
}
