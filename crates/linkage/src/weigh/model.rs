//! The model as a file: what was learnt, in numbers that somebody can review, with a version.

use serde::{Deserialize, Serialize};

use crate::error::LinkageError;

use super::counts::Shares;
use super::field::{Field, Kind};
use super::rules::Rule;
use super::table::Table;
use super::written::written;

/// The only version of the file so far.
const VERSION: u32 = 1;
/// Careful desks and careless ones.
const MOST_MATCHES: usize = 2;
const FORMAT: &str = "counted linkage model";

/// What training learnt. Shares at levels stand in the order of [`Kind::levels`]' numbers: place 0 is "missing" and
/// stays 0, place 7 is "the same".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Always `counted linkage model`.
    pub format: String,
    /// Version of this file's shape.
    pub version: u32,
    /// The fields, in the order of all lists below.
    pub fields: Vec<Field>,
    /// Records it was trained on.
    pub records: u64,
    /// Steps until nothing changed.
    pub steps: u32,
    /// Expected pairs of one person's records: those that the rules proposed, and those they did not.
    pub expected_pairs: (f64, f64),
    /// By class of matches (careful desk, careless desk), by field, the share at each level.
    pub matches: Vec<Vec<Shares>>,
    /// By class of matches, by field: the share of pairs with the field missing on one side.
    pub missing: Vec<Vec<f64>>,
    /// By field, the share of random pairs at each level.
    pub random: Vec<Shares>,
    /// People under one roof: by field, the share at each level.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kin: Option<Vec<Shares>>,
    /// By field, true where the levels of people under one roof are those of random pairs.
    #[serde(default)]
    pub kin_random: Vec<bool>,
    /// What holds for the pairs of each rule.
    pub strata: Vec<ModelStratum>,
}

/// A rule, and the pairs that it was the first to propose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelStratum {
    /// The rule, as in settings.
    pub rule: String,
    /// Its pairs.
    pub pairs: f64,
    /// The share of each class: matches, people under one roof (if any), strangers.
    pub shares: Vec<f64>,
    /// By class of matches, the chance that a match which agrees in the rule's fields gets past all earlier rules.
    pub mass: Vec<f64>,
    /// By field, the share of strangers at each level.
    pub strangers: Vec<Shares>,
}

impl Model {
    pub(crate) fn stamp() -> (String, u32) {
        (FORMAT.to_owned(), VERSION)
    }

    /// Reads a model file.
    pub fn read(text: &str) -> Result<Self, LinkageError> {
        let model: Self = serde_json::from_str(text).map_err(|error| LinkageError::Model {
            message: format!("it is damaged or not a model ({error}); train it anew"),
        })?;
        if model.format != FORMAT || model.version != VERSION {
            return Err(LinkageError::Model {
                message: format!(
                    "it is `{}` version {}, and this program reads `{FORMAT}` version {VERSION}; train it anew",
                    model.format, model.version
                ),
            });
        }
        let fields = model.fields.len();
        let whole = model.random.len() == fields
            && !model.matches.is_empty()
            && model.matches.len() == model.missing.len()
            && model.matches.iter().all(|class| class.len() == fields)
            && model.missing.iter().all(|class| class.len() == fields)
            && model
                .kin
                .as_ref()
                .is_none_or(|kin| kin.len() == fields && model.kin_random.len() == fields)
            && model.strata.iter().all(|stratum| {
                stratum.strangers.len() == fields
                    && stratum.mass.len() == model.matches.len()
                    && stratum.shares.len() == model.classes()
            });
        let wrong = |message: &str| {
            Err(LinkageError::Model {
                message: format!("{message}; train it anew"),
            })
        };
        if !whole {
            return wrong("lists in it are of different lengths");
        }
        if model.strata.is_empty() {
            return wrong("it has no rule");
        }
        if model.matches.len() > MOST_MATCHES {
            return wrong("it has more classes of matches than there are");
        }
        if !model.all_shares().all(|share| (0.0..=1.0).contains(&share)) {
            return wrong("a number in it is not a share from 0 to 1");
        }
        Ok(model)
    }

