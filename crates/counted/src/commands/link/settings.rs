//! `link.toml`: what columns hold, which pairs are compared, from when on a pair is one person's.

use std::path::{Path, PathBuf};

use linkage::columns::Choice;
use linkage::weigh::{Deciding, Rule, Settings, Spill, Table};
use serde::Deserialize;

use crate::arguments::LinkArguments;
use crate::exit::Failure;

/// What a settings file says; nothing where there is none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    /// Columns that are compared; recognised by name when there are none.
    #[serde(default)]
    pub(super) field: Vec<Choice>,
    #[serde(default)]
    blocking: Blocking,
    #[serde(default)]
    decide: Decide,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Blocking {
    #[serde(default)]
    rules: Vec<String>,
    cap: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    accept: Option<f64>,
    review: Option<f64>,
}

impl Said {
    /// Reads a settings file.
    pub(super) fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = fs_err::read_to_string(path)
            .map_err(|error| Failure::call(format!("{error}; see `counted link --help`")))?;
        let said: Self = toml::from_str(&text).map_err(|error| {
            Failure::call(format!("{}: {}", path.display(), error.to_string().trim_end()))
        })?;
        if said.blocking.cap.is_some_and(|cap| cap < 2) {
            return Err(Failure::call(format!(
                "{}: [blocking] cap: a block holds at least 2 records; 10000 is usual",
                path.display()
            )));
        }
        Ok(said)
    }

    /// Refuses probabilities that are none, before anything is read.
    pub(super) fn check(&self, arguments: &LinkArguments) -> Result<(), Failure> {
        probability(arguments.pairs_from, "--pairs-from")?;
        self.deciding(arguments).map(|_| ())
    }

    /// The settings for a table: the file's, and over them those of the call.
    pub(super) fn settle(&self, table: &Table, arguments: &LinkArguments) -> Result<Settings, Failure> {
        let usual = Settings::default();
        let deciding = self.deciding(arguments)?;
        let rules = self.blocking.rules.iter().map(|rule| Rule::read(rule, table));
        Ok(Settings {
            rules: rules.collect::<Result<_, _>>()?,
            cap: self.blocking.cap.unwrap_or(usual.cap),
            // What is decided about must be kept, also where only sure pairs are written.
            least: arguments.pairs_from.min(deciding.review),
            deciding,
            spill: arguments.memory.map(|memory| Spill {
                bytes: memory / PAIRS_OF_MEMORY,
                folder: beside(arguments),
            }),
            ..usual
        })
    }

    fn deciding(&self, arguments: &LinkArguments) -> Result<Deciding, Failure> {
        let usual = Deciding::default();
        let accept = match (arguments.threshold, self.decide.accept) {
            (Some(accept), _) => probability(accept, "--threshold")?,
            (None, Some(accept)) => probability(accept, "[decide] accept")?,
            (None, None) => usual.accept,
        };
        let review = match self.decide.review {
            Some(review) => probability(review, "[decide] review")?,
            None => usual.review,
        };
        Ok(Deciding {
            accept,
            review: review.min(accept),
            ..usual
        })
    }
}

fn probability(value: f64, name: &str) -> Result<f64, Failure> {
    if value > 0.0 && value <= 1.0 {
        Ok(value)
    } else {
        Err(Failure::call(format!(
            "{name}: a probability lies above 0 and up to 1; write for example 0.8"
        )))
    }
}

/// Pairs may hold this part of the memory before they go to a file.
const PAIRS_OF_MEMORY: u64 = 4;

/// The folder of the output: whoever may read that may read what is put beside it for a while.
pub(super) fn beside(arguments: &LinkArguments) -> PathBuf {
    let outputs = [&arguments.output, &arguments.pairs];
    let folder = outputs.into_iter().flatten().find_map(|path| path.parent());
    match folder {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
