//! What cannot be shrunk, extreme groups, and properties of all.

use proptest::prelude::*;

use super::*;
use crate::tally::Observed;

#[test]
fn a_group_without_people_is_one_of_the_family() {
    let mut groups = surgery();
    groups.push(Tally { part: 0, whole: 0 });
    let found = shrink_shares(&groups, SharePrior::default(), 8_000, 5).unwrap();
    let unseen = found.groups.last().unwrap();
    near(unseen.mean(), found.mean.mean(), 2e-3);
    assert!(unseen.standard_deviation() > found.spread.median());
}

#[test]
fn the_same_seed_gives_the_same_draws() {
    let draws = |seed| shrink_shares(&surgery(), SharePrior::default(), 50, seed).unwrap();
    assert_eq!(draws(9), draws(9));
    assert_ne!(draws(9), draws(10));
}

#[test]
fn what_cannot_be_shrunk() {
    let shares = |groups: &[Tally]| shrink_shares(groups, SharePrior::default(), 100, 1).map(drop);
    let one = Tally { part: 3, whole: 9 };
    assert_eq!(shares(&[]), Err(EstimateError::Empty));
    assert!(matches!(shares(&[one]), Err(EstimateError::TooFew { .. })));
    assert!(matches!(
        shares(&[one, Tally { part: 0, whole: 0 }]),
        Err(EstimateError::TooFew { .. })
    ));
    assert_eq!(
        shares(&[one, Tally { part: 3, whole: 2 }]),
        Err(EstimateError::PartAboveWhole)
    );
    let none = shrink_shares(&[one, one], SharePrior::default(), 0, 1);
    assert_eq!(none.map(drop), Err(EstimateError::Empty));
    let prior = SharePrior {
        mean: [0.0, 1.0],
        ..SharePrior::default()
    };
    assert!(matches!(
        shrink_shares(&[one, one], prior, 9, 1),
        Err(EstimateError::NotPositive(_))
    ));
    assert_eq!(BetaBinomial::fit(&[one, one, one]), Err(EstimateError::NoSpread));
    let none = Tally { part: 0, whole: 9 };
    assert_eq!(BetaBinomial::fit(&[none, none]), Err(EstimateError::NoSpread));
    let even = Observed {
        count: 5,
        expected: 5.0,
    };
    assert_eq!(PoissonGamma::fit(&[even, even]), Err(EstimateError::NoSpread));
    assert!(matches!(
        shrink_ratios(
            &[
                even,
                Observed {
                    count: 1,
                    expected: -1.0
                }
            ],
            RatioPrior::default(),
            9,
            1
        ),
        Err(EstimateError::NotPositive(_))
    ));
}

/// All zero, all whole, some of each: the default has an answer for all of them, within bounds.
#[test]
fn extreme_groups() {
    let whole = |part| Tally { part, whole: 20 };
    for groups in [
        [whole(0); 5],
        [whole(20); 5],
        [whole(0), whole(20), whole(0), whole(20), whole(20)],
    ] {
        let found = shrink_shares(&groups, SharePrior::default(), 500, 1).unwrap();
        for group in &found.groups {
            assert!(group.draws().iter().all(|share| (0.0..=1.0).contains(share)));
        }
        assert!(found.spread.interval(CONFIDENCE).high <= 0.5);
    }
    let silent = [Observed {
        count: 0,
        expected: 3.0,
    }; 4];
    let found = shrink_ratios(&silent, RatioPrior::default(), 500, 1).unwrap();
    assert!(
        found.groups[0].quantile(0.975) < 0.7,
        "{}",
        found.groups[0].quantile(0.975)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Shrinking moves every group from its own share towards the family, never past it.
    #[test]
    fn the_likeliest_family_lies_between(
        groups in proptest::collection::vec((0.0..=1.0_f64, 1..2_000_u64), 3..12),
    ) {
        let groups: Vec<Tally> = groups
            .into_iter()
            .map(|(share, whole)| Tally { part: (share * whole as f64) as u64, whole })
            .collect();
        if let Ok(family) = BetaBinomial::fit(&groups) {
            for group in groups {
                let (own, mean) = (group.share().unwrap(), family.mean());
                let shrunk = family.group(group, CONFIDENCE).unwrap().mean;
                prop_assert!(shrunk >= own.min(mean) - 1e-9 && shrunk <= own.max(mean) + 1e-9);
            }
        }
    }

    #[test]
    fn draws_are_shares_whatever_the_groups(
        groups in proptest::collection::vec((0.0..=1.0_f64, 0..100_000_u64), 3..8),
        seed in 0..u64::MAX,
    ) {
        let groups: Vec<Tally> = groups
            .into_iter()
            .map(|(share, whole)| Tally { part: (share * whole as f64) as u64, whole })
            .collect();
        prop_assume!(groups.iter().filter(|group| group.whole > 0).count() >= 2);
        let found = shrink_shares(&groups, SharePrior::default(), 40, seed).unwrap();
        let draws = found.groups.iter().flat_map(|group| group.draws());
        prop_assert!(draws.into_iter().all(|share| (0.0..=1.0).contains(share)));
    }
}
