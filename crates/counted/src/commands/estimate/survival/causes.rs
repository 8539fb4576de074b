//! Several causes of death: the cumulative incidence of each.

use estimate::Confidence;
use estimate::survival::aalen_johansen;
use serde_json::Value;

use super::super::rows::Row;
use super::reading::Group;

const METHOD: &str = "aalen-johansen";

/// The rows of one group; none where only death itself is known.
pub(super) fn rows(group: &Group, confidence: Confidence) -> Vec<Value> {
    let mut rows = Vec::new();
    for (number, cause) in (1_u16..).zip(&group.causes) {
        let row = || Row::new(METHOD, &group.name).with("cause", cause.as_str());
        match aalen_johansen(&group.people, number, confidence) {
            Ok(incidence) => rows.extend(incidence.steps.iter().map(|step| {
                let row = row()
                    .with("time", step.time)
                    .n(step.share)
                    .se(step.standard_error);
                match step.interval {
                    Some(interval) => row.within(interval).json(),
                    None => row.json(),
                }
            })),
            Err(reason) => rows.push(row().none(&reason).json()),
        }
    }
    rows
}
