//! `project`: how many there will be, under named scenarios, and never as one line.

use clap::Args;
use estimate::EstimateError;
use estimate::back_calculation::{Deaths, SurvivalOverTime, back_calculate, uk};
use estimate::project::{Horizon, Projected, SurvivalAhead, project};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline};
use super::back_calculation::{FitOptions, deaths, living_row};
use super::curve::{CurveOptions, ImprovingOptions};
use super::figures::whole;
use super::table::Table;

const METHOD: &str = "project";
const WHAT: &str = "the number of people who will be living";
/// The farthest that a projection reaches, years.
const FARTHEST: usize = 10;

/// How far to look, and what is taken for granted.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// Years ahead, 1 to 10; 10 when left out.
    #[arg(long)]
    years: Option<usize>,
    /// What is left of the trend of new people from one year to the next, 0 to 1; 0.9 when left out.
    #[arg(long, value_name = "SHARE")]
    damping: Option<f64>,
    /// The last years from which the trend is read; 5 when left out.
    #[arg(long, value_name = "YEARS")]
    trend_years: Option<usize>,
    #[command(flatten)]
    #[serde(flatten)]
    curve: CurveOptions,
    #[command(flatten)]
    #[serde(flatten)]
    improving: ImprovingOptions,
    #[command(flatten)]
    #[serde(flatten)]
    fit: FitOptions,
}

pub(super) const FILE: &str = "The file has one row a year, five or more without a gap:
  year     the calendar year
  deaths   deaths from breast cancer in it

New people are calculated back from the deaths, as by back-calculation, and go on with their damped
trend. Survival goes on in three ways: as it is, with half of what a year brought in the past, or with
all of it. With a curve that has improved (--median-before), these three are the scenarios; without a
curve, those of the United Kingdom are taken, each in the three ways.

Example: counted estimate project deaths.csv --years 5 --shape 0.9 --median 2.75 --median-before 1.667";

/// Looks ahead.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let horizon = options.horizon()?;
    let deaths = match deaths(table)? {
        Ok(deaths) => deaths,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason).with("observed", Value::Null)),
    };
    options.trend_is_there(&deaths)?;
    let curves = curves(&deaths, options)?;
    let ahead = Ahead {
        deaths: &deaths,
        horizon,
        options,
        factor: options.fit.factor()?,
    };
    let observed = json!({ "first_year": deaths.first_year(), "last_year": deaths.last_year(), "deaths": deaths.counts() });
    let unchanged = curves.iter().all(|(_, curves)| curves.yearly_gain() == 0.0);
    let answer = match ahead.scenarios(&curves)? {
        Ok(scenarios) => ahead.told(&scenarios),
        Err(reason) => Answer::none(METHOD, WHAT, &reason),
    };
    Ok(answer
        .with("observed", observed)
        .with("horizon", json!({ "years": horizon.years, "damping": horizon.damping, "trend_years": horizon.trend_years }))
        .with("factor", ahead.factor)
        .assuming(
            "new people go on with their trend, damped from year to year; nothing new comes: no treatment, screening or \
             pandemic that was not there before.",
        )
        .warn_if(
            unchanged,
            "never_improved",
            "The curve as given never improved, so its three ways ahead are one; say with --median-before how it improved.",
        ))
}

impl Options {
    /// How far to look, and with which trend.
    fn horizon(&self) -> Result<Horizon, Failure> {
        let usual = Horizon::of(self.years.unwrap_or(FARTHEST));
        if !(1..=FARTHEST).contains(&usual.years) {
            return Err(Failure::call(format!(
                "--years: a projection reaches 1 to {FARTHEST} years ahead"
            )));
        }
        let damping = self.damping.unwrap_or(usual.damping);
        if !(0.0..=1.0).contains(&damping) {
            return Err(Failure::call(
                "--damping: it is a share from 0 to 1; 0.9 leaves nine tenths of the trend from one year to the next",
            ));
        }
        Ok(Horizon {
            damping,
            trend_years: self.trend_years.unwrap_or(usual.trend_years),
            ..usual
        })
    }

    /// Refuses a trend of more years than there are: those of new people begin with --start-year.
    fn trend_is_there(&self, deaths: &Deaths) -> Result<(), Failure> {
        let most = deaths.last_year() - self.fit.settings(deaths)?.start_year;
        let is_there = |years: usize| i32::try_from(years).is_ok_and(|years| (1..=most).contains(&years));
        match self.trend_years {
            Some(years) if !is_there(years) => Err(Failure::call(format!(
                "--trend-years: a trend can be read from the last 1 to {most} years here; 5 is usual"
            ))),
            _ => Ok(()),
        }
    }
}

