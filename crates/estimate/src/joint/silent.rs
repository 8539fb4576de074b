//! Organisations that sent nothing, or too little for their lists to speak: filled from their peers and their deaths.
//!
//! **Formula.** With *e* primaries a year, a place has λ ρ *e* new people a year, ρ being the rate of all places with a
//! breast service whose lists speak. Over those places λ is a Gamma family ([`shrink_ratios`]); at a silent place the family
//! is joined by its *D* deaths of breast cancer against *E* expected at λ = 1: λ ~ Gamma(ν + *D*, α + *E*). Whoever was
//! found there all the same is among them.
//!
//! **When it fails.** When places fell silent because they are unlike the others in more than their deaths show.

use rand::RngExt;
use rand_distr::{Distribution, Gamma};

use crate::EstimateError;
use crate::Observed;
use crate::shrink::{RatioPrior, shrink_ratios};

use super::chance::{Cause, Seeds};
use super::roster::Roster;
use super::sampling::poisson;
use super::sets::Sets;
use super::study::{Exit, Study};

/// A silent place in one year.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) place: usize,
    pub(super) year: usize,
    /// Primaries in the part of the year that is counted.
    exposure: f64,
    /// People found there all the same, by class.
    found: Vec<f64>,
}

impl Leaf {
    /// People found there all the same; without PPVs, as they stand.
    pub(super) fn found(&self, ppv: &[f64]) -> f64 {
        let right = |class: usize| ppv.get(class).copied().unwrap_or(1.0);
        self.found
            .iter()
            .enumerate()
            .map(|(class, people)| people * right(class))
            .sum()
    }
}

/// All silent places.
pub(super) struct Silent {
    pub(super) leaves: Vec<Leaf>,
    /// Deaths, and deaths expected of a place like the others, by place.
    deaths: Vec<(f64, f64)>,
    /// (ν, α) of the family, in draws.
    family: Vec<(f64, f64)>,
    /// Primaries of the places whose lists speak, over all years.
    exposure: f64,
    /// The share of the people found where lists speak who were found at these places; the others stand against no primaries.
    in_scope: f64,
}

impl Silent {
    pub(super) fn of(
        study: &Study,
        roster: &Roster,
        sets: &Sets,
        middle: &[f64],
        seed: u64,
    ) -> Result<Self, EstimateError> {
        let sums: Vec<PlaceSums> = (0..study.places.len())
            .map(|place| PlaceSums::of(study, roster, sets, middle, place))
            .collect();
        let exposure: f64 = sums.iter().map(|sums| sums.exposure).sum();
        let found: f64 = sums.iter().map(|sums| sums.found).sum();
        let elsewhere: f64 = sums.iter().map(|sums| sums.elsewhere).sum();
        let deaths: f64 = sums.iter().map(|sums| sums.deaths).sum();
        let mut silent = Self {
            leaves: Vec::new(),
            deaths: Vec::new(),
            family: Vec::new(),
            exposure,
            in_scope: found / (found + elsewhere).max(1e-9),
        };
        if exposure <= 0.0 || found <= 0.0 {
            return Ok(silent);
        }
        for (place, sums) in sums.iter().enumerate() {
            silent
                .deaths
                .push((sums.silent_deaths, sums.silent_exposure * deaths / exposure));
            silent.leaves.extend(leaves(study, roster, sets, place));
        }
        if silent.leaves.is_empty() {
            return Ok(silent);
        }
        let peers = sums.iter().filter(|sums| sums.exposure > 0.0);
        let observed: Vec<Observed> = peers
            .map(|sums| Observed {
                count: sums.found.round() as u64,
                expected: sums.exposure * found / exposure,
            })
            .collect();
        let drawn = shrink_ratios(&observed, RatioPrior::default(), 2_000, seed)?;
        let shapes = drawn.mean.draws().iter().zip(drawn.spread.draws());
        silent.family = shapes
            .map(|(mean, spread)| {
                let rate = mean / (spread * spread).max(1e-9);
                (mean * rate, rate)
            })
            .collect();
        Ok(silent)
    }

    /// ρ, where there are so many new people at all places whose lists speak.
    pub(super) fn rate(&self, new: f64) -> f64 {
        new * self.in_scope / self.exposure.max(1e-9)
    }

