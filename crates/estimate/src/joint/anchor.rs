//! The anchor: charts of people without any evidence, drawn at random.
//!
//! Lists say how many people they would have shown; only charts of people on no list can say how many no list can
//! show. Where there is such a review its number takes the place of the lists' own, whose proportions between sets
//! are kept.

use rand::{Rng, RngExt};

use crate::EstimateError;
use crate::misclassification::{CHART_PRIOR, hospital_draws, two_phase_draws};

use super::model::Model;
use super::study::{Sample, Study};

const DRAWS: usize = 4_000;

/// People without evidence who have the disease, in draws, and the years in which it was established.
pub(super) struct Anchor {
    people: Vec<f64>,
    years: (i32, i32),
}

impl Anchor {
    pub(super) fn of(study: &Study, seed: u64) -> Result<Option<Self>, EstimateError> {
        let Some(unflagged) = &study.unflagged else {
            return Ok(None);
        };
        let total = match &unflagged.sample {
            Sample::Everywhere(stratum) => {
                two_phase_draws(std::slice::from_ref(stratum), &study.reviewer, DRAWS, seed)?.total
            }
            Sample::Hospitals(strata) => hospital_draws(strata, CHART_PRIOR, DRAWS, seed)?.total,
        };
        Ok(Some(Self {
            people: total.draws().to_vec(),
            years: unflagged.years,
        }))
    }

    /// Moves the people on no list, and those of silent places, to what the charts say of them in their years.
    pub(super) fn hold(
        &self,
        model: &Model,
        ppv: &[f64],
        unseen: &mut [f64],
        silent: &mut [f64],
        chance: &mut impl Rng,
    ) {
        let at = chance.random_range(0..self.people.len().max(1));
        let wanted = self.people.get(at).copied().unwrap_or(0.0);
        let first = model.study.first_year;
        let within = |year: usize| {
            let year = first.saturating_add(i32::try_from(year).unwrap_or(i32::MAX));
            (self.years.0..=self.years.1).contains(&year)
        };
        let none = vec![0.0; model.grid.years];
        let (mut lists, mut found) = (0.0, 0.0);
        for (set, people) in model.sets.sets.iter().zip(unseen.iter()) {
            let spread = model.spread(set, &none, *people);
            lists += spread
                .filter(|(year, ..)| within(*year))
                .map(|(.., people)| people)
                .sum::<f64>();
            let all = set
                .all
                .iter()
                .filter(|((year, ..), _)| within(usize::from(*year)));
            found += all
                .map(|((.., class), people)| people * ppv.get(usize::from(*class)).copied().unwrap_or(0.0))
                .sum::<f64>();
        }
        let leaves = model.silent.leaves.iter().zip(silent.iter());
        lists += leaves
            .filter(|(leaf, _)| within(leaf.year))
            .map(|(_, people)| people)
            .sum::<f64>();
        if lists > 0.0 {
            unseen
                .iter_mut()
                .chain(silent.iter_mut())
                .for_each(|people| *people *= wanted / lists);
        } else if found > 0.0 {
            // The lists leave no room for anybody: the people of the charts are like those found.
            for (set, people) in model.sets.sets.iter().zip(unseen.iter_mut()) {
                let all: f64 = model.shares(set, &none).map(|(.., people)| people).sum();
                *people = wanted * all / found;
            }
        }
    }
}
