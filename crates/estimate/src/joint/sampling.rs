//! Numbers of people, drawn.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Gamma, Poisson};

use crate::EstimateError;

/// A Poisson number; of no mean, none.
pub(super) fn poisson(mean: f64, chance: &mut impl Rng) -> Result<u64, EstimateError> {
    if mean <= 0.0 {
        return Ok(0);
    }
    if mean < 1.0 {
        return Ok(few(mean, chance));
    }
    Poisson::new(mean)
        .map(|law| law.sample(chance) as u64)
        .map_err(|_| EstimateError::NotFinite)
}

/// A Poisson number of a mean below 1: the very number that `rand_distr` draws (uniform numbers are multiplied until they
/// fall to exp(−mean)), with the exponential taken only where it decides.
fn few(mean: f64, chance: &mut impl Rng) -> u64 {
    let mut product = chance.random::<f64>();
    // exp(−mean) is more than 1 − mean; the rest is far more than any rounding.
    if product < 1.0 - mean - 1e-9 {
        return 0;
    }
    let least = (-mean).exp();
    let mut people = 0;
    while product > least {
        product *= chance.random::<f64>();
        people += 1;
    }
    people
}

/// A gamma number of scale 1; of no shape, none.
pub(super) fn gamma(shape: f64, chance: &mut impl Rng) -> Result<f64, EstimateError> {
    if shape <= 0.0 {
        return Ok(0.0);
    }
    Gamma::new(shape, 1.0)
        .map(|law| law.sample(chance))
        .map_err(|_| EstimateError::NotFinite)
}

/// A beta number: the share of the first of two gamma numbers.
pub(super) fn beta(one: f64, other: f64, chance: &mut impl Rng) -> Result<f64, EstimateError> {
    let [one, other] = [gamma(one, chance)?, gamma(other, chance)?];
    Ok(one / (one + other).max(f64::MIN_POSITIVE))
}

/// A whole number whose mean is the number given.
pub(super) fn whole(people: f64, chance: &mut impl Rng) -> u32 {
    (people.max(0.0) + chance.random::<f64>())
        .floor()
        .min(f64::from(u32::MAX)) as u32
}

/// A binomial number of people, quick where hardly anybody is expected.
pub(super) fn binomial(people: u32, share: f64, chance: &mut impl Rng) -> u32 {
    if people == 0 || share <= 0.0 {
        return 0;
    }
    if share >= 1.0 {
        return people;
    }
    let n = f64::from(people);
    if n * share > 30.0 {
        return match rand_distr::Binomial::new(u64::from(people), share) {
            Ok(law) => law.sample(chance) as u32,
            Err(_) => 0,
        };
    }
    // By inversion: add up the chances of 0, 1, 2 … until they pass a uniform number.
    let odds = share / (1.0 - share);
    let mut level = chance.random::<f64>();
    let mut mass = (n * (-share).ln_1p()).exp();
    let mut taken = 0;
    while level > mass && taken < people {
        level -= mass;
        mass *= odds * (n - f64::from(taken)) / (f64::from(taken) + 1.0);
        taken += 1;
    }
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_distr::{Distribution, Poisson};

    use super::poisson;
    use crate::chance::chance;

    proptest! {
        /// The same numbers as the library's, and as many taken from chance.
        #[test]
        fn a_poisson_number_is_that_of_the_library(log in -30.0..3.0_f64, seed in any::<u64>()) {
            let mean = log.exp();
            let law = Poisson::new(mean).unwrap();
            let (mut own, mut library) = (chance(seed), chance(seed));
            for _ in 0..200 {
                prop_assert_eq!(poisson(mean, &mut own).unwrap(), law.sample(&mut library) as u64);
                prop_assert_eq!(own.get_word_pos(), library.get_word_pos());
            }
        }
    }
}
