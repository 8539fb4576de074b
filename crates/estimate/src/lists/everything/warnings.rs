//! What a reader must know before the number.

use super::Settings;
use super::figures::Method;
use super::headline::{Headline, grouped};
use super::runs::Runs;
use crate::lists::{Histories, LOW_COVERAGE, members};

/// Points of two estimators that lie further apart than this share of the smaller are a disagreement.
const DISAGREEMENT: f64 = 0.10;

/// A difference of the Bayesian criterion above which Raftery (1995) calls the evidence strong.
const STRONG_EVIDENCE: f64 = 6.0;

/// The excess of Chao's bound over the number, or of latent classes over the average, that points to people who differ. The bound may
/// lie 0.8 % above the truth where people do not.
const HETEROGENEITY: f64 = 0.05;

/// With fewer people on two lists Chapman's bias is no longer small (Robson and Regier 1964).
const FEW_ON_A_PAIR: f64 = 7.0;

/// An interval of which one end is so many times the other is said to be wide.
const WIDE: f64 = 2.0;

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningCode {
    /// Nothing but lists stands behind the number.
    ListsOnly,
    /// Overlaps without a single person.
    EmptyOverlaps,
    /// Two lists share hardly anybody.
    Sparse,
    /// Models whose likelihood has its maximum at infinity, or none.
    NoMaximum,
    /// Estimators differ.
    EstimatorsDisagree,
    /// Lists depend on each other.
    Dependence,
    /// People differ in how likely they are to be listed.
    Heterogeneity,
    /// The lists overlap too little.
    LowCoverage,
    /// The interval is wide.
    Wide,
    /// The sampler of latent classes gave no answer.
    Sampler,
}

impl WarningCode {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListsOnly => "lists_only",
            Self::EmptyOverlaps => "empty_overlaps",
            Self::Sparse => "sparse",
            Self::NoMaximum => "no_maximum",
            Self::EstimatorsDisagree => "estimators_disagree",
            Self::Dependence => "dependence",
            Self::Heterogeneity => "heterogeneity",
            Self::LowCoverage => "low_coverage",
            Self::Wide => "wide",
            Self::Sampler => "sampler",
        }
    }
}

/// A warning: its code, and a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// What to know.
    pub sentence: String,
}

/// Every warning that these runs give rise to, in the order of [`WarningCode`].
pub(super) fn warnings(
    histories: &Histories<u64>,
    runs: &Runs,
    headline: Option<&Headline>,
    settings: &Settings,
) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |code, sentence: Option<String>| {
        found.extend(sentence.map(|sentence| Warning { code, sentence }));
    };
    let standing = "People whom no list can reach leave no trace in any overlap. Without a random sample of people on no list, \
                    nobody can say how many they are: the number is a lower bound.";
    warn(
        WarningCode::ListsOnly,
        (!settings.anchored).then(|| standing.to_owned()),
    );
    warn(WarningCode::EmptyOverlaps, empty_overlaps(histories));
    warn(WarningCode::Sparse, sparse(histories));
    warn(WarningCode::NoMaximum, no_maximum(runs));
    warn(WarningCode::EstimatorsDisagree, disagreement(runs));
    warn(WarningCode::Dependence, dependence(histories, runs));
    warn(
        WarningCode::Heterogeneity,
        headline.and_then(|headline| heterogeneity(runs, headline)),
    );
    warn(WarningCode::LowCoverage, low_coverage(runs));
    warn(WarningCode::Wide, headline.and_then(wide));
    warn(WarningCode::Sampler, sampler(histories, runs));
    found
}

fn empty_overlaps(histories: &Histories<u64>) -> Option<String> {
    let overlaps = || histories.cells().filter(|(history, _)| history.count_ones() > 1);
    let empty = overlaps().filter(|(_, count)| *count == 0).count();
    let all = overlaps().count();
    (empty > 0).then(|| {
        format!("{empty} of the {all} ways to be on several lists at once have nobody; the models rest on the others.")
    })
}

