//! Golden numbers of methods.md 1.3 and D19, and draws against closed forms.

use proptest::prelude::*;

use super::*;
use crate::tally::Tally;

#[test]
fn the_validation_in_northern_ireland() {
    let found = NORTHERN_IRELAND.validity(CONFIDENCE).unwrap();
    near(found.sensitivity.value, 0.951_087, 5e-7);
    near(found.specificity.value, 0.991_706, 5e-7);
    near(found.ppv.value, 0.961_538, 5e-7);
    near(found.npv.value, 0.989_362, 5e-7);
    assert!(found.sensitivity.interval.width() > found.specificity.interval.width());
    let accuracy = Accuracy::measured(&NORTHERN_IRELAND).unwrap();
    let flagged = Tally::new(182, 1028).unwrap();
    near(flagged.share().unwrap(), 0.177_043, 5e-7);
    let share = rogan_gladen(flagged, accuracy, CONFIDENCE).unwrap();
    near(share.share, 184.0 / 1028.0, 1e-14);
    assert!(!share.clipped);
}

#[test]
fn a_thousand_flagged_are_not_a_thousand() {
    let flagged = Tally::new(1_000, 20_000).unwrap();
    let found = rogan_gladen(flagged, Accuracy::known(0.951, 0.992), CONFIDENCE).unwrap();
    near(found.share * 20_000.0, 890.774, 5e-4);
}

#[test]
fn the_interval_of_epi_r() {
    let found = rogan_gladen_known(Tally::new(106, 1028).unwrap(), 0.951, 0.992, CONFIDENCE).unwrap();
    near(found.share, 0.100_861_97, 5e-9);
    near(found.interval.low, 0.082_689_7, 5e-8);
    near(found.interval.high, 0.122_168_0, 5e-8);
}

/// The three terms of the variance, each by hand.
#[test]
fn the_full_variance() {
    let flagged = Tally::new(60, 1_000).unwrap();
    let with = |n_pos, n_neg| {
        let measured = |value, people| Measured { value, people };
        let accuracy = Accuracy {
            sensitivity: measured(0.9, n_pos),
            specificity: measured(0.98, n_neg),
        };
        rogan_gladen(flagged, accuracy, CONFIDENCE).unwrap().variance * 0.88 * 0.88
    };
    let share: f64 = 0.04 / 0.88;
    let chance = 0.06 * 0.94 / 1_000.0;
    near(with(None, None), chance, 1e-15);
    near(with(Some(50), None) - chance, share * share * 0.09 / 50.0, 1e-15);
    near(
        with(None, Some(150)) - chance,
        (1.0 - share).powi(2) * 0.98 * 0.02 / 150.0,
        1e-15,
    );
}

/// Twenty of a thousand where fifty would be flagged by mistake: the share lies below 0, and its variance is that of the
/// formula all the same. By hand: *π* = −0.03/0.85, and [0.02·0.98/1,000 + (1 − *π*)²·0.95·0.05/100 +
/// *π*²·0.9·0.1/50]/0.85² (6.845e-4 with *π* cut to 0). Likewise above 1: 950 of a thousand.
#[test]
fn the_variance_is_of_the_share_before_it_is_cut() {
    let measured = |value, people| Measured {
        value,
        people: Some(people),
    };
    let accuracy = Accuracy {
        sensitivity: measured(0.9, 50),
        specificity: measured(0.95, 100),
    };
    for (part, unclipped, held, variance) in [
        (20, -0.035_294_117_647, 0.0, 7.348_973_312e-4),
        (950, 1.058_823_529_412, 1.0, 2.861_088_828e-3),
    ] {
        let found = rogan_gladen(Tally::new(part, 1_000).unwrap(), accuracy, CONFIDENCE).unwrap();
        near(found.unclipped, unclipped, 1e-11);
        assert!(found.clipped && found.share == held);
        near(found.variance, variance, 1e-12);
    }
}

#[test]
fn fewer_flagged_than_mistakes_alone_is_cut_and_said() {
    let found = rogan_gladen(
        Tally::new(5, 1_000).unwrap(),
        Accuracy::known(0.9, 0.99),
        CONFIDENCE,
    )
    .unwrap();
    assert!(found.clipped && found.share == 0.0 && found.unclipped < 0.0);
    // Five where ten would be flagged by mistake is chance: nobody to some have it, by the interval of Wilson.
    assert!(found.interval.low == 0.0 && (0.001..0.003).contains(&found.interval.high));
}

