//! How often the intervals of small groups hold the truth, when the family's figures are integrated and when they
//! are taken as known.

use rand_distr::{Beta, Binomial, Distribution};

use super::*;
use crate::calibrate::Coverage;
use crate::chance::chance_of;

/// Eight hospitals of 20 people, whose shares differ little: the fitted spread is often far too small, or none at all.
#[test]
fn taking_the_family_as_known_promises_too_much() {
    let family = Beta::new(6.0, 14.0).unwrap();
    let (mut integrated, mut known) = (Coverage::default(), Coverage::default());
    for run in 0..100 {
        let mut chance = chance_of(53, run);
        let shares: Vec<f64> = (0..8).map(|_| family.sample(&mut chance)).collect();
        let groups: Vec<Tally> = shares
            .iter()
            .map(|&share| Tally::new(Binomial::new(20, share).unwrap().sample(&mut chance), 20).unwrap())
            .collect();
        let draws = shrink_shares(&groups, SharePrior::default(), 500, run).unwrap();
        let fitted = BetaBinomial::fit(&groups);
        let pooled = groups.iter().map(|group| group.part as f64).sum::<f64>() / 160.0;
        for ((&share, &group), drawn) in shares.iter().zip(&groups).zip(&draws.groups) {
            integrated.record(drawn.interval(CONFIDENCE).contains(share));
            // Where no spread can be fitted, plain empirical Bayes gives every hospital the pooled share, without
            // doubt.
            known.record(match &fitted {
                Ok(family) => family.group(group, CONFIDENCE).unwrap().interval.contains(share),
                Err(_) => share == pooled,
            });
        }
    }
    let (integrated, known) = (integrated.share().unwrap(), known.share().unwrap());
    assert!((0.93..=0.985).contains(&integrated), "{integrated}");
    assert!(known < 0.85, "{known}");
}
