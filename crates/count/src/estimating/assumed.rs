//! What the estimate takes for granted, read from `definitions/estimate/uk-2026.1/estimate.toml`.
//!
//! Invariant: an [`Assumed`] that exists has at least one list and one class, names every tier once, and every list
//! says what shows a person on it and who must have sent it.

use std::collections::BTreeMap;

use estimate::joint::{Assumptions, BetaPrior, EvidenceClass, Ppv};
use serde::Deserialize;

use crate::CountError;
use crate::estimating::late::LateReports;
use crate::estimating::review::{Classes, Review};

const BUILT_IN: &str = include_str!("../../../../definitions/estimate/uk-2026.1/estimate.toml");
const FILE: &str = "definitions/estimate/uk-2026.1/estimate.toml";

/// Assumptions of the estimate, as data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumed {
    /// Name and version.
    pub id: String,
    /// Draws behind every figure.
    pub draws: usize,
    /// Where chance begins.
    pub seed: u64,
    /// Days after establishment within which a list must show a person.
    pub(crate) window_days: u32,
    /// Days before it that still count.
    pub(crate) lead_days: u32,
    block_years: usize,
    least_in_set: f64,
    charts_that_replace: u64,
    latent_classes: bool,
    /// How much is made of reports that came late to earlier runs.
    #[serde(default)]
    pub(crate) late_reports: LateReports,
    growth_before: Spread,
    living_over_deaths: Ends,
    new_over_deaths: Ends,
    without_metastasis: Share,
    /// The lists, in the order of their bits.
    #[serde(rename = "list")]
    pub(crate) lists: Vec<List>,
    #[serde(rename = "class")]
    classes: Vec<Class>,
}

/// A list whose overlaps with the others are compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub name: String,
    /// Kinds of source with a strength of evidence: `cosd stated`.
    pub shown_by: Vec<String>,
    /// Evidence of these kinds on the same day takes the day away.
    #[serde(default)]
    pub not_on_days_of: Vec<String>,
    /// Days on which it must be shown.
    #[serde(default = "one")]
    pub days: u32,
    /// Kinds of source of which one must cover a place in a year.
    pub sent_by: Vec<String>,
    /// Who must have sent it.
    pub by: Sender,
    /// Why it is a list of its own.
    why: String,
}

fn one() -> u32 {
    1
}

/// Whether each organisation sends a list for itself, or somebody for the whole nation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sender {
    Organisation,
    Nation,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    tier: String,
    name: String,
    alpha: Option<f64>,
    beta: Option<f64>,
    #[serde(default)]
    only_reviewed: bool,
    why: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    alpha: f64,
    beta: f64,
    why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spread {
    mean: f64,
    deviation: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    low: f64,
    high: f64,
}

impl Class {
    /// The same for the estimator, or that part of it who live or died.
    fn evidence(&self, alive: Option<bool>) -> EvidenceClass {
        let state = match alive {
            None => "",
            Some(true) => ", living",
            Some(false) => ", died",
        };
        EvidenceClass {
            name: format!("{} ({}{state})", self.tier, self.name),
            ppv: match (self.alpha, self.beta) {
                (Some(alpha), Some(beta)) => Ppv::Prior(BetaPrior { alpha, beta }, self.why.clone()),
                _ => Ppv::OnlyReviewed,
            },
        }
    }
}

impl Assumed {
    /// The assumptions compiled into the program.
    ///
    /// # Errors
    /// Never in a released program: a test reads the same text.
    pub fn built_in() -> Result<Self, CountError> {
        Self::read(BUILT_IN, FILE)
    }

