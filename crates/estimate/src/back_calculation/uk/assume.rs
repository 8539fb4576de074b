//! From what is printed of a survival curve to what one draw takes for granted.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::EstimateError;
use crate::survival::{Anchor, Family, Survival, Through, through};

use super::super::curves::{Improvement, SurvivalOverTime, weibull_with_median};
use super::super::draws::{Assumptions, beta_share};
use super::scenarios::{OtherCauses, PublishedSurvival, Role, Scenario};

/// Deaths found at death only: Beta(2, 18), on average one in ten, mostly from none to a quarter.
const FOUND_AT_DEATH: (f64, f64) = (2.0, 18.0);
/// The slow class: its share, even between these bounds (in the United States more than 11 in 100 of those under 64
/// lived ten years; people are older here), and its hazard a year.
const SLOW_SHARES: (f64, f64) = (0.03, 0.10);
const SLOW_HAZARD: f64 = 0.05;
/// To this many years the families are made to agree; after them each goes its own way.
const AGREE_UNTIL: f64 = 5.0;

impl Scenario {
    /// The curves of the scenario as printed, without any uncertainty, as a Weibull curve (with the middle of the
    /// shapes).
    ///
    /// **Errors.** Printed points through which no curve passes.
    pub fn central(&self) -> Result<SurvivalOverTime, EstimateError> {
        let points = match self.survival {
            PublishedSurvival::Median { months, shapes, .. } => {
                until_agreed(f64::midpoint(shapes.0, shapes.1), months / 12.0)?
            }
            PublishedSurvival::Points { first, second } => [anchor(first), anchor(second)],
        };
        let [first, second] = points.map(|point| self.of_the_disease(point));
        self.over_time(through(Through::Weibull, first, second)?)
    }

    /// What one draw takes for granted: a family of three with equal chance (at an edge a Weibull), what the printed
    /// figures leave open, and the share found at death.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> Result<Assumptions, EstimateError> {
        let (first, second) = self.anchors(rng)?;
        let slow = Through::SlowClass {
            share: rng.random_range(SLOW_SHARES.0..SLOW_SHARES.1),
            hazard: SLOW_HAZARD,
        };
        // An edge is one stated curve, so that it shows what that curve would mean.
        let family = match (self.role, rng.random_range(0..3)) {
            (Role::Edge, _) | (Role::Plausible, 0) => Through::Weibull,
            (Role::Plausible, 1) => Through::LogLogistic,
            (Role::Plausible, _) => slow,
        };
        let curves = self.over_time(through(family, first, second)?)?;
        Ok(Assumptions {
            curves,
            share_found_at_death: beta_share(FOUND_AT_DEATH.0, FOUND_AT_DEATH.1, rng)?,
        })
    }

    /// Two points of the curve of the disease alone, as one draw has them.
    fn anchors(&self, rng: &mut impl Rng) -> Result<(Anchor, Anchor), EstimateError> {
        let points = match self.survival {
            PublishedSurvival::Median {
                months,
                interval,
                shapes,
            } => {
                // A printed interval is taken as normal on the log scale: 2 · 1.96 standard deviations wide.
                let deviation = interval.map_or(0.0, |(low, high)| f64::ln(high / low) / 3.92);
                let noise: f64 = StandardNormal.sample(rng);
                let median = months / 12.0 * (deviation * noise).exp();
                let shape = shapes.0 + (shapes.1 - shapes.0) * rng.random::<f64>();
                until_agreed(shape, median)?
            }
            // Printed to a whole percent, so anywhere within half a percent.
            PublishedSurvival::Points { first, second } => [first, second].map(|point| {
                let off = rng.random_range(-0.005..0.005);
                let Anchor { time, survival } = anchor(point);
                Anchor {
                    time,
                    survival: survival + off,
                }
            }),
        };
        Ok((self.of_the_disease(points[0]), self.of_the_disease(points[1])))
    }

    /// Takes the other causes out of a point that holds them.
    fn of_the_disease(&self, point: Anchor) -> Anchor {
        let within = match self.other_causes {
            OtherCauses::Within(hazard) => hazard,
            OtherCauses::Beside(_) => 0.0,
        };
        Anchor {
            survival: point.survival * (within * point.time).exp(),
            ..point
        }
    }

    fn over_time(&self, net: Family) -> Result<SurvivalOverTime, EstimateError> {
        let (OtherCauses::Beside(hazard) | OtherCauses::Within(hazard)) = self.other_causes;
        let survival = Survival::new(net, hazard)?;
        match (self.median_1990, self.survival) {
            (Some(first), PublishedSurvival::Median { months, .. }) => {
                let improvement = Improvement {
                    from_year: 1990,
                    to_year: 2020,
                    first_over_last: first / months,
                };
                SurvivalOverTime::improving(survival, improvement)
            }
            _ => Ok(SurvivalOverTime::unchanged(survival)),
        }
    }
}

/// A Weibull curve at its median and where the families cease to agree.
fn until_agreed(shape: f64, median: f64) -> Result<[Anchor; 2], EstimateError> {
    let curve = weibull_with_median(shape, median)?;
    Ok([median, AGREE_UNTIL].map(|time| Anchor {
        time,
        survival: curve.survival(time),
    }))
}

fn anchor((time, survival): (f64, f64)) -> Anchor {
    Anchor { time, survival }
}
