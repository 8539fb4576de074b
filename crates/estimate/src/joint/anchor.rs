//! The anchor: charts of people without any evidence, drawn at random.
//!
//! Lists say how many people they would have shown; only charts of people on no list can say how many no list can
//! show. Where there is such a review its number takes the place of the lists' own, whose proportions between sets
//! are kept: in some years, or, where the frame was of the living, of everyone alive at the end whom nobody found.

use rand::{Rng, RngExt};

use crate::EstimateError;
use crate::misclassification::{CHART_PRIOR, hospital_draws, two_phase_draws};

use super::alive::AliveAtEnd;
use super::model::{Model, Unfound};
use super::study::{Confirmed, Sample, Study};

const DRAWS: usize = 4_000;

/// People without evidence whom charts confirm, in draws, and who they are.
pub(super) struct Anchor {
    people: Vec<f64>,
    pub(super) confirmed: Confirmed,
}

impl Anchor {
    pub(super) fn of(study: &Study, seed: u64) -> Result<Option<Self>, EstimateError> {
        let Some(unflagged) = study.unflagged.as_ref().filter(|of| of.sample.carries()) else {
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
            confirmed: unflagged.confirmed,
        }))
    }

    /// How many the charts confirm, in one draw.
    pub(super) fn draw(&self, chance: &mut impl Rng) -> f64 {
        let at = chance.random_range(0..self.people.len().max(1));
        self.people.get(at).copied().unwrap_or(0.0)
    }
}

/// Moves the people on no list, and those of silent places, to what the charts say of them in their years; says whether it
/// could.
pub(super) fn hold_years(
    model: &Model,
    years: (i32, i32),
    wanted: f64,
    ppv: &[f64],
    unseen: &mut [f64],
    silent: &mut [f64],
) -> bool {
    let first = model.study.first_year;
    let within = |year: usize| {
        let year = first.saturating_add(i32::try_from(year).unwrap_or(i32::MAX));
        (years.0..=years.1).contains(&year)
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
        scale(unseen, wanted / lists);
        scale(silent, wanted / lists);
    } else if found > 0.0 {
        like_those_found(model, unseen, wanted / found);
    }
    // Where there is nobody to move, only "nobody" is what the charts say.
    lists > 0.0 || found > 0.0 || wanted <= 0.0
}

/// Moves everyone whom nobody found, so that as many of them are expected to be alive at the end as the charts say; `rest`
/// works out, for people on no list and at silent places, all others. Says whether it could.
///
/// New people are moved first, twice, because those of before the records follow from them, though not in proportion; what
/// is then left to move is moved in all alike.
pub(super) fn hold_living(
    model: &Model,
    alive: &AliveAtEnd,
    wanted: f64,
    mut unfound: Unfound,
    rest: impl Fn(Vec<f64>, Vec<f64>) -> Result<Unfound, EstimateError>,
) -> Result<(Unfound, bool), EstimateError> {
    let living = |of: &Unfound| alive.expected(model, (&of.unseen, &of.silent, &of.late), &of.older);
    if living(&unfound) <= 0.0 {
        like_those_found(model, &mut unfound.unseen, 1.0);
        unfound = rest(unfound.unseen, unfound.silent)?;
    }
    let held = living(&unfound) > 0.0 || wanted <= 0.0;
    for _ in 0..2 {
        let now = living(&unfound);
        if now <= 0.0 {
            return Ok((unfound, held));
        }
        let Unfound {
            mut unseen,
            mut silent,
            ..
        } = unfound;
        scale(&mut unseen, wanted / now);
        scale(&mut silent, wanted / now);
        unfound = rest(unseen, silent)?;
    }
    let now = living(&unfound);
    if now > 0.0 {
        let by = wanted / now;
        scale(&mut unfound.unseen, by);
        scale(&mut unfound.silent, by);
        scale(&mut unfound.late, by);
        for people in &mut unfound.older.people {
            *people = (f64::from(*people) * by).round() as u32;
        }
        unfound.hidden *= by;
    }
    Ok((unfound, held))
}

fn scale(people: &mut [f64], by: f64) {
    people.iter_mut().for_each(|people| *people *= by);
}

/// The lists leave no room for anybody: the people of the charts are like those found, so many for each of them.
fn like_those_found(model: &Model, unseen: &mut [f64], for_each: f64) {
    let none = vec![0.0; model.grid.years];
    for (set, people) in model.sets.sets.iter().zip(unseen) {
        let all: f64 = model.shares(set, &none).map(|(.., people)| people).sum();
        *people = all * for_each;
    }
}
