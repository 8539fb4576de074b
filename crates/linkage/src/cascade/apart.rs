//! Which people somebody decided to be two.

use rustc_hash::FxHashMap;

use super::identity::Identity;

/// Decisions that two are not one person, by cluster. Nearly always there is none, and nothing is spent.
#[derive(Default)]
pub(crate) struct Apart {
    /// Of each decided person (see `Identity::decided`), those that it must not be.
    from: FxHashMap<u32, Vec<u32>>,
    /// The decided people of each cluster that holds one, by its root.
    held: FxHashMap<u32, Vec<u32>>,
}

impl Apart {
    pub(crate) fn new(rows: &[Identity], pairs: &[(u32, u32)]) -> Self {
        let mut apart = Self::default();
        for &(a, b) in pairs {
            apart.from.entry(a).or_default().push(b);
            apart.from.entry(b).or_default().push(a);
        }
        if !pairs.is_empty() {
            for (place, row) in rows.iter().enumerate() {
                if apart.from.contains_key(&row.decided) {
                    apart.held.insert(place as u32, vec![row.decided]);
                }
            }
        }
        apart
    }

    /// True when the clusters of these roots must not be one.
    pub(crate) fn forbids(&self, a: u32, b: u32) -> bool {
        let (Some(a), Some(b)) = (self.held.get(&a), self.held.get(&b)) else {
            return false;
        };
        a.iter()
            .filter_map(|decided| self.from.get(decided))
            .any(|others| others.iter().any(|other| b.contains(other)))
    }

    /// Takes note that the cluster of `second` is now part of that of `first`.
    pub(crate) fn joined(&mut self, first: u32, second: u32) {
        if let Some(more) = self.held.remove(&second) {
            self.held.entry(first).or_default().extend(more);
        }
    }
}
