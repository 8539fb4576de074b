//! Review sizes against reviews that are played through.

use super::*;

fn plan(unflagged: u64) -> [PlannedReview; 2] {
    [
        PlannedReview {
            people: 1_000,
            charts: 300,
            share: 0.9,
        },
        PlannedReview {
            people: 30_000,
            charts: unflagged,
            share: 0.01,
        },
    ]
}

/// What would three hundred charts do? And twelve hundred?
#[test]
fn the_plan_agrees_with_reviews_played_through() {
    for charts in [300, 1_200] {
        let planned = planned_width(&plan(charts), CONFIDENCE).unwrap();
        let played = preview_review(&plan(charts), 200, 800, CONFIDENCE, 5)
            .unwrap()
            .median();
        near(played / planned, 1.0, 0.1);
    }
}

#[test]
fn the_size_is_the_smallest_that_will_do() {
    let wanted = 450.0;
    let charts = review_size(&plan(0), 1, wanted, CONFIDENCE).unwrap();
    assert!(planned_width(&plan(charts), CONFIDENCE).unwrap() <= wanted);
    assert!(planned_width(&plan(charts - 1), CONFIDENCE).unwrap() > wanted);
}

#[test]
fn plans_that_cannot_be() {
    assert_eq!(
        planned_width(&plan(0), CONFIDENCE),
        Err(EstimateError::NotReviewed(2))
    );
    assert_eq!(planned_width(&[], CONFIDENCE), Err(EstimateError::Empty));
    assert_eq!(
        planned_width(&plan(30_001), CONFIDENCE),
        Err(EstimateError::PartAboveWhole)
    );
    let odd = [PlannedReview {
        people: 10,
        charts: 5,
        share: 1.5,
    }];
    assert!(matches!(
        planned_width(&odd, CONFIDENCE),
        Err(EstimateError::OutsideUnit(_))
    ));
    // The flagged alone are less certain than this.
    assert_eq!(
        review_size(&plan(0), 1, 10.0, CONFIDENCE),
        Err(EstimateError::WidthUnreachable)
    );
    assert!(matches!(
        review_size(&plan(0), 1, 0.0, CONFIDENCE),
        Err(EstimateError::NotPositive(_))
    ));
    assert_eq!(
        review_size(&plan(0), 7, 100.0, CONFIDENCE),
        Err(EstimateError::Empty)
    );
}
