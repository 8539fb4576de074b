//! What the former run kept of records, read while those before them are worked on.

use std::ops::Range;

use super::{FormerLinks, Writing};
use crate::bits::Bits;
use crate::error::LinkageError;
use crate::errors::{Expected, Sums};
use crate::kept::{Kept, RecordsReader};
use crate::threads::ahead;

/// Pieces that are read before they are asked for.
const AHEAD: usize = 16;

/// The records of a group that are of one file.
#[derive(Default)]
pub(super) struct Piece {
    pub(super) identities: Vec<u32>,
    /// Those whose identities were touched: where they are in the piece, and what they say.
    pub(super) touched: Vec<(u32, u32)>,
    /// What they stand for together.
    pub(super) sums: Sums,
}

/// Gives the next piece.
pub(super) type Next<'a> = &'a mut dyn FnMut() -> Result<Piece, LinkageError>;

/// Reads pieces, in the order of the groups.
struct Pieces<'a> {
    reader: &'a mut RecordsReader,
    kept: &'a Kept,
    touched: &'a Bits,
    expected: &'a Expected,
    /// How many identities and sayings there are.
    below: (usize, usize),
    /// The file at hand.
    file: Option<u32>,
    says: Vec<u32>,
}

impl Pieces<'_> {
    fn piece(&mut self, file: u32, rows: u64) -> Result<Piece, LinkageError> {
        // Where a group is the next part of a large file, the reader is there.
        if self.file != Some(file) {
            let kept = self.kept.files.get(file as usize).ok_or(LinkageError::Kept)?;
            self.reader.go_to(kept.lies)?;
            self.file = Some(file);
        }
        let mut piece = Piece::default();
        let (rows, (identities, says)) = (rows as usize, self.below);
        self.reader.identities(rows, identities, &mut piece.identities)?;
        self.reader.says(rows, says, &mut self.says)?;
        let all = piece.identities.iter().zip(&self.says).zip(0..);
        let touched = all.filter(|((identity, _), _)| self.touched.holds(**identity));
        piece.touched.extend(touched.map(|((_, says), at)| (at, *says)));
        piece.sums = self.expected.sums(&piece.identities);
        Ok(piece)
    }
}

impl Writing<'_, '_> {
    /// Takes over some groups that begin with the file at `place`; with two or more threads their records are read on one of
    /// their own.
    pub(super) fn groups(
        &mut self,
        (place, groups): (usize, Range<usize>),
        former: &FormerLinks<'_>,
        reader: &mut RecordsReader,
    ) -> Result<(), LinkageError> {
        let mut pieces = Pieces {
            reader,
            kept: former.kept,
            touched: &former.touched,
            expected: self.done.by_file.expected(),
            below: (self.known.records.len(), self.known.everybody.says.len()),
            file: None,
            says: Vec::new(),
        };
        let of_groups = &former.kept.groups[groups.clone()];
        let all = of_groups.iter().flat_map(|group| group.files.iter().copied());
        let all = all.map(move |(file, rows)| pieces.piece(file, rows));
        // One group alone is not worth a thread.
        let threads = self.known.request.threads.min(groups.len());
        ahead(threads, AHEAD, all, |pieces| {
            let mut next = || pieces.next().unwrap_or(Err(LinkageError::Kept));
            self.each_group((place, groups), former, &mut next)
        })
    }
}
