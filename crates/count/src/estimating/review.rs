//! Charts that were read, as the estimator takes them.
//!
//! Invariant: charts of a tier come either from everywhere, as one sample, or hospital by hospital, as a cluster sample,
//! which knows less.

use estimate::EstimateError;
use estimate::joint::{Charts, Confirmed, Sample, Unflagged};
use estimate::misclassification::{Reviewer, Stratum};

use crate::CountError;
use crate::periods::Span;

/// A review of charts: how many people of a tier, and of people without evidence, truly have the disease.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Review {
    /// Its samples.
    pub samples: Vec<Reviewed>,
    /// Sensitivity and specificity of the reviewers; without them they do not err.
    pub reviewer: Option<(f64, f64)>,
}

/// Charts drawn at random from some people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// Whose charts.
    pub of: Of,
    /// The hospital they were drawn in; without one, they were drawn from everywhere.
    pub organisation: Option<String>,
    /// How many people the charts were drawn from.
    pub people: u64,
    /// How many charts were read.
    pub reviewed: u64,
    /// In how many the disease was confirmed.
    pub confirmed: u64,
}

/// Whose charts were read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// People of a tier: all of them, or those alive (`true`) or dead (`false`) at the end of the study apart. People
    /// wrongly taken for ill live longer, so a tier that errs often must be read apart.
    Tier(String, Option<bool>),
    /// People without any evidence.
    NoEvidence(Confirmed),
}

impl Review {
    /// Refuses charts of people without evidence that ask about years outside the whole years of the study: what they confirm would
    /// move nobody, or stand for people of other years.
    pub(crate) fn check_years(&self, years: &[Span]) -> Result<(), CountError> {
        let whole = || years.iter().filter(|year| !year.label.contains('/'));
        let ends = whole().next().zip(whole().next_back());
        let ends = ends.map(|(first, last)| (first.first.year(), last.last.year()));
        for sample in &self.samples {
            let Of::NoEvidence(Confirmed::Established(first, last)) = sample.of else {
                continue;
            };
            if ends.is_some_and(|(from, to)| from <= first && last <= to) {
                continue;
            }
            let counted = match ends {
                Some((from, to)) => format!("the whole years of the study are {from} to {to}"),
                None => "the study holds no whole year".to_owned(),
            };
            return Err(CountError::ChartYears { first, last, counted });
        }
        Ok(())
    }
}

/// The classes of evidence: the tiers, and where their charts were read apart, the living and the dead of a tier.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Classes {
    /// Tier, and whether alive at the end, of each class.
    of: Vec<(String, Option<bool>)>,
}

impl Classes {
    /// The classes of the tiers, in their order.
    pub(crate) fn of<'a>(tiers: impl Iterator<Item = &'a str>, review: &Review) -> Self {
        let apart = |tier: &str| {
            let split = |sample: &&Reviewed| matches!(&sample.of, Of::Tier(of, Some(_)) if of == tier);
            review.samples.iter().any(|sample| split(&sample))
        };
        let mut of = Vec::new();
        for tier in tiers {
            let states: &[Option<bool>] = if apart(tier) {
                &[Some(true), Some(false)]
            } else {
                &[None]
            };
            of.extend(states.iter().map(|alive| (tier.to_owned(), *alive)));
        }
        Self { of }
    }

    /// Tier, and whether alive at the end, of each class.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Option<bool>)> {
        self.of.iter().map(|(tier, alive)| (tier.as_str(), *alive))
    }

    /// The class of somebody of a tier.
    pub(crate) fn class(&self, tier: &str, alive: bool) -> Option<u16> {
        let at = self
            .of
            .iter()
            .position(|(of, state)| of == tier && state.is_none_or(|state| state == alive))?;
        u16::try_from(at).ok()
    }
}

/// The charts by class of evidence, and those of people without evidence.
pub(crate) fn charts(
    review: &Review,
    classes: &Classes,
) -> Result<(Vec<Charts>, Option<Unflagged>), EstimateError> {
    let mut groups: Vec<&Of> = review.samples.iter().map(|sample| &sample.of).collect();
    groups.sort_unstable();
    groups.dedup();
    let (mut charts, mut unflagged) = (Vec::new(), None);
    for of in groups {
        let samples: Vec<&Reviewed> = review.samples.iter().filter(|sample| sample.of == *of).collect();
        let sample = sample(&samples)?;
        match of {
            Of::Tier(tier, alive) => {
                let class = classes.class(tier, alive.unwrap_or(true));
                charts.extend(class.map(|class| Charts { class, sample }));
            }
            Of::NoEvidence(confirmed) => {
                unflagged = Some(Unflagged {
                    sample,
                    confirmed: *confirmed,
                })
            }
        }
    }
    Ok((charts, unflagged))
}

fn sample(samples: &[&Reviewed]) -> Result<Sample, EstimateError> {
    let strata = samples
        .iter()
        .map(|sample| Stratum::new(sample.people, sample.reviewed, sample.confirmed))
        .collect::<Result<Vec<Stratum>, _>>()?;
    match (samples, strata.as_slice()) {
        ([one], [stratum]) if one.organisation.is_none() => Ok(Sample::Everywhere(*stratum)),
        _ => Ok(Sample::Hospitals(strata)),
    }
}

/// The reviewers, who err or do not.
pub(crate) fn reviewer(review: &Review) -> Reviewer {
    review
        .reviewer
        .map_or(Reviewer::Exact, |(sensitivity, specificity)| Reviewer::Known {
            sensitivity,
            specificity,
        })
}
