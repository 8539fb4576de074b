//! Making the figures of groups agree with the total of all.
//!
//! Shrunken figures need not add up to the national count, which has an estimate of its own and a better one. The
//! groups keep their proportions (for shares: their odds ratios) and are moved together until they add up. With
//! draws, draw *k* of the groups is moved to draw *k* of the total, so the uncertainty of the total goes into every
//! group.

use crate::{EstimateError, Posterior};

/// Shares moved together until they add up to a total.
///
/// **Formula.** Every odds is multiplied by one factor *e*^*c*, with *c* such that Σ *n p′* = *T*, where logit *p′*
/// = logit *p* + *c*. A share of exactly 0 or 1 stays, and all stay between 0 and 1, as a common factor for the
/// shares themselves would not ensure.
///
/// **Source.** E. T. R. Rosenman, C. McCartan and S. Olivella, Recalibration of predicted probabilities using the
/// "logit shift", Political Analysis 31 (2023); benchmarked estimates in general: G. S. Datta, M. Ghosh, R. Steorts
/// and J. Maples, Test 20 (2011) 574–588.
///
/// **When it fails.** It spreads a disagreement over all groups alike. A disagreement that comes from one of them (a
/// hospital that sent nothing) is not found but hidden by it.
///
/// **Errors.** Lengths that differ, a share outside 0 to 1, a negative weight, [`EstimateError::Unreachable`] for a
/// total below the sum of weights with share 1 or above that of those with a share above 0.
pub fn benchmark_shares(shares: &[f64], wholes: &[f64], total: f64) -> Result<Vec<f64>, EstimateError> {
    if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
        return Err(EstimateError::OutsideUnit("a share"));
    }
    check(shares, wholes, total)?;
    let shift = shift(shares, wholes, total)?;
    Ok(moved(shares, shift).collect())
}

/// The shares with their logits moved by so much.
fn moved(shares: &[f64], shift: f64) -> impl Iterator<Item = f64> {
    let factor = (-shift).exp();
    shares
        .iter()
        .map(move |&share| share / (share + (1.0 - share) * factor))
}

/// The furthest that logits are moved, either way.
const FURTHEST: f64 = 60.0;

/// By how much logits are moved for the shares to add up to the total: Newton's steps, and halving where one would leave
/// the bounds within which the answer lies.
fn shift(shares: &[f64], wholes: &[f64], total: f64) -> Result<f64, EstimateError> {
    let sum_and_slope = |shift: f64| {
        let shares = moved(shares, shift).zip(wholes);
        shares.fold((0.0, 0.0), |(sum, slope), (share, whole)| {
            (sum + share * whole, slope + share * (1.0 - share) * whole)
        })
    };
    let (mut low, mut high) = (-FURTHEST, FURTHEST);
    let slack = 1e-9 * total.max(1.0);
    if !(sum_and_slope(low).0 <= total + slack && total - slack <= sum_and_slope(high).0) {
        return Err(EstimateError::Unreachable);
    }
    let mut shift = 0.0_f64;
    // Halving alone would need some sixty steps.
    for _ in 0..200 {
        let (sum, slope) = sum_and_slope(shift);
        if sum < total {
            low = shift;
        } else {
            high = shift;
        }
        let newton = shift - (sum - total) / slope;
        let next = if (low..=high).contains(&newton) {
            newton
        } else {
            (low + high) / 2.0
        };
        let step = (next - shift).abs();
        shift = next;
        if step <= f64::EPSILON * shift.abs().max(1.0) {
            break;
        }
    }
    Ok(shift)
}

/// Ratios (or rates) moved together until they add up to a total.
///
/// **Formula.** *λ′* = *λ* *T*/Σ *Eλ*.
///
/// **Source.** Ratio benchmarking, G. S. Datta, M. Ghosh, R. Steorts and J. Maples, Test 20 (2011) 574–588.
///
/// **When it fails.** As [`benchmark_shares`].
///
/// **Errors.** Lengths that differ, a negative ratio or weight, [`EstimateError::Unreachable`] where all ratios are
/// 0 and the total is not.
pub fn benchmark_ratios(ratios: &[f64], expected: &[f64], total: f64) -> Result<Vec<f64>, EstimateError> {
    if !ratios.iter().all(|&ratio| ratio >= 0.0 && ratio.is_finite()) {
        return Err(EstimateError::NotPositive("a ratio"));
    }
    check(ratios, expected, total)?;
    let sum: f64 = ratios
        .iter()
        .zip(expected)
        .map(|(ratio, expected)| ratio * expected)
        .sum();
    if sum <= 0.0 && total > 0.0 {
        return Err(EstimateError::Unreachable);
    }
    let factor = if total > 0.0 { total / sum } else { 0.0 };
    Ok(ratios.iter().map(|ratio| ratio * factor).collect())
}

/// [`benchmark_shares`], draw by draw.
///
/// **Errors.** As there, and numbers of draws that differ.
pub fn benchmark_share_draws(
    groups: &[Posterior],
    wholes: &[f64],
    total: &Posterior,
) -> Result<Vec<Posterior>, EstimateError> {
    by_draw(groups, total, |values, total| {
        benchmark_shares(values, wholes, total)
    })
}

/// [`benchmark_ratios`], draw by draw.
///
/// **Errors.** As there, and numbers of draws that differ.
pub fn benchmark_ratio_draws(
    groups: &[Posterior],
    expected: &[f64],
    total: &Posterior,
) -> Result<Vec<Posterior>, EstimateError> {
    by_draw(groups, total, |values, total| {
        benchmark_ratios(values, expected, total)
    })
}

fn check(values: &[f64], weights: &[f64], total: f64) -> Result<(), EstimateError> {
    if values.is_empty() {
        return Err(EstimateError::Empty);
    }
    if values.len() != weights.len() {
        return Err(EstimateError::Lengths("the groups and their sizes"));
    }
    if !weights.iter().all(|&weight| weight >= 0.0 && weight.is_finite()) {
        return Err(EstimateError::NotPositive("the size of a group"));
    }
    if !(total >= 0.0 && total.is_finite()) {
        return Err(EstimateError::Unreachable);
    }
    Ok(())
}

fn by_draw(
    groups: &[Posterior],
    total: &Posterior,
    move_together: impl Fn(&[f64], f64) -> Result<Vec<f64>, EstimateError>,
) -> Result<Vec<Posterior>, EstimateError> {
    if groups
        .iter()
        .any(|group| group.draws().len() != total.draws().len())
    {
        return Err(EstimateError::Lengths("the draws of the groups and of the total"));
    }
    let mut moved = vec![Vec::with_capacity(total.draws().len()); groups.len()];
    for (draw, &total) in total.draws().iter().enumerate() {
        let values: Vec<f64> = groups.iter().map(|group| group.draws()[draw]).collect();
        for (group, value) in moved.iter_mut().zip(move_together(&values, total)?) {
            group.push(value);
        }
    }
    moved.into_iter().map(Posterior::from_draws).collect()
}
