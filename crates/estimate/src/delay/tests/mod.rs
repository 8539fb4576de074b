//! Mack's own numbers, the equal models, slow oracles, and what is refused.

mod runs;

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Poisson};

use super::*;
use crate::EstimateError;

/// The triangle of Taylor and Ashe (1983), as T. Mack, ASTIN Bulletin 23 (1993) 213–225 uses it: payments by year and
/// delay.
fn taylor_ashe() -> Triangle {
    let rows: [&[u64]; 10] = [
        &[
            357_848, 766_940, 610_542, 482_940, 527_326, 574_398, 146_342, 139_950, 227_229, 67_948,
        ],
        &[
            352_118, 884_021, 933_894, 1_183_289, 445_745, 320_996, 527_804, 266_172, 425_046,
        ],
        &[
            290_507, 1_001_799, 926_219, 1_016_654, 750_816, 146_923, 495_992, 280_405,
        ],
        &[310_608, 1_108_250, 776_189, 1_562_400, 272_482, 352_053, 206_286],
        &[443_160, 693_190, 991_983, 769_488, 504_851, 470_639],
        &[396_132, 937_085, 847_498, 805_037, 705_960],
        &[440_832, 847_631, 1_131_398, 1_063_269],
        &[359_480, 1_061_648, 1_443_370],
        &[376_686, 986_608],
        &[344_014],
    ];
    Triangle::new(rows.map(<[u64]>::to_vec).to_vec()).unwrap()
}

/// Mack 1993: reserve 18,680,856 with standard error 2,447,095.
#[test]
fn the_golden_numbers_of_mack() {
    let found = chain_ladder(&taylor_ashe()).unwrap();
    assert!((found.to_come - 18_680_856.0).abs() < 0.5, "{}", found.to_come);
    assert!(
        (found.standard_error - 2_447_095.0).abs() < 0.5,
        "{}",
        found.standard_error
    );
}

/// A Poisson model with an effect of each period and each delay, fitted by going round the margins.
fn row_and_column(triangle: &Triangle) -> f64 {
    let rows = triangle.rows();
    let (mut of_row, mut of_column) = (vec![1.0; rows.len()], vec![1.0; triangle.delays()]);
    for _ in 0..20_000 {
        for (row, effect) in rows.iter().zip(&mut of_row) {
            let sum: u64 = row.iter().sum();
            *effect = sum as f64 / of_column[..row.len()].iter().sum::<f64>();
        }
        for (delay, effect) in of_column.iter_mut().enumerate() {
            let known = || rows.iter().zip(&of_row).filter(|(row, _)| row.len() > delay);
            let sum: u64 = known().map(|(row, _)| row[delay]).sum();
            *effect = sum as f64 / known().map(|(_, row)| row).sum::<f64>();
        }
    }
    let missing = rows.iter().zip(&of_row);
    missing
        .map(|(row, effect)| effect * of_column[row.len()..].iter().sum::<f64>())
        .sum()
}

