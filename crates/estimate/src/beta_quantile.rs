//! Quantiles of the beta distribution that hold far out in its tails.
//!
//! The library's own search starts at 0.0001 and stops early for shapes below 1 or large ones; a share of a few in
//! a million is ordinary here.

use statrs::function::beta::checked_beta_reg;

use crate::EstimateError;

/// The value below which Beta(*a*, *b*) lies with chance `p`, by halving in the tail where it lies.
pub(crate) fn beta_quantile(a: f64, b: f64, p: f64) -> Result<f64, EstimateError> {
    let at_most = |a: f64, b: f64, x: f64| {
        checked_beta_reg(a, b, x).map_err(|_| EstimateError::NotPositive("a shape of a beta distribution"))
    };
    // Near 1 neighbouring numbers lie far apart; there the distance from 1 is looked for instead.
    if at_most(a, b, 0.5)? < p {
        return Ok(1.0 - halved(|x| Ok(at_most(b, a, x)? >= 1.0 - p))?);
    }
    halved(|x| Ok(at_most(a, b, x)? >= p))
}

/// The smallest number from 0 to 1/2 that is far enough.
fn halved(far_enough: impl Fn(f64) -> Result<bool, EstimateError>) -> Result<f64, EstimateError> {
    let (mut low, mut high) = (0.0, 0.5);
    // Down to 10⁻³⁰⁰ and then to the last digits: a number that small is 0 for every purpose.
    for _ in 0..1_060 {
        let middle = (low + high) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if far_enough(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statrs::function::beta::beta_reg;

    use super::*;

    proptest! {
        /// Shapes from a hundredth to a million.
        #[test]
        fn the_chance_below_is_the_one_asked_for(a in -4.6..13.8_f64, b in -4.6..13.8_f64, p in 0.0005..0.9995_f64) {
            let (a, b) = (a.exp(), b.exp());
            let found = beta_quantile(a, b, p).unwrap();
            prop_assert!((0.0..=1.0).contains(&found));
            // Where the quantile is nearer to 1 than numbers can be, no number has that chance below it.
            if found < 1.0 - 1e-9 && found > 1e-290 {
                prop_assert!((beta_reg(a, b, found) - p).abs() < 1e-7, "{a} {b}: {}", beta_reg(a, b, found));
            }
        }
    }

    /// By hand: Beta(1, *b*) has 1 − (1 − *p*)^(1/*b*), Beta(*a*, 1) has *p*^(1/*a*).
    #[test]
    fn closed_forms() {
        for (shape, p) in [(1.0_f64, 0.3_f64), (40.0, 0.025), (1e6, 0.975), (0.02, 0.5)] {
            let first = -((-p).ln_1p() / shape).exp_m1();
            assert!((beta_quantile(1.0, shape, p).unwrap() / first - 1.0).abs() < 1e-9);
            let second = (p.ln() / shape).exp();
            assert!((beta_quantile(shape, 1.0, p).unwrap() / second - 1.0).abs() < 1e-9);
        }
        assert!(beta_quantile(0.0, 1.0, 0.5).is_err());
    }
}
