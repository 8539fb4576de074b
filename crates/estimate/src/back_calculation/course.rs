//! The course of the disease in a population: who gets it, who lives, who dies.

use std::sync::Arc;

use crate::EstimateError;
use crate::prevalence::{ByDuration, Kernels};

/// New cases by year and what becomes of them. Everything that is said about living and dying comes from here, so
/// it reconciles: living at the end of a year = living at its start + new − died.
#[derive(Debug, Clone)]
pub struct Course {
    first_year: i32,
    incidence: Vec<f64>,
    /// By year of diagnosis, each as long as the calendar lasts.
    kernels: Arc<Vec<Kernels>>,
    share_found_at_death: f64,
}

/// How the field checks itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratios {
    /// People living over deaths of the year: about the mean number of years lived with the disease.
    pub living_over_deaths: f64,
    /// New cases over deaths of the year: near 1 in a steady state.
    pub new_over_deaths: f64,
    /// Whether living over deaths lies outside 2 to 5.5, or new over deaths outside 0.8 to 1.25: a reason to look
    /// again.
    pub unusual: bool,
}

impl Course {
    pub(crate) fn new(
        first_year: i32,
        incidence: Vec<f64>,
        kernels: Arc<Vec<Kernels>>,
        share_found_at_death: f64,
    ) -> Self {
        Self {
            first_year,
            incidence,
            kernels,
            share_found_at_death,
        }
    }

    /// The first year with new cases.
    pub fn first_year(&self) -> i32 {
        self.first_year
    }

    /// The last year.
    pub fn last_year(&self) -> i32 {
        self.first_year + self.incidence.len() as i32 - 1
    }

    /// New cases by year.
    pub fn incidence(&self) -> &[f64] {
        &self.incidence
    }

    /// The share of deaths in people in whom the disease was found at death only, or never.
    pub fn share_found_at_death(&self) -> f64 {
        self.share_found_at_death
    }

    /// New cases of a year, those found at death not among them.
    ///
    /// **Errors.** A year outside the course.
    pub fn new_in(&self, year: i32) -> Result<f64, EstimateError> {
        self.incidence
            .get(self.index(year)?)
            .copied()
            .ok_or(EstimateError::Empty)
    }

    /// People alive at the end of a year, by whole years since diagnosis.
    ///
    /// **Formula.** Σ over years *y* of *I*ᵧ·*a* of lag *t* − *y*.
    ///
    /// **Errors.** A year outside the course.
    pub fn alive_at_end(&self, year: i32) -> Result<ByDuration, EstimateError> {
        let index = self.index(year)?;
        let by_lag = |row: fn(&Kernels) -> &[f64]| -> Vec<f64> {
            (0..=index).map(|lag| self.at_lag(index, lag, row)).collect()
        };
        ByDuration::new(by_lag(|kernels| &kernels.alive))
    }

    /// Deaths from the disease expected in a year, those found at death among them.
    ///
    /// **Formula.** Σ *I*ᵧ·*q* / (1 − *f*), with *f* the share found at death.
    ///
    /// **Errors.** A year outside the course.
    pub fn deaths_in(&self, year: i32) -> Result<f64, EstimateError> {
        let known: f64 = self.sum(year, |kernels| &kernels.dying)?;
        Ok(known / (1.0 - self.share_found_at_death))
    }

    /// Deaths of a year in people in whom nobody had recorded the disease.
    ///
    /// **Errors.** A year outside the course.
    pub fn found_at_death_in(&self, year: i32) -> Result<f64, EstimateError> {
        Ok(self.deaths_in(year)? * self.share_found_at_death)
    }

    /// Deaths of other causes among people with the disease, expected in a year.
    ///
    /// **Errors.** A year outside the course.
    pub fn other_deaths_in(&self, year: i32) -> Result<f64, EstimateError> {
        self.sum(year, |kernels| &kernels.other_causes)
    }

    /// Living over deaths, and new over deaths, at the end of a year, with the deaths that the course expects.
    ///
    /// **Errors.** A year outside the course; no deaths in it.
    pub fn ratios(&self, year: i32) -> Result<Ratios, EstimateError> {
        let deaths = self.deaths_in(year)?;
        if deaths <= 0.0 {
            return Err(EstimateError::NoDeaths);
        }
        let living_over_deaths = self.alive_at_end(year)?.total() / deaths;
        let new_over_deaths = self.new_in(year)? / deaths;
        let usual = (2.0..=5.5).contains(&living_over_deaths) && (0.8..=1.25).contains(&new_over_deaths);
        Ok(Ratios {
            living_over_deaths,
            new_over_deaths,
            unusual: !usual,
        })
    }

    fn sum(&self, year: i32, row: fn(&Kernels) -> &[f64]) -> Result<f64, EstimateError> {
        let index = self.index(year)?;
        Ok((0..=index).map(|lag| self.at_lag(index, lag, row)).sum())
    }

    /// What those diagnosed `lag` years before the year of `index` contribute to it.
    fn at_lag(&self, index: usize, lag: usize, row: fn(&Kernels) -> &[f64]) -> f64 {
        let diagnosed = index - lag;
        let new = self.incidence.get(diagnosed).copied().unwrap_or(0.0);
        let share = self
            .kernels
            .get(diagnosed)
            .and_then(|kernels| row(kernels).get(lag).copied());
        new * share.unwrap_or(0.0)
    }

    fn index(&self, year: i32) -> Result<usize, EstimateError> {
        let outside = EstimateError::YearOutside {
            year,
            first: self.first_year,
            last: self.last_year(),
        };
        usize::try_from(i64::from(year) - i64::from(self.first_year))
            .ok()
            .filter(|index| *index < self.incidence.len())
            .ok_or(outside)
    }
}
