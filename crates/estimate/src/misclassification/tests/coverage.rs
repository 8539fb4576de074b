//! How often the intervals hold the truth, over simulated reviews. methods.md 5.3 gives the baselines: two-phase
//! 0.94 to 0.96 with a width of 0.13 to 0.23 of the count; Rogan–Gladen 0.91 to 0.96; as draws 0.95 to 0.97; with
//! the accuracy taken as known 0.18 to 0.69, by design.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution};

use super::*;
use crate::Interval;
use crate::calibrate::Coverage;
use crate::chance::chance_of;
use crate::length::long;
use crate::posterior::mean;
use crate::tally::Tally;

fn count(people: u64, share: f64, chance: &mut ChaCha8Rng) -> u64 {
    Binomial::new(people, share).unwrap().sample(chance)
}

/// How often intervals hold their truths, and how wide they are beside them.
fn covered(runs: u64, mut run: impl FnMut(&mut ChaCha8Rng, u64) -> (f64, Interval)) -> (f64, f64) {
    let mut coverage = Coverage::default();
    let mut widths = Vec::new();
    for number in 0..runs {
        let (truth, interval) = run(&mut chance_of(41, number), number);
        coverage.record(interval.contains(truth));
        widths.push(interval.width() / truth);
    }
    (coverage.share().unwrap(), mean(&widths))
}

fn between(found: f64, low: f64, high: f64, runs: u64) {
    // The baselines have a Monte-Carlo error of their own; three of this run's are allowed for.
    let slack = 3.0 * (found * (1.0 - found) / runs as f64).sqrt();
    assert!(
        low - slack <= found && found <= high + slack,
        "{found} beside {low} to {high}, {slack} allowed"
    );
}

/// A total in two strata, and its review: 800 charts.
fn review(chance: &mut ChaCha8Rng) -> (f64, [Stratum; 2]) {
    let mut total = 0.0;
    let strata = [(1_500, 200, 0.85), (15_000, 600, 0.008)].map(|(people, charts, share)| {
        let among_reviewed = count(charts, share, chance);
        let others = count(people - charts, share, chance);
        total += (among_reviewed + others) as f64;
        stratum(people, charts, among_reviewed)
    });
    (total, strata)
}

#[test]
fn two_phase_reviews_hold_the_truth() {
    let runs = if long() { 10_000 } else { 1_500 };
    let (share, width) = covered(runs, |chance, number| {
        let (total, strata) = review(chance);
        let draws = two_phase_draws(&strata, &Reviewer::Exact, 1_000, number).unwrap();
        (total, draws.total.interval(CONFIDENCE))
    });
    between(share, 0.94, 0.96, runs);
    assert!((0.13..0.23).contains(&width), "{width}");
}

/// A flag: its sensitivity and specificity, and how many of each kind of people validated it.
#[derive(Clone, Copy)]
struct Flag {
    se: f64,
    sp: f64,
    validated: u64,
}

/// A flag among 20,000 people, 4 % of them with the disease.
fn flagged(flag: Flag, chance: &mut ChaCha8Rng) -> (f64, Tally, Validation) {
    let (people, share) = (20_000, 0.04);
    let ill = count(people, share, chance);
    let flagged = count(ill, flag.se, chance) + count(people - ill, 1.0 - flag.sp, chance);
    let (tp, tn) = (
        count(flag.validated, flag.se, chance),
        count(flag.validated, flag.sp, chance),
    );
    let validation = Validation {
        true_positives: tp,
        false_negatives: flag.validated - tp,
        false_positives: flag.validated - tn,
        true_negatives: tn,
    };
    (share, Tally::new(flagged, people).unwrap(), validation)
}

