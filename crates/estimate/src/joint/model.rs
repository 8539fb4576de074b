//! The model, prepared once; and one draw of everything that concerns the whole country.
//!
//! A draw is made in two steps. First what all people share: the PPV of each class, the number on no list in each
//! closed set, the rates of silent places, survival, delays. Then, place by place, who it falls on (`place`).

use rand::{Rng, RngExt};
use rand_distr::Distribution;

use crate::EstimateError;

use super::anchor::Anchor;
use super::assumptions::Assumptions;
use super::before::{Before, Older};
use super::chance::{Cause, Seeds};
use super::check::check;
use super::course::{Course, Courses};
use super::definition::Definition;
use super::grid::Grid;
use super::late::{Late, poisson};
use super::result::Settings;
use super::roster::Roster;
use super::sets::{Set, Sets};
use super::silent::Silent;
use super::study::{Exit, Study};

/// Curves that draws choose from: more would not widen any interval.
const MOST_COURSES: usize = 2_000;

/// All that is worked out before the first draw.
pub(super) struct Model<'a> {
    pub(super) study: &'a Study,
    pub(super) assumptions: &'a Assumptions,
    pub(super) definition: Definition,
    pub(super) roster: Roster,
    pub(super) grid: Grid,
    pub(super) sets: Sets,
    pub(super) courses: Courses,
    pub(super) silent: Silent,
    pub(super) before: Before,
    pub(super) late: Late,
    pub(super) anchor: Option<Anchor>,
    pub(super) deaths: AtDeath,
}

/// Breast-cancer deaths at places whose lists speak.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AtDeath {
    /// Found only on the certificate.
    pub(super) only: u64,
    /// Of people found, weighted by the middle of their PPV.
    pub(super) found: f64,
}

/// What all people share in one draw.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    pub(super) ppv: Vec<f64>,
    /// People on no list, by set.
    pub(super) unseen: Vec<u32>,
    /// People still to be reported over people reported, by year; and how many they are.
    pub(super) late_ratio: Vec<f64>,
    pub(super) late: Vec<u32>,
    /// People at silent places whom nobody found, by leaf.
    pub(super) silent: Vec<u32>,
    pub(super) older: Older,
    /// The share of breast-cancer deaths without metastasis for which the draw leaves room.
    pub(super) without_metastasis: Option<f64>,
}

impl<'a> Model<'a> {
    /// Works everything out.
    pub(super) fn of(
        study: &'a Study,
        assumptions: &'a Assumptions,
        settings: &Settings,
        seeds: Seeds,
    ) -> Result<Self, EstimateError> {
        check(study, assumptions, settings)?;
        let definition = Definition::of(study, assumptions, seeds.seed(Cause::Definition))?;
        let roster = Roster::of(study, &definition.middle);
        if roster.members.is_empty() {
            return Err(super::JointError::Nobody.into());
        }
        let sets = Sets::of(
            study,
            assumptions,
            &roster,
            &definition,
            seeds.seed(Cause::Unseen),
        )?;
        let courses = Courses::of(
            study,
            assumptions,
            &roster,
            &definition.middle,
            settings.draws.min(MOST_COURSES),
            seeds,
        )?;
        let silent = Silent::of(
            study,
            &roster,
            &sets,
            &definition.middle,
            seeds.seed(Cause::Silent),
        )?;
        let classes = definition.middle.len();
        Ok(Self {
            study,
            assumptions,
            grid: Grid::of(study, courses.watched),
            before: Before::of(study, &roster, assumptions.growth_before, classes),
            late: Late::of(study, assumptions)?,
            anchor: Anchor::of(study, seeds.seed(Cause::Unseen))?,
            deaths: at_death(study, &roster, &sets, &definition.middle),
            definition,
            roster,
            sets,
            courses,
            silent,
        })
    }

    /// The curves of a draw.
    pub(super) fn courses(&self, seeds: Seeds, draw: usize) -> Result<&[Course; 3], EstimateError> {
        self.courses.pick(seeds, draw).ok_or(EstimateError::NoDraws)
    }