fn sparse(histories: &Histories<u64>) -> Option<String> {
    let pairs = (1..1_u32 << histories.lists()).filter(|lists| lists.count_ones() == 2);
    let fewest = pairs.min_by(|one, other| histories.on_all(*one).total_cmp(&histories.on_all(*other)))?;
    let people = histories.on_all(fewest);
    let names: Vec<&str> = members(fewest)
        .filter_map(|list| histories.names().get(list))
        .map(String::as_str)
        .collect();
    (people < FEW_ON_A_PAIR).then(|| {
        format!(
            "Only {people} people are on both of {}: what they say hangs on a handful of people.",
            names.join(" and ")
        )
    })
}

fn no_maximum(runs: &Runs) -> Option<String> {
    let (walk, _) = runs.walk.as_ref().ok()?;
    let limits = walk.fits.iter().filter(|fit| fit.is_limit()).count();
    let without = walk.without.len();
    let all = walk.fits.len() + without;
    (limits + without > 0).then(|| {
        format!(
            "Of {all} models, {limits} fit an empty overlap exactly, so that one of their parameters has no finite value, and \
             {without} leave the number open and were left out."
        )
    })
}

fn disagreement(runs: &Runs) -> Option<String> {
    let whole = runs.whole();
    let least = whole
        .iter()
        .min_by(|one, other| one.total.total_cmp(&other.total))?;
    let most = whole
        .iter()
        .max_by(|one, other| one.total.total_cmp(&other.total))?;
    (most.total > least.total * (1.0 + DISAGREEMENT)).then(|| {
        let share = (most.total / least.total - 1.0) * 100.0;
        format!(
            "The estimators disagree by {share:.0} %: {} says {}, {} says {}. The interval holds both beliefs; no average makes \
             them one.",
            least.method.name(),
            grouped(least.total),
            most.method.name(),
            grouped(most.total)
        )
    })
}

fn dependence(histories: &Histories<u64>, runs: &Runs) -> Option<String> {
    let (walk, _) = runs.walk.as_ref().ok()?;
    let (independence, best) = (walk.independence()?, walk.best_by_bic()?);
    let gain = independence.bic - best.bic;
    (gain > STRONG_EVIDENCE).then(|| {
        format!(
            "The lists depend on each other: the model {} fits far better than independence (by {gain:.0} points of BIC), and \
             two lists alone would mislead.",
            best.model.text(histories.names())
        )
    })
}

fn heterogeneity(runs: &Runs, headline: &Headline) -> Option<String> {
    // Two lists cannot tell people who differ from lists that depend on each other.
    if headline.method == Method::Chapman {
        return None;
    }
    let above = headline.n * (1.0 + HETEROGENEITY);
    if let Some(bound) = runs.bound.as_ref().ok().filter(|bound| bound.total > above) {
        return Some(format!(
            "People differ in how likely they are to be listed: even Chao's lower bound, {}, lies above the number.",
            grouped(bound.total)
        ));
    }
    let classes = runs.classes.as_ref().ok()?;
    let (_, average) = runs.walk.as_ref().ok()?;
    (classes.median > average.total * (1.0 + HETEROGENEITY)).then(|| {
        format!(
            "People seem to differ in how likely they are to be listed: with kinds of people there are {}, without {}.",
            grouped(classes.median),
            grouped(average.total)
        )
    })
}

fn low_coverage(runs: &Runs) -> Option<String> {
    let coverage = runs
        .coverage
        .as_ref()
        .ok()
        .map(|found| found.coverage)
        .filter(|share| *share < LOW_COVERAGE)?;
    Some(format!(
        "On average only {:.0} % of a list is on another one too: too little for sample coverage, and little for the others.",
        coverage * 100.0
    ))
}

fn wide(headline: &Headline) -> Option<String> {
    (headline.high > WIDE * headline.low).then(|| {
        "The upper end is more than twice the lower one: the lists hardly say how many there are.".to_owned()
    })
}

fn sampler(histories: &Histories<u64>, runs: &Runs) -> Option<String> {
    // With two lists there is nothing to sample, and nothing to warn of.
    let reason = runs.classes.as_ref().err().filter(|_| histories.lists() > 2)?;
    Some(format!(
        "The {} estimate is missing: {reason}.",
        Method::LatentClass.name()
    ))
}