/// With everyone validated a million times, the draws are those of the flagged share alone.
#[test]
fn draws_of_rogan_and_gladen() {
    let sure = Validation {
        true_positives: 90_000_000,
        false_negatives: 10_000_000,
        false_positives: 2_000_000,
        true_negatives: 98_000_000,
    };
    let flagged = Tally::new(600, 10_000).unwrap();
    let draws = rogan_gladen_draws(flagged, &sure, 40_000, 4).unwrap();
    let wilson = rogan_gladen_known(flagged, 0.9, 0.98, CONFIDENCE).unwrap();
    near(draws.mean(), 0.04 / 0.88, 2e-4);
    near(draws.interval(CONFIDENCE).low, wilson.interval.low, 2e-4);
    near(draws.interval(CONFIDENCE).high, wilson.interval.high, 2e-4);
    let fewer = rogan_gladen_draws(flagged, &NORTHERN_IRELAND, 40_000, 4).unwrap();
    assert!(fewer.standard_deviation() > 1.3 * draws.standard_deviation());
}

#[test]
fn a_two_phase_review_by_hand() {
    let strata = [stratum(1_000, 200, 180), stratum(9_000, 300, 3)];
    let found = two_phase(&strata).unwrap();
    near(found.total, 900.0 + 90.0, 1e-12);
    let by_hand = 1_000.0 * 800.0 * 0.9 * 0.1 / 199.0 + 9_000.0 * 8_700.0 * 0.01 * 0.99 / 299.0;
    near(found.variance, by_hand, 1e-9);
    // The mean and variance of the beta-binomial distribution, from its closed form.
    let moments = |stratum: Stratum| {
        let (a, n) = (stratum.confirmed as f64 + 0.5, stratum.reviewed as f64 + 1.0);
        let rest = (stratum.people - stratum.reviewed) as f64;
        let mean = stratum.confirmed as f64 + rest * a / n;
        (mean, rest * a * (n - a) * (n + rest) / (n * n * (n + 1.0)))
    };
    let draws = two_phase_draws(&strata, &Reviewer::Exact, 40_000, 8).unwrap();
    let (mean, variance) = strata
        .map(moments)
        .iter()
        .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    near(draws.total.mean(), mean, 1.5);
    near(draws.total.standard_deviation() / variance.sqrt(), 1.0, 0.02);
    near(
        draws.strata[0].mean() + draws.strata[1].mean(),
        draws.total.mean(),
        1e-6,
    );
}

/// A reviewer known never to err says the same as one who is not asked about it; the two are drawn in different ways.
#[test]
fn a_reviewer_who_never_errs() {
    let strata = [stratum(1_000, 200, 150), stratum(9_000, 300, 0)];
    let perfect = Reviewer::Known {
        sensitivity: 1.0,
        specificity: 1.0,
    };
    let one = two_phase_draws(&strata, &Reviewer::Exact, 40_000, 1)
        .unwrap()
        .total;
    let other = two_phase_draws(&strata, &perfect, 40_000, 2).unwrap().total;
    near(one.mean(), other.mean(), 0.6);
    near(one.quantile(0.025), other.quantile(0.025), 2.5);
    near(one.quantile(0.975), other.quantile(0.975), 4.0);
}

/// Of 300 unflagged charts 15 confirmed by a reviewer who errs in 5 %: most likely nobody.
#[test]
fn a_reviewer_who_errs_moves_the_count_and_widens_it() {
    let strata = [stratum(10_000, 400, 100)];
    let errs = Reviewer::Known {
        sensitivity: 0.95,
        specificity: 0.95,
    };
    let found = two_phase_draws(&strata, &errs, 20_000, 3).unwrap().total;
    near(found.mean() / 10_000.0, (0.25 - 0.05) / 0.9, 2e-3);
    let exact = two_phase_draws(&strata, &Reviewer::Exact, 20_000, 3)
        .unwrap()
        .total;
    assert!(found.standard_deviation() > 1.05 * exact.standard_deviation());
    let measured = Reviewer::Measured(Validation {
        true_positives: 38,
        false_negatives: 2,
        false_positives: 2,
        true_negatives: 38,
    });
    let less_sure = two_phase_draws(&strata, &measured, 20_000, 3).unwrap().total;
    assert!(less_sure.standard_deviation() > 1.2 * found.standard_deviation());
    let nobody = two_phase_draws(&[stratum(10_000, 300, 15)], &errs, 20_000, 3)
        .unwrap()
        .total;
    assert!(
        nobody.quantile(0.025) < 10.0 && nobody.median() < 150.0,
        "{}",
        nobody.median()
    );
}

