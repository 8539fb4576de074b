#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

fn truth(metastatic: bool, kind: &str, date: &str, death: Option<&str>) -> TruePerson {
    let date = if metastatic { day(date) } else { None };
    TruePerson {
        metastatic,
        kind: kind.to_owned(),
        date,
        death: death.and_then(day),
        organisation: "SIM01".to_owned(),
    }
}

fn case(person: u32, tier: char, kind: &str, date: &str) -> FoundCase {
    FoundCase {
        person,
        tier,
        kind: kind.to_owned(),
        date: day(date),
        death: None,
        left: None,
        organisation: "SIM01".to_owned(),
        counted: tier < 'D',
    }
}

/// Pair by pair, as the definition says.
fn naive(records: &[(u32, u32)]) -> (u64, u64, u64) {
    let (mut both, mut in_truth, mut in_found) = (0, 0, 0);
    for (i, a) in records.iter().enumerate() {
        for b in &records[i + 1..] {
            both += u64::from(a.0 == b.0 && a.1 == b.1);
            in_truth += u64::from(a.0 == b.0);
            in_found += u64::from(a.1 == b.1);
        }
    }
    (both, in_truth, in_found)
}

proptest! {
    #[test]
    fn contingency_agrees_with_counting_pairs(records in prop::collection::vec((0..8_u32, 0..8_u32), 0..60)) {
        let score = score_linkage(&records);
        let (both, in_truth, in_found) = naive(&records);
        prop_assert_eq!(score.precision, Share { part: both, whole: in_found });
        prop_assert_eq!(score.recall, Share { part: both, whole: in_truth });
        let swapped: Vec<(u32, u32)> = records.iter().map(|(t, f)| (*f, *t)).collect();
        let other = score_linkage(&swapped);
        prop_assert_eq!(other.precision, score.recall);
        prop_assert_eq!(other.split, score.merged);
        if let (Some(f1), Some(p), Some(r)) = (score.f1, score.precision.value(), score.recall.value())
            && p + r > 0.0
        {
            prop_assert!((f1 - 2.0 * p * r / (p + r)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_found_person_stands_for_the_owner_of_most_of_its_records(
        records in prop::collection::vec((0..6_u32, 0..6_u32), 1..40)
    ) {
        for (found, chosen) in linkage::matches(&records) {
            let size = |truth: u32| records.iter().filter(|r| **r == (truth, found)).count();
            for other in 0..6 {
                prop_assert!(size(other) < size(chosen) || (size(other) == size(chosen) && chosen <= other));
            }
        }
    }

    #[test]
    fn the_tables_add_up(
        metastatic in prop::collection::vec(any::<bool>(), 1..20),
        found in prop::collection::vec((0..25_u32, prop::sample::select(vec!['A', 'B', 'C', 'D'])), 0..25),
    ) {
        let people: Vec<TruePerson> = metastatic.iter().map(|m| truth(*m, "recurrent", "2020-01-01", None)).collect();
        let records: Vec<(u32, u32)> = (0..people.len() as u32).map(|n| (n, n)).collect();
        let cases: Vec<FoundCase> = found.iter().map(|(p, t)| case(*p, *t, "recurrent", "2020-01-01")).collect();
        let input = Input { as_of: day("2025-12-31").unwrap(), known_from: None, people: &people, records: &records, cases: &cases, estimates: &[] };
        let score = evaluate(&input);
        let counted = cases.iter().filter(|c| c.counted).count() as u64;
        prop_assert_eq!(score.cases.ppv.whole, counted);
        prop_assert_eq!(score.cases.sensitivity.whole + score.cases.specificity.whole, people.len() as u64);
        prop_assert_eq!(score.cases.sensitivity.part, score.cases.ppv.part);
        prop_assert_eq!(score.cases.kind.whole, score.cases.ppv.part);
        let in_tiers: u64 = score.tiers.iter().map(|t| t.right.whole).sum();
        let known = cases.iter().filter(|c| (c.person as usize) < people.len()).count() as u64;
        prop_assert_eq!(in_tiers, known);
        let right: u64 = score.tiers.iter().filter(|t| t.tier < 'D').map(|t| t.right.part).sum();
        prop_assert_eq!(right, score.cases.ppv.part);
        prop_assert!(score.living.both <= score.living.found.min(score.living.truth));
    }
}

/// | true person | truth | found people | cases |
/// | 0 | de novo 2020-03-01 | 10 | A de novo, 60 days late |
/// | 1 | recurrent 2021-01-01, died 2022 | 11, 12 (split) | B recurrent 2021-06-01; C again: counted twice |
/// | 2 | recurrent 2010-01-01, before the sources | 13 | C not known 2014-02-01 |
/// | 3 | metastatic, missed | 14 | D only |
/// | 4 | not metastatic | 15 | C: false |
/// | 5 | not metastatic | 16 | none |
#[test]
fn a_small_nation_by_hand() {
    let people = vec![
        truth(true, "de_novo", "2020-03-01", None),
        truth(true, "recurrent", "2021-01-01", Some("2022-05-05")),
        truth(true, "recurrent", "2010-01-01", None),
        truth(true, "recurrent", "2019-01-01", None),
        truth(false, "", "", None),
        truth(false, "", "", None),
    ];
    let records = vec![
        (0, 10),
        (0, 10),
        (1, 11),
        (1, 11),
        (1, 12),
        (2, 13),
        (3, 14),
        (4, 15),
        (5, 16),
        (5, 15),
        (4, 15),
    ];
    let mut second = case(11, 'B', "recurrent", "2021-06-01");
    second.death = day("2022-05-05");
    let cases = vec![
        case(10, 'A', "de_novo", "2020-04-30"),
        second,
        case(12, 'C', "recurrent", "2021-06-01"),
        case(13, 'C', "not_known", "2014-02-01"),
        case(14, 'D', "recurrent", "2019-01-01"),
        case(15, 'C', "recurrent", "2018-01-01"),
    ];
    let input = Input {
        as_of: day("2025-12-31").unwrap(),
        known_from: day("2014-01-01"),
        people: &people,
        records: &records,
        cases: &cases,
        estimates: &[],
    };
    let score = evaluate(&input);
    insta::assert_snapshot!(score.words());
    assert_eq!(score.cases.sensitivity, Share { part: 3, whole: 4 });
    assert_eq!(score.cases.ppv, Share { part: 3, whole: 5 });
    assert_eq!(score.cases.repeated, 1);
    assert_eq!(score.cases.date_90, Share { part: 1, whole: 3 });
    assert_eq!(score.cases.date_90_known, Share { part: 1, whole: 2 });
    assert_eq!(
        (score.living.truth, score.living.found, score.living.both),
        (3, 4, 2)
    );
    assert!(serde_json::to_string(&score).unwrap().contains("\"sensitivity\""));
}

#[test]
fn an_empty_truth_gives_no_shares_and_no_panic() {
    let input = Input {
        as_of: day("2025-12-31").unwrap(),
        known_from: None,
        people: &[],
        records: &[],
        cases: &[],
        estimates: &[],
    };
    let score = evaluate(&input);
    assert_eq!(score.cases.sensitivity.value(), None);
    assert_eq!(score.linkage.f1, None);
    assert!(score.words().contains("none"));
}

/// The truth goes on after the last day of the study, 30 June 2025: of two people, both found, one gets it in December. So one is
/// living with it, as the estimates are told, and the other was found too early.
#[test]
fn whoever_gets_it_after_the_study_does_not_have_it_yet() {
    let people = [
        truth(true, "recurrent", "2025-01-01", None),
        truth(true, "recurrent", "2025-12-01", None),
    ];
    let cases = [
        case(10, 'A', "recurrent", "2025-01-01"),
        case(11, 'B', "recurrent", "2025-06-01"),
    ];
    let day = "2025-06-30".parse().unwrap();
    let living = Estimated {
        measure: Measure::Living,
        first: day,
        last: day,
        estimate: 2.0,
        low: 1.0,
        high: 2.0,
    };
    let score = evaluate(&Input {
        as_of: day,
        known_from: None,
        people: &people,
        records: &[(0, 10), (1, 11)],
        cases: &cases,
        estimates: &[living],
    });
    assert_eq!((score.living.truth, score.estimates[0].truth), (1, 1));
    assert_eq!(score.cases.sensitivity, Share { part: 1, whole: 1 });
    assert_eq!(score.cases.specificity, Share { part: 0, whole: 1 });
    assert_eq!(score.cases.ppv, Share { part: 1, whole: 2 });
    assert_eq!(score.tiers[1].right, Share { part: 0, whole: 1 });
}

/// Two people new in 2020, of whom one died in 2021; a third never had it; a fourth has had it since nobody knows when.
#[test]
fn estimates_are_laid_beside_the_truth() {
    let mut undated = truth(true, "recurrent", "2020-01-01", None);
    undated.date = None;
    let people = [
        truth(true, "recurrent", "2020-01-01", None),
        truth(true, "de_novo", "2020-12-31", Some("2021-12-31")),
        truth(false, "", "", Some("2021-06-01")),
        undated,
    ];
    let over = |measure, first: &str, last: &str, [low, estimate, high]: [f64; 3]| Estimated {
        measure,
        first: first.parse().unwrap(),
        last: last.parse().unwrap(),
        estimate,
        low,
        high,
    };
    let estimates = [
        over(Measure::New, "2020-01-01", "2020-12-31", [1.0, 2.0, 3.0]),
        over(Measure::Living, "2021-12-30", "2021-12-30", [4.0, 5.0, 6.0]),
        over(Measure::Living, "2021-12-31", "2021-12-31", [0.0, 0.0, 0.0]),
        over(Measure::Died, "2021-01-01", "2021-12-31", [1.0, 1.0, 1.0]),
        over(Measure::Living, "2022-12-31", "2022-12-31", [2.0, 2.0, 2.0]),
    ];
    let input = Input {
        as_of: "2022-12-31".parse().unwrap(),
        known_from: None,
        people: &people,
        records: &[],
        cases: &[],
        estimates: &estimates,
    };
    let score = evaluate(&input);
    let found: Vec<(u64, bool, bool)> = score
        .estimates
        .iter()
        .map(|score| (score.truth, score.held, score.at_least))
        .collect();
    let wanted = [
        (2, true, true),
        (3, false, false),
        (2, false, true),
        (1, true, true),
        (2, true, true),
    ];
    assert_eq!(found, wanted);
    // On the study's last day both truths are one.
    assert_eq!(score.living.truth, 2);
    assert!(
        score
            .words()
            .contains("people living, year by year: 2 of 3 intervals begin at or below the truth")
    );
}
