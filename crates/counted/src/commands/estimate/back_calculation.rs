//! `back-calculation`: how many fall ill and how many live, from deaths and survival.

use clap::Args;
use estimate::back_calculation::{
    Assumptions, BackCalculation, Course, Deaths, Settings, Smoothing, SurvivalOverTime, back_calculate,
    beta_share, draw_courses, uk,
};
use estimate::prevalence::DurationBand;
use estimate::{EstimateError, Interval, Posterior};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline, because};
use super::columns::{DEATHS, YEAR};
use super::curve::{CurveOptions, ImprovingOptions, curve_json};
use super::figures::{from_to, plain, whole};
use super::rows::Row;
use super::settings::{confidence, draws, seed};
use super::table::Table;

const METHOD: &str = "back-calculation";
const WHAT: &str = "the number of people living";
/// Deaths found at death only: one in ten on average, mostly from none to a quarter.
const FOUND_AT_DEATH: (f64, f64) = (2.0, 18.0);

/// What is taken for granted.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) curve: CurveOptions,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) improving: ImprovingOptions,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) fit: FitOptions,
    /// Draws with chance in the deaths, and a share found at death of Beta(2, 18) unless one is given; 200 when left out.
    #[arg(long)]
    draws: Option<usize>,
    /// Where chance starts; the same seed gives the same bits. 1 when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// How often the intervals are meant to hold the truth, were the survival right; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
}

/// How the course is fitted, for this method and for `project`.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct FitOptions {
    /// The share of deaths in people whose disease was found at death only; 0 when left out.
    #[arg(long, value_name = "SHARE")]
    pub(super) found_at_death: Option<f64>,
    /// The first year with new people; forty years before the first deaths when left out.
    #[arg(long, value_name = "YEAR")]
    start_year: Option<i32>,
    /// Weight on squared second differences of log new people; 10000 when left out.
    #[arg(long, value_name = "WEIGHT")]
    smoothing: Option<f64>,
    /// Weight on squared first differences before --level-before; 100000 when left out.
    #[arg(long, value_name = "WEIGHT")]
    levelling: Option<f64>,
    /// The year before which new people are held nearly level; six years before the first deaths when left out.
    #[arg(long, value_name = "YEAR")]
    level_before: Option<i32>,
    /// Everything is multiplied by this, such as 1.2 for a country from a part of it; 1 when left out.
    #[arg(long)]
    pub(super) factor: Option<f64>,
}

pub(super) const FILE: &str = "The file has one row a year, five or more without a gap:
  year     the calendar year
  deaths   deaths from breast cancer in it

With a survival curve (--shape and --scale, --rate, --median, --points), everything follows from that
one. Without one, each plausible scenario of the United Kingdom is taken in turn, and the answer is
their range.

  year,deaths
  1996,11471

Example: counted estimate back-calculation deaths.csv --shape 0.8 --scale 3.926 --other-causes 0.03
Example: counted estimate back-calculation deaths.csv --shape 0.9 --median 2.75 --median-before 1.667 \\
           --improving-from 1990 --improving-to 2020";

/// Calculates back.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let deaths = match deaths(table)? {
        Ok(deaths) => deaths,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason).with("observed", Value::Null)),
    };
    let answer = match options.curve.survival()? {
        Some(survival) => {
            let curves = options.improving.over_time(survival, deaths.last_year())?;
            one_curve(&deaths, &curves, options)?
        }
        None => scenarios(&deaths, options)?,
    };
    let years = json!({ "first_year": deaths.first_year(), "last_year": deaths.last_year(), "deaths": deaths.counts() });
    Ok(answer.with("observed", years).assuming(
        "every death from breast cancer, but for those found at death only, ends a life with secondary breast cancer; \
         people live as the curve says, in its tail too; nobody is left of those diagnosed before the first year.",
    ))
}

/// Deaths by year; or why they say nothing.
pub(super) fn deaths(table: &Table) -> Result<Result<Deaths, EstimateError>, Failure> {
    let (year, deaths) = (table.need(YEAR)?, table.need(DEATHS)?);
    if table.rows.is_empty() || table.all_missing(&[deaths]) {
        return Ok(Err(EstimateError::Empty));
    }
    let (first, counts) = table.by_year(year, |line| table.sure_count(line, deaths))?;
    Ok(Deaths::new(first, counts))
}

impl FitOptions {
    /// The settings of the fit, for deaths that begin in a year.
    pub(super) fn settings(&self, deaths: &Deaths) -> Result<Settings, Failure> {
        let usual = Smoothing::default();
        let smoothing = Smoothing {
            second_differences: self.smoothing.unwrap_or(usual.second_differences),
            first_differences: self.levelling.unwrap_or(usual.first_differences),
            level_before: self.level_before.unwrap_or(deaths.first_year() - 6),
        };
        if !(smoothing.second_differences > 0.0 && smoothing.first_differences >= 0.0) {
            return Err(Failure::call("--smoothing is above 0, and --levelling 0 or more"));
        }
        Ok(Settings {
            start_year: self.start_year.unwrap_or(deaths.first_year() - 40),
            smoothing,
        })
    }

