//! How delays are distributed, read backwards in time.

use rand::Rng;
use rand_distr::{Beta, Distribution};

use crate::EstimateError;

use super::triangle::Triangle;

/// Of all reports up to one delay, those with exactly this delay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DelayHazard {
    /// Reports with exactly this delay, over the periods that know it.
    pub reports: u64,
    /// Reports with this delay or less, over the same periods.
    pub up_to: u64,
    /// The share, shrunk where a shrinkage was asked for.
    pub share: f64,
}

/// The distribution of delays.
#[derive(Debug, Clone, PartialEq)]
pub struct ReverseHazards {
    /// By delay, from 1 (at delay 0 the share is 1).
    pub delays: Vec<DelayHazard>,
    /// Towards what the shares were shrunk, and with the weight of how many people.
    prior: (f64, f64),
    /// How many times as much as single reports the counts vary: 1 or more.
    dispersion: f64,
}

/// A share, and the number of reports it is known as well as from.
pub(super) struct Hazard {
    pub(super) share: f64,
    pub(super) weight: f64,
}

/// The shares of reports that come with each delay, among those up to it.
///
/// **Formula.** *g* of delay *d* = reports with delay *d* / reports with delay *d* or less, over the periods that
/// know *d*; reported by delay *d*: F(*d*) = ∏ (1 − *g*) over all later delays. With a shrinkage of *m* people: *g* =
/// (reports + *m* *p*)/(up to + *m*), *p* the share over all delays from 1.
///
/// **Source.** J. F. Lawless, Canadian Journal of Statistics 22 (1994) 15–31.
///
/// **Errors.** A shrinkage below 0; without one, a delay up to which nothing was reported.
///
/// **When it fails.** When reporting changes. Delays longer than the longest known count as never. Shrinking helps
/// where a handful of people would decide a month, and blurs a delay that is truly special (a yearly delivery).
pub fn reverse_hazards(triangle: &Triangle, shrinkage: f64) -> Result<ReverseHazards, EstimateError> {
    let counts = (1..triangle.delays()).map(|delay| at(triangle, delay)).collect();
    of_counts(counts, shrinkage, 1.0)
}

/// The same, from the reports of each delay from 1 and those up to it.
pub(super) fn of_counts(
    counts: Vec<(u64, u64)>,
    shrinkage: f64,
    dispersion: f64,
) -> Result<ReverseHazards, EstimateError> {
    if !(shrinkage >= 0.0 && shrinkage.is_finite()) {
        return Err(EstimateError::Negative);
    }
    let (reports, up_to) = counts.iter().fold((0_u64, 0_u64), |sum, one| {
        (sum.0.saturating_add(one.0), sum.1.saturating_add(one.1))
    });
    if up_to == 0 {
        return Err(EstimateError::NothingReportedBefore { delay: 1 });
    }
    let pooled = reports as f64 / up_to as f64;
    let mut delays = Vec::with_capacity(counts.len());
    for (index, (reports, up_to)) in counts.into_iter().enumerate() {
        let whole = up_to as f64 + shrinkage;
        if whole <= 0.0 {
            return Err(EstimateError::NothingReportedBefore { delay: index + 1 });
        }
        delays.push(DelayHazard {
            reports,
            up_to,
            share: (reports as f64 + shrinkage * pooled) / whole,
        });
    }
    Ok(ReverseHazards {
        delays,
        prior: (pooled, shrinkage),
        dispersion,
    })
}

/// Reports with a delay, and with this delay or less, over the periods that know it.
pub(super) fn at(triangle: &Triangle, delay: usize) -> (u64, u64) {
    let known = triangle.rows().iter().filter(|row| row.len() > delay);
    known.fold((0, 0), |(reports, up_to), row| {
        let own = row.get(delay).copied().unwrap_or(0);
        let so_far = row
            .iter()
            .take(delay + 1)
            .fold(0_u64, |sum, &count| sum.saturating_add(count));
        (reports.saturating_add(own), up_to.saturating_add(so_far))
    })
}

impl ReverseHazards {
    /// The share of all reports that have come by each delay, from delay 0.
    pub fn reported_by(&self) -> Vec<f64> {
        backwards(self.delays.iter().map(|delay| delay.share))
    }

    /// How many times as much as single reports the counts vary: 1 where that is all, or not known.
    pub fn dispersion(&self) -> f64 {
        self.dispersion
    }

    /// The shares by delay from 1, each with what it rests on.
    pub(super) fn weighed(&self) -> impl Iterator<Item = Hazard> {
        self.delays.iter().map(|delay| Hazard {
            share: delay.share,
            weight: delay.up_to as f64 / self.dispersion + self.prior.1,
        })
    }

    /// The same as [`reported_by`](Self::reported_by), drawn from what the counts leave open.
    ///
    /// **Formula.** Each *g* is Beta(reports/φ + *m* *p* + ½, others/φ + *m* (1 − *p*) + ½), independently: given the
    /// reports up to it, each is a binomial, φ times as wide where the counts of [runs](super::Runs) are.
    pub fn draw(&self, rng: &mut impl Rng) -> Result<Vec<f64>, EstimateError> {
        let (pooled, people) = self.prior;
        let mut shares = Vec::with_capacity(self.delays.len());
        for delay in &self.delays {
            let yes = delay.reports as f64 / self.dispersion + people * pooled + 0.5;
            let others = delay.up_to.saturating_sub(delay.reports) as f64;
            let no = others / self.dispersion + people * (1.0 - pooled) + 0.5;
            let beta = Beta::new(yes, no).map_err(|_| EstimateError::NotFinite)?;
            shares.push(beta.sample(rng));
        }
        Ok(backwards(shares.into_iter()))
    }
}

/// F by delay from 0: the product of all later 1 − g.
fn backwards(shares: impl DoubleEndedIterator<Item = f64>) -> Vec<f64> {
    let mut reported = vec![1.0];
    let mut product = 1.0;
    for share in shares.rev() {
        product *= 1.0 - share;
        reported.push(product);
    }
    reported.reverse();
    reported
}
