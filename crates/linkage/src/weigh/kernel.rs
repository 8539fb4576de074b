//! The pair loop. No text is looked at before whole numbers have said that a pair may be one person's.
//!
//! For every record of a block, the others are bounded all at once: each field adds the most that it can weigh, given
//! only whether the values are the same number and how near they are at a glance. Pairs that cannot reach the
//! threshold even so (nearly all in wide blocks) are gone before a name is compared. The bound never falls below the
//! true weight, so nothing is lost: with and without it the pairs are the same.

use std::ops::Range;

use super::blocks::{Blocks, Proposals};
use super::field::{Kind, MISSING, SAME};
use super::glance::{GRADES, Grade, grade};
use super::level::{Comparer, Pattern, crosses};
use super::table::Table;
use super::weights::{PerClass, Rarity, Weights};

/// Two records that may be one person's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The earlier record.
    pub a: u32,
    /// The later record.
    pub b: u32,
    /// The probability that they are one person's.
    pub probability: f32,
}

/// Everything that scoring the blocks of one rule needs.
pub(crate) struct Kernel<'a> {
    pub(crate) table: &'a Table,
    pub(crate) proposals: &'a Proposals<'a>,
    pub(crate) rarity: &'a Rarity,
    pub(crate) weights: &'a Weights,
    pub(crate) rule: usize,
    /// Pairs below this are dropped.
    pub(crate) least: f64,
}

/// What a thread keeps from block to block: the block's values and glances field by field, and the bounds of one
/// record's pairs.
pub(crate) struct Desk<'a> {
    comparer: Comparer<'a>,
    values: Vec<Vec<u32>>,
    glances: Vec<Vec<u64>>,
    bounds: Vec<PerClass>,
    /// Fields in the order in which they are cheapest to compare.
    order: Vec<usize>,
    /// Given and family name, where there are both.
    names: Option<(usize, usize)>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(table: &'a Table) -> Self {
        let mut order: Vec<usize> = (0..table.fields.len()).collect();
        order.sort_by_key(|&field| match table.fields[field].kind {
            Kind::Number | Kind::Sex => 0,
            Kind::BirthDate => 1,
            Kind::GivenName => 2,
            Kind::FamilyName => 3,
            Kind::Postcode => 4,
            Kind::Text => 5,
        });
        Self {
            comparer: Comparer::new(table),
            values: vec![Vec::new(); table.fields.len()],
            glances: vec![Vec::new(); table.fields.len()],
            bounds: Vec::new(),
            order,
            names: table.first(Kind::GivenName).zip(table.first(Kind::FamilyName)),
        }
    }

    /// Lays the records of a block side by side, so that the loop over pairs stays in the cache.
    fn lay_out(&mut self, table: &Table, records: &[u32]) {
        self.values.iter_mut().for_each(Vec::clear);
        self.glances.iter_mut().for_each(Vec::clear);
        for &record in records {
            let row = table.row(record);
            for (field, (values, glances)) in self.values.iter_mut().zip(&mut self.glances).enumerate() {
                values.push(row[field]);
                glances.push(table.glance(field, row));
            }
        }
    }

    /// Given and family name of a record; none where the table has not both.
    fn names_of(&self, row: &[u32]) -> (u32, u32) {
        self.names
            .map_or((0, 0), |(given, family)| (row[given], row[family]))
    }

    /// True when two records of the block may have given and family name in each other's place.
    #[inline]
    fn crosses(&self, a: usize, b: usize) -> bool {
        let Some((given, family)) = self.names else {
            return false;
        };
        let names = |at: usize| (self.values[given][at], self.values[family][at]);
        crosses(names(a), names(b))
    }
}

