//! The fit: new cases by year that would have led to the deaths.

use std::sync::Arc;

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::EstimateError;
use crate::prevalence::Kernels;

use super::course::Course;
use super::curves::SurvivalOverTime;
use super::deaths::Deaths;
use super::smoothing::Smoothing;

/// From when new cases are counted, and how smooth they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The first year of new cases: long enough before the first deaths that nobody of earlier years is left.
    pub start_year: i32,
    /// How smooth their course is.
    pub smoothing: Smoothing,
}

impl Default for Settings {
    /// From 1956, forty years before the first deaths of England's series, with the usual smoothing.
    fn default() -> Self {
        Self {
            start_year: 1956,
            smoothing: Smoothing::default(),
        }
    }
}

/// New cases by year as calculated back from deaths.
#[derive(Debug, Clone)]
pub struct BackCalculation {
    /// The best course.
    pub course: Course,
    /// Twice the log-likelihood that the deaths fall short of a perfect fit: about the number of years when only
    /// chance is at work.
    pub deviance: f64,
    /// The survival that was taken for granted.
    pub curves: SurvivalOverTime,
    log_incidence: DVector<f64>,
    /// The factor of the curvature at the best course.
    factor: Cholesky<f64, Dyn>,
    kernels: Arc<Vec<Kernels>>,
}

/// Calculates new cases back from deaths.
///
/// **Formula.** Deaths D of year *t* are Poisson with mean Σ *I*ᵧ *q* of lag *t* − *y* / (1 − *f*), with *q* the
/// [kernel](crate::prevalence::kernels) of those diagnosed in *y* and *f* the share of deaths found at death only.
/// The best log *I* maximises the log-likelihood less the [`Smoothing`] penalty, by damped Newton steps.
///
/// **Source.** A. Verdecchia, R. Capocaccia, V. Egidi and A. Golini, Statistics in Medicine 8 (1989) 201–216; for
/// secondary breast cancer: A. B. Mariotto and others, Cancer Epidemiology, Biomarkers and Prevention 26 (2017)
/// 809–815.
///
/// **Errors.** A share outside 0 to below 1; a start year that is not before the deaths or more than 200 years
/// before; a search that does not settle.
///
/// **When it fails.** It takes every death in excess of *f* as the end of a recorded disease, and the survival as
/// right, in its tail too: the tail moves the number living, and hardly the new cases. Deaths cannot tell which curve
/// is right: wrong ones fit as well.
pub fn back_calculate(
    deaths: &Deaths,
    curves: &SurvivalOverTime,
    share_found_at_death: f64,
    settings: &Settings,
) -> Result<BackCalculation, EstimateError> {
    back_calculate_from(deaths, curves, share_found_at_death, settings, None)
}

/// The same, from the log incidence of another fit: with many draws this saves steps.
pub(super) fn back_calculate_from(
    deaths: &Deaths,
    curves: &SurvivalOverTime,
    share_found_at_death: f64,
    settings: &Settings,
    start: Option<&DVector<f64>>,
) -> Result<BackCalculation, EstimateError> {
    if !(0.0..1.0).contains(&share_found_at_death) {
        return Err(EstimateError::OutsideUnit("the share found at death"));
    }
    let before = i64::from(deaths.first_year()) - i64::from(settings.start_year);
    if !(1..=200).contains(&before) {
        return Err(EstimateError::StartYear);
    }
    let years = before as usize + deaths.counts().len();
    let kernels = Arc::new(curves.kernels(settings.start_year, deaths.last_year())?);
    let problem = Problem {
        dying: dying(
            &kernels,
            before as usize,
            deaths.counts().len(),
            1.0 / (1.0 - share_found_at_death),
        ),
        deaths: deaths.counts().iter().map(|&count| count as f64).collect(),
        penalty: settings.smoothing.matrix(settings.start_year, years),
    };
    let flat = || {
        let mean = problem.deaths.iter().sum::<f64>() / problem.deaths.len() as f64;
        DVector::from_element(years, mean.ln())
    };
    let (log_incidence, factor) = problem.climb(start.cloned().unwrap_or_else(flat))?;
    let incidence: Vec<f64> = log_incidence.iter().map(|log| log.exp()).collect();
    Ok(BackCalculation {
        course: Course::new(
            settings.start_year,
            incidence,
            Arc::clone(&kernels),
            share_found_at_death,
        ),
        deviance: problem.deviance(&log_incidence),
        curves: *curves,
        log_incidence,
        factor,
        kernels,
    })
}

impl BackCalculation {
    /// A course drawn from what the deaths leave open, the survival being as given.
    ///
    /// **Formula.** Log incidence is normal about the best, with the inverse of the curvature of the penalised
    /// log-likelihood as covariance (Laplace).
    pub fn draw(&self, rng: &mut impl Rng) -> Result<Course, EstimateError> {
        let noise = DVector::from_fn(self.log_incidence.len(), |_, _| StandardNormal.sample(rng));
        let step = self
            .factor
            .l_dirty()
            .tr_solve_lower_triangular(&noise)
            .ok_or(EstimateError::NotDetermined)?;
        let incidence = (&self.log_incidence + step).iter().map(|log| log.exp()).collect();
        let (first, share) = (self.course.first_year(), self.course.share_found_at_death());
        Ok(Course::new(first, incidence, Arc::clone(&self.kernels), share))
    }

