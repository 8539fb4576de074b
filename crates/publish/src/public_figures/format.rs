//! What the file of public figures holds. It is written and read here, so that both mean the same.

use serde::{Deserialize, Serialize};

use crate::PublishError;

/// Said at the top of the file.
const HEAD: &str = "\
# People living with secondary breast cancer in the United Kingdom, worked out from public figures.
# Written by the command named under [rerun]; nothing here is typed by hand. What the keys mean: README.md beside it.

";

/// People living with secondary breast cancer in a country, as a range of scenarios.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicFigures {
    /// The country, as it stands in a sentence.
    pub place: String,
    /// The day on which the people were living, as 2021-01-01.
    pub date: String,
    /// What the range is and is not.
    pub label: String,
    /// Numbers of people are rounded to this many.
    pub rounded_to: u32,
    /// How to make the file again.
    pub rerun: Rerun,
    /// People diagnosed in the last ten years: from the lowest to the highest middle of the scenarios in the range.
    pub within_ten_years: Range,
    /// The same of everyone.
    pub total: Range,
    /// Everyone, from the lowest low to the highest high of the scenarios in the range.
    pub total_at_widest: Range,
    /// What the range depends on.
    pub drivers: Drivers,
    /// The deaths it was worked out from.
    pub deaths: Deaths,
    /// The inhabitants it is laid over.
    pub inhabitants: Inhabitants,
    /// The scenarios, those in the range first.
    pub scenarios: Vec<Scenario>,
    /// What others have published.
    pub published: Vec<Published>,
}

/// How the figures were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rerun {
    /// The command, in one line.
    pub command: String,
    /// The program and its version.
    pub program: String,
    /// Draws under each scenario.
    pub draws: usize,
    /// Where chance started.
    pub seed: u64,
}

/// The ends of a range of scenarios, as people and as people in 100,000 inhabitants.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The lowest.
    pub low: u32,
    /// The highest.
    pub high: u32,
    /// The lowest, in 100,000.
    pub low_in_100000: f64,
    /// The highest, in 100,000.
    pub high_in_100000: f64,
}

/// People under one scenario: the middle of its draws, and the range of nine in ten of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Half of the draws lie below.
    pub middle: u32,
    /// One draw in twenty lies below.
    pub low: u32,
    /// One draw in twenty lies above.
    pub high: u32,
}

/// What makes the draws differ: shares of the variance of the logarithm of everyone living, per cent; they sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drivers {
    /// How long people live.
    pub survival_percent: f64,
    /// How many are found only at death.
    pub found_at_death_percent: f64,
    /// Chance in the deaths.
    pub chance_percent: f64,
}

/// Deaths from breast cancer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deaths {
    /// The first year.
    pub first_year: i32,
    /// The last year.
    pub last_year: i32,
    /// Whether covid may have changed the last year.
    pub covid_year: bool,
    /// Women in England, by year from the first.
    pub women_in_england: Vec<u64>,
    /// People in the UK in a year, mean of 2017 to 2019.
    pub people_in_the_uk: u64,
    /// Women in England in a year, mean of the same.
    pub women_in_england_then: u64,
    /// Where they were printed.
    pub sources: Vec<Printed>,
}

/// Everyone who lived in the country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inhabitants {
    /// In millions.
    pub millions: f64,
    /// Where it was printed.
    pub source: Printed,
}

/// Where a fact was printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    /// By whom, and in what.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// The figure under one way to read what is printed about survival.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// A short name.
    pub name: String,
    /// What it assumes.
    pub words: String,
    /// Whether it counts in the range; else it is an edge that is shown beside it.
    pub in_range: bool,
    /// The share of everyone that has lived longer than five years, per cent: beyond them survival is extrapolated.
    pub extrapolated_percent: f64,
    /// People newly diagnosed in the last year.
    pub new: u32,
    /// People living over deaths in the last year.
    pub living_over_deaths: f64,
    /// People newly diagnosed over deaths in the last year.
    pub new_over_deaths: f64,
    /// People diagnosed in the last ten years.
    pub within_ten_years: Spread,
    /// Everyone.
    pub total: Spread,
    /// Where the survival was printed.
    pub sources: Vec<Printed>,
}

/// An estimate that somebody has published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The country or part of it.
    pub place: String,
    /// The day or period.
    pub date: String,
    /// How many.
    pub number: u32,
    /// `women` or `people`.
    pub who: String,
    /// `on a day`, `in a period` or `not said`.
    pub timing: String,
    /// `counted`, `scaled up`, `modelled` or `not said`.
    pub made: String,
    /// How many in 100,000 inhabitants: a crude rate, where inhabitants were set beside the number.
    pub crude_in_100000: Option<f64>,
    /// Who printed it.
    pub source: String,
    /// Where, if there is a page.
    pub url: Option<String>,
}

impl PublicFigures {
    /// Reads a file of figures, and refuses one whose parts contradict each other.
    ///
    /// **Errors.** It is not TOML of this form, or a check fails; the message says which.
    pub fn read(text: &str) -> Result<Self, PublishError> {
        let figures: Self = toml::from_str(text)
            .map_err(|error| PublishError::public_figures(error.to_string().trim_end().to_owned()))?;
        figures.checked()?;
        Ok(figures)
    }

    /// Writes the file.
    ///
    /// **Errors.** A number that TOML cannot hold.
    pub fn to_toml(&self) -> Result<String, PublishError> {
        let text = toml::to_string(self).map_err(|error| PublishError::public_figures(error.to_string()))?;
        Ok(format!("{HEAD}{text}"))
    }
}
