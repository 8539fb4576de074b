//! Records that share the key of a rule, side by side, one rule at a time.

use super::rules::{Cut, Cuts, Rule};
use super::table::Table;

/// The blocks of one rule. Only those with two records or more are kept.
pub(crate) struct Blocks {
    order: Vec<u32>,
    ends: Vec<u32>,
    /// Pairs in them.
    pub(crate) pairs: u64,
    /// Keys of blocks above the cap, in order; nobody is compared under them.
    capped: Vec<u64>,
    /// Pairs that the cap left out.
    pub(crate) left_out: u64,
    /// Records in the largest block, the capped ones included.
    pub(crate) largest: u32,
}

/// Keys are dealt into this many boxes before each box is sorted: each then fits in the cache.
const BOXES: usize = 1 << 12;

impl Blocks {
    /// Groups the records of a table by the key of a rule. Within a block, and from block to block, the order is
    /// that of key and record: the same for any number of threads.
    pub(crate) fn new(table: &Table, cuts: &Cuts, rule: &Rule, cap: u32) -> Self {
        let mut keyed = deal(table, cuts, rule);
        let mut blocks = Self {
            order: Vec::new(),
            ends: Vec::new(),
            pairs: 0,
            capped: Vec::new(),
            left_out: 0,
            largest: 0,
        };
        for bin in &mut keyed {
            bin.sort_unstable();
            for block in bin.chunk_by(|a, b| a.0 == b.0) {
                blocks.add(block, cap);
            }
            *bin = Vec::new();
        }
        blocks.capped.sort_unstable();
        blocks
    }

    /// Blocks that were made elsewhere: records in order, and where each block ends.
    pub(crate) fn given(order: Vec<u32>, ends: Vec<u32>) -> Self {
        Self {
            order,
            ends,
            pairs: 0,
            capped: Vec::new(),
            left_out: 0,
            largest: 0,
        }
    }

    fn add(&mut self, block: &[(u64, u32)], cap: u32) {
        let records = block.len() as u64;
        self.largest = self.largest.max(block.len() as u32);
        let pairs = records * (records - 1) / 2;
        if block.len() > cap as usize {
            self.capped.push(block[0].0);
            self.left_out += pairs;
        } else if pairs > 0 {
            self.pairs += pairs;
            self.order.extend(block.iter().map(|(_, record)| *record));
            self.ends.push(self.order.len() as u32);
        }
    }

    /// Keys above the cap, in order.
    pub(crate) fn capped(&self) -> &[u64] {
        &self.capped
    }

    /// Blocks above the cap.
    pub(crate) fn capped_blocks(&self) -> usize {
        self.capped.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The records of a block.
    pub(crate) fn block(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.order[start as usize..self.ends[at] as usize]
    }

    /// The blocks in runs of about as many pairs each, for threads to share.
    pub(crate) fn runs(&self, pairs: u64) -> Vec<std::ops::Range<usize>> {
        let (mut runs, mut start, mut sum) = (Vec::new(), 0, 0);
        for at in 0..self.len() {
            let records = self.block(at).len() as u64;
            sum += records * (records - 1) / 2;
            if sum >= pairs {
                runs.push(start..at + 1);
                (start, sum) = (at + 1, 0);
            }
        }
        if start < self.len() {
            runs.push(start..self.len());
        }
        runs
    }
}

fn deal(table: &Table, cuts: &Cuts, rule: &Rule) -> Vec<Vec<(u64, u32)>> {
    let mut sizes = vec![0u32; BOXES];
    let bin = |key: u64| (key >> 52) as usize;
    for record in 0..table.records() {
        if let Some(key) = rule.key(table, cuts, record) {
            sizes[bin(key)] += 1;
        }
    }
    let mut bins: Vec<Vec<(u64, u32)>> = sizes
        .iter()
        .map(|size| Vec::with_capacity(*size as usize))
        .collect();
    for record in 0..table.records() {
        if let Some(key) = rule.key(table, cuts, record) {
            bins[bin(key)].push((key, record as u32));
        }
    }
    bins
}

/// Which rules propose a pair.
pub(crate) struct Proposals<'a> {
    table: &'a Table,
    cuts: &'a Cuts,
    rules: &'a [Rule],
    /// By rule, the keys above the cap.
    capped: Vec<Vec<u64>>,
}

impl<'a> Proposals<'a> {
    pub(crate) fn new(table: &'a Table, cuts: &'a Cuts, rules: &'a [Rule]) -> Self {
        Self {
            table,
            cuts,
            rules,
            capped: Vec::new(),
        }
    }

    /// Notes the blocks of the next rule.
    pub(crate) fn next(&mut self, blocks: &Blocks) {
        self.capped.push(blocks.capped().to_vec());
    }

    /// All rules, none of them capped.
    pub(crate) fn all(table: &'a Table, cuts: &'a Cuts, rules: &'a [Rule]) -> Self {
        Self {
            capped: vec![Vec::new(); rules.len()],
            ..Self::new(table, cuts, rules)
        }
    }

    /// The first rule that puts the two side by side.
    pub(crate) fn first(&self, a: u32, b: u32) -> Option<usize> {
        (0..self.rules.len()).find(|&rule| self.meets(rule, a, b))
    }

    /// True when a rule before this one puts the two side by side: the pair was looked at there.
    pub(crate) fn before(&self, rule: usize, a: u32, b: u32) -> bool {
        (0..rule).any(|rule| self.meets(rule, a, b))
    }

    /// True when a rule puts the two side by side, in a block below the cap.
    pub(crate) fn meets(&self, rule: usize, a: u32, b: u32) -> bool {
        let (rule, capped) = (&self.rules[rule], &self.capped[rule]);
        let differs = rule.parts.iter().any(|part| {
            let (x, y) = (self.table.value(part.field, a), self.table.value(part.field, b));
            x == 0 || y == 0 || (x != y && part.cut == Cut::Whole)
        });
        if differs {
            return false;
        }
        let key = |record: u32| rule.key(self.table, self.cuts, record as usize);
        match (key(a), key(b)) {
            (Some(x), Some(y)) => x == y && capped.binary_search(&x).is_err(),
            _ => false,
        }
    }
}
