//! How many charts are enough: before a review, not after it.

use super::reviewer::binomial;
use super::{Reviewer, Stratum, two_phase_draws};
use crate::chance::chance_of;
use crate::{Confidence, EstimateError, Posterior};

/// A stratum of a review that is planned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedReview {
    /// How many people there are.
    pub people: u64,
    /// How many charts will be reviewed.
    pub charts: u64,
    /// The share that is thought to have the disease: from a pilot, or from elsewhere.
    pub share: f64,
}

/// About how wide the interval of the total will be.
///
/// **Formula.** 2*z* √Σ*V*, where *V* is the variance of [`two_phase_draws`](super::two_phase_draws) in a stratum
/// when the review finds *a* = *m* × share: with *α* = *a* + ½, *β* = *m* − *a* + ½, *s* = *m* + 1 and *k* = *N* −
/// *m*: *V* = *k αβ*(*s* + *k*)/(*s*²(*s* + 1)).
///
/// **Source.** The variance of the beta-binomial distribution, J. G. Skellam 1948.
///
/// **When it fails.** It is a plan: the review may find more or fewer. Where it will find less than about three
/// people in a stratum, the interval is lopsided and this a rough figure; [`preview_review`] plays the review
/// through.
///
/// ```
/// # use estimate::{Confidence, misclassification::{PlannedReview, planned_width, review_size}};
/// // 1,000 people flagged, of whom 300 are reviewed; 30,000 not flagged, of whom 300 are, one in a hundred ill.
/// let flagged = PlannedReview { people: 1_000, charts: 300, share: 0.9 };
/// let others = PlannedReview { people: 30_000, charts: 300, share: 0.01 };
/// let plan = [flagged, others];
/// assert_eq!(planned_width(&plan, Confidence::NINETY_FIVE)?.round(), 724.0);
/// // How many of the others for an interval no wider than 400 people?
/// assert_eq!(review_size(&plan, 1, 400.0, Confidence::NINETY_FIVE)?, 892);
/// # Ok::<(), estimate::EstimateError>(())
/// ```
///
/// **Errors.** No stratum, more charts than people, a share outside 0 to 1, [`EstimateError::NotReviewed`] for a
/// stratum without charts.
pub fn planned_width(strata: &[PlannedReview], confidence: Confidence) -> Result<f64, EstimateError> {
    check(strata)?;
    if let Some(place) = strata
        .iter()
        .position(|stratum| stratum.people > 0 && stratum.charts == 0)
    {
        return Err(EstimateError::NotReviewed(place + 1));
    }
    let variance: f64 = strata
        .iter()
        .map(|stratum| stratum.variance(stratum.charts))
        .sum();
    Ok(2.0 * confidence.deviations() * variance.sqrt())
}

/// The fewest charts of one stratum with which the interval of the total is no wider than wanted, those of the
/// others as planned.
///
/// **Formula.** The smallest *m* for which [`planned_width`] is at most `width`, by halving.
///
/// **Source.** As [`planned_width`].
///
/// **When it fails.** As [`planned_width`].
///
/// **Errors.** As [`planned_width`], a width that is not above 0, a stratum that is not there,
/// [`EstimateError::WidthUnreachable`] where all charts of this stratum would not be enough.
pub fn review_size(
    strata: &[PlannedReview],
    stratum: usize,
    width: f64,
    confidence: Confidence,
) -> Result<u64, EstimateError> {
    check(strata)?;
    if !(width > 0.0 && width.is_finite()) {
        return Err(EstimateError::NotPositive("the width that is wanted"));
    }
    let people = strata.get(stratum).ok_or(EstimateError::Empty)?.people;
    let wide = |charts: u64| {
        let mut planned = strata.to_vec();
        if let Some(stratum) = planned.get_mut(stratum) {
            stratum.charts = charts;
        }
        planned_width(&planned, confidence).map(|found| found > width)
    };
    if wide(people)? {
        return Err(EstimateError::WidthUnreachable);
    }
    let (mut low, mut high) = (1.min(people), people);
    while low < high {
        let middle = low + (high - low) / 2;
        if wide(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// What a planned review would do: how wide the interval of the total will be, over the ways the review may turn out.
///
/// **Formula.** Each time the review is played through (*a* ~ Binomial(*m*, share) in each stratum) and the width
/// of the interval of [`two_phase_draws`](super::two_phase_draws) is kept.
///
/// **Source.** Simulation of the method itself.
///
/// **When it fails.** The shares are guesses; try two or three.
///
/// **Errors.** As [`planned_width`], and no repeats or draws asked for.
pub fn preview_review(
    strata: &[PlannedReview],
    repeats: usize,
    draws: usize,
    confidence: Confidence,
    seed: u64,
) -> Result<Posterior, EstimateError> {
    check(strata)?;
    let widths = (0..repeats as u64)
        .map(|repeat| {
            let mut chance = chance_of(seed, repeat + 1);
            let turned_out = strata
                .iter()
                .map(|stratum| {
                    Ok(Stratum {
                        people: stratum.people,
                        reviewed: stratum.charts,
                        confirmed: binomial(stratum.charts, stratum.share, &mut chance)?,
                    })
                })
                .collect::<Result<Vec<_>, EstimateError>>()?;
            let found = two_phase_draws(&turned_out, &Reviewer::Exact, draws, seed.wrapping_add(repeat))?;
            Ok(found.total.interval(confidence).width())
        })
        .collect::<Result<Vec<_>, EstimateError>>()?;
    Posterior::from_draws(widths)
}

impl PlannedReview {
    /// The variance of the number of people with the disease, once so many charts are reviewed.
    fn variance(self, charts: u64) -> f64 {
        let (charts, rest) = (charts as f64, self.people.saturating_sub(charts) as f64);
        let (found, sum) = (charts * self.share + 0.5, charts + 1.0);
        rest * found * (sum - found) * (sum + rest) / (sum * sum * (sum + 1.0))
    }
}

fn check(strata: &[PlannedReview]) -> Result<(), EstimateError> {
    if strata.is_empty() {
        return Err(EstimateError::Empty);
    }
    if strata.iter().any(|stratum| stratum.charts > stratum.people) {
        return Err(EstimateError::PartAboveWhole);
    }
    if !strata.iter().all(|stratum| (0.0..=1.0).contains(&stratum.share)) {
        return Err(EstimateError::OutsideUnit("a share"));
    }
    Ok(())
}
