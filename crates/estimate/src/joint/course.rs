//! How long people live whom nobody followed: those on no list, and those of before the records.
//!
//! Within the years that were watched the curve is the one that fits best; after them each family goes its own way
//! with equal weight, because the years watched cannot tell the families apart. In one draw all kinds of people go on with the
//! same family, so that what the families disagree on does not average out. What rests on the tail is counted apart (see
//! [`Checks::share_extrapolated`](super::Checks)).
//!
//! Everyone who is followed and surely a case is read (`Followed::of`), so that no order of people makes another curve. Their times are differences of dates, written in
//! years, and people of one day stand at the mean of their times. Of such times that moves a log-likelihood by about 10⁻⁷ a
//! person: about 0.01 for 60,000 (where most die early), which no weight of a family shows.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Gamma};
use rayon::prelude::*;

use crate::EstimateError;
use crate::survival::{AveragedSurvival, Family, FamilyKind, FittedFamily, FollowUp, average_by_day};

use super::assumptions::Assumptions;
use super::chance::{Cause, Seeds};
use super::error::JointError;
use super::roster::Roster;
use super::study::{Exit, Kind, Study};

/// The step of the table, in years, and its length: nobody of 60 years before is left.
pub(super) const STEP: f64 = 0.25;
const LONGEST: usize = 60;

/// A shorter follow-up than half a day is a date that stands for a day.
const SHORTEST: f64 = 0.5 / 365.25;

/// Curves that draws choose from, each as likely.
pub(super) struct Courses {
    pool: Vec<[Course; 3]>,
    /// The years that were watched.
    pub(super) watched: f64,
    /// The families fitted to everyone, and the hazard of dying otherwise or leaving.
    pub(super) everyone: (AveragedSurvival, f64),
}

/// Survival in one draw, of one kind of people.
#[derive(Debug, Clone)]
pub(super) struct Course {
    /// Alive and still in the country after each step.
    pub(super) alive: Vec<f64>,
    /// Of those who go in a step, the share that dies of the disease.
    of_disease: Vec<f64>,
    /// Of those who go otherwise, the share that dies.
    died_otherwise: f64,
    /// Dead of the disease after each step.
    pub(super) dead_of_disease: Vec<f64>,
}

impl Courses {
    /// Fits the families and draws the pool.
    pub(super) fn of(
        study: &Study,
        assumptions: &Assumptions,
        roster: &Roster,
        middle: &[f64],
        draws: usize,
        seeds: Seeds,
    ) -> Result<Self, EstimateError> {
        let followed = Followed::of(study, roster, middle);
        let all = followed
            .fit(assumptions, None)
            .map_err(|reason| JointError::Survival(reason.to_string()))?;
        // A kind with too few deaths of its own lives as all do.
        let kinds = [Kind::DeNovo, Kind::Recurrent, Kind::NotKnown].map(|kind| match kind {
            Kind::NotKnown => all.clone(),
            own => followed
                .fit(assumptions, Some(own))
                .unwrap_or_else(|_| all.clone()),
        });
        let pool = (0..draws)
            .into_par_iter()
            .map(|draw| {
                let mut chance = seeds.chance_at(Cause::Survival, 0, draw);
                let (other, left) = followed.hazards(&mut chance)?;
                let curves = curves(&kinds, &mut chance).ok_or(EstimateError::Empty)?;
                Ok(curves.map(|curve| Course::of(curve.within, curve.after, curve.watched, other, left)))
            })
            .collect::<Result<Vec<_>, EstimateError>>()?;
        Ok(Self {
            pool,
            watched: all.window,
            everyone: (all, (followed.other + followed.left) / followed.years.max(1.0)),
        })
    }

    /// The curves of one draw.
    pub(super) fn pick(&self, seeds: Seeds, draw: usize) -> Option<&[Course; 3]> {
        let mut chance = seeds.chance(Cause::Survival, draw);
        self.pool.get(chance.random_range(0..self.pool.len().max(1)))
    }
}

/// Everyone whose survival was watched.
struct Followed {
    people: Vec<(Kind, FollowUp)>,
    other: f64,
    left: f64,
    years: f64,
}

