//! Families fitted by maximum likelihood, and averaged.

use nalgebra::{Matrix2, Vector2};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use crate::EstimateError;

use super::alike::{Alike, by_day, each};
use super::family::Family;
use super::follow_up::{FollowUp, check_times};
use super::likelihood::{FamilyKind, sum};
use super::newton::{Best, climb};
use super::slow_class::walk;

/// Deaths that must have been seen for each parameter of a curve.
const DEATHS_PER_PARAMETER: usize = 5;

/// The least weight of a part whose posterior mean is worked out.
const NOTICED: f64 = 1e-3;

/// Points and weights of Gauss and Hermite for a standard normal number (M. Abramowitz and I. A. Stegun, Handbook of
/// Mathematical Functions (1964), table 25.10, points times √2 and weights over √π).
const HERMITE: [(f64, f64); 5] = [
    (-2.856_970_013_872_806, 0.011_257_411_327_721),
    (-1.355_626_179_974_266, 0.222_075_922_005_613),
    (0.0, 0.533_333_333_333_333),
    (1.355_626_179_974_266, 0.222_075_922_005_613),
    (2.856_970_013_872_806, 0.011_257_411_327_721),
];

/// A family fitted to people who were followed up.
#[derive(Debug, Clone)]
pub struct FittedFamily {
    /// Which family.
    pub kind: FamilyKind,
    /// Its best curve.
    pub best: Family,
    /// The log-likelihood of the best curve.
    pub log_likelihood: f64,
    /// What the parameters may be: one normal distribution, or one for each share of a slow class.
    parts: Vec<Part>,
}

/// A normal distribution of log shape and log scale, at a share of the slow class.
#[derive(Debug, Clone)]
struct Part {
    share: f64,
    /// Where it is drawn about: the mean of the exact posterior.
    centre: Vector2<f64>,
    /// The lower factor of its covariance.
    factor: Matrix2<f64>,
    /// Its weight among the parts; they sum to 1.
    weight: f64,
}

impl FittedFamily {
    /// Akaike's criterion, 2 parameters − 2 log-likelihood: lower is better.
    pub fn aic(&self) -> f64 {
        2.0 * self.kind.parameters() as f64 - 2.0 * self.log_likelihood
    }

    /// The standard errors of log shape and log scale, at the best curve.
    pub fn log_standard_errors(&self) -> Option<(f64, f64)> {
        let share = match self.best {
            Family::SlowClass { share, .. } => share,
            Family::Weibull { .. } | Family::LogLogistic { .. } => 0.0,
        };
        let part = self.parts.iter().find(|part| part.share == share)?;
        let covariance = part.factor * part.factor.transpose();
        Some((covariance.m11.sqrt(), covariance.m22.sqrt()))
    }

    /// A curve drawn from what the data leave open.
    ///
    /// **Formula.** Log shape and log scale are normal with the inverse of the observed information as covariance, about
    /// their posterior mean under flat priors, by 5 × 5 points of Gauss and Hermite: the best curve lies beside it by
    /// the skewness of the likelihood, which of some dozen deaths is half a standard error. For a slow class its share is drawn first, from a grid of 0 to 0.5 with an even prior, weighted
    /// by the likelihood with the other parameters integrated out (Laplace).
    pub fn draw(&self, rng: &mut impl Rng) -> Family {
        let mut left: f64 = rng.random();
        let mut chosen = self.parts.first();
        for part in &self.parts {
            chosen = Some(part);
            left -= part.weight;
            if left < 0.0 {
                break;
            }
        }
        // Drawn before the choice is looked at, so that every draw takes as much chance as every other.
        let noise = Vector2::new(StandardNormal.sample(rng), StandardNormal.sample(rng));
        chosen.map_or(self.best, |part| {
            let drawn = part.centre + part.factor * noise;
            self.kind.with(drawn.x, drawn.y, part.share)
        })
    }
}

/// Fits a family to people who were followed up, by maximum likelihood.
///
/// **Formula.** The largest [`log_likelihood`](super::log_likelihood), by damped Newton steps on the logarithms of
/// shape and scale; for a slow class at each share from 0 to 0.5 in steps of 0.01.
///
/// **Source.** Families and likelihood: J. P. Klein and M. L. Moeschberger, Survival Analysis (2003), chapters 3 and
/// 12; mixtures with a long-lived part: J. W. Boag, Journal of the Royal Statistical Society B 11 (1949) 15–53.
///
/// **Errors.** People or times as in [`log_likelihood`](super::log_likelihood); fewer than five deaths for each
/// parameter; data that have no best curve.
///
/// **When it fails.** The fit speaks of the years that were watched. What it says of later years is the family's, not
/// the data's: with five years of follow-up a Weibull misses people who live long. Deaths taken from a certificate
/// long after the last visit, with the living censored at that visit, bend every curve down.
pub fn fit(kind: FamilyKind, people: &[FollowUp], other_causes: f64) -> Result<FittedFamily, EstimateError> {
    fit_alike(kind, &each(people), other_causes)
}

