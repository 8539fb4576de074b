//! `counted definition`: a case definition as SQL for another engine.

use std::path::Path;
use std::process::ExitCode;

use casefind::{Definition, Dialect};
use serde_json::json;

use crate::arguments::{DefinitionArguments, Format, SqlArgument};
use crate::exit::Failure;
use crate::tell;

/// Prints the statement.
pub(crate) fn definition(arguments: &DefinitionArguments, format: Format) -> Result<ExitCode, Failure> {
    let wrong = |error: casefind::CasefindError| Failure::call(error.to_string());
    let definition = Definition::load(&arguments.name, Path::new("")).map_err(wrong)?;
    let dialect = match arguments.sql {
        SqlArgument::Standard => Dialect::Standard,
        SqlArgument::Spark => Dialect::Spark,
    };
    let sql = casefind::sql(&definition, dialect).map_err(wrong)?;
    match format {
        Format::Json => tell::json(&json!({ "definition": definition.id, "sql": sql })),
        Format::Text => tell::line(sql.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}