/// The coverage of the formula with its full variance, as draws, and with the accuracy taken as known; and the
/// width of the draws.
fn three_ways(flag: Flag, runs: u64) -> ([f64; 3], f64) {
    let (delta, _) = covered(runs, |chance, _| {
        let (truth, flagged, validation) = flagged(flag, chance);
        let accuracy = Accuracy::measured(&validation).unwrap();
        (
            truth,
            rogan_gladen(flagged, accuracy, CONFIDENCE).unwrap().interval,
        )
    });
    let (draws, width) = covered(runs, |chance, number| {
        let (truth, flagged, validation) = flagged(flag, chance);
        let found = rogan_gladen_draws(flagged, &validation, 1_000, number).unwrap();
        (truth, found.interval(CONFIDENCE))
    });
    let (ignored, _) = covered(runs, |chance, _| {
        let (truth, flagged, validation) = flagged(flag, chance);
        let validity = validation.validity(CONFIDENCE).unwrap();
        let (se, sp) = (validity.sensitivity.value, validity.specificity.value);
        // Where flag and accuracy contradict each other there is no interval, which holds no truth.
        let none = Interval { low: 0.0, high: 0.0 };
        let known = rogan_gladen_known(flagged, se, sp, CONFIDENCE);
        (truth, known.map_or(none, |known| known.interval))
    });
    ([delta, draws, ignored], width)
}

#[test]
fn flags_hold_the_truth_only_with_the_doubt_about_their_accuracy() {
    let runs = if long() { 10_000 } else { 1_500 };
    let flag = Flag {
        se: 0.9,
        sp: 0.97,
        validated: 200,
    };
    let ([delta, draws, ignored], width) = three_ways(flag, runs);
    between(delta, 0.91, 0.96, runs);
    between(draws, 0.95, 0.97, runs);
    between(ignored, 0.18, 0.69, runs);
    assert!((1.1..2.6).contains(&width), "{width}");
}

/// With a hundred of each kind, one validation in eight finds no false positive at all: the formula then has no
/// variance left for it.
#[test]
fn small_validations_need_draws() {
    let runs = if long() { 10_000 } else { 1_500 };
    let flag = Flag {
        se: 0.85,
        sp: 0.98,
        validated: 100,
    };
    let ([delta, draws, _], _) = three_ways(flag, runs);
    assert!(delta < 0.89, "{delta}");
    between(draws, 0.95, 0.995, runs);
}

/// Twenty hospitals of 500 people, whose shares differ; eight of them review 40 charts each.
fn hospitals(chance: &mut ChaCha8Rng) -> (f64, Vec<Stratum>) {
    let family = Beta::new(1.5, 8.5).unwrap();
    let mut total = 0.0;
    let hospitals = (0..20)
        .map(|number| {
            let share: f64 = family.sample(chance);
            let charts = if number < 8 { 40 } else { 0 };
            let among_reviewed = count(charts, share, chance);
            total += (among_reviewed + count(500 - charts, share, chance)) as f64;
            stratum(500, charts, among_reviewed)
        })
        .collect();
    (total, hospitals)
}

#[test]
fn charts_of_some_hospitals_hold_the_truth_only_with_the_doubt_between_hospitals() {
    let runs = if long() { 2_000 } else { 150 };
    let (clustered, _) = covered(runs, |chance, number| {
        let (total, hospitals) = hospitals(chance);
        let found = hospital_draws(&hospitals, CHART_PRIOR, 500, number).unwrap();
        (total, found.total.interval(CONFIDENCE))
    });
    let (as_if_everywhere, _) = covered(runs, |chance, number| {
        let (total, hospitals) = hospitals(chance);
        let confirmed = hospitals.iter().map(|hospital| hospital.confirmed).sum();
        let together = stratum(10_000, 320, confirmed);
        let found = two_phase_draws(&[together], &Reviewer::Exact, 500, number).unwrap();
        (total, found.total.interval(CONFIDENCE))
    });
    between(clustered, 0.93, 0.98, runs);
    assert!(as_if_everywhere < 0.85, "{as_if_everywhere}");
}
