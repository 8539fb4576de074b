//! The pairs of a table, scored on a session of the engine: on a cluster, where the threads of one machine are too few.
//!
//! Rule by rule, the records that have company go into a table of the engine, and one plan groups them by their block
//! and scores each block with the function [`PAIRS`]. Candidates, training, union-find and decisions stay here, in one
//! place. The pairs are those of [`Linker::weigh`], with the same probabilities, bit by bit.
//!
//! The tables hold what records say. They lie in the caller's folder, one at a time, each removed when its rule is done.

#[cfg(test)]
mod tests;

use std::path::Path;

use engine::{Batch, Session, TableWriter};
use vocabulary::table::{Kind, TableSchema, Value};

use crate::error::LinkageError;
use crate::weigh::{Blocks, Kernel, Learnt, Linker, Pair, Scored, Scoring, Weighed, count_name, value_name};

pub use crate::weigh::PAIRS;

/// Scores every pair that the rules propose, as plans of a session. `folder` is for the tables on the way: whoever runs
/// the plans reads them there, and nobody else should.
///
/// Errors: a table cannot be written, or a plan fails.
pub fn weigh(
    linker: &Linker<'_>,
    learnt: &mut Learnt,
    session: &Session,
    folder: &Path,
) -> Result<Weighed, LinkageError> {
    let model = learnt.model.clone();
    let mut left_out: Vec<u64> = Vec::new();
    linker.weigh_with(learnt, &mut |kernel, blocks| {
        let table = kernel.table;
        left_out.resize(table.records(), 0);
        let frequencies = kernel.rarity.frequencies();
        let scoring = Scoring::new(&model, table.records(), frequencies, kernel.rule, kernel.least);
        let path = folder.join(format!("blocks-{}.parquet", kernel.rule));
        write(&path, kernel, blocks, &left_out)?;
        let pairs = ask(session, &path, kernel, &scoring.text()?);
        fs_err::remove_file(&path)?;
        note(&mut left_out, linker, kernel.rule, blocks);
        pairs
    })
}

/// Notes whose block under a rule was left out.
pub(crate) fn note(left_out: &mut [u64], linker: &Linker<'_>, rule: usize, blocks: &Blocks) {
    if blocks.capped().is_empty() {
        return;
    }
    for (record, bits) in left_out.iter_mut().enumerate() {
        let key = linker.key(rule, record);
        let is_capped = key.is_some_and(|key| blocks.capped().binary_search(&key).is_ok());
        *bits |= u64::from(is_capped) << rule;
    }
}

/// Writes the records of a rule's blocks, block by block.
fn write(path: &Path, kernel: &Kernel<'_>, blocks: &Blocks, left_out: &[u64]) -> Result<(), LinkageError> {
    let (table, frequencies) = (kernel.table, kernel.rarity.frequencies());
    let fields = table.fields();
    let mut writer = TableWriter::create(path, &schema(kernel))?;
    for block in 0..blocks.len() {
        for &record in blocks.block(block) {
            let at = record as usize;
            let texts: Vec<String> = (0..fields.len()).map(|field| table.shown(field, at)).collect();
            let mut row: Vec<Value<'_>> = vec![
                Value::Integer(block as i64),
                Value::Integer(i64::from(record)),
                Value::Integer(left_out[at] as i64),
            ];
            for (field, text) in texts.iter().enumerate() {
                row.push(text.as_str().into());
                if fields[field].kind.has_rare_values() {
                    let count = frequencies[field].count(table.value(field, record));
                    row.push(Value::Integer(i64::from(count)));
                }
            }
            writer.row(&row)?;
        }
    }
    writer.finish()?;
    Ok(())
}

/// The columns of a record beside its block: their names and the engine's types for them.
fn columns(kernel: &Kernel<'_>) -> Vec<(String, Kind, &'static str)> {
    let mut columns = vec![
        ("record".to_owned(), Kind::Integer, "UInt32"),
        ("left_out".to_owned(), Kind::Integer, "UInt64"),
    ];
    for (at, field) in kernel.table.fields().iter().enumerate() {
        columns.push((value_name(at), Kind::Text, "Utf8"));
        if field.kind.has_rare_values() {
            columns.push((count_name(at), Kind::Integer, "UInt32"));
        }
    }
    columns
}

fn schema(kernel: &Kernel<'_>) -> TableSchema {
    let of_record = columns(kernel);
    let mut columns = vec![("block", Kind::Integer)];
    columns.extend(of_record.iter().map(|(name, kind, _)| (name.as_str(), *kind)));
    TableSchema::new("blocks", 1, &columns)
}

/// Has the pairs of a rule's blocks scored.
fn ask(session: &Session, path: &Path, kernel: &Kernel<'_>, scoring: &str) -> Scored {
    let what = "scoring pairs of records";
    let name = format!("blocks_{}", kernel.rule);
    session.block_function(PAIRS);
    session.table(&name, path)?;
    let columns = columns(kernel);
    let of_record = columns
        .iter()
        .map(|(name, _, kind)| format!("'{name}', arrow_cast({name}, '{kind}')"));
    let record = of_record.collect::<Vec<_>>().join(", ");
    let scoring = scoring.replace('\'', "''");
    let sql = format!(
        "SELECT pair['a'] AS a, pair['b'] AS b, pair['probability'] AS probability FROM (\
         SELECT unnest({}('{scoring}', array_agg(named_struct({record})))) AS pair \
         FROM \"{name}\" GROUP BY block)",
        PAIRS.name
    );
    session.each(what, &sql, |_| Ok(Vec::new()), hear)
}

/// Takes in the pairs of a batch.
fn hear(pairs: &mut Vec<Pair>, batch: &Batch) -> Result<(), LinkageError> {
    let (a, b) = (batch.integer("a")?, batch.integer("b")?);
    let probability = batch.real("probability")?;
    for row in 0..batch.rows() {
        // A block without a pair may come as a row without values.
        if let (Some(a), Some(b), Some(probability)) = (a.get(row), b.get(row), probability.get(row)) {
            pairs.push(Pair {
                a: a as u32,
                b: b as u32,
                probability: probability as f32,
            });
        }
    }
    Ok(())
}
