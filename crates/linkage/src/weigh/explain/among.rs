//! Pairs of a few records, explained as if they stood among many.

use crate::error::LinkageError;
use crate::weigh::blocks::Proposals;
use crate::weigh::level::Comparer;
use crate::weigh::model::Model;
use crate::weigh::rules::{Cuts, Rule};
use crate::weigh::table::Table;
use crate::weigh::unproposed::unproposed;
use crate::weigh::weights::Weights;

use super::{PairAccount, account};

/// A few records, a model that was learnt elsewhere, and how many records they stand among.
///
/// The odds before any field is heard are those of a table of that size: true pairs grow with its records, strangers
/// with the pairs. How rare a value is cannot be seen from a few records, so every value counts as a mean one.
pub struct Among<'a> {
    table: &'a Table,
    rules: Vec<Rule>,
    cuts: Cuts,
    comparer: Comparer<'a>,
    by_rule: Vec<Weights>,
    unproposed: Weights,
}

impl<'a> Among<'a> {
    /// Takes a table whose fields are those of the model; `records` is the size of the table it was taken from.
    pub fn new(table: &'a Table, model: Model, records: u64) -> Result<Self, LinkageError> {
        let rules = model.rules(table)?;
        let scale = model.records as f64 / records.max(1) as f64;
        Ok(Self {
            cuts: Cuts::new(table, &rules),
            comparer: Comparer::new(table),
            by_rule: rules
                .iter()
                .enumerate()
                .map(|(at, rule)| Weights::new(&model, table, rule, at, scale))
                .collect(),
            unproposed: unproposed(&model, table, records),
            table,
            rules,
        })
    }

    /// Explains a pair.
    #[must_use]
    pub fn explain(&mut self, a: u32, b: u32) -> PairAccount {
        let (a, b) = (a.min(b), a.max(b));
        let proposing = Proposals::all(self.table, &self.cuts, &self.rules).first(a, b);
        let (rule, weights) = match proposing {
            Some(at) => (Some(self.rules[at].words(self.table)), &self.by_rule[at]),
            None => (None, &self.unproposed),
        };
        account(&mut self.comparer, self.table, weights, rule, (a, b), |_, _| 0.0)
    }
}