    /// People of each leaf whom nobody found, in one draw; `rate` is ρ.
    pub(super) fn draw(
        &self,
        rate: f64,
        ppv: &[f64],
        seeds: Seeds,
        draw: usize,
    ) -> Result<Vec<f64>, EstimateError> {
        let mut chance = seeds.chance(Cause::Silent, draw);
        let mut ratio = (usize::MAX, 0.0);
        let mut people = Vec::with_capacity(self.leaves.len());
        let pick = chance.random_range(0..self.family.len().max(1));
        let (shape, scale) = self.family.get(pick).copied().unwrap_or((1.0, 1.0));
        for leaf in &self.leaves {
            if ratio.0 != leaf.place {
                let (died, expected) = self.deaths.get(leaf.place).copied().unwrap_or((0.0, 0.0));
                let law = Gamma::new(shape + died, 1.0 / (scale + expected))
                    .map_err(|_| EstimateError::NotPositive("a figure of the family"))?;
                ratio = (leaf.place, law.sample(&mut chance));
            }
            let all = poisson(ratio.1 * rate * leaf.exposure, &mut chance)? as f64;
            people.push((all - leaf.found(ppv)).max(0.0));
        }
        Ok(people)
    }
}

/// What a place brings to the family, from its years with lists; and what it has in its silent ones.
#[derive(Default)]
struct PlaceSums {
    exposure: f64,
    found: f64,
    /// Found in years with lists, and the place is none of those that have a rate.
    elsewhere: f64,
    deaths: f64,
    silent_exposure: f64,
    silent_deaths: f64,
}

impl PlaceSums {
    fn of(study: &Study, roster: &Roster, sets: &Sets, middle: &[f64], place: usize) -> Self {
        let mut sums = Self::default();
        let years = study.years();
        let covered: Vec<bool> = (0..years).map(|year| sets.covers(study, place, year)).collect();
        let in_scope = study.places.get(place).is_some_and(|place| place.in_scope);
        let mut deaths = vec![0.0; years];
        for (year, people) in roster.only_at_death.get(place).into_iter().flatten().enumerate() {
            if let Some(sum) = deaths.get_mut(year) {
                *sum += people.len() as f64;
            }
        }
        let first = f64::from(study.first_year);
        let covers = |time: f64| {
            (time >= first).then(|| {
                covered
                    .get((time - first).floor() as usize)
                    .copied()
                    .unwrap_or(false)
            })
        };
        for (member, person) in roster.at(study, place) {
            let right = middle.get(usize::from(member.class)).copied().unwrap_or(0.0);
            if covers(person.established) == Some(true) {
                let sum = if in_scope {
                    &mut sums.found
                } else {
                    &mut sums.elsewhere
                };
                *sum += right;
            }
            if let Exit::OfBreastCancer(time) = person.exit
                && time >= first
                && time < study.end
                && let Some(sum) = deaths.get_mut((time - first).floor() as usize)
            {
                *sum += right;
            }
        }
        for (year, deaths) in deaths.into_iter().enumerate() {
            if !in_scope {
                continue;
            }
            let primaries = exposure(study, place, year);
            if covered.get(year) == Some(&true) {
                sums.exposure += primaries;
                sums.deaths += deaths;
            } else {
                sums.silent_exposure += primaries;
                sums.silent_deaths += deaths;
            }
        }
        sums
    }
}

/// Primaries of a place in the part of a year that is counted.
fn exposure(study: &Study, place: usize, year: usize) -> f64 {
    let part = (study.end - f64::from(study.first_year) - year as f64).clamp(0.0, 1.0);
    study.places.get(place).map_or(0.0, |place| place.exposure * part)
}

fn leaves(study: &Study, roster: &Roster, sets: &Sets, place: usize) -> Vec<Leaf> {
    if !study.places.get(place).is_some_and(|place| place.in_scope) {
        return Vec::new();
    }
    let classes = roster
        .members
        .iter()
        .map(|member| usize::from(member.class) + 1)
        .max()
        .unwrap_or(0);
    let mut leaves: Vec<Leaf> = (0..study.years())
        .filter(|year| !sets.covers(study, place, *year) && exposure(study, place, *year) > 0.0)
        .map(|year| Leaf {
            place,
            year,
            exposure: exposure(study, place, year),
            found: vec![0.0; classes],
        })
        .collect();
    for (member, person) in roster.at(study, place) {
        let since = person.established - f64::from(study.first_year);
        let leaf = leaves
            .iter_mut()
            .find(|leaf| since >= 0.0 && leaf.year == since.floor() as usize);
        if let Some(sum) = leaf.and_then(|leaf| leaf.found.get_mut(usize::from(member.class))) {
            *sum += 1.0;
        }
    }
    leaves
}
