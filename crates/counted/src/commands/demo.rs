//! `counted demo`: a small invented nation, from files to pages.

use std::path::Path;
use std::process::ExitCode;

use crate::arguments::DemoArguments;
use crate::commands::{evaluate, run, simulate};
use crate::exit::Failure;
use crate::{serve, tell};

/// The file that marks a folder as the demo's own, so that nothing else is ever removed.
const MARK: &str = ".counted-demo";

/// Invents, runs, scores and shows.
pub(crate) fn demo(arguments: &DemoArguments) -> Result<ExitCode, Failure> {
    clear(&arguments.folder)?;
    let study = arguments.folder.join("study");
    tell::line("Everything in this demo is invented: people, hospitals and records.");
    simulate::nation(&study, arguments.primaries, arguments.seed, None, None)?;
    let outcome = run::chain(&study, &arguments.machine, &run::Way::default())?;
    run::summary(&outcome, &study);
    tell::line("");
    tell::line("Against the truth, which the program cannot see:");
    let score = evaluate::score(&study, &study.join("truth"))?;
    tell::line(&score.words());
    tell::line(&format!(
        "The site: {}",
        outcome.site.join("index.html").display()
    ));
    if !arguments.no_serve {
        serve::site(&outcome.site, arguments.port)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn clear(folder: &Path) -> Result<(), Failure> {
    let used = folder.is_dir() && fs_err::read_dir(folder)?.next().is_some();
    if used {
        if !folder.join(MARK).exists() {
            let message = format!(
                "{} is not a folder of the demo; name another with --folder",
                folder.display()
            );
            return Err(Failure::call(message));
        }
        fs_err::remove_dir_all(folder)?;
    }
    fs_err::create_dir_all(folder)?;
    fs_err::write(
        folder.join(MARK),
        "Made by `counted demo`, which removes this folder when it runs again.\n",
    )?;
    Ok(())
}
