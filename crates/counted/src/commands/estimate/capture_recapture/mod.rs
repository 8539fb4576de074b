//! `capture-recapture`: how many there are, from lists that overlap.

mod everything;
mod linked;
mod one_model;
mod reading;

use clap::Args;
use estimate::lists::{Estimate, Figures, Histories};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, because};
use super::table::Table;

const METHOD: &str = "capture-recapture";
const WHAT: &str = "the number of people";

/// How the lists are laid over each other.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// Fit this one log-linear model, such as A:B,A:C; "" is independence. Everything is run when left out.
    #[arg(long, value_name = "TERMS")]
    terms: Option<String>,
    /// How often the intervals are meant to hold the truth; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
    /// Where chance starts; the same seed gives the same bits. 1 when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// A random sample of people on no list was looked at and stands beside this: call the number an estimate.
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    anchored: bool,
    /// The prior count in each cell of the decomposable graphs; 1/2 to the power of the lists when left out.
    #[arg(long, value_name = "PEOPLE")]
    delta: Option<f64>,
    /// Two lists: the share of true pairs that linkage missed.
    #[arg(long, value_name = "SHARE")]
    missed_links: Option<f64>,
    /// Two lists: the share of the first list's people linked to somebody else.
    #[arg(long, value_name = "SHARE")]
    false_links: Option<f64>,
}

pub(super) const FILE: &str =
    "The file has one column a list, with 1 (on it) or 0 (not on it), named as the list is, and
  count      how many people stand on exactly these lists (also: freq, n, people)
Combinations that are not in the file count nobody; nobody stands on no list, so the row of zeros is
never given. Rows and columns may be in any order. Without a count, each row is a person.

  clinic,hospital,prescriptions,count
  1,0,0,60
  1,1,0,45

Example: counted estimate capture-recapture lists.csv
Example: counted estimate capture-recapture lists.csv --terms clinic:hospital --format json";

/// Estimates how many there are.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let histories = match reading::histories(table)? {
        Ok(histories) => histories,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason).with("observed", Value::Null)),
    };
    let answer = match (&options.terms, options.missed_links, options.false_links) {
        (None, None, None) => everything::answer(&histories, options)?,
        (Some(terms), None, None) => one_model::answer(&histories, terms, options)?,
        (None, missed, made_up) => {
            linked::answer(&histories, missed.unwrap_or(0.0), made_up.unwrap_or(0.0), options)?
        }
        (Some(_), _, _) => {
            return Err(Failure::call(
                "--terms and --missed-links or --false-links cannot stand together: the correction is for two lists",
            ));
        }
    };
    let assumed = "the lists hold the same kind of people in the same place and time, nobody joined or left it, the \
                   same person is recognised on every list, and nobody is listed by mistake.";
    Ok(answer.with("observed", observed(&histories)).assuming(assumed))
}

/// What was read.
fn observed(histories: &Histories) -> Value {
    let lists: Vec<Value> = (0..histories.lists())
        .zip(histories.names())
        .map(|(list, name)| {
            let alone = histories.count(1 << list);
            json!({ "name": name, "people": histories.on_all(1 << list), "on_this_list_alone": alone })
        })
        .collect();
    let cells: Vec<Value> = histories
        .cells()
        .map(|(history, count)| json!({ "history": histories.label(history), "count": count }))
        .collect();
    json!({ "people": histories.seen(), "lists": lists, "histories": cells })
}

/// One estimate, in the shape of the contract.
fn estimate(estimate: &Estimate) -> Value {
    match &estimate.outcome {
        Ok(figures) => figured(estimate.method.name(), estimate.terms.as_deref(), figures),
        Err(reason) => json!({
            "method": estimate.method.name(), "terms": estimate.terms, "n": null, "se": null, "low": null,
            "high": null, "deviance": null, "df": null, "aic": null, "bic": null, "reason": because(reason),
        }),
    }
}

fn figured(method: &str, terms: Option<&str>, figures: &Figures) -> Value {
    json!({
        "method": method, "terms": terms, "n": figures.n, "se": figures.se, "low": figures.low,
        "high": figures.high,
        "deviance": figures.fit.map(|fit| fit.deviance),
        "df": figures.fit.map(|fit| fit.df),
        "aic": figures.fit.map(|fit| fit.aic),
        "bic": figures.fit.map(|fit| fit.bic),
    })
}