/// The same, of people counted.
fn fit_alike(kind: FamilyKind, people: &[Alike], other_causes: f64) -> Result<FittedFamily, EstimateError> {
    let start = starting_point(kind, people, other_causes)?;
    let found = match kind {
        FamilyKind::SlowClass { .. } => walk(kind, people, other_causes, start)?,
        FamilyKind::Weibull | FamilyKind::LogLogistic => {
            vec![(0.0, climb(kind, 0.0, people, other_causes, start)?)]
        }
    };
    // Heights above the top, so that exp() has room; the square root of the determinant is Laplace's volume.
    let top = found
        .iter()
        .map(|(_, best)| best.log_likelihood)
        .fold(f64::NEG_INFINITY, f64::max);
    let mass = |best: &Best| (best.log_likelihood - top).exp() * best.covariance.determinant().sqrt();
    let total: f64 = found.iter().map(|(_, best)| mass(best)).sum();
    let mut parts = Vec::with_capacity(found.len());
    let mut best = None;
    for (share, found) in &found {
        let factor = found
            .covariance
            .cholesky()
            .ok_or(EstimateError::NotDetermined)?
            .l();
        let weight = mass(found) / total;
        // A part that is hardly ever drawn is drawn about its best.
        let centre = if weight > NOTICED {
            let height = |at: Vector2<f64>| sum(kind.with(at.x, at.y, *share), people, other_causes);
            posterior_mean(found, factor, height)
        } else {
            found.at
        };
        parts.push(Part {
            share: *share,
            centre,
            factor,
            weight,
        });
        if found.log_likelihood >= top && best.is_none() {
            best = Some(kind.with(found.at.x, found.at.y, *share));
        }
    }
    Ok(FittedFamily {
        kind,
        best: best.ok_or(EstimateError::NotDetermined)?.checked()?,
        log_likelihood: top,
        parts,
    })
}

/// The mean of the exact posterior under flat priors, by quadrature about the best.
fn posterior_mean(best: &Best, factor: Matrix2<f64>, height: impl Fn(Vector2<f64>) -> f64) -> Vector2<f64> {
    let (mut moved, mut mass) = (Vector2::zeros(), 0.0);
    for (x, of_x) in HERMITE {
        for (y, of_y) in HERMITE {
            let aside = Vector2::new(x, y);
            // The likelihood over the normal density that the points are made for.
            let log = height(best.at + factor * aside) - best.log_likelihood + aside.norm_squared() / 2.0;
            let ratio = log.exp();
            if ratio.is_finite() {
                mass += of_x * of_y * ratio;
                moved += aside * (of_x * of_y * ratio);
            }
        }
    }
    // A likelihood so flat that its mean lies a whole deviation aside is no normal one at all.
    if mass > 0.0 {
        let aside: Vector2<f64> = moved / mass;
        best.at + factor * aside.map(|deviations| deviations.clamp(-1.0, 1.0))
    } else {
        best.at
    }
}

/// Checks the people, and begins with the exponential curve that has their deaths.
fn starting_point(
    kind: FamilyKind,
    people: &[Alike],
    other_causes: f64,
) -> Result<Vector2<f64>, EstimateError> {
    if people.is_empty() {
        return Err(EstimateError::Empty);
    }
    if !(other_causes >= 0.0 && other_causes.is_finite()) {
        return Err(EstimateError::SurvivalParameters);
    }
    if let FamilyKind::SlowClass { hazard } = kind
        && !(hazard > 0.0 && hazard.is_finite())
    {
        return Err(EstimateError::SurvivalParameters);
    }
    let (mut deaths, mut time) = (0, 0.0);
    for alike in people {
        let person = alike.follow_up;
        check_times(person.entry, person.exit)?;
        deaths += usize::from(person.died) * alike.people;
        time += (person.exit - person.entry) * alike.people as f64;
    }
    let (parameters, least) = (kind.parameters(), DEATHS_PER_PARAMETER * kind.parameters());
    match deaths {
        0 => Err(EstimateError::NoDeaths),
        few if few < least => Err(EstimateError::TooFewDeathsForCurve {
            deaths,
            parameters,
            least,
        }),
        enough => {
            // For a log-logistic curve the scale is the median, ln 2 of an exponential's mean.
            let mean = time / enough as f64;
            let scale = match kind {
                FamilyKind::LogLogistic => mean * std::f64::consts::LN_2,
                FamilyKind::Weibull | FamilyKind::SlowClass { .. } => mean,
            };
            Ok(Vector2::new(0.0, scale.ln()))
        }
    }
}

