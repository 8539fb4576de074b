//! A table to start from: near what is published, in the middle of its ranges rather than at their ends, so that
//! figures have room to move both ways.
//!
//! Each row in turn is mended by spreading what it lacks over its figures, most over those that are hidden. After some
//! rounds little is lacking; what is left is mended by the program itself.
//!
//! **Source.** S. Kaczmarz, Bulletin International de l'Académie Polonaise des Sciences et des Lettres A 35 (1937) 355–357
//! (projection on one equation after the other), with weights and ranges.

use super::Span;
use super::simplex::Bounded;

/// Rounds over all rows.
const ROUNDS: usize = 60;
/// Weight of a hidden figure beside one of a rounded figure.
const HIDDEN: f64 = 60.0;

/// A value within its range for each figure; the rows hold nearly.
pub(super) fn near(spans: &[Span], rows: &[Bounded]) -> Vec<f64> {
    let mut value: Vec<f64> = spans.iter().map(|span| middle(*span)).collect();
    let weight: Vec<f64> = spans
        .iter()
        .map(|span| match span.len() {
            1 => 0.0,
            _ if span.high == Span::OPEN => HIDDEN,
            values => (values - 1) as f64 / 4.0,
        })
        .collect();
    let ends: Vec<(f64, f64)> = spans.iter().map(|span| inner(*span)).collect();
    for _ in 0..ROUNDS {
        for (terms, low, high) in rows {
            let sum: f64 = terms.iter().map(|(f, c)| c * value[*f]).sum();
            let lacks = if sum < *low {
                low - sum
            } else if sum > *high {
                high - sum
            } else {
                continue;
            };
            let all: f64 = terms.iter().map(|(f, c)| weight[*f] * c * c).sum();
            if all == 0.0 {
                continue;
            }
            for (figure, factor) in terms {
                let to = value[*figure] + lacks * factor * weight[*figure] / all;
                value[*figure] = to.clamp(ends[*figure].0, ends[*figure].1);
            }
        }
    }
    value
        .iter()
        .zip(spans)
        .map(|(value, span)| value.round().clamp(span.low as f64, span.upper()))
        .collect()
}

fn middle(span: Span) -> f64 {
    if span.high == Span::OPEN {
        span.low as f64 + 4.0
    } else {
        (span.low + (span.high - span.low) / 2) as f64
    }
}

/// A range without its very ends, where there is room.
fn inner(span: Span) -> (f64, f64) {
    let by = if span.len() > 4 { 1.0 } else { 0.0 };
    (span.low as f64 + by, span.upper() - by)
}
