//! Projection: how many people will be living with the disease in the years to come, under named scenarios.
//!
//! Most of those who will be living are known already: they are new cases of years that have passed. New cases go on
//! with their recent trend, which is damped from year to year. How survival goes on nobody knows, so there are three
//! answers and not one, and never for more than ten years.

use rand::Rng;
use rand_distr::{Distribution, Poisson};
use std::sync::Arc;

use crate::EstimateError;
use crate::back_calculation::{Course, SurvivalOverTime};

/// How survival goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SurvivalAhead {
    /// It stays as it was in the last year of the past.
    NoChange,
    /// Each year brings half of what a year brought in the past.
    HalfPastGain,
    /// Each year brings as much as a year brought in the past.
    FullPastGain,
}

impl SurvivalAhead {
    /// All of them, from the fewest people living to the most where survival improved.
    pub const ALL: [Self; 3] = [Self::NoChange, Self::HalfPastGain, Self::FullPastGain];

    /// The share of the past gain.
    pub fn share(self) -> f64 {
        match self {
            Self::NoChange => 0.0,
            Self::HalfPastGain => 0.5,
            Self::FullPastGain => 1.0,
        }
    }
}

/// How far to look, and how new cases go on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizon {
    /// Years ahead, 1 to 10.
    pub years: usize,
    /// What is left of the trend from one year to the next: 1 for all of it, 0 for none.
    pub damping: f64,
    /// The last years from which the trend is read.
    pub trend_years: usize,
}

impl Horizon {
    /// So many years, with a trend read from the last five and damped by 0.9 a year.
    pub fn of(years: usize) -> Self {
        Self {
            years,
            damping: 0.9,
            trend_years: 5,
        }
    }
}

/// The farthest that a projection reaches, years.
const FARTHEST: usize = 10;

/// The years to come under one scenario.
#[derive(Debug, Clone)]
pub struct Projected {
    /// How survival goes on.
    pub survival: SurvivalAhead,
    /// The first year that is projected.
    pub first_projected: i32,
    /// The whole course, the past with it.
    pub course: Course,
}

impl Projected {
    /// A number of people that may be living at the end of a year, chance in their lives with it.
    ///
    /// **Formula.** Poisson with the mean that the course expects: people fall ill and die independently.
    ///
    /// **Errors.** A year outside the course.
    pub fn living_by_chance(&self, year: i32, rng: &mut impl Rng) -> Result<f64, EstimateError> {
        let mean = self.course.alive_at_end(year)?.total();
        if mean <= 0.0 {
            return Ok(0.0);
        }
        let poisson = Poisson::new(mean).map_err(|_| EstimateError::NotFinite)?;
        Ok(poisson.sample(rng))
    }
}

/// Goes on with a course for some years, once for each way in which survival may go on.
///
/// **Formula.** P of year *t* = Σ *I*ᵧ *a* of lag *t* − *y*. log *I* of the *h*-th year ahead = log *I* of the year
/// before + *b* φ^*h*, with *b* the mean yearly change of log *I* over the last years and φ the damping. The median
/// of survival grows by a share of its [yearly gain](SurvivalOverTime::yearly_gain) in each year of diagnosis after the
/// last year of the course, whenever the improvement ended; those diagnosed before keep theirs.
///
/// **Source.** Damped trend: E. S. Gardner and E. McKenzie, Management Science 31 (1985) 1237–1246; projected
/// prevalence: BMC Cancer 14 (2014) 936.
///
/// **Errors.** No years or more than ten; a damping outside 0 to 1; no years to read a trend from, or a
/// course that is too short for them; nobody new in the last year, or in the one with which it is compared.
///
/// **When it fails.** With anything new: a treatment, a screening programme, a pandemic. Where survival never changed
/// in the past, all three answers are one. Call it on many drawn courses for the uncertainty of the past; the
/// scenarios are never averaged.
pub fn project(
    course: &Course,
    curves: &SurvivalOverTime,
    horizon: &Horizon,
) -> Result<Vec<Projected>, EstimateError> {
    if horizon.years == 0 || horizon.years > FARTHEST {
        return Err(EstimateError::ProjectionTooLong { years: horizon.years });
    }
    if !(0.0..=1.0).contains(&horizon.damping) {
        return Err(EstimateError::OutsideUnit("the damping"));
    }
    let incidence = new_cases_ahead(
        course.incidence(),
        horizon.years,
        horizon.damping,
        horizon.trend_years,
    )?;
    let last = course.last_year() + horizon.years as i32;
    SurvivalAhead::ALL
        .into_iter()
        .map(|survival| {
            let kernels = curves
                .going_on(survival.share(), course.last_year())
                .kernels(course.first_year(), last)?;
            Ok(Projected {
                survival,
                first_projected: course.last_year() + 1,
                course: Course::new(
                    course.first_year(),
                    incidence.clone(),
                    Arc::new(kernels),
                    course.share_found_at_death(),
                ),
            })
        })
        .collect()
}

/// New cases of the past, and of the years ahead.
pub(crate) fn new_cases_ahead(
    past: &[f64],
    years: usize,
    damping: f64,
    trend_years: usize,
) -> Result<Vec<f64>, EstimateError> {
    if trend_years == 0 {
        return Err(EstimateError::NotPositive("the years of the trend"));
    }
    let earlier = past.len().checked_sub(trend_years.saturating_add(1));
    let (Some(&last), Some(&earlier)) = (past.last(), earlier.and_then(|index| past.get(index))) else {
        return Err(EstimateError::TooFew {
            what: "years of new cases",
            needed: trend_years.saturating_add(1),
            found: past.len(),
        });
    };
    if last <= 0.0 || earlier <= 0.0 {
        return Err(EstimateError::NoTrend { years: trend_years });
    }
    let mut change = (last / earlier).ln() / trend_years as f64;
    let mut all = past.to_vec();
    let mut new = last;
    for _ in 0..years {
        change *= damping;
        new *= change.exp();
        all.push(new);
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
