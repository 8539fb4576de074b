//! The program `counted`: arguments, progress, words for people, exit codes.
//!
//! Nothing else in the workspace prints. Each command has a module; its doc comment is its help.

mod access_log;
mod arguments;
mod commands;
mod draft;
mod ending;
mod exit;
mod export;
mod machine;
mod serve;
mod tell;
mod works;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // On Windows no shell puts the names of files in the place of `*.xml`; elsewhere this changes nothing.
    let arguments = arguments::Arguments::parse_from(wild::args_os());
    match commands::run(arguments) {
        Ok(code) => match tell::unprinted() {
            None => code,
            Some(error) => exit::Failure::answer(error).report(),
        },
        Err(failure) => failure.report(),
    }
}
