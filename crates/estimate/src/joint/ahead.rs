//! How many people will be living with the disease in the years to come, draw by draw, under named courses of new cases.
//!
//! Most of those who will be living are known already. They die as the survival of each draw says; new people come as they
//! came, by one of three courses, and none of them is a forecast.

use crate::EstimateError;
use crate::project::new_cases_ahead;

use super::chance::Seeds;
use super::course::Course;
use super::figures::of_numbers;
use super::model::Model;
use super::proposals::Kept;
use super::ratios::last_whole;
use super::result::{Figures, Year};

/// Years looked ahead.
pub const FARTHEST: usize = 10;

/// Years before the first that people may live on from.
const EARLIER: usize = 40;

/// The last years from which a trend of new cases is read.
const TREND: usize = 5;

/// How new cases go on. The last year is the last whole one that is known; where nothing corrects for late reports, the last
/// whole one but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewAhead {
    /// As many each year as in the last.
    AsNow,
    /// The trend of the last five years goes on, and fades by a tenth each year.
    Fading,
    /// The trend of the last five years goes on.
    GoesOn,
}

impl NewAhead {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AsNow, Self::Fading, Self::GoesOn];

    /// In tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AsNow => "as_now",
            Self::Fading => "trend_fades",
            Self::GoesOn => "trend_goes_on",
        }
    }

    /// What is left of the trend from one year to the next.
    fn damping(self) -> f64 {
        match self {
            Self::AsNow => 0.0,
            Self::Fading => 0.9,
            Self::GoesOn => 1.0,
        }
    }
}

/// People living at the end of a year to come, if new cases go on in one way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// How new cases go on.
    pub new: NewAhead,
    /// The year.
    pub year: i32,
    /// Living at its end.
    pub living: Figures,
    /// The same over those living at the end of the last whole year of the study.
    pub times_now: Figures,
}

/// The years after the last whole one.
///
/// **Formula.** In each draw, with *I* its new people by year (but for those found at death alone), *S* the survival of all kinds (every cause, and leaving) and
/// *T* the end of the last whole year: living at *T* + *h* = living at *T* × Σ *I*ᵧ *S*(*T* + *h* − *y* − ½) / Σ *I*ᵧ
/// *S*(*T* − *y* − ½) over years *y* up to *T*, those before the study falling backwards by the growth of the draw, + Σ
/// *I*ᵧ *S*(*T* + *h* − *y* − ½) over years after *T*, whose *I* goes on from the last year known, *k*, as
/// [`project`](crate::project()) says, with *b* = (log *I*ₖ − log *I*ₖ₋₅)/5 and damping 0, 0.9 and 1. With a correction for
/// late reports *k* is the last whole year. Without one many of its people are not yet reported, and their number would pass
/// for a fall; so *k* is the year before, *I* of the last whole year is taken to be *I*ₖ, and the years ahead go on from it.
///
/// **Errors.** Fewer than six years of new people up to *k*.
///
/// **When it fails.** With a new treatment, another way of recording, a pandemic. Survival stays as it was watched: what
/// better treatment will add is in none of the three. The chance of single lives is not in the interval. Those living at *T*
/// stay as they are counted, so whoever is not yet reported of them is missing from all years ahead, and the first of these
/// rise by what reports add to a year; and reports that are more than a year late are missing from *k*, too.
pub(super) fn ahead(
    model: &Model,
    kept: &Kept,
    years: &[Year],
    seeds: Seeds,
) -> Result<Vec<Ahead>, EstimateError> {
    let last = last_whole(model);
    let watched = years.get(..=last).ok_or(EstimateError::Empty)?;
    let corrected = model.assumptions.delay.is_some();
    let mut found = Vec::new();
    for new in NewAhead::ALL {
        let mut living = vec![Vec::new(); FARTHEST];
        let mut times = vec![Vec::new(); FARTHEST];
        for (at, (seed, draw)) in kept.draws().into_iter().enumerate() {
            let [.., curve] = model.courses(seeds, seed)?;
            // Whoever was found at death alone lives at the end of no year.
            let unreached = model.unreached(draw);
            let of = |(year, dead): (&Year, f64)| {
                let new = year.new.get(at).copied().map_or(0.0, f64::from);
                (new - dead).max(0.0)
            };
            let past: Vec<f64> = watched.iter().zip(unreached).map(of).collect();
            let now = watched
                .last()
                .and_then(|year| year.living.get(at))
                .map_or(0.0, |living| f64::from(*living));
            let (past, come_new) = new_people(&past, corrected, new.damping())?;
            for (ahead, living, times) in by_year(&mut living, &mut times) {
                let people =
                    now * still(&past, draw.older.growth, curve, ahead) + come(&come_new, curve, ahead);
                living.push(people);
                times.push(people / now);
            }
        }
        for (at, (living, times)) in living.into_iter().zip(times).enumerate() {
            found.push(Ahead {
                new,
                year: model.study.first_year + (last + 1 + at) as i32,
                living: of_numbers(living).ok_or(EstimateError::NotFinite)?,
                times_now: of_numbers(times).ok_or(EstimateError::NotFinite)?,
            });
        }
    }
    Ok(found)
}