impl Followed {
    /// People of classes that are mostly right, from the day of metastasis.
    fn of(study: &Study, roster: &Roster, middle: &[f64]) -> Self {
        let mut followed = Self {
            people: Vec::new(),
            other: 0.0,
            left: 0.0,
            years: 0.0,
        };
        let first = f64::from(study.first_year);
        let sure = |class: u16| middle.get(usize::from(class)).copied().unwrap_or(0.0) >= 0.8;
        let known = roster
            .members
            .iter()
            .filter_map(|member| study.people.get(member.person as usize));
        let any_sure = known.clone().filter(|person| sure(person.class)).count() >= 100;
        for person in known {
            if person.established < first || (any_sure && !sure(person.class)) {
                continue;
            }
            let time = (person.exit.time().min(study.end) - person.established).max(SHORTEST);
            let within = person.exit.time() < study.end;
            let died = within && matches!(person.exit, Exit::OfBreastCancer(_));
            followed
                .people
                .push((person.kind, FollowUp::from_start(time, died)));
            followed.years += time;
            followed.other += f64::from(u8::from(within && matches!(person.exit, Exit::OfOther(_))));
            followed.left += f64::from(u8::from(within && matches!(person.exit, Exit::Left(_))));
        }
        followed
    }

    fn fit(&self, assumptions: &Assumptions, kind: Option<Kind>) -> Result<AveragedSurvival, EstimateError> {
        let own = self
            .people
            .iter()
            .filter(|(of, _)| kind.is_none_or(|kind| kind == *of));
        let followed: Vec<FollowUp> = own.map(|(_, follow_up)| *follow_up).collect();
        average_by_day(&assumptions.families, &followed, 0.0)
    }

    /// The hazards of other causes and of leaving in one draw.
    fn hazards(&self, chance: &mut impl Rng) -> Result<(f64, f64), EstimateError> {
        let mut hazard = |events: f64| {
            Gamma::new(events + 0.5, 1.0 / self.years.max(1.0))
                .map(|law| law.sample(chance))
                .map_err(|_| EstimateError::NotPositive("a hazard"))
        };
        Ok((hazard(self.other)?, hazard(self.left)?))
    }
}

/// What is drawn for one kind of people.
#[derive(Debug, Clone, Copy)]
struct Curve {
    /// As far as people were watched.
    within: Family,
    /// After that.
    after: Family,
    watched: f64,
}

/// The curves of one draw: all go on with one family of those fitted to all people (the last), as likely as any other.
fn curves(kinds: &[AveragedSurvival; 3], chance: &mut impl Rng) -> Option<[Curve; 3]> {
    let [one, two, all] = kinds;
    let (_, family) = any(all, chance)?;
    let tail = family.kind;
    Some([
        curve(one, tail, chance)?,
        curve(two, tail, chance)?,
        curve(all, tail, chance)?,
    ])
}

/// A kind that lacks the family goes on with any of its own.
fn curve(fitted: &AveragedSurvival, tail: FamilyKind, chance: &mut impl Rng) -> Option<Curve> {
    let (own, within) = fitted.draw_numbered(chance)?;
    let mut families = fitted.families.iter().map(|(family, _)| family).enumerate();
    let (at, family) = match families.find(|(_, family)| family.kind == tail) {
        Some(same) => same,
        None => any(fitted, chance)?,
    };
    Some(Curve {
        within,
        // A family that goes on with itself goes on with the same curve.
        after: if at == own { within } else { family.draw(chance) },
        watched: fitted.window,
    })
}

/// One of the families, with its number, each as likely.
fn any<'a>(fitted: &'a AveragedSurvival, chance: &mut impl Rng) -> Option<(usize, &'a FittedFamily)> {
    let at = chance.random_range(0..fitted.families.len().max(1));
    fitted.families.get(at).map(|(family, _)| (at, family))
}

impl Course {
    /// The table of a curve: one family as far as people were watched, another after that.
    pub(super) fn of(within: Family, after: Family, watched: f64, other: f64, left: f64) -> Self {
        let join = within.survival(watched) / after.survival(watched).max(1e-12);
        let net = |time: f64| {
            if time <= watched {
                within.survival(time)
            } else {
                (join * after.survival(time)).min(1.0)
            }
        };
        let steps = (LONGEST as f64 / STEP) as usize;
        let both = other + left;
        let mut course = Self {
            alive: vec![1.0],
            of_disease: Vec::with_capacity(steps),
            died_otherwise: if both > 0.0 { other / both } else { 1.0 },
            dead_of_disease: vec![0.0],
        };
        let (mut before, mut dead) = (1.0, 0.0);
        let mut here: f64 = 1.0;
        for step in 1..=steps {
            let time = step as f64 * STEP;
            let now = net(time);
            // Both hazards taken as constant within a step.
            let disease = if now > 0.0 && before > 0.0 {
                (before / now).ln().max(0.0)
            } else {
                50.0
            };
            let others = both * STEP;
            let gone = here * -(-(disease + others)).exp_m1();
            let share = if disease + others > 0.0 {
                disease / (disease + others)
            } else {
                0.0
            };
            dead += gone * share;
            here -= gone;
            course.alive.push(here);
            course.of_disease.push(share);
            course.dead_of_disease.push(dead);
            before = now;
        }
        course
    }

