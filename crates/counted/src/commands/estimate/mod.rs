//! `counted estimate METHOD FILE`: the statistics of the crate `estimate`, on small files.
//!
//! Each method has a module that names its columns, calls its functions and says what came of it. `table` reads every
//! file, `settings` lays what is typed over what the file says, `answer` is what is printed, in words or as JSON.
//!
//! The invariant: what cannot be estimated is said with its reason, and no number stands in its place.

mod answer;
mod back_calculation;
mod capture_recapture;
mod chart;
mod columns;
mod curve;
mod delay;
mod figures;
mod funnel;
mod groups;
mod misclassification;
mod number;
mod prevalence;
mod project;
mod rows;
mod settings;
mod shrink;
mod standardise;
mod study;
mod survival;
mod table;
mod toml_file;
mod uk;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::arguments::Format;
use crate::exit::Failure;
use crate::tell;

use answer::Answer;
use table::Table;

/// Estimate: how many there are, how long people live, who differs from whom, and how sure that is.
///
/// Each method takes a small file, CSV or TOML; `counted estimate METHOD --help` names its columns. The answer comes
/// first, then the figures behind it, what it takes for granted, and warnings. What cannot be estimated is said with
/// its reason and never as a number.
///
/// Example: counted estimate capture-recapture lists.csv --format json
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct EstimateArguments {
    #[command(subcommand)]
    method: Method,
}

const EXAMPLES: &str = "Examples:
  counted estimate capture-recapture lists.csv
  counted estimate back-calculation deaths.csv --shape 0.8 --scale 3.926
  counted estimate funnel hospitals.csv --format json
  counted estimate uk
  counted estimate study nation

Exit codes: 0 done, also where the answer is that there is no estimate; 2 the call or the file is wrong.";

/// What may be estimated.
#[derive(Subcommand)]
enum Method {
    /// How many there are, from lists that overlap.
    #[command(after_help = capture_recapture::FILE)]
    CaptureRecapture(On<capture_recapture::Options>),
    /// How many fall ill and how many live, from deaths and survival.
    #[command(after_help = back_calculation::FILE)]
    BackCalculation(On<back_calculation::Options>),
    /// How many are alive, from a register, from new cases, or under a survival curve.
    #[command(after_help = prevalence::FILE)]
    Prevalence(On<prevalence::Options>),
    /// How long people live, as seen and as extrapolated.
    #[command(after_help = survival::FILE)]
    Survival(On<survival::Options>),
    /// How many are still to be reported.
    #[command(after_help = delay::FILE)]
    Delay(On<delay::Options>),
    /// How many have the disease, from flags in records and a review of charts.
    #[command(after_help = misclassification::FILE)]
    Misclassification(On<misclassification::Options>),
    /// What small hospitals can say together.
    #[command(after_help = shrink::FILE)]
    Shrink(On<shrink::Options>),
    /// Which hospitals differ from a target by more than chance.
    #[command(after_help = funnel::FILE)]
    Funnel(On<funnel::Options>),
    /// Whether something has changed from month to month.
    #[command(after_help = chart::FILE)]
    Chart(On<chart::Options>),
    /// Places compared whose people differ in age.
    #[command(after_help = standardise::FILE)]
    Standardise(On<standardise::Options>),
    /// How many there will be, under named scenarios.
    #[command(after_help = project::FILE)]
    Project(On<project::Options>),
    /// The United Kingdom from public figures, as a range of scenarios.
    #[command(after_help = uk::NOTE)]
    Uk(uk::Options),
    /// What the last run of a study estimated, and what would make it surer.
    #[command(after_help = study::NOTE)]
    Study(study::Options),
}

/// A file, and how to read and use it.
#[derive(Args)]
struct On<O: Args> {
    /// The file: CSV, or TOML with the same columns.
    file: PathBuf,
    #[command(flatten)]
    options: O,
}

/// Estimates what was asked for.
pub(crate) fn estimate(arguments: &EstimateArguments, format: Format) -> Result<ExitCode, Failure> {
    let answer = match &arguments.method {
        Method::CaptureRecapture(on) => on.answer(capture_recapture::answer),
        Method::BackCalculation(on) => on.answer(back_calculation::answer),
        Method::Prevalence(on) => on.answer(prevalence::answer),
        Method::Survival(on) => on.answer(survival::answer),
        Method::Delay(on) => on.answer(delay::answer),
        Method::Misclassification(on) => on.answer(misclassification::answer),
        Method::Shrink(on) => on.answer(shrink::answer),
        Method::Funnel(on) => on.answer(funnel::answer),
        Method::Chart(on) => on.answer(chart::answer),
        Method::Standardise(on) => on.answer(standardise::answer),
        Method::Project(on) => on.answer(project::answer),
        Method::Uk(options) => uk::answer(options),
        Method::Study(options) => study::answer(options),
    }?;
    answer.say(format);
    Ok(ExitCode::SUCCESS)
}

impl<O: Args + Serialize + DeserializeOwned> On<O> {
    /// Reads the file, settles the options, and does the work.
    fn answer(&self, work: fn(&Table, &O) -> Result<Answer, Failure>) -> Result<Answer, Failure> {
        let known = settings::known::<O>();
        let table = Table::read(&self.file, &known)?;
        let options = settings::settle(&self.options, &table)?;
        let answer = work(&table, &options)?;
        Ok(answer.of_file(&table))
    }
}

/// Does work that may take more than a second, and shows so.
fn working<T>(work: impl FnOnce() -> T) -> T {
    let progress = tell::Progress::new();
    progress.start("Estimating");
    let done = work();
    progress.clear();
    done
}
