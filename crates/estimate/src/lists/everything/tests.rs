use super::*;
use crate::lists::samples::{anomaly, diabetes, hiv};
use crate::lists::{ListsError, Repeated};

#[test]
fn printing() {
    for table in [hiv(), diabetes(), anomaly()] {
        let start = std::time::Instant::now();
        let all = everything(&table, 7);
        println!(
            "{:?} {:?}",
            start.elapsed(),
            all.headline.as_ref().map(Headline::sentence)
        );
        for e in &all.estimates {
            println!("  {} {:?} {:?}", e.method.name(), e.terms, e.outcome);
        }
        for w in &all.warnings {
            println!("  {}: {}", w.code.name(), w.sentence);
        }
    }
}
