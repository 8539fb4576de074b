//! `counted verify`: whether what a study has put out is whole.

use std::process::ExitCode;

use engine::TableReader;
use serde_json::{Value, json};
use study::Study;

use crate::arguments::{Format, VerifyArguments};
use crate::exit::Failure;
use crate::tell;

/// Checks accounts, table versions and the ledger.
pub(crate) fn verify(arguments: &VerifyArguments, format: Format) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study)?;
    let tables = study.tables()?;
    let mut checked = Vec::new();
    for name in ["persons", "evidence", "cases", "counts", "completeness", "problems", "set_aside"] {
        let path = tables.join(format!("{name}.parquet"));
        let held = engine::schema_of(&path)?;
        let expected = match name {
            "persons" => layouts::tables::persons(),
            "evidence" => layouts::tables::evidence(),
            "cases" => layouts::tables::cases(),
            "counts" => layouts::tables::counts(),
            "completeness" => layouts::tables::completeness(),
            "problems" => layouts::tables::problems(),
            _ => layouts::tables::set_aside(),
        };
        let rows: usize = TableReader::open(&path)?.map(|batch| batch.map(|batch| batch.rows())).sum::<Result<_, _>>()?;
        if held.as_ref() != Some(&(expected.name.clone(), expected.version)) {
            let found = held.map_or("nothing".to_owned(), |(table, version)| format!("{table} version {version}"));
            let wanted = format!("{} version {}", expected.name, expected.version);
            return Err(Failure::invariant(format!("{}: holds {found}, expected {wanted}; run again", path.display())));
        }
        checked.push(json!({ "table": name, "version": expected.version, "rows": rows }));
    }
    rows_add_up(&study, &checked)?;
    let ledger = protect::ledger::Ledger::read(&study.ledger()).map_err(|error| Failure::invariant(error.to_string()))?;
    let releases = ledger.entries().len();
    match format {
        Format::Json => tell::json(&json!({ "tables": checked, "releases": releases })),
        Format::Text => {
            for table in &checked {
                tell::line(&format!("{:<14} {:>12} rows", table["table"].as_str().unwrap_or_default(), table["rows"]));
            }
            tell::line(&format!("The accounts add up; {releases} approved releases in the ledger, unbroken."));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Every row of every source is in a person or set aside, as `run.json` says.
fn rows_add_up(study: &Study, checked: &[Value]) -> Result<(), Failure> {
    let path = study.out().join("run.json");
    let damaged = || Failure::invariant(format!("{} is damaged; run again", path.display()));
    let manifest: Value = serde_json::from_str(&fs_err::read_to_string(&path)?).map_err(|_| damaged())?;
    let sum = |name: &str| -> u64 {
        manifest["sources"].as_array().into_iter().flatten().filter_map(|source| source[name].as_u64()).sum()
    };
    let rows = |name: &str| {
        checked.iter().find(|table| table["table"] == name).and_then(|table| table["rows"].as_u64()).unwrap_or_default()
    };
    let (all, persons, aside) = (sum("rows"), rows("persons"), rows("set_aside"));
    if sum("in_persons") != persons || all != persons + aside {
        let message = format!("{all} rows were read, {persons} are in persons and {aside} set aside");
        return Err(Failure::invariant(message));
    }
    Ok(())
}
