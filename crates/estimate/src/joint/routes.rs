//! The same question answered by each route, side by side. They are never averaged: where they disagree, that is a
//! finding.

use crate::back_calculation::{Assumptions, Deaths, Settings, SurvivalOverTime, beta_share, draw_courses};
use crate::survival::Survival;
use crate::{EstimateError, Interval};

use super::assumptions::Ppv;
use super::error::JointError;
use super::figures::of_numbers;
use super::model::Model;
use super::ratios::{counted, last_whole};
use super::result::{Figures, Route, RouteName, Year};
use super::study::Person;

/// Draws of the back-calculation: enough for its interval, which is wide.
const DRAWS: usize = 300;

/// Years of new cases before the first deaths of the series: from so long ago hardly anybody is alive.
const YEARS_BEFORE: i32 = 40;

/// All routes, for the last whole year.
pub(super) fn routes(model: &Model, years: &[Year], seed: u64) -> Vec<Route> {
    let at = last_whole(model);
    let year = years.get(at);
    let simple = |name, keep: fn(&Person) -> bool| {
        let (living, new) = as_found(model, at, keep);
        Route {
            name,
            living: Ok(exactly(living)),
            new: Ok(exactly(new)),
        }
    };
    let joint = Route {
        name: RouteName::Joint,
        living: counted(year.map(|year| &year.living)),
        new: counted(year.map(|year| &year.new)),
    };
    let back = back_calculated(model, at, seed);
    let part = |at: usize| {
        back.as_ref().map_err(Clone::clone).and_then(|draws| {
            let values = draws.iter().filter_map(|pair| pair.get(at).copied()).collect();
            of_numbers(values).ok_or(EstimateError::NotFinite)
        })
    };
    vec![
        simple(RouteName::Recorded, |person| {
            person.recorded && !person.only_at_death
        }),
        simple(RouteName::Found, |_| true),
        joint,
        Route {
            name: RouteName::BackCalculation,
            living: part(0),
            new: part(1),
        },
    ]
}

fn exactly(count: f64) -> Figures {
    let point = Interval {
        low: count,
        high: count,
    };
    Figures {
        median: count,
        half: point,
        interval: point,
    }
}

/// People as found, neither thinned nor joined by anybody: living at the end of a year, and new in it. Whoever is on a certificate
/// alone is new on the day of death, and never living.
fn as_found(model: &Model, at: usize, keep: fn(&Person) -> bool) -> (f64, f64) {
    let end = model.study.year_end(at);
    let start = f64::from(model.study.first_year) + at as f64;
    let (mut living, mut new) = (0.0, 0.0);
    let counts = |person: &&Person| {
        let class = model.assumptions.classes.get(usize::from(person.class));
        class.is_some_and(|class| class.ppv != Ppv::OnlyReviewed) && keep(person)
    };
    for person in model.study.people.iter().filter(counts) {
        let begun = if person.only_at_death {
            person.exit.time()
        } else {
            person.established
        };
        if begun < end && person.exit.time() >= end {
            living += 1.0;
        }
        if (start..end).contains(&begun) {
            new += 1.0;
        }
    }
    (living, new)
}

/// Living and new in the last whole year from national deaths, with the survival of the people followed.
fn back_calculated(model: &Model, at: usize, seed: u64) -> Result<Vec<[f64; 2]>, EstimateError> {
    let series = model.study.deaths.as_ref().ok_or(JointError::NoNationalDeaths)?;
    let deaths = Deaths::new(series.first_year, series.counts.clone())?;
    let (survival, other) = &model.courses.everyone;
    let prior = model.assumptions.without_metastasis;
    let settings = Settings {
        start_year: series.first_year - YEARS_BEFORE,
        ..Settings::default()
    };
    let year = model.study.first_year + at as i32;
    draw_courses(
        &deaths,
        &settings,
        DRAWS,
        seed,
        |chance| {
            let family = survival.draw(chance).ok_or(EstimateError::Empty)?;
            Ok(Assumptions {
                curves: SurvivalOverTime::unchanged(Survival::new(family, *other)?),
                share_found_at_death: beta_share(prior.alpha, prior.beta, chance)?,
            })
        },
        |_, course| Ok([course.alive_at_end(year)?.total(), course.new_in(year)?]),
    )
}