/// New people of the years up to the last whole one, and of those ahead.
///
/// Where nothing corrects for late reports the last year is as the one before, as far as anybody knows.
fn new_people(found: &[f64], corrected: bool, damping: f64) -> Result<(Vec<f64>, Vec<f64>), EstimateError> {
    let known = match found.split_last() {
        Some((_, before)) if !corrected => before,
        _ => found,
    };
    let mut past = new_cases_ahead(known, FARTHEST, damping, TREND)?;
    let ahead = past.split_off(known.len());
    if !corrected {
        past.extend(known.last());
    }
    Ok((past, ahead))
}

/// Years ahead, from 1, with where their draws go.
fn by_year<'a>(
    living: &'a mut [Vec<f64>],
    times: &'a mut [Vec<f64>],
) -> impl Iterator<Item = (usize, &'a mut Vec<f64>, &'a mut Vec<f64>)> {
    (1..)
        .zip(living.iter_mut().zip(times))
        .map(|(ahead, (living, times))| (ahead, living, times))
}

/// Of those living now, the share living some years on.
fn still(past: &[f64], growth: f64, curve: &Course, ahead: usize) -> f64 {
    let first = past.first().copied().unwrap_or(0.0);
    let earlier = (1..=EARLIER).map(|before| first * (-growth * before as f64).exp());
    let (mut now, mut then) = (0.0, 0.0);
    for (ago, new) in past.iter().rev().copied().chain(earlier).enumerate() {
        let since = ago as f64 + 0.5;
        now += new * curve.alive_after(since);
        then += new * curve.alive_after(since + ahead as f64);
    }
    if now > 0.0 { then / now } else { 0.0 }
}

/// Of those who fall ill in the years ahead, how many are living at the end of one.
fn come(new: &[f64], curve: &Course, ahead: usize) -> f64 {
    let living = new.iter().take(ahead).enumerate();
    living
        .map(|(year, new)| new * curve.alive_after((ahead - year) as f64 - 0.5))
        .sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::survival::Family;

    fn exponential(rate: f64) -> Course {
        let family = Family::Weibull {
            shape: 1.0,
            scale: 1.0 / rate,
        };
        Course::of(family, family, 60.0, 0.0, 0.0)
    }

    /// With a constant hazard and as many new each year, nothing changes: *I* = living × hazard, nearly.
    #[test]
    fn a_steady_state_stays() {
        let curve = exponential(0.4);
        let past = vec![100.0; 10];
        let living: f64 = (0..50)
            .map(|ago| 100.0 * curve.alive_after(f64::from(ago) + 0.5))
            .sum();
        for ahead in 1..=FARTHEST {
            let then = living * still(&past, 0.0, &curve, ahead) + come(&[100.0; FARTHEST], &curve, ahead);
            assert!((then / living - 1.0).abs() < 1e-6, "{ahead}: {then} of {living}");
        }
    }

    /// New people grow by 2 % a year, and a quarter of the last year's are still to be reported. Where nothing corrects for
    /// that, the year before says how many come and by how much they grow; where something does, the last year itself.
    #[test]
    fn late_reports_are_no_trend() {
        let grown = |year: i32| 100.0 * 1.02_f64.powi(year);
        let mut found: Vec<f64> = (0..8).map(grown).collect();
        let near = |found: &[f64], wanted: &[f64]| {
            assert_eq!(found.len(), wanted.len());
            let close = |(a, b): (&f64, &f64)| (a / b - 1.0_f64).abs() < 1e-12;
            assert!(found.iter().zip(wanted).all(close), "{found:?} {wanted:?}");
        };
        let (past, ahead) = new_people(&found, true, 1.0).unwrap();
        near(&past, &found);
        near(&ahead, &(8..18).map(grown).collect::<Vec<_>>());
        found[7] *= 0.75;
        let (past, ahead) = new_people(&found, false, 1.0).unwrap();
        near(&past[..7], &found[..7]);
        near(&past[7..], &[grown(6)]);
        near(&ahead, &(7..17).map(grown).collect::<Vec<_>>());
        let (_, ahead) = new_people(&found, false, 0.0).unwrap();
        near(&ahead, &[grown(6); FARTHEST]);
        // Six years are needed up to the last that is known.
        assert!(new_people(&found[..6], true, 1.0).is_ok() && new_people(&found[..6], false, 1.0).is_err());
    }

    /// By hand: nobody new, half die each year: a quarter lives after two years.
    #[test]
    fn without_new_people_they_die_out() {
        let curve = exponential(2.0_f64.ln());
        assert!((still(&[80.0, 90.0], 0.0, &curve, 2) - 0.25).abs() < 1e-9);
        assert!((come(&[100.0, 0.0], &curve, 1) - 100.0 * 0.5_f64.sqrt()).abs() < 1e-9);
        assert!((come(&[100.0, 0.0], &curve, 2) - 100.0 * 0.5_f64.powf(1.5)).abs() < 1e-9);
    }
}