    /// The text compiled into the program, for its hash in the run's manifest.
    #[must_use]
    pub fn built_in_text() -> &'static str {
        BUILT_IN
    }

    /// Reads assumptions from TOML; `file` is how messages name it.
    ///
    /// # Errors
    /// When the text is not TOML, has an unknown or missing key, or the figures make no sense.
    pub fn read(text: &str, file: &str) -> Result<Self, CountError> {
        let fault = |reason: String| CountError::Assumptions {
            file: file.to_owned(),
            reason,
        };
        let read: Self = toml::from_str(text).map_err(|error| fault(error.message().to_owned()))?;
        match read.fault() {
            Some(reason) => Err(fault(reason)),
            None => Ok(read),
        }
    }

    fn fault(&self) -> Option<String> {
        if self.draws < 100 {
            return Some("draws must be at least 100, or the ends of an interval are chance".to_owned());
        }
        if self.lists.is_empty() || self.lists.len() > 12 {
            return Some("give 1 to 12 [[list]]".to_owned());
        }
        for list in &self.lists {
            let kinds = list.shown_by.iter().chain(&list.not_on_days_of);
            if let Some(odd) = kinds.clone().find(|kind| evidence(kind).is_none()) {
                return Some(format!(
                    "list {}: `{odd}` must be a kind of source and a strength, such as `sact strong`",
                    list.name
                ));
            }
            if list.shown_by.is_empty() || list.sent_by.is_empty() || list.days == 0 {
                return Some(format!(
                    "list {}: give shown_by, sent_by, and days of at least 1",
                    list.name
                ));
            }
        }
        let mut tiers: Vec<&str> = self.classes.iter().map(|class| class.tier.as_str()).collect();
        tiers.sort_unstable();
        if tiers != ["A", "B", "C", "D"] {
            return Some("give one [[class]] for each of the tiers A, B, C and D".to_owned());
        }
        let odd = self
            .classes
            .iter()
            .find(|class| class.only_reviewed == (class.alpha.is_some() && class.beta.is_some()));
        odd.map(|class| {
            format!(
                "class {}: give alpha and beta, or only_reviewed = true",
                class.tier
            )
        })
    }

    /// The classes of evidence, with those that a review read apart.
    pub(crate) fn classes(&self, review: &Review) -> Classes {
        Classes::of(self.classes.iter().map(|class| class.tier.as_str()), review)
    }

    /// The same for the estimator.
    pub(crate) fn assumptions(&self, classes: &Classes) -> Assumptions {
        let of_tier = |tier: &str| self.classes.iter().find(|class| class.tier == tier);
        let classes = classes
            .iter()
            .filter_map(|(tier, alive)| Some((of_tier(tier)?, alive)));
        Assumptions {
            classes: classes.map(|(class, state)| class.evidence(state)).collect(),
            charts_that_replace: self.charts_that_replace,
            without_metastasis: BetaPrior {
                alpha: self.without_metastasis.alpha,
                beta: self.without_metastasis.beta,
            },
            window: f64::from(self.window_days) / 365.25,
            block_years: self.block_years,
            least_in_set: self.least_in_set,
            growth_before: (self.growth_before.mean, self.growth_before.deviation),
            latent_classes: self.latent_classes,
            living_over_deaths: self.usual_living_over_deaths(),
            new_over_deaths: (self.new_over_deaths.low, self.new_over_deaths.high),
            ..Assumptions::default()
        }
    }

    /// Between which figures people living lie for each death of a year where a count is sound.
    pub fn usual_living_over_deaths(&self) -> (f64, f64) {
        (self.living_over_deaths.low, self.living_over_deaths.high)
    }

    /// What is assumed by this file, in words: what and why.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = (String, &str)> {
        let lists = self.lists.iter().map(|list| {
            (
                format!(
                    "The list `{}` is made of {}.",
                    list.name,
                    in_words(&list.shown_by)
                ),
                list.why.as_str(),
            )
        });
        let share = format!(
            "Breast-cancer deaths without metastasis: Beta({}, {}).",
            self.without_metastasis.alpha, self.without_metastasis.beta
        );
        lists.chain([(share, self.without_metastasis.why.as_str())])
    }

    /// All that a release may say in words of this file: what it states and why, a class also in the parts that charts split off.
    pub fn words(&self) -> Vec<String> {
        let parts = [None, Some(true), Some(false)];
        let of_class = |class: &Class| parts.map(|alive| class.evidence(alive).statement());
        let classes = self.classes.iter().flat_map(of_class).flatten();
        let classes = classes.map(|statement| (statement.what, statement.why));
        let reasons = self.reasons().map(|(what, why)| (what, why.to_owned()));
        classes
            .chain(reasons)
            .flat_map(|(what, why)| [what, why])
            .collect()
    }
}

