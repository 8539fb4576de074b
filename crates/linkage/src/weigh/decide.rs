//! From pairs to people: accept, review, reject, and no chains.
//!
//! Pairs are taken from the surest down. Two records join when their probability reaches the threshold. Two groups
//! join only when they belong together as wholes: the pairs between their members, those that no rule proposed
//! included, must on the whole speak for one person (mean log odds, each held within bounds, so that one strong pair
//! cannot carry nine weak ones). A group larger than any person's records is not joined further.

use rustc_hash::FxHashMap;

use crate::error::LinkageError;

use super::kernel::Pair;
use super::pairs::order;

/// How pairs become people.
#[derive(Debug, Clone, PartialEq)]
pub struct Deciding {
    /// Pairs at or above this join.
    pub accept: f64,
    /// Pairs from here up to `accept` are listed for review.
    pub review: f64,
    /// A person with more records than this is not joined to another.
    pub most_records: u32,
}

impl Default for Deciding {
    fn default() -> Self {
        Self {
            accept: 0.5,
            review: 0.1,
            most_records: 500,
        }
    }
}

/// Why a pair that was sure enough was not joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// As wholes, the two groups do not look like one person.
    WeakChain,
    /// The person would have more records than anybody has.
    TooLarge,
}

impl Refusal {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::WeakChain => "one pair fits, but their other records do not look like one person's",
            Self::TooLarge => "more records than one person has",
        }
    }
}

/// What became of the pairs.
pub struct Decided {
    /// By record, the first record of its person.
    pub person: Vec<u32>,
    /// By record, the probability of the link that holds it best; 1 for records alone.
    pub probability: Vec<f32>,
    /// Pairs in the review band whose records are not one person's.
    pub review: Vec<Pair>,
    /// Sure pairs that were not joined.
    pub refused: Vec<(Pair, Refusal)>,
    /// Records of the largest person.
    pub largest: u32,
}

impl Decided {
    /// Takes in pairs whose odds rivals share, with what is left of their probability: those that are not one
    /// person's all the same are for review.
    pub(crate) fn review(&mut self, shared: FxHashMap<(u32, u32), f32>, deciding: &Deciding) {
        let pairs = shared
            .into_iter()
            .map(|((a, b), probability)| Pair { a, b, probability });
        let person = &self.person;
        let doubtful = pairs.filter(|pair| {
            f64::from(pair.probability) >= deciding.review
                && person[pair.a as usize] != person[pair.b as usize]
        });
        self.review.extend(doubtful);
        self.review.sort_unstable_by(order);
    }
}

/// Most pairs that are looked at between two groups.
const MOST_LOOKS: usize = 64;

/// Decides about pairs, which come the surest first. `weigh` gives the log odds (base 2) of any two records.
pub(crate) fn decide(
    records: usize,
    pairs: impl Iterator<Item = Result<Pair, LinkageError>>,
    deciding: &Deciding,
    mut weigh: impl FnMut(u32, u32) -> f64,
) -> Result<Decided, LinkageError> {
    let mut groups = Groups::new(records);
    let (mut refused, mut review) = (Vec::new(), Vec::new());
    for pair in pairs {
        let pair = pair?;
        if f64::from(pair.probability) < deciding.accept {
            if f64::from(pair.probability) < deciding.review {
                break;
            }
            review.push(pair);
            continue;
        }
        let (x, y) = (groups.root(pair.a), groups.root(pair.b));
        if x != y {
            if let Some(reason) = against(&groups, x, y, deciding, &mut weigh) {
                refused.push((pair, reason));
                continue;
            }
            groups.join(x, y);
        }
        groups.held(pair.a, pair.probability);
        groups.held(pair.b, pair.probability);
    }
    let person: Vec<u32> = (0..records as u32).map(|record| groups.root(record)).collect();
    let apart = |pair: &Pair| person[pair.a as usize] != person[pair.b as usize];
    review.retain(apart);
    refused.retain(|(pair, _)| apart(pair));
    let best = |(record, root): (&Member, &u32)| if groups.size(*root) == 1 { 1.0 } else { record.best };
    Ok(Decided {
        largest: groups
            .records
            .iter()
            .map(|record| record.size)
            .max()
            .unwrap_or_default(),
        probability: groups.records.iter().zip(&person).map(best).collect(),
        person,
        review,
        refused,
    })
}

/// Why two groups may not join, if they may not.
fn against(
    groups: &Groups,
    x: u32,
    y: u32,
    deciding: &Deciding,
    weigh: &mut impl FnMut(u32, u32) -> f64,
) -> Option<Refusal> {
    let records = groups.size(x) + groups.size(y);
    if records > deciding.most_records {
        Some(Refusal::TooLarge)
    } else if records > 2 && !belong(groups, x, y, weigh) {
        Some(Refusal::WeakChain)
    } else {
        None
    }
}

/// Log odds of a pair count for no more than this, either way.
const MOST_WEIGHT: f64 = 10.0;

/// True when the pairs between two groups speak for one person on the whole.
fn belong(groups: &Groups, x: u32, y: u32, weigh: &mut impl FnMut(u32, u32) -> f64) -> bool {
    let (left, right): (Vec<u32>, Vec<u32>) = (groups.members(x).collect(), groups.members(y).collect());
    let (mut sum, mut looks) = (0.0, 0);
    // Of large groups every so-manieth pair is looked at.
    let step = (left.len() * right.len()).div_ceil(MOST_LOOKS);
    for at in (0..left.len() * right.len()).step_by(step) {
        let (a, b) = (left[at / right.len()], right[at % right.len()]);
        sum += weigh(a.min(b), a.max(b)).clamp(-MOST_WEIGHT, MOST_WEIGHT);
        looks += 1;
    }
    sum >= 0.0 || looks == 0
}

/// Union-find with the members of each group in a ring. The root of a group is its first record. What is known of a
/// record lies together, since records are met in no order of theirs.
struct Groups {
    records: Vec<Member>,
}

struct Member {
    parent: u32,
    next: u32,
    /// Of a root, the records of its group.
    size: u32,
    /// The probability of the link that holds it best.
    best: f32,
}

impl Groups {
    fn new(records: usize) -> Self {
        let alone = |record| Member {
            parent: record,
            next: record,
            size: 1,
            best: 0.0,
        };
        Self {
            records: (0..records as u32).map(alone).collect(),
        }
    }

    fn parent(&self, record: u32) -> u32 {
        self.records[record as usize].parent
    }

    fn size(&self, root: u32) -> u32 {
        self.records[root as usize].size
    }

    fn root(&mut self, mut record: u32) -> u32 {
        while self.parent(record) != record {
            let above = self.parent(self.parent(record));
            self.records[record as usize].parent = above;
            record = above;
        }
        record
    }

    fn join(&mut self, x: u32, y: u32) {
        let (first, second) = (x.min(y), x.max(y));
        let (next, size) = (self.records[first as usize].next, self.size(second));
        let after = std::mem::replace(&mut self.records[second as usize].next, next);
        self.records[second as usize].parent = first;
        let first = &mut self.records[first as usize];
        first.next = after;
        first.size += size;
    }

    /// Notes a link that holds a record.
    fn held(&mut self, record: u32, probability: f32) {
        let best = &mut self.records[record as usize].best;
        *best = best.max(probability);
    }

    fn members(&self, of: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = Some(of);
        std::iter::from_fn(move || {
            let here = at?;
            let next = self.records[here as usize].next;
            at = (next != of).then_some(next);
            Some(here)
        })
    }
}
