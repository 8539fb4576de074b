//! Every estimator, and the headline that carries their disagreement.

use estimate::EstimateError;
use estimate::lists::{
    Estimate, Everything, GraphPrior, Graphs, Histories, Method, Settings, Status, Walk, decomposable_graphs,
    everything_with, sample_coverage, walk,
};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline, because, capitalised};
use super::super::figures::{or_dash, plain, whole};
use super::super::settings::{confidence, seed};
use super::super::working;
use super::{METHOD, Options, WHAT, estimate};

/// Up to so many lists every model is shown, for there are few; above, the best.
const MOST_MODELS: usize = 120;
/// Up to so many lists the models are listed at all: above, there are tens of thousands.
const MOST_LISTS_LISTED: usize = 5;

/// Runs everything.
pub(super) fn answer(histories: &Histories, options: &Options) -> Result<Answer, Failure> {
    let settings = Settings {
        confidence: confidence(options.confidence)?,
        anchored: options.anchored,
        ..Settings::seeded(seed(options.seed))
    };
    let prior = prior(histories, options)?;
    let mut found = working(|| everything_with(histories, &settings));
    let graphs = decomposable_graphs(histories, prior, settings.confidence);
    if options.delta.is_some() {
        with_prior(&mut found, &graphs);
    }
    let coverage = sample_coverage(histories, settings.confidence, settings.seed);
    let coverage = coverage.map(|found| json!({ "coverage": found.coverage, "one_step": found.one_step }));
    let mut answer = match &found.headline {
        Ok(headline) => Answer::new(
            METHOD,
            Headline {
                what: WHAT,
                method: headline.method.name(),
                status: headline.status.name(),
                n: Some(headline.n),
                low: Some(headline.low),
                high: Some(headline.high),
                reason: None,
            },
            format!("{}.", capitalised(&headline.sentence())),
        ),
        Err(reason) => Answer::none(METHOD, WHAT, reason),
    };
    for warning in &found.warnings {
        answer = answer.warn(warning.code.name(), warning.sentence.clone());
    }
    debug_assert!(found.headline.is_ok() || found.status() == Status::None);
    Ok(answer
        .grid(grid(&found))
        .estimates(found.estimates.iter().map(estimate))
        .with("models", models(histories))
        .with("graphs", of_graphs(histories, &graphs))
        .with("sample_coverage", coverage.unwrap_or(Value::Null)))
}

fn prior(histories: &Histories, options: &Options) -> Result<GraphPrior, Failure> {
    let usual = GraphPrior::usual(histories);
    match options.delta {
        None => Ok(usual),
        Some(delta) if delta > 0.0 && delta.is_finite() => Ok(GraphPrior {
            in_each_cell: delta,
            ..usual
        }),
        Some(_) => Err(Failure::call(
            "--delta: the prior count of a cell is above 0; write for example 0.5",
        )),
    }
}

/// The graphs with the prior that was asked for; the headline keeps to the usual one.
fn with_prior(found: &mut Everything, graphs: &Result<Graphs, EstimateError>) {
    for estimate in &mut found.estimates {
        if let (Method::DecomposableGraphs, Ok(figures), Ok(graphs)) =
            (estimate.method, &mut estimate.outcome, graphs)
        {
            figures.n = graphs.median;
            figures.se = graphs.standard_error;
            (figures.low, figures.high) = (graphs.interval.low, graphs.interval.high);
        }
    }
}

fn grid(found: &Everything) -> Grid {
    let mut grid = Grid::new(
        format!(
            "{} people stand on at least one list. With those on none, there are:",
            whole(found.seen as f64)
        ),
        &["method", "terms", "number", "low", "high", "deviance", "df"],
    );
    for Estimate {
        method,
        terms,
        outcome,
    } in &found.estimates
    {
        let terms = terms
            .as_deref()
            .map(|terms| if terms.is_empty() { "independence" } else { terms });
        let terms = terms.unwrap_or("").to_owned();
        match outcome {
            Ok(figures) => grid.row([
                method.name().to_owned(),
                terms,
                whole(figures.n),
                whole(figures.low),
                whole(figures.high),
                or_dash(figures.fit.map(|fit| fit.deviance), plain),
                figures
                    .fit
                    .map_or_else(|| "–".to_owned(), |fit| fit.df.to_string()),
            ]),
            Err(reason) => grid.row([method.name().to_owned(), terms, because(reason)]),
        }
    }
    grid
}

/// Every model that was compared, the best first.
fn models(histories: &Histories) -> Value {
    if histories.lists() > MOST_LISTS_LISTED {
        return Value::Null;
    }
    let Ok(walk) = walk(histories) else {
        return Value::Null;
    };
    let weights = walk.weights();
    let Walk { fits, without } = walk;
    let mut fits: Vec<_> = fits.into_iter().zip(weights).collect();
    fits.sort_by(|(one, _), (other, _)| one.bic.total_cmp(&other.bic));
    let written = fits.iter().take(MOST_MODELS).map(|(fit, weight)| {
        json!({
            "terms": fit.model.text(histories.names()), "n": fit.total(), "se": fit.standard_error,
            "deviance": fit.deviance, "df": fit.degrees_of_freedom, "aic": fit.aic, "bic": fit.bic,
            "weight": weight, "dropped": fit.dropped.iter().map(|cell| histories.label(*cell)).collect::<Vec<_>>(),
        })
    });
    json!({
        "compared": fits.len() + without.len(),
        "without_estimate": without.len(),
        "best_first": written.collect::<Vec<_>>(),
    })
}

fn of_graphs(histories: &Histories, graphs: &Result<Graphs, EstimateError>) -> Value {
    let Ok(graphs) = graphs else {
        return Value::Null;
    };
    let name = |list: usize| histories.names().get(list).cloned().unwrap_or_default();
    let top = graphs.graphs.iter().take(10).map(|(graph, probability)| {
        let edges = graph
            .edges
            .iter()
            .map(|(one, other)| format!("{}:{}", name(*one), name(*other)));
        json!({ "terms": edges.collect::<Vec<_>>().join(","), "probability": probability })
    });
    json!({
        "compared": graphs.graphs.len(), "mean": graphs.mean, "median": graphs.median,
        "se": graphs.standard_error, "low": graphs.interval.low, "high": graphs.interval.high,
        "likeliest": top.collect::<Vec<_>>(),
    })
}