/// A kind of source and a strength of evidence.
pub(crate) fn evidence(text: &str) -> Option<(&str, &str)> {
    text.split_once(' ')
        .filter(|(kind, strength)| !kind.is_empty() && ["stated", "strong", "weak"].contains(strength))
}

/// What puts people on a list: kinds of source with the strength of their evidence, in words.
fn in_words(shown_by: &[String]) -> String {
    let mut by_strength: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (kind, strength) in shown_by.iter().filter_map(|text| evidence(text)) {
        by_strength.entry(strength).or_default().push(kind_in_words(kind));
    }
    let parts = by_strength.into_iter().map(|(strength, kinds)| {
        let strength = match strength {
            "stated" => "statements of spread",
            "strong" => "strong evidence",
            _ => "weak evidence",
        };
        match kinds.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                format!("{strength} in {} and {last}", rest.join(", "))
            }
            _ => format!("{strength} in {}", kinds.concat()),
        }
    });
    parts.collect::<Vec<_>>().join(", and of ")
}

fn kind_in_words(kind: &str) -> &str {
    match kind {
        "admissions" => "hospital admissions",
        "cosd" => "cancer records of hospitals (COSD)",
        "cwt" => "waiting times (CWT)",
        "deaths" => "death registrations",
        "form" => "forms",
        "registrations" => "cancer registrations",
        "rtds" => "radiotherapy records (RTDS)",
        "sact" => "records of systemic treatment (SACT)",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use statrs::distribution::{Beta, ContinuousCDF, StudentsT};

    use super::*;

    #[test]
    fn what_a_list_is_made_of_is_said_in_words() {
        let said =
            |shown_by: &[&str]| in_words(&shown_by.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        assert_eq!(
            said(&["rtds strong"]),
            "strong evidence in radiotherapy records (RTDS)"
        );
        assert_eq!(
            said(&["cosd stated", "form stated", "registrations stated"]),
            "statements of spread in cancer records of hospitals (COSD), forms and cancer registrations"
        );
        assert_eq!(
            said(&["admissions weak", "form stated"]),
            "statements of spread in forms, and of weak evidence in hospital admissions"
        );
    }

    #[test]
    fn the_built_in_assumptions_are_read() {
        let assumed = Assumed::built_in().unwrap();
        assert_eq!(assumed.lists.len(), 5);
        let classes = assumed.classes(&Review::default());
        assert_eq!(classes.class("C", true), Some(2));
        let given = assumed.assumptions(&classes);
        assert_eq!(given.classes.len(), 4);
        assert_eq!(given.classes[3].ppv, Ppv::OnlyReviewed);
        assert!((given.without_metastasis.mean() - 0.1).abs() < 1e-12);
        assert_eq!(assumed.reasons().count(), 6);
    }

    /// The priors of the tiers are what published algorithms say of the next place, as the book tells it: on the scale of logits
    /// *m* ± 1.96 *s* √(1 + 1/*k*) for the middle 95 % of a Beta, and *m* for about its median.
    #[test]
    fn priors_are_what_published_shares_say_of_the_next_place() {
        let logit = |share: &f64| (share / (1.0 - share)).ln();
        let share = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        let assumed = Assumed::built_in().unwrap();
        let given = assumed.assumptions(&assumed.classes(&Review::default()));
        // Hawkins 2025, Kroenke 2016, Xu 2019, Chubak 2012; and Xu 2019, Chubak 2012, Lambert 2021, made to miss nobody.
        let specific: &[f64] = &[0.962, 0.981, 0.919, 0.90];
        let wide: &[f64] = &[0.792, 0.74, 0.614];
        for (class, published, told, student) in [
            (0, specific, [0.95, 0.77, 0.99], (0.86, 0.53, 0.997)),
            (1, specific, [0.95, 0.77, 0.99], (0.86, 0.53, 0.997)),
            (2, wide, [0.72, 0.49, 0.88], (0.81, 0.22, 0.96)),
        ] {
            let logits: Vec<f64> = published.iter().map(logit).collect();
            let k = logits.len() as f64;
            let middle = logits.iter().sum::<f64>() / k;
            let squares: f64 = logits.iter().map(|own| (own - middle).powi(2)).sum();
            let spread = (squares / (k - 1.0)).sqrt() * (1.0 + 1.0 / k).sqrt();
            let said = [0.0, -1.96, 1.96].map(|times| share(middle + times * spread));
            for (said, told) in said.iter().zip(told) {
                assert!((said - told).abs() < 0.006, "{said} is told as {told}");
            }
            let Ppv::Prior(prior, _) = &given.classes[class].ppv else {
                panic!("class {class} has no prior");
            };
            let law = Beta::new(prior.alpha, prior.beta).unwrap();
            for (level, said) in [0.5, 0.025, 0.975].into_iter().zip(said) {
                let has = law.inverse_cdf(level);
                assert!((has - said).abs() < 0.02, "class {class}: {has} for {said}");
            }
            let (holds, low, high) = student;
            let t = StudentsT::new(0.0, 1.0, k - 1.0).unwrap();
            assert!((2.0 * t.cdf(1.96) - 1.0 - holds).abs() < 0.006);
            let whole = t.inverse_cdf(0.975) * spread;
            assert!((share(middle - whole) - low).abs() < 0.006);
            assert!((share(middle + whole) - high).abs() < 0.006);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_place() {
        let wrong = |from: &str, to: &str| {
            let text = BUILT_IN.replacen(from, to, 1);
            assert_ne!(text, BUILT_IN, "`{from}` is in the file");
            Assumed::read(&text, "estimate.toml").unwrap_err().to_string()
        };
        insta::assert_snapshot!([
            wrong("draws = 2000", "draws = 10"),
            wrong("\"rtds strong\"", "\"rtds\""),
            wrong("days = 2", "days = 0"),
            wrong("tier = \"D\"", "tier = \"C\""),
            wrong("only_reviewed = true", ""),
            wrong("window_days", "windows"),
        ]
        .join("\n"), @"
        assumptions of the estimate in estimate.toml: draws must be at least 100, or the ends of an interval are chance; compare with definitions/estimate/README.md
        assumptions of the estimate in estimate.toml: list radiotherapy: `rtds` must be a kind of source and a strength, such as `sact strong`; compare with definitions/estimate/README.md
        assumptions of the estimate in estimate.toml: list admissions: give shown_by, sent_by, and days of at least 1; compare with definitions/estimate/README.md
        assumptions of the estimate in estimate.toml: give one [[class]] for each of the tiers A, B, C and D; compare with definitions/estimate/README.md
        assumptions of the estimate in estimate.toml: class D: give alpha and beta, or only_reviewed = true; compare with definitions/estimate/README.md
        assumptions of the estimate in estimate.toml: unknown field `windows`, expected one of `id`, `draws`, `seed`, `window_days`, `lead_days`, `block_years`, `least_in_set`, `charts_that_replace`, `latent_classes`, `late_reports`, `growth_before`, `living_over_deaths`, `new_over_deaths`, `without_metastasis`, `list`, `class`; compare with definitions/estimate/README.md
        ");
    }
}
