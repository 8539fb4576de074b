//! Adjusting an outcome for who the people are.
//!
//! **Formula.** Expected yes of a hospital = Σ over strata of (known in the stratum) × (chance of a yes in it). The chance comes
//! from a [logistic model](estimate::logistic) of everybody where there are ten events for each of its effects and a check
//! against the strata does not refuse it. Otherwise it is that of indirect standardisation: (yes of all hospitals in the stratum) / (known of all
//! hospitals in it), and strata of fewer than [`THIN`] events over all hospitals take the rate of everybody with the same first
//! figure, then of everybody: a rate from three people adjusts for nothing.
//!
//! **When it fails.** It adjusts for what the data hold: age, kind of disease, subtype, deprivation. How ill people were is not
//! in them. Ratios of two hospitals with very different people do not compare the two with each other.

use std::collections::BTreeMap;

use estimate::Tally;
use estimate::logistic::{Alike, Fit, fit};

use crate::cells::{FACTORS, Place, Stratum};

/// Strata with fewer events over all hospitals are joined.
const THIN: u64 = 20;
/// A model that would look so bad by chance as rarely as this is not used.
const REFUSED: f64 = 0.01;

/// What was expected of each organisation, and how.
pub(crate) struct Adjusted<'a> {
    pub expected: BTreeMap<&'a str, f64>,
    pub by: By,
}

/// How an outcome was adjusted.
pub(crate) enum By {
    Model(Fit<FACTORS>),
    /// By strata, with why not by a model.
    Strata(String),
}

impl By {
    /// In words for the table.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Model(_) => "logistic model".to_owned(),
            Self::Strata(why) => format!("indirect standardisation: {why}"),
        }
    }
}

/// Expected yes by organisation, for one question and period; none where nothing is known.
pub(crate) fn adjusted<'a>(
    strata: impl Iterator<Item = (&'a Place, Stratum, (u64, u64))> + Clone,
) -> Option<Adjusted<'a>> {
    let mut rates = Rates::default();
    for (_, stratum, counts) in strata.clone() {
        rates.add(stratum, counts);
    }
    if rates.all.1 == 0 {
        return None;
    }
    let by = rates.model().map_or_else(By::Strata, By::Model);
    let mut expected = BTreeMap::new();
    for (place, stratum, (_, known)) in strata {
        let chance = match &by {
            By::Model(fit) => fit.chance(&stratum),
            By::Strata(_) => rates.of(stratum),
        };
        *expected.entry(place.organisation.as_str()).or_insert(0.0) += known as f64 * chance;
    }
    Some(Adjusted { expected, by })
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

    /// The model of everybody, or why there is none.
    fn model(&self) -> Result<Fit<FACTORS>, String> {
        let people: Vec<Alike<FACTORS>> = self
            .full
            .iter()
            .map(|(levels, (part, whole))| Alike {
                levels: *levels,
                answers: Tally {
                    part: *part,
                    whole: *whole,
                },
            })
            .collect();
        let model = fit(&people).map_err(|why| why.to_string())?;
        match model.calibration {
            Some((p, _)) if p < REFUSED => Err(format!(
                "a model of separate effects does not fit these people (p = {p:.4})"
            )),
            Some(_) => Ok(model),
            None => Err("too few strata to check a model".to_owned()),
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
    fn few_events_are_standardised_and_expected_sums_to_what_happened() {
        let (a, b) = (place("A"), place("B"));
        let rows = [
            (&a, [1, 0, 0, 0], (4, 40)),
            (&a, [2, 0, 0, 0], (2, 60)),
            (&b, [1, 0, 0, 0], (3, 80)),
            (&b, [2, 0, 0, 0], (0, 3)),
        ];
        let found = adjusted(rows.iter().copied()).unwrap();
        // Stratum 1: 7 of 120; stratum 2: 2 of 63.
        assert!((found.expected["A"] - (40.0 * 7.0 / 120.0 + 60.0 * 2.0 / 63.0)).abs() < 1e-12);
        assert!((found.expected["A"] + found.expected["B"] - 9.0).abs() < 1e-12);
        assert_eq!(
            found.by.words(),
            "indirect standardisation: 9 events are too few for a model of 1 effects: ten are needed for each"
        );
    }

    #[test]
    fn a_stratum_of_a_few_people_takes_the_rate_of_more() {
        let (a, b) = (place("A"), place("B"));
        let rows = [(&a, [1, 1, 0, 0], (3, 3)), (&b, [1, 2, 0, 0], (4, 100))];
        let found = adjusted(rows.iter().copied()).unwrap();
        assert!((found.expected["A"] - 3.0 * 7.0 / 103.0).abs() < 1e-12);
    }

    #[test]
    fn many_events_are_modelled_and_thin_strata_lend_each_other_strength() {
        // Two effects that multiply the odds by 2 and by 3, and a stratum of one person who had a yes.
        let (a, b) = (place("A"), place("B"));
        let share = |odds: f64| odds / (1.0 + odds);
        let of = |odds: f64| ((1_000.0 * share(odds)).round() as u64, 1_000);
        let rows = [
            (&a, [1, 1, 0, 0], of(0.2)),
            (&a, [2, 1, 0, 0], of(0.4)),
            (&b, [1, 2, 0, 0], of(0.6)),
            (&b, [2, 2, 0, 0], of(1.2)),
            (&b, [1, 3, 0, 0], of(0.2)),
            (&b, [2, 3, 0, 0], (1, 1)),
        ];
        let found = adjusted(rows.iter().copied()).unwrap();
        assert_eq!(found.by.words(), "logistic model");
        let By::Model(fit) = &found.by else { panic!() };
        assert!((fit.chance(&[2, 3, 0, 0]) - share(0.4)).abs() < 0.01);
        assert!(
            (found.expected["A"] + found.expected["B"] - rows.iter().map(|row| row.2.0).sum::<u64>() as f64)
                .abs()
                < 1e-3
        );
    }

    #[test]
    fn a_model_that_does_not_fit_is_not_used() {
        // The second thing matters for the first kind of people only, and the other way round for the others.
        let a = place("A");
        let rows: Vec<(&Place, Stratum, (u64, u64))> = (1..=3_u8)
            .flat_map(|one| (1..=3_u8).map(move |two| (one, two)))
            .map(|(one, two)| (&a, [one, two, 0, 0], (if one == two { 400 } else { 100 }, 1_000)))
            .collect();
        let found = adjusted(rows.iter().copied()).unwrap();
        assert!(
            found
                .by
                .words()
                .starts_with("indirect standardisation: a model of separate effects"),
            "{}",
            found.by.words()
        );
        assert!((found.expected["A"] - 1_800.0).abs() < 1e-9);
    }
}
