//! What the width of the interval is made of, and what would make it narrower.
//!
//! The split is that of the national number living, with people of a kind taken together: the law of a sum of many
//! thinned people is the binomial's, so nothing is lost but the time to draw them one by one.

use crate::calibrate::{first_order, pick_freeze};
use crate::posterior::variance;
use crate::{EstimateError, Posterior};

use super::alive::AliveAtEnd;
use super::assumptions::Ppv;
use super::chance::{Cause, Seeds};
use super::course::Course;
use super::model::{Draw, Model};
use super::result::{Width, Year};
use super::run::Counted;
use super::sampling::{binomial, poisson};

/// The most rows of the design: a share is then known to about ± 0.03.
const MOST_ROWS: usize = 1_000;

/// Charts of the question "what would so many reviewed charts do".
const MORE_CHARTS: f64 = 300.0;

const NOT_IN_IT: [&str; 6] = [
    "people whom no list can reach, unless charts of people without evidence were read",
    "people who died or left and whose death or leaving we do not hold, who are counted as living",
    "dates of onset that are too early, which count people before they were ill",
    "survival after the years that anybody was watched, beyond the families that were averaged",
    "how many breast-cancer deaths have no phase of metastasis, beyond the prior that was stated",
    "organisations that fell silent because they are unlike the others",
];

pub(super) fn width(
    model: &Model,
    counted: &Counted,
    years: &[Year],
    seed: u64,
) -> Result<Width, EstimateError> {
    let living = &years.last().ok_or(EstimateError::Empty)?.living;
    let found = FoundLiving::of(model);
    let design = pick_freeze(Cause::ALL.len(), living.len().min(MOST_ROWS), seed, |seeds| {
        let seeds = Seeds::each(seeds);
        Ok(living_at_end(model, &found, seeds)?.max(1.0).ln())
    })?;
    let split = first_order(&design)?;
    let logs: Vec<f64> = living
        .iter()
        .map(|people| f64::from(*people).max(1.0).ln())
        .collect();
    let after_deaths = variance(&logs) / split.variance;
    let definition = split
        .causes
        .get(Cause::Definition as usize)
        .map_or(0.0, |share| share.share.max(0.0));
    let if_reviewed = (1.0 - definition.min(1.0) * (1.0 - left_after_review(model, &found))).sqrt();
    Ok(Width {
        causes: Cause::ALL.to_vec(),
        after_deaths,
        not_in_it: NOT_IN_IT.to_vec(),
        if_recorded: if_recorded(counted, living)?,
        if_reviewed,
        split,
    })
}

/// How wide the interval would be, place by place, if nobody of it were unseen: those whom nobody found are held at
/// their mean.
fn if_recorded(counted: &Counted, living: &[u32]) -> Result<Vec<f64>, EstimateError> {
    let wide = |draws: Vec<f64>| -> Result<f64, EstimateError> {
        Ok(Posterior::from_draws(draws)?
            .interval(crate::Confidence::NINETY_FIVE)
            .width())
    };
    let now = wide(living.iter().map(|people| f64::from(*people)).collect())?;
    counted
        .extra
        .iter()
        .map(|extra| {
            let known = living
                .iter()
                .zip(extra)
                .map(|(all, extra)| f64::from(*all) - f64::from(*extra));
            Ok(if now > 0.0 {
                wide(known.collect())? / now
            } else {
                1.0
            })
        })
        .collect()
}

/// People found who live at the end, by class, with what linkage expects of them.
struct FoundLiving {
    people: Vec<f64>,
    hidden: Vec<f64>,
    doubled: f64,
}

impl FoundLiving {
    fn of(model: &Model) -> Self {
        let classes = model.definition.middle.len();
        let mut found = Self {
            people: vec![0.0; classes],
            hidden: vec![0.0; classes],
            doubled: 0.0,
        };
        for member in &model.roster.members {
            let Some(person) = model.study.people.get(member.person as usize) else {
                continue;
            };
            if person.exit.time() < model.study.end {
                continue;
            }
            let class = usize::from(member.class);
            if let (Some(people), Some(hidden)) = (found.people.get_mut(class), found.hidden.get_mut(class)) {
                *people += 1.0;
                *hidden += f64::from(person.false_links);
            }
            let right = model.definition.middle.get(class).copied().unwrap_or(0.0);
            found.doubled += right * f64::from(person.missed_links);
        }
        found
    }
}

