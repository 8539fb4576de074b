//! Charts that cannot be carried over, and charts that are carried over too far.

use crate::joint::definition::Definition;
use crate::joint::*;
use crate::misclassification::Stratum;

use super::nation::{FIRST, Scenario, assumptions, nation};

const SETTINGS: Settings = Settings { draws: 60, seed: 1 };

fn stratum(people: u64, reviewed: u64, confirmed: u64) -> Stratum {
    Stratum::new(people, reviewed, confirmed).unwrap()
}

/// A nation of two classes: of one source, and of two.
fn study() -> Study {
    nation(&Scenario::well_specified(200.0), 3).study
}

fn codes(study: &Study) -> (Status, Vec<&'static str>) {
    let joint = joint(study, &assumptions(), &SETTINGS, &mut |_| ()).unwrap();
    let codes = joint.warnings.iter().map(|warning| warning.code.name());
    (joint.status, codes.collect())
}

/// | charts of the class of two sources | its PPV |
/// |---|---|
/// | none | the prior's |
/// | one hospital: 12 read, 6 right | the prior's, and an alarm |
/// | two hospitals: 24 read, 12 right | theirs |
#[test]
fn the_charts_of_one_hospital_change_nothing() {
    let mut study = study();
    let middle = |study: &Study| Definition::of(study, &assumptions(), 7).unwrap().middle;
    let prior = middle(&study);
    let people = people_of(&study, 1);
    let hospitals = |strata: Vec<Stratum>| {
        vec![Charts {
            class: 1,
            sample: Sample::Hospitals(strata),
        }]
    };
    study.charts = hospitals(vec![stratum(20, 12, 6), stratum(people - 20, 0, 0)]);
    assert_eq!(middle(&study), prior);
    assert!(codes(&study).1.contains(&"charts_of_one_hospital"));
    study.charts = hospitals(vec![
        stratum(20, 12, 6),
        stratum(20, 12, 6),
        stratum(people - 40, 0, 0),
    ]);
    assert!(middle(&study)[1] < prior[1] - 0.2, "{:?}", middle(&study));
    let (_, codes) = codes(&study);
    assert!(!codes.contains(&"charts_of_one_hospital"), "{codes:?}");
    assert!(!codes.contains(&"charts_of_other_people"), "{codes:?}");
}

/// The same of people without evidence: one hospital's charts make no estimate of a lower bound, two hospitals' do.
#[test]
fn charts_of_people_without_evidence_in_one_hospital_are_no_anchor() {
    let mut study = study();
    let mut anchored = |strata: Vec<Stratum>| {
        study.unflagged = Some(Unflagged {
            sample: Sample::Hospitals(strata),
            confirmed: Confirmed::Established(FIRST, 2025),
        });
        codes(&study)
    };
    let (status, said) = anchored(vec![stratum(900, 100, 6), stratum(2_000, 0, 0)]);
    assert_eq!(status, Status::LowerBound);
    assert!(said.contains(&"charts_of_one_hospital") && said.contains(&"lists_only"));
    let (status, said) = anchored(vec![stratum(900, 100, 6), stratum(2_000, 100, 5)]);
    assert_eq!(status, Status::Estimate);
    assert!(!said.contains(&"charts_of_one_hospital") && !said.contains(&"lists_only"));
}

/// Of a class of hundreds, fifty people were looked at: their share is carried over to all, and that is said.
#[test]
fn charts_of_other_people_are_warned_of() {
    let mut study = study();
    let people = people_of(&study, 1);
    for (drawn_from, warned) in [
        (50, true),
        (people * 85 / 100, true),
        (people, false),
        (people * 2, true),
    ] {
        study.charts = vec![Charts {
            class: 1,
            sample: Sample::Everywhere(stratum(drawn_from, 50, 48)),
        }];
        let (_, codes) = codes(&study);
        assert_eq!(
            codes.contains(&"charts_of_other_people"),
            warned,
            "{drawn_from} of {people}: {codes:?}"
        );
    }
}

fn people_of(study: &Study, class: u16) -> u64 {
    let of_class = study.people.iter().filter(|person| person.class == class);
    of_class.filter(|person| !person.only_at_death).count() as u64
}
