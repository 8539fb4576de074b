//! The number to print.

use super::Settings;
use super::figures::Method;
use super::runs::Runs;
use crate::EstimateError;
use crate::lists::{Distribution, Histories, ListsError};

/// Fewer people than this, and the prior of the latent classes still decides too much: the model average leads.
pub const LEAST_PEOPLE_FOR_LATENT_CLASS: f64 = 1_000.0;

/// Fewer lists than this, and latent classes have too little to go by.
const LEAST_LISTS_FOR_LATENT_CLASS: usize = 4;

/// What a number may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A random sample of people on no list stands behind it.
    Estimate,
    /// From lists alone: there may be more whom no list reaches.
    LowerBound,
    /// There is no number.
    None,
}

impl Status {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Estimate => "estimate",
            Self::LowerBound => "lower_bound",
            Self::None => "none",
        }
    }
}

/// The number to print.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// What it may be called.
    pub status: Status,
    /// The estimator that leads.
    pub method: Method,
    /// How many there are; with [`Status::LowerBound`], of those whom some list can show.
    pub n: f64,
    /// The interval of all estimators together.
    pub low: f64,
    /// The interval of all estimators together.
    pub high: f64,
    /// The estimators whose mixture the interval is.
    pub mixed: Vec<Method>,
}

impl Headline {
    /// The number in words: "about 2,473 people or more (2,262 to 3,276)". The middle of an interval is no bound itself, so it
    /// is not called "at least".
    pub fn sentence(&self) -> String {
        let [n, low, high] = [self.n, self.low, self.high].map(grouped);
        if self.status == Status::LowerBound {
            format!("about {n} people or more ({low} to {high})")
        } else {
            format!("{n} people ({low} to {high})")
        }
    }
}

/// A whole number with its thousands apart.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The headline of these runs.
pub(super) fn headline(
    histories: &Histories<u64>,
    runs: &Runs,
    settings: &Settings,
) -> Result<Headline, EstimateError> {
    histories.overlapping(2)?;
    let status = if settings.anchored {
        Status::Estimate
    } else {
        Status::LowerBound
    };
    let headline = |method, n: f64, mixture: &Distribution, mixed| {
        let interval = mixture.interval(settings.confidence);
        Headline {
            status,
            method,
            n,
            low: interval.low,
            high: interval.high,
            mixed,
        }
    };
    if histories.lists() == 2 {
        let pairs = runs.pairs.as_ref().map_err(Clone::clone)?;
        let pair = pairs.first().ok_or(ListsError::OneList)?;
        let found = pair.outcome.clone()?;
        let alone = Distribution::log_normal(found.seen as f64, found.unseen(), found.variance);
        return Ok(headline(
            Method::Chapman,
            found.total,
            &alone,
            vec![Method::Chapman],
        ));
    }
    let enough = histories.lists() >= LEAST_LISTS_FOR_LATENT_CLASS
        && histories.people() >= LEAST_PEOPLE_FOR_LATENT_CLASS;
    let classes = runs.classes.as_ref().ok().filter(|_| enough);
    let (method, n) = match (classes, &runs.walk) {
        (Some(classes), _) => (Method::LatentClass, classes.median),
        (None, Ok((_, average))) => (Method::ModelAverage, average.total),
        (None, Err(reason)) => return Err(reason.clone()),
    };
    let whole = runs.whole();
    let mixed = whole.iter().map(|whole| whole.method).collect();
    let mixture = Distribution::equal_mixture(whole.into_iter().map(|whole| whole.distribution).collect());
    Ok(headline(method, n, &mixture, mixed))
}
