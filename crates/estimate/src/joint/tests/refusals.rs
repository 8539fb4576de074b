//! What cannot be estimated is refused in words, and never a number.

use crate::EstimateError;
use crate::joint::*;
use crate::lists::ListsError;
use crate::misclassification::Stratum;

use super::nation::{FIRST, Scenario, assumptions, nation};

fn refused(change: impl Fn(&mut Study)) -> EstimateError {
    let mut study = nation(&Scenario::well_specified(100.0), 3).study;
    change(&mut study);
    let mut cells = 0;
    let settings = Settings { draws: 20, seed: 1 };
    let refused = joint(&study, &assumptions(), &settings, &mut |_| cells += 1).unwrap_err();
    assert_eq!(cells, 0, "a cell was given although {refused}");
    refused
}

#[test]
fn studies_that_say_nothing() {
    assert_eq!(refused(|study| study.people.clear()), JointError::Nobody.into());
    assert_eq!(refused(|study| study.places.clear()), JointError::NoPlace.into());
    assert_eq!(refused(|study| study.end = 2016.0), JointError::NoTime.into());
    assert_eq!(refused(|study| study.end = f64::NAN), JointError::NoTime.into());
    let deaths_alone = |study: &mut Study| study.people.retain(|person| person.only_at_death);
    assert_eq!(refused(deaths_alone), JointError::Nobody.into());
}

#[test]
fn one_list_and_none() {
    let sent = |lists| {
        move |study: &mut Study| {
            for place in &mut study.places {
                place.sent.fill(lists);
            }
        }
    };
    assert_eq!(refused(sent(1)), JointError::OneList.into());
    assert_eq!(refused(sent(0)), JointError::OneList.into());
}

#[test]
fn lists_without_overlap() {
    let apart = |study: &mut Study| {
        for (at, person) in study.people.iter_mut().enumerate() {
            person.pattern = 1 << (at % 4);
        }
    };
    assert_eq!(refused(apart), JointError::Lists(ListsError::NoOverlap).into());
}

#[test]
fn nobody_has_died() {
    let alive = |study: &mut Study| {
        study.people.retain(|person| !person.only_at_death);
        for person in &mut study.people {
            person.exit = Exit::Alive;
        }
    };
    let reason = refused(alive).to_string();
    assert_eq!(
        reason,
        "nothing says how long people live who were not followed: nobody is known to have died during the follow-up"
    );
}

#[test]
fn inputs_that_name_what_is_not_there() {
    let unknown = |change: fn(&mut Person)| {
        refused(move |study| {
            if let Some(person) = study.people.first_mut() {
                change(person);
            }
        })
    };
    assert_eq!(
        unknown(|person| person.place = 99),
        JointError::Unknown("an organisation").into()
    );
    assert_eq!(
        unknown(|person| person.class = 9),
        JointError::Unknown("a class of evidence").into()
    );
    assert_eq!(
        unknown(|person| person.pattern = 16),
        JointError::Unknown("a list").into()
    );
    assert_eq!(
        unknown(|person| person.established = f64::NAN),
        JointError::Value("a date of a person").into()
    );
}

/// A study of 2016 to 2025: charts of other years would move nobody, or stand for people of other years.
#[test]
fn charts_of_years_that_are_not_counted() {
    for (first, last) in [
        (2005, 2015),
        (2010, 2019),
        (2020, 2026),
        (2030, 2035),
        (2020, 2019),
    ] {
        let reason = refused(|study| {
            study.unflagged = Some(Unflagged {
                sample: Sample::Everywhere(Stratum::new(17_000, 400, 4).unwrap()),
                confirmed: Confirmed::Established(first, last),
            });
        });
        let (from, to) = (FIRST, 2025);
        assert_eq!(
            reason,
            JointError::ChartYears {
                first,
                last,
                from,
                to
            }
            .into()
        );
    }
}

#[test]
fn weak_evidence_without_charts_counts_nobody() {
    let study = nation(&Scenario::well_specified(100.0), 3).study;
    let mut assumptions = assumptions();
    for class in &mut assumptions.classes {
        class.ppv = Ppv::OnlyReviewed;
    }
    let refused = joint(
        &study,
        &assumptions,
        &Settings { draws: 20, seed: 1 },
        &mut |_| (),
    )
    .unwrap_err();
    assert_eq!(refused, JointError::NothingCounts.into());
}

/// One hospital is enough, as long as its lists overlap.
#[test]
fn one_hospital() {
    let scenario = Scenario {
        places: 1,
        ..Scenario::well_specified(300.0)
    };
    let study = nation(&scenario, 4).study;
    let joint = joint(
        &study,
        &assumptions(),
        &Settings { draws: 50, seed: 1 },
        &mut |_| (),
    )
    .unwrap();
    assert!(
        joint
            .country
            .last()
            .unwrap()
            .living
            .iter()
            .all(|living| *living > 0)
    );
}
