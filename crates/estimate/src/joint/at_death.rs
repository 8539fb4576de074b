//! Deaths found only on certificates: what they leave room for.
//!
//! People whom no list shows die too, and then their certificate is all that is found. So of the breast-cancer deaths
//! without any other record, those that a draw expects among its unseen are explained; the rest had no metastasis, or
//! the draw is wrong. How likely that rest is, its prior says (see [`proposals`](super::proposals)).
//!
//! **Formula.** Of the people on no list of a year a binomial number has died of the disease by the end, by the curve of
//! the draw from the middle of their year (of a last part of one, the middle of that part); of people of before the records, those missing at places whose lists speak.

use rand::Rng;

use super::before::Older;
use super::course::Course;
use super::model::Model;
use super::roster::Roster;
use super::sampling::{binomial, whole};
use super::sets::Sets;
use super::study::{Exit, Study};

/// Breast-cancer deaths at places whose lists speak.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AtDeath {
    /// Found only on the certificate.
    pub(super) only: u64,
    /// Of people found, weighted by the middle of their PPV.
    pub(super) found: f64,
}

impl AtDeath {
    /// All of them.
    pub(super) fn all(self) -> f64 {
        self.found + self.only as f64
    }
}

/// Counts them.
pub(super) fn at_death(study: &Study, roster: &Roster, sets: &Sets, middle: &[f64]) -> AtDeath {
    let mut deaths = AtDeath::default();
    let first = f64::from(study.first_year);
    for place in 0..study.places.len() {
        let covered: Vec<bool> = (0..study.years())
            .map(|year| sets.covers(study, place, year))
            .collect();
        let covers = |year: usize| covered.get(year).copied().unwrap_or(false);
        for (year, count) in roster.only_at_death.get(place).into_iter().flatten().enumerate() {
            if covers(year) {
                deaths.only += u64::from(*count);
            }
        }
        for (member, person) in roster.at(study, place) {
            if let Exit::OfBreastCancer(time) = person.exit
                && time >= first
                && time < study.end
                && covers((time - first).floor() as usize)
            {
                deaths.found += middle.get(usize::from(member.class)).copied().unwrap_or(0.0);
            }
        }
    }
    deaths
}

impl Model<'_> {
    /// The share of breast-cancer deaths that is left for people without metastasis: those found only at death, less
    /// the deaths among people whom no list shows.
    pub(super) fn room_for_others(
        &self,
        unseen: &[f64],
        silent: &[f64],
        older: &Older,
        courses: &[Course; 3],
        chance: &mut impl Rng,
    ) -> Option<f64> {
        // Nobody found only at death is an answer, too: the lists may leave no room for it.
        if self.deaths.all() <= 0.0 {
            return None;
        }
        let none = vec![0.0; self.grid.years];
        let mut died = 0;
        for (set, unseen) in self.sets.sets.iter().zip(unseen) {
            let dead = |kind: usize, year| {
                courses
                    .get(kind)
                    .map_or(0.0, |course| course.dead_after(self.study.at_risk(year)))
            };
            let spread = self.spread(set, &none, *unseen);
            let expected: f64 = spread.map(|(year, kind, people)| people * dead(kind, year)).sum();
            if *unseen > 0.0 {
                died += binomial(whole(*unseen, chance), expected / unseen, chance);
            }
        }
        // People of before the records are missing where new people are; those of silent places are not among `only`.
        let covered: f64 = unseen.iter().sum();
        let all = covered + silent.iter().sum::<f64>();
        for (kind, course) in courses.iter().enumerate() {
            let people = older.people.get(kind).copied().unwrap_or(0);
            let left = older
                .alive
                .get(kind)
                .and_then(|alive| alive.last())
                .copied()
                .unwrap_or(0.0);
            let share = (1.0 - left) * course.share_of_disease(3.0) * covered / all.max(1e-9);
            died += binomial(people, share, chance);
        }
        Some((self.deaths.only as f64 - f64::from(died)) / self.deaths.all())
    }
}
