//! Whole-record repeats: a 128-bit mark of each record's cells, within a kind.
//!
//! Within a file the first of equal records stays. Between files the earlier file's stays: marks of
//! all files of a kind are compared once all were read, and a file that holds repeats of an earlier
//! one is read again without them. So files can be read side by side and the result does not depend
//! on which was done first.

use std::collections::BTreeMap;

use layouts::header_key;
use rustc_hash::{FxHashMap, FxHashSet};

/// The mark of a record: the first 128 bits of BLAKE3. Four words, so that a map entry is small.
pub(crate) type Mark = [u32; 4];

/// Bytes of a mark's head: so many that by chance hardly any head is another mark's too.
pub(crate) const HEAD: usize = 6;

/// Marks that are looked for among very many others.
pub(crate) struct Wanted {
    marks: FxHashSet<Mark>,
    heads: FxHashSet<[u8; HEAD]>,
    /// A bit for each hole of a sieve that stays near at hand, with sixteen holes or more for each mark: few others fall
    /// through.
    sieve: Vec<u64>,
}

impl Wanted {
    pub(crate) fn of(marks: impl Iterator<Item = Mark>) -> Self {
        let marks: FxHashSet<Mark> = marks.collect();
        let mut sieve = vec![0; (marks.len() / 4).max(1).next_power_of_two()];
        let mut heads = FxHashSet::default();
        #[allow(clippy::iter_over_hash_type, reason = "bits are put in whatever order")]
        for mark in &marks {
            let head = head(*mark);
            let (word, bit) = Self::hole(head, sieve.len());
            sieve[word] |= bit;
            heads.insert(head);
        }
        Self { marks, heads, sieve }
    }

    /// The bytes of a mark are as good as chance.
    fn hole([a, b, c, d, bit, _]: [u8; HEAD], words: usize) -> (usize, u64) {
        let word = u32::from_le_bytes([a, b, c, d]) as usize;
        (word & (words - 1), 1 << (bit % 64))
    }

    /// Whether a mark with this head may be one of them.
    pub(crate) fn may_hold(&self, head: [u8; HEAD]) -> bool {
        let (word, bit) = Self::hole(head, self.sieve.len());
        self.sieve[word] & bit != 0 && self.heads.contains(&head)
    }

    pub(crate) fn holds(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }
}

fn head([first, second, ..]: Mark) -> [u8; HEAD] {
    let [a, b, c, d] = first.to_le_bytes();
    let [e, f, ..] = second.to_le_bytes();
    [a, b, c, d, e, f]
}

/// Makes marks of the records of one file.
///
/// Cells are taken in the order of their headers' names and blank cells are left out, so a file with
/// its columns in another order, or with more empty ones, gives the same marks. Where a row is known by a key alone, the space
/// in which that holds is a part of its mark: the same key of another space is another person's.
pub(crate) struct Marker {
    order: Vec<(u32, usize)>,
    bytes: Vec<u8>,
}

impl Marker {
    pub(crate) fn new(header: &[String]) -> Self {
        let mut named: Vec<(String, usize)> = header
            .iter()
            .enumerate()
            .map(|(index, name)| (header_key(name), index))
            .collect();
        named.sort();
        let order = named
            .into_iter()
            .map(|(key, index)| (word(blake3::hash(key.as_bytes()).as_bytes(), 0), index))
            .collect();
        Self {
            order,
            bytes: Vec::new(),
        }
    }

    /// The mark of a record, by its cells without outer spaces, and by the space of its key where `space` is not empty.
    pub(crate) fn mark<'a>(&mut self, cell: impl Fn(usize) -> &'a [u8], space: &str) -> Mark {
        self.bytes.clear();
        for &(tag, index) in &self.order {
            let cell = cell(index);
            if !cell.is_empty() {
                // The length, so that cells cannot run into each other; its low bytes are enough, as
                // the tag of the next cell follows.
                let [a, b, c, d] = tag.to_le_bytes();
                let [low, high, ..] = cell.len().to_le_bytes();
                self.bytes.extend_from_slice(&[a, b, c, d, low, high]);
                self.bytes.extend_from_slice(cell);
            }
        }
        // Behind all cells, so that no cell can be taken for it.
        if !space.is_empty() {
            self.bytes.extend_from_slice(&[0; 6]);
            self.bytes.extend_from_slice(space.as_bytes());
        }
        let hash = blake3::hash(&self.bytes);
        let hash = hash.as_bytes();
        [word(hash, 0), word(hash, 1), word(hash, 2), word(hash, 3)]
    }
}

