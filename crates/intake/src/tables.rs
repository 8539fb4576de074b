//! The tables that speak of all files: files, problems, set_aside, coverage, months.

use std::collections::BTreeMap;
use std::path::Path;

use engine::TableWriter;
use vocabulary::table::{TableSchema, Value};

use crate::error::IntakeError;
use crate::outcome::{FileOutcome, Span};
use crate::rows::nation_of;
use crate::run::{Numbered, Request, one_nation};

type Outcomes = BTreeMap<u32, FileOutcome>;

/// Writes them all.
pub(crate) fn write(
    request: &Request<'_>,
    files: &[Numbered<'_>],
    outcomes: &Outcomes,
) -> Result<(), IntakeError> {
    write_files(request.out, files, outcomes)?;
    write_problems(request.out, files, outcomes)?;
    write_set_aside(request.out, files, outcomes)?;
    write_coverage(request, files, outcomes)?;
    write_months(request, files, outcomes)
}

/// One table, written row by row.
struct Table {
    name: String,
    writer: TableWriter,
}

impl Table {
    fn create(out: &Path, schema: &TableSchema) -> Result<Self, IntakeError> {
        let name = schema.name.clone();
        let writer = TableWriter::create(&out.join(format!("{name}.parquet")), schema)
            .map_err(IntakeError::table(&name))?;
        Ok(Self { name, writer })
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<(), IntakeError> {
        self.writer.row(values).map_err(IntakeError::table(&self.name))
    }

    fn finish(self) -> Result<(), IntakeError> {
        self.writer
            .finish()
            .map(|_| ())
            .map_err(IntakeError::table(&self.name))
    }
}

fn whole(number: u64) -> Value<'static> {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn write_files(out: &Path, files: &[Numbered<'_>], outcomes: &Outcomes) -> Result<(), IntakeError> {
    let mut table = Table::create(out, &layouts::tables::files())?;
    for file in files {
        let Some(facts) = outcomes.get(&file.file).map(|outcome| &outcome.facts) else {
            continue;
        };
        table.row(&[
            file.file.into(),
            file.source.into(),
            file.layout.kind.as_str().into(),
            file.path.into(),
            Some(facts.hash.as_str()).filter(|hash| !hash.is_empty()).into(),
            whole(facts.rows),
            facts.version.as_deref().into(),
            facts.created.into(),
            facts.organisation.as_deref().into(),
            facts.period_start.into(),
            facts.period_end.into(),
        ])?;
    }
    table.finish()
}

fn write_problems(out: &Path, files: &[Numbered<'_>], outcomes: &Outcomes) -> Result<(), IntakeError> {
    let mut table = Table::create(out, &layouts::tables::problems())?;
    for file in files {
        let Some(outcome) = outcomes.get(&file.file) else {
            continue;
        };
        for line in outcome.problems.lines() {
            table.row(&[
                file.layout.kind.as_str().into(),
                file.path.into(),
                line.row.map(|row| i64::try_from(row).unwrap_or(i64::MAX)).into(),
                line.field.as_deref().into(),
                (&*line.rule).into(),
                line.severity.as_str().into(),
                line.message.as_str().into(),
                line.fix.as_str().into(),
                whole(line.count),
            ])?;
        }
    }
    table.finish()
}

fn write_set_aside(out: &Path, files: &[Numbered<'_>], outcomes: &Outcomes) -> Result<(), IntakeError> {
    let mut table = Table::create(out, &layouts::tables::set_aside())?;
    for file in files {
        let Some(outcome) = outcomes.get(&file.file) else {
            continue;
        };
        for record in &outcome.set_aside {
            table.row(&[
                record.file.into(),
                whole(record.row),
                file.layout.kind.as_str().into(),
                record.record.as_deref().into(),
                record.reason.as_str().into(),
                record.by.map(|(by_file, _)| by_file).into(),
                record.by.map_or(Value::Null, |(_, by_row)| whole(by_row)),
            ])?;
        }
    }
    table.finish()
}

fn write_coverage(
    request: &Request<'_>,
    files: &[Numbered<'_>],
    outcomes: &Outcomes,
) -> Result<(), IntakeError> {
    let mut spans: BTreeMap<(&str, &str, Option<String>), Span> = BTreeMap::new();
    for file in files {
        let Some(outcome) = outcomes.get(&file.file) else {
            continue;
        };
        for (organisation, span) in &outcome.coverage {
            spans
                .entry((
                    &file.layout.kind,
                    organisation,
                    nation(request, file, organisation),
                ))
                .or_default()
                .join(span);
        }
    }
    let mut table = Table::create(request.out, &layouts::tables::coverage())?;
    for ((kind, organisation, nation), span) in spans {
        table.row(&[
            kind.into(),
            Some(organisation).filter(|code| !code.is_empty()).into(),
            nation.as_deref().into(),
            whole(span.records),
            span.first_month().into(),
            span.last_month().into(),
        ])?;
    }
    table.finish()
}

/// The nation of an organisation, else the one nation of the source.
fn nation(request: &Request<'_>, file: &Numbered<'_>, organisation: &str) -> Option<String> {
    let nation = nation_of(request.organisations, organisation).0;
    nation.or_else(|| one_nation(file.spec).map(str::to_owned))
}

/// From when to when says nothing of what lies between: that a file is missing shows in the months.
fn write_months(
    request: &Request<'_>,
    files: &[Numbered<'_>],
    outcomes: &Outcomes,
) -> Result<(), IntakeError> {
    /// Source, kind, sender, organisation and nation.
    type Sent<'a> = (u32, &'a str, Option<&'a str>, &'a str, Option<String>);
    let mut spans: BTreeMap<Sent<'_>, Span> = BTreeMap::new();
    for file in files {
        let Some(outcome) = outcomes.get(&file.file) else {
            continue;
        };
        let sender = outcome.facts.organisation.as_deref();
        for (organisation, span) in &outcome.coverage {
            let nation = nation(request, file, organisation);
            spans
                .entry((file.source, &file.layout.kind, sender, organisation, nation))
                .or_default()
                .join(span);
        }
    }
    let mut table = Table::create(request.out, &layouts::tables::months())?;
    for ((source, kind, sender, organisation, nation), span) in &spans {
        for (month, records) in span.by_month() {
            table.row(&[
                (*source).into(),
                (*kind).into(),
                (*sender).into(),
                Some(*organisation).filter(|code| !code.is_empty()).into(),
                nation.as_deref().into(),
                month.into(),
                whole(records),
            ])?;
        }
    }
    table.finish()
}
