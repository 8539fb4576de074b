//! `delay`: how many are still to be reported.

mod reading;

use clap::Args;
use estimate::delay::{
    ChainLadder, Nowcast, ReverseHazards, Triangle, chain_ladder, nowcast, reporting_change, reverse_hazards,
};
use estimate::{Confidence, EstimateError, Posterior};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline, because};
use super::figures::{from_to, or_dash, percent, whole};
use super::rows::Row;
use super::settings::{confidence, draws, seed};
use super::table::Table;

const METHOD: &str = "delay";
const WHAT: &str = "the number once everything is reported";
const LADDER: &str = "chain-ladder";
const NOWCAST: &str = "nowcast";

/// How what is missing is estimated.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// Counts are of all reports up to a delay, and not of those with exactly it.
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cumulative: bool,
    /// Only so many periods, the last ones: where reporting has changed, older ones mislead.
    #[arg(long, value_name = "PERIODS")]
    last_periods: Option<usize>,
    /// Shares of single delays are drawn towards their mean with the weight of so many people; 0 when left out.
    #[arg(long, value_name = "PEOPLE")]
    shrinkage: Option<f64>,
    /// The last calendar periods, whose reports are compared with the earlier ones; 2 when left out.
    #[arg(long, value_name = "PERIODS")]
    recent: Option<usize>,
    /// Draws of the nowcast; 2000 when left out.
    #[arg(long)]
    draws: Option<usize>,
    /// Where chance starts; the same seed gives the same bits. 1 when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// How often the intervals are meant to hold the truth; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
}

pub(super) const FILE: &str = "The file is either long, one row a period and delay:
  diagnosed  the period: 1, 2, 3, 2025, 2025-01 or 2025-Q1 (also: period, month, quarter, year)
  delay      how many periods later it was reported, from 0 (also: lag, d)
  count      how many (also: reports, n); combinations that are not there and can be known count 0
or a triangle, one row a period, the oldest first:
  diagnosed  the period
  0, 1, 2, … reports by delay; empty where it cannot be known yet

  diagnosed,0,1,2
  2025-01,40,12,3
  2025-02,38,15,
  2025-03,41,,

Example: counted estimate delay reports.csv --last-periods 12";

/// Estimates what is still to come.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let (draws, seed) = (draws(options.draws, 2_000)?, seed(options.seed));
    if options.recent == Some(0) {
        return Err(too_recent(None));
    }
    let mut read = reading::triangle(table, options.cumulative)?;
    let triangle = Triangle::new(read.rows.clone()).and_then(|triangle| match options.last_periods {
        Some(periods) => triangle.last_periods(periods),
        None => Ok(triangle),
    });
    let triangle = match triangle {
        Ok(triangle) => triangle,
        Err(_) if read.is_blank() => return Ok(Answer::none(METHOD, WHAT, &EstimateError::Empty)),
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason)),
    };
    let most = triangle.rows().len().saturating_sub(2);
    if options.recent.is_some_and(|recent| recent > most) {
        return Err(too_recent(Some(most)));
    }
    read.names
        .drain(..read.names.len().saturating_sub(triangle.rows().len()));
    let hazards = reverse_hazards(&triangle, options.shrinkage.unwrap_or(0.0));
    let cast = hazards
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|hazards| nowcast(&triangle, hazards, draws, seed));
    let ladder = chain_ladder(&triangle);
    let change = reporting_change(&triangle, options.recent.unwrap_or(2));
    let found = Found {
        names: &read.names,
        triangle: &triangle,
        ladder,
        cast,
        confidence,
    };
    let warns = change.as_ref().is_ok_and(|change| change.warns());
    let change = change.map_or_else(
        |reason| json!({ "p_value": null, "reason": because(&reason) }),
        |change| {
            json!({
                "found": change.found, "expected": change.expected, "chi_squared": change.chi_squared,
                "compared": change.compared, "p_value": change.p_value,
            })
        },
    );
    Ok(found
        .answer()
        .with("delays", hazards.map_or_else(|reason| json!({ "reason": because(&reason) }), |found| of_delays(&found)))
        .with("change", change)
        .with("draws", draws)
        .with("observed", json!({ "periods": triangle.rows().len(), "delays": triangle.delays(), "triangle": triangle.rows() }))
        .assuming("reporting goes on as it did, and nothing is reported after the longest delay of the file.")
        .warn_if(
            warns,
            "reporting_changed",
            "The last reports do not look like the earlier ones: reporting has changed. Use --last-periods.",
        ))
}

/// The last calendar periods are compared with two or more before them.
fn too_recent(most: Option<usize>) -> Failure {
    let most = most.map_or_else(
        || "at least 1, and two fewer than the periods there are".to_owned(),
        |most| format!("1 to {most} here, so that two or more are left before them"),
    );
    Failure::call(format!(
        "--recent: so many of the last calendar periods can be compared with the earlier ones: {most}; 2 is usual"
    ))
}

fn of_delays(hazards: &ReverseHazards) -> Value {
    let reported = hazards.reported_by();
    let by_delay = hazards.delays.iter().enumerate().map(|(at, delay)| {
        json!({ "delay": at + 1, "reports": delay.reports, "up_to": delay.up_to, "hazard": delay.share })
    });
    json!({ "hazards": by_delay.collect::<Vec<_>>(), "reported_by": reported })
}

