//! Whom new identities touch: everybody whose people could come out otherwise because of them.
//!
//! Steps join identities that agree, and decide over clusters of such. So what becomes of an identity depends on
//! nobody but those it is connected with by agreement under some step that is in use, directly or through others; on
//! groups with more people than one value can have; and on verdicts over all data, which are asked for elsewhere. All
//! who are connected with a new identity are linked anew, together; nobody else needs to be.

use super::index::{Index, SHARES};
use super::view::View;
use crate::bits::Bits;
use crate::cascade::{Identity, Options, Shares, Step, value};

/// Those who are touched so far.
pub(crate) struct Touched<'a> {
    index: &'a Index<'a>,
    /// The other members of the former cluster of each identity: each names the next, round and round.
    ring: &'a [u32],
    options: &'a Options,
    in_it: Bits,
    pub(crate) list: Vec<u32>,
    /// Those in the list before here have been asked whom they touch.
    asked: usize,
}

impl<'a> Touched<'a> {
    pub(crate) fn new(index: &'a Index<'a>, ring: &'a [u32], options: &'a Options) -> Self {
        Self {
            index,
            ring,
            options,
            in_it: Bits::new(ring.len()),
            list: Vec::new(),
            asked: 0,
        }
    }

    pub(crate) fn put(&mut self, place: u32) {
        if self.in_it.put(place) {
            self.list.push(place);
        }
    }

    pub(crate) fn holds(&self, place: u32) -> bool {
        self.in_it.holds(place)
    }

    /// Follows agreements until nobody is added, or there are more than `most`; false in the latter case. Where some
    /// look other than they did, former agreements count too: what ends with them changes their people as well.
    pub(crate) fn follow(
        &mut self,
        view: &View<'_>,
        steps: &[Step],
        looks_differ: bool,
        most: usize,
    ) -> bool {
        while let Some(&place) = self.list.get(self.asked) {
            if self.list.len() > most {
                return false;
            }
            self.asked += 1;
            if !view.is_new(place) {
                let mut mate = self.ring[place as usize];
                while mate != place {
                    self.put(mate);
                    mate = self.ring[mate as usize];
                }
            }
            for shares in SHARES {
                let of_shares = steps.iter().copied().filter(|step| step.shares() == shares);
                let steps: Vec<Step> = of_shares.collect();
                if !steps.is_empty() {
                    self.meet(place, view, &|place| Some(view.now(place)), shares, &steps);
                    if looks_differ && !view.is_new(place) {
                        let then = |place: u32| (!view.is_new(place)).then(|| view.then(place));
                        self.meet(place, view, &then, shares, &steps);
                    }
                }
            }
        }
        true
    }

    /// Everybody of the group of `place` who agrees with it, or, where the group may be too large, everybody.
    fn meet(
        &mut self,
        place: u32,
        view: &View<'_>,
        look: &dyn Fn(u32) -> Option<Identity>,
        shares: Shares,
        steps: &[Step],
    ) {
        let Some(own) = look(place) else { return };
        let Some(wanted) = value(&own, shares) else { return };
        let members: Vec<(u32, Identity)> = self
            .index
            .members(shares, wanted)
            .filter_map(|member| Some((member, look(member)?)))
            .filter(|(_, row)| value(row, shares) == Some(wanted))
            .collect();
        let large = members.len() > self.options.people_per_group as usize;
        for (member, row) in members {
            if self.holds(member) {
                continue;
            }
            let words = &view.table.words;
            if large || steps.iter().any(|step| step.agrees(words, &own, &row)) {
                self.put(member);
            }
        }
    }
}

/// From the roots of identities, a ring through each cluster; so many identities are alone at the end.
pub(crate) fn rings(roots: &[u32], new: usize) -> Vec<u32> {
    let mut ring: Vec<u32> = (0..(roots.len() + new) as u32).collect();
    for (place, &root) in roots.iter().enumerate() {
        if root as usize != place {
            ring.swap(place, root as usize);
        }
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::rings;

    #[test]
    fn a_ring_goes_through_all_members_of_a_cluster() {
        let ring = rings(&[0, 1, 0, 1, 0, 5], 1);
        let walk = |from: u32| {
            let mut members = vec![from];
            let mut at = ring[from as usize];
            while at != from {
                members.push(at);
                at = ring[at as usize];
            }
            members.sort_unstable();
            members
        };
        assert_eq!(walk(4), [0, 2, 4]);
        assert_eq!(walk(1), [1, 3]);
        assert_eq!((walk(5), walk(6)), (vec![5], vec![6]));
    }
}