fn triangles(lowest: u64) -> impl Strategy<Value = Triangle> {
    (3..8_usize).prop_flat_map(move |size| {
        let rows: Vec<_> = (0..size)
            .map(|row| prop::collection::vec(lowest..60_u64, size - row))
            .collect();
        rows.prop_map(|rows| Triangle::new(rows).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_chain_ladder_is_the_poisson_model_of_rows_and_columns(triangle in triangles(1)) {
        let ladder = chain_ladder(&triangle).unwrap().to_come;
        let model = row_and_column(&triangle);
        prop_assert!((ladder - model).abs() < 1e-4 * (1.0 + model), "{ladder} {model}");
    }

    /// Read backwards, the hazards are the factors: 1 − g = 1/f.
    #[test]
    fn hazards_and_factors_are_one(triangle in triangles(1)) {
        let ladder = chain_ladder(&triangle).unwrap();
        let hazards = reverse_hazards(&triangle, 0.0).unwrap();
        for (factor, hazard) in ladder.factors.iter().zip(&hazards.delays) {
            prop_assert!((1.0 - hazard.share - 1.0 / factor).abs() < 1e-12);
        }
        let shares = hazards.reported_by();
        prop_assert!(shares.windows(2).all(|pair| pair[0] <= pair[1]) && shares[shares.len() - 1] == 1.0);
        for (period, row) in ladder.periods.iter().zip(triangle.rows()) {
            prop_assert!((period.reported / shares[row.len() - 1] - period.ultimate).abs() < 1e-6 * period.ultimate);
        }
    }

    #[test]
    fn nobody_reported_is_taken_back(triangle in triangles(0), seed in 0..9_u64) {
        let Ok(hazards) = reverse_hazards(&triangle, 5.0) else { return Ok(()); };
        for (found, row) in nowcast(&triangle, &hazards, 20, seed).unwrap().into_iter().zip(triangle.rows()) {
            let sum: u64 = row.iter().sum();
            match found {
                Ok(period) => prop_assert!(period.reported == sum && period.draws.iter().all(|&draw| draw >= sum)),
                Err(reason) => prop_assert!(sum == 0 || reason != EstimateError::NothingReported),
            }
        }
    }
}

/// A made register: Poisson cases, each reported with these shares by delay.
fn made(
    periods: usize,
    cases: f64,
    shares: &[f64],
    change_from: Option<usize>,
    rng: &mut ChaCha8Rng,
) -> (Triangle, Vec<u64>) {
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for period in 0..periods {
        let people = Poisson::new(cases).unwrap().sample(rng) as u64;
        let (mut left, mut later, mut row) = (people, 1.0, Vec::new());
        for (delay, share) in shares.iter().enumerate() {
            if period + delay >= periods {
                break;
            }
            // From the change on, twice as many of those still missing come in each period.
            let chance = match change_from {
                Some(from) if period + delay >= from && delay > 0 => f64::min(2.0 * share / later, 1.0),
                _ => f64::min(share / later, 1.0),
            };
            let reported = Binomial::new(left, chance).unwrap().sample(rng);
            left -= reported;
            later -= share;
            row.push(reported);
        }
        rows.push(row);
        truth.push(people);
    }
    (Triangle::new(rows).unwrap(), truth)
}

const SHARES: [f64; 6] = [0.35, 0.25, 0.15, 0.1, 0.1, 0.05];

/// Over repeated chance, the draws of the last period hold what came in the end nineteen times of twenty, also with
/// few people.
#[test]
fn draws_hold_what_came_in_the_end() {
    for (cases, shrinkage) in [(60.0, 0.0), (8.0, 3.0)] {
        let mut rng = ChaCha8Rng::seed_from_u64(31);
        let (mut held, mut runs) = (0, 0);
        for run in 0..600 {
            let (triangle, truth) = made(16, cases, &SHARES, None, &mut rng);
            let hazards = reverse_hazards(&triangle, shrinkage).unwrap();
            let found = nowcast(&triangle, &hazards, 200, run).unwrap();
            let Ok(last) = &found[15] else { continue };
            let mut draws = last.draws.clone();
            draws.sort_unstable();
            runs += 1;
            held += u32::from(draws[5] <= truth[15] && truth[15] <= draws[194]);
        }
        let share = f64::from(held) / f64::from(runs);
        // With few people the ends are whole numbers with weight of their own, so the interval holds more than it
        // must.
        assert!((0.92..=0.993).contains(&share), "{cases}: {share} of {runs}");
    }
}

#[test]
fn a_change_in_reporting_is_seen() {
    let mut rng = ChaCha8Rng::seed_from_u64(41);
    let (mut false_alarms, mut seen) = (0, 0);
    for _ in 0..400 {
        let (same, _) = made(16, 60.0, &SHARES, None, &mut rng);
        false_alarms += u32::from(reporting_change(&same, 4).unwrap().warns());
        let (changed, _) = made(16, 60.0, &SHARES, Some(12), &mut rng);
        let change = reporting_change(&changed, 4).unwrap();
        seen += u32::from(change.warns());
    }
    // One in a hundred is promised: 4 of 400, and more than 12 hardly ever.
    assert!((1..=12).contains(&false_alarms), "{false_alarms}");
    assert!(seen >= 390, "{seen}");
    // A month in which old cases were sent in: more late reports than expected.
    let (mut rows, _) = {
        let (triangle, truth) = made(16, 60.0, &SHARES, None, &mut rng);
        (triangle.rows().to_vec(), truth)
    };
    for (period, row) in rows.iter_mut().enumerate().skip(10).take(5) {
        if let Some(last) = row.get_mut(15 - period) {
            *last += 20;
        }
    }
    let change = reporting_change(&Triangle::new(rows).unwrap(), 1).unwrap();
    assert!(
        change.warns() && change.found > change.expected + 50.0,
        "{change:?}"
    );
}

/// Twelve months of which every delay is known: the last two calendar periods are 13 and 14, and three late cells fall
/// in them. Worked out by another program.
#[test]
fn the_last_calendar_periods_may_come_after_the_last_month() {
    let with = |late: u64| {
        let mut rows = vec![vec![100, 20, 20, 20]; 12];
        for (month, delay) in [(10, 3), (11, 2), (11, 3)] {
            rows[month][delay] = late;
        }
        reporting_change(&Triangle::new(rows).unwrap(), 2).unwrap()
    };
    for (late, chi_squared, p_value) in [
        (40, 31.326_066_155, 1.576_272e-7),
        (8, 17.658_977_540, 1.463_530_4e-4),
    ] {
        let change = with(late);
        assert!(change.warns() && change.compared == 2, "{change:?}");
        assert_eq!(change.found, 3.0 * late as f64);
        assert!((change.chi_squared - chi_squared).abs() < 1e-8, "{change:?}");
        assert!((change.p_value / p_value - 1.0).abs() < 1e-5, "{change:?}");
    }
    assert!(with(20).p_value > 0.99);
    // Fifteen calendar periods: with 13 of them recent, only reports of the second are left before.
    let same = Triangle::new(vec![vec![100, 20, 20, 20]; 12]).unwrap();
    assert!(reporting_change(&same, 13).is_ok());
    for all in [14, usize::MAX] {
        assert!(reporting_change(&same, all).is_err());
    }
}

#[test]
fn few_people_are_drawn_towards_the_rest() {
    let triangle = Triangle::new(vec![vec![4, 1, 0], vec![5, 2], vec![3]]).unwrap();
    let hazards = |people| reverse_hazards(&triangle, people).unwrap();
    let pooled = 3.0 / 17.0;
    assert!((hazards(0.0).delays[0].share - 3.0 / 12.0).abs() < 1e-12);
    assert_eq!(hazards(0.0).delays[1].share, 0.0);
    assert!((hazards(5.0).delays[1].share - 5.0 * pooled / 10.0).abs() < 1e-12);
    let near = hazards(1e9);
    assert!((near.delays[0].share - pooled).abs() < 1e-6 && (near.delays[1].share - pooled).abs() < 1e-6);
}

#[test]
fn what_cannot_be_completed() {
    assert_eq!(
        Triangle::new(vec![]),
        Err(EstimateError::TriangleTooSmall {
            periods: 0,
            delays: 0
        })
    );
    assert_eq!(
        Triangle::new(vec![vec![1], vec![1, 2]]),
        Err(EstimateError::TriangleShape)
    );
    assert_eq!(
        Triangle::new(vec![vec![1, 2], vec![]]),
        Err(EstimateError::TriangleShape)
    );
    let two = Triangle::new(vec![vec![1, 2, 3], vec![1]]);
    assert_eq!(
        two,
        Err(EstimateError::TriangleTooSmall {
            periods: 2,
            delays: 3
        })
    );
    // Nothing came at delay 0 in any period that knows delay 1.
    let late = Triangle::new(vec![vec![0, 5, 1], vec![0, 4], vec![2]]).unwrap();
    assert_eq!(
        chain_ladder(&late).unwrap_err(),
        EstimateError::NothingReportedBefore { delay: 1 }
    );
    // The newest month has no report: no number is made up for it.
    let silent = Triangle::new(vec![vec![5, 2, 1], vec![4, 3], vec![0]]).unwrap();
    let hazards = reverse_hazards(&silent, 0.0).unwrap();
    let found = nowcast(&silent, &hazards, 10, 1).unwrap();
    assert_eq!(found[2], Err(EstimateError::NothingReported));
    assert_eq!(found[0].as_ref().unwrap().draws, vec![8; 10]);
    assert_eq!(nowcast(&silent, &hazards, 0, 1), Err(EstimateError::NoDraws));
    assert!(reporting_change(&silent, 2).is_err() && reporting_change(&silent, 0).is_err());
    let short = taylor_ashe().last_periods(4).unwrap();
    assert_eq!((short.rows().len(), short.delays()), (4, 4));
    assert!(taylor_ashe().last_periods(2).is_err());
}

#[test]
fn the_same_seed_gives_the_same_draws() {
    let triangle = Triangle::new(vec![vec![9, 4, 2, 1], vec![8, 5, 2], vec![7, 4], vec![6]]).unwrap();
    let hazards = reverse_hazards(&triangle, 2.0).unwrap();
    let with = |seed| nowcast(&triangle, &hazards, 50, seed).unwrap();
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
    let mean = |draws: &[u64]| draws.iter().sum::<u64>() as f64 / draws.len() as f64;
    let many = nowcast(&triangle, &hazards, 5_000, 3).unwrap();
    let last = many[3].as_ref().unwrap();
    // F varies from draw to draw, so the mean of the draws lies a little above n/F.
    assert!(
        (mean(&last.draws) / last.expected - 1.0).abs() < 0.25,
        "{} {}",
        mean(&last.draws),
        last.expected
    );
}
