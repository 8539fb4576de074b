//! Two lists at a time.

use super::{Histories, ListsError, members};
use crate::{Confidence, EstimateError, TwoLists, chapman};

/// What one pair of lists says.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The positions of the two lists.
    pub lists: (usize, usize),
    /// Chapman's estimate from these two alone, or why there is none.
    ///
    /// Its `seen` are people on one of the two, not on any list.
    pub outcome: Result<TwoLists, EstimateError>,
}

/// [`chapman`] on each pair of lists, in the order of the lists.
///
/// **When it fails.** As [`chapman`] does. What it is for is to lay the pairs side by side: a pair that says
/// far fewer than the rest is a pair of lists that find the same people. A pair without overlap has no estimate
/// here: Chapman's formula would give a number, which is hardly more than a lower bound.
///
/// **Errors** where there is one list only.
pub fn pairs(histories: &Histories<u64>, confidence: Confidence) -> Result<Vec<Pair>, EstimateError> {
    let lists = histories.lists();
    if lists < 2 {
        return Err(ListsError::OneList.into());
    }
    let size = |held: u32| -> u64 {
        let cells = histories.cells().filter(|(history, _)| history & held == held);
        cells.fold(0, |sum, (_, count)| sum.saturating_add(count))
    };
    let one_pair = |pair: u32| {
        let both: Vec<usize> = members(pair).collect();
        let &[one, other] = both.as_slice() else {
            return None;
        };
        let overlap = size(pair);
        let outcome = if overlap == 0 {
            Err(ListsError::NoOverlap.into())
        } else {
            chapman(size(1 << one), size(1 << other), overlap, confidence)
        };
        Some(Pair {
            lists: (one, other),
            outcome,
        })
    };
    let mut found: Vec<Pair> = (1..1_u32 << lists).filter_map(one_pair).collect();
    found.sort_by_key(|pair| pair.lists);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::{Repeated, samples::diabetes};
    use super::*;

    /// methods.md D2, computed by CARE1: the pair of clinic and hospital, and Petersen's estimate of every pair, which
    /// Chapman's lies just below.
    #[test]
    fn the_golden_numbers_of_diabetes() {
        let found = pairs(&diabetes(), Confidence::NINETY_FIVE).unwrap();
        let petersen = [2_352.546, 2_185.0, 2_264.0, 2_060.0, 806.0, 1_558.0];
        let order = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        for ((pair, lists), petersen) in found.iter().zip(order).zip(petersen) {
            let total = pair.outcome.as_ref().unwrap().total;
            assert_eq!(pair.lists, lists);
            assert!(
                total < petersen + 0.5 && total > petersen * 0.99,
                "{lists:?}: {total}"
            );
        }
        assert!((found[0].outcome.as_ref().unwrap().total - 2_351.115).abs() < 5e-4);
    }

    #[test]
    fn without_an_overlap_there_is_a_reason() {
        let apart = Histories::from_rows(["A", "B"], [(1, 30), (2, 20)], Repeated::Refuse).unwrap();
        let found = pairs(&apart, Confidence::NINETY_FIVE).unwrap();
        assert_eq!(found[0].outcome, Err(ListsError::NoOverlap.into()));
        let alone = Histories::from_rows(["A"], [(1, 30)], Repeated::Refuse).unwrap();
        assert_eq!(
            pairs(&alone, Confidence::NINETY_FIVE),
            Err(ListsError::OneList.into())
        );
    }
}
