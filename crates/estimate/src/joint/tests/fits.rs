//! An estimate that takes up what the lists said before says the same, and asks only what changed.

use crate::joint::*;

use super::nation::{Nation, Scenario, assumptions, nation};

fn estimate(nation: &Nation, latent: bool) -> (Joint, Vec<Cell>) {
    let assumptions = Assumptions {
        latent_classes: latent,
        ..assumptions()
    };
    let mut cells = Vec::new();
    let settings = Settings { draws: 100, seed: 3 };
    let joint = joint(&nation.study, &assumptions, &settings, &mut |cell| {
        cells.push(cell)
    })
    .unwrap();
    (joint, cells)
}

/// All that is published, to the last bit.
fn assert_same(one: &(Joint, Vec<Cell>), other: &(Joint, Vec<Cell>)) {
    assert!(one.1 == other.1, "the cells differ");
    assert_eq!(format!("{:?}", one.0), format!("{:?}", other.0));
}

/// People of the last two years are not yet known.
fn two_years_less(nation: &mut Nation) {
    nation.study.people.retain(|person| person.established < 2024.0);
}

#[test]
fn an_estimate_beside_a_former_one_is_the_estimate() {
    let scenario = Scenario {
        silent: 1,
        ..Scenario::well_specified(400.0)
    };
    let mut before = nation(&scenario, 11);
    two_years_less(&mut before);
    let former = estimate(&before, true).0.fits;
    let mut now = nation(&scenario, 11);
    let alone = estimate(&now, true);
    now.study.former = Fits::from_bytes(&former.to_bytes()).unwrap();
    assert_eq!(now.study.former, former);
    let beside = estimate(&now, true);
    assert_same(&beside, &alone);
    // Half of the tables, of the first five years, are those of before, and some are not: else nothing was shown.
    let known = |fits: &Fits| {
        let (mut both, mut all) = (0, 0);
        for (question, answer) in fits.each() {
            all += 1;
            both += usize::from(former.each().any(|other| other == (question, answer)));
        }
        (both, all)
    };
    let (both, all) = known(&beside.0.fits);
    assert!(both * 2 >= all && both < all, "{both} of {all}");
}

/// What is not the same question is not answered: other assumptions, another seed.
#[test]
fn another_question_is_asked_anew() {
    let mut nation = nation(&Scenario::well_specified(300.0), 12);
    let with = estimate(&nation, true);
    nation.study.former = with.0.fits;
    let without = estimate(&nation, false);
    nation.study.former = Fits::default();
    assert_same(&without, &estimate(&nation, false));
}

#[test]
fn bytes_that_are_no_answers_are_refused() {
    let nation = nation(&Scenario::well_specified(300.0), 13);
    let bytes = estimate(&nation, false).0.fits.to_bytes();
    assert!(!Fits::from_bytes(&bytes).unwrap().is_empty());
    for cut in [1, 8, bytes.len() - 8, bytes.len() - 1] {
        assert_eq!(Fits::from_bytes(&bytes[..cut]), None, "{cut}");
    }
    let mut endless = bytes.clone();
    endless[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(Fits::from_bytes(&endless), None);
}
