//! The figure against the golden rows, its own draws, and the words beside it.

use super::*;
use crate::back_calculation::{Settings, back_calculate};

/// methods.md 4.1: the series as typed there, by its ends and its sum.
#[test]
fn the_deaths_are_those_of_the_sources() {
    let deaths = england_deaths().unwrap();
    assert_eq!((deaths.first_year(), deaths.last_year()), (1996, 2020));
    assert_eq!(
        (deaths.in_year(2001), deaths.in_year(2020)),
        (Ok(10_837), Ok(9_638))
    );
    // The five years of Parliament, and the five last of the registry.
    assert_eq!(deaths.counts()[..5].iter().sum::<u64>(), 55_185);
    assert_eq!(deaths.counts()[20..].iter().sum::<u64>(), 47_777);
    assert!((uk_over_england_women() - 1.209_28).abs() < 5e-6);
}

/// Without uncertainty and with nobody found at death, the scenarios are the golden rows: 41 to 52 thousand, by
/// England's women instead of England's people a little higher. With one in ten found at death they are a tenth
/// lower, and nothing tunes them back.
#[test]
fn the_scenarios_are_the_golden_rows() {
    let factor = 11_499.0 / 9_578.0;
    let figure = uk_figure(2, 1).unwrap();
    let golden = [
        ("As in Sweden, never changed", 49_498.0),
        ("Slowly improving", 40_763.0),
        ("Improving as in Denmark", 47_139.0),
        ("Fast improving", 50_574.0),
    ];
    for (name, wanted) in golden {
        let scenario = scenarios().iter().find(|scenario| scenario.name == name).unwrap();
        let deaths = england_deaths().unwrap();
        let living = |share| {
            let curves = scenario.central().unwrap();
            let fit = back_calculate(&deaths, &curves, share, &Settings::default()).unwrap();
            fit.course.alive_at_end(2020).unwrap().total()
        };
        let found = living(0.0) * factor;
        assert!((found / wanted - 1.0).abs() < 0.005, "{name}: {found}");
        assert!((living(0.1) / living(0.0) - 0.9).abs() < 1e-8, "{name}");
        let alone = figure
            .scenarios
            .iter()
            .find(|one| one.scenario.name == name)
            .unwrap();
        let wanted = wanted * 0.9 * 9_578.0 / 9_509.0;
        assert!(
            (alone.total_of_weibull_alone / wanted - 1.0).abs() < 0.005,
            "{name}: {alone:?}"
        );
    }
}

#[test]
fn the_figure_is_a_range_of_scenarios() {
    let draws = if crate::length::long() { 2_000 } else { 200 };
    let figure = uk_figure(draws, 1).unwrap();
    assert_eq!(
        (figure.end_of_year, figure.covid_year, figure.draws),
        (2020, true, draws)
    );
    for one in &figure.scenarios {
        assert!(one.within_ten_years.middle < one.total.middle);
        assert!(one.total.low < one.total.middle && one.total.middle < one.total.high);
    }
    let inside = |interval: crate::Interval, one: Spread| interval.contains(one.middle);
    let plausible = figure
        .scenarios
        .iter()
        .filter(|one| one.scenario.role == Role::Plausible);
    assert!(plausible.clone().all(|one| inside(figure.total, one.total)));
    assert!(
        plausible
            .clone()
            .all(|one| inside(figure.within_ten_years, one.within_ten_years))
    );
    // The edges lie outside on their own side.
    let edges: Vec<_> = figure
        .scenarios
        .iter()
        .filter(|one| one.scenario.role == Role::Edge)
        .collect();
    assert!(edges[0].total.middle < figure.total.low && edges[1].total.middle > figure.total.high);
    // The headline is narrower than the total, whose width is the tail's.
    let relative = |range: crate::Interval| range.high / range.low;
    assert!(relative(figure.within_ten_years) < relative(figure.total));
    let Drivers {
        survival,
        found_at_death,
        noise,
    } = figure.drivers;
    assert!((survival + found_at_death + noise - 1.0).abs() < 1e-12);
    assert!(
        survival > found_at_death && found_at_death > noise,
        "{:?}",
        figure.drivers
    );
    assert_eq!(uk_figure(20, 1), uk_figure(20, 1));
    assert_ne!(uk_figure(20, 1), uk_figure(20, 2));
    assert!(uk_figure(0, 1).is_err());
}

/// methods.md table 1.1: the ratios and rates printed there.
#[test]
fn the_published_estimates_have_the_ratios_of_the_table() {
    let find = |place: &str, date: &str| {
        published_estimates()
            .iter()
            .find(|row| row.place == place && row.date == date)
            .unwrap()
    };
    for (place, date, ratio) in [
        ("United States", "1 January 2013", 3.393),
        ("Northern Ireland", "2020", 2.87),
        ("Scotland", "2013", 4.16),
        ("England", "April 2016 to March 2017", 3.99),
        ("England", "April 2020 to March 2021", 5.94),
        ("United Kingdom", "long quoted", 3.04),
        ("Australia", "2024", 6.35),
    ] {
        assert!(
            (find(place, date).living_over_deaths().unwrap() - ratio).abs() < 0.006,
            "{place} {date}"
        );
    }
    for (place, date, rate) in [
        ("United States", "1 January 2017", 47.6),
        ("Northern Ireland", "2020", 48.1),
        ("Scotland", "2013", 76.8),
        ("England", "April 2020 to March 2021", 101.2),
        ("Australia", "2024", 77.0),
    ] {
        assert!(
            (find(place, date).crude_rate().unwrap() - rate).abs() < 0.1,
            "{place} {date}"
        );
    }
}

/// No sentence beside the figure promises a chance that the range cannot have.
#[test]
fn nothing_is_called_a_confidence_interval() {
    for scenario in scenarios() {
        for words in [scenario.name, scenario.words] {
            assert!(!words.contains("95") && !words.contains("confidence"), "{words}");
        }
        assert!(!scenario.sources.is_empty());
        assert!(
            scenario
                .sources
                .iter()
                .all(|source| source.url.starts_with("https://"))
        );
    }
}
