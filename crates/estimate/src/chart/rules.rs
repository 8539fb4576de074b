//! What a run of points says.

use super::{ChartPoint, ControlChart};

/// A sign that something has changed, and the pattern it is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// One point beyond three standard deviations (Shewhart; Western Electric 1; Nelson 1).
    BeyondThree,
    /// Two of three points in a row beyond two standard deviations on one side (Western Electric 2; Nelson 5).
    TwoOfThreeBeyondTwo,
    /// Four of five points in a row beyond one standard deviation on one side (Western Electric 3; Nelson 6).
    FourOfFiveBeyondOne,
    /// Eight points in a row on one side of the centre (Western Electric 4; Nelson asks for nine).
    EightOnOneSide,
    /// Six points in a row, each above (or each below) the one before (Nelson 3).
    SixRisingOrFalling,
    /// Two of three points in a row beyond two standard deviations and not beyond three, all three on one side (Making Data
    /// Count).
    TwoOfThreeNearLimit,
    /// Seven points in a row on one side of the centre (Making Data Count).
    SevenOnOneSide,
    /// Seven points in a row, each above (or each below) the one before (Making Data Count).
    SevenRisingOrFalling,
    /// Fifteen points in a row within one standard deviation, on both sides: less variation than the limits say
    /// (Nelson 7).
    FifteenCloseToCentre,
}

/// The rules of the NHS programme Making Data Count.
///
/// **Source.** NHS England, Making Data Count; as the package NHSRplotthedots of the NHS-R Community computes them (read on 26
/// November 2026). It marks every point of a pattern, where a [`Signal`] names the one that completes it; and it leaves moving
/// ranges above 3.267 times their mean out of the limits, as [`xmr_screened`](super::xmr_screened) does.
pub const MAKING_DATA_COUNT: [Rule; 4] = [
    Rule::BeyondThree,
    Rule::TwoOfThreeNearLimit,
    Rule::SevenOnOneSide,
    Rule::SevenRisingOrFalling,
];

/// A rule that a run of points fulfils.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal {
    /// The place of the point that completes the pattern, from 0.
    pub point: usize,
    /// The rule.
    pub rule: Rule,
    /// Whether the points lie above the centre or rise; nothing where there is no side.
    pub upwards: Option<bool>,
}

/// Every signal of the rules asked for, in the order of time.
///
/// A point that lengthens a run that has already signalled signals again.
///
/// **Formula.** As each [`Rule`] says, with every point measured in its own standard deviations from the centre. A
/// point on the centre is on neither side.
///
/// **Source.** Western Electric Company, Statistical Quality Control Handbook (1956); L. S. Nelson, The Shewhart
/// control chart: tests for special causes, Journal of Quality Technology 16 (1984) 237–239.
///
/// **When it fails.** Every rule has false alarms, and more rules have more: the first alone about one in 370
/// points of a stable normal process, the first four together about one in 90 (C. W. Champ and W. H. Woodall,
/// Technometrics 29 (1987) 393–399).
pub fn signals(chart: &ControlChart, rules: &[Rule]) -> Vec<Signal> {
    let z: Vec<f64> = chart
        .points
        .iter()
        .map(|point: &ChartPoint| (point.value - chart.centre) / point.sigma)
        .collect();
    let mut found: Vec<Signal> = (0..z.len())
        .flat_map(|point| rules.iter().map(move |&rule| (point, rule)))
        .filter_map(|(point, rule)| {
            let upwards = completes(&z, &chart.points, point, rule)?;
            Some(Signal { point, rule, upwards })
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a point completes the pattern of a rule, and on which side.
fn completes(z: &[f64], points: &[ChartPoint], point: usize, rule: Rule) -> Option<Option<bool>> {
    let last = |n: usize| (point + 1).checked_sub(n).and_then(|from| z.get(from..=point));
    // `enough` of the last `n` points beyond `distance`, on the side of the point itself, which must be one of them.
    let beyond = |n: usize, enough: usize, distance: f64| {
        let run = last(n)?;
        let here = run.last()?;
        let side = here.signum();
        let out = |value: f64| value * side > distance;
        (out(*here) && run.iter().filter(|&&value| out(value)).count() >= enough).then_some(Some(side > 0.0))
    };
    match rule {
        Rule::BeyondThree => beyond(1, 1, 3.0),
        Rule::TwoOfThreeBeyondTwo => beyond(3, 2, 2.0),
        Rule::FourOfFiveBeyondOne => beyond(5, 4, 1.0),
        Rule::EightOnOneSide => beyond(8, 8, 0.0),
        Rule::SevenOnOneSide => beyond(7, 7, 0.0),
        Rule::TwoOfThreeNearLimit => {
            let run = last(3)?;
            let side = run.last()?.signum();
            let near = |value: &&f64| (*value * side > 2.0) && (*value * side <= 3.0);
            let together = run.iter().all(|value| value * side > 0.0);
            (together && run.iter().filter(near).count() >= 2).then_some(Some(side > 0.0))
        }
        Rule::SixRisingOrFalling => trend(points, point, 6),
        Rule::SevenRisingOrFalling => trend(points, point, 7),
        Rule::FifteenCloseToCentre => last(15)?.iter().all(|value| value.abs() < 1.0).then_some(None),
    }
}

/// Whether the last `n` points up to one each lie above, or each below, the one before.
fn trend(points: &[ChartPoint], point: usize, n: usize) -> Option<Option<bool>> {
    let run = points.get((point + 1).checked_sub(n)?..=point)?;
    let steps = || run.windows(2).map(|pair| pair[1].value - pair[0].value);
    if steps().all(|step| step > 0.0) {
        Some(Some(true))
    } else {
        steps().all(|step| step < 0.0).then_some(Some(false))
    }
}
