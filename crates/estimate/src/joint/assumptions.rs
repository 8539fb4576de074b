//! What the joint estimate takes for granted, each with its reason and with what could refute it.

use crate::delay::Runs;
use crate::survival::FamilyKind;

/// What the estimate takes for granted, as data.
#[derive(Debug, Clone)]
pub struct Assumptions {
    /// The classes of evidence (patterns of sources), and how often each is right.
    pub classes: Vec<EvidenceClass>,
    /// With fewer charts than this the prior of a class is updated by them; from so many on it is replaced.
    pub charts_that_replace: u64,
    /// The share of breast-cancer deaths without a phase of distant metastasis: f₀.
    pub without_metastasis: BetaPrior,
    /// Years after establishment within which a list must show a person.
    pub window: f64,
    /// Years that are compared together in one closed set.
    pub block_years: usize,
    /// A closed set with fewer people than this is joined to its neighbours.
    pub least_in_set: f64,
    /// Families of survival, averaged with equal weights: the follow-up cannot tell their tails apart.
    pub families: Vec<FamilyKind>,
    /// The yearly growth of new cases in the years before the records: mean and standard deviation.
    pub growth_before: (f64, f64),
    /// Reports that are still to come, if earlier runs or report dates say how late they are.
    pub delay: Option<Delay>,
    /// Whether latent classes are among the estimators of large sets: they see people who differ, and take time.
    pub latent_classes: bool,
    /// Living over deaths of a year that is called unusual outside these.
    ///
    /// **Source.** The mean years lived that published counts imply, 2.9 (Northern Ireland 2020) to 4.2 (Scotland 2013), and some
    /// room on both sides. Two figures lie above 5.5 and are no reason to widen it: England's 5.9 (2020/21) counts people treated
    /// within a year, 4.9 without those who died in it; Australia's 6.3 (2024) is scaled up from linked claims for treatment
    /// ([`published_estimates`](crate::back_calculation::uk::published_estimates)). What lies there is worth a question.
    pub living_over_deaths: (f64, f64),
    /// New over deaths of a year that is called unusual outside these.
    ///
    /// **Source.** The two national counts of new people that are published: 0.80 in Northern Ireland (254 a year in 2009–2020
    /// over 317 deaths), 1.24 in Sweden (1,729 a year in 2009–2016 over 1,400).
    pub new_over_deaths: (f64, f64),
}

/// A class of evidence: people whom the same sources point to.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceClass {
    /// Its name.
    pub name: String,
    /// How often it is right.
    pub ppv: Ppv,
}

/// The share of a class that truly has distant metastases.
#[derive(Debug, Clone, PartialEq)]
pub enum Ppv {
    /// All of them: read and confirmed by a reviewer.
    Certain,
    /// As the literature says, until charts are read.
    Prior(BetaPrior, String),
    /// Nothing until charts are read (tier D): without a review nobody of it is counted.
    OnlyReviewed,
}

/// A beta distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaPrior {
    /// As many as were right.
    pub alpha: f64,
    /// As many as were wrong.
    pub beta: f64,
}

impl BetaPrior {
    /// Its mean.
    pub fn mean(self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }
}

/// Reports that are still to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    /// What earlier runs knew and what this one does, by period of establishment; the last period ends with the study.
    pub runs: Runs,
    /// How many periods a year has: 12 for months, 4 for quarters.
    pub periods_a_year: u32,
    /// How many people the shares of all delays together count for, against chance in small numbers.
    pub shrinkage: f64,
}

impl Default for Assumptions {
    /// No class yet; f₀ ~ Beta(2, 18); a window of one year; sets of three years and 300 people; three families.
    fn default() -> Self {
        Self {
            classes: Vec::new(),
            charts_that_replace: 10,
            without_metastasis: BetaPrior {
                alpha: 2.0,
                beta: 18.0,
            },
            window: 1.0,
            block_years: 3,
            least_in_set: 300.0,
            families: vec![
                FamilyKind::Weibull,
                FamilyKind::LogLogistic,
                FamilyKind::SlowClass { hazard: 0.05 },
            ],
            growth_before: (0.01, 0.01),
            delay: None,
            latent_classes: true,
            living_over_deaths: (2.0, 5.5),
            new_over_deaths: (0.8, 1.25),
        }
    }
}

/// An assumption in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What is assumed.
    pub what: String,
    /// Why.
    pub why: String,
    /// What could show that it is wrong; none where no data can.
    pub refuted_by: Option<&'static str>,
}
