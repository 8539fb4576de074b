//! What only the whole table knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::LinkageError;
use crate::weigh::model::Model;
use crate::weigh::table::{Frequencies, Table};

/// The size of a table and how often its values occur; small enough to be sent to every machine. It holds names and
/// birth dates that more than one record has (not who has them): keep it as safe as the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeTable {
    /// Records.
    pub records: u64,
    /// By field of the model.
    pub fields: Vec<FieldShares>,
}

/// How often the values of a field occur.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldShares {
    /// Records that have a value.
    pub total: u64,
    /// Records by value, as [`Table::shown`] shows it, of values that more than one record has. Empty for fields in which
    /// no value says more than another (numbers, sex).
    pub often: BTreeMap<String, u32>,
}

/// Without the values: they are of people.
impl std::fmt::Debug for FieldShares {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} records, {} values", self.total, self.often.len())
    }
}

impl WholeTable {
    /// Counts a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let fields = (0..table.fields().len()).map(|field| {
            let frequencies = table.frequencies(field);
            let mut often = BTreeMap::new();
            if table.fields()[field].kind.has_rare_values() {
                for (value, record) in distinct(table, field) {
                    let count = frequencies.count(value);
                    if count > 1 {
                        often.insert(table.shown(field, record), count);
                    }
                }
            }
            FieldShares {
                total: frequencies.total,
                often,
            }
        });
        Self {
            records: table.records() as u64,
            fields: fields.collect(),
        }
    }

    pub(super) fn fits(&self, model: &Model) -> Result<(), LinkageError> {
        if self.fields.len() == model.fields.len() {
            return Ok(());
        }
        Err(LinkageError::Batch {
            message: "what was counted of the whole table is of other fields than the model's".to_owned(),
        })
    }

    /// The whole table's frequencies, in the places that a batch's table has for its values.
    pub(super) fn frequencies(&self, batch: &Table) -> Vec<Frequencies> {
        let of = |(field, shares): (usize, &FieldShares)| {
            let mut frequencies = batch.frequencies(field);
            if batch.fields()[field].kind.has_rare_values() {
                let counts = distinct(batch, field).into_iter().map(|(value, record)| {
                    let often = shares.often.get(&batch.shown(field, record));
                    (value, often.copied().unwrap_or(1))
                });
                frequencies.replace(shares.total, counts);
            }
            frequencies
        };
        self.fields.iter().enumerate().map(of).collect()
    }
}

/// The values of a field in order, each with a record that has it.
fn distinct(table: &Table, field: usize) -> Vec<(u32, usize)> {
    let mut values: Vec<(u32, usize)> = table
        .column(field)
        .zip(0..)
        .filter(|(value, _)| *value != 0)
        .collect();
    values.sort_unstable();
    values.dedup_by_key(|(value, _)| *value);
    values
}
