//! Single parts against something slow and obvious.

use crate::Interval;
use crate::chance::chance;
use crate::joint::chance::Seeds;
use crate::joint::course::{Course, Courses};
use crate::joint::grid::{Grid, Life};
use crate::joint::mixtures::Mixtures;
use crate::joint::model::Model;
use crate::joint::roster::Roster;
use crate::joint::sampling::binomial;
use crate::joint::split::Split;
use crate::joint::{Exit, Figures, Kind, Settings, Sex, Study, figures};
use crate::survival::Family;

use super::nation::{Scenario, nation};

/// With constant hazards everything has a closed form: S = exp(−0.45 *t*), two thirds of the exits of the disease.
#[test]
fn a_course_of_constant_hazards() {
    let family = Family::Weibull {
        shape: 1.0,
        scale: 1.0 / 0.3,
    };
    let course = Course::of(family, family, 10.0, 0.1, 0.05);
    for time in [0.25, 1.0, 7.5, 20.0] {
        let alive = (-0.45_f64 * time).exp();
        assert!((course.alive_after(time) - alive).abs() < 1e-9, "{time}");
        assert!(
            (course.dead_after(time) - (1.0 - alive) * 2.0 / 3.0).abs() < 1e-9,
            "{time}"
        );
    }
    let mut chance = chance(1);
    let people = 40_000;
    let (mut of_disease, mut otherwise, mut lived) = (0.0, 0.0, 0.0);
    for _ in 0..people {
        let exit = course.exit(2020.0, 0.0, &mut chance);
        lived += exit.time().min(2080.0) - 2020.0;
        of_disease += f64::from(u8::from(matches!(exit, Exit::OfBreastCancer(_))));
        otherwise += f64::from(u8::from(matches!(exit, Exit::OfOther(_))));
    }
    let people = f64::from(people);
    // Four Monte-Carlo errors: an exponential time deviates by its mean, a share by √(p (1 − p)).
    let errors = 4.0 / people.sqrt();
    assert!((lived / people * 0.45 - 1.0).abs() < errors);
    for (found, share) in [(of_disease, 2.0 / 3.0), (otherwise, 2.0_f64 / 9.0)] {
        assert!((found / people - share).abs() < errors * (share * (1.0 - share)).sqrt());
    }
}

/// Everyone followed is read, so that people in another order are the same people.
#[test]
fn the_order_of_people_says_nothing_of_survival() {
    let mut study = nation(&Scenario::well_specified(500.0), 5).study;
    let (assumptions, middle) = (super::nation::assumptions(), [0.85, 0.98]);
    let fitted = |study: &Study| {
        let roster = Roster::of(study, &middle);
        assert!(roster.members.len() > 4_000, "{}", roster.members.len());
        let courses = Courses::of(study, &assumptions, &roster, &middle, 1, Seeds::of(1));
        courses.unwrap().everyone.0
    };
    let forwards = fitted(&study);
    study.people.reverse();
    let backwards = fitted(&study);
    assert_eq!(
        (forwards.families.len(), forwards.window),
        (backwards.families.len(), backwards.window)
    );
    for ((one, of_one), (other, of_other)) in forwards.families.iter().zip(&backwards.families) {
        assert_eq!(one.kind, other.kind);
        assert!((of_one - of_other).abs() < 1e-6, "{of_one} {of_other}");
        for time in [0.1, 1.0, 5.0, 20.0] {
            let (one, other) = (one.best.survival(time), other.best.survival(time));
            assert!((one - other).abs() < 1e-6, "{time}: {one} {other}");
        }
    }
}

/// Somebody established in March 2017 who died of breast cancer in May 2019, aged 54 and then 56.
#[test]
fn the_cells_of_one_life() {
    let study = nation(&Scenario::well_specified(20.0), 1).study;
    let grid = Grid::of(&study, 1.5);
    let life = Life {
        established: 2017.2,
        exit: Exit::OfBreastCancer(2019.4),
        kind: Kind::Recurrent,
        sex: Sex::Female,
        born: Some(1962.5),
    };
    let mut cells = Vec::new();
    grid.cells(&life, &mut cells);
    let group = |age: usize| 21 + age;
    let expected = [
        grid.groups_of(0, 1) + group(1),
        grid.groups_of(1, 2) + group(2),
        grid.duration(0, 1),
        grid.groups_of(1, 3) + group(2),
        grid.duration(1, 2),
        grid.duration(5, 2),
        grid.groups_of(2, 3) + group(2),
        grid.groups_of(3, 3) + group(2),
    ];
    assert_eq!(cells, expected.map(|cell| cell as u32));
    assert!(cells.iter().all(|cell| (*cell as usize) < grid.width()));
}

