//! From the share that is flagged to the share that has the disease, by the accuracy of the flag.

use rand_distr::{Beta, Distribution};

use super::Validation;
use crate::chance::chance;
use crate::tally::Tally;
use crate::{Confidence, EstimateError, Interval, Posterior, wilson};

/// A share that was measured, and on how many people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The share.
    pub value: f64,
    /// On how many people; none where it is taken as known without error.
    pub people: Option<u64>,
}

/// How good a flag is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// The share of people with the disease that it flags.
    pub sensitivity: Measured,
    /// The share of people without it that it does not flag.
    pub specificity: Measured,
}

/// The share of people who have the disease.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoganGladen {
    /// The share, within 0 and 1.
    pub share: f64,
    /// What the formula gives, which may lie outside.
    pub unclipped: f64,
    /// Whether `share` was cut to 0 or 1: then the flag and its accuracy do not fit each other.
    pub clipped: bool,
    /// The variance of the unclipped share.
    pub variance: f64,
    /// Its interval, within 0 and 1.
    pub interval: Interval,
}

impl Accuracy {
    /// Sensitivity and specificity that are taken as known without error.
    pub fn known(sensitivity: f64, specificity: f64) -> Self {
        let known = |value| Measured { value, people: None };
        Self {
            sensitivity: known(sensitivity),
            specificity: known(specificity),
        }
    }

    /// Sensitivity and specificity as a validation found them.
    ///
    /// **Errors.** [`EstimateError::NobodyValidated`] where one of them has nobody.
    pub fn measured(validation: &Validation) -> Result<Self, EstimateError> {
        validation.both_kinds()?;
        let of = |tally: Tally| Measured {
            value: tally.part as f64 / tally.whole as f64,
            people: Some(tally.whole),
        };
        Ok(Self {
            sensitivity: of(validation.sensitivity()),
            specificity: of(validation.specificity()),
        })
    }

    /// Sensitivity + specificity − 1, where that is above 0.
    fn youden(self) -> Result<f64, EstimateError> {
        let values = [self.sensitivity.value, self.specificity.value];
        if !values.iter().all(|value| (0.0..=1.0).contains(value)) {
            return Err(EstimateError::OutsideUnit("sensitivity and specificity"));
        }
        let youden = values[0] + values[1] - 1.0;
        if youden > 0.0 {
            Ok(youden)
        } else {
            Err(EstimateError::Uninformative)
        }
    }
}

impl Measured {
    /// The variance of the share as measured.
    fn variance(self) -> f64 {
        self.people.map_or(0.0, |people| {
            self.value * (1.0 - self.value) / (people as f64).max(1.0)
        })
    }
}

/// The share of people with the disease, from the share flagged and the accuracy of the flag.
///
/// **Formula.** *π* = (*p* + *Sp* − 1)/(*Se* + *Sp* − 1), variance [*p*(1 − *p*)/*n* + (1 − *π*)² *Sp*(1 −
/// *Sp*)/*n*₋ + *π*² *Se*(1 − *Se*)/*n*₊] /(*Se* + *Sp* − 1)²; interval *π* ± *z* times its root. Share and
/// interval are cut to 0 and 1, and [`clipped`](RoganGladen::clipped) says so; *π* in the variance is not cut. Where both
/// ends would be cut to the same, the interval is that of [`rogan_gladen_known`].
///
/// **Source.** W. J. Rogan and B. Gladen, American Journal of Epidemiology 107 (1978) 71–76.
///
/// **When it fails.** For a rare disease the term of the specificity rules: at 4 % and 200 validated charts the
/// interval is wider than the share itself. The accuracy must hold for these people and not only for those it was
/// measured on. The three shares must come from different people. A measured share of exactly 1 adds no variance
/// here: with 100 people of each kind and a specificity of 0.98 the interval holds the truth 86 times in a hundred.
/// [`rogan_gladen_draws`] does not share that.
///
/// **Errors.** Nobody, a part above its whole, [`EstimateError::Uninformative`] where *Se* + *Sp* ≤ 1,
/// [`EstimateError::Contradiction`] where both ends would be cut there, too: no share of people with the disease fits what is
/// flagged, so that "0 (0 to 0)" would be a fault of the accuracy that looks like a finding.
pub fn rogan_gladen(
    flagged: Tally,
    accuracy: Accuracy,
    confidence: Confidence,
) -> Result<RoganGladen, EstimateError> {
    flagged.check()?;
    let share = flagged.share().ok_or(EstimateError::Empty)?;
    let youden = accuracy.youden()?;
    let unclipped = (share + accuracy.specificity.value - 1.0) / youden;
    let held = unclipped.clamp(0.0, 1.0);
    let variance = (share * (1.0 - share) / flagged.whole as f64
        + (1.0 - unclipped).powi(2) * accuracy.specificity.variance()
        + unclipped.powi(2) * accuracy.sensitivity.variance())
        / (youden * youden);
    let half = confidence.deviations() * variance.sqrt();
    let interval = if unclipped + half <= 0.0 || unclipped - half >= 1.0 {
        carried(flagged, accuracy, confidence)?
    } else {
        Interval {
            low: (unclipped - half).clamp(0.0, 1.0),
            high: (unclipped + half).clamp(0.0, 1.0),
        }
    };
    Ok(RoganGladen {
        share: held,
        unclipped,
        clipped: held != unclipped,
        variance,
        interval,
    })
}