/// One draw of the number living at the end.
fn living_at_end(model: &Model, found: &FoundLiving, seeds: Seeds) -> Result<f64, EstimateError> {
    let draw = model.draw(seeds, 0)?;
    let courses = model.courses(seeds, 0)?;
    let mut definition = seeds.chance_at(Cause::Definition, 0, 0);
    let mut linkage = seeds.chance_at(Cause::Linkage, 0, 0);
    let mut living = 0.0;
    for ((people, hidden), ppv) in found.people.iter().zip(&found.hidden).zip(&draw.ppv) {
        living += f64::from(binomial(*people as u32, *ppv, &mut definition));
        living += poisson(hidden * ppv, &mut linkage)? as f64;
    }
    living -= poisson(found.doubled, &mut linkage)? as f64;
    Ok(living + unseen_living(model, &draw, courses, seeds))
}

/// People whom nobody found, living at the end.
fn unseen_living(model: &Model, draw: &Draw, courses: &[Course; 3], seeds: Seeds) -> f64 {
    let mut chance = seeds.chance_at(Cause::Survival, 1, 0);
    let alive = AliveAtEnd::of(model, &draw.late_ratio, courses);
    let mut living = |people: u32, share: f64| f64::from(binomial(people, share, &mut chance));
    let mut sum = 0.0;
    for (set, people) in draw.unseen.iter().enumerate() {
        sum += living(*people, alive.of_set(set));
    }
    for (year, people) in draw.late.iter().enumerate() {
        sum += living(*people, alive.of_year(year));
    }
    for (leaf, people) in model.silent.leaves.iter().zip(&draw.silent) {
        sum += living(*people, alive.of_year(leaf.year));
    }
    for (people, alive) in draw.older.people.iter().zip(&draw.older.alive) {
        sum += living(*people, alive.last().copied().unwrap_or(0.0));
    }
    sum
}

/// The share of the variance by the definition that would be left after more charts, spread over classes by size.
fn left_after_review(model: &Model, found: &FoundLiving) -> f64 {
    let definition = &model.definition;
    let known = found
        .people
        .iter()
        .zip(&definition.middle)
        .zip(&definition.deviation);
    let classes: Vec<Reviewed> = known
        .zip(&model.assumptions.classes)
        .enumerate()
        .filter(|(_, (_, class))| class.ppv != Ppv::Certain)
        .map(|(at, (((people, middle), deviation), _))| Reviewed {
            people: *people,
            middle: *middle,
            deviation: *deviation,
            tied: definition.is_tied(at),
        })
        .collect();
    left_after(&classes)
}

/// A class of which more charts are read.
struct Reviewed {
    people: f64,
    middle: f64,
    deviation: f64,
    /// It goes by its prior.
    tied: bool,
}

/// **Formula.** A beta prior worth *n* charts leaves *n*/(*n* + charts) of a class's variance. Before, what goes by priors goes
/// together, so that deviations add up; charts are each class's own, so that variances do.
fn left_after(classes: &[Reviewed]) -> f64 {
    let all: f64 = classes.iter().map(|class| class.people).sum();
    let (mut together, mut apart, mut then) = (0.0, 0.0, 0.0);
    for class in classes {
        let own = class.people * class.deviation;
        if own <= 0.0 || all <= 0.0 {
            continue;
        }
        if class.tied {
            together += own;
        } else {
            apart += own.powi(2);
        }
        let worth = (class.middle * (1.0 - class.middle) / class.deviation.powi(2) - 1.0).max(0.0);
        then += own.powi(2) * worth / (worth + MORE_CHARTS * class.people / all);
    }
    let now = together * together + apart;
    if now > 0.0 { then / now } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::{Reviewed, left_after};

    /// By hand: two classes of 100 people, each 0.9 with a deviation of 0.05, as after 0.09/0.0025 − 1 = 35 charts. Read 150 of
    /// each: 2 · 5² · 35/185 is left, of (5 + 5)² where both go by priors, of 2 · 5² where each has its own.
    #[test]
    fn priors_go_together_and_charts_do_not() {
        for (tied, now) in [(true, 100.0), (false, 50.0)] {
            let class = || Reviewed {
                people: 100.0,
                middle: 0.9,
                deviation: 0.05,
                tied,
            };
            let left = left_after(&[class(), class()]);
            assert!((left - 50.0 * 35.0 / 185.0 / now).abs() < 1e-12, "{left}");
        }
        assert!((left_after(&[]) - 1.0).abs() < 1e-12);
    }
}