type Cast = Result<Vec<Result<Nowcast, EstimateError>>, EstimateError>;

/// What the triangle says.
struct Found<'a> {
    names: &'a [String],
    triangle: &'a Triangle,
    ladder: Result<ChainLadder, EstimateError>,
    cast: Cast,
    confidence: Confidence,
}

impl Found<'_> {
    fn answer(&self) -> Answer {
        let reported: u64 = self
            .triangle
            .rows()
            .iter()
            .flatten()
            .fold(0, |sum, one| sum.saturating_add(*one));
        let factors = self
            .ladder
            .as_ref()
            .map(|ladder| ladder.factors.clone())
            .unwrap_or_default();
        let total = self.total();
        let answer = match (&total, &self.ladder) {
            (Ok((n, total)), _) => {
                let (n, ends) = (*n, total.interval(self.confidence));
                let headline = Headline::estimate(WHAT, NOWCAST, n, Some((ends.low, ends.high)));
                let sentence = format!(
                    "{} have been reported, and {} ({}) will have been in the end.",
                    whole(reported as f64),
                    whole(n),
                    from_to(ends.low, ends.high, whole)
                );
                Answer::new(METHOD, headline, sentence)
            }
            (Err(_), Ok(ladder)) => {
                let n = reported as f64 + ladder.to_come;
                let headline = Headline::estimate(WHAT, LADDER, n, None);
                let sentence = format!(
                    "{} have been reported, and {} will have been in the end.",
                    whole(reported as f64),
                    whole(n)
                );
                Answer::new(METHOD, headline, sentence)
            }
            (Err(reason), Err(_)) => Answer::none(METHOD, WHAT, reason),
        };
        let to_come = self.ladder.as_ref().map_or(
            Value::Null,
            |ladder| json!({ "n": ladder.to_come, "se": ladder.standard_error }),
        );
        answer
            .grid(self.grid())
            .estimates(self.rows())
            .with("reported", reported)
            .with("factors", factors)
            .with("to_come", to_come)
    }

    /// All periods together: what is expected, and draw by draw. Both are of the same shares of single delays, which
    /// are not those of the chain ladder where they are drawn towards their mean.
    fn total(&self) -> Result<(f64, Posterior), EstimateError> {
        let cast = self.cast.as_ref().map_err(Clone::clone)?;
        let mut expected: f64 = 0.0;
        let mut sums: Vec<f64> = Vec::new();
        for period in cast {
            let period = period.as_ref().map_err(Clone::clone)?;
            expected += period.expected;
            sums.resize(period.draws.len(), 0.0);
            sums.iter_mut()
                .zip(&period.draws)
                .for_each(|(sum, draw)| *sum += *draw as f64);
        }
        Ok((expected, Posterior::from_draws(sums)?))
    }

    fn rows(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        match &self.ladder {
            Ok(ladder) => rows.extend(self.names.iter().zip(&ladder.periods).map(|(name, period)| {
                Row::new(LADDER, name)
                    .n(period.ultimate)
                    .se(period.standard_error)
                    .with("reported", period.reported)
                    .json()
            })),
            Err(reason) => rows.push(Row::new(LADDER, "all").none(reason).json()),
        }
        match &self.cast {
            Ok(cast) => rows.extend(
                self.names
                    .iter()
                    .zip(cast)
                    .map(|(name, period)| self.cast_row(name, period)),
            ),
            Err(reason) => rows.push(Row::new(NOWCAST, "all").none(reason).json()),
        }
        rows
    }

    fn cast_row(&self, name: &str, period: &Result<Nowcast, EstimateError>) -> Value {
        let row = Row::new(NOWCAST, name);
        let draws = period
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|period| Ok((period, drawn(period)?)));
        match draws {
            Ok((period, draws)) => row
                .n(period.expected)
                .se(draws.standard_deviation())
                .within(draws.interval(self.confidence))
                .with("median", draws.median())
                .with("reported", period.reported)
                .with("share_reported", period.share_reported)
                .json(),
            Err(reason) => row.none(&reason).json(),
        }
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(
            "Period by period:",
            &[
                "period",
                "reported",
                "share",
                "in the end",
                "low",
                "high",
                "chain ladder se",
            ],
        );
        let Ok(cast) = &self.cast else { return grid };
        for (at, (name, period)) in self.names.iter().zip(cast).enumerate() {
            let error = self
                .ladder
                .as_ref()
                .ok()
                .and_then(|ladder| ladder.periods.get(at));
            match period
                .as_ref()
                .map_err(Clone::clone)
                .and_then(|period| Ok((period, drawn(period)?)))
            {
                Ok((period, draws)) => {
                    let ends = draws.interval(self.confidence);
                    grid.row([
                        name.clone(),
                        whole(period.reported as f64),
                        percent(period.share_reported),
                        whole(period.expected),
                        whole(ends.low),
                        whole(ends.high),
                        or_dash(error.map(|period| period.standard_error), whole),
                    ]);
                }
                Err(reason) => grid.row([name.clone(), because(&reason)]),
            }
        }
        grid
    }
}

fn drawn(period: &Nowcast) -> Result<Posterior, EstimateError> {
    Posterior::from_draws(period.draws.iter().map(|draw| *draw as f64).collect())
}
