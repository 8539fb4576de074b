//! The chain ladder, with the standard error of Mack.

use crate::EstimateError;

use super::triangle::Triangle;

/// How reports grow from delay to delay, and what follows for every period.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainLadder {
    /// The growth of all reports from each delay to the next.
    pub factors: Vec<f64>,
    /// Every period, the oldest first.
    pub periods: Vec<Completed>,
    /// Reports still to come, of all periods together.
    pub to_come: f64,
    /// The standard error of `to_come`.
    pub standard_error: f64,
}

/// One period, completed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Completed {
    /// Reported so far.
    pub reported: f64,
    /// Reports in the end.
    pub ultimate: f64,
    /// The standard error of `ultimate`.
    pub standard_error: f64,
}

/// Completes a reporting triangle.
///
/// **Formula.** *f*ₖ = Σ C of delay *k* + 1 / Σ C of delay *k*, with C the reports up to a delay, over the periods
/// that know both; the ultimate is the last C times the factors that follow. Variance after Mack: σ²ₖ = Σ C (C′/C −
/// *f*ₖ)² / (periods − 1); of one period C² Σ σ²ₖ/*f*ₖ² (1/Cₖ + 1/Σ Cₖ); for the sum the factors' share is common to
/// all periods. The last σ² is the smaller of the two before it and of their square over quotient.
///
/// **Source.** T. Mack, ASTIN Bulletin 23 (1993) 213–225, where the golden numbers stand.
///
/// **Errors.** A delay before which nothing was reported in any period that knows the next.
///
/// **When it fails.** When reporting changes: see [`reporting_change`](super::reporting_change). Nothing that comes
/// after the longest delay known is in it. With small counts its error is too sure: see [`nowcast`](super::nowcast).
pub fn chain_ladder(triangle: &Triangle) -> Result<ChainLadder, EstimateError> {
    let cumulative = triangle.cumulative();
    let steps = triangle.delays() - 1;
    let mut links = Vec::with_capacity(steps);
    for delay in 0..steps {
        links.push(link(&cumulative, delay)?);
    }
    let mut known: Vec<(usize, f64)> = links
        .iter()
        .enumerate()
        .filter_map(|(k, l)| Some((k, l.sigma?)))
        .collect();
    fill_last(&mut links, &mut known);
    let periods: Vec<(Completed, usize)> = cumulative
        .iter()
        .map(|row| (complete(row, &links), row.len()))
        .collect();
    let to_come = periods
        .iter()
        .map(|(period, _)| period.ultimate - period.reported)
        .sum();
    let variance = together(&periods, &links);
    Ok(ChainLadder {
        factors: links.iter().map(|link| link.factor).collect(),
        periods: periods.into_iter().map(|(period, _)| period).collect(),
        to_come,
        standard_error: f64::sqrt(variance),
    })
}

/// The step from one delay to the next.
struct Link {
    factor: f64,
    /// The sum of reports before the step, over the periods that know the next.
    base: f64,
    /// σ²; none where a single period knows the step.
    sigma: Option<f64>,
}

fn link(cumulative: &[Vec<f64>], delay: usize) -> Result<Link, EstimateError> {
    let pairs = || {
        cumulative
            .iter()
            .filter_map(|row| Some((*row.get(delay)?, *row.get(delay + 1)?)))
    };
    let base: f64 = pairs().map(|(before, _)| before).sum();
    if base <= 0.0 {
        return Err(EstimateError::NothingReportedBefore { delay: delay + 1 });
    }
    let factor = pairs().map(|(_, after)| after).sum::<f64>() / base;
    // A period that began with nothing says nothing about growth from what it had.
    let spread: f64 = pairs()
        .filter(|&(before, _)| before > 0.0)
        .map(|(before, after)| before * (after / before - factor).powi(2))
        .sum();
    let periods = pairs().filter(|&(before, _)| before > 0.0).count();
    Ok(Link {
        factor,
        base,
        sigma: (periods > 1).then(|| spread / (periods - 1) as f64),
    })
}

/// Mack's rule for steps that a single period knows: the trend of the two before, but never more than either.
fn fill_last(links: &mut [Link], known: &mut Vec<(usize, f64)>) {
    for (place, link) in links.iter_mut().enumerate() {
        if link.sigma.is_some() {
            continue;
        }
        let last = known.last().map_or(0.0, |&(_, sigma)| sigma);
        let before = known.iter().rev().nth(1).map_or(last, |&(_, sigma)| sigma);
        let trend = if before > 0.0 { last * last / before } else { 0.0 };
        let sigma = trend.min(before.min(last));
        link.sigma = Some(sigma);
        known.push((place, sigma));
    }
}

fn complete(row: &[f64], links: &[Link]) -> Completed {
    let reported = row.last().copied().unwrap_or(0.0);
    let (mut at, mut relative) = (reported, 0.0);
    for link in links.iter().skip(row.len() - 1) {
        if at > 0.0 {
            let sigma = link.sigma.unwrap_or(0.0);
            relative += sigma / link.factor.powi(2) * (1.0 / at + 1.0 / link.base);
        }
        at *= link.factor;
    }
    Completed {
        reported,
        ultimate: at,
        standard_error: at * relative.sqrt(),
    }
}

/// The variance of all that is to come: that of each period, and twice what each pair shares in the factors.
fn together(periods: &[(Completed, usize)], links: &[Link]) -> f64 {
    let mut variance = 0.0;
    for (index, (period, length)) in periods.iter().enumerate() {
        let shared: f64 = links
            .iter()
            .skip(length - 1)
            .map(|link| 2.0 * link.sigma.unwrap_or(0.0) / link.factor.powi(2) / link.base)
            .sum();
        let later: f64 = periods
            .iter()
            .skip(index + 1)
            .map(|(later, _)| later.ultimate)
            .sum();
        variance += period.standard_error.powi(2) + period.ultimate * later * shared;
    }
    variance
}