/// Several families fitted to the same people, with their weights.
#[derive(Debug, Clone)]
pub struct AveragedSurvival {
    /// The families that could be fitted, each with its weight; the weights sum to 1.
    pub families: Vec<(FittedFamily, f64)>,
    /// The families that could not, with the reason.
    pub left_out: Vec<(FamilyKind, EstimateError)>,
    /// The last moment at which anybody was watched: what lies after it is extrapolated.
    pub window: f64,
}

/// Fits several families and weighs them by how well they fit.
///
/// **Formula.** Weights exp(−(AIC − smallest AIC)/2), made to sum to 1.
///
/// **Source.** K. P. Burnham and D. R. Anderson, Model Selection and Multimodel Inference (2002), section 2.9.
///
/// **Errors.** None of the families can be fitted: the reason of the first.
///
/// **When it fails.** The weights judge the window that was observed, not the tail. A family that fits the first
/// years a little better takes all the weight, although it may know nothing of the tenth: see
/// [`AveragedSurvival::evened`].
pub fn average(
    kinds: &[FamilyKind],
    people: &[FollowUp],
    other_causes: f64,
) -> Result<AveragedSurvival, EstimateError> {
    let window = people.iter().map(|person| person.exit).fold(0.0, f64::max);
    average_alike(kinds, &each(people), other_causes, window)
}

/// The same for times in years, of any number of people at the cost of the days on which follow-up ended: people of one day
/// stand at the mean of their times, each with a weight of 1.
///
/// **When it fails.** Where the hazard changes within days. A mean leaves an error of second order, half the variance of the times
/// of a day × the second derivative of a person's log-likelihood: where times are differences of dates, some millionths at most.
/// For 7,000 people of seven years, 4,000 of them dead, the sum moved by less than 0.001; it grows as their number does. (Whole
/// days in place of means moved it by two and more, for the first days weigh most; weeks with their means, after a quarter of a
/// year, by 0.06.)
pub(crate) fn average_by_day(
    kinds: &[FamilyKind],
    people: &[FollowUp],
    other_causes: f64,
) -> Result<AveragedSurvival, EstimateError> {
    let window = people.iter().map(|person| person.exit).fold(0.0, f64::max);
    average_alike(kinds, &by_day(people)?, other_causes, window)
}

fn average_alike(
    kinds: &[FamilyKind],
    people: &[Alike],
    other_causes: f64,
    window: f64,
) -> Result<AveragedSurvival, EstimateError> {
    let (mut fitted, mut left_out) = (Vec::new(), Vec::new());
    for &kind in kinds {
        match fit_alike(kind, people, other_causes) {
            Ok(family) => fitted.push(family),
            Err(reason) => left_out.push((kind, reason)),
        }
    }
    if fitted.is_empty() {
        let first = left_out.first().map(|(_, reason)| reason.clone());
        return Err(first.unwrap_or(EstimateError::Empty));
    }
    let least = fitted.iter().map(FittedFamily::aic).fold(f64::INFINITY, f64::min);
    let raw = |family: &FittedFamily| ((least - family.aic()) / 2.0).exp();
    let total: f64 = fitted.iter().map(raw).sum();
    Ok(AveragedSurvival {
        families: fitted
            .into_iter()
            .map(|family| {
                let weight = raw(&family) / total;
                (family, weight)
            })
            .collect(),
        left_out,
        window,
    })
}

impl AveragedSurvival {
    /// The same families with equal weights: for questions about years that the follow-up did not reach.
    pub fn evened(mut self) -> Self {
        let even = 1.0 / self.families.len() as f64;
        for (_, weight) in &mut self.families {
            *weight = even;
        }
        self
    }

    /// The share alive after `time`, averaged over the best curves.
    pub fn survival(&self, time: f64) -> f64 {
        let weighted = |(family, weight): &(FittedFamily, f64)| weight * family.best.survival(time);
        self.families.iter().map(weighted).sum()
    }

    /// A family drawn by its weight, and of it a curve.
    pub fn draw(&self, rng: &mut impl Rng) -> Option<Family> {
        self.draw_numbered(rng).map(|(_, curve)| curve)
    }

    /// The same, with the number of the family.
    pub(crate) fn draw_numbered(&self, rng: &mut impl Rng) -> Option<(usize, Family)> {
        let mut left: f64 = rng.random();
        let mut chosen = None;
        for (at, (family, weight)) in self.families.iter().enumerate() {
            chosen = Some((at, family));
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        chosen.map(|(at, family)| (at, family.draw(rng)))
    }
}
