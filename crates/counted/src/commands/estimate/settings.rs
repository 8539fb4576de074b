//! What is typed, laid over what the file says.
//!
//! A TOML file may hold any option by its long name (`confidence = 0.9`). The command line comes first.

use clap::{Args, Command};
use estimate::Confidence;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exit::Failure;

use super::table::Table;

/// The most draws that may be asked for.
const MOST_DRAWS: usize = 1_000_000;

/// An option of a method.
pub(super) struct Known {
    /// Its long name.
    pub(super) name: String,
    /// Whether it takes a list.
    pub(super) takes_list: bool,
}

/// The options of a method.
pub(super) fn known<O: Args>() -> Vec<Known> {
    let command = O::augment_args(Command::new("options"));
    let known = |argument: &clap::Arg| {
        Some(Known {
            name: argument.get_long()?.to_owned(),
            takes_list: argument.get_value_delimiter().is_some(),
        })
    };
    command.get_arguments().filter_map(known).collect()
}

/// The options of a call: those of the file, and over them those that were typed.
pub(super) fn settle<O: Serialize + DeserializeOwned>(typed: &O, table: &Table) -> Result<O, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::call(format!("{}: {error}", table.path()));
    let mut settings = table.settings().clone();
    settings.extend(toml::Table::try_from(typed).map_err(|error| wrong(&error))?);
    settings.try_into().map_err(|error: toml::de::Error| {
        let text = error.to_string().trim_end().replace('\n', " ");
        wrong(&text)
    })
}

/// The level of confidence; 0.95 when left out.
pub(super) fn confidence(level: Option<f64>) -> Result<Confidence, Failure> {
    level.map_or(Ok(Confidence::NINETY_FIVE), |level| {
        Confidence::new(level).map_err(|error| Failure::call(format!("--confidence: {error}")))
    })
}

/// The number of draws.
pub(super) fn draws(asked: Option<usize>, usual: usize) -> Result<usize, Failure> {
    match asked.unwrap_or(usual) {
        draws @ 10..=MOST_DRAWS => Ok(draws),
        _ => Err(Failure::call(format!(
            "--draws: between 10 and {MOST_DRAWS} draws can be made; {usual} is usual"
        ))),
    }
}

/// Two shares that say how often somebody is right, of people with the disease and of people without it. Together they are above
/// 1, or a coin would do as well.
pub(super) fn told_apart(names: [&str; 2], shares: [Option<f64>; 2]) -> Result<(), Failure> {
    let outside = |share: &Option<f64>| share.is_some_and(|share| !(0.0..=1.0).contains(&share));
    if let Some((name, _)) = names.iter().zip(&shares).find(|&(_, share)| outside(share)) {
        return Err(Failure::call(format!(
            "{name}: it is a share from 0 to 1, such as 0.95"
        )));
    }
    match shares {
        [Some(one), Some(other)] if one + other <= 1.0 => Err(Failure::call(format!(
            "{} and {}: they add up to 1 or less, so people with the disease are not told from people without it; give shares \
             that add up to more",
            names[0], names[1]
        ))),
        _ => Ok(()),
    }
}

/// Refuses the first option that was given and has no say here: nobody types one to no purpose.
pub(super) fn without_say(options: &[(&str, bool)], needs: &str) -> Result<(), Failure> {
    match options.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((name, _)) => Err(Failure::call(format!("{name} has no say here: {needs}"))),
    }
}

/// The usual seed: a run without one is as repeatable as any other.
pub(super) fn seed(asked: Option<u64>) -> u64 {
    asked.unwrap_or(1)
}
