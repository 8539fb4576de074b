//! `chart`: whether something has changed from month to month.

use clap::{Args, ValueEnum};
use estimate::chart::{
    ControlChart, Rule, Signal, laney_p_chart, p_chart, signals, u_chart, xmr, xmr_screened,
};
use estimate::{EstimateError, Observed, Tally};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline};
use super::columns::{EXPECTED, Names, OBSERVED, PART, PERIOD, WHOLE};
use super::figures::plain;
use super::groups::label;
use super::rows::Row;
use super::table::Table;

const METHOD: &str = "chart";
const WHAT: &str = "the centre of the chart";
const VALUE: Names = Names(&[
    "value", "x", "observed", "count", "new", "measure", "y", "figure", "cases", "n",
]);
const EXPOSURE: Names = Names(&["exposure", "bed_days", "person_years", "area_of_opportunity"]);

/// Which chart.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// Which chart; by the columns of the file when left out: r and n give p-prime, count and exposure u, else xmr.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
}

/// A kind of chart.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// Single values and the ranges between neighbours.
    Xmr,
    /// Shares, with limits that follow the variation between months.
    PPrime,
    /// Shares, with the limits of chance alone.
    P,
    /// Counts over an exposure.
    U,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Xmr => "xmr",
            Self::PPrime => "p-prime",
            Self::P => "p",
            Self::U => "u",
        }
    }
}

pub(super) const FILE: &str = "The file has one row a month (or other step in time), in order, ten or more:
  period     what the step is called (also: month, date, quarter, week, year)
and one figure
  value      (also: x, count, new)                                    chart xmr
or a part of a whole
  r, n       (also: numerator and denominator, part and whole)        chart p-prime, or p
or a count over an exposure
  count, exposure   (also: observed and expected)                     chart u

Limits are three standard deviations from the centre, made from all rows: to judge later months by a
stable period, give that period alone first.

  month,value
  2025-01,42

Example: counted estimate chart months.csv --format json";

/// A chart of any kind, and what it has beside.
struct Drawn {
    chart: ControlChart,
    beside: Map<String, Value>,
}

/// Draws the chart.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let (kind, drawn) = drawn(table, options.kind)?;
    let observed = json!({ "points": table.rows.len(), "kind": kind.name() });
    // Looked for before anything is given up: a column that is read is never told to be unused.
    let period = table.find(PERIOD);
    let drawn = match drawn {
        Ok(drawn) => drawn,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason).with("observed", observed)),
    };
    let names: Vec<String> = table.rows.iter().map(|line| label(table, line, period)).collect();
    let found = signals(&drawn.chart, &RULES.map(|(rule, _)| rule));
    let chart = &drawn.chart;
    let first = chart.points.first();
    let ends = first
        .filter(|first| {
            chart
                .points
                .iter()
                .all(|point| (point.low, point.high) == (first.low, first.high))
        })
        .map(|first| (first.low, first.high));
    let headline = Headline::estimate(WHAT, kind.name(), chart.centre, ends);
    let beyond = found
        .iter()
        .filter(|signal| signal.rule == Rule::BeyondThree)
        .count();
    let sentence = match (beyond, found.len()) {
        (0, 0) => "Nothing says that anything has changed: it varies as it always does.".to_owned(),
        (0, _) => "No month lies outside the limits, and a run of months says that something has changed."
            .to_owned(),
        (1, _) => "1 month lies outside the limits: something was different then.".to_owned(),
        (months, _) => format!("{months} months lie outside the limits: something was different then."),
    };
    let answer = drawn
        .beside
        .iter()
        .fold(Answer::new(METHOD, headline, sentence), |answer, (key, value)| {
            answer.with(key, value.clone())
        });
    Ok(answer
        .grid(grid(chart, &names, &found))
        .estimates(rows(kind, chart, &names, &found))
        .with("observed", observed)
        .with("kind", kind.name())
        .with("centre", chart.centre)
        .with(
            "signals",
            found
                .iter()
                .map(|signal| written(signal, &names))
                .collect::<Vec<_>>(),
        )
        .assuming("months do not lean on each other, and the last ones are as complete as the others.")
        .warn_if(
            kind == Kind::P || kind == Kind::U,
            "chance_alone",
            "These limits know chance alone: with many people in a month nearly all points fall outside.",
        ))
}

