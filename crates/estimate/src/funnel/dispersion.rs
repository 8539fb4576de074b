//! How much more hospitals differ than chance explains.

use crate::EstimateError;
use crate::posterior::quantile;

/// How much more hospitals differ than chance explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// The mean square of the (winsorised) *z*: 1 where chance explains everything.
    pub phi: f64,
    /// The variance between hospitals that would explain the rest; 0 where there is no rest.
    pub tau_squared: f64,
}

/// The factor *φ* and the variance *τ*² between hospitals.
///
/// **Formula.** *φ* = Σ *z*²/*K*, with every *z* beyond the `winsorised` quantile on either side drawn in to that
/// quantile (0.1 is usual, 0 leaves all as they are), so that the few odd hospitals do not widen the funnel that
/// should find them. *τ*² = (*Kφ* − (*K* − 1)) / (Σ*w* − Σ*w*²/Σ*w*) with *w* = 1/*s*², and 0 where that is
/// negative.
///
/// **Source.** D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185–1202; the moment estimate of
/// R. DerSimonian and N. Laird, Controlled Clinical Trials 7 (1986) 177–188. Quantiles are interpolated (type 7 of
/// Hyndman and Fan 1996).
///
/// **When it fails.** With fewer than about ten hospitals both figures are mostly chance. Where many hospitals are
/// odd, as when half of them do not record, winsorising cannot help: the funnel becomes as wide as the problem.
///
/// **Errors.** Lengths that differ, fewer than two hospitals, a standard error that is not above 0, a share of
/// winsorising outside 0 to 0.5.
pub fn dispersion(z: &[f64], errors: &[f64], winsorised: f64) -> Result<Dispersion, EstimateError> {
    if z.len() != errors.len() {
        return Err(EstimateError::Lengths("the z values and the standard errors"));
    }
    if z.len() < 2 {
        return Err(EstimateError::TooFew {
            what: "groups",
            needed: 2,
            found: z.len(),
        });
    }
    if !(0.0..0.5).contains(&winsorised) {
        return Err(EstimateError::OutsideUnit("twice the share that is winsorised"));
    }
    if z.iter().any(|z| !z.is_finite()) {
        return Err(EstimateError::NotFinite);
    }
    if !errors.iter().all(|&error| error > 0.0 && error.is_finite()) {
        return Err(EstimateError::NotPositive("a standard error"));
    }
    let mut sorted = z.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (quantile(&sorted, winsorised), quantile(&sorted, 1.0 - winsorised));
    let groups = z.len() as f64;
    let phi = z.iter().map(|z| z.clamp(low, high).powi(2)).sum::<f64>() / groups;
    let weights = || errors.iter().map(|error| error.powi(-2));
    let sum: f64 = weights().sum();
    let squares: f64 = weights().map(|weight| weight * weight).sum();
    let tau_squared = (groups * phi - (groups - 1.0)) / (sum - squares / sum);
    Ok(Dispersion {
        phi,
        tau_squared: tau_squared.max(0.0),
    })
}
