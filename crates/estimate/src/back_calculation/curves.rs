//! Survival that changes with the year of the first metastasis.

use crate::EstimateError;
use crate::prevalence::{Kernels, kernels};
use crate::survival::{Family, Survival};

/// How survival came to be what it is: the median grows evenly with the year of diagnosis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Improvement {
    /// The year until which the first median held.
    pub from_year: i32,
    /// The year from which the last median holds.
    pub to_year: i32,
    /// The first median as a share of the last.
    pub first_over_last: f64,
}

/// A survival curve for each year of diagnosis.
///
/// The median of deaths from the disease alone runs in a straight line over the years of the [`Improvement`]; before
/// and after them it is level. All times of the curve are stretched with it, so that its shape stays. Other causes
/// stay as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalOverTime {
    last: Survival,
    improvement: Option<Improvement>,
    ahead: Option<Ahead>,
}

/// How survival goes on in the years to come.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ahead {
    /// The last year of the past. The improvement may have ended before it, or be said to go on after it.
    last_year: i32,
    /// What each year after it adds, as a share of the last median.
    gain: f64,
}

impl SurvivalOverTime {
    /// The same curve for every year.
    pub fn unchanged(survival: Survival) -> Self {
        Self {
            last: survival,
            improvement: None,
            ahead: None,
        }
    }

    /// A curve that improved until it became `last`.
    ///
    /// **Errors.** Years that do not follow each other within a thousand years; a share that is not above 0.
    pub fn improving(last: Survival, improvement: Improvement) -> Result<Self, EstimateError> {
        let Improvement {
            from_year,
            to_year,
            first_over_last,
        } = improvement;
        let span = i64::from(to_year) - i64::from(from_year);
        if !(1..=1_000).contains(&span) {
            return Err(EstimateError::StartYear);
        }
        if !(first_over_last > 0.0 && first_over_last.is_finite()) {
            return Err(EstimateError::SurvivalParameters);
        }
        Ok(Self {
            last,
            improvement: Some(improvement),
            ahead: None,
        })
    }

    /// The gain of one year of the improvement, as a share of the last median; 0 for a curve that never changed.
    pub fn yearly_gain(&self) -> f64 {
        self.improvement.map_or(0.0, |improvement| {
            (1.0 - improvement.first_over_last) / f64::from(improvement.to_year - improvement.from_year)
        })
    }

    /// The same past up to its last year, with a share of the past gain in each year to come (0 for none, 1 for all).
    ///
    /// Whether the improvement ended before that year, or would have gone on after it: in the years to come the share
    /// stands in its place. With none, the curve stays that of the last year.
    pub fn going_on(mut self, share_of_gain: f64, last_year: i32) -> Self {
        self.ahead = Some(Ahead {
            last_year,
            gain: share_of_gain * self.yearly_gain(),
        });
        self
    }

    /// The curve of those diagnosed in a year.
    pub fn in_year(&self, year: i32) -> Survival {
        let Some(improvement) = self.improvement else {
            return self.last;
        };
        // The past ends with its last year, so that what comes after never changes who was living in it.
        let past = self.ahead.map_or(year, |ahead| year.min(ahead.last_year));
        let behind = f64::from(
            improvement
                .to_year
                .saturating_sub(past.max(improvement.from_year))
                .max(0),
        );
        let gained = self.ahead.map_or(0.0, |ahead| {
            f64::from(year.saturating_sub(ahead.last_year).max(0)) * ahead.gain
        });
        let factor = 1.0 - behind * self.yearly_gain() + gained;
        Survival {
            net: self.last.net.stretched(factor),
            ..self.last
        }
    }

    /// The kernels of those diagnosed in the years `first` to `last`, each as long as the calendar lasts.
    pub(crate) fn kernels(&self, first: i32, last: i32) -> Result<Vec<Kernels>, EstimateError> {
        let mut made: Vec<Kernels> = Vec::new();
        let mut of: Option<Survival> = None;
        for year in first..=last {
            let (survival, years) = (self.in_year(year), (last - year + 1) as usize);
            // Years with the same curve share their kernels, a lag shorter each year.
            let same = made.last().filter(|_| of == Some(survival));
            let next = match same {
                Some(before) => shortened(before),
                None => kernels(survival, years)?,
            };
            made.push(next);
            of = Some(survival);
        }
        Ok(made)
    }
}

fn shortened(kernels: &Kernels) -> Kernels {
    let cut = |row: &[f64]| row.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec());
    Kernels {
        alive: cut(&kernels.alive),
        dying: cut(&kernels.dying),
        other_causes: cut(&kernels.other_causes),
    }
}

/// A Weibull curve with a median, as published figures ask for.
///
/// **Formula.** scale = median / (ln 2)^(1/shape).
///
/// **Errors.** A shape or median that is not above 0.
pub(crate) fn weibull_with_median(shape: f64, median: f64) -> Result<Family, EstimateError> {
    Family::Weibull {
        shape,
        scale: median / std::f64::consts::LN_2.powf(1.0 / shape),
    }
    .checked()
}
