//! `shrink`: what small hospitals can say together.

use clap::Args;
use estimate::shrink::{
    BetaBinomial, Family, GroupEstimate, PoissonGamma, RatioPrior, SharePrior, benchmark_ratios,
    benchmark_shares, shrink_ratios, shrink_shares,
};
use estimate::{Confidence, EstimateError, Posterior};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline, because};
use super::figures::{from_to, or_dash, plain, whole};
use super::groups::{Figures, Groups};
use super::rows::Row;
use super::settings::{confidence, draws, seed};
use super::table::Table;

const METHOD: &str = "shrink";
const WHAT: &str = "the mean of the hospitals";
const INTEGRATED: &str = "integrated";
const EMPIRICAL: &str = "empirical-bayes";

/// How groups are drawn together.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// How often the intervals are meant to hold the truth; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
    /// Draws of the family; 4000 when left out.
    #[arg(long)]
    draws: Option<usize>,
    /// Where chance starts; the same seed gives the same bits. 1 when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// A total that the figures of all hospitals are moved to agree with.
    #[arg(long, value_name = "TOTAL")]
    total: Option<f64>,
}

pub(super) const FILE: &str = "The file has one row a hospital (or other group):
  name       what it is called; line numbers when left out
             (also: hospital, organisation, trust, unit, group, area)
and either a part of a whole
  r          how many have the property (also: numerator, part, events, recorded, deaths)
  n          of how many (also: denominator, whole, total, people, patients)
or a count beside an expectation
  observed   how many there were (also: o, events, deaths, count)
  expected   how many were expected, above 0 (also: e)
A row in which a figure is missing (empty, NA), or with nobody in it, is set aside, with a note.

Each hospital comes twice: integrated (over what the family's figures may be: use this one), and
empirical-bayes (the fitted figures taken as known: narrower, to agree with published tables).

Example: counted estimate shrink hospitals.csv --draws 10000";

/// What the fitted family says.
struct Fitted {
    json: Value,
    groups: Vec<GroupEstimate>,
}

/// Draws the groups towards their mean.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let (draws, seed) = (draws(options.draws, 4_000)?, seed(options.seed));
    let groups = Groups::read(table)?;
    let fitted = fit(&groups.figures, confidence);
    let family = match &groups.figures {
        Figures::Shares(tallies) => shrink_shares(tallies, SharePrior::default(), draws, seed),
        Figures::Ratios(observed) => shrink_ratios(observed, RatioPrior::default(), draws, seed),
    };
    let empirical = empirical_rows(&groups, &fitted);
    let answer = match &family {
        Ok(family) => {
            let moved = options
                .total
                .map(|total| benchmarked(&groups.figures, family, total));
            let ends = family.mean.interval(confidence);
            let headline =
                Headline::estimate(WHAT, INTEGRATED, family.mean.mean(), Some((ends.low, ends.high)));
            let sentence = format!(
                "The hospitals have a mean of {} ({}), and a standard deviation between them of {}.",
                plain(family.mean.mean()),
                from_to(ends.low, ends.high, plain),
                plain(family.spread.mean())
            );
            Answer::new(METHOD, headline, sentence)
                .grid(grid(&groups, family, &fitted, confidence))
                .estimates(integrated_rows(&groups, family, moved.as_ref(), confidence))
                .with("mean", posterior(&family.mean, confidence))
                .with("between", posterior(&family.spread, confidence))
        }
        Err(reason) => Answer::none(METHOD, WHAT, reason).estimates(
            groups
                .names
                .iter()
                .map(|name| Row::new(INTEGRATED, name).none(reason).json()),
        ),
    };
    let family_json = match &fitted {
        Ok(fitted) => fitted.json.clone(),
        Err(reason) => json!({ "reason": because(reason) }),
    };
    Ok(answer
        .estimates(empirical)
        .with("family", family_json)
        .with("draws", draws)
        .with("observed", groups.observed())
        .assuming(
            "before they are seen, nothing tells one hospital from another; a known difference belongs into separate \
             files.",
        )
        .warn_if(!groups.set_aside.is_empty(), "set_aside", groups.note()))
}

