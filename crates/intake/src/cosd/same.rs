//! Which records of different files are the same record, and which of them stands.
//!
//! The Id of a COSD record is unique only within a submission, so it cannot say. The same provider,
//! person, original diagnosis and pathway date in a later file is the same record; the latest
//! stands. Files are later by the stamp of their making, then by path; files of unknown making
//! come first. Keys live in memory only and are never written.

use std::cmp::Ordering;
use std::num::NonZeroU128;

use layouts::cosd_paths::Field;

use super::clean::Clean;

/// What makes a record the same as another: a hash, so that it is small and says nothing.
pub(super) type Key = NonZeroU128;

/// What is remembered of each record until all files are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// None when too little is known to recognise the record again.
    pub(super) key: Option<Key>,
    /// Place of the file among the inputs.
    pub(super) file: u32,
    pub(super) row: u32,
    /// Where its clean form lies in the scratch file.
    pub(super) offset: u64,
    pub(super) length: u32,
    /// Hash of all that was read of it.
    pub(super) content: u64,
    /// Hash of its Id; 0 when it has none.
    pub(super) id: u64,
    /// The side of the body as its code says; 0 when it does not.
    pub(super) side: u8,
}

impl Mark {
    /// The mark of a record: its file and row, and where its clean form lies, as which bytes.
    pub(super) fn of(clean: &Clean, (file, row): (u32, u32), (offset, bytes): (u64, &[u8])) -> Self {
        let side = clean
            .cells
            .text(Field::Laterality)
            .and_then(|code| code.bytes().next())
            .unwrap_or(0);
        Self {
            key: key_of(clean),
            file,
            row,
            offset,
            length: bytes.len() as u32,
            content: hash_of(bytes),
            id: clean.id.as_deref().map_or(0, |id| hash_of(id.as_bytes()).max(1)),
            side,
        }
    }
}

/// What becomes of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stands as it is.
    Stands,
    /// It stands, and takes over what these older ones say and it does not: file, row, oldest first.
    StandsFor(Box<[(u32, u32)]>),
    /// It repeats an earlier record of its file.
    Repeats(u32),
    /// A later file holds a newer version.
    Superseded(u32, u32),
}

/// The key of a record, if enough is known: provider, person and pathway date.
pub(super) fn key_of(clean: &Clean) -> Option<Key> {
    let provider = clean.cells.text(Field::Provider)?;
    let non_primary = clean.cells.date(Field::NonPrimaryDate);
    let date = non_primary.or_else(|| clean.cells.date(Field::PrimaryDate))?;
    let diagnosis = match non_primary {
        Some(_) => clean
            .cells
            .text(Field::OriginalDiagnosis)
            .or_else(|| clean.cells.text(Field::PrimaryDiagnosis)),
        None => clean.cells.text(Field::PrimaryDiagnosis),
    };
    let mut hasher = blake3::Hasher::new();
    let mut part = |kind: &str, text: &str| {
        hasher
            .update(kind.as_bytes())
            .update(&(text.len() as u64).to_le_bytes())
            .update(text.as_bytes());
    };
    part("provider", trust_of(provider));
    if let Some(number) = &clean.number {
        part("number", &number.digits);
    } else if let Some(local) = clean.cells.text(Field::LocalPatientId) {
        part("local", local);
    } else {
        let name = clean.cells.text(Field::FamilyName)?;
        part("family", name);
        part("given", clean.cells.text(Field::GivenName).unwrap_or_default());
        part("born", &clean.cells.date(Field::BirthDate)?.to_string());
    }
    part("diagnosis", diagnosis.unwrap_or_default());
    part(
        if non_primary.is_some() {
            "non-primary"
        } else {
            "primary"
        },
        &date.to_string(),
    );
    let mut first = [0; 16];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    NonZeroU128::new(u128::from_le_bytes(first))
}

