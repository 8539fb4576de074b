//! What the rules will cost, before anything is spent.

use serde::Serialize;

use crate::error::LinkageError;

use super::blocks::Blocks;
use super::level::MOST_FIELDS;
use super::region::MOST_RULES;
use super::rules::{Cuts, Rule, worth_trying};
use super::table::Table;

/// The rules of a linkage and their cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The rules that are used, in order.
    pub rules: Vec<PlannedRule>,
    /// Rules that would cost too much, with the pairs they would propose.
    pub too_wide: Vec<PlannedRule>,
    /// Pairs in all; a pair that several rules propose is looked at once, and counted here for each.
    pub pairs: u64,
    /// All pairs there are.
    pub all_pairs: u64,
}

/// A rule and what it proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedRule {
    /// The rule.
    pub rule: String,
    /// Pairs that it proposes.
    pub pairs: u64,
    /// Blocks above the cap, which are left out, and the pairs in them.
    pub capped: (u64, u64),
    /// Records in its largest block.
    pub largest: u32,
}

/// Tables with no more pairs than this need no rules: everybody is compared with everybody.
const ALL_PAIRS: u64 = 15_000_000;
/// A rule chosen here may propose this many pairs, or so many a record, whichever is more.
const PAIRS_A_RULE: u64 = 3_000_000;
const PAIRS_A_RECORD: u64 = 25;

fn all_pairs(table: &Table) -> u64 {
    let records = table.records() as u64;
    records * records.saturating_sub(1) / 2
}

pub(crate) fn fits(table: &Table, rules: &[Rule]) -> Result<(), LinkageError> {
    if table.fields.is_empty() || table.fields.len() > MOST_FIELDS {
        return Err(LinkageError::Fields {
            fields: table.fields.len(),
            most: MOST_FIELDS,
        });
    }
    if rules.len() > MOST_RULES {
        return Err(LinkageError::Rule {
            rule: format!("{} rules", rules.len()),
            message: format!("at most {MOST_RULES} rules can be used"),
        });
    }
    Ok(())
}

/// Chooses rules for a table: all pairs where they are few, otherwise every rule worth trying that is not too wide.
pub(crate) fn choose(table: &Table, cap: u32) -> Vec<(Rule, PlannedRule, bool)> {
    let everybody = Rule { parts: Vec::new() };
    if all_pairs(table) <= ALL_PAIRS {
        let planned = PlannedRule {
            rule: everybody.words(table),
            pairs: all_pairs(table),
            capped: (0, 0),
            largest: table.records() as u32,
        };
        return vec![(everybody, planned, true)];
    }
    let most = PAIRS_A_RULE.max(PAIRS_A_RECORD * table.records() as u64);
    let mut tried = worth_trying(table);
    tried.truncate(MOST_RULES);
    let cuts = Cuts::new(table, &tried);
    tried
        .into_iter()
        .map(|rule| {
            let planned = planned(table, &cuts, &rule, cap);
            let used = planned.pairs + planned.capped.1 <= most;
            (rule, planned, used)
        })
        .collect()
}

/// Counts the pairs of a rule.
pub(crate) fn planned(table: &Table, cuts: &Cuts, rule: &Rule, cap: u32) -> PlannedRule {
    described(table, rule, &Blocks::new(table, cuts, rule, cap))
}

pub(crate) fn described(table: &Table, rule: &Rule, blocks: &Blocks) -> PlannedRule {
    PlannedRule {
        rule: rule.words(table),
        pairs: blocks.pairs,
        capped: (blocks.capped_blocks() as u64, blocks.left_out),
        largest: blocks.largest,
    }
}

impl Plan {
    pub(crate) fn of(table: &Table, rules: Vec<PlannedRule>, too_wide: Vec<PlannedRule>) -> Self {
        Self {
            pairs: rules.iter().map(|rule| rule.pairs).sum(),
            all_pairs: all_pairs(table),
            rules,
            too_wide,
        }
    }
}
