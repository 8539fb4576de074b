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

/// The share of the variance by the definition that would be left after more charts, spread over classes by size: a
/// beta prior worth *n* charts leaves *n*/(*n* + charts).
fn left_after_review(model: &Model, found: &FoundLiving) -> f64 {
    let open: Vec<bool> = model
        .assumptions
        .classes
        .iter()
        .map(|class| class.ppv != Ppv::Certain)
        .collect();
    let all: f64 = found
        .people
        .iter()
        .zip(&open)
        .filter(|(_, open)| **open)
        .map(|(people, _)| people)
        .sum();
    let (mut now, mut then) = (0.0, 0.0);
    let known = found
        .people
        .iter()
        .zip(&model.definition.middle)
        .zip(&model.definition.deviation);
    for (((people, middle), deviation), open) in known.zip(&open) {
        let own = (people * deviation).powi(2);
        if !open || own <= 0.0 || all <= 0.0 {
            continue;
        }
        let worth = (middle * (1.0 - middle) / deviation.powi(2) - 1.0).max(0.0);
        now += own;
        then += own * worth / (worth + MORE_CHARTS * people / all);
    }
    if now > 0.0 { then / now } else { 1.0 }
}
