//! Union-find over the few records that something is said of.

use rustc_hash::FxHashMap;

/// Groups of records; whoever is not in it is alone. A group is named by its first record.
#[derive(Default)]
pub(super) struct Sparse {
    parent: FxHashMap<u32, u32>,
}

impl Sparse {
    pub(super) fn root(&mut self, record: u32) -> u32 {
        let mut root = record;
        while let Some(&above) = self.parent.get(&root) {
            root = above;
        }
        let mut at = record;
        while at != root {
            at = self.parent.insert(at, root).unwrap_or(root);
        }
        root
    }

    /// Joins two groups; false where they were one.
    pub(super) fn join(&mut self, a: u32, b: u32) -> bool {
        let (x, y) = (self.root(a), self.root(b));
        if x != y {
            self.parent.insert(x.max(y), x.min(y));
        }
        x != y
    }
}
