//! The marks of a file's records, kept for the next reading, which looks for the records of its new files among them.
//!
//! A file of marks holds the heads of all, six bytes each, and behind them what is left of each: ten bytes, and the row.
//! Few heads of many are among those of a new file, so the next reading goes through a third of the bytes and reads of the
//! rest only what belongs to heads that are.

use std::io::{BufReader, BufWriter, Read, Result, Seek, SeekFrom, Write};
use std::path::Path;

use crate::rows::{HEAD, Mark, Wanted};

/// Bytes of a mark, of a mark with its row, and of what stands behind the heads.
const MARK: usize = 16;
const WHOLE: usize = MARK + 4;
const REST: usize = WHOLE - HEAD;
const BUFFER: usize = 1 << 18;
/// Heads that are read at once.
const HEADS: usize = BUFFER / HEAD;

/// Writes the marks of a file's records, with their rows.
pub(super) fn write(path: &Path, marks: &[(Mark, u32)]) -> Result<()> {
    let mut writer = BufWriter::with_capacity(BUFFER, fs_err::File::create(path)?);
    for (mark, row) in marks {
        writer.write_all(&bytes(*mark, *row)[..HEAD])?;
    }
    for (mark, row) in marks {
        writer.write_all(&bytes(*mark, *row)[HEAD..])?;
    }
    writer.flush()
}

/// Whether a file can be one of marks.
pub(super) fn is_whole(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() % WHOLE as u64 == 0)
}

/// Those marks of a file that are wanted, with their rows.
pub(super) fn met(path: &Path, wanted: &Wanted) -> Result<Vec<(Mark, u32)>> {
    let mut heads = fs_err::File::open(path)?;
    let count = fs_err::metadata(path)?.len() / WHOLE as u64;
    let mut rests = BufReader::with_capacity(REST, fs_err::File::open(path)?);
    rests.seek(SeekFrom::Start(count * HEAD as u64))?;
    let mut met = Vec::new();
    let mut buffer = vec![0; HEADS * HEAD];
    let (mut first, mut next) = (0, 0);
    while first < count {
        let now = usize::try_from(count - first).unwrap_or(HEADS).min(HEADS);
        let read = &mut buffer[..now * HEAD];
        heads.read_exact(read)?;
        for (place, head) in (first..).zip(read.as_chunks::<HEAD>().0) {
            if !wanted.may_hold(*head) {
                continue;
            }
            rests.seek_relative(i64::try_from((place - next) * REST as u64).unwrap_or(i64::MAX))?;
            next = place + 1;
            let mut whole = [0; WHOLE];
            whole[..HEAD].copy_from_slice(head);
            rests.read_exact(&mut whole[HEAD..])?;
            let (mark, row) = mark(&whole);
            if wanted.holds(mark) {
                met.push((mark, row));
            }
        }
        first += now as u64;
    }
    Ok(met)
}

fn bytes(mark: Mark, row: u32) -> [u8; WHOLE] {
    let mut bytes = [0; WHOLE];
    for (place, word) in bytes
        .as_chunks_mut::<4>()
        .0
        .iter_mut()
        .zip(mark.iter().chain([&row]))
    {
        *place = word.to_le_bytes();
    }
    bytes
}

fn mark(bytes: &[u8; WHOLE]) -> (Mark, u32) {
    let mut words = [0; WHOLE / 4];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let [mark @ .., row] = words;
    (mark, row)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Marks of few values, so that heads and whole marks meet, or meet in all but the end.
    fn some_mark() -> impl Strategy<Value = Mark> {
        let word = || prop::sample::select(vec![0, 1, 0x1_0000, u32::MAX]);
        (word(), word(), word(), word()).prop_map(|(a, b, c, d)| [a, b, c, d])
    }

    proptest! {
        #[test]
        fn those_are_met_that_are_wanted_and_no_others(
            kept in prop::collection::vec((some_mark(), any::<u32>()), 0..60),
            wanted in prop::collection::vec(some_mark(), 0..20),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("0.marks");
            write(&path, &kept).unwrap();
            prop_assert!(is_whole(&path));
            let few: BTreeSet<Mark> = wanted.iter().copied().collect();
            let by_eye: Vec<(Mark, u32)> =
                kept.iter().copied().filter(|(mark, _)| few.contains(mark)).collect();
            prop_assert_eq!(met(&path, &Wanted::of(wanted.into_iter())).unwrap(), by_eye);
        }
    }

    #[test]
    fn more_marks_than_are_read_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0.marks");
        let kept: Vec<(Mark, u32)> = (0..u32::try_from(2 * HEADS + 5).unwrap())
            .map(|row| ([row, row ^ 7, 3, row / 2], row))
            .collect();
        write(&path, &kept).unwrap();
        let wanted: Vec<(Mark, u32)> = kept.iter().copied().step_by(HEADS / 2).collect();
        let met = met(&path, &Wanted::of(wanted.iter().map(|(mark, _)| *mark))).unwrap();
        assert_eq!(met, wanted);
    }

    #[test]
    fn a_file_that_was_cut_short_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0.marks");
        write(&path, &[([1, 2, 3, 4], 5)]).unwrap();
        let bytes = fs_err::read(&path).unwrap();
        fs_err::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(!is_whole(&path));
        assert!(!is_whole(&folder.path().join("none.marks")));
    }
}