/// The chart that the columns, or the call, ask for.
fn drawn(table: &Table, asked: Option<Kind>) -> Result<(Kind, Result<Drawn, EstimateError>), Failure> {
    let whole = || {
        table
            .find(WHOLE)
            .filter(|whole| table.find(PART).is_some_and(|part| part != *whole))
    };
    let exposure = || table.find(EXPOSURE).or_else(|| table.find(EXPECTED));
    let kind = match asked {
        Some(kind) => kind,
        None if exposure().is_some() => Kind::U,
        None if table.find(Names(&["value", "x"])).is_none() && whole().is_some() => Kind::PPrime,
        None => Kind::Xmr,
    };
    let drawn = match kind {
        Kind::Xmr => values(table)?.and_then(|values| {
            let found = xmr(&values)?;
            let ranges: Vec<f64> = values
                .iter()
                .zip(values.iter().skip(1))
                .map(|(one, next)| (next - one).abs())
                .collect();
            let first = found.chart.points.first();
            let beside = json!({
                "mean": found.chart.centre, "mean_moving_range": found.mean_moving_range,
                "moving_range_limit": found.moving_range_limit, "moving_ranges": ranges,
                "low": first.map(|point| point.low), "high": first.map(|point| point.high),
                "screened": xmr_screened(&values).ok().map(|screened| json!({
                    "mean_moving_range": screened.mean_moving_range,
                    "low": screened.chart.points.first().map(|point| point.low),
                    "high": screened.chart.points.first().map(|point| point.high),
                })),
            });
            Ok(Drawn {
                beside: object(beside),
                chart: found.chart,
            })
        }),
        Kind::P | Kind::PPrime => shares(table)?.and_then(|months| match kind {
            Kind::PPrime => laney_p_chart(&months).map(|found| Drawn {
                beside: object(json!({ "pbar": found.chart.centre, "sigma_z": found.sigma_z })),
                chart: found.chart,
            }),
            _ => p_chart(&months).map(|chart| Drawn {
                beside: object(json!({ "pbar": chart.centre })),
                chart,
            }),
        }),
        Kind::U => {
            let exposure = exposure().map_or_else(|| table.need(EXPOSURE), Ok)?;
            rates(table, exposure)?.and_then(|months| {
                u_chart(&months).map(|chart| Drawn {
                    beside: object(json!({ "ubar": chart.centre })),
                    chart,
                })
            })
        }
    };
    Ok((kind, drawn))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Single values; a month without one breaks the row of neighbours and is a fault of the file.
fn values(table: &Table) -> Result<Result<Vec<f64>, EstimateError>, Failure> {
    // A file of a single column needs no name for it.
    let column = match (table.find(VALUE), table.header.len()) {
        (Some(column), _) => column,
        (None, 1) => {
            table.mark(0);
            0
        }
        (None, _) => table.need(VALUE)?,
    };
    if table.rows.is_empty() || table.all_missing(&[column]) {
        return Ok(Err(EstimateError::Empty));
    }
    let numbers = table.rows.iter().map(|line| table.sure_number(line, column));
    numbers.collect::<Result<Vec<f64>, Failure>>().map(Ok)
}

fn shares(table: &Table) -> Result<Result<Vec<Tally>, EstimateError>, Failure> {
    let (part, whole) = (table.need(PART)?, table.need(WHOLE)?);
    if table.rows.is_empty() || table.all_missing(&[part, whole]) {
        return Ok(Err(EstimateError::Empty));
    }
    let month = |line| {
        Tally::new(table.sure_count(line, part)?, table.sure_count(line, whole)?)
            .map_err(|error| table.wrong_row(line, &error.to_string()))
    };
    table
        .rows
        .iter()
        .map(month)
        .collect::<Result<Vec<_>, Failure>>()
        .map(Ok)
}

fn rates(table: &Table, exposure: usize) -> Result<Result<Vec<Observed>, EstimateError>, Failure> {
    let count = table.need(OBSERVED)?;
    if table.rows.is_empty() || table.all_missing(&[count, exposure]) {
        return Ok(Err(EstimateError::Empty));
    }
    let month = |line| {
        Observed::new(table.sure_count(line, count)?, table.sure_number(line, exposure)?)
            .map_err(|_| table.wrong(line, exposure, "an exposure is above 0"))
    };
    table
        .rows
        .iter()
        .map(month)
        .collect::<Result<Vec<_>, Failure>>()
        .map(Ok)
}

/// The rules that are read, and their names.
const RULES: [(Rule, &str); 9] = [
    (Rule::BeyondThree, "beyond_three"),
    (Rule::TwoOfThreeBeyondTwo, "two_of_three_beyond_two"),
    (Rule::FourOfFiveBeyondOne, "four_of_five_beyond_one"),
    (Rule::EightOnOneSide, "eight_on_one_side"),
    (Rule::SixRisingOrFalling, "six_rising_or_falling"),
    (Rule::TwoOfThreeNearLimit, "two_of_three_near_limit"),
    (Rule::SevenOnOneSide, "seven_on_one_side"),
    (Rule::SevenRisingOrFalling, "seven_rising_or_falling"),
    (Rule::FifteenCloseToCentre, "fifteen_close_to_centre"),
];

fn rule_name(rule: Rule) -> &'static str {
    RULES
        .iter()
        .find(|(other, _)| *other == rule)
        .map_or("", |(_, name)| name)
}

fn written(signal: &Signal, names: &[String]) -> Value {
    json!({
        "point": signal.point + 1, "name": names.get(signal.point), "rule": rule_name(signal.rule),
        "upwards": signal.upwards,
    })
}

fn rows(kind: Kind, chart: &ControlChart, names: &[String], found: &[Signal]) -> Vec<Value> {
    let row = |(at, (point, name)): (usize, (&estimate::chart::ChartPoint, &String))| {
        let here = found.iter().filter(|signal| signal.point == at);
        Row::new(kind.name(), name)
            .n(point.value)
            .with("sigma", point.sigma)
            .with("low", point.low)
            .with("high", point.high)
            .with(
                "signals",
                here.map(|signal| rule_name(signal.rule)).collect::<Vec<_>>(),
            )
            .json()
    };
    chart.points.iter().zip(names).enumerate().map(row).collect()
}

fn grid(chart: &ControlChart, names: &[String], found: &[Signal]) -> Grid {
    let mut grid = Grid::new(
        format!("Around a centre of {}:", plain(chart.centre)),
        &["period", "value", "low", "high", "signal"],
    );
    for (at, (point, name)) in chart.points.iter().zip(names).enumerate() {
        let here = found.iter().filter(|signal| signal.point == at);
        let signals: Vec<String> = here
            .map(|signal| rule_name(signal.rule).replace('_', " "))
            .collect();
        grid.row([
            name.clone(),
            plain(point.value),
            plain(point.low),
            plain(point.high),
            signals.join(", "),
        ]);
    }
    grid
}