    /// What everything is multiplied by.
    pub(super) fn factor(&self) -> Result<f64, Failure> {
        match self.factor.unwrap_or(1.0) {
            factor if factor > 0.0 && factor.is_finite() => Ok(factor),
            _ => Err(Failure::call("--factor: it is above 0; 1.2 is for a fifth more")),
        }
    }
}

/// One survival curve that was given.
fn one_curve(deaths: &Deaths, curves: &SurvivalOverTime, options: &Options) -> Result<Answer, Failure> {
    let (settings, factor) = (options.fit.settings(deaths)?, options.fit.factor()?);
    let found_at_death = options.fit.found_at_death.unwrap_or(0.0);
    let best = match back_calculate(deaths, curves, found_at_death, &settings) {
        Ok(best) => best,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason)),
    };
    let last = deaths.last_year();
    let (draws, seed) = (draws(options.draws, 200)?, seed(options.seed));
    let fixed = options.fit.found_at_death;
    let drawn = draw_courses(
        deaths,
        &settings,
        draws,
        seed,
        |rng| {
            let share_found_at_death = match fixed {
                Some(share) => share,
                None => beta_share(FOUND_AT_DEATH.0, FOUND_AT_DEATH.1, rng)?,
            };
            Ok(Assumptions {
                curves: *curves,
                share_found_at_death,
            })
        },
        |_, course| {
            Ok([
                course.alive_at_end(last)?.total() * factor,
                course.new_in(last)? * factor,
            ])
        },
    );
    let confidence = confidence(options.confidence)?;
    let spread = drawn.and_then(|drawn| {
        let of = |at: usize| Posterior::from_draws(drawn.iter().map(|draw| draw[at]).collect());
        Ok((of(0)?, of(1)?))
    });
    let told = told(&best, deaths, factor);
    let (told, spread) = match (told, spread) {
        (Ok(told), Ok(spread)) => (told, spread),
        (Err(reason), _) | (_, Err(reason)) => return Ok(Answer::none(METHOD, WHAT, &reason)),
    };
    let interval = spread.0.interval(confidence);
    let new = spread.1.interval(confidence);
    let headline = Headline::estimate(WHAT, METHOD, told.total, Some((interval.low, interval.high)));
    let sentence = format!(
        "About {} people were living with it at the end of {last} under this curve, {} of them diagnosed in the last ten \
         years; the rest is extrapolated.",
        whole(told.total),
        whole(told.within_ten)
    );
    let draws = json!({
        "draws": draws, "found_at_death": fixed.map_or_else(|| json!("beta(2, 18)"), |share| json!(share)),
        "living": of_draws(&spread.0, interval), "new": of_draws(&spread.1, new),
    });
    Ok(Answer::new(METHOD, headline, sentence)
        .grid(told.grid)
        .estimates(told.rows)
        .with("curve", curve_json(curves.in_year(last)))
        .with("deviance", best.deviance)
        .with("found_at_death", found_at_death)
        .with("factor", factor)
        .with("draws", draws)
        .warn(
            "survival_given",
            "The interval takes the survival as given, and is far too narrow for that reason: deaths cannot tell which \
             curve is right. Try several.",
        )
        .warn_if(told.unusual, "unusual_ratio", UNUSUAL))
}

/// The warning of the field about itself.
pub(super) const UNUSUAL: &str = "Living over deaths lies outside 2 to 5.5, or new over deaths outside 0.8 to 1.25: look \
                                  again at what is taken for granted.";

fn of_draws(draws: &Posterior, interval: Interval) -> Value {
    json!({
        "median": draws.median(), "mean": draws.mean(), "sd": draws.standard_deviation(), "low": interval.low,
        "high": interval.high,
    })
}

/// What is said of one course.
struct Told {
    total: f64,
    within_ten: f64,
    unusual: bool,
    rows: Vec<Value>,
    grid: Grid,
}

fn told(best: &BackCalculation, deaths: &Deaths, factor: f64) -> Result<Told, EstimateError> {
    let course = &best.course;
    let last = deaths.last_year();
    let mut grid = Grid::new(
        "Year by year:",
        &[
            "year",
            "new",
            "living",
            "in the last 10 years",
            "died",
            "expected",
            "living/deaths",
            "new/deaths",
        ],
    );
    let mut rows = Vec::new();
    for year in deaths.first_year()..=last {
        let alive = course.alive_at_end(year)?;
        let ratios = course.ratios(year)?;
        grid.row([
            year.to_string(),
            whole(course.new_in(year)? * factor),
            whole(alive.total() * factor),
            whole(alive.within(10) * factor),
            whole(deaths.in_year(year)? as f64),
            whole(course.deaths_in(year)?),
            plain(ratios.living_over_deaths),
            plain(ratios.new_over_deaths),
        ]);
        rows.push(
            living_row(course, year, factor)?
                .with("deaths", deaths.in_year(year)?)
                .json(),
        );
    }
    for (year, new) in (course.first_year()..).zip(course.incidence()) {
        let row = Row::new("new", &year.to_string()).with("year", year);
        rows.push(row.n(new * factor).json());
    }
    let alive = course.alive_at_end(last)?;
    Ok(Told {
        total: alive.total() * factor,
        within_ten: alive.within(10) * factor,
        unusual: course.ratios(last)?.unusual,
        rows,
        grid,
    })
}

