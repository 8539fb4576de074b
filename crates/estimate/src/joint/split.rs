//! Who the people belong to whom nobody found: shared out over places, place by place, so that every draw adds up.
//!
//! People on no list of a closed set fall on its places and years as those found there did, moved by how many were found
//! only at death in each place (a Gamma family over places, so that small places are drawn towards the others). The
//! number of the country is fixed first and shared out exactly: levels add by construction, and no place is benchmarked
//! afterwards.
//!
//! **Formula.** With *n* found of those with the same chance to be found, those on no list are a negative binomial
//! number, a Poisson one of mean odds × Γ(*n*). Given their sum over parts they are multinomial with shares in proportion
//! to Γ(*n*) (Dirichlet–multinomial): where five were found, nobody knows the share of a part to a hair.

use rand::Rng;

use crate::shrink::{RatioPrior, shrink_ratios};
use crate::{EstimateError, Observed};

use super::chance::{Cause, Seeds};
use super::model::{Draw, Model};
use super::sampling::{binomial, gamma};

/// People found at one place who share a year and a set.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) set: Option<usize>,
    pub(super) year: usize,
    /// How many, weighted by the middle of their PPV.
    weight: f64,
    /// Who: the people whose place, year, kind, sex and age an unseen person takes.
    pub(super) donors: Vec<u32>,
}

/// One place.
#[derive(Debug, Clone, Default)]
pub(super) struct PlaceLeaves {
    pub(super) leaves: Vec<Leaf>,
    /// People found in the first years, who say how many of before the records may be missing.
    first_years: f64,
    /// Its leaves among the silent ones.
    pub(super) silent: std::ops::Range<usize>,
}

/// How people are shared out.
pub(super) struct Split {
    pub(super) places: Vec<PlaceLeaves>,
    /// How much more of a place's people are unseen than of the others', by place, in draws; empty where deaths do not say.
    moved: Vec<Vec<f64>>,
    /// Where the weights of a draw come from.
    seeds: Seeds,
    /// The last place and leaf of each set and year, which takes whoever is left.
    last_of_set: Vec<(usize, usize)>,
    last_of_year: Vec<(usize, usize)>,
    last_of_before: usize,
    block: usize,
}

/// Who is still to be shared out in one draw.
#[derive(Debug, Clone, Default)]
pub(super) struct Left {
    unseen: Vec<(u32, f64)>,
    late: Vec<(u32, f64)>,
    before: ([u32; 3], f64),
}

impl Split {
    pub(super) fn of(model: &Model, draws: usize, seeds: Seeds) -> Self {
        let block = model.assumptions.block_years;
        let places: Vec<PlaceLeaves> = (0..model.study.places.len())
            .map(|place| place_leaves(model, place, block))
            .collect();
        let mut last_of_set = vec![(usize::MAX, 0); model.sets.sets.len()];
        let mut last_of_year = vec![(usize::MAX, 0); model.grid.years];
        let mut last_of_before = usize::MAX;
        for (place, found) in places.iter().enumerate() {
            for (at, leaf) in found.leaves.iter().enumerate() {
                if let Some(last) = leaf.set.and_then(|set| last_of_set.get_mut(set)) {
                    *last = (place, at);
                    if let Some(last) = last_of_year.get_mut(leaf.year) {
                        *last = (place, at);
                    }
                }
            }
            if found.first_years > 0.0 {
                last_of_before = place;
            }
        }
        Self {
            moved: moved(model, &places, draws, seeds.seed(Cause::Unseen)),
            seeds,
            places,
            last_of_set,
            last_of_year,
            last_of_before,
            block,
        }
    }

    /// What each leaf of a place weighs among people on no list, in one draw.
    pub(super) fn weights(&self, place: usize, draw: usize, drawn: &Draw) -> Result<Vec<f64>, EstimateError> {
        // Streams after those of the places themselves.
        let mut chance = self
            .seeds
            .chance_at(Cause::Unseen, self.places.len() + place, draw);
        let moved = self.moved(place, draw);
        let leaves = self.places.get(place).map_or(&[][..], |found| &found.leaves);
        let weight = |leaf: &Leaf| {
            let late = drawn.late_ratio.get(leaf.year).copied().unwrap_or(0.0);
            Ok(gamma(leaf.weight, &mut chance)? * (1.0 + late) * moved)
        };
        leaves.iter().map(weight).collect()
    }

    fn moved(&self, place: usize, draw: usize) -> f64 {
        let draws = self.moved.get(place).filter(|draws| !draws.is_empty());
        draws
            .and_then(|draws| draws.get(draw % draws.len()))
            .copied()
            .unwrap_or(1.0)
    }

    /// Everyone to be shared out in a draw, and what all places weigh together.
    pub(super) fn start(&self, drawn: &Draw, draw: usize) -> Result<Left, EstimateError> {
        let mut left = Left {
            unseen: drawn.unseen.iter().map(|people| (*people, 0.0)).collect(),
            late: drawn.late.iter().map(|people| (*people, 0.0)).collect(),
            before: (drawn.older.people, 0.0),
        };
        for (place, found) in self.places.iter().enumerate() {
            let weights = self.weights(place, draw, drawn)?;
            for (leaf, weight) in found.leaves.iter().zip(weights) {
                let Some(set) = leaf.set else { continue };
                if let Some(all) = left.unseen.get_mut(set) {
                    all.1 += weight;
                }
                if let Some(all) = left.late.get_mut(leaf.year) {
                    all.1 += leaf.weight;
                }
            }
            left.before.1 += self.weight_before(place, drawn);
        }
        Ok(left)
    }