/// A code of five characters is a site of the trust that its first three name.
fn trust_of(provider: &str) -> &str {
    if provider.len() == 5 {
        provider.get(..3).unwrap_or(provider)
    } else {
        provider
    }
}

/// A hash of text or content, short enough to keep by the million; it is compared within one file.
pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(bytes).as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// The fate of every record. `marks` holds one list a file, in row order; `later` orders files by
/// their making.
pub(super) fn fates(marks: &[Vec<Mark>], later: impl Fn(u32, u32) -> Ordering) -> Vec<Vec<Fate>> {
    let mut fates: Vec<Vec<Fate>> = marks.iter().map(|file| repeats(file)).collect();
    let mut keyed: Vec<Mark> = Vec::new();
    for (file, fates) in marks.iter().zip(&fates) {
        let stands = |mark: &&Mark| mark.key.is_some() && fates[index(mark.row)] == Fate::Stands;
        keyed.extend(file.iter().filter(stands));
    }
    keyed.sort_unstable_by(|a, b| {
        a.key
            .cmp(&b.key)
            .then_with(|| later(a.file, b.file))
            .then(a.row.cmp(&b.row))
    });
    for same in keyed.chunk_by(|a, b| a.key == b.key) {
        for chain in chains(same) {
            let Some((last, older)) = chain.split_last() else {
                continue;
            };
            for mark in older {
                fates[mark.file as usize][index(mark.row)] = Fate::Superseded(last.file, last.row);
            }
            if !older.is_empty() {
                let older = older.iter().map(|mark| (mark.file, mark.row)).collect();
                fates[last.file as usize][index(last.row)] = Fate::StandsFor(older);
            }
        }
    }
    fates
}

/// Where a row stands in its file's lists.
fn index(row: u32) -> usize {
    row as usize - 1
}

/// Within one file: the records that repeat an earlier one word for word.
fn repeats(marks: &[Mark]) -> Vec<Fate> {
    let mut fates = vec![Fate::Stands; marks.len()];
    let mut order: Vec<&Mark> = marks.iter().filter(|mark| mark.id != 0).collect();
    order.sort_unstable_by_key(|mark| (mark.content, mark.row));
    for same in order.chunk_by(|a, b| a.content == b.content) {
        for mark in &same[1..] {
            fates[index(mark.row)] = Fate::Repeats(same[0].row);
        }
    }
    fates
}

/// The rows that share an Id with an earlier record of their file and differ from it.
pub(super) fn ids_twice(marks: &[Mark]) -> Vec<u32> {
    let mut order: Vec<&Mark> = marks.iter().filter(|mark| mark.id != 0).collect();
    order.sort_unstable_by_key(|mark| (mark.id, mark.row));
    let mut rows: Vec<u32> = order
        .chunk_by(|a, b| a.id == b.id)
        .flat_map(|same| same.iter().filter(|mark| mark.content != same[0].content))
        .map(|mark| mark.row)
        .collect();
    rows.sort_unstable();
    rows
}

