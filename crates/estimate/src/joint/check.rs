//! What the joint estimate refuses to read.

use super::assumptions::{Assumptions, Ppv};
use super::error::JointError;
use super::result::Settings;
use super::study::{Confirmed, Study};
use crate::EstimateError;
use crate::lists::MOST_LISTS;

/// That the study makes sense by itself, and with what is assumed.
pub(super) fn check(
    study: &Study,
    assumptions: &Assumptions,
    settings: &Settings,
) -> Result<(), EstimateError> {
    if settings.draws == 0 {
        return Err(EstimateError::NoDraws);
    }
    if !study.end.is_finite() || study.years() == 0 || study.years() >= 200 {
        return Err(JointError::NoTime.into());
    }
    if study.places.is_empty() {
        return Err(JointError::NoPlace.into());
    }
    if study.people.is_empty() {
        return Err(JointError::Nobody.into());
    }
    check_places(study)?;
    check_people(study, assumptions)?;
    check_assumptions(study, assumptions)?;
    check_charts(study)?;
    Ok(())
}

/// Charts of people without evidence move the people whom nobody found in their years: these must be there to be moved.
fn check_charts(study: &Study) -> Result<(), JointError> {
    let Some(Confirmed::Established(first, last)) = study.unflagged.as_ref().map(|of| of.confirmed) else {
        return Ok(());
    };
    let (from, to) = (study.first_year, study.last_year());
    if from <= first && first <= last && last <= to {
        return Ok(());
    }
    Err(JointError::ChartYears {
        first,
        last,
        from,
        to,
    })
}

fn check_places(study: &Study) -> Result<(), JointError> {
    if study.lists.len() > MOST_LISTS {
        return Err(JointError::Value("the number of lists"));
    }
    let mut nation_of = std::collections::BTreeMap::new();
    for place in &study.places {
        if !(place.exposure >= 0.0 && place.exposure.is_finite()) {
            return Err(JointError::Value("the number of primaries of an organisation"));
        }
        if place.sent.len() != study.years() || place.sent.iter().any(|sent| sent >> study.lists.len() != 0) {
            return Err(JointError::Value("what an organisation sent, year by year"));
        }
        if let Some(network) = place.network
            && *nation_of.entry(network).or_insert(place.nation) != place.nation
        {
            return Err(JointError::Value(
                "the nation of a network (one network lies in two)",
            ));
        }
    }
    Ok(())
}

fn check_people(study: &Study, assumptions: &Assumptions) -> Result<(), JointError> {
    for person in &study.people {
        if person.place as usize >= study.places.len() {
            return Err(JointError::Unknown("an organisation"));
        }
        if person.class as usize >= assumptions.classes.len() {
            return Err(JointError::Unknown("a class of evidence"));
        }
        if person.pattern >> study.lists.len() != 0 {
            return Err(JointError::Unknown("a list"));
        }
        let times = person.established.is_finite() && !person.exit.time().is_nan();
        if !times || person.born.is_some_and(|born| !born.is_finite()) {
            return Err(JointError::Value("a date of a person"));
        }
        let false_links = person.false_links >= 0.0 && person.false_links <= 100.0;
        if !false_links || !(0.0..=1.0).contains(&person.missed_links) {
            return Err(JointError::Value("an expected error of linkage"));
        }
    }
    Ok(())
}

fn check_assumptions(study: &Study, assumptions: &Assumptions) -> Result<(), JointError> {
    let above = |value: f64| value > 0.0 && value.is_finite();
    let priors = assumptions.classes.iter().filter_map(|class| match &class.ppv {
        Ppv::Prior(prior, _) => Some(*prior),
        Ppv::Certain | Ppv::OnlyReviewed => None,
    });
    for prior in priors.chain([assumptions.without_metastasis]) {
        if !above(prior.alpha) || !above(prior.beta) {
            return Err(JointError::Value("a shape of a prior"));
        }
    }
    let (growth, spread) = assumptions.growth_before;
    let growth = (-0.5..=0.5).contains(&growth) && (0.0..=0.5).contains(&spread);
    if !growth || !above(assumptions.window) || assumptions.block_years == 0 {
        return Err(JointError::Value("an assumption"));
    }
    let known = |class: u16| usize::from(class) < assumptions.classes.len();
    if !study.charts.iter().all(|charts| known(charts.class)) {
        return Err(JointError::Unknown("a class of evidence"));
    }
    let read = |class: usize| {
        let mut charts = study.charts.iter();
        charts.any(|charts| usize::from(charts.class) == class && charts.sample.carries())
    };
    let counts = |(class, of): (usize, &super::EvidenceClass)| of.ppv != Ppv::OnlyReviewed || read(class);
    if !assumptions.classes.iter().enumerate().any(counts) {
        return Err(JointError::NothingCounts);
    }
    Ok(())
}
