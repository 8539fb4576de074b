//! Scores a run against a known truth: linkage, cases, who is living, and the estimates.
//!
//! Pure: it takes plain vectors, knows no file of a run and no table. The caller reads `persons`, `cases` and the
//! truth (for which [`Truth::read`] is here), gives small numbers to people, and prints [`Score::words`].
//!
//! How people are matched: a found person stands for the true person to whom most of its records belong; a tie
//! goes to the first in the truth's order. Several found people may stand for one true person (a person split
//! in two); then one of their cases is right and every further counted case is false, because it would be
//! counted twice.
//!
//! What is counted: sensitivity, over everyone in the truth who is metastatic by the date of the study; specificity, over
//! everyone who is not; positive predictive value, over counted cases. Kind and date are asked of the right cases only. A date
//! that lies before the sources begin cannot be found, so dates are also scored from a given day on.

mod care;
mod cases;
mod estimates;
mod linkage;
mod truth;
mod words;

pub use care::{CareCell, CareScore, CareTruth, care_words};
pub use cases::{CaseScore, FoundCase, LivingScore, TierScore, TruePerson};
pub use estimates::{EstimateScore, Estimated, Measure};
pub use linkage::{LinkageScore, score_linkage};
pub use truth::Truth;

use serde::Serialize;
use vocabulary::date::Date;

/// What is scored.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The date of the study.
    pub as_of: Date,
    /// Dates of the truth from this day on can be known from the sources; usually the first day of the cover.
    pub known_from: Option<Date>,
    /// The truth; its order gives people their numbers.
    pub people: &'a [TruePerson],
    /// Each record that is in a person: number of the true person, number of the found person.
    pub records: &'a [(u32, u32)],
    /// The cases found, counted or not, with the numbers of found people used in `records`.
    pub cases: &'a [FoundCase],
    /// Estimates of the whole country.
    pub estimates: &'a [Estimated],
}

/// How good a run was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Records put together rightly.
    pub linkage: LinkageScore,
    /// Cases found rightly.
    pub cases: CaseScore,
    /// By tier, A to D.
    pub tiers: Vec<TierScore>,
    /// Living on the date of the study.
    pub living: LivingScore,
    /// Estimates beside the truth.
    pub estimates: Vec<EstimateScore>,
}

/// A part of a whole; its share is `None` when the whole is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole.
    pub whole: u64,
}

impl Share {
    /// The share, from 0 to 1.
    pub fn value(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    fn add(&mut self, part: bool) {
        self.part += u64::from(part);
        self.whole += 1;
    }
}

/// Scores a run.
pub fn evaluate(input: &Input<'_>) -> Score {
    let linkage = score_linkage(input.records);
    let matched = linkage::matches(input.records);
    let (cases, tiers, living) = cases::score(input, &matched);
    Score {
        linkage,
        cases,
        tiers,
        living,
        estimates: estimates::score(input.estimates, input.people),
    }
}

#[cfg(test)]
mod tests;