/// The living at the end of a year, by duration, and how the field checks itself.
pub(super) fn living_row(course: &Course, year: i32, factor: f64) -> Result<Row, EstimateError> {
    let alive = course.alive_at_end(year)?;
    let ratios = course.ratios(year)?;
    let band = |band: DurationBand| alive.band(band) * factor;
    let total = alive.total();
    Ok(Row::new("living", &year.to_string())
        .n(total * factor)
        .with("year", year)
        .with("within_10_years", alive.within(10) * factor)
        .with(
            "by_duration",
            json!({
                "0-1": band(DurationBand::UnderOne), "1-2": band(DurationBand::OneToTwo),
                "2-5": band(DurationBand::TwoToFive), "5-10": band(DurationBand::FiveToTen),
                "10+": band(DurationBand::TenAndMore),
            }),
        )
        .with("share_under_2_years", alive.within(2) / total)
        .with("share_5_years_and_more", 1.0 - alive.within(5) / total)
        .with("new", course.new_in(year)? * factor)
        .with("expected_deaths", course.deaths_in(year)?)
        .with("other_deaths", course.other_deaths_in(year)? * factor)
        .with("living_over_deaths", ratios.living_over_deaths)
        .with("new_over_deaths", ratios.new_over_deaths))
}

/// The scenarios that are held to be plausible, each by itself.
fn scenarios(deaths: &Deaths, options: &Options) -> Result<Answer, Failure> {
    let (settings, factor) = (options.fit.settings(deaths)?, options.fit.factor()?);
    let found_at_death = options.fit.found_at_death.unwrap_or(0.0);
    let last = deaths.last_year();
    let (mut rows, mut totals) = (Vec::new(), Vec::new());
    let mut grid = Grid::new(
        format!("Living at the end of {last}:"),
        &[
            "if people live",
            "living",
            "in the last 10 years",
            "new",
            "living/deaths",
        ],
    );
    for scenario in uk::scenarios() {
        let found = scenario
            .central()
            .and_then(|curves| back_calculate(deaths, &curves, found_at_death, &settings));
        let plausible = scenario.role == uk::Role::Plausible;
        match found.and_then(|found| Ok((living_row(&found.course, last, factor)?, found))) {
            Ok((row, found)) => {
                let alive = found
                    .course
                    .alive_at_end(last)
                    .map(|alive| (alive.total(), alive.within(10)));
                let (total, within) = alive.unwrap_or((f64::NAN, f64::NAN));
                let (new, ratios) = (found.course.new_in(last), found.course.ratios(last));
                if plausible {
                    totals.push(total * factor);
                }
                grid.row([
                    scenario.name.to_owned(),
                    whole(total * factor),
                    whole(within * factor),
                    new.map_or_else(|_| String::new(), |new| whole(new * factor)),
                    ratios.map_or_else(|_| String::new(), |ratios| plain(ratios.living_over_deaths)),
                ]);
                let row = row.with("scenario", scenario.name).with("plausible", plausible);
                rows.push(
                    row.with("deviance", found.deviance)
                        .with("assumes", scenario.words)
                        .json(),
                );
            }
            Err(reason) => {
                grid.row([scenario.name.to_owned(), because(&reason)]);
                let row = Row::new("living", &last.to_string()).with("scenario", scenario.name);
                rows.push(row.none(&reason).json());
            }
        }
    }
    let low = totals.iter().copied().fold(f64::INFINITY, f64::min);
    let high = totals.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if totals.is_empty() {
        return Ok(Answer::none(METHOD, WHAT, &EstimateError::NotDetermined).estimates(rows));
    }
    let sentence = format!(
        "Between {} people were living with it at the end of {last}, by how long people live: a range of scenarios, not an \
         interval.",
        from_to(low, high, whole).replace(" to ", " and ")
    );
    Ok(Answer::new(METHOD, Headline::scenarios(WHAT, METHOD, low, high), sentence)
        .grid(grid)
        .estimates(rows)
        .with("found_at_death", found_at_death)
        .with("factor", factor)
        .warn(
            "scenarios",
            "No survival curve was given, so those of `counted estimate uk` were used; give one with --shape and --scale.",
        ))
}