    /// What all people share in one draw.
    pub(super) fn draw(&self, seeds: Seeds, draw: usize) -> Result<Draw, EstimateError> {
        let ppv = self.definition.draw(seeds, draw)?;
        let courses = self.courses(seeds, draw)?;
        let late_ratio = self.late.draw(seeds, draw)?;
        let mut chance = seeds.chance(Cause::Unseen, draw);
        let mut unseen = self.unseen(&ppv, &late_ratio, &mut chance);
        let mut new = NewPeople::of(self, &ppv, &late_ratio, &unseen);
        let rate = new.sum() / self.silent.exposure.max(1e-9);
        let mut silent = self.silent.draw(rate, &ppv, seeds, draw)?;
        if let Some(anchor) = &self.anchor {
            anchor.hold(self, &ppv, &mut unseen, &mut silent, &mut chance);
            new = NewPeople::of(self, &ppv, &late_ratio, &unseen);
        }
        let yearly = new.first_years(self, &ppv, &silent);
        let unfound = new.unfound(&unseen, &silent);
        let older = self.before.draw((yearly, unfound), courses, &ppv, seeds, draw)?;
        let without_metastasis = self.room_for_others(&unseen, &silent, &older, courses, &mut chance)?;
        let late = new
            .late
            .iter()
            .map(|people| whole(*people, &mut chance))
            .collect();
        Ok(Draw {
            unseen: unseen.iter().map(|people| whole(*people, &mut chance)).collect(),
            silent: silent.iter().map(|people| whole(*people, &mut chance)).collect(),
            ppv,
            late_ratio,
            late,
            older,
            without_metastasis,
        })
    }

    /// The people on no list, by set. All sets take the same estimator in a draw, so that what estimators disagree on
    /// does not average out over sets.
    fn unseen(&self, ppv: &[f64], late: &[f64], chance: &mut impl Rng) -> Vec<f64> {
        let which: f64 = chance.random();
        self.sets
            .sets
            .iter()
            .map(|set| {
                let at = (which * set.laws.len() as f64) as usize;
                let log = set
                    .laws
                    .get(at)
                    .or(set.laws.last())
                    .map_or(0.0, |law| law.draw(chance));
                let away = |(slope, (ppv, middle)): (&f64, (&f64, &f64))| slope * (ppv - middle);
                let moved: f64 = set
                    .slope
                    .iter()
                    .zip(ppv.iter().zip(&self.definition.middle))
                    .map(away)
                    .sum();
                let otherwise: f64 = set
                    .otherwise
                    .iter()
                    .zip(ppv)
                    .map(|(people, ppv)| people * ppv)
                    .sum();
                let closed = (log.exp_m1() * moved.clamp(-3.0, 3.0).exp() - otherwise).max(0.0);
                let all: f64 = self.shares(set, late).map(|(_, _, people)| people).sum();
                // Nobody of a set may be watched long enough where it borrows from a wider one.
                if set.ready > 0.0 {
                    closed * all / set.ready
                } else {
                    0.0
                }
            })
            .collect()
    }

