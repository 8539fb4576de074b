//! New people of the whole country in one draw: found, to be reported, and on no list.

use super::model::Model;

/// New people by year, kind and in all: found and on no list, at places whose lists speak.
pub(super) struct NewPeople {
    by_year: Vec<[f64; 3]>,
    /// Of them, those still to be reported, by year.
    pub(super) late: Vec<f64>,
}

impl NewPeople {
    pub(super) fn of(model: &Model, ppv: &[f64], late: &[f64], unseen: &[f64]) -> Self {
        let mut new = Self {
            by_year: vec![[0.0; 3]; model.grid.years],
            late: vec![0.0; model.grid.years],
        };
        for (set, unseen) in model.sets.sets.iter().zip(unseen) {
            for ((year, kind, class), people) in &set.all {
                let right = people * ppv.get(usize::from(*class)).copied().unwrap_or(0.0);
                let year = usize::from(*year);
                let more = right * late.get(year).copied().unwrap_or(0.0);
                new.add(year, *kind as usize, right + more);
                if let Some(sum) = new.late.get_mut(year) {
                    *sum += more;
                }
            }
            for (year, kind, people) in model.spread(set, late, *unseen) {
                new.add(year, kind, people);
            }
        }
        new
    }

    fn add(&mut self, year: usize, kind: usize, people: f64) {
        if let Some(sum) = self.by_year.get_mut(year).and_then(|kinds| kinds.get_mut(kind)) {
            *sum += people;
        }
    }

    pub(super) fn sum(&self) -> f64 {
        self.by_year.iter().flatten().sum()
    }

    /// New people not found for each who was found: at places whose lists speak, and with silent places.
    pub(super) fn unfound(&self, unseen: &[f64], silent: &[f64]) -> (f64, f64) {
        let hidden: f64 = unseen.iter().sum();
        let found = self.sum() - hidden;
        if found > 0.0 {
            (hidden / found, (hidden + silent.iter().sum::<f64>()) / found)
        } else {
            (0.0, 0.0)
        }
    }

    /// New people a year in the first years, by kind, silent places among them.
    pub(super) fn first_years(&self, model: &Model, ppv: &[f64], silent: &[f64]) -> [f64; 3] {
        let years = model.assumptions.block_years.min(self.by_year.len()).max(1);
        let mut sums = [0.0; 3];
        for kinds in self.by_year.iter().take(years) {
            for (sum, people) in sums.iter_mut().zip(kinds) {
                *sum += people;
            }
        }
        let covered: f64 = sums.iter().sum();
        let leaves = model.silent.leaves.iter().zip(silent);
        let unreported: f64 = leaves
            .filter(|(leaf, _)| leaf.year < years)
            .map(|(leaf, people)| people + leaf.found(ppv))
            .sum();
        let factor = if covered > 0.0 {
            1.0 + unreported / covered
        } else {
            1.0
        };
        let span = (model.study.end - f64::from(model.study.first_year))
            .min(years as f64)
            .max(1e-3);
        sums.map(|sum| sum * factor / span)
    }
}
