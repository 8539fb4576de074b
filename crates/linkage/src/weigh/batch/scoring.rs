//! What it takes to score the pairs of a rule, as a text that can be sent.

use arrow_array::RecordBatch;
use serde::{Deserialize, Serialize};

use crate::error::LinkageError;
use crate::weigh::blocks::{Blocks, Proposals};
use crate::weigh::kernel::{Desk, Kernel};
use crate::weigh::link::scale;
use crate::weigh::model::Model;
use crate::weigh::rules::{Cuts, Rule};
use crate::weigh::table::{Frequencies, Table};
use crate::weigh::weights::{Rarity, Weights};

use super::columns::{Columns, Row};
use super::written::written;

/// The scoring of one rule's pairs: a model, and what of the whole table no batch tells. It names nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scoring {
    model: Model,
    /// Records of the whole table.
    records: u64,
    /// By field, records of the whole table that have a value.
    having: Vec<u64>,
    /// The place of the rule in the model.
    rule: usize,
    /// Pairs below this probability are dropped; as bits, so that it is the same wherever it is read.
    least: u64,
}

impl Scoring {
    /// The scoring of a rule of a model, given by its place, in a table with these frequencies.
    pub(crate) fn new(
        model: &Model,
        records: usize,
        frequencies: &[Frequencies],
        rule: usize,
        least: f64,
    ) -> Self {
        Self {
            model: model.clone(),
            records: records as u64,
            having: frequencies.iter().map(|field| field.total).collect(),
            rule,
            least: least.to_bits(),
        }
    }

    /// As a text: the same scoring, the same text.
    pub fn text(&self) -> Result<String, LinkageError> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads what [`Scoring::text`] wrote.
    pub fn read(text: &str) -> Result<Self, LinkageError> {
        let wrong = |message: &str| LinkageError::Batch {
            message: message.to_owned(),
        };
        let scoring: Self =
            serde_json::from_str(text).map_err(|_| wrong("what to score them by cannot be read"))?;
        if scoring.having.len() != scoring.model.fields.len() {
            return Err(wrong("the whole table was of other fields than the model's"));
        }
        if scoring.rule >= scoring.model.strata.len() {
            return Err(wrong("the model has no rule in that place"));
        }
        Ok(scoring)
    }

    /// Scores the pairs within each block of a batch; the module says which columns come in and which go out.
    pub fn score(&self, batch: &RecordBatch) -> Result<RecordBatch, LinkageError> {
        let columns = Columns::new(&self.model.fields, batch)?;
        let rows = columns.rows()?;
        let mut table = Table::of_shown(self.model.fields.clone());
        for row in &rows {
            table.push(columns.texts(row.at))?;
        }
        table.close();
        let rules = self.model.rules(&table)?;
        let cuts = Cuts::new(&table, &rules);
        let capped = (0..rules.len())
            .map(|rule| left_out(&table, &cuts, (rule, &rules[rule]), &columns, &rows))
            .collect();
        let scale = scale(&self.model, self.records);
        let kernel = Kernel {
            table: &table,
            proposals: &Proposals::left_out(&table, &cuts, &rules, capped),
            rarity: &Rarity::new(&table, self.frequencies(&table, &columns, &rows), &self.model),
            weights: &Weights::new(&self.model, &table, &rules[self.rule], self.rule, scale),
            rule: self.rule,
            least: f64::from_bits(self.least),
        };
        let blocks = blocks(&rows);
        let pairs = kernel.score(&mut Desk::new(&table), &blocks, 0..blocks.len());
        written(&rows, &pairs)
    }

    /// The whole table's frequencies, in the places that a batch's table has for its values.
    fn frequencies(&self, table: &Table, columns: &Columns<'_>, rows: &[Row]) -> Vec<Frequencies> {
        let of = |field: usize| {
            let mut frequencies = table.frequencies(field);
            if table.fields()[field].kind.has_rare_values() {
                let counts = table.column(field).zip(rows).filter(|(value, _)| *value != 0);
                let counts = counts.filter_map(|(value, row)| Some((value, columns.count(row.at, field)?)));
                frequencies.replace(self.having[field], counts);
            }
            frequencies
        };
        (0..table.fields().len()).map(of).collect()
    }
}

/// The keys of a rule's blocks that were left out, in the numbers of a batch's table.
fn left_out(
    table: &Table,
    cuts: &Cuts,
    (place, rule): (usize, &Rule),
    columns: &Columns<'_>,
    rows: &[Row],
) -> Vec<u64> {
    let those = (0..rows.len()).filter(|at| columns.is_left_out(rows[*at].at, place));
    let mut keys: Vec<u64> = those.filter_map(|at| rule.key(table, cuts, at)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The blocks of rows that stand side by side.
fn blocks(rows: &[Row]) -> Blocks {
    let is_end = |end: &usize| {
        let next = rows.get(*end);
        next.is_none_or(|next| next.block != rows[end - 1].block)
    };
    let ends = (1..=rows.len()).filter(is_end).map(|end| end as u32);
    Blocks::given((0..rows.len() as u32).collect(), ends.collect())
}