impl Kernel<'_> {
    /// Scores the pairs of some blocks, in their order.
    pub(crate) fn score(&self, desk: &mut Desk<'_>, blocks: &Blocks, range: Range<usize>) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let mut ready = range.start;
        for at in range.clone() {
            if at == ready {
                ready = self.touch(blocks, at, range.end);
            }
            self.block(desk, blocks.block(at), &mut pairs);
        }
        pairs
    }

    /// Asks the memory for the records of the blocks to come, all at once: one by one, each would be waited for.
    fn touch(&self, blocks: &Blocks, from: usize, end: usize) -> usize {
        let (mut at, mut records, mut sum) = (from, 0, 0);
        while at < end && records < TOUCHED {
            let block = blocks.block(at);
            let asked = &block[..block.len().min(TOUCHED)];
            // A record may lie across two lines of the cache.
            sum ^= asked.iter().fold(0, |sum, &record| {
                let row = self.table.row(record);
                sum ^ row[0] ^ row[row.len() - 1]
            });
            records += block.len();
            at += 1;
        }
        std::hint::black_box(sum);
        at
    }

    fn block(&self, desk: &mut Desk<'_>, records: &[u32], pairs: &mut Vec<Pair>) {
        let least = (self.least / (1.0 - self.least)).log2() as f32 - SLACK;
        if let [a, b] = *records {
            // A bound for one pair costs as much as the pair.
            let names = |record: u32| desk.names_of(self.table.row(record));
            let crosses = crosses(names(a), names(b));
            let unbounded = [f32::INFINITY; 2];
            pairs.extend(self.pair(desk, (a.min(b), a.max(b)), crosses, unbounded, least));
            return;
        }
        desk.lay_out(self.table, records);
        for place in 0..records.len() - 1 {
            self.bound(desk, place);
            for (later, &other) in records[place + 1..].iter().enumerate() {
                let bound = desk.bounds[later];
                let crosses = desk.crosses(place, place + 1 + later);
                if below(bound, least) && !crosses {
                    continue;
                }
                let (a, b) = (records[place].min(other), records[place].max(other));
                pairs.extend(self.pair(desk, (a, b), crosses, bound, least));
            }
        }
    }

    /// A pair, unless an earlier rule proposed it or it is not probable enough. `crosses` is whether a name of one
    /// stands in the place of the other's.
    fn pair(
        &self,
        desk: &mut Desk<'_>,
        (a, b): (u32, u32),
        crosses: bool,
        bound: PerClass,
        least: f32,
    ) -> Option<Pair> {
        let swapped = crosses && desk.comparer.swapped(a, b);
        if self.proposals.before(self.rule, a, b) {
            return None;
        }
        let pattern = self.pattern(desk, (a, b), swapped, bound, least)?;
        let rare = |field| self.rarity.of(field, self.table.value(field, a));
        let probability = self.weights.probability(pattern, rare);
        let pair = Pair {
            a,
            b,
            probability: probability as f32,
        };
        (probability >= self.least).then_some(pair)
    }

    /// The most that each pair of a record with the later ones of its block can weigh.
    fn bound(&self, desk: &mut Desk<'_>, place: usize) {
        let Desk {
            values,
            glances,
            bounds,
            ..
        } = desk;
        let later = values.first().map_or(0, Vec::len) - place - 1;
        bounds.clear();
        bounds.resize(later, self.weights.base);
        for (field, values) in values.iter().enumerate() {
            let value = values[place];
            if value == 0 {
                continue;
            }
            let rare = self.rarity.bits(field, value);
            let look = Look {
                value,
                glance: glances[field][place],
                same: self.weights.levels[field][SAME as usize].map(|weight| weight + rare),
                grades: &self.weights.grades[field],
            };
            let others = (&values[place + 1..], &glances[field][place + 1..]);
            // A loop for each kind, so that none asks for the kind of every pair.
            match self.table.fields[field].kind {
                Kind::Sex => look.add_to(bounds, others, |_, _| 0),
                Kind::GivenName => look.add_to(bounds, others, |a, b| grade(Kind::GivenName, a, b)),
                Kind::FamilyName => look.add_to(bounds, others, |a, b| grade(Kind::FamilyName, a, b)),
                Kind::BirthDate => look.add_to(bounds, others, |a, b| grade(Kind::BirthDate, a, b)),
                Kind::Postcode => look.add_to(bounds, others, |a, b| grade(Kind::Postcode, a, b)),
                Kind::Number => look.add_to(bounds, others, |a, b| grade(Kind::Number, a, b)),
                Kind::Text => look.add_to(bounds, others, |a, b| grade(Kind::Text, a, b)),
            }
        }
    }

    /// The pattern of a pair, unless a field shows on the way that it cannot reach the threshold.
    fn pattern(
        &self,
        desk: &mut Desk<'_>,
        (a, b): (u32, u32),
        swapped: bool,
        mut bound: PerClass,
        least: f32,
    ) -> Option<Pattern> {
        let mut pattern = 0;
        let (left, right) = (self.table.row(a), self.table.row(b));
        for &field in &desk.order {
            let level = desk.comparer.level(field, a, b, swapped);
            pattern |= Pattern::from(level) << (3 * field);
            if level != SAME && level != MISSING && !swapped {
                let glance = |row: &[u32]| self.table.glance(field, row);
                let grade = grade(self.table.fields[field].kind, glance(left), glance(right));
                let most = self.weights.grades[field][grade];
                let heard = self.weights.levels[field][level as usize];
                add(&mut bound, [heard[0] - most[0], heard[1] - most[1]]);
                if below(bound, least) {
                    return None;
                }
            }
        }
        Some(pattern)
    }
}

/// Records that are asked for together.
const TOUCHED: usize = 256;

/// Room for rounding in the sums of the bound.
const SLACK: f32 = 0.01;

/// True when neither class of matches can bring the odds to the threshold: together they are at most twice the
/// likelier one.
fn below(bound: PerClass, least: f32) -> bool {
    bound[0].max(bound[1]) < least - 1.0
}

fn add(bound: &mut PerClass, weight: PerClass) {
    bound[0] += weight[0];
    bound[1] += weight[1];
}

/// A record's value in a field, and what it can weigh beside others.
struct Look<'a> {
    value: u32,
    glance: u64,
    same: PerClass,
    grades: &'a [PerClass; GRADES],
}

impl Look<'_> {
    #[inline]
    fn add_to(
        &self,
        bounds: &mut [PerClass],
        (values, glances): (&[u32], &[u64]),
        grade: impl Fn(u64, u64) -> Grade,
    ) {
        for ((bound, &theirs), &glance) in bounds.iter_mut().zip(values).zip(glances) {
            let differs = self.grades[grade(self.glance, glance) & (GRADES - 1)];
            let weight = if theirs == self.value { self.same } else { differs };
            add(bound, if theirs == 0 { [0.0; 2] } else { weight });
        }
    }
}
