//! Arrow in, Arrow out: the pair loop as a pure function from one batch of blocked records to pairs.
//!
//! For a cluster, where no machine has the whole table. Whoever calls it has grouped the records by the key of one rule
//! and cuts the groups into batches between blocks, anywhere; the pairs of all batches are those that [`Linker::weigh`]
//! finds under the rule, with the same probabilities, bit by bit.
//!
//! What only the whole table knows is handed in as a [`WholeTable`]: its size and how often each value occurs. A pair
//! that an earlier rule of the model proposes is left to that rule, also where its block there was too large and was
//! left out: for the same pairs as on one machine, no block may be left out.
//!
//! | column in | type | |
//! |---|---|---|
//! | `block` | UInt64 | the block; its rows stand side by side |
//! | `record` | UInt32 | the number of the record in the whole table |
//! | a field's name, for each field of the model | Utf8 | what the record says; null or blank where nothing |
//!
//! | column out | type | |
//! |---|---|---|
//! | `a`, `b` | UInt32 | two records, `a` below `b` |
//! | `probability` | Float32 | that they are one person's; pairs below the least are left out |
//!
//! [`Linker::weigh`]: super::Linker::weigh

mod columns;
#[cfg(test)]
mod tests;
mod whole;

use std::sync::Arc;

use arrow_array::{Float32Array, RecordBatch, UInt32Array};
use arrow_schema::{DataType, Field, Schema};

use crate::error::LinkageError;

use super::blocks::{Blocks, Proposals};
use super::kernel::{Desk, Kernel, Pair};
use super::link::scale;
use super::model::Model;
use super::rules::Cuts;
use super::table::Table;
use super::weights::{Rarity, Weights};

pub use whole::{FieldShares, WholeTable};

use columns::Columns;

/// Scores the pairs within each block of a batch; `rule` is the place of the rule in the model, and pairs below the
/// probability `least` are left out.
pub fn weigh_batch(
    model: &Model,
    whole: &WholeTable,
    rule: usize,
    least: f64,
    batch: &RecordBatch,
) -> Result<RecordBatch, LinkageError> {
    let columns = Columns::new(model, batch)?;
    let rows = columns.rows()?;
    let mut table = Table::new(model.fields.clone());
    for row in &rows {
        table.push(columns.texts(row.at))?;
    }
    table.close();
    let rules = model.rules(&table)?;
    let Some(stratum) = rules.get(rule) else {
        return Err(LinkageError::Batch {
            message: format!("the model has {} rules, and none in place {rule}", rules.len()),
        });
    };
    whole.fits(model)?;
    let cuts = Cuts::new(&table, &rules);
    let scale = scale(model, whole.records);
    let kernel = Kernel {
        table: &table,
        proposals: &Proposals::all(&table, &cuts, &rules),
        rarity: &Rarity::new(&table, whole.frequencies(&table), model),
        weights: &Weights::new(model, &table, stratum, rule, scale),
        rule,
        least,
    };
    let ends =
        (1..=rows.len()).filter(|&end| rows.get(end).is_none_or(|next| next.block != rows[end - 1].block));
    let blocks = Blocks::given(
        (0..rows.len() as u32).collect(),
        ends.map(|end| end as u32).collect(),
    );
    let pairs = kernel.score(&mut Desk::new(&table), &blocks, 0..blocks.len());
    let record = |place: u32| rows[place as usize].record;
    written(pairs.iter().map(|pair| Pair {
        a: record(pair.a),
        b: record(pair.b),
        ..*pair
    }))
}

fn written(pairs: impl Iterator<Item = Pair> + Clone) -> Result<RecordBatch, LinkageError> {
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    let schema = Schema::new(vec![
        field("a", DataType::UInt32),
        field("b", DataType::UInt32),
        field("probability", DataType::Float32),
    ]);
    let batch = RecordBatch::try_new(
        Arc::new(schema),
        vec![
            Arc::new(UInt32Array::from_iter_values(pairs.clone().map(|pair| pair.a))),
            Arc::new(UInt32Array::from_iter_values(pairs.clone().map(|pair| pair.b))),
            Arc::new(Float32Array::from_iter_values(pairs.map(|pair| pair.probability))),
        ],
    );
    batch.map_err(|_| LinkageError::Batch {
        message: "its pairs do not fit into a batch; this is a fault of the program, please report it"
            .to_owned(),
    })
}
