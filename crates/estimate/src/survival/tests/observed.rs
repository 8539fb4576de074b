//! The observed curves against golden numbers (methods.md D12 to D14, computed with R survival) and slow oracles.

use proptest::prelude::*;

use super::super::*;
use super::people;
use crate::{Confidence, EstimateError};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

const MAINTAINED: [(f64, bool); 11] = [
    (9.0, true),
    (13.0, true),
    (13.0, false),
    (18.0, true),
    (23.0, true),
    (28.0, false),
    (31.0, true),
    (34.0, true),
    (45.0, false),
    (48.0, true),
    (161.0, false),
];

const NOT_MAINTAINED: [(f64, bool); 12] = [
    (5.0, true),
    (5.0, true),
    (8.0, true),
    (8.0, true),
    (12.0, true),
    (16.0, false),
    (23.0, true),
    (27.0, true),
    (30.0, true),
    (33.0, true),
    (43.0, true),
    (45.0, true),
];

fn pooled() -> Vec<FollowUp> {
    people(&[&MAINTAINED[..], &NOT_MAINTAINED[..]].concat())
}

fn close(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "{found} and not {wanted}");
}

/// D12: leukaemia, maintained chemotherapy (Miller 1997).
#[test]
fn the_golden_curve_of_maintained_leukaemia() {
    let curve = kaplan_meier(&people(&MAINTAINED), CONFIDENCE).unwrap();
    for (time, wanted) in [
        (9.0, 0.909_091),
        (13.0, 0.818_182),
        (18.0, 0.715_909),
        (23.0, 0.613_636),
        (31.0, 0.490_909),
        (34.0, 0.368_182),
        (48.0, 0.184_091),
    ] {
        close(curve.survival_at(time).unwrap(), wanted, 5e-7);
    }
    close(
        curve.step_at(48.0).unwrap().standard_error.unwrap(),
        0.153_492_7,
        5e-8,
    );
    let median = curve.median().unwrap();
    assert_eq!((median.value, median.low, median.high), (31.0, 13.0, None));
    let other = kaplan_meier(&people(&NOT_MAINTAINED), CONFIDENCE).unwrap();
    assert_eq!(other.median().unwrap().value, 23.0);
    // Its last death empties the curve: no variance is left, and the curve is known for ever.
    assert_eq!(other.steps().last().unwrap().interval, None);
    assert_eq!(other.survival_at(1_000.0), Ok(0.0));
}

/// D12, both groups together.
#[test]
fn the_golden_numbers_of_leukaemia_pooled() {
    let curve = kaplan_meier(&pooled(), CONFIDENCE).unwrap();
    let at = |time| *curve.step_at(time).unwrap();
    let five = at(5.0);
    close(five.survival, 0.913_043_48, 5e-9);
    close(five.standard_error.unwrap(), 0.058_753_38, 5e-9);
    close(five.interval.unwrap().low, 0.694_947_54, 5e-9);
    close(five.interval.unwrap().high, 0.977_515_67, 5e-9);
    close(at(23.0).survival, 0.546_583_85, 5e-9);
    close(at(23.0).standard_error.unwrap(), 0.107_250_64, 5e-9);
    close(at(48.0).survival, 0.082_815_73, 5e-9);
    let last = *nelson_aalen(&pooled()).unwrap().last().unwrap();
    assert_eq!(last.time, 48.0);
    close(last.hazard, 2.161_024_02, 5e-9);
    close(last.standard_error, 0.686_651_31, 5e-9);
}

