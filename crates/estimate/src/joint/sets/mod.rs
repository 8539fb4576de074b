//! Closed sets: people first metastatic in the same years, of one kind and age, whom the same lists could show.
//!
//! A list that did not cover a place in a year is missing there, so people of places with different lists are never
//! laid into one table as if the missing list had said "nobody". Where few people have the same lists, those with more
//! lists are read with the further lists left out.

mod fit;
mod split;

pub(super) use fit::Law;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::EstimateError;
use crate::lists::{History, Missed};

use super::assumptions::Assumptions;
use super::definition::Definition;
use super::error::JointError;
use super::mixtures::{Estimator, Mixtures};
use super::roster::Roster;
use super::study::{Kind, Person, Study};

/// What people of one set have in common, at its finest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) lists: History,
    pub(super) nation: u16,
    pub(super) block: u16,
    pub(super) kind: Kind,
    pub(super) age: u8,
}

/// How many people stand behind a key.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// Watched for the whole window: by lists that show them and class.
    pub(super) ready: BTreeMap<(History, u16), f64>,
    /// Everyone: by year, kind and class.
    pub(super) all: BTreeMap<(u16, Kind, u16), f64>,
}

/// People whose unseen are estimated together.
pub(super) struct Set {
    /// What the estimators believe of the unseen, each with equal weight, at the middle of every PPV.
    pub(super) laws: Vec<(Estimator, Law)>,
    /// How the log of the unseen moves with the PPV of each class.
    pub(super) slope: Vec<f64>,
    /// Found by no list within the window but found all the same, by class: among the unseen of the lists.
    pub(super) otherwise: Vec<f64>,
    /// People watched long enough whose lists were compared, weighted by the middle of their PPV.
    pub(super) ready: f64,
    /// Of them, the set's own: fewer where it borrows from a wider table.
    pub(super) own: f64,
    /// The chance to be on no list, once it is known how many are.
    pub(super) missed: Missed,
    /// Everyone, by year, kind and class.
    pub(super) all: Vec<((u16, Kind, u16), f64)>,
    /// More pairs of lists than chance allows share people: people differ in how likely they are to be listed.
    pub(super) pairs: Vec<f64>,
}

impl Set {
    /// The first of these estimators that has an answer here, and what it believes.
    pub(super) fn first_of(&self, order: &[Estimator]) -> Option<&(Estimator, Law)> {
        order
            .iter()
            .find_map(|wanted| self.laws.iter().find(|(estimator, _)| estimator == wanted))
    }
}

/// All sets, and who belongs to which.
pub(super) struct Sets {
    pub(super) sets: Vec<Set>,
    /// Those that have an answer in any set.
    pub(super) estimators: Vec<Estimator>,
    of_key: BTreeMap<Key, usize>,
    /// Combinations of lists that speak.
    speaking: BTreeSet<History>,
    block_years: usize,
}

impl Sets {
    /// Lays the people into sets and asks the lists.
    pub(super) fn of(
        study: &Study,
        assumptions: &Assumptions,
        roster: &Roster,
        definition: &Definition,
        mixtures: Mixtures,
        seed: u64,
    ) -> Result<Self, EstimateError> {
        let tables = tables(study, assumptions, roster);
        if tables.is_empty() {
            return Err(JointError::OneList.into());
        }
        if tables.values().all(|table| table.ready.is_empty()) {
            return Err(JointError::NoClosedSet.into());
        }
        let fitter = fit::Fitter {
            names: &study.lists,
            definition,
            mixtures,
            latent_classes: assumptions.latent_classes,
            least: assumptions.least_in_set,
            seed,
        };
        let by_lists: Vec<(History, Vec<Key>)> = by_lists(&tables).into_iter().collect();
        let fitted: Vec<_> = by_lists
            .par_iter()
            .map(|(lists, keys)| split::fitted(&tables, *lists, keys, &fitter))
            .collect();
        let mut sets = Vec::new();
        let mut of_key = BTreeMap::new();
        let mut refused = None;
        for parts in fitted {
            match parts {
                Ok(parts) => {
                    for (keys, set) in parts {
                        of_key.extend(keys.into_iter().map(|key| (key, sets.len())));
                        sets.push(set);
                    }
                }
                Err(reason) => refused = refused.or(Some(reason)),
            }
        }
        let speaking = of_key.keys().map(|key: &Key| key.lists).collect();
        match refused {
            Some(EstimateError::Lists(reason)) if sets.is_empty() => Err(JointError::Lists(reason).into()),
            Some(reason) if sets.is_empty() => Err(reason),
            _ => Ok(Self {
                estimators: estimators(&sets),
                sets,
                of_key,
                speaking,
                block_years: assumptions.block_years,
            }),
        }
    }

