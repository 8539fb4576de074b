//! Records that share the key of a rule, side by side, one rule at a time.

use super::rules::{Cut, Cuts, NO_KEY, Rule};
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

/// Keys are dealt into boxes of about this many before each box is sorted.
const IN_A_BOX: usize = 128;
/// Most boxes, two to this power.
const MOST_BOXES: u32 = 16;

/// A key of a rule, and the record that has it.
type Keyed = (u64, u32);

impl Blocks {
    /// Groups the records of a table by the key of a rule. Within a block, and from block to block, the order is
    /// that of key and record: the same for any number of threads.
    pub(crate) fn new(table: &Table, cuts: &Cuts, rule: &Rule, cap: u32) -> Self {
        let keys: Vec<u64> = (0..table.records())
            .map(|record| rule.key(table, cuts, record).unwrap_or(NO_KEY))
            .collect();
        let mut blocks = Self {
            order: Vec::new(),
            ends: Vec::new(),
            pairs: 0,
            capped: Vec::new(),
            left_out: 0,
            largest: 0,
        };
        let (dealt, ends) = deal(&keys);
        let (mut start, mut keyed) = (0, Vec::new());
        for end in ends {
            let of_box = dealt[start..end].iter();
            keyed.clear();
            keyed.extend(of_box.map(|&record| (keys[record as usize], record)));
            keyed.sort_unstable();
            for block in keyed.chunk_by(|a, b| a.0 == b.0) {
                blocks.add(block, cap);
            }
            start = end;
        }
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

    fn add(&mut self, block: &[Keyed], cap: u32) {
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

/// The records that have a key, box after box, and where each box ends. Boxes are in order of the keys.
fn deal(keys: &[u64]) -> (Vec<u32>, Vec<usize>) {
    let bits = (keys.len() / IN_A_BOX + 2).ilog2().min(MOST_BOXES);
    let of = |key: u64| (key >> (64 - bits)) as usize;
    let having = || keys.iter().zip(0u32..).filter(|(key, _)| **key != NO_KEY);
    let mut ends = vec![0; 1 << bits];
    having().for_each(|(key, _)| ends[of(*key)] += 1);
    // The place of the next record of each box; its end, once all are dealt.
    let mut sum = 0;
    for size in &mut ends {
        (*size, sum) = (sum, sum + *size);
    }
    let mut dealt = vec![0; sum];
    for (key, record) in having() {
        let place = &mut ends[of(*key)];
        dealt[*place] = record;
        *place += 1;
    }
    (dealt, ends)
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

    /// All rules, with the keys of each that were left out, in order.
    pub(crate) fn left_out(
        table: &'a Table,
        cuts: &'a Cuts,
        rules: &'a [Rule],
        capped: Vec<Vec<u64>>,
    ) -> Self {
        Self {
            capped,
            ..Self::new(table, cuts, rules)
        }
    }

    /// All rules, none of them capped.
    pub(crate) fn all(table: &'a Table, cuts: &'a Cuts, rules: &'a [Rule]) -> Self {
        Self::left_out(table, cuts, rules, vec![Vec::new(); rules.len()])
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
