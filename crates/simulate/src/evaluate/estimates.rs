//! Estimates of the whole country against the truth.

use serde::Serialize;
use vocabulary::date::Date;

use super::TruePerson;

/// What an estimate is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Established from the first to the last day; nobody whose day is not known.
    New,
    /// Established by the last day, and alive at its end.
    Living,
    /// Established by their death, which fell from the first to the last day.
    Died,
}

/// An estimate of everyone, over some days.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// Of what.
    pub measure: Measure,
    /// The first day.
    pub first: Date,
    /// The last day; for people living, the only one.
    pub last: Date,
    /// The estimate, and the ends of its interval.
    pub estimate: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
}

/// An estimate beside the truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EstimateScore {
    /// Of what.
    pub measure: Measure,
    /// The last day.
    pub last: String,
    /// The estimate.
    pub estimate: f64,
    /// Low end of its interval.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// How many there were.
    pub truth: u64,
    /// Whether the interval holds the truth.
    pub held: bool,
    /// Whether the low end is at most the truth: what a lower bound promises.
    pub at_least: bool,
}

/// Each estimate beside the truth, in the order given.
pub(super) fn score(estimates: &[Estimated], people: &[TruePerson]) -> Vec<EstimateScore> {
    let one = |estimated: &Estimated| {
        let truth = people
            .iter()
            .filter(|person| person.metastatic && is_among(person, estimated))
            .count() as u64;
        let people = truth as f64;
        EstimateScore {
            measure: estimated.measure,
            last: estimated.last.to_string(),
            estimate: estimated.estimate,
            low: estimated.low,
            high: estimated.high,
            truth,
            held: (estimated.low..=estimated.high).contains(&people),
            at_least: estimated.low <= people,
        }
    };
    estimates.iter().map(one).collect()
}

/// Whoever has no date is established before every first day, as where cases are scored: living or died, and never new.
fn is_among(person: &TruePerson, estimated: &Estimated) -> bool {
    let during = estimated.first..=estimated.last;
    match estimated.measure {
        Measure::New => person.date.is_some_and(|date| during.contains(&date)),
        Measure::Living => {
            person.has_it(estimated.last) && person.death.is_none_or(|death| death > estimated.last)
        }
        Measure::Died => person
            .death
            .is_some_and(|death| person.has_it(death) && during.contains(&death)),
    }
}
