//! Scored pairs, the surest first, in bounded memory.
//!
//! Pairs are held in memory until they fill their share of it; then they are sorted and go to a file without a name
//! (it is gone when the program is, however that ends), and at the end the sorted runs are read side by side.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use crate::error::LinkageError;

use super::kernel::Pair;

/// Where pairs go that do not fit into memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spill {
    /// Bytes that pairs may hold.
    pub bytes: u64,
    /// Folder for the files; it holds no identity, but who may be who: keep it private.
    pub folder: PathBuf,
}

/// Scored pairs. Their order is that of probability, the highest first, then of the records.
pub struct Pairs {
    held: Vec<Pair>,
    runs: Vec<Nameless>,
    spill: Option<Spill>,
    count: u64,
}

/// A file without a name: its errors have no path to tell.
#[allow(clippy::disallowed_types, reason = "it has no path")]
type Nameless = std::fs::File;

/// Bytes of a pair in a file.
const BYTES: usize = 12;

/// The surest first.
pub(crate) fn order(x: &Pair, y: &Pair) -> Ordering {
    y.probability
        .total_cmp(&x.probability)
        .then((x.a, x.b).cmp(&(y.a, y.b)))
}

impl Pairs {
    pub(crate) fn new(spill: Option<Spill>) -> Self {
        Self {
            held: Vec::new(),
            runs: Vec::new(),
            spill,
            count: 0,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many runs went to files.
    #[must_use]
    pub fn spilled(&self) -> usize {
        self.runs.len()
    }

    pub(crate) fn add(&mut self, mut pairs: Vec<Pair>) -> Result<(), LinkageError> {
        self.count += pairs.len() as u64;
        self.held.append(&mut pairs);
        let most = self.spill.as_ref().map_or(u64::MAX, |spill| spill.bytes);
        if (self.held.len() * size_of::<Pair>()) as u64 > most {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), LinkageError> {
        let Some(spill) = &self.spill else {
            return Ok(());
        };
        self.held.sort_unstable_by(order);
        let mut file = BufWriter::with_capacity(1 << 16, tempfile::tempfile_in(&spill.folder)?);
        for pair in &self.held {
            file.write_all(&pair.a.to_le_bytes())?;
            file.write_all(&pair.b.to_le_bytes())?;
            file.write_all(&pair.probability.to_le_bytes())?;
        }
        let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        self.runs.push(file);
        self.held.clear();
        Ok(())
    }

    /// All pairs in order.
    pub fn in_order(&mut self) -> Result<InOrder<'_>, LinkageError> {
        self.held.sort_unstable_by(order);
        let mut runs = vec![Run::Held(self.held.iter())];
        for file in &self.runs {
            let mut file = file;
            file.seek(SeekFrom::Start(0))?;
            runs.push(Run::File(BufReader::with_capacity(1 << 14, file)));
        }
        let mut heads = BinaryHeap::new();
        for (run, pairs) in runs.iter_mut().enumerate() {
            heads.extend(pairs.next()?.map(|pair| Head { pair, run }));
        }
        Ok(InOrder { runs, heads })
    }
}

/// A sorted run.
enum Run<'a> {
    Held(std::slice::Iter<'a, Pair>),
    File(BufReader<&'a Nameless>),
}

impl Run<'_> {
    fn next(&mut self) -> Result<Option<Pair>, LinkageError> {
        let file = match self {
            Self::Held(pairs) => return Ok(pairs.next().copied()),
            Self::File(file) => file,
        };
        let mut bytes = [0; BYTES];
        match file.read_exact(&mut bytes) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        let four = |from: usize| [bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]];
        Ok(Some(Pair {
            a: u32::from_le_bytes(four(0)),
            b: u32::from_le_bytes(four(4)),
            probability: f32::from_le_bytes(four(8)),
        }))
    }
}

/// The next pair of a run. The first pair in order is the greatest head.
struct Head {
    pair: Pair,
    run: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        order(&other.pair, &self.pair)
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

/// Pairs, the surest first.
pub struct InOrder<'a> {
    runs: Vec<Run<'a>>,
    heads: BinaryHeap<Head>,
}

impl Iterator for InOrder<'_> {
    type Item = Result<Pair, LinkageError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Head { pair, run } = self.heads.pop()?;
        match self.runs[run].next() {
            Ok(next) => self.heads.extend(next.map(|pair| Head { pair, run })),
            Err(error) => return Some(Err(error)),
        }
        Some(Ok(pair))
    }
}

#[cfg(test)]
mod tests {
    use super::{Pair, Pairs, Spill, order};
    use proptest::prelude::*;

    proptest! {
        /// Spilled often, spilled never: the same pairs in the same order, twice.
        #[test]
        fn spilling_changes_nothing(
            parts in prop::collection::vec(prop::collection::vec((0u32..50, 50u32..99, 0u32..8), 0..9), 0..9),
            bytes in 0u64..200,
        ) {
            let part = |part: &Vec<(u32, u32, u32)>| -> Vec<Pair> {
                part.iter().map(|&(a, b, p)| Pair { a, b, probability: p as f32 / 8.0 }).collect()
            };
            let mut wanted: Vec<Pair> = parts.iter().flat_map(part).collect();
            wanted.sort_by(order);
            let folder = tempfile::tempdir().unwrap();
            let mut pairs = Pairs::new(Some(Spill { bytes, folder: folder.path().to_owned() }));
            for pairs_of in &parts {
                pairs.add(part(pairs_of)).unwrap();
            }
            prop_assert_eq!(pairs.count(), wanted.len() as u64);
            prop_assert!(bytes > 11 || pairs.spilled() == parts.iter().filter(|part| !part.is_empty()).count());
            for _ in 0..2 {
                let found: Vec<Pair> = pairs.in_order().unwrap().map(|pair| pair.unwrap()).collect();
                prop_assert_eq!(&found, &wanted);
            }
        }
    }
}
