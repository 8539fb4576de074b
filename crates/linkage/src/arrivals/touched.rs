//! Whom new identities touch: everybody whose people could come out otherwise because of them.
//!
//! Steps join identities that agree, and decide over clusters of such. So what becomes of an identity depends on its
//! circle alone: those with whom it is connected by agreement under some step that is in use, directly or through
//! others, or by a group with more people than one value can have; and on verdicts over all data, which are asked for
//! elsewhere. The cascade leaves the circles of everybody it linked. A new identity brings in the circles of all whom
//! it agrees with; nobody else need be linked anew.

use super::view::View;
use crate::bits::Bits;
use crate::cascade::{Around, Identity, Member, Options, SHARES, Shares, Step, Trial, Trust, one_in, value};
use crate::threads::in_parts;

/// Those who are touched so far.
#[derive(Clone)]
pub(crate) struct Touched<'a> {
    /// The other members of each circle: each names the next, round and round.
    ring: &'a [u32],
    in_it: Bits,
    pub(crate) list: Vec<u32>,
}

impl<'a> Touched<'a> {
    pub(crate) fn new(ring: &'a [u32]) -> Self {
        Self {
            ring,
            in_it: Bits::new(ring.len()),
            list: Vec::new(),
        }
    }

    /// Puts an identity in, with its circle.
    pub(crate) fn put(&mut self, place: u32) {
        let mut at = place;
        while self.in_it.put(at) {
            self.list.push(at);
            at = self.ring[at as usize];
        }
    }
}

/// What is looked for among the groups of some identities.
pub(crate) struct Looking<'a> {
    pub(crate) view: &'a View<'a>,
    pub(crate) around: &'a Around,
    /// Those who are new or look other than they did.
    pub(crate) other: &'a [u32],
    pub(crate) options: &'a Options,
    /// Steps that are in use.
    pub(crate) in_use: &'a [Step],
    /// Where all else was looked at before.
    pub(crate) only: Option<Shares>,
    pub(crate) threads: usize,
}

/// What the groups of one kind say of trials: as they were, and as they are, by step.
struct Tried(Vec<(Step, Trial, Trial)>);

impl Looking<'_> {
    /// Puts in whom the others touch; gives what the trials of all steps come to. They came to `before` in the former run,
    /// and to `last` when they were looked at last.
    pub(crate) fn look(&self, touched: &mut Touched<'_>, before: &[Trial], last: &[Trial]) -> Vec<Trial> {
        let mut is_other = Bits::new(self.view.table.rows.len());
        for &place in self.other {
            is_other.put(place);
            touched.put(place);
        }
        let looked_at = |shares: Shares| self.only.is_none_or(|only| only == shares);
        let mut trials: Vec<Trial> = Step::ALL
            .into_iter()
            .zip(before.iter().zip(last))
            .map(|(step, (before, last))| *if looked_at(step.shares()) { before } else { last })
            .collect();
        for shares in SHARES.into_iter().filter(|shares| looked_at(*shares)) {
            for (own, tried) in self.look_at(shares, touched, &is_other) {
                own.into_iter().for_each(|place| touched.put(place));
                for (step, out, taken_in) in tried.0 {
                    trials[step as usize].exchange(out, taken_in);
                }
            }
        }
        trials
    }

    /// Whom the groups of one kind touch, and what they say of trials, in as many parts as there are threads: what a group says
    /// depends on nothing that another does.
    fn look_at(&self, shares: Shares, touched: &Touched<'_>, is_other: &Bits) -> Vec<(Vec<u32>, Tried)> {
        let of_shares = |steps: &[Step]| -> Vec<Step> {
            let own = steps.iter().filter(|step| step.shares() == shares);
            own.copied().collect()
        };
        let tried: Vec<Step> = of_shares(&Step::ALL)
            .into_iter()
            .filter(|step| step.trust() != Trust::Given)
            .collect();
        let used = of_shares(self.in_use);
        let groups: Vec<&[Member]> = self
            .around
            .groups(shares)
            .filter(|group| group.len() > 1)
            .collect();
        in_parts(self.threads, &groups, |_, groups| {
            let mut touched = touched.clone();
            touched.list.clear();
            let none = |step: &Step| (*step, Trial::default(), Trial::default());
            let mut trials = Tried(tried.iter().map(none).collect());
            let mut now: Vec<(u32, Identity)> = Vec::new();
            for group in groups {
                let has = |row: &Identity| value(row, shares) == Some(group[0].0);
                now.clear();
                let rows = group.iter().map(|(_, place)| (*place, self.view.now(*place)));
                now.extend(rows.filter(|(_, row)| has(row)));
                if !used.is_empty() {
                    self.agreements(&now, is_other, &used, &mut touched);
                }
                if !tried.is_empty() {
                    let former = group.iter().filter(|(_, place)| !self.view.is_new(*place));
                    let then: Vec<Identity> = former
                        .map(|(_, place)| self.view.then(*place))
                        .filter(has)
                        .collect();
                    self.try_again(&now, &then, &mut trials);
                }
            }
            (touched.list, trials)
        })
    }

    /// Whoever agrees with one of the others is touched; in a group that may be too large, everybody is.
    fn agreements(
        &self,
        group: &[(u32, Identity)],
        is_other: &Bits,
        used: &[Step],
        touched: &mut Touched<'_>,
    ) {
        let words = &self.view.table.words;
        let large = group.len() > self.options.people_per_group as usize;
        for (place, row) in group.iter().filter(|(place, _)| is_other.holds(*place)) {
            for (member, other) in group.iter().filter(|(member, _)| member != place) {
                if !touched.in_it.holds(*member)
                    && (large || used.iter().any(|step| step.agrees(words, row, other)))
                {
                    touched.put(*member);
                }
            }
        }
    }

    fn try_again(&self, now: &[(u32, Identity)], then: &[Identity], trials: &mut Tried) {
        let now: Vec<&Identity> = now.iter().map(|(_, row)| row).collect();
        let then: Vec<&Identity> = then.iter().collect();
        let one_in = one_in(self.view.table.rows.len(), self.options);
        for (step, out, taken_in) in &mut trials.0 {
            out.try_group(*step, &then, &self.view.table.words, one_in);
            taken_in.try_group(*step, &now, &self.view.table.words, one_in);
        }
    }
}

/// From the first of each circle, a ring through its members; so many identities are alone at the end.
pub(crate) fn rings(firsts: &[u32], new: usize) -> Vec<u32> {
    let mut ring: Vec<u32> = (0..(firsts.len() + new) as u32).collect();
    for (place, &first) in firsts.iter().enumerate() {
        if first as usize != place {
            ring.swap(place, first as usize);
        }
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::{Touched, rings};

    #[test]
    fn whoever_is_put_in_brings_the_circle() {
        let ring = rings(&[0, 1, 0, 1, 0, 5], 1);
        let circle = |place: u32| {
            let mut touched = Touched::new(&ring);
            touched.put(place);
            touched.put(place);
            touched.list.sort_unstable();
            touched.list
        };
        assert_eq!(circle(4), [0, 2, 4]);
        assert_eq!(circle(1), [1, 3]);
        assert_eq!((circle(5), circle(6)), (vec![5], vec![6]));
    }
}
