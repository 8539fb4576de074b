//! `counted simulate`.

use std::path::Path;
use std::process::ExitCode;

use crate::arguments::{Format, SimulateArguments};
use crate::exit::Failure;
use crate::tell;

/// Invents a nation, or a table of people, and says what was written.
pub(crate) fn simulate(arguments: &SimulateArguments, format: Format) -> Result<ExitCode, Failure> {
    if let Some(records) = arguments.person_table {
        return person_table(&arguments.folder, records, arguments.seed, format);
    }
    let summary = nation(
        &arguments.folder,
        arguments.primaries,
        arguments.seed,
        arguments.admissions_rows,
        arguments.deaths_without_metastases,
    )?;
    match format {
        Format::Json => tell::json(&serde_json::to_value(&summary).unwrap_or_default()),
        Format::Text => {
            tell::line(&format!(
                "{} invented people, {} with secondary breast cancer, {} of them living; {} rows.",
                summary.people, summary.metastatic, summary.living, summary.records
            ));
            tell::line(&format!("Next: counted run {}", arguments.folder.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn person_table(folder: &Path, records: u64, seed: u64, format: Format) -> Result<ExitCode, Failure> {
    let written = simulate::person_table_files(folder, &simulate::Recipe::new(records, seed))?;
    match format {
        Format::Json => tell::json(&serde_json::to_value(written).unwrap_or_default()),
        Format::Text => {
            tell::line(&format!(
                "{} records of {} invented people; {} pairs of records of one person.",
                written.records, written.people, written.pairs
            ));
            let folder = folder.display();
            tell::line(&format!(
                "Next: counted link {folder}/people.csv --output {folder}/persons.csv"
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the study folder of an invented nation.
pub(crate) fn nation(
    folder: &Path,
    primaries: u32,
    seed: u64,
    admissions_rows: Option<u64>,
    deaths_without_metastases: Option<f64>,
) -> Result<simulate::Summary, Failure> {
    let progress = tell::Progress::new();
    progress.start("Inventing a nation");
    let plan = simulate::Plan {
        admissions_rows,
        deaths_without_metastases,
        ..simulate::Plan::new(seed, primaries)
    };
    let summary = simulate::simulate(&plan, folder, &mut |step| progress.step(step.done, step.of));
    progress.clear();
    Ok(summary?)
}
