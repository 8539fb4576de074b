//! Reports that are still to come of the last periods, from what earlier runs of the study knew of theirs.

use rand_distr::{Distribution, Gamma};

use crate::EstimateError;
use crate::delay::ReverseHazards;

use super::assumptions::Assumptions;
use super::chance::{Cause, Seeds};
use super::sampling::poisson;
use super::study::Study;

/// What is known of delays.
pub(super) struct Late {
    hazards: Option<ReverseHazards>,
    /// For each period not yet complete: its year, its reports so far, and its delay.
    periods: Vec<(usize, u64, usize)>,
    /// People found of each year.
    reported: Vec<f64>,
}

impl Late {
    pub(super) fn of(study: &Study, assumptions: &Assumptions) -> Result<Self, EstimateError> {
        let years = study.years();
        let mut late = Self {
            hazards: None,
            periods: Vec::new(),
            reported: vec![0.0; years],
        };
        let Some(delay) = &assumptions.delay else {
            return Ok(late);
        };
        late.hazards = Some(delay.runs.hazards(delay.shrinkage)?);
        for (back, (at, found)) in delay.runs.latest().rev().enumerate() {
            let middle = study.end - (back as f64 + 0.5) / f64::from(delay.periods_a_year.max(1));
            let since = middle - f64::from(study.first_year);
            if since < 0.0 {
                continue;
            }
            let year = (since.floor() as usize).min(years.saturating_sub(1));
            if let Some(sum) = late.reported.get_mut(year) {
                *sum += found as f64;
            }
            if at < delay.runs.longest() {
                late.periods.push((year, found, at));
            }
        }
        Ok(late)
    }

    /// For each year, people still to be reported over people reported, in one draw.
    ///
    /// **Formula.** As [`nowcast`](crate::delay::nowcast), with the same share reported for all periods of a draw, and
    /// as much wider as runs are [found to vary](crate::delay::Runs::hazards).
    pub(super) fn draw(&self, seeds: Seeds, draw: usize) -> Result<Vec<f64>, EstimateError> {
        let mut ratios = vec![0.0; self.reported.len()];
        let Some(hazards) = &self.hazards else {
            return Ok(ratios);
        };
        let mut chance = seeds.chance(Cause::Delay, draw);
        let shares = hazards.draw(&mut chance)?;
        for (year, reports, delay) in &self.periods {
            let share = shares.get(*delay).copied().unwrap_or(1.0);
            let odds = (1.0 - share) / share.max(1e-6);
            // One report more than there were, so that a month without any is not certain to stay so.
            let wider = hazards.dispersion();
            let mean = Gamma::new((*reports as f64 + 0.5) / wider, odds.max(1e-9) * wider)
                .map_err(|_| EstimateError::NotFinite)?
                .sample(&mut chance);
            let more = poisson(mean, &mut chance)?;
            if let (Some(ratio), Some(reported)) = (ratios.get_mut(*year), self.reported.get(*year)) {
                *ratio += more as f64 / reported.max(1.0);
            }
        }
        Ok(ratios)
    }
}
