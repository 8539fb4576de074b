//! One partition, drawn.

use rustc_hash::FxHashMap;

use crate::weigh::counts::chance;

use super::components::{Component, Way};
use super::{Uncertain, allowance::Who};

/// A way of dividing all records among people: what differs from the stated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Parts whose person differs from the stated one, in order, with the first part of their person.
    changed: Vec<(u32, u32)>,
    /// People more than stated, or fewer.
    more: i64,
}

impl Partition {
    /// The person of a record, named by one of its records: two records are one person's when their names are the same.
    #[must_use]
    pub fn person(&self, of: &Uncertain, record: u32) -> u32 {
        let part = of.part(record);
        match self.changed.binary_search_by_key(&part, |(part, _)| *part) {
            Ok(at) => self.changed[at].1,
            Err(_) => of.stated(part),
        }
    }

    /// People more (or fewer, below 0) than stated.
    #[must_use]
    pub fn more_people(&self) -> i64 {
        self.more
    }
}

/// Draws a partition; the same seed and number give the same one.
#[must_use]
pub fn draw(of: &Uncertain, seed: u64, number: u32) -> Partition {
    let mut drawing = Drawing {
        of,
        dice: Dice::new(seed, number),
        person: FxHashMap::default(),
        merged: FxHashMap::default(),
        more: 0,
    };
    drawing.components();
    drawing.allowance();
    let mut changed: Vec<(u32, u32)> = drawing
        .person
        .into_iter()
        .filter(|(part, person)| of.stated(*part) != *person)
        .collect();
    changed.sort_unstable();
    Partition {
        changed,
        more: drawing.more,
    }
}

/// Numbers that look like chance (SplitMix64).
struct Dice {
    key: u64,
    thrown: u64,
}

impl Dice {
    fn new(seed: u64, number: u32) -> Self {
        Self {
            key: chance(chance(seed) ^ u64::from(number)),
            thrown: 0,
        }
    }

    /// From 0 to below 1.
    fn throw(&mut self) -> f64 {
        self.thrown += 1;
        (chance(
            self.key
                .wrapping_add(self.thrown.wrapping_mul(0xD1B5_4A32_D192_ED03)),
        ) >> 11) as f64
            / (1u64 << 53) as f64
    }

    /// From 0 to below a number.
    fn below(&mut self, number: usize) -> usize {
        ((self.throw() * number as f64) as usize).min(number.saturating_sub(1))
    }
}

struct Drawing<'a> {
    of: &'a Uncertain,
    dice: Dice,
    /// By part that was touched, its person.
    person: FxHashMap<u32, u32>,
    /// By person that the allowance made of several, its parts.
    merged: FxHashMap<u32, Vec<u32>>,
    more: i64,
}

