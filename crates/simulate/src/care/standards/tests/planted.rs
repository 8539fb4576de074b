//! Hospitals that truly differ, and hospitals that only record differently.

use super::*;
use crate::care::standards::habits::Recording;
use std::collections::BTreeSet;

#[test]
fn planted_hospitals_are_as_many_as_stated_and_each_on_one_item() {
    for seed in 0..20 {
        let nation = Nation::draw(seed, Plan::new(seed, 1).start());
        let (mut half, mut twice, mut less, mut if_yes) = (0, 0, 0, 0);
        for (n, hospital) in nation.hospitals.iter().enumerate() {
            let mut planted = BTreeSet::new();
            for item in Item::ALL {
                let Some(habit) = nation.care.at(n, item) else {
                    continue;
                };
                let differs = habit.odds_ratio != 1.0;
                let records = matches!(habit.recording, Recording::Less | Recording::IfYes);
                // A care plan is written down with the assessment.
                if (differs || records) && !matches!(item, Item::CarePlan | Item::CarePlanAtPrimary) {
                    planted.insert(item);
                    half += u32::from(habit.odds_ratio == 0.5);
                    twice += u32::from(habit.odds_ratio == 2.0);
                    less += u32::from(habit.recording == Recording::Less);
                    if_yes += u32::from(habit.recording == Recording::IfYes);
                    assert_eq!(has_cosd(&hospital.body), !Item::FORM.contains(&item));
                    assert!(hospital.records_recurrence.unwrap() >= 0.25);
                }
            }
            assert!(planted.len() <= 1, "{planted:?}");
        }
        // 35 hospitals have a breast service.
        assert_eq!((half, twice, less, if_yes), (3, 3, 4, 4), "seed {seed}");
    }
}

/// Whoever assesses fewer people plans for fewer: the truth says so of both, and of the plans to the same side and less.
#[test]
fn where_assessments_differ_care_plans_differ_too() {
    let mut differ = 0;
    for seed in 0..20 {
        let nation = Nation::draw(seed, Plan::new(seed, 1).start());
        for hospital in 0..nation.hospitals.len() {
            let ratio = |item| nation.care.at(hospital, item).map(|habit| habit.odds_ratio);
            for (assessment, plan) in [
                (Item::Assessment, Item::CarePlan),
                (Item::AssessmentAtPrimary, Item::CarePlanAtPrimary),
            ] {
                match (ratio(assessment), ratio(plan)) {
                    (Some(assessed), Some(planned)) if assessed < 1.0 => {
                        differ += 1;
                        assert!(assessed < planned && planned < 1.0, "{assessed} {planned}");
                    }
                    (Some(assessed), Some(planned)) if assessed > 1.0 => {
                        differ += 1;
                        assert!(1.0 < planned && planned < assessed, "{assessed} {planned}");
                    }
                    (assessed, planned) => assert_eq!(assessed, planned),
                }
            }
        }
    }
    assert!(differ > 5, "{differ}");
}

#[test]
fn truly_different_hospitals_differ_from_the_others_and_the_rest_do_not() {
    let nation = &nation().nation;
    let (mut planted, mut plain) = (Tally::default(), 0);
    for (n, hospital) in nation.hospitals.iter().enumerate() {
        for item in Item::ALL {
            let (Some(habit), Some(given)) = (nation.care.at(n, item), item.given()) else {
                continue;
            };
            if matches!(item, Item::CarePlan | Item::CarePlanAtPrimary) {
                continue;
            }
            let (mut as_others, mut as_planted) = (Tally::default(), Tally::default());
            for line in lines().filter(|line| line.hospital == n && line.item == item) {
                as_others.add(line.truth, given);
                as_planted.add(line.truth, with_odds(given, habit.odds_ratio));
            }
            let what = format!("{} {}", hospital.body.code, item.as_str());
            as_planted.check(&what);
            if habit.odds_ratio == 1.0 {
                plain += 1;
                continue;
            }
            // Laid in the direction in which it was planted.
            let way = if habit.odds_ratio > 1.0 { 1.0 } else { -1.0 };
            planted.count += way * (as_others.count - as_others.expected);
            planted.variance += as_others.variance;
        }
    }
    assert!(plain > 200);
    assert!(planted.deviations() > BOUND, "{}", planted.deviations());
}

#[test]
fn who_records_if_yes_never_writes_no_and_who_sends_nothing_writes_nothing() {
    let (mut if_yes, mut nothing) = (0, 0);
    for line in lines() {
        match habit(line).recording {
            Recording::IfYes if !line.truth => {
                if_yes += 1;
                assert!(!line.known, "{line:?}");
            }
            Recording::SendsNothing => {
                nothing += 1;
                assert!(!line.known && line.code.is_none(), "{line:?}");
            }
            _ => {}
        }
    }
    assert!(if_yes > 100 && nothing > 500, "{if_yes} {nothing}");
}