    /// Every number that must lie between 0 and 1.
    fn all_shares(&self) -> impl Iterator<Item = f64> + '_ {
        let of_strata = self.strata.iter().flat_map(|stratum| {
            let levels = stratum.strangers.iter().flatten();
            stratum.shares.iter().chain(&stratum.mass).chain(levels)
        });
        let of_classes = self.matches.iter().flatten().flatten();
        let of_kin = self.kin.iter().flatten().flatten();
        of_strata
            .chain(of_classes)
            .chain(of_kin)
            .chain(self.missing.iter().flatten())
            .chain(self.random.iter().flatten())
            .copied()
    }

    /// The text of the file.
    pub fn text(&self) -> Result<String, LinkageError> {
        Ok(written(&serde_json::to_string_pretty(self)?))
    }

    pub(crate) fn classes(&self) -> usize {
        self.matches.len() + usize::from(self.kin.is_some()) + 1
    }

    /// The rules, read against a table; the table's fields must be those of the model.
    pub fn rules(&self, table: &Table) -> Result<Vec<Rule>, LinkageError> {
        if table.fields != self.fields {
            let name = |fields: &[Field]| {
                let names: Vec<String> = fields
                    .iter()
                    .map(|field| format!("{} ({})", field.name, super::rules::kind_words(field.kind)))
                    .collect();
                names.join(", ")
            };
            return Err(LinkageError::Model {
                message: format!(
                    "it was trained on the fields {}, and these files have {}; map the columns in --settings, or train anew",
                    name(&self.fields),
                    name(&table.fields)
                ),
            });
        }
        self.strata
            .iter()
            .map(|stratum| read_rule(&stratum.rule, table))
            .collect()
    }

    /// The share of true pairs that no rule proposes.
    #[must_use]
    pub fn unproposed(&self) -> f64 {
        let (inside, outside) = self.expected_pairs;
        outside / (inside + outside).max(f64::MIN_POSITIVE)
    }

    /// All numbers to [`FIGURES`] figures: what is used is what is written.
    pub(crate) fn rounded(mut self) -> Self {
        let shares = |all: &mut Vec<Shares>| all.iter_mut().flatten().for_each(round);
        self.matches.iter_mut().for_each(shares);
        self.missing.iter_mut().flatten().for_each(round);
        shares(&mut self.random);
        self.kin.iter_mut().for_each(shares);
        round(&mut self.expected_pairs.0);
        round(&mut self.expected_pairs.1);
        for stratum in &mut self.strata {
            round(&mut stratum.pairs);
            stratum.shares.iter_mut().for_each(round);
            stratum.mass.iter_mut().for_each(round);
            shares(&mut stratum.strangers);
        }
        self
    }
}

/// Reads a rule; the one that compares everybody has words of its own.
pub(crate) fn read_rule(text: &str, table: &Table) -> Result<Rule, LinkageError> {
    let everybody = Rule { parts: Vec::new() };
    if text == everybody.words(table) {
        return Ok(everybody);
    }
    Rule::read(text, table)
}

/// Figures that a number of the file has: more than any of them is known to, and few enough to read.
const FIGURES: i32 = 6;
/// Powers of ten up to this one are exact.
const MOST_DECIMALS: i32 = 22;

fn round(value: &mut f64) {
    if *value != 0.0 && value.is_finite() {
        let figures = FIGURES - 1 - value.abs().log10().floor() as i32;
        // Beyond the 22nd decimal the power of ten would not be exact, and a number might be read otherwise than it was
        // written.
        let scale = 10f64.powi(figures.clamp(0, MOST_DECIMALS));
        *value = (*value * scale).round() / scale;
    }
}

/// True for kinds that belong to one person alone, so that people under one roof agree in them by chance only.
pub(crate) fn personal(kind: Kind) -> bool {
    matches!(kind, Kind::GivenName | Kind::Number | Kind::Sex)
}