    /// People of a set by year and kind, weighted by the middle of their PPV, with those still to be reported.
    pub(super) fn shares<'b>(
        &'b self,
        set: &'b Set,
        late: &'b [f64],
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'b {
        set.all.iter().map(|((year, kind, class), people)| {
            let right = self
                .definition
                .middle
                .get(usize::from(*class))
                .copied()
                .unwrap_or(0.0);
            let year = usize::from(*year);
            let more = late.get(year).copied().unwrap_or(0.0);
            (year, *kind as usize, people * right * (1.0 + more))
        })
    }

    /// People on no list by year and kind.
    pub(super) fn spread<'b>(
        &'b self,
        set: &'b Set,
        late: &'b [f64],
        unseen: f64,
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'b {
        let all: f64 = self.shares(set, late).map(|(_, _, people)| people).sum();
        let each = if all > 0.0 { unseen / all } else { 0.0 };
        self.shares(set, late)
            .map(move |(year, kind, people)| (year, kind, people * each))
    }

    /// The share of breast-cancer deaths that is left for people without metastasis: those found only at death, less
    /// the deaths among people whom no list shows.
    fn room_for_others(
        &self,
        unseen: &[f64],
        silent: &[f64],
        older: &Older,
        courses: &[Course; 3],
        chance: &mut impl Rng,
    ) -> Result<Option<f64>, EstimateError> {
        if self.deaths.only == 0 {
            return Ok(None);
        }
        let none = vec![0.0; self.grid.years];
        let since = |year: usize| {
            let end = self.study.end - f64::from(self.study.first_year);
            (end - year as f64 - 0.5).max(0.0)
        };
        let mut expected = 0.0;
        let (mut covered, mut all) = (0.0, silent.iter().sum::<f64>());
        for (set, unseen) in self.sets.sets.iter().zip(unseen) {
            for (year, kind, people) in self.spread(set, &none, *unseen) {
                let dead = courses
                    .get(kind)
                    .map_or(0.0, |course| course.dead_after(since(year)));
                expected += people * dead;
            }
            let found: f64 = self.shares(set, &none).map(|(_, _, people)| people).sum();
            covered += found + unseen;
        }
        all += covered;
        for (kind, course) in courses.iter().enumerate() {
            let people = f64::from(older.people.get(kind).copied().unwrap_or(0));
            let left = older
                .alive
                .get(kind)
                .and_then(|alive| alive.last())
                .copied()
                .unwrap_or(0.0);
            expected += people * (1.0 - left) * course.share_of_disease(3.0) * covered / all.max(1e-9);
        }
        let died = poisson(expected, chance)? as f64;
        let only = self.deaths.only as f64;
        Ok(Some((only - died) / (self.deaths.found + only)))
    }
}

/// New people by year, kind and in all: found and on no list, at places whose lists speak.
struct NewPeople {
    by_year: Vec<[f64; 3]>,
    late: Vec<f64>,
}

impl NewPeople {
    fn of(model: &Model, ppv: &[f64], late: &[f64], unseen: &[f64]) -> Self {
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

    fn sum(&self) -> f64 {
        self.by_year.iter().flatten().sum()
    }

    /// New people not found for each who was found.
    fn unfound(&self, unseen: &[f64], silent: &[f64]) -> f64 {
        let hidden: f64 = unseen.iter().sum();
        let found = self.sum() - hidden;
        if found > 0.0 {
            (hidden + silent.iter().sum::<f64>()) / found
        } else {
            0.0
        }
    }

    /// New people a year in the first years, by kind, silent places among them.
    fn first_years(&self, model: &Model, ppv: &[f64], silent: &[f64]) -> [f64; 3] {
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

/// A whole number whose mean is the number given.
pub(super) fn whole(people: f64, chance: &mut impl Rng) -> u32 {
    (people.max(0.0) + chance.random::<f64>())
        .floor()
        .min(f64::from(u32::MAX)) as u32
}

fn at_death(study: &Study, roster: &Roster, sets: &Sets, middle: &[f64]) -> AtDeath {
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

/// A binomial number of people, quick where hardly anybody is expected.
pub(super) fn binomial(people: u32, share: f64, chance: &mut impl Rng) -> u32 {
    if people == 0 || share <= 0.0 {
        return 0;
    }
    if share >= 1.0 {
        return people;
    }
    let n = f64::from(people);
    if n * share > 30.0 {
        return match rand_distr::Binomial::new(u64::from(people), share) {
            Ok(law) => law.sample(chance) as u32,
            Err(_) => 0,
        };
    }
    // By inversion: add up the chances of 0, 1, 2 … until they pass a uniform number.
    let odds = share / (1.0 - share);
    let mut level = chance.random::<f64>();
    let mut mass = (n * (-share).ln_1p()).exp();
    let mut taken = 0;
    while level > mass && taken < people {
        level -= mass;
        mass *= odds * (n - f64::from(taken)) / (f64::from(taken) + 1.0);
        taken += 1;
    }
    taken
}
