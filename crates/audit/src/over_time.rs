//! Each question from quarter to quarter: a p′ chart, and what its rules say.
//!
//! Invariants: a chart has at least [`FEWEST_QUARTERS`] quarters without a gap, each with known answers; an organisation has
//! one only where its quarters are large enough to vary by more than whole people; a chart compares a place with itself and
//! with nobody else.
//!
//! **Source.** D. B. Laney 2002 for the limits ([`estimate::chart::laney_p_chart`]); the rules are
//! [those of Making Data Count](estimate::chart::MAKING_DATA_COUNT).

use std::collections::BTreeMap;

use estimate::Tally;
use estimate::chart::{MAKING_DATA_COUNT, Rule, laney_p_chart, signals};

use crate::cells::ALL;

/// The fewest quarters of a chart: three years.
pub(crate) const FEWEST_QUARTERS: usize = 12;

/// The known answers that an organisation's middle quarter must have.
pub(crate) const FEWEST_KNOWN: u64 = 10;

/// Yes and known answers by quarter: the year times four, and 0 to 3.
pub(crate) type Quarters = BTreeMap<i32, (u64, u64)>;

/// One quarter of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    /// Such as `2024Q3`.
    pub period: String,
    pub numerator: u64,
    pub denominator: u64,
    pub centre: f64,
    pub low: f64,
    pub high: f64,
    /// Rules that this quarter fulfils, with the side.
    pub signal: Vec<String>,
}

/// The chart of a place; none where there are too few quarters or answers, or nothing varies.
pub(crate) fn chart(organisation: &str, quarters: &Quarters) -> Option<Vec<Point>> {
    let run = last_run(quarters);
    if run.len() < FEWEST_QUARTERS {
        return None;
    }
    if organisation != ALL {
        let mut known: Vec<u64> = run.iter().map(|(_, (_, known))| *known).collect();
        known.sort_unstable();
        if known
            .get(known.len() / 2)
            .is_none_or(|middle| *middle < FEWEST_KNOWN)
        {
            return None;
        }
    }
    let tallies: Vec<Tally> = run
        .iter()
        .map(|(_, (yes, known))| Tally {
            part: *yes,
            whole: *known,
        })
        .collect();
    // Quarters that are all yes, all no, or all the same have no limits: there is nothing to see.
    let chart = laney_p_chart(&tallies).ok()?.chart;
    let mut points: Vec<Point> = run
        .iter()
        .zip(&chart.points)
        .map(|((quarter, (yes, known)), point)| Point {
            period: name(*quarter),
            numerator: *yes,
            denominator: *known,
            centre: chart.centre,
            low: point.low,
            high: point.high,
            signal: Vec::new(),
        })
        .collect();
    for signal in signals(&chart, &MAKING_DATA_COUNT) {
        if let Some(point) = points.get_mut(signal.point) {
            point.signal.push(words(signal.rule, signal.upwards));
        }
    }
    Some(points)
}

/// The last quarters with answers that follow each other without a gap.
fn last_run(quarters: &Quarters) -> Vec<(i32, (u64, u64))> {
    let mut run: Vec<(i32, (u64, u64))> = Vec::new();
    for (quarter, counts) in quarters.iter().rev().filter(|(_, (_, known))| *known > 0) {
        if run.last().is_some_and(|(next, _)| *next != quarter + 1) {
            break;
        }
        run.push((*quarter, *counts));
    }
    run.reverse();
    run
}

/// The quarter of a chart as text.
fn name(quarter: i32) -> String {
    format!("{:04}Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1)
}

fn words(rule: Rule, upwards: Option<bool>) -> String {
    let rule = match rule {
        Rule::BeyondThree => "beyond_limit",
        Rule::TwoOfThreeNearLimit => "two_of_three_near_limit",
        Rule::SevenOnOneSide => "seven_on_one_side",
        Rule::SevenRisingOrFalling => "seven_in_one_direction",
        Rule::TwoOfThreeBeyondTwo => "two_of_three_beyond_two",
        Rule::FourOfFiveBeyondOne => "four_of_five_beyond_one",
        Rule::EightOnOneSide => "eight_on_one_side",
        Rule::SixRisingOrFalling => "six_in_one_direction",
        Rule::FifteenCloseToCentre => "fifteen_near_centre",
    };
    match upwards {
        Some(true) => format!("{rule}_up"),
        Some(false) => format!("{rule}_down"),
        None => rule.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn quarters(from: i32, yes: &[u64], known: u64) -> Quarters {
        let counted = yes.iter().map(|yes| (*yes, known));
        (from..).zip(counted).collect()
    }

    const STEADY: [u64; 16] = [50, 53, 48, 51, 49, 52, 47, 50, 51, 49, 52, 48, 50, 53, 49, 51];

    #[test]
    fn what_only_varies_raises_no_signal_and_a_fall_does() {
        let steady = chart("AAA", &quarters(2021 * 4, &STEADY, 100)).unwrap();
        assert_eq!((steady.len(), steady[0].period.as_str()), (16, "2021Q1"));
        assert!(steady.iter().all(|point| point.signal.is_empty()), "{steady:?}");
        let mut fallen = STEADY;
        fallen[15] = 20;
        let fallen = chart("AAA", &quarters(2021 * 4, &fallen, 100)).unwrap();
        assert_eq!(fallen[15].signal, ["beyond_limit_down"]);
        assert!(
            fallen[..15]
                .iter()
                .all(|point| !point.signal.contains(&"beyond_limit_down".to_owned()))
        );
    }

    /// By hand from Laney's formula: centre Σr/Σn, σ_z = mean|Δz|/1.128.
    #[test]
    fn the_limits_are_those_of_the_formula() {
        let points = chart(ALL, &quarters(2021 * 4, &STEADY, 100)).unwrap();
        let centre = STEADY.iter().sum::<u64>() as f64 / 1600.0;
        let ranges = STEADY
            .windows(2)
            .map(|two| two[0].abs_diff(two[1]) as f64 / 100.0);
        // With one size of all quarters, σ·σ_z is the mean moving range of the shares themselves, by 1.128.
        let sigma = ranges.sum::<f64>() / 15.0 / 1.128;
        assert!((points[7].centre - centre).abs() < 1e-12);
        assert!((points[7].low - (centre - 3.0 * sigma)).abs() < 1e-12);
        assert!((points[7].high - (centre + 3.0 * sigma)).abs() < 1e-12);
    }

    #[test]
    fn too_few_quarters_too_few_answers_and_gaps_have_no_chart() {
        assert_eq!(chart("AAA", &quarters(8_000, &STEADY[..11], 100)), None);
        let few: Vec<u64> = STEADY.iter().map(|yes| yes / 12).collect();
        assert_eq!(chart("AAA", &quarters(8_000, &few, 9)), None);
        assert!(
            chart(ALL, &quarters(8_000, &few, 9)).is_some(),
            "a nation has one"
        );
        let mut gap = quarters(8_000, &STEADY, 100);
        gap.insert(8_005, (0, 0));
        assert_eq!(chart("AAA", &gap), None, "ten quarters are left after the gap");
        gap = quarters(8_000, &STEADY, 100);
        gap.remove(&8_001);
        assert_eq!(chart("AAA", &gap).unwrap().len(), 14);
        assert_eq!(
            chart("AAA", &quarters(8_000, &[100; 16], 100)),
            None,
            "nothing varies"
        );
    }
}
