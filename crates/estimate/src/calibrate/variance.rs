//! What makes an interval wide: the variance of a result, split into its causes.
//!
//! A count is uncertain because of linkage, of the review, of silent hospitals, of delay. Its logarithm is taken,
//! so that causes that multiply the count add up. The share of a cause is how much the variance would fall if it
//! alone were known; what only goes away when several are known is the line *interactions*. All lines add up to 1.

use rand::RngExt;
use rayon::prelude::*;

use crate::EstimateError;
use crate::chance::chance_of;
use crate::posterior::{mean, variance};

/// Results of a model in a pick-freeze design of *n* rows.
#[derive(Debug, Clone, PartialEq)]
pub struct PickFreeze {
    /// The results with every cause drawn afresh.
    pub base: Vec<f64>,
    /// The results with every cause drawn afresh once more.
    pub other: Vec<f64>,
    /// For each cause, the results with that cause as in `other` and all else as in `base`.
    pub mixed: Vec<Vec<f64>>,
}

/// A share of the variance with its Monte-Carlo standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceShare {
    /// The share. Near 0 it may come out a little below, by chance: compare it with the error.
    pub share: f64,
    /// The Monte-Carlo standard error of the share.
    pub error: f64,
}

/// The variance of a result, split.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// The variance of the result.
    pub variance: f64,
    /// The share of each cause alone (its first-order index).
    pub causes: Vec<VarianceShare>,
    /// What no cause explains alone: 1 less the shares of all causes.
    pub interactions: VarianceShare,
    /// The share that would remain if all causes but this one were known (its total index): its own and its part in
    /// interactions.
    pub totals: Vec<f64>,
}

/// Splits the variance of a result into its causes.
///
/// **Formula.** With *f*(*A*) the base, *f*(*B*) the other and *f*(*A*, *i* from *B*) the mixed results, and *V*
/// the mean of both variances: first order *S* = mean[(*f*(*B*) − *m*)(*f*(*A*, *i* from *B*) − *f*(*A*))]/*V*,
/// which estimates Var(E[*f*|cause])/Var(*f*); interactions 1 − Σ*S*; total mean[(*f*(*A*) − *f*(*A*, *i* from
/// *B*))²]/2*V*. Errors by the variance of each ratio's linear terms.
///
/// **Source.** I. M. Sobol', Mathematics and Computers in Simulation 55 (2001) 271–280; the estimators of A.
/// Saltelli and others, Computer Physics Communications 181 (2010) 259–270, and of M. J. W. Jansen, Computer
/// Physics Communications 117 (1999) 35–43.
///
/// **When it fails.** Causes must be independent of each other. The error falls with √*n*: a share of 5 % needs
/// some thousand rows.
///
/// **Errors.** Fewer than two rows, lengths that differ, no cause, a result that is not a number, a result that
/// never varies.
pub fn first_order(design: &PickFreeze) -> Result<Decomposition, EstimateError> {
    let rows = design.base.len();
    if rows < 2 {
        return Err(EstimateError::TooFew {
            what: "rows",
            needed: 2,
            found: rows,
        });
    }
    if design.mixed.is_empty() {
        return Err(EstimateError::Empty);
    }
    if design.other.len() != rows || design.mixed.iter().any(|mixed| mixed.len() != rows) {
        return Err(EstimateError::Lengths("the rows of the design"));
    }
    let all = design
        .base
        .iter()
        .chain(&design.other)
        .chain(design.mixed.iter().flatten());
    if all.into_iter().any(|value| !value.is_finite()) {
        return Err(EstimateError::NotFinite);
    }
    let centre = (mean(&design.base) + mean(&design.other)) / 2.0;
    let pairs = || design.base.iter().zip(&design.other);
    let squares: Vec<f64> = pairs()
        .map(|(base, other)| ((base - centre).powi(2) + (other - centre).powi(2)) / 2.0)
        .collect();
    let whole = mean(&squares);
    if whole <= 0.0 {
        return Err(EstimateError::NotPositive("the variance of the result"));
    }
    let mut left = squares.clone();
    let mut causes = Vec::with_capacity(design.mixed.len());
    let mut totals = Vec::with_capacity(design.mixed.len());
    for mixed in &design.mixed {
        let terms: Vec<f64> = pairs()
            .zip(mixed)
            .map(|((base, other), mixed)| (other - centre) * (mixed - base))
            .collect();
        for (left, term) in left.iter_mut().zip(&terms) {
            *left -= term;
        }
        causes.push(ratio(&terms, &squares));
        let apart = design
            .base
            .iter()
            .zip(mixed)
            .map(|(base, mixed)| (base - mixed).powi(2));
        totals.push(apart.sum::<f64>() / rows as f64 / (2.0 * whole));
    }
    Ok(Decomposition {
        variance: whole,
        causes,
        interactions: ratio(&left, &squares),
        totals,
    })
}

/// The mean of one over the mean of another, with the standard error of that ratio.
fn ratio(terms: &[f64], squares: &[f64]) -> VarianceShare {
    let whole = mean(squares);
    let share = mean(terms) / whole;
    let left: Vec<f64> = terms
        .iter()
        .zip(squares)
        .map(|(term, square)| (term - share * square) / whole)
        .collect();
    VarianceShare {
        share,
        error: (variance(&left) / terms.len() as f64).sqrt(),
    }
}

/// Runs a model over a pick-freeze design.
///
/// The model gets one seed for each cause and gives its result (the logarithm of a count). The same seed for a
/// cause must mean the same state of it: that is how a cause is held while others are drawn afresh.
///
/// **Formula.** *n*(causes + 2) runs.
///
/// **Source.** Saltelli and others 2010.
///
/// **When it fails.** A model that draws for one cause from the seed of another.
///
/// **Errors.** What the model gives.
pub fn pick_freeze(
    causes: usize,
    rows: usize,
    seed: u64,
    model: impl Fn(&[u64]) -> Result<f64, EstimateError> + Sync,
) -> Result<PickFreeze, EstimateError> {
    let run = |row: usize| -> Result<(f64, f64, Vec<f64>), EstimateError> {
        let mut chance = chance_of(seed, row as u64);
        let mut fresh = || -> Vec<u64> { (0..causes).map(|_| chance.random()).collect() };
        let (seeds, others) = (fresh(), fresh());
        let (base, other) = (model(&seeds)?, model(&others)?);
        let mixed = (0..causes).map(|cause| {
            let mut seeds = seeds.clone();
            seeds[cause] = others[cause];
            model(&seeds)
        });
        Ok((base, other, mixed.collect::<Result<_, EstimateError>>()?))
    };
    let found: Vec<_> = (0..rows).into_par_iter().map(run).collect();
    let mut design = PickFreeze {
        base: Vec::with_capacity(rows),
        other: Vec::with_capacity(rows),
        mixed: vec![Vec::with_capacity(rows); causes],
    };
    // In order, so that the first row that fails says why.
    for row in found {
        let (base, other, mixed) = row?;
        design.base.push(base);
        design.other.push(other);
        for (results, result) in design.mixed.iter_mut().zip(mixed) {
            results.push(result);
        }
    }
    Ok(design)
}
