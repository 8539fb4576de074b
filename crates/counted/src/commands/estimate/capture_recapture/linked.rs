//! Two lists whose linkage errs at known rates.

use estimate::lists::{Histories, corrected_for_linkage};
use estimate::{Confidence, chapman};
use serde_json::json;

use crate::exit::Failure;

use super::super::answer::{Answer, Headline};
use super::super::figures::{plain, whole};
use super::super::rows::Row;
use super::super::settings::confidence;
use super::{METHOD, Options, WHAT};

const CORRECTED: &str = "petersen-linkage-corrected";

/// Takes the errors of linkage out of the overlap.
pub(super) fn answer(
    histories: &Histories,
    missed: f64,
    made_up: f64,
    options: &Options,
) -> Result<Answer, Failure> {
    if histories.lists() != 2 {
        return Err(Failure::call(format!(
            "--missed-links and --false-links are for two lists, and the file has {}; leave other columns out",
            histories.lists()
        )));
    }
    let confidence = confidence(options.confidence)?;
    let both = histories.count(0b11);
    let (first, second) = (
        histories.count(0b01).saturating_add(both),
        histories.count(0b10).saturating_add(both),
    );
    let corrected = match corrected_for_linkage(first, second, both, missed, made_up) {
        Ok(corrected) => corrected,
        Err(reason) => {
            let row = Row::new(CORRECTED, "").none(&reason).json();
            return Ok(Answer::none(METHOD, WHAT, &reason).estimates([row]));
        }
    };
    let headline = Headline {
        status: if options.anchored {
            "estimate"
        } else {
            "lower_bound"
        },
        ..Headline::estimate(WHAT, CORRECTED, corrected.total, None)
    };
    let more = if options.anchored { "" } else { " or more" };
    let sentence = format!(
        "About {} people{more}, if linkage missed {} and made up {} of the links.",
        whole(corrected.total),
        plain(missed),
        plain(made_up)
    );
    let row = Row::new(CORRECTED, "")
        .n(corrected.total)
        .with("terms", histories.names().join(":"))
        .with("both", corrected.both);
    Ok(Answer::new(METHOD, headline, sentence)
        .estimates([row.json(), uncorrected(histories, [first, second, both], confidence)])
        .with(
            "linkage",
            json!({ "missed_links": missed, "false_links": made_up, "both_observed": both, "both_corrected": corrected.both }),
        )
        .warn(
            "no_interval",
            "The number has no interval: it is very sensitive to the two rates; try those that a check of the linkage allows.",
        ))
}

/// The same two lists taken as they stand.
fn uncorrected(
    histories: &Histories,
    [first, second, both]: [u64; 3],
    confidence: Confidence,
) -> serde_json::Value {
    let row = Row::new("chapman", "").with("terms", histories.names().join(":"));
    match chapman(first, second, both, confidence) {
        Ok(found) => row
            .n(found.total)
            .se(found.standard_error())
            .within(found.interval),
        Err(reason) => row.none(&reason),
    }
    .json()
}
