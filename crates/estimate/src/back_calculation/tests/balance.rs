//! What holds for every course, whatever the deaths and curves.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Living at the end = living at the start + new − died, of whatever cause, in every year and for every curve.
    #[test]
    fn the_course_balances(
        counts in prop::collection::vec(20..400_u64, 6..20), shape in 0.5..1.5_f64, scale in 0.8..6.0_f64,
        other in 0.0..0.1_f64, ratio in 0.4..1.2_f64, share in 0.0..0.3_f64,
    ) {
        let survival = Survival::new(Family::Weibull { shape, scale }, other).unwrap();
        let improvement = Improvement { from_year: 1985, to_year: 2010, first_over_last: ratio };
        let curves = SurvivalOverTime::improving(survival, improvement).unwrap();
        let deaths = Deaths::new(2000, counts).unwrap();
        let fit = back_calculate(&deaths, &curves, share, &Settings::default()).unwrap();
        let course = fit.draw(&mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        for course in [fit.course, course] {
            let mut before = course.alive_at_end(1956).unwrap().total();
            for year in 1957..=course.last_year() {
                let after = course.alive_at_end(year).unwrap().total();
                let died = course.deaths_in(year).unwrap() - course.found_at_death_in(year).unwrap()
                    + course.other_deaths_in(year).unwrap();
                let expected = before + course.new_in(year).unwrap() - died;
                prop_assert!((after - expected).abs() < 1e-6 * (1.0 + after), "{year}: {after} {expected}");
                before = after;
            }
        }
    }

    /// Whatever the deaths, the search settles: years without any, and a thousand after one.
    #[test]
    fn the_search_settles(
        counts in prop::collection::vec(prop_oneof![Just(0_u64), 0..30_u64, 0..5_000_u64], 5..30),
        shape in 0.4..2.0_f64, scale in 0.3..9.0_f64, other in 0.0..0.2_f64,
    ) {
        prop_assume!(counts.iter().sum::<u64>() >= 50);
        let deaths = Deaths::new(1996, counts).unwrap();
        let fit = back_calculate(&deaths, &unchanged(shape, scale, other), 0.1, &Settings::default()).unwrap();
        let (last, total) = (deaths.last_year(), deaths.counts().iter().sum::<u64>() as f64);
        let expected: f64 = (1996..=last).map(|year| fit.course.deaths_in(year).unwrap()).sum();
        // A change of all years by one factor costs no penalty, so the best course has as many deaths as there were.
        prop_assert!((expected / total - 1.0).abs() < 1e-5, "{expected} {total}");
    }

    /// More deaths, more people; longer lives, more people living for the same deaths.
    #[test]
    fn more_deaths_and_longer_lives_are_more_people(counts in prop::collection::vec(50..400_u64, 8..15), factor in 1.05..1.5_f64) {
        let settings = Settings::default();
        let living = |counts: &[u64], scale: f64| {
            let deaths = Deaths::new(2000, counts.to_vec()).unwrap();
            let fit = back_calculate(&deaths, &unchanged(0.8, scale, 0.0), 0.0, &settings).unwrap();
            fit.course.alive_at_end(deaths.last_year()).unwrap().total()
        };
        let more: Vec<u64> = counts.iter().map(|count| count * 2).collect();
        prop_assert!(living(&more, 3.0) > living(&counts, 3.0));
        prop_assert!(living(&counts, 3.0 * factor) > living(&counts, 3.0));
    }
}