fn word(hash: &[u8; 32], at: usize) -> u32 {
    let at = at * 4;
    u32::from_le_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]])
}

/// Repeats of records of earlier files, for one file: row to the file and row that stay.
pub(crate) type Known = BTreeMap<u64, (u32, u64)>;

/// The marks seen in one file.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    rows: FxHashMap<Mark, u32>,
}

impl Seen {
    /// Takes in the mark of a row; gives the row of the same file that holds the same record already.
    pub(crate) fn first(&mut self, mark: Mark, row: u64) -> Option<u64> {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        match self.rows.entry(mark) {
            std::collections::hash_map::Entry::Occupied(entry) => Some(u64::from(*entry.get())),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(row);
                None
            }
        }
    }

    /// The marks with their rows, in no order.
    pub(crate) fn into_marks(self) -> Vec<(Mark, u32)> {
        self.rows.into_iter().collect()
    }
}

/// Finds what later files repeat of earlier ones. `files` are in file order.
pub(crate) fn between_files(files: Vec<(u32, Vec<(Mark, u32)>)>) -> BTreeMap<u32, Known> {
    let mut all: Vec<(Mark, u32, u32)> = Vec::with_capacity(files.iter().map(|(_, marks)| marks.len()).sum());
    for (file, marks) in files {
        all.extend(marks.into_iter().map(|(mark, row)| (mark, file, row)));
    }
    all.sort_unstable();
    let mut repeats: BTreeMap<u32, Known> = BTreeMap::new();
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let Some((&(_, first_file, first_row), others)) = same.split_first() else {
            continue;
        };
        for &(_, file, row) in others {
            repeats
                .entry(file)
                .or_default()
                .insert(u64::from(row), (first_file, u64::from(first_row)));
        }
    }
    repeats
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn mark(header: &[&str], cells: &[&str]) -> Mark {
        let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
        Marker::new(&header).mark(|index| cells[index].trim().as_bytes(), "")
    }

    #[test]
    fn a_key_of_another_space_is_another_mark() {
        let header = ["PATIENTID".to_owned()];
        let of = |space: &str| Marker::new(&header).mark(|_| b"1001".as_slice(), space);
        assert_eq!(of("patientid@wales"), of("patientid@wales"));
        assert_ne!(of("patientid@wales"), of("patientid@scotland"));
        assert_ne!(of("patientid"), of(""));
    }

    #[test]
    fn a_mark_is_of_the_cells_and_their_columns() {
        let one = mark(&["A", "B", "C"], &["x", "y", ""]);
        assert_eq!(
            one,
            mark(&["b", "a"], &[" y", "x "]),
            "order, blank columns and outer spaces do not matter"
        );
        assert_ne!(one, mark(&["A", "B", "C"], &["x", "", "y"]), "the column matters");
        assert_ne!(one, mark(&["A", "B"], &["xy", ""]));
        assert_ne!(one, mark(&["A", "B"], &["x", "Y"]));
    }

    #[test]
    fn the_earlier_file_keeps_its_record() {
        let a = [1, 2, 3, 4];
        let b = [5, 6, 7, 8];
        let repeats = between_files(vec![
            (3, vec![(a, 9)]),
            (4, vec![(b, 1), (a, 2)]),
            (7, vec![(a, 1), (b, 5)]),
        ]);
        let drawn: Vec<(u32, u64, (u32, u64))> = repeats
            .iter()
            .flat_map(|(&file, known)| known.iter().map(move |(&row, &by)| (file, row, by)))
            .collect();
        assert_eq!(drawn, [(4, 2, (3, 9)), (7, 1, (3, 9)), (7, 5, (4, 1))]);
    }
}