/// D13: people who came under observation late.
#[test]
fn the_golden_numbers_of_delayed_entry() {
    let rows = [
        (0, 3, 1),
        (0, 6, 0),
        (1, 5, 1),
        (2, 9, 1),
        (3, 4, 1),
        (3, 8, 0),
        (4, 10, 1),
        (5, 7, 1),
        (6, 12, 0),
        (7, 11, 1),
    ];
    let late = rows.map(|(entry, exit, died)| FollowUp {
        entry: f64::from(entry),
        exit: f64::from(exit),
        died: died == 1,
    });
    let ignored = late.map(|person| FollowUp { entry: 0.0, ..person });
    let times = [3.0, 4.0, 5.0, 7.0, 9.0, 10.0, 11.0];
    let right = [0.750, 0.600, 0.480, 0.384, 0.288, 0.192, 0.096];
    let wrong = [0.9, 0.8, 0.7, 0.583_333, 0.4375, 0.291_667, 0.145_833];
    for (rows, wanted) in [(late, right), (ignored, wrong)] {
        let curve = kaplan_meier(&rows, CONFIDENCE).unwrap();
        for (time, wanted) in times.into_iter().zip(wanted) {
            close(curve.survival_at(time).unwrap(), wanted, 5e-7);
        }
    }
}

fn competing() -> Vec<CauseFollowUp> {
    let times = [1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10];
    let causes = [1, 2, 0, 1, 1, 2, 0, 1, 2, 1, 0, 1];
    times
        .into_iter()
        .zip(causes)
        .map(|(time, cause)| CauseFollowUp {
            entry: 0.0,
            exit: f64::from(time),
            cause: (cause > 0).then_some(cause),
        })
        .collect()
}

/// D14: R survfit and cmprsk agree on these.
#[test]
fn the_golden_numbers_of_competing_causes() {
    let first = aalen_johansen(&competing(), 1, CONFIDENCE).unwrap();
    for (time, wanted) in [
        (1.0, 0.083_333_33),
        (3.0, 0.175_925_93),
        (4.0, 0.268_518_52),
        (6.0, 0.379_629_63),
        (8.0, 0.490_740_74),
        (10.0, 0.712_962_96),
    ] {
        close(first.at(time), wanted, 5e-9);
    }
    let second = aalen_johansen(&competing(), 2, CONFIDENCE).unwrap();
    for (time, wanted) in [(2.0, 0.083_333_33), (4.0, 0.175_925_93), (7.0, 0.287_037_04)] {
        close(second.at(time), wanted, 5e-9);
    }
    assert_eq!(first.at(0.5), 0.0);
}

#[test]
fn what_cannot_be_drawn() {
    assert_eq!(kaplan_meier(&[], CONFIDENCE), Err(EstimateError::Empty));
    let alive = people(&[(3.0, false), (4.0, false)]);
    assert_eq!(kaplan_meier(&alive, CONFIDENCE), Err(EstimateError::NoDeaths));
    assert_eq!(nelson_aalen(&alive), Err(EstimateError::NoDeaths));
    assert_eq!(
        aalen_johansen(&competing(), 3, CONFIDENCE),
        Err(EstimateError::NoDeaths)
    );
    let nothing = people(&[(0.0, true)]);
    assert_eq!(
        kaplan_meier(&nothing, CONFIDENCE),
        Err(EstimateError::FollowUpWithoutLength)
    );
    let odd = people(&[(f64::NAN, true)]);
    assert_eq!(kaplan_meier(&odd, CONFIDENCE), Err(EstimateError::NotFinite));
    // The only one watched dies before the others enter.
    let late = |entry, exit| FollowUp {
        entry,
        exit,
        died: true,
    };
    let gap = [late(0.0, 1.0), late(2.0, 3.0), late(2.0, 4.0)];
    assert_eq!(
        kaplan_meier(&gap, CONFIDENCE),
        Err(EstimateError::EarlyRiskSetDied)
    );
    let watched = kaplan_meier(&people(&[(1.0, true), (2.0, false), (2.0, false)]), CONFIDENCE).unwrap();
    assert_eq!(watched.survival_at(2.5), Err(EstimateError::BeyondFollowUp));
    assert_eq!(watched.median(), Err(EstimateError::BeyondFollowUp));
    assert_eq!(
        watched.restricted_mean(2.5).unwrap_err(),
        EstimateError::BeyondFollowUp
    );
}

