//! A survival curve from what is typed or stands in a file: a family with its parameters, a published median, or two
//! published points.

use clap::{Args, ValueEnum};
use estimate::back_calculation::{Improvement, SurvivalOverTime};
use estimate::survival::{Anchor, Family, Survival, Through, through};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

/// A survival curve, and how it came to be. Times are years.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct CurveOptions {
    /// Family of the survival curve; weibull when left out, exponential where only a rate or a median is given.
    #[arg(long, value_enum)]
    pub(super) family: Option<FamilyName>,
    /// Shape of the curve.
    #[arg(long)]
    pub(super) shape: Option<f64>,
    /// Scale of the curve, years.
    #[arg(long, value_name = "YEARS")]
    pub(super) scale: Option<f64>,
    /// Hazard of an exponential curve, a year.
    #[arg(long)]
    pub(super) rate: Option<f64>,
    /// Median survival in years, in place of a scale.
    #[arg(long, value_name = "YEARS")]
    pub(super) median: Option<f64>,
    /// Two published points, YEARS,ALIVE,YEARS,ALIVE, such as 1,0.66,5,0.28.
    #[arg(long, value_delimiter = ',', value_name = "POINTS")]
    pub(super) points: Option<Vec<f64>>,
    /// Share of a slow class, whose people live long.
    #[arg(long)]
    pub(super) share: Option<f64>,
    /// Hazard of the slow class, a year: an assumption.
    #[arg(long)]
    pub(super) slow_hazard: Option<f64>,
    /// Hazard of other causes of death, a year; 0 when left out.
    #[arg(long, value_name = "HAZARD")]
    pub(super) other_causes: Option<f64>,
}

/// How survival came to be what it is.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct ImprovingOptions {
    /// Median survival in years of those diagnosed until --improving-from, where survival has improved since.
    #[arg(long, value_name = "YEARS")]
    median_before: Option<f64>,
    /// The year until which the first median held; 1990 when left out.
    #[arg(long, value_name = "YEAR")]
    improving_from: Option<i32>,
    /// The year from which the curve as given holds; the last year of the file when left out.
    #[arg(long, value_name = "YEAR")]
    improving_to: Option<i32>,
}

/// A family of survival curves.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FamilyName {
    /// A hazard that rises or falls with time.
    Weibull,
    /// A constant hazard.
    Exponential,
    /// A heavy tail.
    LogLogistic,
    /// A Weibull curve beside people who live long.
    SlowClass,
}

/// What is needed where no curve, or half of one, is given.
const NEEDED: &str = "a survival curve is needed: --shape and --scale (or --median), --rate, or --points";

impl CurveOptions {
    /// The curve; none where nothing of one is given.
    pub(super) fn survival(&self) -> Result<Option<Survival>, Failure> {
        if self.is_empty() {
            return match self.other_causes {
                Some(_) => Err(Failure::call(format!(
                    "--other-causes goes with a curve: {NEEDED}"
                ))),
                None => Ok(None),
            };
        }
        self.all_used()?;
        let wrong = |error: estimate::EstimateError| Failure::call(format!("the survival curve: {error}"));
        let net = match self.points.as_deref() {
            Some(&[first, alive, second, later]) => {
                let anchor = |time, survival| Anchor { time, survival };
                through(self.through()?, anchor(first, alive), anchor(second, later)).map_err(wrong)?
            }
            Some(_) => {
                return Err(Failure::call(
                    "--points: four numbers are needed, such as 1,0.66,5,0.28",
                ));
            }
            None => self.of_parameters()?.checked().map_err(wrong)?,
        };
        let other_causes = self.other_causes.unwrap_or(0.0);
        Survival::new(net, other_causes).map(Some).map_err(wrong)
    }

    /// The same, where the work cannot do without.
    pub(super) fn needed(&self) -> Result<Survival, Failure> {
        self.survival()?.ok_or_else(|| Failure::call(NEEDED))
    }

    fn is_empty(&self) -> bool {
        let numbers = [
            self.shape,
            self.scale,
            self.rate,
            self.median,
            self.share,
            self.slow_hazard,
        ];
        numbers.iter().all(Option::is_none) && self.points.is_none() && self.family.is_none()
    }

    /// Refuses a parameter that this curve would not use: nobody types one to no purpose.
    fn all_used(&self) -> Result<(), Failure> {
        let (name, points) = (self.name(), self.points.is_some());
        let (constant, slow) = (name == FamilyName::Exponential, name == FamilyName::SlowClass);
        let scaled = self.scale.is_some() || self.median.is_some();
        let unused = [
            ("--shape", self.shape, points || constant),
            ("--scale", self.scale, points),
            // Half of everybody, the slow class among them, fixes no scale of the others.
            ("--median", self.median, points || slow || self.scale.is_some()),
            ("--rate", self.rate, points || !constant || scaled),
            ("--share", self.share, !slow),
            ("--slow-hazard", self.slow_hazard, !slow),
        ];
        match unused
            .iter()
            .find(|(_, given, unused)| *unused && given.is_some())
        {
            None => Ok(()),
            Some((option, ..)) => Err(Failure::call(format!(
                "the survival curve: {option} has no say beside the others; a curve has --shape with --scale or --median, or \
                 --rate, or --points, and a slow class --share and --slow-hazard beside --shape and --scale, or --points"
            ))),
        }
    }