    /// The set of a person, if the lists of the person's place speak.
    pub(super) fn set_of(&self, study: &Study, person: &Person) -> Option<usize> {
        let key = key_of(study, person, self.block_years)?;
        self.of_key.get(&key).copied()
    }

    /// Whether anybody of a place and year is in a set: else the place counts as silent in it.
    pub(super) fn covers(&self, study: &Study, place: usize, year: usize) -> bool {
        let Some(place) = study.places.get(place) else {
            return false;
        };
        let lists = place.sent.get(year).copied().unwrap_or(0);
        self.speaking.contains(&lists)
    }
}

/// The estimators that have an answer in any set.
fn estimators(sets: &[Set]) -> Vec<Estimator> {
    let has = |wanted: Estimator| {
        let mut laws = sets.iter().flat_map(|set| &set.laws);
        laws.any(|(estimator, _)| *estimator == wanted)
    };
    let all = Mixtures::ALL.estimators.iter().copied();
    all.filter(|estimator| has(*estimator)).collect()
}

/// The key of somebody established within the study, at a place with two lists or more in that year.
fn key_of(study: &Study, person: &Person, block_years: usize) -> Option<Key> {
    let since = person.established - f64::from(study.first_year);
    if since < 0.0 {
        return None;
    }
    let year = since.floor() as usize;
    let place = study.places.get(person.place as usize)?;
    let lists = place.sent.get(year).copied()?;
    (lists.count_ones() >= 2).then(|| Key {
        lists,
        nation: place.nation,
        block: (year / block_years.max(1)) as u16,
        kind: person.kind,
        age: match person.born.map(|born| person.established - born) {
            Some(age) if age < 55.0 => 0,
            Some(age) if age >= 75.0 => 2,
            _ => 1,
        },
    })
}

fn tables(study: &Study, assumptions: &Assumptions, roster: &Roster) -> BTreeMap<Key, Table> {
    let mut tables: BTreeMap<Key, Table> = BTreeMap::new();
    for member in &roster.members {
        let Some(person) = study.people.get(member.person as usize) else {
            continue;
        };
        let Some(key) = key_of(study, person, assumptions.block_years) else {
            continue;
        };
        let table = tables.entry(key).or_default();
        let year = (person.established - f64::from(study.first_year)).floor() as u16;
        *table.all.entry((year, person.kind, member.class)).or_default() += 1.0;
        if person.established + assumptions.window <= study.end {
            // A missed link leaves one person twice; a false one hides people. Both are taken at their expectation.
            let people = 1.0 - f64::from(person.missed_links) + f64::from(person.false_links);
            let shown = (person.pattern & key.lists, member.class);
            *table.ready.entry(shown).or_default() += people;
        }
    }
    tables
}

fn by_lists(tables: &BTreeMap<Key, Table>) -> BTreeMap<History, Vec<Key>> {
    let mut found: BTreeMap<History, Vec<Key>> = BTreeMap::new();
    for key in tables.keys() {
        found.entry(key.lists).or_default().push(*key);
    }
    found
}
