//! Curves alone: what a register of so many years would hold, were new people the same for ever.

use clap::ValueEnum;
use estimate::EstimateError;
use estimate::prevalence::{Kernels, kernels, steady_completeness};
use estimate::survival::Survival;
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline};
use super::super::columns::Names;
use super::super::curve::{CurveOptions, FamilyName, curve_json};
use super::super::figures::{percent, plain, whole};
use super::super::number::is_missing;
use super::super::rows::Row;
use super::super::settings::without_say;
use super::super::table::{Line, Table};
use super::{METHOD, Options, WHAT};

const FAMILY: Names = Names(&["family", "curve", "distribution", "model"]);
const SHAPE: Names = Names(&["shape", "k"]);
const SCALE: Names = Names(&["scale", "b", "lambda"]);
const RATE: Names = Names(&["rate", "hazard", "r"]);
const MEDIAN: Names = Names(&["median"]);
const OTHER: Names = Names(&["other_causes", "h_o", "other"]);
const SHARE: Names = Names(&["share", "slow_share"]);
const SLOW: Names = Names(&["slow_hazard"]);

/// Every curve of the file.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let incidence = options.incidence.unwrap_or(1_000.0);
    if !(incidence > 0.0 && incidence.is_finite()) {
        return Err(Failure::call("--incidence: new people a year are above 0"));
    }
    all_used(table, options)?;
    let (lags, years) = (options.kernels.unwrap_or(10), options.years.as_deref());
    let mut told = Told {
        incidence,
        years: years.unwrap_or(&[5.0, 10.0, 20.0]),
        grid: Grid::new(
            format!("With {} new people a year, for ever:", plain(incidence)),
            &["curve", "years", "living", "share of all", "all living"],
        ),
        rows: Vec::new(),
    };
    let (mut curves, mut totals) = (Vec::new(), Vec::new());
    for line in &table.rows {
        let survival = curve(table, line, options)?;
        let name = format!("{} {}", table.unit, line.number);
        let found = kernels(survival, lags).map_err(|error| Failure::call(format!("--kernels: {error}")))?;
        totals.push(told.curve(&name, survival));
        curves.push(json!({ "name": name, "curve": curve_json(survival), "kernels": of_kernels(&found) }));
    }
    Ok(headed(&totals)
        .grid(told.grid)
        .estimates(told.rows)
        .with("curves", Value::Array(curves))
        .with("incidence", incidence)
        .with("observed", json!({ "curves": table.rows.len() }))
        .assuming("new people are the same every year, and live as the curve says, in its tail too."))
}

/// The answer of one curve, or the range of several.
fn headed(totals: &[Result<f64, EstimateError>]) -> Answer {
    let found: Vec<f64> = totals
        .iter()
        .filter_map(|total| total.as_ref().ok().copied())
        .collect();
    match (totals, found.as_slice()) {
        (_, []) => {
            let reason = totals.iter().find_map(|total| total.as_ref().err());
            Answer::none(METHOD, WHAT, reason.unwrap_or(&EstimateError::Empty))
        }
        ([_], [total]) => Answer::new(
            METHOD,
            Headline::estimate(WHAT, "complete", *total, None),
            format!("{} people would be living with it.", whole(*total)),
        ),
        (_, many) => {
            let low = many.iter().copied().fold(f64::INFINITY, f64::min);
            let high = many.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sentence = format!(
                "Between {} and {} people would be living with it, by the curve.",
                whole(low),
                whole(high)
            );
            Answer::new(METHOD, Headline::scenarios(WHAT, "complete", low, high), sentence)
        }
    }
}

/// What is said of the curves so far.
struct Told<'a> {
    incidence: f64,
    years: &'a [f64],
    grid: Grid,
    rows: Vec<Value>,
}

impl Told<'_> {
    /// Says what there is to say of one curve; gives everyone living.
    fn curve(&mut self, name: &str, survival: Survival) -> Result<f64, EstimateError> {
        let total = of_all(survival, self.incidence);
        let row = Row::new("complete", name);
        let all = total
            .as_ref()
            .map_or_else(|_| "–".to_owned(), |total| whole(*total));
        self.rows.push(match &total {
            Ok(total) => row.n(*total).json(),
            Err(reason) => row.none(reason).json(),
        });
        for years in self.years {
            let row = Row::new("within-years", name).with("years", *years);
            self.rows.push(match within(survival, self.incidence, *years) {
                Ok((living, share)) => {
                    let cells = [
                        name.to_owned(),
                        plain(*years),
                        whole(living),
                        percent(share),
                        all.clone(),
                    ];
                    self.grid.row(cells);
                    row.n(living).with("completeness", share).json()
                }
                Err(reason) => row.none(&reason).json(),
            });
        }
        total
    }
}

