//! `counted demo`: a small invented nation, from files to pages.

use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::arguments::{DemoArguments, Format};
use crate::commands::{evaluate, run, simulate};
use crate::exit::Failure;
use crate::{serve, tell};

/// The file that marks a folder as the demo's own, so that nothing else is ever removed.
const MARK: &str = ".counted-demo";

/// Invents, runs, scores and shows.
pub(crate) fn demo(arguments: &DemoArguments, format: Format) -> Result<ExitCode, Failure> {
    clear(&arguments.folder)?;
    let study = arguments.folder.join("study");
    if format == Format::Text {
        tell::line("Everything in this demo is invented: people, hospitals and records.");
    }
    simulate::nation(&study, arguments.primaries, arguments.seed, None, None)?;
    let outcome = run::chain(&study, &arguments.machine, &run::Way::default())?;
    let score = evaluate::score(&study, &study.join("truth"))?;
    let first_page = outcome.site.join("index.html").display().to_string();
    match format {
        Format::Json => tell::json(&json!({
            "invented": true,
            "run": outcome.manifest,
            "score": serde_json::to_value(&score).unwrap_or_default(),
            "site": first_page,
        })),
        Format::Text => {
            run::summary(&outcome, &study);
            tell::line("");
            tell::line("Against the truth, which the program cannot see:");
            tell::line(&score.words());
            tell::line(&format!("The site: {first_page}"));
        }
    }
    if !arguments.no_serve {
        serve::site(&outcome.site, arguments.port)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn clear(folder: &Path) -> Result<(), Failure> {
    if folder.is_file() {
        return Err(Failure::call(format!(
            "{}: it is a file; name a folder with --folder",
            folder.display()
        )));
    }
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
    // Something else of that name, or a file on the way to it, is a slip of whoever named it.
    fs_err::create_dir_all(folder).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            Failure::call(format!("{error}; name a folder with --folder"))
        }
        _ => error.into(),
    })?;
    fs_err::write(
        folder.join(MARK),
        "Made by `counted demo`, which removes this folder when it runs again.\n",
    )?;
    Ok(())
}
