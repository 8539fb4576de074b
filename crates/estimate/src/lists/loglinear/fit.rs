//! One log-linear model fitted: how many stand on no list, and how well the model fits the rest.

use statrs::function::gamma::ln_gamma;

use super::existence::{Face, face};
use super::model::Model;
use super::newton::Newton;
use crate::lists::{Distribution, Histories, History, ListsError, histories::Count};
use crate::{Confidence, EstimateError, Interval};

/// A log-linear model fitted to the overlap table.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLinear {
    /// The model.
    pub model: Model,
    /// People on at least one list.
    pub seen: f64,
    /// People on no list: exp of the constant.
    pub unseen: f64,
    /// The standard error of `unseen`, *n*₀ √Var(β₀), as tables in the literature print it.
    pub standard_error: f64,
    /// Twice the logarithm of the likelihood ratio to the table itself.
    pub deviance: f64,
    /// Cells that were fitted, less parameters that could be.
    pub degrees_of_freedom: usize,
    /// Akaike's criterion, −2ℓ + 2*p*, with every constant of the Poisson likelihood.
    pub aic: f64,
    /// The Bayesian criterion, −2ℓ + *p* ln *n*, *n* being people, not cells.
    pub bic: f64,
    /// Empty overlaps that the model cannot fit: their mean is zero, a parameter is −∞, and they were left out.
    pub dropped: Vec<History>,
}

impl LogLinear {
    /// How many there are, on a list or on none.
    pub fn total(&self) -> f64 {
        self.seen + self.unseen
    }

    /// The variance of the total when the number of people is fixed: that of `unseen` and the chance of being missed,
    /// *n*₀² Var(β₀) + *n*₀.
    pub fn variance(&self) -> f64 {
        self.standard_error * self.standard_error + self.unseen
    }

    /// Whether the maximum of the likelihood is at infinity, and this one its limit.
    pub fn is_limit(&self) -> bool {
        !self.dropped.is_empty()
    }

    /// Log-normal on the unseen.
    pub fn distribution(&self) -> Distribution {
        Distribution::log_normal(self.seen, self.unseen, self.variance())
    }

    /// The log-normal interval: never below the seen, skewed as the unseen are.
    pub fn log_normal_interval(&self, confidence: Confidence) -> Interval {
        self.distribution().interval(confidence)
    }
}

/// Fits a log-linear model to the overlap table and carries it on to the people on no list.
///
/// **Formula.** *y*(*w*) ~ Poisson(exp Σ_{s ⊆ w} β(s)) over the 2ᵗ − 1 combinations *w*, the sum over the terms *s* of the
/// model; *n*₀ = exp β(∅). Criteria count every term of the model as a parameter, also one that is −∞.
///
/// **Source.** S. E. Fienberg, Biometrika 59 (1972) 591–603; variance with the people fixed: R. L. Sandland and R. M. Cormack,
/// Biometrika 71 (1984) 27–33; limits at empty overlaps: see the source of `existence`.
///
/// **When it fails.** Whom no list can reach the model cannot see either: it takes for granted that the dependence of all
/// lists at once, the one thing that no table shows, is none. Chosen by its fit, its interval leaves out the choice: average
/// instead ([`walk`](super::walk)). Weighted counts give the right centre and an interval that leaves out the
/// uncertainty of the weights. **Errors** where empty overlaps leave the number free.
pub fn log_linear<C: Count>(histories: &Histories<C>, model: &Model) -> Result<LogLinear, EstimateError> {
    histories.overlapping(2)?;
    if model.lists() != histories.lists() {
        let lists = histories.lists();
        return Err(ListsError::UnknownHistory { lists }.into());
    }
    let table = Table::of(histories);
    Ok(table.fit(model, &mut Newton::new(histories.lists()))?)
}

/// What every model of one overlap table shares.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) counts: Vec<f64>,
    pub(super) people: f64,
    /// Σ ln *y*!, the constant of the Poisson likelihood.
    factorials: f64,
}

impl Table {
    pub(super) fn of<C: Count>(histories: &Histories<C>) -> Self {
        let counts = histories.weights();
        let factorials = counts.iter().map(|count| ln_gamma(count + 1.0)).sum();
        Self {
            counts,
            people: histories.people(),
            factorials,
        }
    }

    /// Fits one model, in room that may have served another.
    pub(super) fn fit(&self, model: &Model, newton: &mut Newton) -> Result<LogLinear, ListsError> {
        let Face {
            active,
            columns,
            dropped,
        } = face(&self.counts, model.terms())?;
        newton.fit(&self.counts, &columns, &active)?;
        let (mut deviance, mut likelihood, mut cells) = (0.0, -self.factorials, 0_usize);
        for (count, mean, logarithm) in newton.cells() {
            likelihood += count * logarithm - mean;
            let against = if count > 0.0 {
                count * (count.ln() - logarithm)
            } else {
                0.0
            };
            deviance += 2.0 * (against - (count - mean));
            cells += 1;
        }
        let unseen = newton.constant().exp();
        let standard_error = unseen * newton.variance_of_constant()?.sqrt();
        if !(unseen.is_finite() && standard_error.is_finite()) {
            return Err(ListsError::NotIdentified);
        }
        let parameters = model.parameters() as f64;
        Ok(LogLinear {
            model: model.clone(),
            seen: self.people,
            unseen,
            standard_error,
            deviance: deviance.max(0.0),
            degrees_of_freedom: cells.saturating_sub(columns.len()),
            aic: 2.0 * (parameters - likelihood),
            bic: parameters * self.people.ln() - 2.0 * likelihood,
            dropped,
        })
    }
}