    fn name(&self) -> FamilyName {
        let constant = self.shape.is_none() && self.share.is_none();
        let slow = self.share.is_some();
        self.family.unwrap_or(if constant {
            FamilyName::Exponential
        } else if slow {
            FamilyName::SlowClass
        } else {
            FamilyName::Weibull
        })
    }

    fn through(&self) -> Result<Through, Failure> {
        match self.family {
            None | Some(FamilyName::Weibull) if self.share.is_none() => Ok(Through::Weibull),
            Some(FamilyName::LogLogistic) => Ok(Through::LogLogistic),
            None | Some(FamilyName::SlowClass) => {
                let (share, hazard) = self.slow()?;
                Ok(Through::SlowClass { share, hazard })
            }
            Some(_) => Err(Failure::call(
                "--points: they fix a weibull, log-logistic or slow-class curve",
            )),
        }
    }

    fn slow(&self) -> Result<(f64, f64), Failure> {
        self.share
            .zip(self.slow_hazard)
            .ok_or_else(|| Failure::call("a slow class has a --share and a --slow-hazard"))
    }

    fn of_parameters(&self) -> Result<Family, Failure> {
        let shape = || self.shape.ok_or_else(|| Failure::call(NEEDED));
        // Where 63 % have died, from where half have.
        let scale = |shape: f64| {
            let of_median = self
                .median
                .map(|median| median / std::f64::consts::LN_2.powf(1.0 / shape));
            self.scale.or(of_median).ok_or_else(|| Failure::call(NEEDED))
        };
        Ok(match self.name() {
            FamilyName::Weibull => Family::Weibull {
                shape: shape()?,
                scale: scale(shape()?)?,
            },
            FamilyName::Exponential => Family::Weibull {
                shape: 1.0,
                scale: self.rate.map_or_else(|| scale(1.0), |rate| Ok(1.0 / rate))?,
            },
            FamilyName::LogLogistic => Family::LogLogistic {
                shape: shape()?,
                scale: self.scale.or(self.median).ok_or_else(|| Failure::call(NEEDED))?,
            },
            FamilyName::SlowClass => {
                let (share, hazard) = self.slow()?;
                Family::SlowClass {
                    shape: shape()?,
                    scale: scale(shape()?)?,
                    share,
                    hazard,
                }
            }
        })
    }
}

impl ImprovingOptions {
    /// Refuses the options where there is no curve that could have improved.
    pub(super) fn without_curve(&self) -> Result<(), Failure> {
        if self.median_before.is_some() || self.improving_from.is_some() || self.improving_to.is_some() {
            return Err(Failure::call(format!(
                "--median-before, --improving-from, --improving-to go with a curve: {NEEDED}"
            )));
        }
        Ok(())
    }

    /// The curve by year of diagnosis.
    pub(super) fn over_time(&self, last: Survival, last_year: i32) -> Result<SurvivalOverTime, Failure> {
        let Some(before) = self.median_before else {
            if self.improving_from.is_some() || self.improving_to.is_some() {
                return Err(Failure::call(
                    "--improving-from and --improving-to go with --median-before, the median until then",
                ));
            }
            return Ok(SurvivalOverTime::unchanged(last));
        };
        let improvement = Improvement {
            from_year: self.improving_from.unwrap_or(1990),
            to_year: self.improving_to.unwrap_or(last_year),
            first_over_last: before / last.net.median(),
        };
        SurvivalOverTime::improving(last, improvement).map_err(|error| {
            Failure::call(format!(
                "--median-before, --improving-from, --improving-to: {error}"
            ))
        })
    }
}

/// A curve for the JSON: its family, parameters, median and mean.
pub(super) fn curve_json(survival: Survival) -> Value {
    let mut fields = family_json(survival.net);
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("other_causes".to_owned(), json!(survival.other_causes));
    }
    fields
}

/// A family for the JSON.
pub(super) fn family_json(family: Family) -> Value {
    let (median, mean) = (family.median(), family.mean().ok());
    match family {
        Family::Weibull { shape, scale } => {
            json!({ "family": "weibull", "shape": shape, "scale": scale, "median": median, "mean": mean })
        }
        Family::LogLogistic { shape, scale } => {
            json!({ "family": "log-logistic", "shape": shape, "scale": scale, "median": median, "mean": mean })
        }
        Family::SlowClass {
            shape,
            scale,
            share,
            hazard,
        } => json!({
            "family": "slow-class", "shape": shape, "scale": scale, "share": share, "slow_hazard": hazard,
            "median": median, "mean": mean,
        }),
    }
}
