//! What cannot be estimated, and why.

use super::*;
use crate::tally::Tally;

#[test]
fn strata_nobody_reviewed() {
    let unreviewed = Stratum {
        people: 9_000,
        reviewed: 0,
        confirmed: 0,
    };
    let strata = [stratum(1_000, 200, 180), unreviewed];
    assert_eq!(two_phase(&strata), Err(EstimateError::NotReviewed(2)));
    let refused = two_phase_draws(&strata, &Reviewer::Exact, 10, 1).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "no chart was reviewed in stratum 2, so nothing is known of its people"
    );
    assert_eq!(
        pattern_ppv(&strata, CONFIDENCE),
        Err(EstimateError::NotReviewed(2))
    );
    assert_eq!(two_phase(&[]), Err(EstimateError::Empty));
    // A stratum of nobody needs no charts.
    let empty = Stratum {
        people: 0,
        reviewed: 0,
        confirmed: 0,
    };
    assert_eq!(
        two_phase(&[stratum(10, 10, 4), empty]).unwrap(),
        TwoPhase {
            total: 4.0,
            variance: 0.0
        }
    );
    assert!(matches!(
        two_phase(&[stratum(10, 1, 0)]),
        Err(EstimateError::TooFew { needed: 2, .. })
    ));
    assert_eq!(Stratum::new(10, 11, 0), Err(EstimateError::PartAboveWhole));
    assert_eq!(Stratum::new(10, 5, 6), Err(EstimateError::PartAboveWhole));
}

#[test]
fn everyone_reviewed_leaves_no_doubt() {
    let draws = two_phase_draws(&[stratum(50, 50, 20)], &Reviewer::Exact, 100, 1).unwrap();
    assert!(draws.total.draws().iter().all(|&total| total == 20.0));
}

#[test]
fn a_flag_that_says_nothing() {
    let flagged = Tally::new(10, 100).unwrap();
    for (sensitivity, specificity) in [(0.5, 0.5), (0.2, 0.7), (0.0, 1.0)] {
        let found = rogan_gladen(flagged, Accuracy::known(sensitivity, specificity), CONFIDENCE);
        assert_eq!(found, Err(EstimateError::Uninformative));
        let reviewer = Reviewer::Known {
            sensitivity,
            specificity,
        };
        let found = two_phase_draws(&[stratum(10, 5, 1)], &reviewer, 10, 1);
        assert_eq!(found, Err(EstimateError::Uninformative));
    }
    let found = rogan_gladen(flagged, Accuracy::known(1.2, 0.9), CONFIDENCE);
    assert!(matches!(found, Err(EstimateError::OutsideUnit(_))));
    let found = rogan_gladen(flagged, Accuracy::known(f64::NAN, 0.9), CONFIDENCE);
    assert!(matches!(found, Err(EstimateError::OutsideUnit(_))));
}

#[test]
fn validations_without_one_kind_of_people() {
    let healthy = Validation {
        true_positives: 0,
        false_negatives: 0,
        ..NORTHERN_IRELAND
    };
    let wanted = EstimateError::NobodyValidated("with the disease");
    assert_eq!(healthy.validity(CONFIDENCE).map(drop), Err(wanted.clone()));
    assert_eq!(Accuracy::measured(&healthy).map(drop), Err(wanted.clone()));
    let flagged = Tally::new(10, 100).unwrap();
    assert_eq!(rogan_gladen_draws(flagged, &healthy, 10, 1), Err(wanted.clone()));
    let reviewer = Reviewer::Measured(healthy);
    assert_eq!(
        two_phase_draws(&[stratum(10, 5, 1)], &reviewer, 10, 1),
        Err(wanted.clone())
    );
    assert_eq!(wanted.to_string(), "the validation holds nobody with the disease");
    let nobody = Tally { part: 0, whole: 0 };
    assert_eq!(
        rogan_gladen_draws(nobody, &NORTHERN_IRELAND, 10, 1),
        Err(EstimateError::Empty)
    );
}

#[test]
fn a_flag_and_an_accuracy_that_contradict_each_other() {
    // The flag is known to flag a fifth of healthy people, and flags one in a thousand.
    let poor = Validation {
        true_positives: 900,
        false_negatives: 100,
        false_positives: 200,
        true_negatives: 800,
    };
    let found = rogan_gladen_draws(Tally::new(10, 10_000).unwrap(), &poor, 100, 1);
    assert!(matches!(found, Err(EstimateError::Contradiction(_))), "{found:?}");
}

/// | flagged | of | sensitivity | specificity | by mistake alone | |
/// |---|---|---|---|---|---|
/// | 100 | 20,000 | 0.951 | 0.99 | 200 | fewer than mistakes alone, by far more than chance |
/// | 19,500 | 20,000 | 0.9 | 0.99 | | more than if everybody had the disease |
#[test]
fn no_share_fits_what_is_flagged() {
    let wanted = || EstimateError::Contradiction("the share that is flagged and the accuracy of the flag");
    for (part, sensitivity, specificity) in [(100, 0.951, 0.99), (19_500, 0.9, 0.99)] {
        let flagged = Tally::new(part, 20_000).unwrap();
        let accuracy = Accuracy::known(sensitivity, specificity);
        assert_eq!(rogan_gladen(flagged, accuracy, CONFIDENCE), Err(wanted()));
        assert_eq!(
            rogan_gladen_known(flagged, sensitivity, specificity, CONFIDENCE),
            Err(wanted())
        );
    }
}

#[test]
fn too_few_hospitals() {
    let away = Stratum {
        people: 500,
        reviewed: 0,
        confirmed: 0,
    };
    let found = hospital_draws(&[stratum(500, 50, 4), away, away], CHART_PRIOR, 10, 1);
    assert_eq!(
        found.map(drop),
        Err(EstimateError::TooFew {
            what: "hospitals with reviewed charts",
            needed: 2,
            found: 1
        })
    );
}
