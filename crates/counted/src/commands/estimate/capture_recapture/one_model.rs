//! One log-linear model that was asked for.

use estimate::lists::{Figures, Fit, Histories, LogLinear, Model, log_linear, profile};
use estimate::{Confidence, EstimateError, Interval};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline, because};
use super::super::figures::{from_to, plain, whole};
use super::super::settings::confidence;
use super::{METHOD, Options, WHAT, figured};

const LOG_LINEAR: &str = "log-linear";

/// Fits the model.
pub(super) fn answer(histories: &Histories, terms: &str, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let model = match Model::parse(terms, histories.names()) {
        Ok(model) => model,
        Err(reason @ EstimateError::Lists(estimate::lists::ListsError::OneList)) => {
            return Ok(none(terms, &reason));
        }
        Err(error) => return Err(Failure::call(format!("--terms: {error}"))),
    };
    let written = model.text(histories.names());
    let fit = match log_linear(histories, &model) {
        Ok(fit) => fit,
        Err(reason) => return Ok(none(&written, &reason)),
    };
    let profile = profile(histories, &model, confidence);
    let interval = profile.as_ref().map_or_else(
        |_| fit.log_normal_interval(confidence),
        |profile| profile.interval,
    );
    let profile = profile.map_or_else(
        |reason| json!({ "n": null, "low": null, "high": null, "reason": because(&reason) }),
        |profile| json!({ "n": profile.total, "low": profile.interval.low, "high": profile.interval.high }),
    );
    Ok(headed(&fit, &written, interval, options)
        .grid(grid(&fit))
        .estimates([figured(LOG_LINEAR, Some(&written), &figures(&fit, interval))])
        .with("profile", profile)
        .with("log_normal", ends(fit.log_normal_interval(confidence)))
        .with("wald", ends(wald(&fit, confidence)))
        .with("se_total", fit.variance().sqrt())
        .with("unseen", fit.unseen)
        .with("dropped", dropped(histories, &fit))
        .warn(
            "one_model",
            "The interval leaves out that this model was chosen; run without --terms for the average over all.",
        )
        .warn_if(
            fit.is_limit(),
            "no_maximum",
            "An empty overlap is fitted exactly, so that a parameter has no finite value; its cell was left out.",
        )
        .warn_if(
            !options.anchored,
            "lists_only",
            "People whom no list can reach leave no trace in any overlap: the number is a lower bound.",
        ))
}

/// The answer with its headline and its sentence.
fn headed(fit: &LogLinear, written: &str, interval: Interval, options: &Options) -> Answer {
    let (more, status) = if options.anchored {
        ("", "estimate")
    } else {
        (" or more", "lower_bound")
    };
    let headline = Headline {
        status,
        ..Headline::estimate(WHAT, LOG_LINEAR, fit.total(), Some((interval.low, interval.high)))
    };
    let shown = if written.is_empty() {
        "independence"
    } else {
        written
    };
    let sentence = format!(
        "About {} people{more} ({}), if the model {shown} is right.",
        whole(fit.total()),
        from_to(interval.low, interval.high, whole)
    );
    Answer::new(METHOD, headline, sentence)
}

fn figures(fit: &LogLinear, interval: Interval) -> Figures {
    Figures {
        n: fit.total(),
        se: fit.standard_error,
        low: interval.low,
        high: interval.high,
        fit: Some(Fit {
            deviance: fit.deviance,
            df: fit.degrees_of_freedom,
            aic: fit.aic,
            bic: fit.bic,
        }),
    }
}

fn none(terms: &str, reason: &EstimateError) -> Answer {
    let row = json!({
        "method": LOG_LINEAR, "terms": terms, "n": null, "se": null, "low": null, "high": null, "deviance": null,
        "df": null, "aic": null, "bic": null, "reason": because(reason),
    });
    Answer::none(METHOD, WHAT, reason).estimates([row])
}

fn grid(fit: &LogLinear) -> Grid {
    let mut grid = Grid::new("How well it fits:", &["", "figure"]);
    let mut row = |name: &str, figure: String| grid.row([name.to_owned(), figure]);
    row("people on at least one list", whole(fit.seen));
    row("people on no list", plain(fit.unseen));
    row("standard error of these", plain(fit.standard_error));
    row("deviance", plain(fit.deviance));
    row("degrees of freedom", fit.degrees_of_freedom.to_string());
    row("AIC", plain(fit.aic));
    row("BIC", plain(fit.bic));
    grid
}

/// N ± z se, as published tables print it.
fn wald(fit: &LogLinear, confidence: Confidence) -> Interval {
    let half = confidence.deviations() * fit.standard_error;
    Interval {
        low: fit.total() - half,
        high: fit.total() + half,
    }
}

fn ends(interval: Interval) -> Value {
    json!({ "low": interval.low, "high": interval.high })
}

fn dropped(histories: &Histories, fit: &LogLinear) -> Vec<String> {
    fit.dropped.iter().map(|cell| histories.label(*cell)).collect()
}
