//! Adjusting an outcome for who the people are, by indirect standardisation.
//!
//! **Formula.** Expected yes of a hospital = Σ over strata of (known in the stratum) × (yes of all hospitals in the stratum)
//! / (known of all hospitals in it). Strata of fewer than [`THIN`] events over all hospitals take the rate of everybody
//! with the same first figure, then of everybody: a rate from three people adjusts for nothing.
//!
//! **When it fails.** It adjusts for what the data hold: age, kind of disease, deprivation. How ill people were is not in
//! them. Ratios of two hospitals with very different people do not compare the two with each other.

use std::collections::BTreeMap;

use crate::cells::{Place, Stratum};

/// Strata with fewer events over all hospitals are joined.
const THIN: u64 = 20;

/// Expected yes by organisation, for one question and period.
pub(crate) fn expected<'a>(
    strata: impl Iterator<Item = (&'a Place, Stratum, (u64, u64))> + Clone,
) -> BTreeMap<&'a str, f64> {
    let mut rates = Rates::default();
    for (_, stratum, counts) in strata.clone() {
        rates.add(stratum, counts);
    }
    let mut expected = BTreeMap::new();
    for (place, stratum, (_, known)) in strata {
        *expected.entry(place.organisation.as_str()).or_insert(0.0) += known as f64 * rates.of(stratum);
    }
    expected
}

#[derive(Default)]
struct Rates {
    full: BTreeMap<Stratum, (u64, u64)>,
    first: BTreeMap<u8, (u64, u64)>,
    all: (u64, u64),
}

impl Rates {
    fn add(&mut self, stratum: Stratum, (yes, known): (u64, u64)) {
        for own in [
            self.full.entry(stratum).or_default(),
            self.first.entry(stratum[0]).or_default(),
            &mut self.all,
        ] {
            own.0 += yes;
            own.1 += known;
        }
    }

    fn of(&self, stratum: Stratum) -> f64 {
        let levels = [
            self.full.get(&stratum),
            self.first.get(&stratum[0]),
            Some(&self.all),
        ];
        let mut enough = levels.into_iter().flatten().filter(|(_, known)| *known >= THIN);
        let (yes, known) = enough.next().copied().unwrap_or(self.all);
        if known == 0 {
            0.0
        } else {
            yes as f64 / known as f64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(organisation: &str) -> Place {
        Place {
            nation: "N".to_owned(),
            organisation: organisation.to_owned(),
            period: "2024".to_owned(),
        }
    }

    #[test]
    fn expected_sums_to_what_happened() {
        let (a, b) = (place("A"), place("B"));
        let rows = [
            (&a, [1, 0, 0], (10, 40)),
            (&a, [2, 0, 0], (5, 60)),
            (&b, [1, 0, 0], (30, 80)),
            (&b, [2, 0, 0], (0, 3)),
        ];
        let found = expected(rows.iter().copied());
        // Stratum 1: 40 of 120; stratum 2: 5 of 63.
        assert!((found["A"] - (40.0 / 3.0 + 60.0 * 5.0 / 63.0)).abs() < 1e-12);
        assert!((found["A"] + found["B"] - 45.0).abs() < 1e-12);
    }

    #[test]
    fn a_stratum_of_a_few_people_takes_the_rate_of_more() {
        let (a, b) = (place("A"), place("B"));
        let rows = [(&a, [1, 1, 0], (3, 3)), (&b, [1, 2, 0], (10, 100))];
        let found = expected(rows.iter().copied());
        assert!((found["A"] - 3.0 * 13.0 / 103.0).abs() < 1e-12);
    }
}
