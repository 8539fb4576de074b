//! R̂ and effective sizes, beside those that ArviZ 1 (arviz-stats) gives for the same chains.

use super::near;
use crate::EstimateError;
use crate::calibrate::chains::{bulk_ess, quantile_error, r_hat, tail_ess};

/// Shares of 1 from a linear congruential generator that is written down in two lines anywhere.
fn shares(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    })
}

/// An autoregressive chain; its innovations are sums of twelve shares less six.
fn chain(seed: u64, draws: usize, lean: f64, shift: f64, scale: f64) -> Vec<f64> {
    let mut shares = shares(seed);
    let mut place = 0.0;
    (0..draws)
        .map(|_| {
            let innovation = shares.by_ref().take(12).sum::<f64>() - 6.0;
            place = lean * place + innovation;
            shift + scale * place
        })
        .collect()
}

fn agree(chains: &[Vec<f64>], wanted: [f64; 3]) {
    near(r_hat(chains).unwrap(), wanted[0], 1e-9);
    near(bulk_ess(chains).unwrap(), wanted[1], 1e-5);
    near(tail_ess(chains).unwrap(), wanted[2], 1e-5);
}

#[test]
fn chains_that_arviz_was_asked_about() {
    let of = |seeds: &[u64], draws, lean| -> Vec<Vec<f64>> {
        seeds
            .iter()
            .map(|&seed| chain(seed, draws, lean, 0.0, 1.0))
            .collect()
    };
    agree(
        &of(&[1, 2, 3, 4], 200, 0.0),
        [1.000_803_633_131, 701.992_908_508, 557.016_975_238],
    );
    agree(
        &of(&[1, 2, 3, 4], 500, 0.8),
        [1.019_100_006_377, 276.644_502_313, 482.008_456_894],
    );
    agree(
        &of(&[5, 6], 301, -0.5),
        [0.998_785_862_710, 1_465.138_107_627, 618.641_014_369],
    );
    let ties: Vec<Vec<f64>> = of(&[1, 2, 3], 150, 0.4)
        .into_iter()
        .map(|chain| chain.into_iter().map(f64::round_ties_even).collect())
        .collect();
    agree(&ties, [0.999_601_939_291, 261.819_860_155, 362.315_446_786]);
    let one = of(&[9], 64, 0.5);
    near(bulk_ess(&one).unwrap(), 21.144_205_506, 1e-5);
    near(tail_ess(&one).unwrap(), 48.072_690_560, 1e-5);
}

#[test]
fn chains_that_have_not_mixed() {
    let shifted = [chain(1, 100, 0.3, 0.0, 1.0), chain(2, 100, 0.3, 1.5, 1.0)];
    agree(&shifted, [1.297_744_529_620, 6.498_987_434, 102.246_398_711]);
    // Only the folded ranks see a difference in spread.
    let spread = [chain(1, 100, 0.3, 0.0, 1.0), chain(2, 100, 0.3, 0.0, 4.0)];
    agree(&spread, [1.322_853_222_765, 125.370_882_534, 102.246_398_711]);
    let stuck = [vec![1.0; 20], vec![2.0; 20]];
    assert_eq!(r_hat(&stuck), Ok(f64::INFINITY));
}

#[test]
fn chains_that_say_nothing() {
    assert_eq!(r_hat(&[]), Err(EstimateError::Empty));
    assert!(matches!(
        r_hat(&[vec![1.0; 7]]),
        Err(EstimateError::TooFew { .. })
    ));
    assert!(matches!(
        bulk_ess(&[vec![1.0; 9], vec![1.0; 8]]),
        Err(EstimateError::Lengths(_))
    ));
    assert!(matches!(
        bulk_ess(&[vec![1.0; 9]]),
        Err(EstimateError::NotPositive(_))
    ));
    let mut gap = chain(1, 20, 0.0, 0.0, 1.0);
    gap[3] = f64::NAN;
    assert_eq!(tail_ess(&[gap]), Err(EstimateError::NotFinite));
    let mut nearly = vec![1.0; 40];
    nearly[4] = 0.0;
    assert!(matches!(tail_ess(&[nearly]), Err(EstimateError::NotPositive(_))));
}

/// A chain with a memory is worth (1 − ρ)/(1 + ρ) of its draws: the theory of a first-order autoregression.
#[test]
fn chains_with_a_memory_are_worth_less() {
    for memory in [0.0, 0.5, 0.9] {
        let chains: Vec<Vec<f64>> = (0..4)
            .map(|seed| chain(100 + seed, 5_000, memory, 0.0, 1.0))
            .collect();
        let wanted = 20_000.0 * (1.0 - memory) / (1.0 + memory);
        near(bulk_ess(&chains).unwrap() / wanted, 1.0, 0.2);
        assert!(r_hat(&chains).unwrap() < 1.02);
    }
}

/// The error of the median of n independent normal draws is √(π/2n).
#[test]
fn the_error_of_a_median_is_that_of_theory() {
    let chains: Vec<Vec<f64>> = (0..4)
        .map(|seed| chain(100 + seed, 5_000, 0.0, 0.0, 1.0))
        .collect();
    let wanted = (std::f64::consts::PI / 2.0 / 20_000.0).sqrt();
    near(quantile_error(&chains, 0.5).unwrap() / wanted, 1.0, 0.25);
}
