//! Many short lists of terms in one piece of memory.

use std::ops::Index;

use super::Terms;

/// Terms of each of several, by number.
#[derive(Debug, Default)]
pub(super) struct Lists {
    terms: Terms,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Lists {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, terms: impl Iterator<Item = (usize, i64)>) {
        self.terms.extend(terms);
        self.ends.push(self.terms.len());
    }

    /// The other way round: what these lists say of each of so many, as (list, factor) in the order of the lists. Only the lists
    /// that are `taken` count.
    pub(super) fn turned(&self, size: usize, taken: impl Fn(usize) -> bool) -> Self {
        let lists = || (0..self.len()).filter(|list| taken(*list));
        let mut ends = vec![0; size];
        for list in lists() {
            self[list].iter().for_each(|(of, _)| ends[*of] += 1);
        }
        // The start of each, which moves to its end as it is filled.
        let mut all = 0;
        for end in &mut ends {
            all += std::mem::replace(end, all);
        }
        let mut terms = vec![(0, 0); all];
        for list in lists() {
            for (of, factor) in &self[list] {
                terms[ends[*of]] = (list, *factor);
                ends[*of] += 1;
            }
        }
        Self { terms, ends }
    }
}

impl Index<usize> for Lists {
    type Output = [(usize, i64)];

    fn index(&self, at: usize) -> &Self::Output {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.terms[start..self.ends[at]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_turned_round() {
        let mut lists = Lists::default();
        for terms in [&[(0, 1), (2, -1)][..], &[], &[(2, 3)], &[(0, 5), (1, 7)]] {
            lists.push(terms.iter().copied());
        }
        assert_eq!(
            (lists.len(), &lists[0], &lists[1]),
            (4, &[(0, 1), (2, -1)][..], &[][..])
        );
        let turned = lists.turned(4, |list| list != 2);
        let all: Vec<&[(usize, i64)]> = (0..turned.len()).map(|of| &turned[of]).collect();
        assert_eq!(all, [&[(0, 1), (3, 5)][..], &[(3, 7)], &[(0, -1)], &[]]);
        assert_eq!(turned.turned(4, |_| true)[3], [(0, 5), (1, 7)]);
    }
}
