//! The figure: people living with secondary breast cancer in the UK on 1 January 2021, under each scenario.

use crate::{EstimateError, Interval};

use super::super::course::Course;
use super::super::draws::draw_courses;
use super::super::fit::{BackCalculation, Settings, back_calculate};
use super::deaths::{COVID_YEAR, england_deaths, uk_over_england_women};
use super::scenarios::{Role, Scenario, scenarios};
use super::spread::Spread;

/// People living in the UK under one scenario, at the end of the last year of deaths.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioFigure {
    /// The scenario.
    pub scenario: Scenario,
    /// People diagnosed in the last ten years: the headline.
    pub within_ten_years: Spread,
    /// Everyone.
    pub total: Spread,
    /// Everyone by a single calculation: the printed curve as a Weibull, one death in ten found at death, no chance.
    /// How far the middle of the draws lies above it is what the heavier tails of the other families add.
    pub total_of_weibull_alone: f64,
    /// The share of everyone that has lived longer than five years: survival beyond them is extrapolated.
    pub share_extrapolated: Spread,
    /// New people in the last year, those found at death not among them.
    pub new: Spread,
    /// People living over deaths a year.
    pub living_over_deaths: Spread,
    /// New people over deaths a year.
    pub new_over_deaths: Spread,
}

/// What makes the draws differ, as shares of the variance of the logarithm of everyone living; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drivers {
    /// How long people live, within and between scenarios.
    pub survival: f64,
    /// How many are found at death only.
    pub found_at_death: f64,
    /// Chance in the deaths.
    pub noise: f64,
}

/// The UK from public figures.
#[derive(Debug, Clone, PartialEq)]
pub struct UkFigure {
    /// The year at whose end the people are living: its 31 December, or 1 January of the next.
    pub end_of_year: i32,
    /// Every scenario, those that count in the range first.
    pub scenarios: Vec<ScenarioFigure>,
    /// From the lowest to the highest middle of the plausible scenarios, of people diagnosed in the last ten years.
    pub within_ten_years: Interval,
    /// The same of everyone.
    pub total: Interval,
    /// The same of everyone, with everything that each scenario leaves open: from the lowest low to the highest high.
    pub total_at_widest: Interval,
    /// What makes the plausible draws differ.
    pub drivers: Drivers,
    /// Whether the last year of deaths is one that covid may have changed.
    pub covid_year: bool,
    /// Draws under each scenario.
    pub draws: usize,
}

/// What is kept of one draw, for the UK.
struct Drawn {
    within_ten: f64,
    total: f64,
    beyond_five: f64,
    new: f64,
    deaths: f64,
    /// The logarithms of the three factors of the total.
    log_not_found_at_death: f64,
    log_survival: f64,
    log_noise: f64,
}

/// People living with secondary breast cancer in the UK at the end of 2020, from deaths of women in England, and the
/// survival of each of the [`scenarios`].
///
/// **Formula.** [`draw_courses`] for each scenario: survival family (Weibull, log-logistic, slow class, which agree
/// until five years), what the printed survival leaves open, share found at death from Beta(2, 18), chance in the
/// deaths; times 11,499/9,509, people in the UK over women in England. The total is a product of three factors, (1 −
/// *f*), what survival makes of the deaths, and chance, so the variance of its logarithm is the sum of theirs.
///
/// **Source.** Deaths: [`DEATH_SOURCES`](super::DEATH_SOURCES). Survival: the sources of each scenario. Method:
/// [`back_calculate`](super::super::back_calculate).
///
/// **Errors.** No draws asked for.
///
/// **When it fails.** When people in the UK live longer or shorter than under every scenario: no UK nation prints the
/// survival of people whose cancer came back. Half of the deaths are of people of 75 and more, whose certificates
/// name breast cancer most doubtfully. The range is one of assumptions; how likely it is to hold the truth, nobody
/// can say. Deaths of 2020 may have been changed by covid.
pub fn uk_figure(draws: usize, seed: u64) -> Result<UkFigure, EstimateError> {
    let end_of_year = england_deaths()?.last_year();
    let (mut figures, mut plausible) = (Vec::new(), Vec::new());
    for (index, scenario) in scenarios().iter().enumerate() {
        let drawn = draw(scenario, end_of_year, draws, seed.wrapping_add(index as u64))?;
        let alone = weibull_alone(scenario, end_of_year)?;
        figures.push(summarised(*scenario, &drawn, alone)?);
        if scenario.role == Role::Plausible {
            plausible.extend(drawn);
        }
    }
    let range = |low: fn(&ScenarioFigure) -> f64, high: fn(&ScenarioFigure) -> f64| {
        let counted = || {
            figures
                .iter()
                .filter(|figure| figure.scenario.role == Role::Plausible)
        };
        Interval {
            low: counted().map(low).fold(f64::INFINITY, f64::min),
            high: counted().map(high).fold(f64::NEG_INFINITY, f64::max),
        }
    };
    Ok(UkFigure {
        end_of_year,
        within_ten_years: range(|f| f.within_ten_years.middle, |f| f.within_ten_years.middle),
        total: range(|f| f.total.middle, |f| f.total.middle),
        total_at_widest: range(|f| f.total.low, |f| f.total.high),
        drivers: drivers(&plausible),
        covid_year: end_of_year == COVID_YEAR,
        draws,
        scenarios: figures,
    })
}