#[test]
fn charts_of_some_hospitals_know_less() {
    let mut hospitals: Vec<Stratum> = [2, 9, 4, 14, 1, 6].map(|found| stratum(500, 50, found)).to_vec();
    hospitals.extend(
        [Stratum {
            people: 500,
            reviewed: 0,
            confirmed: 0,
        }; 14],
    );
    let some = hospital_draws(&hospitals, CHART_PRIOR, 8_000, 6).unwrap();
    let as_if_everywhere = two_phase_draws(&[stratum(10_000, 300, 36)], &Reviewer::Exact, 8_000, 6).unwrap();
    assert!(some.total.standard_deviation() > 1.4 * as_if_everywhere.total.standard_deviation());
    assert!(some.between.median() > 0.03);
    near(some.total.median() / as_if_everywhere.total.median(), 1.0, 0.15);
}

#[test]
fn patterns() {
    let reviewed = [stratum(4_000, 50, 20), stratum(900, 40, 36), stratum(700, 30, 30)];
    let values = pattern_ppv(&reviewed, CONFIDENCE).unwrap();
    assert_eq!(
        values.iter().map(|ppv| ppv.value).collect::<Vec<_>>(),
        [0.4, 0.9, 1.0]
    );
    let separate = pattern_ppv_draws(&reviewed, Pooling::Separate, 8_000, 1).unwrap();
    near(separate[0].mean(), 20.5 / 51.0, 3e-3);
    let mut more = reviewed.to_vec();
    more.push(Stratum {
        people: 60,
        reviewed: 0,
        confirmed: 0,
    });
    let people = true_by_pattern(&more, Pooling::Shrunk, 4_000, 1).unwrap();
    assert_eq!(people.len(), 4);
    assert!(
        people[3].standard_deviation() > 8.0,
        "a pattern without charts stays uncertain"
    );
    assert!(people[2].interval(CONFIDENCE).high <= 700.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the review, at least the confirmed and at most all but the refuted have the disease.
    #[test]
    fn counts_within_what_was_seen(people in 1..100_000_u64, of in 0.0..=1.0_f64, found in 0.0..=1.0_f64, seed in 0..u64::MAX) {
        let reviewed = ((people as f64 * of) as u64).max(1);
        let stratum = stratum(people, reviewed, (reviewed as f64 * found) as u64);
        let draws = two_phase_draws(&[stratum], &Reviewer::Exact, 30, seed).unwrap().total;
        let most = (people - (reviewed - stratum.confirmed)) as f64;
        prop_assert!(draws.draws().iter().all(|&draw| stratum.confirmed as f64 <= draw && draw <= most));
    }

    #[test]
    fn shares_stay_shares(part in 0..2_000_u64, tp in 60..100_u64, tn in 60..100_u64, seed in 0..u64::MAX) {
        let validation = Validation {
            true_positives: tp,
            false_negatives: 100 - tp,
            false_positives: 100 - tn,
            true_negatives: tn,
        };
        let flagged = Tally::new(part, 2_000).unwrap();
        match rogan_gladen(flagged, Accuracy::measured(&validation).unwrap(), CONFIDENCE) {
            Ok(found) => prop_assert!((0.0..=1.0).contains(&found.share) && found.interval.low < found.interval.high),
            Err(reason) => prop_assert!(matches!(reason, EstimateError::Contradiction(_)), "{reason}"),
        }
        if let Ok(draws) = rogan_gladen_draws(flagged, &validation, 20, seed) {
            prop_assert!(draws.draws().iter().all(|share| (0.0..=1.0).contains(share)));
        }
    }
}
