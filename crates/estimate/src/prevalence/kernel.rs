//! The kernels: of one new case in a year, how much is alive and how much dies in each later year.

use crate::EstimateError;
use crate::survival::{Family, Survival};

use super::quadrature::moments;

/// What becomes of one new case, by lag: the index is the number of years since the calendar year of the case.
///
/// It keeps this balance, whatever the curve: alive in the lag before = alive + dying + of other causes in this lag;
/// at lag 0 the sum is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Kernels {
    /// The share alive at the end of the year.
    pub alive: Vec<f64>,
    /// The share that dies of the disease in the year.
    pub dying: Vec<f64>,
    /// The share that dies of other causes in the year.
    pub other_causes: Vec<f64>,
}

/// The longest lag that is worth a kernel.
pub(super) const LONGEST: usize = 250;

/// The kernels of a survival curve, for lags of 0 to `years` − 1.
///
/// **Formula.** A case falls anywhere in its year with equal chance, so at lag *l* it is *l* to *l* + 1 years old at
/// the year's end: *a*ₗ = ∫ S(*u*) d*u* from *l* to *l* + 1. With F the share that has died of the disease, F(*u*) =
/// 1 − S(*u*) − *h* ∫₀ᵘ S for a hazard *h* of other causes: *q*ₗ = ∫ F from *l* to *l* + 1 − ∫ F from *l* − 1 to *l*.
/// Exponential curves, and Weibull curves without other causes, in closed form (incomplete gamma function); all
/// others by adaptive quadrature.
///
/// **Source.** A. Verdecchia, R. Capocaccia, V. Egidi and A. Golini, Statistics in Medicine 8 (1989) 201–216, with
/// years of the calendar in place of ages.
///
/// **Errors.** No years, or more than 250; parameters that make no curve.
///
/// **When it fails.** New cases that cluster in a part of the year, or survival that changes within it. One year's
/// kernel is right to a few tenths of a percent for them; over many years it evens out.
pub fn kernels(survival: Survival, years: usize) -> Result<Kernels, EstimateError> {
    if years == 0 || years > LONGEST {
        return Err(EstimateError::Duration);
    }
    let survival = Survival::new(survival.net, survival.other_causes)?;
    let hazard = survival.other_causes;
    Ok(match survival.net {
        Family::Weibull { shape: 1.0, scale } => exponential(1.0 / scale, hazard, years),
        net @ Family::Weibull { .. } if hazard == 0.0 => {
            // The area under the curve is known at each whole year, and others do not die.
            let until: Vec<f64> = (0..=years).map(|year| net.mean_until(year as f64)).collect();
            let alive = until.windows(2).map(|ends| match ends {
                [from, to] => (to - from).max(0.0),
                _ => 0.0,
            });
            without_others(alive.collect())
        }
        _ => by_quadrature(survival, years),
    })
}

/// A constant hazard `own` of the disease beside `other`: everything is geometric.
fn exponential(own: f64, other: f64, years: usize) -> Kernels {
    let both = own + other;
    let first = -(-both).exp_m1() / both;
    let alive: Vec<f64> = (0..years).map(|lag| first * (-both * lag as f64).exp()).collect();
    let leaving = leaving(&alive);
    Kernels {
        dying: leaving.iter().map(|share| share * own / both).collect(),
        other_causes: leaving.iter().map(|share| share * other / both).collect(),
        alive,
    }
}

fn without_others(alive: Vec<f64>) -> Kernels {
    Kernels {
        dying: leaving(&alive),
        other_causes: vec![0.0; alive.len()],
        alive,
    }
}

/// Who was alive in the lag before and is not any more.
fn leaving(alive: &[f64]) -> Vec<f64> {
    let before = std::iter::once(&1.0).chain(alive);
    before
        .zip(alive)
        // Where nobody dies any more, rounding may leave a hair below nought.
        .map(|(before, now)| (before - now).max(0.0))
        .collect()
}

fn by_quadrature(survival: Survival, years: usize) -> Kernels {
    let hazard = survival.other_causes;
    let curve = |time: f64| survival.survival(time);
    let (mut until, mut others_before) = (0.0, 0.0);
    let (mut alive, mut other_causes) = (Vec::with_capacity(years), Vec::with_capacity(years));
    for lag in 0..years {
        let from = lag as f64;
        // The second moment is ∫ (l + 1 − u) S, which is what A(u) = ∫₀ᵘ S gains over this year.
        let (share, gain) = if curve(from) < 1e-16 {
            (0.0, 0.0)
        } else {
            moments(&curve, from, from + 1.0)
        };
        let others = hazard * (until + gain);
        until += share;
        alive.push(share);
        other_causes.push(others - others_before);
        others_before = others;
    }
    let gone = leaving(&alive);
    let dying = gone
        .iter()
        .zip(&other_causes)
        .map(|(gone, others)| (gone - others).max(0.0))
        .collect();
    Kernels {
        alive,
        dying,
        other_causes,
    }
}
