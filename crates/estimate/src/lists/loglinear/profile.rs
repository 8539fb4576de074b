//! The interval that a likelihood itself draws: every number of people that the table does not refuse.

use statrs::function::gamma::{digamma, ln_gamma};

use super::existence::face;
use super::fit::Table;
use super::model::Model;
use super::newton::Newton;
use crate::lists::{Histories, ListsError, histories::Count};
use crate::{Confidence, EstimateError, Interval};

/// The most people on no list, as a multiple of the seen, that is looked at for an upper end.
const FURTHEST: f64 = 1e9;

/// A profile of the likelihood of the whole number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// The whole number with the highest likelihood.
    pub total: f64,
    /// Every whole number that a likelihood ratio test does not refuse.
    pub interval: Interval,
}

/// The whole number with the highest multinomial likelihood under a model, and the interval of its profile.
///
/// **Formula.** With the number of people *N* fixed, *L*(*N*) = ln *N*! − ln (*N* − *n*)! + Σ *y* ln *p*, every chance *p* at its best
/// under the model when *N* − *n* people stand on no list. The interval holds each *N* with 2(*L*max − *L*(*N*)) at
/// most the quantile of χ² with one degree of freedom. *N* need not be whole.
///
/// **Source.** R. M. Cormack, Biometrics 48 (1992) 567–576; the golden numbers are those of Rcapture (S. Baillargeon and
/// L.-P. Rivest, Journal of Statistical Software 19 (2007) 5).
///
/// **When it fails.** As the model does. With few people on two lists the likelihood may stay flat for ever: then there is no
/// upper end, and this is an error.
pub fn profile<C: Count>(
    histories: &Histories<C>,
    model: &Model,
    confidence: Confidence,
) -> Result<Profile, EstimateError> {
    let fitted = super::log_linear(histories, model)?;
    let table = Table::of(histories);
    let kept = face(&table.counts, model.terms())?;
    let mut newton = Newton::new(histories.lists());
    newton.fit(&table.counts, &kept.columns, &kept.active)?;
    let mut curve = Curve {
        table: &table,
        newton,
    };
    let peak = curve.peak(fitted.unseen)?;
    let highest = curve.height(peak)?;
    let allowed = confidence.deviations().powi(2) / 2.0;
    let refused =
        |curve: &mut Curve<'_>, unseen: f64| curve.height(unseen).map(|height| highest - height > allowed);
    let low = if refused(&mut curve, 0.0)? {
        curve.border(0.0, peak, &refused)?
    } else {
        0.0
    };
    let mut outside = 2.0 * peak + 1.0;
    while !refused(&mut curve, outside)? {
        outside *= 2.0;
        if outside > FURTHEST * table.people {
            return Err(ListsError::NotIdentified.into());
        }
    }
    let high = curve.border(outside, peak, &refused)?;
    Ok(Profile {
        total: table.people + peak,
        interval: Interval {
            low: table.people + low,
            high: table.people + high,
        },
    })
}

/// The profile as a function of the people on no list.
struct Curve<'a> {
    table: &'a Table,
    newton: Newton,
}

impl Curve<'_> {
    /// The logarithm of the likelihood, up to a constant.
    fn height(&mut self, unseen: f64) -> Result<f64, ListsError> {
        self.newton.fit_with_unseen(unseen)?;
        let total = self.table.people + unseen;
        let chances: f64 = self
            .newton
            .cells()
            .map(|(count, _, logarithm)| count * logarithm)
            .sum();
        Ok(ln_gamma(total + 1.0) - ln_gamma(unseen + 1.0) + chances - total * total.ln())
    }

    /// Its slope. The chances are at their best, so only the two factorials and the cell of no list count.
    fn slope(&mut self, unseen: f64) -> Result<f64, ListsError> {
        self.newton.fit_with_unseen(unseen)?;
        let total = self.table.people + unseen;
        Ok(digamma(total + 1.0) - digamma(unseen + 1.0) + self.newton.constant() - total.ln())
    }

    /// Where it is highest, found by halving around the estimate of the Poisson model.
    fn peak(&mut self, near: f64) -> Result<f64, ListsError> {
        if self.slope(0.0)? <= 0.0 {
            return Ok(0.0);
        }
        let (mut low, mut high) = (0.0, near + 1.0);
        while self.slope(high)? > 0.0 {
            low = high;
            high *= 2.0;
            if high > FURTHEST * self.table.people {
                return Err(ListsError::NotIdentified);
            }
        }
        while high - low > 1e-9 * (self.table.people + high) {
            let middle = f64::midpoint(low, high);
            if self.slope(middle)? > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(f64::midpoint(low, high))
    }

    /// The last value that is not refused between one outside the interval and one inside.
    fn border(
        &mut self,
        mut outside: f64,
        mut inside: f64,
        refused: &impl Fn(&mut Self, f64) -> Result<bool, ListsError>,
    ) -> Result<f64, ListsError> {
        while (outside - inside).abs() > 1e-9 * (self.table.people + inside) {
            let middle = f64::midpoint(outside, inside);
            if refused(self, middle)? {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        Ok(inside)
    }
}