/// Both ends of [`wilson`] of the flagged share through the formula, the accuracy taken as known; refused where both lie on the
/// same side of what a share can be.
fn carried(flagged: Tally, accuracy: Accuracy, confidence: Confidence) -> Result<Interval, EstimateError> {
    let youden = accuracy.youden()?;
    let ends = wilson(flagged.part, flagged.whole, confidence)?.interval;
    let through = |share: f64| (share + accuracy.specificity.value - 1.0) / youden;
    let (low, high) = (through(ends.low), through(ends.high));
    if high <= 0.0 || low >= 1.0 {
        return Err(EstimateError::Contradiction(
            "the share that is flagged and the accuracy of the flag",
        ));
    }
    Ok(Interval {
        low: low.clamp(0.0, 1.0),
        high: high.clamp(0.0, 1.0),
    })
}

/// The same where sensitivity and specificity are known without error: the interval of Wilson, carried through the
/// formula.
///
/// **Formula.** Both ends of [`wilson`] of the flagged share, each through *π* = (*p* + *Sp* − 1)/(*Se* + *Sp* −
/// 1), cut to 0 and 1.
///
/// **Source.** J. Reiczigel, J. Földi and L. Ózsvári, Epidemiology and Infection 138 (2010) 1674–1678.
///
/// **When it fails.** Sensitivity and specificity are never known without error: with figures measured on a few
/// hundred people this interval holds the truth a fifth to two thirds of the time. For agreement with other
/// programs.
///
/// **Errors.** As [`rogan_gladen`], and [`EstimateError::Contradiction`] where both ends would be cut to the same.
pub fn rogan_gladen_known(
    flagged: Tally,
    sensitivity: f64,
    specificity: f64,
    confidence: Confidence,
) -> Result<RoganGladen, EstimateError> {
    let accuracy = Accuracy::known(sensitivity, specificity);
    let found = rogan_gladen(flagged, accuracy, confidence)?;
    Ok(RoganGladen {
        interval: carried(flagged, accuracy, confidence)?,
        ..found
    })
}

/// The share of people with the disease, as draws: nothing has to be cut, and a perfect validation of few people
/// stays uncertain.
///
/// **Formula.** *Se* ~ Beta(TP + ½, FN + ½), *Sp* ~ Beta(TN + ½, FP + ½), *p* ~ Beta(*x* + 1, *n* − *x* + 1), kept
/// where 1 − *Sp* ≤ *p* ≤ *Se*; then *π* = (*p* + *Sp* − 1)/(*Se* + *Sp* − 1). This is the exact posterior for *π*
/// uniform between 0 and 1, given *Se* and *Sp*, with Jeffreys' priors on these two, weighted by *Se* + *Sp* − 1 (a
/// flag that says nothing has no weight).
///
/// **Source.** The model is that of L. Joseph, T. W. Gyorkos and L. Coupal, American Journal of Epidemiology 141
/// (1995) 263–272, with a validation in place of a prior on the accuracy; the priors, and drawing by rejection, are
/// ours.
///
/// **When it fails.** As [`rogan_gladen`], except for small and perfect validations.
///
/// **Errors.** Nobody, a part above its whole, [`EstimateError::NobodyValidated`], [`EstimateError::Uninformative`]
/// where the validation itself has *Se* + *Sp* ≤ 1, [`EstimateError::Contradiction`] where fewer than one draw in a
/// thousand is possible: then fewer (or more) people are flagged than the flag would flag by mistake alone.
pub fn rogan_gladen_draws(
    flagged: Tally,
    validation: &Validation,
    draws: usize,
    seed: u64,
) -> Result<Posterior, EstimateError> {
    flagged.check()?;
    flagged.share().ok_or(EstimateError::Empty)?;
    Accuracy::measured(validation)?.youden()?;
    let law = |tally: Tally, prior: f64| {
        Beta::new(tally.part as f64 + prior, tally.rest() as f64 + prior)
            .map_err(|_| EstimateError::NotSettled("the draws"))
    };
    let (se, sp) = (
        law(validation.sensitivity(), 0.5)?,
        law(validation.specificity(), 0.5)?,
    );
    let share = law(flagged, 1.0)?;
    let mut chance = chance(seed);
    let mut kept = Vec::with_capacity(draws);
    let most = draws.saturating_mul(1_000);
    for _ in 0..most {
        if kept.len() == draws {
            break;
        }
        let (se, sp, p) = (
            se.sample(&mut chance),
            sp.sample(&mut chance),
            share.sample(&mut chance),
        );
        if 1.0 - sp < se && 1.0 - sp <= p && p <= se {
            kept.push(((p + sp - 1.0) / (se + sp - 1.0)).clamp(0.0, 1.0));
        }
    }
    if kept.len() < draws {
        return Err(EstimateError::Contradiction(
            "the share that is flagged and the accuracy of the flag",
        ));
    }
    Posterior::from_draws(kept)
}
