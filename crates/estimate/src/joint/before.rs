//! People whose disease is older than the records.
//!
//! Two beliefs, because each fails where the other holds. Each is proposed in half of the draws, and kept as far as the
//! certificates allow:
//!
//! - *by the index*: new cases of the first years, falling backwards by the growth assumed, and survival say how many
//!   were alive as the records began, and how many of those still are at each year's end (the completeness index, read
//!   forwards). Whoever was found of them is taken off, moment by moment. It rests on the tail of survival.
//! - *by the lists*: they were found as often as new people are. It rests on records that do not lose people who have
//!   lived long with the disease.
//!
//! **Source.** R. Capocaccia and R. De Angelis, Statistics in Medicine 16 (1997) 425–440.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::EstimateError;

use super::chance::{Cause, Seeds};
use super::course::{Course, STEP};
use super::grid::KINDS;
use super::mixtures::Belief;
use super::roster::Roster;
use super::sampling::poisson;
use super::study::Study;

/// Found people of before the records, alive at the start and at each year's end: by kind, moment and class.
pub(super) struct Before {
    found: Vec<Vec<Vec<f64>>>,
    growth: (f64, f64),
    /// Each as likely, before the certificates are asked.
    beliefs: &'static [Belief],
    /// Moments since the records began: the start and each year's end.
    moments: Vec<f64>,
}

/// People of before the records whom nobody found, in one draw.
#[derive(Debug, Clone, Default)]
pub(super) struct Older {
    /// How many, by kind.
    pub(super) people: [u32; 3],
    /// The share of them alive at the start (1) and at each year's end, by kind.
    pub(super) alive: [Vec<f64>; 3],
    /// The growth of the draw.
    pub(super) growth: f64,
    /// What the draw believes of them.
    pub(super) belief: Option<Belief>,
}

impl Before {
    pub(super) fn of(
        study: &Study,
        roster: &Roster,
        growth: (f64, f64),
        classes: usize,
        beliefs: &'static [Belief],
    ) -> Self {
        let first = f64::from(study.first_year);
        let moments: Vec<f64> = std::iter::once(0.0)
            .chain((0..study.years()).map(|year| study.year_end(year) - first))
            .collect();
        let mut found = vec![vec![vec![0.0; classes]; moments.len()]; KINDS.len()];
        for member in &roster.members {
            let Some(person) = study.people.get(member.person as usize) else {
                continue;
            };
            if person.established >= first {
                continue;
            }
            let Some(by_moment) = found.get_mut(person.kind as usize) else {
                continue;
            };
            for (moment, by_class) in moments.iter().zip(by_moment) {
                if person.exit.time() >= first + moment
                    && let Some(sum) = by_class.get_mut(usize::from(member.class))
                {
                    *sum += 1.0;
                }
            }
        }
        Self {
            found,
            growth,
            beliefs,
            moments,
        }
    }

    /// One draw; `new` is new people a year in the first years, by kind, and `unfound` how many new people were not
    /// found for each who was.
    pub(super) fn draw(
        &self,
        (new, unfound): ([f64; 3], f64),
        courses: &[Course; 3],
        ppv: &[f64],
        seeds: Seeds,
        draw: usize,
    ) -> Result<Older, EstimateError> {
        let mut chance = seeds.chance(Cause::Before, draw);
        let noise: f64 = StandardNormal.sample(&mut chance);
        let at = chance.random_range(0..self.beliefs.len().max(1));
        let belief = self.beliefs.get(at).copied();
        let by_lists = belief == Some(Belief::FoundAlike);
        let growth = (self.growth.0 + self.growth.1 * noise).clamp(-0.5, 0.5);
        let mut older = Older {
            growth,
            belief,
            ..Older::default()
        };
        for (kind, course) in courses.iter().enumerate() {
            let yearly = new.get(kind).copied().unwrap_or(0.0);
            let expected = alive_at(course, growth, &self.moments)
                .into_iter()
                .map(|share| yearly * share);
            let found = self.found.get(kind).into_iter().flatten();
            let found = found.map(|by_class| by_class.iter().zip(ppv).map(|(n, ppv)| n * ppv).sum::<f64>());
            let rest = |(all, found): (f64, f64)| if by_lists { found * unfound } else { all - found };
            let rest: Vec<f64> = expected.zip(found).map(|pair| rest(pair).max(0.0)).collect();
            let start = rest.first().copied().unwrap_or(0.0);
            let mut last = 1.0_f64;
            let alive = rest.iter().map(|now| {
                last = if start > 0.0 { last.min(now / start) } else { 0.0 };
                last
            });
            let alive: Vec<f64> = alive.collect();
            let drawn = poisson(start, &mut chance)?;
            if let (Some(people), Some(shares)) = (older.people.get_mut(kind), older.alive.get_mut(kind)) {
                *people = u32::try_from(drawn).unwrap_or(u32::MAX);
                *shares = alive;
            }
        }
        Ok(older)
    }
}

/// The step in which the years before the records are added up, and the part of a person that is nobody.
const LAG: f64 = 0.5;
const NOBODY: f64 = 1e-5;

/// Of one new person a year, growing by `growth`, how many are alive at each moment after the records began.
fn alive_at(course: &Course, growth: f64, moments: &[f64]) -> Vec<f64> {
    let longest = course.alive.len().saturating_sub(1) as f64 * STEP;
    let mut sums = vec![0.0; moments.len()];
    let mut lived = LAG / 2.0;
    while lived < longest {
        let weight = LAG * (-growth * lived).exp();
        if weight * course.alive_after(lived) < NOBODY {
            break;
        }
        for (sum, moment) in sums.iter_mut().zip(moments) {
            *sum += weight * course.alive_after(lived + moment);
        }
        lived += LAG;
    }
    sums
}

/// For how long somebody had lived with the disease as the records began: drawn by those alive then.
pub(super) fn lived_before(course: &Course, growth: f64, chance: &mut impl rand::Rng) -> f64 {
    // By rejection: any time back, kept in proportion to those alive.
    let lags = course.alive.len().saturating_sub(1).max(1);
    for _ in 0..1_000 {
        let lived = chance.random::<f64>() * lags as f64 * STEP;
        let height = course.alive_after(lived) * (-growth * lived).exp().min(1.0);
        if chance.random::<f64>() < height {
            return lived;
        }
    }
    0.0
}