impl Drawing<'_> {
    fn components(&mut self) {
        let of = self.of;
        let mut held: Vec<bool> = Vec::new();
        for component in &of.components {
            let groups = match &component.way {
                Way::Joint(joint) => {
                    let way = joint.way(self.dice.throw());
                    component
                        .parts
                        .iter()
                        .zip(way)
                        .map(|(_, first)| usize::from(*first))
                        .collect()
                }
                Way::Alone => {
                    held.clear();
                    for link in component.links.iter().map(|&at| &of.links[at as usize]) {
                        held.push(self.dice.throw() < link.probability);
                    }
                    let links = component.links.iter().zip(&held);
                    // Mostly everything is as stated, and nothing needs to be built.
                    if links
                        .clone()
                        .all(|(&at, held)| of.links[at as usize].accepted == *held)
                    {
                        continue;
                    }
                    let links = links.filter(|(_, held)| **held).map(|(&at, _)| at);
                    joined(of, component, links)
                }
                Way::InTurn => self.in_turn(component),
            };
            self.settle(component, &groups);
        }
    }

    /// The surest link first; what is together already needs no throw, and contradictions forbid.
    fn in_turn(&mut self, component: &Component) -> Vec<usize> {
        let of = self.of;
        let mut order: Vec<u32> = component.links.clone();
        order.sort_by(|x, y| {
            let surety = |at: &u32| of.links[*at as usize].probability;
            surety(y).total_cmp(&surety(x)).then(x.cmp(y))
        });
        let mut groups: Vec<usize> = (0..component.parts.len()).collect();
        for at in order {
            let link = &of.links[at as usize];
            let [x, y] = link.parts.map(|part| groups[place(component, part)]);
            if x == y {
                continue;
            }
            let members = |group: usize| {
                let parts = component.parts.iter().zip(&groups);
                parts
                    .filter(move |(_, own)| **own == group)
                    .map(|(part, _)| *part)
                    .collect::<Vec<_>>()
            };
            if self.dice.throw() < link.probability && !self.contradict(&members(x), &members(y)) {
                let (first, second) = (x.min(y), x.max(y));
                groups
                    .iter_mut()
                    .filter(|own| **own == second)
                    .for_each(|own| *own = first);
            }
        }
        groups
    }

    /// Notes a component's groups: by part, the place of the first part of its person.
    fn settle(&mut self, component: &Component, groups: &[usize]) {
        let of = self.of;
        let (mut people, mut stated) = (0, 0);
        for (at, (&part, &first)) in component.parts.iter().zip(groups).enumerate() {
            people += i64::from(at == first);
            stated += i64::from(of.stated(part) == part);
            self.person.insert(part, component.parts[first]);
        }
        self.more += people - stated;
    }

    fn contradict(&self, one: &[u32], other: &[u32]) -> bool {
        let apart = &self.of.apart;
        !apart.is_empty()
            && one
                .iter()
                .filter_map(|part| apart.get(part))
                .any(|never| other.iter().any(|part| never.binary_search(part).is_ok()))
    }

    /// True pairs that nobody met: their number is a Poisson number; each is given to two people who may be one.
    fn allowance(&mut self) {
        let allowance = &self.of.allowance;
        if allowance.expected <= 0.0 {
            return;
        }
        let mut waited = 0.0;
        loop {
            waited -= (1.0 - self.dice.throw()).ln();
            if waited > allowance.expected {
                break;
            }
            for _ in 0..TRIES {
                let one = allowance.who[self.dice.below(allowance.who.len())];
                if self.met(one) {
                    break;
                }
            }
        }
    }

    /// Makes a person one with a compatible stranger; false where the one that was picked is none.
    fn met(&mut self, one: Who) -> bool {
        let allowance = &self.of.allowance;
        let number = self.dice.below(allowance.alike(one));
        let Some(other) = allowance.pick(one, number) else {
            return false;
        };
        let [x, y] = [one.person, other]
            .map(|person| self.of.part(person))
            .map(|part| self.person_of(part));
        let (mut left, right) = (self.parts(x), self.parts(y));
        if x == y || self.contradict(&left, &right) {
            return false;
        }
        left.extend(right);
        for &part in &left {
            self.person.insert(part, x.min(y));
        }
        self.merged.remove(&x.max(y));
        self.merged.insert(x.min(y), left);
        self.more -= 1;
        true
    }

    fn person_of(&self, part: u32) -> u32 {
        self.person
            .get(&part)
            .copied()
            .unwrap_or_else(|| self.of.stated(part))
    }

    /// The parts of a person as drawn so far; it is named by its first part.
    fn parts(&self, person: u32) -> Vec<u32> {
        if let Some(parts) = self.merged.get(&person) {
            return parts.clone();
        }
        let Some(&at) = self.of.component_of.get(&person) else {
            return vec![person];
        };
        let parts = self.of.components[at as usize].parts.iter().copied();
        parts.filter(|part| self.person_of(*part) == person).collect()
    }
}

/// Two people are picked so often before a true pair is left out: only where hardly anybody may be one with another.
const TRIES: u32 = 50;

fn place(component: &Component, part: u32) -> usize {
    component.parts.partition_point(|other| *other < part)
}

/// Groups of a component's parts, joined by some of its links.
fn joined(of: &Uncertain, component: &Component, links: impl Iterator<Item = u32>) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..component.parts.len()).collect();
    for at in links {
        let [x, y] = of.links[at as usize]
            .parts
            .map(|part| groups[place(component, part)]);
        let (first, second) = (x.min(y), x.max(y));
        groups
            .iter_mut()
            .filter(|own| **own == second)
            .for_each(|own| *own = first);
    }
    groups
}
