//! What a reader must know before the number.

use super::model::Model;
use super::proposals::Kept;
use super::result::{Checks, Route, RouteName};

/// How loud a warning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// True of every estimate of this design.
    Standing,
    /// Something is wrong in this study.
    Alarm,
}

impl Loudness {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Alarm => "alarm",
        }
    }
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningCode {
    /// Nothing but lists stands behind the number.
    ListsOnly,
    /// Organisations that sent no lists were filled from their peers.
    Silent,
    /// The outside check is not independent.
    NotIndependent,
    /// People differ in how likely they are to be listed.
    Heterogeneity,
    /// More people were found only at death than the lists leave room for, or fewer.
    FoundAtDeath,
    /// Living over deaths is unusual.
    LivingOverDeaths,
    /// New over deaths is unusual.
    NewOverDeaths,
    /// Two routes do not meet.
    RoutesDisagree,
    /// The draws rest on few proposals.
    FewDraws,
}

impl WarningCode {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListsOnly => "lists_only",
            Self::Silent => "silent_organisations",
            Self::NotIndependent => "check_not_independent",
            Self::Heterogeneity => "heterogeneity",
            Self::FoundAtDeath => "found_at_death",
            Self::LivingOverDeaths => "living_over_deaths",
            Self::NewOverDeaths => "new_over_deaths",
            Self::RoutesDisagree => "routes_disagree",
            Self::FewDraws => "few_draws",
        }
    }
}

/// A warning: its code, how loud it is, and a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// How loud.
    pub level: Loudness,
    /// What to know.
    pub message: String,
}

/// What the warnings are made from.
pub(super) struct Seen<'a> {
    pub(super) model: &'a Model<'a>,
    pub(super) kept: &'a Kept,
    pub(super) checks: &'a Checks,
    pub(super) routes: &'a [Route],
    pub(super) anchored: bool,
}

/// A pair of lists with so many standard errors above independence shares more people than chance gives.
const TOGETHER: f64 = 2.0;

/// Fewer separate proposals than this, and the ends of an interval are chance.
const FEW: f64 = 100.0;

/// Every warning, the standing ones first, in the order of [`WarningCode`].
pub(super) fn warnings(seen: &Seen) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut put = |code, level, message: String| found.push(Warning { code, level, message });
    if !seen.anchored {
        put(
            WarningCode::ListsOnly,
            Loudness::Standing,
            "There may be more. People whom no list can reach leave no trace in any record, and without a \
             random sample of people without evidence nobody can know how many they are."
                .to_owned(),
        );
    }
    let mut silent: Vec<usize> = seen.model.silent.leaves.iter().map(|leaf| leaf.place).collect();
    silent.dedup();
    if !silent.is_empty() {
        put(
            WarningCode::Silent,
            Loudness::Standing,
            format!(
                "{} organisations sent too few records in at least one year. Their people are estimated from other \
                 organisations and from deaths.",
                silent.len()
            ),
        );
    }
    if !seen.checks.independent {
        put(
            WarningCode::NotIndependent,
            Loudness::Standing,
            "The ratios to deaths use the study's own deaths, so this check is not independent.".to_owned(),
        );
    }
    // With an anchor the number does not rest on the lists' own.
    if !seen.anchored
        && let Some(message) = heterogeneity(seen.model)
    {
        put(WarningCode::Heterogeneity, Loudness::Alarm, message);
    }
    if !seen.kept.deaths_meet {
        put(
            WarningCode::FoundAtDeath,
            Loudness::Alarm,
            found_at_death(seen.checks),
        );
    }
    ratios(seen, &mut put);
    routes(seen.routes, &mut put);
    if seen.kept.effective < FEW {
        put(
            WarningCode::FewDraws,
            Loudness::Alarm,
            format!(
                "The deaths found only on certificates leave few of the draws standing (worth {:.0}): the ends of the \
                 intervals are unsure.",
                seen.kept.effective
            ),
        );
    }
    found
}

/// People differ in how likely they are to be listed where most pairs of lists share more people than independence
/// allows; one pair alone is two lists that depend on each other, which the models allow for.
fn heterogeneity(model: &Model) -> Option<String> {
    // Weighed over sets: the mean of k standard errors has itself an error of 1/√k.
    let mut by_pair: std::collections::BTreeMap<usize, (f64, f64)> = std::collections::BTreeMap::new();
    let most = model.sets.sets.iter().map(|set| set.pairs.len()).max()?;
    for set in model.sets.sets.iter().filter(|set| set.pairs.len() == most) {
        for (pair, z) in set.pairs.iter().enumerate() {
            let sum = by_pair.entry(pair).or_default();
            *sum = (sum.0 + z, sum.1 + 1.0);
        }
    }
    let together = by_pair
        .values()
        .filter(|(sum, sets)| sum / sets.sqrt() > TOGETHER)
        .count();
    (most >= 3 && 2 * together > most).then(|| {
        format!(
            "{together} of {most} pairs of lists share more people than chance gives. People differ in how likely \
             they are to be listed (heterogeneity), so the number is probably too low."
        )
    })
}

fn found_at_death(checks: &Checks) -> String {
    let share = |value: f64| 100.0 * value;
    match &checks.implied_without_metastasis {
        Ok(room) if room.median > 0.1 => format!(
            "More people were found only at death than the lists leave room for: {:.0} % of breast-cancer deaths would \
             have had no metastasis. People whom no list reaches are the likely cause.",
            share(room.median)
        ),
        _ => "Fewer people were found only at death than the lists say should have been: the lists see too many \
              missing people, or certificates are missing."
            .to_owned(),
    }
}

fn ratios(seen: &Seen, put: &mut impl FnMut(WarningCode, Loudness, String)) {
    let assumed = seen.model.assumptions;
    let checks = [
        (
            WarningCode::LivingOverDeaths,
            "people living for each breast-cancer death of a year",
            &seen.checks.living_over_deaths,
            assumed.living_over_deaths,
        ),
        (
            WarningCode::NewOverDeaths,
            "new people for each breast-cancer death of a year",
            &seen.checks.new_over_deaths,
            assumed.new_over_deaths,
        ),
    ];
    for (code, what, found, (low, high)) in checks {
        if let Ok(found) = found
            && !(low..=high).contains(&found.median)
        {
            put(
                code,
                Loudness::Alarm,
                format!("There are {:.2} {what}; usual are {low} to {high}.", found.median),
            );
        }
    }
}

/// Routes whose intervals do not meet: both stand, and the distance is named.
fn routes(routes: &[Route], put: &mut impl FnMut(WarningCode, Loudness, String)) {
    let of = |name: RouteName| routes.iter().find(|route| route.name == name);
    let (Some(joint), Some(back)) = (of(RouteName::Joint), of(RouteName::BackCalculation)) else {
        return;
    };
    let pairs = [
        ("living", &joint.living, &back.living),
        ("new", &joint.new, &back.new),
    ];
    for (what, joint, back) in pairs {
        let (Ok(joint), Ok(back)) = (joint, back) else {
            continue;
        };
        let apart = joint.interval.high < back.interval.low || back.interval.high < joint.interval.low;
        if apart && joint.median > 0.0 {
            put(
                WarningCode::RoutesDisagree,
                Loudness::Alarm,
                format!(
                    "The routes disagree on the number {what}: the records say {:.0}, national deaths {:.0} ({:+.0} %).",
                    joint.median,
                    back.median,
                    100.0 * (back.median / joint.median - 1.0)
                ),
            );
        }
    }
}