    pub(super) fn log_incidence(&self) -> &DVector<f64> {
        &self.log_incidence
    }
}

/// The share of each year's new cases that die in each year of deaths: a row a year of deaths.
fn dying(kernels: &[Kernels], before: usize, years: usize, factor: f64) -> DMatrix<f64> {
    DMatrix::from_fn(years, before + years, |died, diagnosed| {
        let lag = (before + died).checked_sub(diagnosed);
        let share = lag.and_then(|lag| kernels.get(diagnosed)?.dying.get(lag));
        share.map_or(0.0, |share| share * factor)
    })
}

struct Problem {
    dying: DMatrix<f64>,
    deaths: Vec<f64>,
    penalty: DMatrix<f64>,
}

const STEPS: usize = 300;
/// A gain of log-likelihood that is nothing.
const SETTLED: f64 = 1e-12;
/// The gain below which the digits of a sum over many years may hide that a step climbs.
const NEARLY: f64 = 1e-6;
/// The longest change of log incidence in one step.
const LONGEST_STEP: f64 = 2.0;

impl Problem {
    fn climb(&self, start: DVector<f64>) -> Result<(DVector<f64>, Cholesky<f64, Dyn>), EstimateError> {
        let (mut at, mut here) = (start.clone(), self.height(&start));
        for _ in 0..STEPS {
            let (slope, factor) = self.slopes(&at)?;
            let step = factor.solve(&slope);
            let (size, gain) = (step.amax(), slope.dot(&step));
            if !size.is_finite() || !gain.is_finite() {
                return Err(EstimateError::NotSettled("the search for the best fit"));
            }
            // What a whole step could still add to the log-likelihood, twice.
            if gain < SETTLED {
                return Ok((at, factor));
            }
            let mut length = (LONGEST_STEP / size).min(1.0);
            let mut there = &at + &step * length;
            let mut height = self.height(&there);
            // A step that does not climb is halved.
            while (height.is_nan() || height < here) && length > 1e-6 {
                length /= 2.0;
                there = &at + &step * length;
                height = self.height(&there);
            }
            if height.is_nan() || height < here {
                // Not even a hair climbs: either this is the top, to the last digits, or something is wrong.
                return if gain < NEARLY {
                    Ok((at, factor))
                } else {
                    Err(EstimateError::NotSettled("the search for the best fit"))
                };
            }
            (at, here) = (there, height);
        }
        Err(EstimateError::NotSettled("the search for the best fit"))
    }

    fn expected(&self, log_incidence: &DVector<f64>) -> DVector<f64> {
        &self.dying * log_incidence.map(f64::exp)
    }

    /// Log incidence less its mean. The penalty sees only differences, and large equal parts would cost digits.
    fn level_free(&self, log_incidence: &DVector<f64>) -> DVector<f64> {
        log_incidence.add_scalar(-log_incidence.mean())
    }

    /// The slope of the penalty.
    fn pull(&self, log_incidence: &DVector<f64>) -> DVector<f64> {
        &self.penalty * self.level_free(log_incidence)
    }

    /// The penalised log-likelihood, without the constant.
    fn height(&self, log_incidence: &DVector<f64>) -> f64 {
        let expected = self.expected(log_incidence);
        let likelihood: f64 = expected
            .iter()
            .zip(&self.deaths)
            .map(|(mean, died)| died * mean.ln() - mean)
            .sum();
        likelihood - 0.5 * self.level_free(log_incidence).dot(&self.pull(log_incidence))
    }

    /// The slope, and the factor of the curvature: of the observed one, which makes the steps quick, and where that
    /// is not curved downwards of the expected one, which always is.
    fn slopes(
        &self,
        log_incidence: &DVector<f64>,
    ) -> Result<(DVector<f64>, Cholesky<f64, Dyn>), EstimateError> {
        let incidence = log_incidence.map(f64::exp);
        let mut slope = -self.pull(log_incidence);
        let (mut observed, mut expected) = (self.penalty.clone(), self.penalty.clone());
        for (row, died) in self.dying.row_iter().zip(&self.deaths) {
            let parts = row.transpose().component_mul(&incidence);
            let mean = parts.sum();
            let excess = died / mean - 1.0;
            slope.axpy(excess, &parts, 1.0);
            expected.ger(1.0 / mean, &parts, &parts, 1.0);
            observed.ger(died / (mean * mean), &parts, &parts, 1.0);
            for (year, part) in parts.iter().enumerate() {
                if let Some(cell) = observed.get_mut((year, year)) {
                    *cell -= excess * part;
                }
            }
        }
        let factor = Cholesky::new(observed)
            .or_else(|| Cholesky::new(expected))
            .ok_or(EstimateError::NotDetermined)?;
        Ok((slope, factor))
    }

    fn deviance(&self, log_incidence: &DVector<f64>) -> f64 {
        let expected = self.expected(log_incidence);
        let one = |(mean, died): (&f64, &f64)| {
            let surprise = if *died > 0.0 {
                died * (died / mean).ln()
            } else {
                0.0
            };
            surprise - (died - mean)
        };
        2.0 * expected.iter().zip(&self.deaths).map(one).sum::<f64>()
    }
}