/// Half a year before the records stands for any time before them, so whoever has it was not watched from the start, also where
/// a last part of a year lets others be watched for longer than that.
#[test]
fn who_was_ill_before_the_records_was_not_watched() {
    let mut study = nation(&Scenario::well_specified(20.0), 1).study;
    study.end = 2025.75;
    let grid = Grid::of(&study, 9.7);
    let beyond = |established: f64| {
        let life = Life {
            established,
            exit: Exit::Alive,
            kind: Kind::DeNovo,
            sex: Sex::Female,
            born: None,
        };
        let mut cells = Vec::new();
        grid.cells(&life, &mut cells);
        cells.contains(&(grid.duration(5, 8) as u32))
    };
    assert!(beyond(2015.5) && !beyond(2016.1));
}

/// By hand: by 30 June people of the half-year since January are a quarter of a year at risk on average, those of the year
/// before a whole one; at the end of December half a year and one and a half.
#[test]
fn a_last_half_year_is_at_risk_for_half_of_it() {
    let mut study = nation(&Scenario::well_specified(20.0), 1).study;
    for (end, years) in [(2025.5, [9.0, 1.0, 0.25]), (2026.0, [9.5, 1.5, 0.5])] {
        study.end = end;
        assert_eq!([0, 8, 9].map(|year| study.at_risk(year)), years);
    }
}

#[test]
fn small_and_large_binomials_have_their_mean_and_variance() {
    for (people, share) in [(3_u32, 0.2), (40, 0.02), (200, 0.6), (1, 0.5)] {
        let mut chance = chance(9);
        let draws: Vec<f64> = (0..20_000)
            .map(|_| f64::from(binomial(people, share, &mut chance)))
            .collect();
        let (mean, n) = (crate::posterior::mean(&draws), f64::from(people));
        let spread = (n * share * (1.0 - share)).sqrt();
        assert!(
            (mean - n * share).abs() < 4.0 * spread / 20_000_f64.sqrt(),
            "{people} {share}: {mean}"
        );
        // The error of a deviation is √((kurtosis − 1)/4 draws); a binomial's kurtosis is 3 + (1 − 6 p q)/(n p q).
        let kurtosis = 3.0 + (1.0 - 6.0 * share * (1.0 - share)) / (n * share * (1.0 - share));
        let error = ((kurtosis - 1.0) / 80_000.0).sqrt().max(1e-3);
        assert!((crate::posterior::variance(&draws).sqrt() / spread - 1.0).abs() < 4.0 * error);
        assert!(draws.iter().all(|draw| (0.0..=n).contains(draw)));
    }
    let mut chance = chance(9);
    assert_eq!(
        [binomial(7, 1.0, &mut chance), binomial(7, 0.0, &mut chance)],
        [7, 0]
    );
}

/// Counting and sorting give the same ends, none of them cut inwards.
#[test]
fn figures_of_counts() {
    let draws: Vec<u32> = (0..=100).rev().collect();
    let wanted = Figures {
        median: 50.0,
        half: Interval {
            low: 25.0,
            high: 75.0,
        },
        interval: Interval { low: 2.0, high: 98.0 },
    };
    assert_eq!(figures::of_counts(&draws), Some(wanted));
    let far: Vec<u32> = draws.iter().map(|draw| draw * 100_000).collect();
    assert_eq!(figures::of_counts(&far).unwrap().interval.high, 9_800_000.0);
    assert_eq!(figures::of_counts(&[]), None);
    assert_eq!(figures::of_numbers(vec![1.0, f64::NAN]), None);
}

/// Everyone drawn for the country falls on exactly one place, in every draw.
#[test]
fn everyone_is_shared_out() {
    let study = nation(
        &Scenario {
            silent: 1,
            ..Scenario::well_specified(300.0)
        },
        2,
    )
    .study;
    let (assumptions, settings) = (super::nation::assumptions(), Settings { draws: 30, seed: 3 });
    let seeds = Seeds::of(3);
    let model = Model::of(&study, &assumptions, &settings, seeds, Mixtures::ALL).unwrap();
    let split = Split::of(&model, settings.draws, seeds);
    for at in 0..settings.draws {
        let drawn = model.draw(seeds, at).unwrap();
        let mut left = split.start(&drawn, at).unwrap();
        let mut chance = chance(at as u64);
        let (mut unseen, mut late, mut before) = (0, 0, [0; 3]);
        for (place, found) in split.places.iter().enumerate() {
            let weights = split.weights(place, at, &drawn).unwrap();
            assert_eq!(weights.len(), found.leaves.len());
            for (leaf, weight) in weights.into_iter().enumerate() {
                let taken = split.take(&mut left, (place, leaf), weight, &mut chance);
                unseen += taken.0;
                late += taken.1;
            }
            let taken = split.take_before(&mut left, &drawn, place, &mut chance);
            before
                .iter_mut()
                .zip(taken)
                .for_each(|(sum, taken)| *sum += taken);
        }
        assert_eq!(unseen, drawn.unseen.iter().sum::<u32>());
        assert_eq!(late, drawn.late.iter().sum::<u32>());
        assert_eq!(before, drawn.older.people);
        assert!(unseen > 0 && before.iter().sum::<u32>() > 0);
    }
}