/// Refuses what was typed of a curve where every row has its own: no row would use it.
fn all_used(table: &Table, options: &Options) -> Result<(), Failure> {
    let typed = &options.curve;
    let lengths: &[Names] = &[SCALE, RATE, MEDIAN];
    let needs = "every row of the file says for itself how long people live; leave it out";
    let parameters: [(&str, bool, &[Names]); 8] = [
        ("--family", typed.family.is_some(), &[FAMILY]),
        ("--shape", typed.shape.is_some(), &[SHAPE]),
        ("--scale", typed.scale.is_some(), lengths),
        ("--rate", typed.rate.is_some(), lengths),
        ("--median", typed.median.is_some(), lengths),
        ("--share", typed.share.is_some(), &[SHARE]),
        ("--slow-hazard", typed.slow_hazard.is_some(), &[SLOW]),
        ("--other-causes", typed.other_causes.is_some(), &[OTHER]),
    ];
    for (name, given, columns) in parameters {
        // Columns are looked for only where it matters: what nobody reads is still told to be unused.
        let own = |line: &Line| {
            let mut places = columns.iter().filter_map(|names| table.find(*names));
            places.any(|column| !is_missing(table.text(line, column)))
        };
        if given && !table.rows.is_empty() {
            without_say(&[(name, table.rows.iter().all(own))], needs)?;
        }
    }
    Ok(())
}

/// The curve of a row: its own cells over what was typed.
fn curve(table: &Table, line: &Line, options: &Options) -> Result<Survival, Failure> {
    let mut curve: CurveOptions = options.curve.clone();
    let given = |names: Names| match table.find(names) {
        Some(column) => table.number(line, column),
        None => Ok(None),
    };
    // Three ways to say how long people live: with one of its own, a row means none of the others that were typed.
    let lengths = [given(SCALE)?, given(RATE)?, given(MEDIAN)?];
    let mut own = lengths.iter().any(Option::is_some);
    if own {
        [curve.scale, curve.rate, curve.median] = lengths;
    }
    for (names, place) in [
        (SHAPE, &mut curve.shape),
        (OTHER, &mut curve.other_causes),
        (SHARE, &mut curve.share),
        (SLOW, &mut curve.slow_hazard),
    ] {
        if let Some(number) = given(names)? {
            *place = Some(number);
            own = true;
        }
    }
    if let Some(column) = table.find(FAMILY) {
        let text = table.text(line, column).to_lowercase().replace([' ', '_'], "-");
        let name = FamilyName::from_str(&text.replace("loglogistic", "log-logistic"), true);
        let what = "it is no family; write weibull, exponential, log-logistic or slow-class";
        curve.family = Some(name.map_err(|_| table.wrong(line, column, what))?);
        own = true;
    }
    // A row without a curve is somebody or something else, and not another of the curves that were typed.
    let found = if own {
        curve
            .survival()
            .map_err(|error| table.wrong_row(line, error.message()))?
    } else {
        None
    };
    found.ok_or_else(|| table.wrong_row(line, "it holds no survival curve; see --help"))
}

/// Everyone living.
fn of_all(survival: Survival, incidence: f64) -> Result<f64, EstimateError> {
    if survival.other_causes > 0.0 {
        return until(survival, 250.0).map(|mean| mean * incidence);
    }
    survival.net.mean().map(|mean| mean * incidence)
}

/// The living diagnosed in so many years, and their share of all.
fn within(survival: Survival, incidence: f64, years: f64) -> Result<(f64, f64), EstimateError> {
    if survival.other_causes > 0.0 {
        let (within, all) = (until(survival, years)?, until(survival, 250.0)?);
        return Ok((within * incidence, within / all));
    }
    let share = steady_completeness(survival.net, years)?;
    Ok((survival.net.mean_until(years) * incidence, share))
}

/// Mean time lived until a horizon, other causes at work: the sum of the kernels of the living.
fn until(survival: Survival, years: f64) -> Result<f64, EstimateError> {
    if years.fract() != 0.0 {
        return Err(EstimateError::Duration);
    }
    Ok(kernels(survival, years as usize)?.alive.iter().sum())
}

fn of_kernels(kernels: &Kernels) -> Value {
    json!({ "alive": kernels.alive, "dying": kernels.dying, "other_causes": kernels.other_causes })
}
