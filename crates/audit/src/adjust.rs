//! Adjusting an outcome for who the people are.
//!
//! **Formula.** Expected yes of a hospital = Σ over strata of (known in the stratum) × (chance of a yes in it). The chance comes
//! from a [logistic model](estimate::logistic) of everybody where there are ten events for each of its effects and a check
//! against the strata does not refuse it. Otherwise it is that of indirect standardisation: (yes of all hospitals in the stratum) / (known of all
//! hospitals in it). Strata of fewer than [`THIN`] known over all hospitals are joined: with the other thin ones of the same
//! first figure, and where these are few still, with all that are left so; what is few even then takes the rate of everybody,
//! and all are scaled so that the expected are as many as there were. A rate from three people adjusts for nothing.
//!
//! Invariant: over all hospitals as many yes are expected as there were, so that a ratio of 1 is what people like these had
//! everywhere.
//!
//! **When it fails.** It adjusts for what the data hold: age, kind of disease, subtype, deprivation. How ill people were is not
//! in them. Ratios of two hospitals with very different people do not compare the two with each other.

use std::collections::BTreeMap;

use estimate::Tally;
use estimate::logistic::{Alike, Fit, fit};

use crate::cells::{FACTORS, Place, Stratum};

/// Strata with fewer known over all hospitals are joined.
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
    let joined = rates.joined();
    let mut expected = BTreeMap::new();
    for (place, stratum, (_, known)) in strata {
        let chance = match &by {
            By::Model(fit) => fit.chance(&stratum),
            By::Strata(_) => rates.of(&joined, stratum),
        };
        *expected.entry(place.organisation.as_str()).or_insert(0.0) += known as f64 * chance;
    }
    let sum: f64 = expected.values().sum();
    if matches!(by, By::Strata(_)) && sum > 0.0 {
        let all = rates.all.0 as f64 / sum;
        expected.values_mut().for_each(|own| *own *= all);
    }
    Some(Adjusted { expected, by })
}

/// Yes and known of each stratum, and of all.
#[derive(Default)]
struct Rates {
    full: BTreeMap<Stratum, (u64, u64)>,
    all: (u64, u64),
}

/// Yes and known of thin strata together.
#[derive(Default)]
struct Joined {
    /// Of those with the same first figure.
    first: BTreeMap<u8, (u64, u64)>,
    /// Of those that are few even so.
    rest: (u64, u64),
}

impl Rates {
    fn add(&mut self, stratum: Stratum, (yes, known): (u64, u64)) {
        for own in [self.full.entry(stratum).or_default(), &mut self.all] {
            own.0 += yes;
            own.1 += known;
        }
    }

    /// The thin strata, joined with each other and with no large one: that keeps its own rate, and would be counted twice.
    fn joined(&self) -> Joined {
        let mut joined = Joined::default();
        for (stratum, (yes, known)) in self.full.iter().filter(|(_, (_, known))| *known < THIN) {
            let first = joined.first.entry(stratum[0]).or_default();
            *first = (first.0 + yes, first.1 + known);
        }
        for (yes, known) in joined.first.values().filter(|(_, known)| *known < THIN) {
            joined.rest = (joined.rest.0 + yes, joined.rest.1 + known);
        }
        joined
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

    fn of(&self, joined: &Joined, stratum: Stratum) -> f64 {
        let levels = [
            self.full.get(&stratum),
            joined.first.get(&stratum[0]),
            Some(&joined.rest),
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
        // The three at the rate of everybody, the hundred at their own, and both scaled to the seven there were.
        let (three, hundred) = (3.0 * 7.0 / 103.0, 4.0);
        assert!((found.expected["A"] - 7.0 * three / (three + hundred)).abs() < 1e-12);
        assert!((found.expected["A"] + found.expected["B"] - 7.0).abs() < 1e-12);
    }

    #[test]
    fn thin_strata_are_joined_with_each_other_alone() {
        let (a, b) = (place("A"), place("B"));
        let rows = [
            (&a, [1, 1, 0, 0], (2, 100)),
            // Thirty of the same first figure, in two thin strata.
            (&a, [1, 2, 0, 0], (3, 15)),
            (&b, [1, 3, 0, 0], (0, 15)),
            // Twenty-four that are few among their own.
            (&b, [2, 1, 0, 0], (1, 12)),
            (&a, [3, 1, 0, 0], (2, 12)),
        ];
        let found = adjusted(rows.iter().copied()).unwrap();
        let a = 2.0 + 15.0 * 3.0 / 30.0 + 12.0 * 3.0 / 24.0;
        assert!((found.expected["A"] - a).abs() < 1e-12);
        assert!((found.expected["A"] + found.expected["B"] - 8.0).abs() < 1e-12);
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
