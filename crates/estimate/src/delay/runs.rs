//! What was known when: the same periods as several runs found them.
//!
//! No record says when it was reported, but a study that is run again finds people of older periods whom the run
//! before did not know. Two runs are enough to see how much comes at each delay: every period that both know is a row
//! of a table whose left part nobody saw. Hazards read backwards need no more (that is what they are for).

use crate::EstimateError;

use super::hazards::{Hazard, ReverseHazards, of_counts};
use super::triangle::Triangle;

/// What one run knew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The period, counted from 0, at whose end the run looked.
    pub at: usize,
    /// People found of each period from 0 to `at`.
    pub found: Vec<u64>,
}

/// People found by period and delay, as far as any run saw them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    /// By period, then by delay from 0 up to the longest: everyone found by then.
    known: Vec<Vec<Option<u64>>>,
    /// As the last run found each period.
    found: Vec<u64>,
}

/// How many times as many a period will have in the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Found so far.
    pub found: u64,
    /// The delay of the last look.
    pub delay: usize,
    /// People in the end over people found so far.
    pub factor: f64,
    /// The standard error of the factor, from the numbers it was read from. What chance does to the period itself is
    /// not in it: the [draws](super::nowcast) have both.
    pub standard_error: f64,
}

/// The fewest runs and periods that show any delay.
const LEAST_RUNS: usize = 2;
const LEAST_PERIODS: usize = 3;

/// The fewest comparisons beyond those that fix the shares from which it is judged how much runs vary.
const LEAST_FREE: usize = 5;

impl Runs {
    /// From what each run knew, the earliest first. After `longest` periods nothing more is expected.
    ///
    /// **Errors.** Fewer than two runs or three periods; a longest delay of 0; runs out of order, or two of one
    /// period; a run that does not name every period up to its own.
    pub fn new(snapshots: &[Snapshot], longest: usize) -> Result<Self, EstimateError> {
        let too_few = |what, needed, found| Err(EstimateError::TooFew { what, needed, found });
        let Some(last) = snapshots.last().filter(|_| snapshots.len() >= LEAST_RUNS) else {
            return too_few("runs", LEAST_RUNS, snapshots.len());
        };
        let in_order = snapshots
            .iter()
            .zip(snapshots.iter().skip(1))
            .all(|(one, next)| one.at < next.at);
        if !in_order
            || snapshots
                .iter()
                .any(|run| run.found.len().checked_sub(1) != Some(run.at))
        {
            return Err(EstimateError::RunsOutOfOrder);
        }
        if last.found.len() < LEAST_PERIODS {
            return too_few("periods", LEAST_PERIODS, last.found.len());
        }
        if longest == 0 {
            return Err(EstimateError::NotPositive("the longest delay"));
        }
        let mut known: Vec<Vec<Option<u64>>> = Vec::with_capacity(last.found.len());
        for period in 0..last.found.len() {
            let delays = (last.at - period).min(longest);
            let by_delay = (0..=delays).map(|delay| {
                let run = snapshots.iter().find(|run| run.at == period + delay);
                run.and_then(|run| run.found.get(period)).copied()
            });
            known.push(by_delay.collect());
        }
        Ok(Self {
            known,
            found: last.found.clone(),
        })
    }

    /// Each period's delay at the last look, at most the longest, and the people found by then; the oldest first.
    pub fn latest(&self) -> impl DoubleEndedIterator<Item = (usize, u64)> + ExactSizeIterator {
        let delays = self.known.iter().map(|row| row.len().saturating_sub(1));
        delays.zip(self.found.iter().copied())
    }

    /// The longest delay at which anything may still come.
    pub fn longest(&self) -> usize {
        self.known
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(1)
            .saturating_sub(1)
    }

    /// People found at one delay and not at the one before, and everyone found by it, over the periods of which runs
    /// saw both.
    fn steps(&self, delay: usize) -> impl Iterator<Item = (f64, f64)> {
        self.known.iter().filter_map(move |row| {
            let before = (*row.get(delay.checked_sub(1)?)?)?;
            let now = (*row.get(delay)?)?;
            Some((now as f64 - before as f64, now as f64))
        })
    }