fn draw(scenario: &Scenario, year: i32, draws: usize, seed: u64) -> Result<Vec<Drawn>, EstimateError> {
    let factor = uk_over_england_women();
    let keep = |best: &BackCalculation, course: &Course| {
        let (alive, at_best) = (course.alive_at_end(year)?, best.course.alive_at_end(year)?);
        let found_before = 1.0 - course.share_found_at_death();
        Ok(Drawn {
            within_ten: alive.within(10) * factor,
            total: alive.total() * factor,
            beyond_five: alive.share_extrapolated(5.0)?,
            new: course.new_in(year)? * factor,
            deaths: course.deaths_in(year)? * factor,
            log_not_found_at_death: found_before.ln(),
            log_survival: (at_best.total() / found_before).ln(),
            log_noise: (alive.total() / at_best.total()).ln(),
        })
    };
    let deaths = england_deaths()?;
    draw_courses(
        &deaths,
        &Settings::default(),
        draws,
        seed,
        |rng| scenario.draw(rng),
        keep,
    )
}

/// The mean of Beta(2, 18).
const ONE_IN_TEN: f64 = 0.1;

fn weibull_alone(scenario: &Scenario, year: i32) -> Result<f64, EstimateError> {
    let fit = back_calculate(
        &england_deaths()?,
        &scenario.central()?,
        ONE_IN_TEN,
        &Settings::default(),
    )?;
    Ok(fit.course.alive_at_end(year)?.total() * uk_over_england_women())
}

fn summarised(scenario: Scenario, drawn: &[Drawn], alone: f64) -> Result<ScenarioFigure, EstimateError> {
    let of = |value: fn(&Drawn) -> f64| Spread::of(drawn.iter().map(value).collect());
    Ok(ScenarioFigure {
        scenario,
        within_ten_years: of(|one| one.within_ten)?,
        total: of(|one| one.total)?,
        total_of_weibull_alone: alone,
        share_extrapolated: of(|one| one.beyond_five)?,
        new: of(|one| one.new)?,
        living_over_deaths: of(|one| one.total / one.deaths)?,
        new_over_deaths: of(|one| one.new / one.deaths)?,
    })
}

fn drivers(drawn: &[Drawn]) -> Drivers {
    let variance = |value: fn(&Drawn) -> f64| {
        let n = drawn.len() as f64;
        let mean = drawn.iter().map(value).sum::<f64>() / n;
        drawn.iter().map(|one| (value(one) - mean).powi(2)).sum::<f64>() / n
    };
    let parts = [
        variance(|one| one.log_survival),
        variance(|one| one.log_not_found_at_death),
        variance(|one| one.log_noise),
    ];
    let whole: f64 = parts.iter().sum();
    let [survival, found_at_death, noise] = parts.map(|part| part / whole);
    Drivers {
        survival,
        found_at_death,
        noise,
    }
}
