//! What a reader must know before the number.

use super::assumptions::Ppv;
use super::mixtures::Belief;
use super::model::Model;
use super::proposals::{Certificates, Held, Kept};
use super::result::{Checks, Route, RouteName};
use super::study::Sample;

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
    /// Charts were read in one hospital alone.
    OneHospital,
    /// Charts were drawn from other people than those of their class.
    OtherPeople,
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
            Self::OneHospital => "charts_of_one_hospital",
            Self::OtherPeople => "charts_of_other_people",
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

/// A belief about the years before the records that holds such a share of the draws may alone make an end of an interval, beyond
/// which a fortieth lies. Of so few of its proposals two or three do, as of [`FEW`] of all.
const AT_AN_END: std::ops::RangeInclusive<f64> = 0.01..=0.1;
const FEW_AT_AN_END: f64 = 10.0;

/// Every warning, the standing ones first, in the order of [`WarningCode`].
pub(super) fn warnings(seen: &Seen) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut put = |code, level, message: String| found.push(Warning { code, level, message });
    if !seen.anchored {
        put(
            WarningCode::ListsOnly,
            Loudness::Standing,
            "There may be more. People whom no list can reach leave no trace in any record while they live, and without a \
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
    charts(seen.model, &mut put);
    // With an anchor the number does not rest on the lists' own.
    if !seen.anchored
        && let Some(message) = heterogeneity(seen.model)
    {
        put(WarningCode::Heterogeneity, Loudness::Alarm, message);
    }
    if let Some(message) = found_at_death(seen) {
        put(WarningCode::FoundAtDeath, Loudness::Alarm, message);
    }
    ratios(seen, &mut put);
    routes(seen.routes, &mut put);
    if let Some(message) = few_draws(seen.kept.effective, &seen.kept.beliefs) {
        put(WarningCode::FewDraws, Loudness::Alarm, message);
    }
    found
}

/// Few draws for an end of an interval: of all, or of one belief that may make it.
pub(super) fn few_draws(effective: f64, beliefs: &[Held]) -> Option<String> {
    if effective < FEW {
        return Some(format!(
            "The deaths found only on certificates leave few of the draws standing (worth {effective:.0}): the ends \
             of the intervals are unsure."
        ));
    }
    let mut beliefs = beliefs.iter();
    let few = beliefs.find(|held| AT_AN_END.contains(&held.share) && held.effective < FEW_AT_AN_END)?;
    let believed = match few.belief {
        Belief::FoundAlike => "were found as often as new people",
        Belief::Index => "are as many as growth and survival say",
    };
    Some(format!(
        "The deaths found only on certificates leave few draws in which people of before the records {believed} (worth \
         {:.0}), and {:.0} % of the weight: an end of the intervals is unsure.",
        few.effective,
        100.0 * few.share
    ))
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

fn found_at_death(seen: &Seen) -> Option<String> {
    match (seen.kept.certificates, &seen.checks.implied_without_metastasis) {
        (Certificates::Expected, _) => None,
        (Certificates::TooMany, Ok(room)) => Some(format!(
            "More people were found only at death than the lists leave room for: {:.0} % of breast-cancer deaths would \
             have had no metastasis. People whom no list reaches are the likely cause.",
            100.0 * room.median
        )),
        _ => Some(
            "Fewer people were found only at death than the lists say should have been: the lists see too many \
             missing people, or certificates are missing."
                .to_owned(),
        ),
    }
}

/// How far, of the people of a class, those that its charts were drawn from may be fewer or more: people are found and lost
/// between the drawing and the run.
const OTHER_PEOPLE: f64 = 0.1;

/// Charts that cannot be carried over, and charts that are carried over to people they were not drawn from.
fn charts(model: &Model, put: &mut impl FnMut(WarningCode, Loudness, String)) {
    let classes = &model.assumptions.classes;
    let name = |class: u16| {
        classes
            .get(usize::from(class))
            .map_or("", |class| class.name.as_str())
    };
    let unflagged = model.study.unflagged.as_ref();
    let of_none = unflagged.map(|of| ("people without evidence".to_owned(), &of.sample));
    let of_classes = model.study.charts.iter();
    let of_classes = of_classes.map(|charts| (name(charts.class).to_owned(), &charts.sample));
    for (whom, sample) in of_classes.chain(of_none) {
        if sample.is_of_one_hospital() {
            put(
                WarningCode::OneHospital,
                Loudness::Alarm,
                format!(
                    "Charts of {whom} were read in one hospital alone, and change nothing: how much hospitals differ takes \
                     charts from two or more. Where they were drawn from all people of the study, give them in charts.csv \
                     without an organisation."
                ),
            );
        }
    }
    for charts in &model.study.charts {
        if let Some(how) = other_people(model, charts.class, &charts.sample) {
            put(
                WarningCode::OtherPeople,
                Loudness::Alarm,
                format!(
                    "Charts of {} were drawn from {how} people than were found of it, and their share is carried over to all of \
                     these. Draw charts from all of them, or correct `people` in charts.csv.",
                    name(charts.class)
                ),
            );
        }
    }
}

/// Whether the charts of a class were drawn from clearly fewer people, or more, than it has.
fn other_people(model: &Model, class: u16, sample: &Sample) -> Option<&'static str> {
    let certain = model
        .assumptions
        .classes
        .get(usize::from(class))
        .is_some_and(|class| class.ppv == Ppv::Certain);
    if certain || !sample.carries() {
        return None;
    }
    let of_class = model.study.people.iter().filter(|person| person.class == class);
    // Whoever is on a certificate alone may be among those drawn, or not: such a person has hardly a chart.
    let all = of_class.clone().count() as f64;
    let with_records = of_class.filter(|person| !person.only_at_death).count() as f64;
    let drawn_from = sample.people() as f64;
    if drawn_from < with_records * (1.0 - OTHER_PEOPLE) {
        Some("fewer")
    } else if drawn_from > all * (1.0 + OTHER_PEOPLE) {
        Some("more")
    } else {
        None
    }
}

/// Ratios whose whole interval lies outside what is usual: a middle outside may be chance.
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
            && (found.interval.high < low || found.interval.low > high)
        {
            put(
                code,
                Loudness::Alarm,
                format!(
                    "There are {:.2} {what} ({:.2} to {:.2}); usual are {low} to {high}.",
                    found.median, found.interval.low, found.interval.high
                ),
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
