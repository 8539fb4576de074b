//! Writes the small tables of linkage.

use std::path::Path;

use engine::TableWriter;
use layouts::tables;
use vocabulary::table::Value;

use crate::cascade::{Linked, SharedValues, StepReport};
use crate::error::LinkageError;
use crate::numbering::person_id;
use crate::operations::Operation;

/// Writes `steps`.
pub(crate) fn steps(out: &Path, reports: &[StepReport]) -> Result<(), LinkageError> {
    let mut table = TableWriter::create(&out.join("steps.parquet"), &tables::steps())?;
    for report in reports {
        let count = |count: u64| Value::Integer(count as i64);
        table.row(&[
            report.name.into(),
            count(report.identities),
            count(report.records),
            count(report.people_before),
            count(report.people_after),
            count(report.refused),
        ])?;
    }
    table.finish()?;
    Ok(())
}

/// Writes `conflicts`: contradictions between people, then shared values, which are nobody's.
pub(crate) fn conflicts(out: &Path, linked: &Linked, persons: &[u32]) -> Result<u64, LinkageError> {
    let mut rows: Vec<(&str, u32, u32, &str)> = Vec::new();
    for conflict in &linked.conflicts {
        let (a, b) = (persons[conflict.a as usize], persons[conflict.b as usize]);
        rows.push((conflict.step.name(), a.min(b), a.max(b), conflict.reason.words()));
    }
    rows.sort_unstable();
    rows.dedup();
    let mut table = TableWriter::create(&out.join("conflicts.parquet"), &tables::conflicts())?;
    for (rule, a, b, reason) in rows {
        let (a, b) = (person_id(a), (a != b).then(|| person_id(b)));
        table.row(&[rule.into(), a.as_str().into(), b.as_deref().into(), reason.into()])?;
    }
    for shared in &linked.shared_values {
        table.row(&[
            "shared value".into(),
            Value::Null,
            Value::Null,
            shared_words(shared).as_str().into(),
        ])?;
    }
    Ok(table.finish()?)
}

fn shared_words(shared: &SharedValues) -> String {
    let SharedValues {
        kind,
        values,
        records,
    } = shared;
    format!(
        "{kind}: {values} values, in {records} records, each shared by more people than it can belong to; treated as blank"
    )
}

/// Writes the merges and splits, one a line.
pub(crate) fn operations(out: &Path, operations: &[Operation]) -> Result<(), LinkageError> {
    let mut text = String::new();
    for operation in operations {
        text.push_str(&serde_json::to_string(operation)?);
        text.push('\n');
    }
    Ok(fs_err::write(out.join("operations.jsonl"), text)?)
}