/// Takes records of one key apart into versions of one record each, oldest first.
///
/// One file may hold two records of one key (a cancer in each breast, found on one day). Each is
/// followed on its own: a later record goes to the one with its Id, else with its side, else to
/// the first that is left.
fn chains(same: &[Mark]) -> Vec<Vec<Mark>> {
    let mut chains: Vec<Vec<Mark>> = Vec::new();
    for file in same.chunk_by(|a, b| a.file == b.file) {
        let mut free: Vec<bool> = vec![true; chains.len()];
        let mut waiting: Vec<Mark> = file.to_vec();
        let closeness: [fn(&Mark, &Mark) -> bool; 3] = [
            |a, b| a.id != 0 && a.id == b.id,
            |a, b| a.side != 0 && a.side == b.side,
            |_, _| true,
        ];
        for close in closeness {
            waiting.retain(|mark| {
                let found = (0..free.len())
                    .find(|&at| free[at] && chains[at].last().is_some_and(|last| close(last, mark)));
                if let Some(at) = found {
                    free[at] = false;
                    chains[at].push(*mark);
                }
                found.is_none()
            });
        }
        chains.extend(waiting.into_iter().map(|mark| vec![mark]));
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    /// File, row, key, Id, side and content of a record.
    type Drawn = (u32, u32, Option<u128>, u64, char, u64);

    /// Draws records as `file:row key id side content` and their fates.
    fn drawn(table: &[Drawn]) -> Vec<String> {
        let files = table
            .iter()
            .map(|row| row.0)
            .max()
            .map_or(0, |last| last as usize + 1);
        let mut marks = vec![Vec::new(); files];
        for &(file, row, key, id, side, content) in table {
            marks[file as usize].push(Mark {
                key: key.and_then(NonZeroU128::new),
                file,
                row,
                offset: 0,
                length: 0,
                content,
                id,
                side: if side == '-' { 0 } else { side as u8 },
            });
        }
        let fates = fates(&marks, |a, b| a.cmp(&b));
        table
            .iter()
            .map(|&(file, row, ..)| match &fates[file as usize][row as usize - 1] {
                Fate::Stands => "stands".to_owned(),
                Fate::StandsFor(older) => format!("stands for {older:?}"),
                Fate::Repeats(row) => format!("repeats {row}"),
                Fate::Superseded(file, row) => format!("superseded by {file}:{row}"),
            })
            .collect()
    }

    #[test]
    fn the_latest_file_stands_for_all() {
        let fates = drawn(&[
            (0, 1, Some(7), 1, 'L', 10),
            (0, 2, Some(8), 2, 'L', 11),
            (1, 1, Some(7), 9, 'L', 12),
            (2, 1, Some(7), 5, '-', 13),
            (2, 2, None, 6, '-', 14),
        ]);
        assert_eq!(
            fates,
            [
                "superseded by 2:1",
                "stands",
                "superseded by 2:1",
                "stands for [(0, 1), (1, 1)]",
                "stands"
            ]
        );
    }

    #[test]
    fn two_records_of_one_key_in_a_file_are_followed_each_on_its_own() {
        let by_side = drawn(&[
            (0, 1, Some(7), 1, 'L', 10),
            (0, 2, Some(7), 2, 'R', 11),
            (1, 1, Some(7), 3, 'R', 12),
            (1, 2, Some(7), 4, 'L', 13),
        ]);
        assert_eq!(
            by_side,
            [
                "superseded by 1:2",
                "superseded by 1:1",
                "stands for [(0, 2)]",
                "stands for [(0, 1)]"
            ]
        );
        let by_id = drawn(&[
            (0, 1, Some(7), 1, 'L', 10),
            (0, 2, Some(7), 2, 'L', 11),
            (1, 1, Some(7), 2, 'L', 12),
        ]);
        assert_eq!(by_id, ["stands", "superseded by 1:1", "stands for [(0, 2)]"]);
        let one_more = drawn(&[
            (0, 1, Some(7), 1, 'L', 10),
            (1, 1, Some(7), 3, 'L', 12),
            (1, 2, Some(7), 4, 'R', 13),
        ]);
        assert_eq!(one_more, ["superseded by 1:1", "stands for [(0, 1)]", "stands"]);
    }

    #[test]
    fn a_repeat_is_used_once_and_a_shared_id_with_other_content_twice() {
        let table = [
            (0, 1, Some(7), 1, 'L', 10),
            (0, 2, Some(7), 1, 'L', 10),
            (0, 3, Some(7), 1, 'R', 11),
        ];
        assert_eq!(drawn(&table), ["stands", "repeats 1", "stands"]);
        let marks: Vec<Mark> = table
            .iter()
            .map(|&(file, row, key, id, _, content)| Mark {
                key: key.and_then(NonZeroU128::new),
                file,
                row,
                offset: 0,
                length: 0,
                content,
                id,
                side: 0,
            })
            .collect();
        assert_eq!(ids_twice(&marks), [3]);
    }
}
