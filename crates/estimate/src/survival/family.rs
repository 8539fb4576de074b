//! Families of survival curves, which go on where the follow-up ends.

use statrs::function::gamma::{gamma_lr, ln_gamma};

use crate::EstimateError;
use crate::prevalence::area;

/// A survival curve from deaths of the disease alone (net of other causes).
///
/// Times and scales are in years wherever the curve meets a calendar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// S(*u*) = exp(−(*u*/scale)^shape). A shape below 1 says that the hazard falls with time; 1 is the exponential.
    Weibull {
        /// How the hazard changes with time.
        shape: f64,
        /// The time by which 63 % have died.
        scale: f64,
    },
    /// S(*u*) = 1 / (1 + (*u*/scale)^shape). Its tail is heavy: with a shape of 1 or less its mean has no bound.
    LogLogistic {
        /// How fast the odds of having died grow.
        shape: f64,
        /// The median.
        scale: f64,
    },
    /// S(*u*) = (1 − share) exp(−(*u*/scale)^shape) + share exp(−hazard *u*): a part of the people lives long.
    SlowClass {
        /// The shape of the others' curve.
        shape: f64,
        /// The scale of the others' curve.
        scale: f64,
        /// The share that belongs to the slow class.
        share: f64,
        /// The hazard of the slow class, a year: an assumption and never a fit, for follow-up cannot show it.
        hazard: f64,
    },
}

/// A mean that says how much of it anybody has seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSplit {
    /// Mean time lived within the window of observation.
    pub observed: f64,
    /// Mean time lived after it, which rests on the family alone.
    pub extrapolated: f64,
}

impl MeanSplit {
    /// The mean.
    pub fn total(self) -> f64 {
        self.observed + self.extrapolated
    }

    /// The share of the mean that is extrapolated.
    pub fn share_extrapolated(self) -> f64 {
        self.extrapolated / self.total()
    }
}

impl Family {
    /// The curve itself, after a check that its parameters make one.
    ///
    /// **Errors.** A shape, scale or hazard that is not above 0 and finite; a share outside 0 to below 1.
    pub fn checked(self) -> Result<Self, EstimateError> {
        let above = |value: f64| value > 0.0 && value.is_finite();
        let sound = match self {
            Self::Weibull { shape, scale } | Self::LogLogistic { shape, scale } => {
                above(shape) && above(scale)
            }
            Self::SlowClass {
                shape,
                scale,
                share,
                hazard,
            } => above(shape) && above(scale) && above(hazard) && (0.0..1.0).contains(&share),
        };
        sound.then_some(self).ok_or(EstimateError::SurvivalParameters)
    }

    /// The share alive after `time`; 1 before 0.
    pub fn survival(self, time: f64) -> f64 {
        if time <= 0.0 {
            return 1.0;
        }
        match self {
            Self::Weibull { shape, scale } => (-(time / scale).powf(shape)).exp(),
            Self::LogLogistic { shape, scale } => 1.0 / (1.0 + (time / scale).powf(shape)),
            Self::SlowClass {
                shape,
                scale,
                share,
                hazard,
            } => (1.0 - share) * (-(time / scale).powf(shape)).exp() + share * (-hazard * time).exp(),
        }
    }

    /// The density of deaths at `time`, a year: the hazard times the survival.
    pub fn density(self, time: f64) -> f64 {
        let weibull = |shape: f64, scale: f64| {
            let scaled = time / scale;
            shape / scale * scaled.powf(shape - 1.0) * (-scaled.powf(shape)).exp()
        };
        match self {
            Self::Weibull { shape, scale } => weibull(shape, scale),
            Self::LogLogistic { shape, scale } => {
                let scaled = time / scale;
                let alive = 1.0 / (1.0 + scaled.powf(shape));
                shape / scale * scaled.powf(shape - 1.0) * alive * alive
            }
            Self::SlowClass {
                shape,
                scale,
                share,
                hazard,
            } => (1.0 - share) * weibull(shape, scale) + share * hazard * (-hazard * time).exp(),
        }
    }

