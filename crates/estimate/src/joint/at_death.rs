//! Deaths found only on certificates: what they leave room for.
//!
//! People whom no list shows die too, and then their certificate is all that is found. So of the breast-cancer deaths
//! without any other record, those that a draw expects among its unseen are explained; the rest had no metastasis, or
//! the draw is wrong. How likely that rest is, its prior says (see [`proposals`](super::proposals)).
//!
//! That weighs the draws as if nobody else had metastases. No list can say so: somebody whom none reaches leaves a
//! certificate as well. So once a draw is kept, in half of them nobody of the rest had, and in half as many as the prior
//! leaves; these are new, and die, in the year of their certificate, since nothing tells when they fell ill. How many are
//! living is left as it is: a lower bound.
//!
//! **Formula.** Of the people on no list of a year a binomial number has died of the disease by the end, by the curve of
//! the draw from the middle of their year (of a last part of one, the middle of that part); of people of before the records, those missing at places whose lists speak;
//! and of those still to be reported likewise.
//! Of the *w* deaths that are left, *W* had no metastasis, a beta-binomial number of all *n* breast-cancer deaths, given
//! *W* ≤ *w*; *w* − *W* had: the posterior under a prior that holds every such number for as likely.

use rand::{Rng, RngExt};

use super::assumptions::BetaPrior;
use super::before::Older;
use super::chance::{Cause, Seeds};
use super::course::Course;
use super::mixtures::OnCertificate;
use super::model::{Draw, Model};
use super::proposals::log_masses;
use super::roster::Roster;
use super::sampling::{binomial, whole};
use super::sets::Sets;
use super::study::{Exit, Study};

/// Breast-cancer deaths at places whose lists speak.
#[derive(Debug, Clone)]
pub(super) struct AtDeath {
    /// Found only on the certificate.
    pub(super) only: u64,
    /// Of them, those of each year.
    pub(super) by_year: Vec<u64>,
    /// Of people found, weighted by the middle of their PPV.
    pub(super) found: f64,
    /// The chance of at most so many without metastasis, from none to [`only`](Self::only), but for what all have in common.
    at_most: Vec<f64>,
    /// Each as likely.
    beliefs: &'static [OnCertificate],
}

impl AtDeath {
    /// Deaths found only on certificates, by year, and those of people found.
    pub(super) fn new(
        by_year: Vec<u64>,
        found: f64,
        prior: BetaPrior,
        beliefs: &'static [OnCertificate],
    ) -> Self {
        let only = by_year.iter().sum();
        Self {
            only,
            by_year,
            found,
            at_most: at_most(prior, found + only as f64, only),
            beliefs,
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> f64 {
        self.found + self.only as f64
    }

    /// Of the deaths found only on certificates, the share that had metastases though no list reached them, in one draw;
    /// `room` is the share of all deaths that people on no list leave.
    pub(super) fn unreached(&self, room: Option<f64>, seeds: Seeds, streams: usize, draw: usize) -> f64 {
        let mut chance = seeds.chance_at(Cause::Unseen, streams, draw);
        let at = chance.random_range(0..self.beliefs.len().max(1));
        let left = (room.unwrap_or(0.0) * self.all()).round();
        if self.beliefs.get(at) != Some(&OnCertificate::AsThePrior) || left < 1.0 {
            return 0.0;
        }
        let chances = self.at_most.get(..=left as usize).unwrap_or(&self.at_most);
        let level = chance.random::<f64>() * chances.last().copied().unwrap_or(0.0);
        let without = chances.partition_point(|at_most| *at_most <= level) as f64;
        (left - without).max(0.0) / self.only as f64
    }
}

/// The chance of at most so many deaths without metastasis of all, from none to `most`, but for what all have in common.
fn at_most(prior: BetaPrior, all: f64, most: u64) -> Vec<f64> {
    let logs = log_masses(prior, all, most as usize);
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    let masses = logs.into_iter().map(|log| {
        sum += (log - top).exp();
        sum
    });
    masses.collect()
}

/// Counts them.
pub(super) fn at_death(
    (study, roster, sets): (&Study, &Roster, &Sets),
    middle: &[f64],
    prior: BetaPrior,
    beliefs: &'static [OnCertificate],
) -> AtDeath {
    let (mut only, mut found) = (vec![0; study.years()], 0.0);
    let first = f64::from(study.first_year);
    for place in 0..study.places.len() {
        let covered: Vec<bool> = (0..study.years())
            .map(|year| sets.covers(study, place, year))
            .collect();
        let covers = |year: usize| covered.get(year).copied().unwrap_or(false);
        for (year, people) in roster.only_at_death.get(place).into_iter().flatten().enumerate() {
            if covers(year)
                && let Some(of_year) = only.get_mut(year)
            {
                *of_year += people.len() as u64;
            }
        }
        for (member, person) in roster.at(study, place) {
            if let Exit::OfBreastCancer(time) = person.exit
                && time >= first
                && time < study.end
                && covers((time - first).floor() as usize)
            {
                found += middle.get(usize::from(member.class)).copied().unwrap_or(0.0);
            }
        }
    }
    AtDeath::new(only, found, prior, beliefs)
}

impl Model<'_> {
    /// People found only at death who are new, and die, in each year of one draw, as expected: of those whom no list
    /// reached.
    pub(super) fn unreached(&self, draw: &Draw) -> Vec<f64> {
        let of_year = self.deaths.by_year.iter();
        of_year.map(|deaths| *deaths as f64 * draw.unreached).collect()
    }

    /// The share of breast-cancer deaths that is left for people without metastasis: those found only at death, less
    /// the deaths among people whom no list shows.
    pub(super) fn room_for_others(
        &self,
        (unseen, silent, late): (&[f64], &[f64], &[f64]),
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
        // Whose records are still to come may have a certificate already.
        let [.., of_all_kinds] = courses;
        for (year, people) in late.iter().enumerate().filter(|(_, people)| **people > 0.0) {
            let dead = of_all_kinds.dead_after(self.study.at_risk(year));
            died += binomial(whole(*people, chance), dead, chance);
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
