//! Whether a fitted model orders people rightly, and whether its chances are those that came true.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::{Alike, Fit};

/// So many yes and no must be expected of a group before it is held against what was.
const ENOUGH: f64 = 5.0;

/// Groups in order of their chance: the chance, yes and people.
fn in_order<const FACTORS: usize>(people: &[Alike<FACTORS>], fit: &Fit<FACTORS>) -> Vec<(f64, f64, f64)> {
    let mut groups: Vec<(f64, f64, f64)> = people
        .iter()
        .filter(|own| own.answers.whole > 0)
        .map(|own| {
            (
                fit.chance(&own.levels),
                own.answers.part as f64,
                own.answers.whole as f64,
            )
        })
        .collect();
    groups.sort_by(|one, two| one.0.total_cmp(&two.0));
    groups
}

/// The c-statistic.
pub(super) fn discrimination<const FACTORS: usize>(people: &[Alike<FACTORS>], fit: &Fit<FACTORS>) -> f64 {
    let groups = in_order(people, fit);
    let (mut lower_no, mut concordant, mut pairs_yes) = (0.0, 0.0, 0.0);
    for same in groups.chunk_by(|one, two| one.0 == two.0) {
        let yes: f64 = same.iter().map(|(_, yes, _)| yes).sum();
        let no: f64 = same.iter().map(|(_, yes, known)| known - yes).sum();
        concordant += yes * (lower_no + no / 2.0);
        lower_no += no;
        pairs_yes += yes;
    }
    concordant / (pairs_yes * lower_no)
}

/// Pearson's test of the model against the groups themselves: Σ (yes − expected)² / (expected (1 − expected / people)), χ² with
/// as many degrees as there are groups beyond the parameters. Groups that expect fewer than five yes or five no are put
/// together, and left out if they still do. (A test over tenths of the chance would miss effects that depend on each other
/// and leave the chances alike.)
///
/// Source: P. McCullagh and J. A. Nelder, Generalized Linear Models, 2nd edition (1989), 4.4.
pub(super) fn calibration<const FACTORS: usize>(
    people: &[Alike<FACTORS>],
    fit: &Fit<FACTORS>,
) -> Option<(f64, usize)> {
    let expected = people.iter().map(|own| {
        let whole = own.answers.whole as f64;
        (own.answers.part as f64, fit.chance(&own.levels) * whole, whole)
    });
    let enough = |(_, expected, whole): &(f64, f64, f64)| *expected >= ENOUGH && whole - expected >= ENOUGH;
    let (mut groups, thin): (Vec<_>, Vec<_>) = expected.partition(enough);
    let together = thin.into_iter().fold((0.0, 0.0, 0.0), |sum, own| {
        (sum.0 + own.0, sum.1 + own.1, sum.2 + own.2)
    });
    groups.extend(Some(together).filter(enough));
    let degrees = groups.len().checked_sub(fit.effects.len() + 1)?;
    if degrees == 0 {
        return None;
    }
    let statistic: f64 = groups
        .iter()
        .map(|(yes, expected, whole)| (yes - expected).powi(2) / (expected * (1.0 - expected / whole)))
        .sum();
    Some((ChiSquared::new(degrees as f64).ok()?.sf(statistic), degrees))
}
