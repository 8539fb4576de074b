use statrs::function::gamma::ln_gamma;

use super::*;
use crate::lists::Repeated;
use crate::lists::samples::{anomaly, diabetes, hiv};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn near(found: f64, wanted: f64, share: f64) {
    assert!(
        (found / wanted - 1.0).abs() <= share,
        "{found} instead of {wanted}"
    );
}

/// methods.md D1: dga with delta 2⁻⁴ and 1 to 60,000 unseen.
#[test]
fn the_golden_numbers_of_hiv() {
    let prior = GraphPrior {
        in_each_cell: 0.0625,
        most_unseen: 60_000,
    };
    let found = decomposable_graphs(&hiv(), prior, CONFIDENCE).unwrap();
    println!("{} {:?} {}", found.mean, found.interval, found.graphs[0].1);
    near(found.mean, 11_357.1, 0.005);
    near(found.interval.low, 9_404.0, 0.01);
    near(found.interval.high, 14_095.0, 0.01);
    assert!(found.graphs[0].0.edges.is_empty());
    assert!((found.graphs[0].1 - 0.539).abs() < 5e-4, "{}", found.graphs[0].1);
    assert_eq!(found.graphs.len(), 61);
}

/// methods.md D2.
#[test]
fn the_golden_numbers_of_diabetes() {
    let found = decomposable_graphs(&diabetes(), GraphPrior::usual(&diabetes()), CONFIDENCE).unwrap();
    println!("{} {} {:?}", found.mean, found.median, found.interval);
    near(found.mean, 2_474.110, 0.005);
    near(found.median, 2_471.0, 0.005);
    near(found.interval.low, 2_376.0, 0.01);
    near(found.interval.high, 2_589.0, 0.01);
}

/// methods.md D4: delta 0.5.
#[test]
fn the_golden_numbers_of_a_congenital_anomaly() {
    let prior = GraphPrior {
        in_each_cell: 0.5,
        ..GraphPrior::usual(&anomaly())
    };
    let start = std::time::Instant::now();
    let found = decomposable_graphs(&anomaly(), prior, CONFIDENCE).unwrap();
    println!(
        "{} {} {:?} {:?}",
        found.mean,
        found.median,
        found.interval,
        start.elapsed()
    );
    near(found.mean, 617.816, 0.005);
    near(found.median, 616.0, 0.005);
    near(found.interval.low, 588.0, 0.01);
    near(found.interval.high, 655.0, 0.01);
    assert_eq!(found.graphs.len(), 822);
}