    /// The shares that come with each delay, from runs that follow each other.
    ///
    /// **Formula.** As [`reverse_hazards`](super::reverse_hazards), over the periods of which two neighbouring runs
    /// saw both delays. The counts weigh 1/φ of what they are, φ being Pearson's Σ (reports − *g* up to)²/(*g* (1 − *g*)
    /// up to) over its degrees of freedom where that is above 1: files come in batches, and a batch is no crowd of
    /// single reports.
    ///
    /// **Source.** J. F. Lawless, Canadian Journal of Statistics 22 (1994) 15–31, for counts whose left part was never
    /// seen; φ: P. McCullagh and J. A. Nelder, Generalized Linear Models (1989), section 4.5.
    ///
    /// **Errors.** A shrinkage below 0; without one, a delay up to which no two neighbouring runs found anybody.
    ///
    /// **When it fails.** People who are taken away again (refuted, or joined to another person) are taken off those
    /// who come; where more go than come at a delay, nobody is said to come. Runs with a period left out between them
    /// say nothing. From two runs alone no φ is known, and the error is too small. A run that found more for another
    /// reason (a new source, another definition) looks like late reports: compare only runs that read alike.
    pub fn hazards(&self, shrinkage: f64) -> Result<ReverseHazards, EstimateError> {
        let (mut counts, mut squares, mut compared) = (Vec::new(), 0.0, 0_usize);
        for delay in 1..=self.longest() {
            let (mut came, mut all) = (0.0, 0.0);
            for (reports, up_to) in self.steps(delay) {
                came += reports;
                all += up_to;
            }
            let came = f64::clamp(came, 0.0, all);
            let (spread, free) = self.spread(delay, came, all);
            squares += spread;
            compared += free;
            counts.push((came as u64, all as u64));
        }
        let dispersion = if compared < LEAST_FREE {
            1.0
        } else {
            (squares / compared as f64).max(1.0)
        };
        of_counts(counts, shrinkage, dispersion)
    }

    /// Pearson's sum at one delay, and its degrees of freedom.
    fn spread(&self, delay: usize, came: f64, all: f64) -> (f64, usize) {
        let share = if all > 0.0 { came / all } else { 0.0 };
        if share <= 0.0 || share >= 1.0 {
            return (0.0, 0);
        }
        let steps = self.steps(delay).filter(|(_, up_to)| *up_to > 0.0);
        let (sum, rows) = steps.fold((0.0, 0_usize), |(sum, rows), (reports, up_to)| {
            let variance = up_to * share * (1.0 - share);
            (sum + (reports - share * up_to).powi(2) / variance, rows + 1)
        });
        (sum, rows.saturating_sub(1))
    }

    /// What each period, the oldest first, will have in the end over what it has.
    ///
    /// **Formula.** The factor is ∏ 1/(1 − *g*) over the delays to come, the growth of the [chain
    /// ladder](super::chain_ladder); its relative variance is φ Σ *g*/((1 − *g*) up to).
    ///
    /// **Errors, when it fails.** As [`Runs::hazards`]; a delay at which everything came leaves its factor without an
    /// end ([`EstimateError::NothingReportedBefore`]).
    pub fn growth(&self, shrinkage: f64) -> Result<Vec<Growth>, EstimateError> {
        let hazards = self.hazards(shrinkage)?;
        let of_period = |(delay, found): (usize, u64)| {
            let (mut factor, mut relative) = (1.0, 0.0);
            for (at, Hazard { share, weight }) in hazards.weighed().enumerate().skip(delay) {
                if share >= 1.0 {
                    return Err(EstimateError::NothingReportedBefore { delay: at + 1 });
                }
                factor /= 1.0 - share;
                relative += share / (1.0 - share) / weight;
            }
            Ok(Growth {
                found,
                delay,
                factor,
                standard_error: factor * f64::sqrt(relative),
            })
        };
        self.latest().map(of_period).collect()
    }
}

/// A triangle is what a run at the end of every period would have known.
impl From<&Triangle> for Runs {
    fn from(triangle: &Triangle) -> Self {
        let summed = |row: &Vec<u64>| -> Vec<Option<u64>> {
            let so_far = row.iter().scan(0_u64, |sum, count| {
                *sum = sum.saturating_add(*count);
                Some(Some(*sum))
            });
            so_far.collect()
        };
        let known: Vec<Vec<Option<u64>>> = triangle.rows().iter().map(summed).collect();
        let last = known.iter().map(|row| row.last().copied().flatten().unwrap_or(0));
        Self {
            found: last.collect(),
            known,
        }
    }
}
