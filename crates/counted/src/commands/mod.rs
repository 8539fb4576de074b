//! The commands, one module each.

mod asked;
mod check;
mod cluster;
mod definition;
mod demo;
mod estimate;
mod evaluate;
mod explain;
mod find;
mod link;
mod mdt;
mod nurses;
mod outliers;
mod run;
mod simulate;
mod verify;
mod worklist;

use std::process::ExitCode;

use crate::arguments::{Arguments, Command};
use crate::exit::Failure;

pub(crate) use cluster::{ClusterArguments, OnCluster};
pub(crate) use estimate::EstimateArguments;

/// Carries out what was typed.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let format = arguments.format;
    match arguments.command {
        Command::Demo(arguments) => demo::demo(&arguments, format),
        Command::Simulate(arguments) => simulate::simulate(&arguments, format),
        Command::Check(arguments) => check::check(&arguments, format),
        Command::Run(arguments) => run::run(&arguments, format),
        Command::Worklist(arguments) => worklist::worklist(&arguments, format),
        Command::Mdt(arguments) => mdt::mdt(&arguments, format),
        Command::Explain(arguments) => explain::explain(&arguments, format),
        Command::Evaluate(arguments) => evaluate::evaluate(&arguments, format),
        Command::Outliers(arguments) => outliers::outliers(&arguments, format),
        Command::Nurses(arguments) => nurses::nurses(&arguments, format),
        Command::Estimate(arguments) => estimate::estimate(&arguments, format),
        Command::Find(arguments) => find::find(&arguments, format),
        Command::Link(arguments) => link::link(&arguments, format),
        Command::Publish(arguments) => run::publish(&arguments, format),
        Command::Definition(arguments) => definition::definition(&arguments, format),
        Command::Cluster(arguments) => cluster::cluster(&arguments),
        Command::Verify(arguments) => verify::verify(&arguments, format),
    }
}