    /// The cumulative hazard, −log S.
    pub fn cumulative_hazard(self, time: f64) -> f64 {
        if time <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Weibull { shape, scale } => (time / scale).powf(shape),
            Self::LogLogistic { shape, scale } => (time / scale).powf(shape).ln_1p(),
            Self::SlowClass { .. } => -self.survival(time).ln(),
        }
    }

    /// The hazard at `time`, a year.
    pub fn hazard(self, time: f64) -> f64 {
        match self {
            Self::Weibull { shape, scale } => shape / scale * (time / scale).powf(shape - 1.0),
            Self::LogLogistic { shape, scale } => {
                let scaled = time / scale;
                shape / scale * scaled.powf(shape - 1.0) / (1.0 + scaled.powf(shape))
            }
            Self::SlowClass { .. } => self.density(time) / self.survival(time),
        }
    }

    /// Cumulative hazard and hazard at once, at a time above 0: the power in both is taken once, for fits over many people.
    pub(super) fn hazards(self, time: f64) -> (f64, f64) {
        match self {
            Self::Weibull { shape, scale } => {
                let raised = (time / scale).powf(shape);
                (raised, shape / time * raised)
            }
            Self::LogLogistic { shape, scale } => {
                let raised = (time / scale).powf(shape);
                (raised.ln_1p(), shape / time * raised / (1.0 + raised))
            }
            Self::SlowClass {
                shape,
                scale,
                share,
                hazard,
            } => {
                let raised = (time / scale).powf(shape);
                let others = (1.0 - share) * (-raised).exp();
                let slow = share * (-hazard * time).exp();
                let alive = others + slow;
                let density = shape / time * raised * others + hazard * slow;
                (-alive.ln(), density / alive)
            }
        }
    }

    /// When half have died.
    pub fn median(self) -> f64 {
        match self {
            Self::Weibull { shape, scale } => scale * std::f64::consts::LN_2.powf(1.0 / shape),
            Self::LogLogistic { scale, .. } => scale,
            Self::SlowClass { .. } => self.median_by_halving(),
        }
    }

    /// The mean time lived, over whole lives.
    ///
    /// **Formula.** Weibull: scale Γ(1 + 1/shape). Log-logistic: scale (π/shape) / sin(π/shape). Slow class: the
    /// shares of scale Γ(1 + 1/shape) and 1/hazard.
    ///
    /// **Errors.** A log-logistic curve with a shape of 1 or less: its mean has no bound.
    pub fn mean(self) -> Result<f64, EstimateError> {
        let weibull = |shape: f64, scale: f64| scale * ln_gamma(1.0 + 1.0 / shape).exp();
        match self.checked()? {
            Self::Weibull { shape, scale } => Ok(weibull(shape, scale)),
            Self::LogLogistic { shape, .. } if shape <= 1.0 => Err(EstimateError::InfiniteMean),
            Self::LogLogistic { shape, scale } => {
                let angle = std::f64::consts::PI / shape;
                Ok(scale * angle / angle.sin())
            }
            Self::SlowClass {
                shape,
                scale,
                share,
                hazard,
            } => Ok((1.0 - share) * weibull(shape, scale) + share / hazard),
        }
    }

    /// The mean time lived until `horizon`: the area under the curve up to it.
    ///
    /// **Formula.** Weibull: (scale/shape) Γ(1/shape) *P*(1/shape, (horizon/scale)^shape) with *P* the regularised
    /// incomplete gamma function; exponential parts in closed form; log-logistic by quadrature.
    pub fn mean_until(self, horizon: f64) -> f64 {
        if horizon <= 0.0 {
            return 0.0;
        }
        let weibull = |shape: f64, scale: f64| {
            let inverse = 1.0 / shape;
            scale * ln_gamma(1.0 + inverse).exp() * gamma_lr(inverse, (horizon / scale).powf(shape))
        };
        match self {
            Self::Weibull { shape, scale } => weibull(shape, scale),
            Self::LogLogistic { .. } => area(&|time| self.survival(time), 0.0, horizon),
            Self::SlowClass {
                shape,
                scale,
                share,
                hazard,
            } => (1.0 - share) * weibull(shape, scale) - share * (-hazard * horizon).exp_m1() / hazard,
        }
    }

    /// The mean, split into the window that was observed and the tail that was not.
    ///
    /// **Errors.** As [`Family::mean`]; a window that is not above 0.
    ///
    /// **When it fails.** Never as arithmetic; but the tail is only as good as the family, and families that agree in
    /// the window may differ twofold after it.
    pub fn mean_split(self, window: f64) -> Result<MeanSplit, EstimateError> {
        if window.is_nan() || window <= 0.0 {
            return Err(EstimateError::Duration);
        }
        let observed = self.mean_until(window);
        Ok(MeanSplit {
            observed,
            extrapolated: (self.mean()? - observed).max(0.0),
        })
    }

    /// The same curve with every time multiplied: people live `factor` times as long.
    pub fn stretched(self, factor: f64) -> Self {
        match self {
            Self::Weibull { shape, scale } => Self::Weibull {
                shape,
                scale: scale * factor,
            },
            Self::LogLogistic { shape, scale } => Self::LogLogistic {
                shape,
                scale: scale * factor,
            },
            Self::SlowClass {
                shape,
                scale,
                share,
                hazard,
            } => Self::SlowClass {
                shape,
                scale: scale * factor,
                share,
                hazard: hazard / factor,
            },
        }
    }

    /// Halving between times at which more and fewer than half live: the slow class has no closed form.
    fn median_by_halving(self) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        while self.survival(high) > 0.5 && high < f64::MAX / 4.0 {
            high *= 2.0;
        }
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            if self.survival(middle) > 0.5 {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    }
}
