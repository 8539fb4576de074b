//! Numbers of people, drawn.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Gamma, Poisson};

use crate::EstimateError;

/// A Poisson number; of no mean, none.
pub(super) fn poisson(mean: f64, chance: &mut impl Rng) -> Result<u64, EstimateError> {
    if mean <= 0.0 {
        return Ok(0);
    }
    Poisson::new(mean)
        .map(|law| law.sample(chance) as u64)
        .map_err(|_| EstimateError::NotFinite)
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