type Named = (&'static str, SurvivalOverTime);

/// The curve that was given, or those of the plausible scenarios.
fn curves(deaths: &Deaths, options: &Options) -> Result<Vec<Named>, Failure> {
    if let Some(survival) = options.curve.survival()? {
        let curves = options.improving.over_time(survival, deaths.last_year())?;
        return Ok(vec![("the curve as given", curves)]);
    }
    options.improving.without_curve()?;
    let plausible = uk::scenarios()
        .iter()
        .filter(|scenario| scenario.role == uk::Role::Plausible);
    plausible
        .map(|scenario| {
            let curves = scenario.central();
            curves
                .map(|curves| (scenario.name, curves))
                .map_err(|error| Failure::call(format!("{}: {error}", scenario.name)))
        })
        .collect()
}

/// One scenario.
struct Scenario {
    curve: &'static str,
    projected: Projected,
}

struct Ahead<'a> {
    deaths: &'a Deaths,
    horizon: Horizon,
    options: &'a Options,
    factor: f64,
}

impl Ahead<'_> {
    fn scenarios(&self, curves: &[Named]) -> Result<Result<Vec<Scenario>, EstimateError>, Failure> {
        let settings = self.options.fit.settings(self.deaths)?;
        let found_at_death = self.options.fit.found_at_death()?;
        let mut scenarios = Vec::new();
        for (name, curves) in curves {
            let found = back_calculate(self.deaths, curves, found_at_death, &settings)
                .and_then(|best| project(&best.course, curves, &self.horizon));
            match found {
                Ok(found) => scenarios.extend(found.into_iter().map(|projected| Scenario {
                    curve: name,
                    projected,
                })),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(Ok(scenarios))
    }

    fn last(&self) -> i32 {
        self.deaths.last_year() + self.horizon.years as i32
    }

    fn living(&self, scenario: &Scenario, year: i32) -> f64 {
        let alive = scenario.projected.course.alive_at_end(year);
        alive.map_or(f64::NAN, |alive| alive.total() * self.factor)
    }

    fn told(&self, scenarios: &[Scenario]) -> Answer {
        let last = self.last();
        let ends: Vec<f64> = scenarios
            .iter()
            .map(|scenario| self.living(scenario, last))
            .collect();
        let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
        let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sentence = format!(
            "Between {} and {} people will be living with it at the end of {last}, by how long people live and how that goes \
             on: scenarios, not an interval.",
            whole(low),
            whole(high)
        );
        Answer::new(METHOD, Headline::scenarios(WHAT, METHOD, low, high), sentence)
            .grid(self.grid(scenarios))
            .estimates(scenarios.iter().flat_map(|scenario| self.rows(scenario)))
    }

    fn grid(&self, scenarios: &[Scenario]) -> Grid {
        let now = self.deaths.last_year();
        let mut grid = Grid::new(
            format!("Living at the end of {now}, half way, and of {}:", self.last()),
            &["survival", "goes on", "now", "half way", "then", "new then"],
        );
        let half = now + (self.horizon.years as i32 + 1) / 2;
        for scenario in scenarios {
            let new = scenario.projected.course.new_in(self.last());
            grid.row([
                scenario.curve.to_owned(),
                name(scenario.projected.survival).replace('-', " "),
                whole(self.living(scenario, now)),
                whole(self.living(scenario, half)),
                whole(self.living(scenario, self.last())),
                new.map_or_else(|_| "–".to_owned(), |new| whole(new * self.factor)),
            ]);
        }
        grid
    }

    fn rows(&self, scenario: &Scenario) -> Vec<Value> {
        let years = scenario.projected.first_projected..=self.last();
        let row = |year| {
            let row = living_row(&scenario.projected.course, year, self.factor).ok()?;
            let row = row
                .with("scenario", name(scenario.projected.survival))
                .with("curve", scenario.curve);
            Some(row.json())
        };
        years.filter_map(row).collect()
    }
}

fn name(survival: SurvivalAhead) -> &'static str {
    match survival {
        SurvivalAhead::NoChange => "no-change",
        SurvivalAhead::HalfPastGain => "half-past-gain",
        SurvivalAhead::FullPastGain => "full-past-gain",
    }
}