    /// The share alive after a time.
    pub(super) fn alive_after(&self, time: f64) -> f64 {
        between(&self.alive, time)
    }

    /// The share dead of the disease after a time.
    pub(super) fn dead_after(&self, time: f64) -> f64 {
        between(&self.dead_of_disease, time)
    }

    /// Of those who go after a time, the share that dies of the disease.
    pub(super) fn share_of_disease(&self, time: f64) -> f64 {
        self.of_disease
            .get((time.max(0.0) / STEP) as usize)
            .copied()
            .unwrap_or(0.5)
    }

    /// The exit of somebody established at a moment and known to be here `lived` years later.
    pub(super) fn exit(&self, established: f64, lived: f64, chance: &mut impl Rng) -> Exit {
        let level = chance.random::<f64>() * self.alive_after(lived);
        let step = self.alive.partition_point(|alive| *alive > level);
        let Some((low, high)) = step
            .checked_sub(1)
            .and_then(|before| Some((self.alive.get(before)?, self.alive.get(step)?)))
        else {
            return Exit::Alive;
        };
        let part = if low > high {
            (low - level) / (low - high)
        } else {
            0.5
        };
        let time = ((step as f64 - 1.0 + part) * STEP).max(lived);
        self.cause(time, established + time, chance)
    }

    /// What somebody died of who went after a time.
    pub(super) fn cause(&self, lived: f64, at: f64, chance: &mut impl Rng) -> Exit {
        let share = self.share_of_disease(lived);
        let level = chance.random::<f64>();
        if level < share {
            Exit::OfBreastCancer(at)
        } else if level < share + (1.0 - share) * self.died_otherwise {
            Exit::OfOther(at)
        } else {
            Exit::Left(at)
        }
    }
}

/// A table of steps, read between its points.
fn between(table: &[f64], time: f64) -> f64 {
    let at = (time / STEP).max(0.0);
    let step = at.floor() as usize;
    match (table.get(step), table.get(step + 1)) {
        (Some(low), Some(high)) => low + (at - step as f64) * (high - low),
        _ => table.last().copied().unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::survival::average;

    /// The families that fit people whose deaths are those of an exponential curve, watched for five years.
    fn fitted(families: &[FamilyKind]) -> AveragedSurvival {
        let people: Vec<FollowUp> = (0..400)
            .map(|at| {
                let time = -3.0 * ((f64::from(at) + 0.5) / 400.0).ln();
                FollowUp::from_start(time.min(5.0), time < 5.0)
            })
            .collect();
        average(families, &people, 0.0).unwrap()
    }

    fn number(family: Family) -> usize {
        match family {
            Family::Weibull { .. } => 0,
            Family::LogLogistic { .. } => 1,
            Family::SlowClass { .. } => 2,
        }
    }

    /// Each family comes up in a third of the draws, and then for all kinds; where a kind lacks it, each of its own in a half.
    #[test]
    fn all_kinds_go_on_with_one_family() {
        let slow = FamilyKind::SlowClass { hazard: 0.05 };
        let every = fitted(&[FamilyKind::Weibull, FamilyKind::LogLogistic, slow]);
        let few = fitted(&[FamilyKind::Weibull, FamilyKind::LogLogistic]);
        assert_eq!((every.families.len(), few.families.len()), (3, 2));
        let kinds = [few, every.clone(), every];
        let mut chance = crate::chance::chance(1);
        let (mut times, mut instead) = ([0_u32; 3], [0_u32; 2]);
        for _ in 0..3_000 {
            let [new, recurrent, all] = curves(&kinds, &mut chance)
                .unwrap()
                .map(|curve| number(curve.after));
            assert_eq!(recurrent, all);
            times[all] += 1;
            if all == 2 {
                instead[new] += 1;
            } else {
                assert_eq!(new, all);
            }
        }
        // Four Monte-Carlo errors of a share p of n: √(n p (1 − p)).
        let near = |times: u32, n: f64, p: f64| {
            assert!(
                (f64::from(times) - n * p).abs() < 4.0 * (n * p * (1.0 - p)).sqrt(),
                "{times}"
            );
        };
        times.iter().for_each(|times| near(*times, 3_000.0, 1.0 / 3.0));
        instead.iter().for_each(|times| near(*times, 1_000.0, 0.5));
    }
}