fn follow_ups() -> impl Strategy<Value = Vec<FollowUp>> {
    let one = (0..6_u8, 1..12_u8, any::<bool>()).prop_map(|(entry, length, died)| FollowUp {
        entry: f64::from(entry),
        exit: f64::from(entry + length),
        died,
    });
    prop::collection::vec(one, 1..30)
}

proptest! {
    /// A slow walk over every moment and every person.
    #[test]
    fn it_is_the_product_of_the_definition(rows in follow_ups()) {
        let found = kaplan_meier(&rows, CONFIDENCE);
        let Ok(curve) = found else { return Ok(()); };
        let (mut survival, mut greenwood, mut hazard) = (1.0, 0.0, 0.0);
        let hazards = nelson_aalen(&rows).unwrap();
        for time in 0..20 {
            let time = f64::from(time);
            let n = rows.iter().filter(|p| p.entry < time && time <= p.exit).count() as f64;
            let d = rows.iter().filter(|p| p.died && p.exit == time).count() as f64;
            if d > 0.0 {
                survival *= 1.0 - d / n;
                greenwood += d / (n * (n - d));
                hazard += d / n;
                let step = curve.step_at(time).unwrap();
                prop_assert!((step.survival - survival).abs() < 1e-12);
                let own = hazards.iter().find(|step| step.time == time).unwrap();
                prop_assert!((own.hazard - hazard).abs() < 1e-12);
                if let (Some(se), Some(interval)) = (step.standard_error, step.interval) {
                    prop_assert!((se - survival * f64::sqrt(greenwood)).abs() < 1e-12);
                    prop_assert!(interval.contains(survival) && interval.low >= 0.0 && interval.high <= 1.0);
                }
            }
        }
    }

    /// With one cause the cumulative incidence is 1 − S, with Greenwood's variance; with two the causes and the
    /// living are all.
    #[test]
    fn causes_and_the_living_make_everyone(rows in follow_ups(), split in prop::collection::vec(any::<bool>(), 30)) {
        let Ok(curve) = kaplan_meier(&rows, CONFIDENCE) else { return Ok(()); };
        let with = |cause: &dyn Fn(usize) -> u16| -> Vec<CauseFollowUp> {
            rows.iter().enumerate().map(|(i, p)| CauseFollowUp {
                entry: p.entry, exit: p.exit, cause: p.died.then(|| cause(i)),
            }).collect()
        };
        let single = aalen_johansen(&with(&|_| 1), 1, CONFIDENCE).unwrap();
        for (incidence, step) in single.steps.iter().zip(curve.steps()) {
            prop_assert!((incidence.share + step.survival - 1.0).abs() < 1e-12);
            if let Some(se) = step.standard_error {
                prop_assert!((incidence.standard_error - se).abs() < 1e-9, "{incidence:?} {step:?}");
            }
        }
        let two = with(&|i| 1 + u16::from(split[i]));
        let at = |cause, time| aalen_johansen(&two, cause, CONFIDENCE).map_or(0.0, |found| found.at(time));
        for step in curve.steps() {
            prop_assert!((at(1, step.time) + at(2, step.time) + step.survival - 1.0).abs() < 1e-12);
        }
    }

    /// The mean is the area of the steps; its variance is summed person by person in the slow way.
    #[test]
    fn the_restricted_mean_is_an_area(rows in follow_ups(), horizon in 1.0..15.0_f64) {
        let Ok(curve) = kaplan_meier(&rows, CONFIDENCE) else { return Ok(()); };
        let Ok(mean) = curve.restricted_mean(horizon) else { return Ok(()); };
        let pieces = 5_000;
        let width = horizon / f64::from(pieces);
        let alive = |i: i32| curve.survival_at((f64::from(i) + 0.5) * width).unwrap();
        let sum: f64 = (0..pieces).map(|i| alive(i) * width).sum();
        prop_assert!((mean.value - sum).abs() < 0.05, "{} {sum}", mean.value);
        prop_assert!(mean.value <= horizon + 1e-12);
        prop_assert!(mean.standard_error >= 0.0);
    }
}
