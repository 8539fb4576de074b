//! Union-find over identities, with the members of each cluster at hand.

use super::facts::Facts;
use super::identity::Identity;

/// Clusters of identities. The root of a cluster is its first member.
pub(crate) struct Clusters {
    parent: Vec<u32>,
    /// The members of a cluster form a ring.
    next: Vec<u32>,
}

impl Clusters {
    pub(crate) fn new(identities: usize) -> Self {
        let own: Vec<u32> = (0..identities as u32).collect();
        Self {
            parent: own.clone(),
            next: own,
        }
    }

    /// The first member of the cluster.
    pub(crate) fn root(&mut self, mut member: u32) -> u32 {
        while self.parent[member as usize] != member {
            let above = self.parent[self.parent[member as usize] as usize];
            self.parent[member as usize] = above;
            member = above;
        }
        member
    }

    /// Joins two clusters; gives false when they were one already.
    pub(crate) fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return false;
        }
        let (first, second) = (a.min(b), a.max(b));
        self.parent[second as usize] = first;
        self.next.swap(first as usize, second as usize);
        true
    }

    /// The members of the cluster that holds `member`, from it on.
    pub(crate) fn members(&self, member: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = Some(member);
        std::iter::from_fn(move || {
            let here = at?;
            let next = self.next[here as usize];
            at = (next != member).then_some(next);
            Some(here)
        })
    }

    /// Fills `facts` with what the members say.
    pub(crate) fn facts(&self, member: u32, rows: &[Identity], facts: &mut Facts) {
        facts.clear();
        for member in self.members(member) {
            facts.take_in(&rows[member as usize]);
        }
    }

    /// The root of every identity at this time.
    pub(crate) fn all_roots(&mut self) -> Vec<u32> {
        (0..self.parent.len() as u32)
            .map(|member| self.root(member))
            .collect()
    }

    /// The first of each circle, when clusters of these roots and some pairs besides belong together.
    pub(crate) fn circles(roots: &[u32], pairs: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
        let mut circles = Self {
            parent: roots.to_vec(),
            next: Vec::new(),
        };
        for (a, b) in pairs {
            let (a, b) = (circles.root(a), circles.root(b));
            circles.parent[a.max(b) as usize] = a.min(b);
        }
        circles.all_roots()
    }

    /// The root of every identity.
    pub(crate) fn roots(mut self) -> Vec<u32> {
        for member in 0..self.parent.len() as u32 {
            let root = self.root(member);
            self.parent[member as usize] = root;
        }
        self.parent
    }
}

#[cfg(test)]
mod tests {
    use super::Clusters;
    use proptest::prelude::*;

    proptest! {
        /// Union-find against sets of members that are merged by hand.
        #[test]
        fn clusters_are_what_sets_would_be(joins in prop::collection::vec((0u32..40, 0u32..40), 0..60)) {
            let mut clusters = Clusters::new(40);
            let mut sets: Vec<Vec<u32>> = (0..40).map(|member| vec![member]).collect();
            for (a, b) in joins {
                let find = |sets: &[Vec<u32>], x| sets.iter().position(|set| set.contains(&x)).unwrap();
                let (left, right) = (find(&sets, a), find(&sets, b));
                prop_assert_eq!(clusters.join(a, b), left != right);
                if left != right {
                    let moved = sets.swap_remove(left.max(right));
                    sets[left.min(right)].extend(moved);
                }
            }
            sets.iter_mut().for_each(|set| set.sort_unstable());
            for set in &sets {
                for &member in set.iter() {
                    let mut members: Vec<u32> = clusters.members(member).collect();
                    members.sort_unstable();
                    prop_assert_eq!(&members, set);
                    prop_assert_eq!(clusters.root(member), set[0]);
                }
            }
            let roots = clusters.roots();
            for set in &sets {
                prop_assert!(set.iter().all(|&member| roots[member as usize] == set[0]));
            }
        }
    }
}
