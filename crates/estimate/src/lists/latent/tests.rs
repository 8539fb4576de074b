use super::*;
use crate::lists::samples::{anomaly, diabetes};

#[test]
fn printing() {
    for (table, seed) in [(diabetes(), 1), (diabetes(), 2), (anomaly(), 1), (anomaly(), 2)] {
        let start = std::time::Instant::now();
        let draws = latent_class_draws(&table, &LatentClasses::default(), seed).unwrap();
        let d = Distribution::of_draws(draws.iter().flatten().copied().collect());
        println!(
            "{} {:?} {:?} {:?}",
            d.quantile(0.5),
            d.interval(Confidence::NINETY_FIVE),
            mixing(&draws, 0.025),
            start.elapsed()
        );
    }
}