    /// What a place weighs among people of before the records.
    fn weight_before(&self, place: usize, drawn: &Draw) -> f64 {
        let Some(found) = self.places.get(place) else {
            return 0.0;
        };
        let silent = drawn.silent.get(found.silent.clone()).unwrap_or(&[]);
        let unreported: u32 = silent.iter().take(self.block).sum();
        // People of before the records are missing where new people are.
        found.first_years * drawn.hidden.max(1e-6) + f64::from(unreported)
    }

    /// People on no list, and people still to be reported, who fall on a leaf of such a [weight](Split::weights).
    pub(super) fn take(
        &self,
        left: &mut Left,
        (place, at): (usize, usize),
        weight: f64,
        chance: &mut impl Rng,
    ) -> (u32, u32) {
        let Some(leaf) = self.places.get(place).and_then(|found| found.leaves.get(at)) else {
            return (0, 0);
        };
        let Some(set) = leaf.set else {
            return (0, 0);
        };
        let is = |last: Option<&(usize, usize)>| last == Some(&(place, at));
        let unseen = left.unseen.get_mut(set);
        let unseen = unseen.map_or(0, |all| {
            portion(all, weight, is(self.last_of_set.get(set)), chance)
        });
        let late = left.late.get_mut(leaf.year);
        let last = is(self.last_of_year.get(leaf.year));
        let late = late.map_or(0, |all| portion(all, leaf.weight, last, chance));
        (unseen, late)
    }

    /// People of before the records who fall on a place, by kind.
    pub(super) fn take_before(
        &self,
        left: &mut Left,
        drawn: &Draw,
        place: usize,
        chance: &mut impl Rng,
    ) -> [u32; 3] {
        let weight = self.weight_before(place, drawn);
        let (people, all) = &mut left.before;
        let last = place == self.last_of_before;
        let share = if last {
            1.0
        } else if *all > 0.0 {
            weight / *all
        } else {
            0.0
        };
        *all -= weight;
        let mut taken = [0; 3];
        for (taken, people) in taken.iter_mut().zip(people.iter_mut()) {
            *taken = binomial(*people, share, chance);
            *people -= *taken;
        }
        taken
    }
}

/// One part of what is left, and what remains after it.
fn portion((people, all): &mut (u32, f64), weight: f64, last: bool, chance: &mut impl Rng) -> u32 {
    let share = if last {
        1.0
    } else if *all > 0.0 {
        weight / *all
    } else {
        0.0
    };
    let taken = binomial(*people, share, chance);
    *people -= taken;
    *all -= weight;
    taken
}

fn place_leaves(model: &Model, place: usize, block: usize) -> PlaceLeaves {
    let first = f64::from(model.study.first_year);
    let mut found = PlaceLeaves::default();
    let (from, to) = (model.roster.range(place).start, model.silent.leaves.iter());
    let mut silent = to
        .enumerate()
        .filter(|(_, leaf)| leaf.place == place)
        .map(|(at, _)| at);
    if let Some(start) = silent.next() {
        found.silent = start..silent.next_back().unwrap_or(start) + 1;
    }
    for (at, (member, person)) in (from..).zip(model.roster.at(model.study, place)) {
        let since = person.established - first;
        if since < 0.0 {
            continue;
        }
        let year = since.floor() as usize;
        let set = model.sets.set_of(model.study, person);
        let right = model
            .definition
            .middle
            .get(usize::from(member.class))
            .copied()
            .unwrap_or(0.0);
        if year < block {
            found.first_years += right;
        }
        let place = found
            .leaves
            .iter()
            .position(|leaf| leaf.set == set && leaf.year == year);
        let donor = at as u32;
        match place.and_then(|place| found.leaves.get_mut(place)) {
            Some(leaf) => {
                leaf.weight += right;
                leaf.donors.push(donor);
            }
            None => found.leaves.push(Leaf {
                set,
                year,
                weight: right,
                donors: vec![donor],
            }),
        }
    }
    found
}

/// How much more of each place's people are unseen than of the others', from those found only at death.
fn moved(model: &Model, places: &[PlaceLeaves], draws: usize, seed: u64) -> Vec<Vec<f64>> {
    let weight = |found: &PlaceLeaves| -> f64 {
        found
            .leaves
            .iter()
            .filter(|leaf| leaf.set.is_some())
            .map(|leaf| leaf.weight)
            .sum()
    };
    let known: Vec<(usize, f64, u32)> = places
        .iter()
        .enumerate()
        .map(|(place, found)| (place, weight(found), model.roster.only_at_death_in(place)))
        .filter(|(_, weight, _)| *weight > 0.0)
        .collect();
    let all: f64 = known.iter().map(|(_, weight, _)| weight).sum();
    let died: u32 = known.iter().map(|(.., died)| died).sum();
    let mut moved = vec![Vec::new(); places.len()];
    if died == 0 || known.len() < 2 {
        return moved;
    }
    let observed: Vec<Observed> = known
        .iter()
        .map(|(_, weight, died_here)| Observed {
            count: u64::from(*died_here),
            expected: weight * f64::from(died) / all,
        })
        .collect();
    // Where the family cannot be drawn the places are taken as alike.
    if let Ok(family) = shrink_ratios(&observed, RatioPrior::default(), draws, seed) {
        for ((place, ..), ratio) in known.iter().zip(family.groups) {
            if let Some(moved) = moved.get_mut(*place) {
                *moved = ratio.draws().to_vec();
            }
        }
    }
    moved
}