/// The family with its likeliest figures.
fn fit(figures: &Figures, confidence: Confidence) -> Result<Fitted, EstimateError> {
    match figures {
        Figures::Shares(tallies) => {
            let family = BetaBinomial::fit(tallies)?;
            let groups = tallies.iter().map(|tally| family.group(*tally, confidence));
            Ok(Fitted {
                json: json!({
                    "model": "beta-binomial", "a": family.a, "b": family.b, "mu": family.mean(),
                    "sd": family.standard_deviation(), "loglik": family.log_likelihood,
                }),
                groups: groups.collect::<Result<_, _>>()?,
            })
        }
        Figures::Ratios(observed) => {
            let family = PoissonGamma::fit(observed)?;
            let groups = observed.iter().map(|group| family.group(*group, confidence));
            Ok(Fitted {
                json: json!({
                    "model": "poisson-gamma", "nu": family.shape, "alpha": family.rate, "mu": family.mean(),
                    "sd": family.standard_deviation(), "loglik": family.log_likelihood,
                }),
                groups: groups.collect::<Result<_, _>>()?,
            })
        }
    }
}

fn raw(figures: &Figures, at: usize) -> (f64, f64) {
    match figures {
        Figures::Shares(tallies) => tallies
            .get(at)
            .map(|tally| (tally.share().unwrap_or(0.0), tally.whole as f64)),
        Figures::Ratios(groups) => groups.get(at).map(|group| (group.ratio(), group.expected)),
    }
    .unwrap_or((0.0, 0.0))
}

fn empirical_rows(groups: &Groups, fitted: &Result<Fitted, EstimateError>) -> Vec<Value> {
    let row = |(at, name): (usize, &String)| {
        let (value, size) = raw(&groups.figures, at);
        let row = Row::new(EMPIRICAL, name).with("raw", value).with("size", size);
        match fitted.as_ref().map(|fitted| fitted.groups.get(at)) {
            Ok(Some(group)) => row.n(group.mean).within(group.interval),
            Ok(None) => row,
            Err(reason) => row.none(reason),
        }
        .json()
    };
    groups.names.iter().enumerate().map(row).collect()
}

fn integrated_rows(
    groups: &Groups,
    family: &Family,
    moved: Option<&Result<Vec<f64>, EstimateError>>,
    confidence: Confidence,
) -> Vec<Value> {
    let row = |(at, (name, group)): (usize, (&String, &Posterior))| {
        let (value, size) = raw(&groups.figures, at);
        let row = Row::new(INTEGRATED, name)
            .n(group.mean())
            .se(group.standard_deviation())
            .within(group.interval(confidence))
            .with("median", group.median())
            .with("raw", value)
            .with("size", size);
        match moved {
            None => row,
            Some(Ok(moved)) => row.with("benchmarked", moved.get(at).copied()),
            Some(Err(reason)) => row
                .with("benchmarked", Value::Null)
                .with("benchmarked_reason", because(reason)),
        }
        .json()
    };
    groups
        .names
        .iter()
        .zip(&family.groups)
        .enumerate()
        .map(row)
        .collect()
}

/// The figures moved together until they add up to a total.
fn benchmarked(figures: &Figures, family: &Family, total: f64) -> Result<Vec<f64>, EstimateError> {
    let means: Vec<f64> = family.groups.iter().map(Posterior::mean).collect();
    let sizes: Vec<f64> = (0..means.len()).map(|at| raw(figures, at).1).collect();
    match figures {
        Figures::Shares(_) => benchmark_shares(&means, &sizes, total),
        Figures::Ratios(_) => benchmark_ratios(&means, &sizes, total),
    }
}

fn posterior(of: &Posterior, confidence: Confidence) -> Value {
    let interval = of.interval(confidence);
    json!({
        "mean": of.mean(), "median": of.median(), "sd": of.standard_deviation(), "low": interval.low,
        "high": interval.high,
    })
}

fn grid(
    groups: &Groups,
    family: &Family,
    fitted: &Result<Fitted, EstimateError>,
    confidence: Confidence,
) -> Grid {
    let mut grid = Grid::new(
        "In the order of the file:",
        &[
            "hospital",
            "size",
            "own figure",
            "with the others",
            "low",
            "high",
            "empirical Bayes",
        ],
    );
    for (at, (name, group)) in groups.names.iter().zip(&family.groups).enumerate() {
        let (value, size) = raw(&groups.figures, at);
        let ends = group.interval(confidence);
        let plug_in = fitted.as_ref().ok().and_then(|fitted| fitted.groups.get(at));
        grid.row([
            name.clone(),
            whole(size),
            plain(value),
            plain(group.mean()),
            plain(ends.low),
            plain(ends.high),
            or_dash(plug_in.map(|group| group.mean), plain),
        ]);
    }
    grid
}
