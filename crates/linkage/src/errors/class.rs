//! How much a record says beside a number: records that say as much are found as often.

use crate::cascade::Identity;

/// How many classes there are.
pub(super) const CLASSES: usize = 1 << 6;

/// One bit for each part that is there.
pub(super) fn class(row: &Identity) -> usize {
    [
        row.named(),
        row.born.is_whole(),
        row.postcode != 0,
        row.organisation != 0,
        row.sex != 0,
        row.local != 0,
    ]
    .into_iter()
    .fold(0, |class, there| class << 1 | usize::from(there))
}
