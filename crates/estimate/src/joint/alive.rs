//! Who is alive at the end, of the people whom nobody found.

use super::before::Older;
use super::course::Course;
use super::model::Model;

/// The chance to be alive at the end by the curves of a draw: of people on no list by set, of others by year.
pub(super) struct AliveAtEnd {
    sets: Vec<f64>,
    years: Vec<f64>,
}

impl AliveAtEnd {
    pub(super) fn of(model: &Model, late: &[f64], courses: &[Course; 3]) -> Self {
        let alive = |year: usize, kind: usize| {
            let since = model.study.at_risk(year);
            courses.get(kind).map_or(0.0, |course| course.alive_after(since))
        };
        let mut years = vec![(0.0, 0.0); model.grid.years];
        let mut sets = Vec::with_capacity(model.sets.sets.len());
        for set in &model.sets.sets {
            let (mut all, mut here) = (0.0, 0.0);
            for (year, kind, people) in model.shares(set, late) {
                all += people;
                here += people * alive(year, kind);
                if let Some(sums) = years.get_mut(year) {
                    sums.0 += people;
                    sums.1 += people * alive(year, kind);
                }
            }
            sets.push(if all > 0.0 { here / all } else { 0.0 });
        }
        let years = years.iter().enumerate().map(
            |(year, (all, here))| {
                if *all > 0.0 { here / all } else { alive(year, 2) }
            },
        );
        Self {
            sets,
            years: years.collect(),
        }
    }

    /// Of the people on no list of a set.
    pub(super) fn of_set(&self, set: usize) -> f64 {
        self.sets.get(set).copied().unwrap_or(0.0)
    }

    /// Of people first metastatic in a year, of all kinds.
    pub(super) fn of_year(&self, year: usize) -> f64 {
        self.years.get(year).copied().unwrap_or(0.0)
    }

    /// How many are expected to be alive: on no list, at silent places, still to be reported, and of before the records.
    pub(super) fn expected(
        &self,
        model: &Model,
        (unseen, silent, late): (&[f64], &[f64], &[f64]),
        older: &Older,
    ) -> f64 {
        let on_no_list = unseen
            .iter()
            .enumerate()
            .map(|(set, people)| people * self.of_set(set));
        let leaves = model.silent.leaves.iter().zip(silent);
        let at_silent = leaves.map(|(leaf, people)| people * self.of_year(leaf.year));
        let reported_late = late
            .iter()
            .enumerate()
            .map(|(year, people)| people * self.of_year(year));
        let before = older.people.iter().zip(&older.alive);
        let before = before.map(|(people, alive)| f64::from(*people) * alive.last().copied().unwrap_or(0.0));
        on_no_list
            .chain(at_silent)
            .chain(reported_late)
            .chain(before)
            .sum()
    }
}
